import { DAEMON } from "./daemon";
import { FIREWALLS } from "./firewalls";
import { HOST_SETTINGS } from "./host-settings";
import { RULES } from "./rules";
import type { Scenario } from "./scenario";

/** All that can be broken truly in namespaces on one machine. */
export const SCENARIOS: readonly Scenario[] = [...RULES, ...HOST_SETTINGS, ...DAEMON, ...FIREWALLS];

/** What can't, a failure mode and the reason each. */
export const OUT_OF_REACH: readonly (readonly [failure: string, why: string])[] = [
	[
		"kernel-modules-stale",
		"needs a kernel with modules and a reboot; all hosts of the lab share this machine's kernel",
	],
	["nat-module-missing", "needs a kernel that lacks the module; the kernel is this machine's"],
	["raw-table-missing", "needs a kernel that lacks the raw table; the kernel is this machine's"],
	["ip6tables-nat-missing", "needs a kernel that lacks ip6table_nat; the kernel is this machine's"],
	["legacy-tables-unsupported", "needs a kernel without legacy tables; the kernel is this machine's"],
	["nft-backend-unsupported", "needs a kernel without nf_tables; the kernel is this machine's"],
	["ipset-missing", "needs Docker 28.0.0 on a kernel without ip_set; Debian never had that Docker"],
	["conntrack-full", "its limit is the whole machine's: nf_conntrack_max is read-only in a network namespace"],
	["reply-route-asymmetric", "needs a second uplink with a routing table of its own; not built yet"],
];
