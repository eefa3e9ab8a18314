import type { Analysis } from "../engine/diagnose/analysis";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { Plan, Platform } from "../engine/remedy/plan";
import type { Evidence } from "../engine/text/evidence";
import type { Answer, Ask, CatalogueEntry, DiffLine, OpenedLink, Printable, PrintFormat, Shared } from "./protocol";

/** What a verdict needs of the engine. The real one is `engine/diagnosing`; tests pass their own. */
export type Diagnosing = {
	analyse(evidence: Evidence): Analysis;
	renderDiff(plan: Plan, platform: Platform): readonly DiffLine[];
	traceFlow(evidence: Evidence, flow: Flow): Trace;
	readonly catalogue: readonly CatalogueEntry[];
};

/** What is made of a verdict. The real one is `engine/printing`. */
export type Printing = {
	renderFix(plan: Plan, platform: Platform, about: Printable["about"], format: PrintFormat): string;
	share(evidence: Evidence): Omit<Shared, "length">;
	linkLength(fragment: string, address: string): Shared["length"];
	openLink(fragment: string): OpenedLink;
	markdownReport(evidence: Evidence): string;
	collectorScript(): string;
};

/** The two parts of the engine; the second is loaded when it is first asked for. */
export type Engine = { readonly diagnosing: Diagnosing; readonly printing: () => Promise<Printing> };

/** Answers one question with the engine. Rejects only where the engine has a bug or its second part can't be loaded. */
export async function answer({ diagnosing, printing }: Engine, ask: Ask): Promise<Answer> {
	switch (ask.type) {
		case "analyse": {
			const analysis = diagnosing.analyse(ask.evidence);
			const first = analysis.findings[0];
			const diff = (plan: Plan | null | undefined) => (plan ? diagnosing.renderDiff(plan, analysis.platform) : null);
			return { type: "analyse", diagnosed: { analysis, fix: diff(first?.plan), prevent: diff(first?.prevent) } };
		}
		case "trace":
			return { type: "trace", trace: diagnosing.traceFlow(ask.evidence, ask.flow) };
		case "catalogue":
			return { type: "catalogue", entries: diagnosing.catalogue };
		case "print": {
			const { plan, platform, about } = ask.of;
			return { type: "print", text: (await printing()).renderFix(plan, platform, about, ask.format) };
		}
		case "share": {
			const { share, linkLength } = await printing();
			const shared = share(ask.evidence);
			return { type: "share", shared: { ...shared, length: linkLength(shared.fragment, ask.address) } };
		}
		case "open":
			return { type: "open", opened: (await printing()).openLink(ask.fragment) };
		case "report":
			return { type: "report", markdown: (await printing()).markdownReport(ask.evidence) };
		case "collector":
			return { type: "collector", script: (await printing()).collectorScript() };
		case "prepare":
			await printing();
			return { type: "prepare" };
		default:
			return ask satisfies never;
	}
}
