import type { Analysis } from "./diagnose/analysis";
import { diagnose } from "./diagnose/diagnose";
import { expectedOf } from "./diagnose/expected";
import { mainTrace, traceOf } from "./diagnose/main-trace";
import { platformOf } from "./diagnose/platform";
import { summarise } from "./diagnose/summary";
import { timelineOf } from "./diagnose/timeline";
import { gatherFacts } from "./facts/gather";
import type { Reading } from "./facts/reading";
import { failureModes } from "./failure-modes";
import type { Flow, Trace } from "./packet-path/trace";
import { parse, strayFailures } from "./parse";
import type { Evidence } from "./text/evidence";
import { recognise } from "./text/recognise";

/** Recognises and parses every artifact of the evidence, in order. */
export function read(evidence: Evidence): readonly Reading[] {
	return recognise(evidence).map((artifact) => {
		const parsed = parse(artifact);
		return { artifact, parsed, strays: strayFailures(artifact, parsed) };
	});
}

/** The whole way from text to verdict. Pure: the same text gives the same analysis. */
export function analyse(evidence: Evidence): Analysis {
	const readings = read(evidence);
	const facts = gatherFacts(readings);
	const { findings, ruledOut, next, unexplained } = diagnose(facts, failureModes);
	return {
		schema: "stackengine.analysis/1",
		artifacts: readings.map(summarise),
		findings,
		ruledOut,
		next,
		unexplained,
		timeline: timelineOf(
			facts,
			findings,
			readings.map(({ artifact }) => artifact),
		),
		expected: expectedOf(facts),
		platform: platformOf(facts),
		trace: mainTrace(facts),
	};
}

/** Follows one packet through what was pasted. */
export function traceFlow(evidence: Evidence, flow: Flow): Trace {
	return traceOf(gatherFacts(read(evidence)), flow);
}
