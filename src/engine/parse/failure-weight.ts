import type { Heard } from "./complaint-rule";
import type { Complaint, Failure } from "./failure";
import type { Level } from "./log-header";

/** What is known of a message besides its words, once its wrappings are off. */
export type Situation = {
	readonly fromDockerd: boolean;
	readonly noise: boolean;
	readonly byFirewalld: boolean;
	/** The command was typed by a person. */
	readonly typed: boolean;
	readonly level: Level | null;
	/** The record has the form of dockerd's own log. */
	readonly structured: boolean;
};

/** `failed to start daemon: ` since 18.02, `Error starting daemon: ` before. */
export const START_FAILED = /failed to start daemon|error starting daemon/;

const QUIET: ReadonlySet<Complaint["kind"]> = new Set(["rule-absent", "ip6tables-unusable"]);
const WARNINGS: ReadonlySet<Complaint["kind"]> = new Set([
	"slow-iptables",
	"martian-source",
	"forward-policy-drop",
	"forwarding-disabled",
	"ports-discarded",
]);

/** How much a failure weighs: by what dockerd did about it, by the level it was logged at, and by what healthy hosts say as well. */
export function weightOf(heard: Heard, complaint: Complaint, situation: Situation): Failure["weight"] {
	const { lower, command } = heard;
	if (START_FAILED.test(lower)) return "fatal";
	if (situation.noise || QUIET.has(complaint.kind)) return "noise";
	// firewalld logs every refused probe (dockerd looks with -C and -L before it adds) and every clean-up of something that was not there.
	if (situation.byFirewalld && ["-C", "-D", "-F", "-X", "-L", "-S"].includes(command?.operation ?? "")) return "noise";
	if (complaint.kind === "bridge-netfilter-disabled" && !complaint.fatal) return "noise";
	if (complaint.kind === "proxy-failed" && /userland proxy exited/.test(lower)) return "noise";
	// busybox without any /lib/modules: a container has none, whatever its host has (docker:dind prints it at every start).
	if (complaint.kind === "module-missing" && complaint.directoryMissing && complaint.kernel === null) return "noise";
	// `modprobe -a` warns and goes on: a kernel with everything built in (WSL2) has no files for it to find.
	if (complaint.kind === "module-missing" && lower.startsWith("modprobe: warning:")) return "warning";
	// A packet for the host itself that a firewall refused says nothing of a container.
	if (complaint.kind === "packet-blocked") return complaint.out === null ? "noise" : "warning";
	// Up to Docker 17.x the mere words of waiting made dockerd give up; later it waits on.
	if (complaint.kind === "lock-held" && !complaint.gaveUp)
		return /error response|cannot start|programming external|unable to/.test(lower) ? "error" : "warning";
	if (complaint.kind === "table-incompatible" && lower.includes("contains incompatible base-chains")) return "warning";
	if (WARNINGS.has(complaint.kind)) return situation.level === "fatal" ? "fatal" : "warning";
	if (complaint.kind === "config-invalid") return "fatal";
	if (situation.level === "fatal") return "fatal";
	// A pull that failed while the daemon runs is nobody's dead port.
	if (complaint.kind === "elsewhere" && situation.structured && !/\/(?:start|restart|create)\b/.test(lower))
		return "warning";
	if (lower.includes("supports xlock") || lower.includes("running modprobe") || lower.includes("failed with message"))
		return "warning";
	// Typed without root, or without /usr/sbin in the PATH: that says something of the person's shell, not of dockerd.
	if (!situation.fromDockerd && !situation.structured && isOfTheShell(complaint)) return "warning";
	if (situation.level === "warning") return "warning";
	if (situation.fromDockerd && situation.structured && (situation.level === "info" || situation.level === "debug"))
		return "noise";
	return "error";
}

function isOfTheShell(complaint: Complaint): boolean {
	if (complaint.kind === "program-missing") return /^ip6?tables/.test(complaint.program);
	return complaint.kind === "permission" && (complaint.what === "iptables" || complaint.what === "netlink");
}
