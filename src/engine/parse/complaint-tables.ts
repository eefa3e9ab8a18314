import type { ComplaintRule } from "./complaint-rule";
import { CONFIG_COMPLAINTS } from "./complaints-config";
import { DOCKER_COMPLAINTS } from "./complaints-docker";
import { ELSEWHERE_COMPLAINTS, OTHER_COMPLAINTS } from "./complaints-elsewhere";
import { FIREWALL_COMPLAINTS } from "./complaints-firewall";
import { IPTABLES_COMPLAINTS } from "./complaints-iptables";
import { KERNEL_COMPLAINTS } from "./complaints-kernel";
import { MODPROBE_COMPLAINTS } from "./complaints-modprobe";

/** Complaints that are told by their words alone, whoever says them. The innermost program goes first. */
export const DIRECT_COMPLAINTS: readonly ComplaintRule[] = [
	...IPTABLES_COMPLAINTS,
	...FIREWALL_COMPLAINTS,
	...DOCKER_COMPLAINTS,
	...CONFIG_COMPLAINTS,
	...MODPROBE_COMPLAINTS,
	...KERNEL_COMPLAINTS,
];

/** Complaints in common words, which count only when Docker or somebody's error says them. */
export const LOOSE_COMPLAINTS: readonly ComplaintRule[] = [...ELSEWHERE_COMPLAINTS, ...OTHER_COMPLAINTS];

/** Words of a failure whose reason is cut off or not known to us. In lower case. */
export const FAILURE_WORDS = [
	"tables failed: ",
	"command_failed",
	"failed to start daemon",
	"error starting daemon",
	"error response from daemon",
	"programming external connectivity",
	"contention detected",
] as const;

/** A pattern that finds any of these literals. They are ours: nothing pasted ever becomes a pattern. */
export function anyOf(literals: readonly string[], flags: string): RegExp {
	const alternatives = [...new Set(literals)].map((literal) => literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
	return new RegExp(alternatives.join("|"), flags);
}

/** One look for every literal that any table asks for. A message without one of them is no complaint. */
export const COMPLAINT_ANCHORS: readonly string[] = [
	...FAILURE_WORDS,
	...[...DIRECT_COMPLAINTS, ...LOOSE_COMPLAINTS].flatMap((rule) => rule.anchors),
];
