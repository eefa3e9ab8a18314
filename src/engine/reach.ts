import { hasRules } from "./diagnose/main-trace";
import { worldOf } from "./diagnose/world-of";
import { gatherFacts } from "./facts/gather";
import { type Exposed, exposure } from "./packet-path/exposure";
import { networkReach, type Reach } from "./packet-path/network-reach";
import { read } from "./read";
import type { Evidence } from "./text/evidence";

export type { Asker, Exposed } from "./packet-path/exposure";
export type { Place, Reach } from "./packet-path/network-reach";

/** Who reaches what on a host, as far as was shown. */
export type WhoReaches = {
	/** Every published port and who gets an answer there. */
	readonly ports: readonly Exposed[];
	/** Docker's networks and the world outside, by the containers' own addresses. */
	readonly networks: readonly Reach[];
};

/** Asks every published port and every network. Empty where no rule set was shown: then nothing can be followed. */
export function whoReaches(evidence: Evidence): WhoReaches {
	const facts = gatherFacts(read(evidence));
	if (!hasRules(facts)) return { ports: [], networks: [] };
	const world = worldOf(facts);
	return { ports: exposure(world), networks: networkReach(world) };
}
