import type { LogEntry } from "./log-entry";
import type { LogEvent } from "./parsed";

/**
 * What a log shows that explains a failure, or heals one.
 *
 *     level=info msg="Starting up"                                           daemon-starting
 *     systemd[1]: Reloading firewalld.service - …                            firewalld-reloaded
 *     sudo[811]: admin : TTY=pts/0 ; … ; COMMAND=/usr/sbin/ufw reload        ufw-reloaded
 *     systemd[1]: Stopped nftables.service - nftables.                       nftables-service (its stop flushes the rule set)
 *     2026-11-23 06:25:11 upgrade linux-image-amd64:amd64 6.1.99 6.1.112     package-upgraded (dpkg.log)
 *
 * Sources: moby daemon/command/daemon.go, systemd's job messages of both styles (`Started Docker Application…`, since 249
 * `Started docker.service - Docker…`), sudo, cron, dpkg, dnf, pacman logs. Not read: audit records, which name no command line.
 */
export type Told = { readonly kind: LogEvent["kind"]; readonly detail: string };

/** Cheap literals, one of which every event's text holds. In lower case. */
export const EVENT_ANCHORS = [
	"starting ",
	"started ",
	"stopping ",
	"stopped ",
	"reload",
	"restart",
	"finished ",
	"completed initialization",
	"processing signal",
	"shutdown complete",
	"main process exited",
	"command=",
	" cmd (",
	"upgrade",
	"installed",
	"install: ",
	"container start ",
	"container die ",
	"tasks/delete",
	"-- boot",
	"-- reboot",
	"linux version",
];

type Unit = readonly [unit: RegExp, started: LogEvent["kind"], stopped: LogEvent["kind"], reloaded: LogEvent["kind"]];

const UNITS: readonly Unit[] = [
	[/\bfirewalld(?:\.service)?\b/, "firewalld-started", "firewalld-stopped", "firewalld-reloaded"],
	[/\bnftables(?:\.service)?\b|netfilter tables/, "nftables-service", "nftables-service", "nftables-service"],
	[/\bufw(?:\.service)?\b|uncomplicated firewall/, "ufw-reloaded", "ufw-reloaded", "ufw-reloaded"],
	[/netfilter-persistent|netfilter persistent/, "netfilter-persistent", "netfilter-persistent", "netfilter-persistent"],
	[/\bfail2ban(?:\.service)?\b/, "fail2ban", "fail2ban", "fail2ban"],
	[
		/\b(?:ip6?tables|csf|lfd|shorewall|ferm|kube-proxy)\.service\b|ipv[46] firewall with ip6?tables/,
		"firewall-service",
		"firewall-service",
		"firewall-service",
	],
	[
		/\bdocker\.service\b|docker application container engine|\bsnap\.docker\.dockerd/,
		"daemon-starting",
		"daemon-stopping",
		"daemon-starting",
	],
];

const JOB = /^(starting|started|stopping|stopped|reloading|reloaded|restarting|restarted|finished) (.{1,160})/;
const FLUSH =
	/(?:ip6?tables(?:-legacy|-nft)?\b.{0,80} (?:-F|-X|--flush|--delete-chain)\b|ip6?tables-restore\b|\bnft (?:-\w+ )?(?:flush ruleset|delete table|-f)|netfilter-persistent (?:start|reload|flush)|\bcsf -(?:r|s|x|f)\b|\bshorewall (?:restart|reload|clear|stop))/;

/** The event a message tells of, or null. */
export function readEvent(entry: LogEntry): Told | null {
	const text = entry.text.slice(0, 600).trim();
	const lower = text.toLowerCase();
	if (!EVENT_ANCHORS.some((anchor) => lower.includes(anchor))) return null;
	const kind = kindOf(text, lower, entry);
	return kind === null ? null : { kind, detail: text.replace(/\s+/g, " ").slice(0, 200) };
}

function kindOf(text: string, lower: string, entry: LogEntry): LogEvent["kind"] | null {
	if (/^starting up\b/.test(lower)) return "daemon-starting";
	if (lower.startsWith("daemon has completed initialization")) return "daemon-ready";
	if (lower.startsWith("processing signal") || lower.startsWith("daemon shutdown complete")) return "daemon-stopping";
	if (/^-- (?:boot|reboot)/.test(lower) || /^linux version \d/.test(lower)) return "booted";
	if (entry.program === "systemd" || entry.program === null) {
		const job = JOB.exec(lower);
		if (job !== null) return kindOfJob(job[1] ?? "", job[2] ?? "");
		if (/docker\.service: main process exited/.test(lower)) return "daemon-stopping";
	}
	const command = /command=(.{1,300})/i.exec(text)?.[1] ?? /\bcmd \((.{1,300})\)/i.exec(text)?.[1];
	if (command !== undefined) return kindOfCommand(command);
	if (/^(?:reloaded|reloading)\b/.test(lower) && entry.program === "firewalld") return "firewalld-reloaded";
	if (
		/packages that (?:were|will be) upgraded: \S/.test(lower) ||
		/^(?:upgrade|upgraded:?|installed:?|reinstalled:?) \S/.test(lower) ||
		/\[alpm\] (?:upgraded|installed) /.test(lower) ||
		/^(?:upgrade|install): \S/.test(lower)
	) {
		return /docker|containerd|linux-|kernel|iptables|nftables|firewalld|\blinux\b/.test(lower)
			? "package-upgraded"
			: null;
	}
	const happened = /^container (start|die) [0-9a-f]{12,64}/.exec(lower);
	if (happened !== null) return happened[1] === "start" ? "container-started" : "container-died";
	if (entry.fields.get("topic") === "/tasks/delete") return "container-died";
	return null;
}

function kindOfJob(verb: string, what: string): LogEvent["kind"] | null {
	for (const [unit, started, stopped, reloaded] of UNITS) {
		if (!unit.test(what)) continue;
		if (started === "daemon-starting" && verb === "started") return "daemon-ready";
		if (verb.startsWith("reload") || verb.startsWith("restart")) return reloaded;
		return verb.startsWith("stop") ? stopped : started;
	}
	return null;
}

/** What a command line that sudo or cron logged, or a person typed, does to the rules. */
export function kindOfCommand(command: string): LogEvent["kind"] | null {
	const line = command.slice(0, 400);
	if (/firewall-cmd\b.{0,80}--(?:complete-)?reload/.test(line)) return "firewalld-reloaded";
	if (/\bufw (?:-\S+ )?(?:--force )?(?:reload|enable|disable|reset)/.test(line)) return "ufw-reloaded";
	if (/netfilter-persistent (?:start|reload|flush|restart)/.test(line)) return "netfilter-persistent";
	if (FLUSH.test(line)) return "rules-flushed";
	const service =
		/(?:systemctl|service|rc-service) (?:-\S+ )?(?:(start|stop|restart|reload|try-restart|condrestart) ([\w@.-]{1,60})|([\w@.-]{1,60}) (start|stop|restart|reload))/.exec(
			line,
		);
	if (service === null) return null;
	const verb = service[1] ?? service[4] ?? "";
	const unit = (service[2] ?? service[3] ?? "").replace(/\.service$/, "");
	const kind = kindOfJob(verb === "start" ? "starting" : verb === "stop" ? "stopping" : "reloading", `${unit}.service`);
	return kind;
}
