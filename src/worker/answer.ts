import type { Analysis } from "../engine/diagnose/analysis";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { Plan, Platform } from "../engine/remedy/plan";
import type { Evidence } from "../engine/text/evidence";
import type { Answer, Ask, CatalogueEntry, DiffLine, OpenedLink, Renderings, Shared } from "./protocol";

/** What the worker needs of the engine's door. The real one is `engine/index`; tests pass their own. */
export type Engine = {
	analyse(evidence: Evidence): Analysis;
	renderFix(
		plan: Plan,
		platform: Platform,
		about: { readonly failure: string; readonly title: string },
		format: "bash" | "ansible" | "cloud-init" | "markdown",
	): string;
	renderDiff(plan: Plan, platform: Platform): readonly DiffLine[];
	traceFlow(evidence: Evidence, flow: Flow): Trace;
	share(evidence: Evidence): Shared;
	openLink(fragment: string): OpenedLink;
	markdownReport(evidence: Evidence): string;
	collectorScript(): string;
	readonly catalogue: readonly CatalogueEntry[];
	readonly VERSION: string;
};

/** Answers one question with the engine. Pure as the engine is; throws only where the engine has a bug. */
export function answer(engine: Engine, ask: Ask): Answer {
	switch (ask.type) {
		case "analyse": {
			const analysis = engine.analyse(ask.evidence);
			const first = analysis.findings[0];
			const print = (plan: Plan | null | undefined): Renderings | null => {
				if (!first || !plan) return null;
				const { platform } = analysis;
				return {
					diff: engine.renderDiff(plan, platform),
					bash: engine.renderFix(plan, platform, first, "bash"),
					ansible: engine.renderFix(plan, platform, first, "ansible"),
					cloudInit: engine.renderFix(plan, platform, first, "cloud-init"),
					markdown: engine.renderFix(plan, platform, first, "markdown"),
				};
			};
			return { type: "analyse", diagnosed: { analysis, fix: print(first?.plan), prevent: print(first?.prevent) } };
		}
		case "share":
			return { type: "share", shared: engine.share(ask.evidence) };
		case "open":
			return { type: "open", opened: engine.openLink(ask.fragment) };
		case "report":
			return { type: "report", markdown: engine.markdownReport(ask.evidence) };
		case "trace":
			return { type: "trace", trace: engine.traceFlow(ask.evidence, ask.flow) };
		case "catalogue":
			return { type: "catalogue", entries: engine.catalogue };
		case "collector":
			return { type: "collector", script: engine.collectorScript() };
	}
}
