import type { Pair } from "./compare";

/** The flow, what the kernel did, what the engine said, and the stations it named. */
export function describe({ sent, kernel, noted, trace }: Pair): string {
	const { flow } = sent;
	const by = trace.decidedBy ? ` by ${trace.decidedBy.table} ${trace.decidedBy.chain} ${trace.decidedBy.rule}` : "";
	const possible = trace.outcome === "unknown" ? ` (${trace.possible.join(" or ")})` : "";
	const stations = trace.steps.map(
		({ station, state, says }) => `${station}${state === "passed" ? "" : ` (${state}: ${says})`}`,
	);
	return `${JSON.stringify(flow)}: kernel ${kernel} [${noted}], walk ${trace.outcome}${possible}${by}\n  ${stations.join(" > ")}`;
}
