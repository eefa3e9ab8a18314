/** The engine's one door. Text in, plain data out; the same text gives the same answer wherever it runs. */
import type { Trace } from "./packet-path/trace";
import type { WhoReaches } from "./reach";

export type { CatalogueEntry } from "./catalogue";
export type { Comparison } from "./compare/comparison";
export * from "./comparing";
export type { Analysis } from "./diagnose/analysis";
export * from "./diagnosing";
export * from "./excerpting";
export type { Flow, Trace } from "./packet-path/trace";
export * from "./printing";
export type { WhoReaches } from "./reach";
export type { Evidence, Source } from "./text/evidence";

/** `stackengine reach --json`, schema `stackengine.reach/1`. Fields are only ever added. */
export function reachJson({ ports, networks, changes }: WhoReaches) {
	return { schema: "stackengine.reach/1", ports, networks, changes } as const;
}

/** `stackengine trace --json`, schema `stackengine.trace/1`. Fields are only ever added. */
export function traceJson(trace: Trace) {
	return {
		schema: "stackengine.trace/1",
		flow: {
			from: trace.flow.from,
			protocol: trace.flow.protocol,
			port: trace.flow.port,
			...(trace.flow.to === undefined ? {} : { to: trace.flow.to }),
			...(trace.flow.bridge === undefined ? {} : { bridge: trace.flow.bridge }),
		},
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
