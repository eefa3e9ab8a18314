/** The engine's one door. Text in, plain data out; the same text gives the same answer wherever it runs. */
import type { Trace } from "./packet-path/trace";

export type { CatalogueEntry } from "./catalogue";
export type { Analysis } from "./diagnose/analysis";
export * from "./diagnosing";
export type { Flow, Trace } from "./packet-path/trace";
export * from "./printing";
export type { Evidence, Source } from "./text/evidence";

/** `stackengine trace --json`, schema `stackengine.trace/1`. Fields are only ever added. */
export function traceJson(trace: Trace) {
	return {
		schema: "stackengine.trace/1",
		flow: { from: trace.flow.from, protocol: trace.flow.protocol, port: trace.flow.port },
		outcome: trace.outcome,
		translatedTo: trace.translatedTo,
		viaProxy: trace.viaProxy,
		decidedBy: trace.decidedBy,
		steps: trace.steps.map(({ station, kind, state, says, chain, rule }) => ({
			station,
			kind,
			state,
			says,
			chain,
			rule,
		})),
		needs: trace.needs,
	} as const;
}
