import { diagnose } from "./diagnose/diagnose";
import { hasRules, mainTrace } from "./diagnose/main-trace";
import { type Change, whatIf } from "./diagnose/what-if";
import { worldOf } from "./diagnose/world-of";
import { gatherFacts } from "./facts/gather";
import { failureModes } from "./failure-modes";
import { type Exposed, exposure } from "./packet-path/exposure";
import { networkReach, type Reach } from "./packet-path/network-reach";
import { read } from "./read";
import type { Evidence } from "./text/evidence";

export type { Change, Difference } from "./diagnose/what-if";
export type { Asker, Exposed } from "./packet-path/exposure";
export type { Place, Reach } from "./packet-path/network-reach";

/** Who reaches what on a host, as far as was shown. */
export type WhoReaches = {
	/** Every published port and who gets an answer there. */
	readonly ports: readonly Exposed[];
	/** Docker's networks and the world outside, by the containers' own addresses. */
	readonly networks: readonly Reach[];
	/** What each vetted change of the findings would open; empty where no finding has a plan. */
	readonly changes: readonly Change[];
};

/** Asks every published port and every network. Empty where no rule set was shown: then nothing can be followed. */
export function whoReaches(evidence: Evidence): WhoReaches {
	const facts = gatherFacts(read(evidence));
	if (!hasRules(facts)) return { ports: [], networks: [], changes: [] };
	const world = worldOf(facts);
	const main = mainTrace(facts);
	const changes = main ? whatIf(world, main.flow, diagnose(facts, failureModes).findings) : [];
	return { ports: exposure(world), networks: networkReach(world), changes };
}
