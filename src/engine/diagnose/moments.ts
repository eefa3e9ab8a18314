import type { Failure } from "../parse/failure";
import { kindOfCommand } from "../parse/log-event";
import type { LogEvent } from "../parse/parsed";

/** What an event tells a person who looks for the cause. */
export type Told = {
	/** Sentence without a full stop. */
	readonly says: string;
	/** It may have changed Docker's rules. */
	readonly touchesRules: boolean;
	/** How much it adds to the story. */
	readonly weight: number;
};

const plain = (says: string, weight: number): Told => ({ says, touchesRules: false, weight });
const touches = (says: string, weight = 10): Told => ({ says, touchesRules: true, weight });

/** One sentence for an event; null for what every log is full of. */
export function happened({ kind, detail }: LogEvent): Told | null {
	switch (kind) {
		case "daemon-starting":
			return plain("dockerd began to start", 4);
		case "daemon-ready":
			return plain("dockerd came up", 9);
		case "daemon-stopping":
			return plain("dockerd stopped", 5);
		case "firewalld-reloaded":
			return touches("firewalld was reloaded");
		case "firewalld-started":
			return touches("firewalld started");
		case "firewalld-stopped":
			return touches("firewalld stopped");
		case "ufw-reloaded":
			return touches("ufw loaded its rules");
		case "nftables-service":
			return touches(/\bstopp/i.test(detail) ? "nftables.service stopped" : "nftables.service loaded its rules");
		case "netfilter-persistent":
			return touches("netfilter-persistent loaded the saved rules");
		case "rules-flushed":
			return touches(`Rules were changed: \`${commandOf(detail)}\``, 11);
		case "rules-replayed":
			return touches("Saved rules were loaded");
		case "firewall-service":
			return touches("A firewall service loaded its rules");
		case "fail2ban":
			return plain("fail2ban started or stopped", 3);
		case "package-upgraded":
			return plain(`Upgraded: ${packageOf(detail)}`, 7);
		case "booted":
			return plain("The machine booted", 6);
		case "container-started":
		case "container-died":
			return null;
		default:
			return kind satisfies never;
	}
}

const ATTEMPTS: Readonly<Record<Failure["during"], string>> = {
	"daemon-start": "dockerd failed to start",
	"container-start": "A container failed to start",
	"endpoint-create": "A container’s port was refused",
	"network-create": "A network could not be made",
	"network-restore": "A network could not be brought back",
	"firewall-start": "The firewall failed to start",
	listing: "A listing failed",
	"clean-up": "Cleaning up failed",
	unknown: "A command failed",
};

/** What was tried, and the program's own words, cut where they grow long. One sentence without a full stop. */
export function whatFailed({ during, fromDockerd, words, complaint, speaker }: Failure): string {
	if (complaint.kind === "start-limit-hit") return "systemd gave up starting Docker after too many tries";
	if (complaint.kind === "no-answer")
		return complaint.seconds === null
			? "A command got no answer"
			: `A command got no answer for ${complaint.seconds} s`;
	const said = words.replace(/`/g, "'").replace(/\s+/g, " ").trim();
	const short = said.length > 110 ? `${said.slice(0, 109).trimEnd()}…` : said;
	const tried =
		during !== "unknown"
			? ATTEMPTS[during]
			: speaker === "kernel"
				? "The kernel complained"
				: fromDockerd
					? "dockerd was refused"
					: ATTEMPTS.unknown;
	return short === "" ? tried : `${tried}: \`${short}\``;
}

/** The command of a sudo or cron line, or the typed line itself. */
export function commandOf(detail: string): string {
	const logged = /command=(.{1,200})/i.exec(detail)?.[1] ?? /\bcmd \((.{1,200})\)/i.exec(detail)?.[1];
	const line = (logged ?? detail).replace(/`/g, "'").trim();
	if (line.length <= 80) return line;
	// The part of a long line that does it.
	const part = line.split(/;|&&|\|\|/, 20).find((one) => kindOfCommand(one) === "rules-flushed");
	return `${(part ?? line).trim().slice(0, 79)}…`;
}

/** `linux-image-amd64:amd64 6.1.99-1 6.1.112-1` from a line of dpkg.log, the words after the verb of any other. */
function packageOf(detail: string): string {
	const words = detail.replace(/`/g, "'").replace(/^.{0,60}?\b(?:upgraded?|(?:re)?installed?|install)\b:? /i, "");
	return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}
