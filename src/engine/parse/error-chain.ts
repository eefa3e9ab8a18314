import type { Backend } from "../netfilter/ruleset";
import { type Found, firstComplaint, type Heard, numberOf } from "./complaint-rule";
import { anyOf, COMPLAINT_ANCHORS, DIRECT_COMPLAINTS, LOOSE_COMPLAINTS } from "./complaint-tables";
import { LOCK_COMPLAINTS } from "./complaints-iptables";
import { MODPROBE_COMPLAINTS } from "./complaints-modprobe";
import type { Complaint, Failure, IptablesCommand } from "./failure";
import { activityOf, subjectOf } from "./failure-activity";
import { type Situation, weightOf } from "./failure-weight";
import { parseIptablesArguments, parseIptablesCommand } from "./iptables-command";
import type { Level } from "./log-header";
import { type MessageText, readMessageText } from "./message-text";
import { isNoise } from "./noise";

/**
 * Unwraps one error message down to the program that complained first.
 *
 *     docker: Error response from daemon: driver failed programming external connectivity on endpoint web (…):
 *       (iptables failed: iptables --wait -t nat -A DOCKER -p tcp … -j DNAT …: iptables: No chain/target/match by that name.
 *      (exit status 1)).
 *
 * is `chain-missing`, chain DOCKER of table nat, said by iptables to dockerd, exit 1. Wrappings of Docker 1.12 to 29 are read,
 * firewalld's `COMMAND_FAILED: '…' failed: …`, and any of them inside JSON, HTML or another log line. Sources: moby
 * libnetwork/iptables/iptables.go (Raw, raw), daemon/container_operations.go; firewalld core/ipXtables.py.
 *
 * Not read: which of several commands of an iptables-restore input failed.
 */

/** One message and what is known of who said it. */
export type Said = {
	readonly text: string;
	readonly level: Level | null;
	/** From the header of the log line. */
	readonly program: string | null;
	/** The record has the form of dockerd's own log (logfmt, terminal, JSON). */
	readonly structured: boolean;
	/** The command typed at the prompt above, if one was shown. */
	readonly typed: string | null;
};

/** A failure before it is known where and when. */
export type Unwrapped = Omit<Failure, "at" | "time" | "run">;

const WRAPPED_BY_DOCKER =
	/tables failed: |error response from daemon|failed to start daemon|error starting daemon|programming external connectivity|handler for (?:post|get|delete|put) |failed to set up container networking|error initializing network controller|creating default ['"]?bridge|failed to create (?:nat|filter|endpoint)|booting up from persistent|unable to configure the docker daemon|unable to (?:enable|disable) |failed to (?:setup ip tables|program |inject )|cannot (?:re)?start (?:container|service)|contention detected|running modprobe |userland.proxy|tables: .{0,200}\(exit status \d{1,3}\)/;

const ANY_COMPLAINT = anyOf(COMPLAINT_ANCHORS, "");

/** Unwraps a message. Empty when it is no failure, or only says what healthy hosts say and names no complaint we track. */
export function unwrap(said: Said): readonly Unwrapped[] {
	const message = readMessageText(said.text);
	if (!ANY_COMPLAINT.test(message.lower)) return [];
	const wrapped = WRAPPED_BY_DOCKER.test(message.lower);
	const speaksDocker = said.program === "dockerd" || said.program === "containerd" || said.program === "docker";
	const typed = said.typed !== null && !wrapped && !said.structured ? parseIptablesCommand(said.typed) : null;
	const heard = hear(message, typed, said.program);
	const touchesDocker = isDockers(heard.command?.chain) || isDockers(heard.command?.jump);
	const byFirewalld = message.lower.includes("command_failed");
	const fromDockerd =
		wrapped || speaksDocker || (said.structured && said.program === null) || (byFirewalld && touchesDocker);
	const noise = isNoise(message.lower);
	const found = findComplaint(heard, fromDockerd, said, noise);
	if (found === null) return [];
	const main = describe(found, heard, {
		fromDockerd,
		noise,
		byFirewalld,
		typed: typed !== null,
		level: said.level,
		structured: said.structured,
	});
	return [main, ...beside(found, heard, main)];
}

function isDockers(name: string | null | undefined): boolean {
	return name?.startsWith("DOCKER") ?? false;
}

/** Quotes of programs within the message. */
function hear(message: MessageText, typed: IptablesCommand | null, program: string | null): Heard {
	const quoted = quotedCommand(message);
	const version = /ip6?tables(?:-[a-z-]{1,20})? v(\d{1,2}(?:\.\d{1,3}){1,3})(?: ?\((nf_tables|legacy)\))?/.exec(
		message.lower,
	);
	const exit = /exit (?:status|code)[: ]{1,2}(\d{1,3})|returned? code[: ]{1,2}(\d{1,3})/.exec(
		message.lower.slice(quoted?.outputFrom ?? 0),
	);
	const command = quoted?.command ?? typed ?? (version?.[0].startsWith("ip6") ? UNKNOWN_IP6TABLES : null);
	return {
		...message,
		command,
		outputFrom: quoted?.outputFrom ?? 0,
		version: version?.[1] ?? null,
		backend: readBackend(version?.[1], version?.[2]),
		exit: numberOf(exit?.[1] ?? exit?.[2]),
		program,
	};
}

/** `ip6tables v1.8.7 (legacy): …` alone: of the command nothing is known but that it was about IPv6. */
const UNKNOWN_IP6TABLES: IptablesCommand = {
	program: "ip6tables",
	table: "unknown",
	operation: null,
	chain: null,
	jump: null,
	wait: null,
	text: "ip6tables",
};

function readBackend(version: string | undefined, bracket: string | undefined): Backend | null {
	if (bracket === "nf_tables" || bracket === "legacy") return bracket;
	// Before 1.8 there was one backend, and no bracket.
	return version !== undefined && /^1\.[0-6](?:\.|$)/.test(version) ? "legacy" : null;
}

const CALL = /(?:^|[\s'"([/])ip6?tables(?:-(?:legacy|nft|restore|save)){0,2} (?!-{1,2}h)-{1,2}[a-zA-Z]/;
const PROBE = /(?:running |xlock: ')(ip6?tables [^':]{1,300}?)(?: failed with message|':)/;

/** The iptables command inside a message and the column at which its output begins. */
function quotedCommand(
	message: MessageText,
): { readonly command: IptablesCommand; readonly outputFrom: number } | null {
	const { plain, lower } = message;
	const firewalld = lower.lastIndexOf("command_failed: '");
	if (firewalld >= 0) {
		const start = firewalld + "command_failed: '".length;
		const end = lower.indexOf("' failed", start);
		return commandBetween(plain, start, end < 0 ? plain.length : end, "' failed: ".length);
	}
	const failed = lower.lastIndexOf("tables failed: ");
	if (failed >= 0) {
		const start = failed + "tables failed: ".length;
		const end = lower.indexOf(": ", start);
		const read = commandBetween(plain, start, end < 0 ? plain.length : end, 2);
		if (read !== null) return read;
	}
	const list = /(?:while running |rule failed, )\[([^\]]{1,2000})/.exec(plain);
	if (list !== null && list[1] !== undefined)
		return { command: parseIptablesArguments(list[1]), outputFrom: list.index + list[0].length };
	const probe = PROBE.exec(lower);
	const call = probe ?? CALL.exec(lower);
	if (call === null) return null;
	const start = call.index + (probe === null ? 0 : call[0].indexOf("ip"));
	const end = lower.indexOf(": ", start);
	const quoted = probe?.[1] === undefined ? end : start + probe[1].length;
	return commandBetween(plain, start, quoted < 0 ? plain.length : quoted, Math.max(end - quoted, 0) + 2);
}

function commandBetween(text: string, from: number, to: number, gap: number) {
	const command = parseIptablesCommand(text.slice(from, to));
	// A command that was cut off before it named an operation would claim the filter table for nothing.
	if (command === null || (command.operation === null && !command.program.endsWith("restore"))) return null;
	return { command, outputFrom: Math.min(text.length, to + gap) };
}

/** Words that nobody but Docker and its helpers says, copied without the head that names the speaker. */
const OF_DOCKER =
	/\/var\/lib\/(?:docker|containerd)\/|\bpull rate limit|already in use by container|^cgroups?: |\bruntime create failed|container init: |no such container:/;

function findComplaint(heard: Heard, fromDockerd: boolean, said: Said, noise: boolean): Found | null {
	if (heard.lower.includes("contention detected")) {
		const seconds = numberOf(/waited for (\d{1,6}(?:\.\d{1,9})?) ?s/.exec(heard.lower)?.[1]);
		return { complaint: { kind: "slow-iptables", seconds }, speaker: "dockerd", from: 0 };
	}
	const found = firstComplaint(DIRECT_COMPLAINTS, heard);
	if (found !== null) return found;
	if (noise) return null;
	const told =
		fromDockerd ||
		/^(?:docker|error|failed|unable|fatal|\[rootlesskit)\b/.test(heard.lower) ||
		OF_DOCKER.test(heard.lower);
	const elsewhere = told ? firstComplaint(LOOSE_COMPLAINTS, heard) : null;
	if (elsewhere !== null) return elsewhere;
	// Something of Docker's failed, and the reason is cut off or new to us: say so rather than nothing.
	const failed =
		/tables failed: |command_failed|(?:failed to start|error starting) daemon|error response from daemon|programming external connectivity/;
	const at = heard.lower.search(failed);
	if (at < 0) return null;
	const speaker = heard.command !== null ? "iptables" : said.program === "firewalld" ? "firewalld" : "dockerd";
	return { complaint: { kind: "unrecognised" }, speaker, from: heard.outputFrom > 0 ? heard.outputFrom : at };
}

/** A second complaint in the same message that says more: the module that iptables asked for, the lock that made it slow. */
function beside(found: Found, heard: Heard, main: Unwrapped): readonly Unwrapped[] {
	const rules =
		found.complaint.kind === "slow-iptables"
			? LOCK_COMPLAINTS
			: found.speaker === "iptables"
				? MODPROBE_COMPLAINTS
				: null;
	const other = rules === null ? null : firstComplaint(rules, heard);
	if (other === null) return [];
	const complaint: Complaint =
		other.complaint.kind === "lock-held" ? { ...other.complaint, gaveUp: false } : other.complaint;
	const weight = main.weight === "noise" ? "noise" : "warning";
	return [{ ...main, complaint, speaker: other.speaker, weight, words: wordsFrom(heard, other.from) }];
}

function describe(found: Found, heard: Heard, situation: Situation): Unwrapped {
	const { complaint, speaker } = found;
	const from = heard.outputFrom > 0 && speaker === "iptables" ? heard.outputFrom : startOfWords(found, heard);
	return {
		speaker,
		fromDockerd:
			situation.fromDockerd && !["daemon-unreachable", "socket-permission", "start-limit-hit"].includes(complaint.kind),
		during: activityOf(heard, complaint, situation),
		weight: weightOf(heard, complaint, situation),
		command: heard.command,
		version: heard.version,
		backend: heard.backend,
		exit: heard.exit,
		complaint,
		words: wordsFrom(heard, from),
		subject: subjectOf(heard),
	};
}

/** `address already in use` says little without the port before it. */
function startOfWords(found: Found, heard: Heard): number {
	if (found.complaint.kind !== "address-in-use" && found.complaint.kind !== "address-unavailable") return found.from;
	const before = Math.max(0, found.from - 200);
	const at = heard.lower.slice(before, found.from).search(/listen (?:tcp|udp)|failed to bind|exposing port/);
	return at < 0 ? found.from : before + at;
}

/** The program's own words up to the exit status, as they were shown. */
function wordsFrom(heard: Heard, from: number): string {
	const exit = heard.lower.indexOf("(exit status", from);
	const words = heard.shown
		.slice(from, exit > from ? exit : undefined)
		.replace(/^[\s:'"`(]{1,4}/, "")
		.trim();
	return words.length > 500 ? `${words.slice(0, 499)}…` : words;
}
