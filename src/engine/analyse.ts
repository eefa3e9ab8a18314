import type { Analysis } from "./diagnose/analysis";
import { diagnose } from "./diagnose/diagnose";
import { expectedOf } from "./diagnose/expected";
import { mainTrace, traceOf } from "./diagnose/main-trace";
import { platformOf } from "./diagnose/platform";
import { summarise } from "./diagnose/summary";
import { timelineOf } from "./diagnose/timeline";
import { gatherFacts } from "./facts/gather";
import type { HostFacts } from "./facts/host-facts";
import type { Reading } from "./facts/reading";
import { failureModes } from "./failure-modes";
import type { Flow, Trace } from "./packet-path/trace";
import { type Paste, read, readPaste } from "./read";
import type { Evidence } from "./text/evidence";

/** The whole way from text to verdict. Pure: the same text gives the same analysis. */
export const analyse = (evidence: Evidence): Analysis => analyseReadings(read(evidence));

/** Follows one packet through what was pasted. */
export const traceFlow = (evidence: Evidence, flow: Flow): Trace => traceReadings(read(evidence), flow);

/** The engine for somebody who pastes again and again: only what changed since the last question is read anew. */
export function remembering(): { readonly analyse: typeof analyse; readonly traceFlow: typeof traceFlow } {
	let last: Paste | null = null;
	const readAgain = (evidence: Evidence) => {
		last = readPaste(evidence, last);
		return last.readings;
	};
	return {
		analyse: (evidence) => analyseReadings(readAgain(evidence)),
		traceFlow: (evidence, flow) => traceReadings(readAgain(evidence), flow),
	};
}

/** A paste, read and diagnosed, with what the analysis was made of. */
export type Examined = {
	readonly readings: readonly Reading[];
	readonly facts: HostFacts;
	readonly analysis: Analysis;
};

/** The way from text to verdict for those who go on from the facts. */
export function examine(evidence: Evidence): Examined {
	const readings = read(evidence);
	const facts = gatherFacts(readings);
	return { readings, facts, analysis: analysisOf(readings, facts) };
}

const analyseReadings = (readings: readonly Reading[]): Analysis => analysisOf(readings, gatherFacts(readings));

function analysisOf(readings: readonly Reading[], facts: HostFacts): Analysis {
	const { findings, ruledOut, next, unexplained } = diagnose(facts, failureModes);
	return {
		schema: "stackengine.analysis/1",
		artifacts: readings.map((reading, index) => summarise(reading, readings[index - 1])),
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

const traceReadings = (readings: readonly Reading[], flow: Flow): Trace => traceOf(gatherFacts(readings), flow);
