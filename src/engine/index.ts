/** The engine's one door. Text in, plain data out; the same text gives the same answer wherever it runs. */
import type { Impact } from "./diagnose/failure-mode";
import { failureModes } from "./failure-modes";
import type { Trace } from "./packet-path/trace";
import { renderAnsible } from "./remedy/ansible";
import { renderBash } from "./remedy/bash";
import { renderCloudInit } from "./remedy/cloud-init";
import { renderDiffText } from "./remedy/diff";
import { renderMarkdown } from "./remedy/markdown";
import type { About, Plan, Platform } from "./remedy/plan";

export { analyse, traceFlow } from "./analyse";
export type { Analysis } from "./diagnose/analysis";
export type { Flow, Trace } from "./packet-path/trace";
export { redactText } from "./redact/redact";
export { collectorScript } from "./remedy/collector";
export { renderDiff } from "./remedy/diff";
export { reportJson } from "./report/report-json";
export { decodeLink as openLink } from "./share/restore";
export { linkLength, markdownReport, share } from "./share-report";
export type { Evidence, Source } from "./text/evidence";

/** Of the engine: reports and links say which one spoke. */
export const VERSION = "0.1.0";

export type FixFormat = "bash" | "ansible" | "cloud-init" | "diff" | "markdown";

/** A plan in one of its printed forms. */
export function renderFix(plan: Plan, platform: Platform, about: About, format: FixFormat): string {
	switch (format) {
		case "bash":
			return renderBash(plan, platform, about);
		case "ansible":
			return renderAnsible(plan, platform, about);
		case "cloud-init":
			return renderCloudInit(plan, platform, about);
		case "diff":
			return renderDiffText(plan, platform);
		case "markdown":
			return renderMarkdown(plan, platform, about);
		default:
			return format satisfies never;
	}
}

export type CatalogueEntry = {
	readonly id: string;
	readonly title: string;
	readonly effect: string;
	readonly impact: Impact;
	readonly minutes: number | null;
};

/** Every failure mode, in the order of precedence. */
export const catalogue: readonly CatalogueEntry[] = failureModes.map(({ id, title, effect, impact, minutes }) => ({
	id,
	title,
	effect,
	impact,
	minutes,
}));

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
