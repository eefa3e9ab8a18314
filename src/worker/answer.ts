import type { Comparison } from "../engine/compare/comparison";
import type { Analysis } from "../engine/diagnose/analysis";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { WhoReaches } from "../engine/reach";
import type { Plan, Platform } from "../engine/remedy/plan";
import type { Evidence } from "../engine/text/evidence";
import type {
	Answer,
	Ask,
	Asked,
	CatalogueEntry,
	DiffLine,
	Offered,
	OpenedLink,
	Printable,
	PrintFormat,
	RealNames,
	RedactedQuestion,
	RedactionChoices,
	Shared,
} from "./protocol";

/** What a verdict needs of the engine. The real one is `engine/diagnosing`; tests pass their own. */
export type Diagnosing = {
	analyse(evidence: Evidence): Analysis;
	renderDiff(plan: Plan, platform: Platform): readonly DiffLine[];
	traceFlow(evidence: Evidence, flow: Flow): Trace;
	readonly catalogue: readonly CatalogueEntry[];
};

/** What is made of a verdict. The real one is `engine/printing`. */
export type Printing = {
	/** Null where the format says nothing of it. */
	renderAny(
		made: { readonly plan: Plan; readonly prevent: Plan | null },
		platform: Platform,
		about: Printable["about"],
		format: PrintFormat,
		report: Evidence | null,
	): string | null;
	offered(
		made: { readonly plan: Plan; readonly prevent: Plan | null },
		platform: Platform,
		about: Printable["about"],
		report: Evidence | null,
	): readonly Offered[];
	renderReportDiff(plan: Plan, platform: Platform, report: Evidence): readonly DiffLine[];
	share(evidence: Evidence, options: RedactionChoices & { readonly whole: boolean }): Omit<Shared, "length">;
	linkLength(fragment: string, address: string): Shared["length"];
	openLink(fragment: string): OpenedLink;
	openReportFile(fragment: string): OpenedLink;
	markdownReport(evidence: Evidence, choices: RedactionChoices): string;
	askReport(evidence: Evidence, options: RedactionChoices & { readonly whole: boolean }): Asked;
	redactQuestion(evidence: Evidence, question: string, choices: RedactionChoices): RedactedQuestion;
	withRealNames(text: string, names: RealNames): string;
	whoReaches(evidence: Evidence): WhoReaches;
	collectorScript(topics: readonly string[] | null): string;
	collectorPaste(topics: readonly string[] | null): string;
	collectorPlay(): string;
};

/** What holds a second paste beside the first. The real one is `engine/comparing`. */
export type Comparing = { compareEvidence(before: Evidence, after: Evidence): Comparison };

/** The parts of the engine; the second and the third are loaded when they are first asked for. */
export type Engine = {
	readonly diagnosing: Diagnosing;
	readonly printing: () => Promise<Printing>;
	readonly comparing: () => Promise<Comparing>;
};

/** Answers one question with the engine. Rejects only where the engine has a bug or its second part can't be loaded. */
export async function answer({ diagnosing, printing, comparing }: Engine, ask: Ask): Promise<Answer> {
	switch (ask.type) {
		case "analyse": {
			const analysis = diagnosing.analyse(ask.evidence);
			const first = analysis.findings[0];
			const { platform } = analysis;
			// Stand-ins are told from names by the part that prints; a person's own paste is not kept waiting for it.
			const report = ask.isReport ? await printing() : null;
			const diff = (plan: Plan | null | undefined) => {
				if (!plan) return null;
				return report ? report.renderReportDiff(plan, platform, ask.evidence) : diagnosing.renderDiff(plan, platform);
			};
			return { type: "analyse", diagnosed: { analysis, fix: diff(first?.plan), prevent: diff(first?.prevent) } };
		}
		case "trace":
			return { type: "trace", trace: diagnosing.traceFlow(ask.evidence, ask.flow) };
		case "reach":
			return { type: "reach", reach: (await printing()).whoReaches(ask.evidence) };
		case "catalogue":
			return { type: "catalogue", entries: diagnosing.catalogue };
		case "print": {
			const { plan, platform, about, report = null, prevent = null } = ask.of;
			const text = (await printing()).renderAny({ plan, prevent }, platform, about, ask.format, report);
			return { type: "print", text: text ?? "" };
		}
		case "offered": {
			const { plan, platform, about, report = null, prevent = null } = ask.of;
			return { type: "offered", formats: (await printing()).offered({ plan, prevent }, platform, about, report) };
		}
		case "share": {
			const { share, linkLength } = await printing();
			const shared = share(ask.evidence, { ...ask.choices, whole: ask.whole });
			return { type: "share", shared: { ...shared, length: linkLength(shared.fragment, ask.address) } };
		}
		case "open": {
			const { openLink, openReportFile } = await printing();
			return { type: "open", opened: ask.from === "file" ? openReportFile(ask.fragment) : openLink(ask.fragment) };
		}
		case "report":
			return { type: "report", markdown: (await printing()).markdownReport(ask.evidence, ask.choices) };
		case "ask-report": {
			const { askReport } = await printing();
			return { type: "ask-report", asked: askReport(ask.evidence, { ...ask.choices, whole: ask.whole }) };
		}
		case "ask-question": {
			const { redactQuestion } = await printing();
			return { type: "ask-question", redacted: redactQuestion(ask.evidence, ask.question, ask.choices) };
		}
		case "real-names":
			return { type: "real-names", text: (await printing()).withRealNames(ask.text, ask.names) };
		case "collector": {
			const { collectorScript, collectorPaste, collectorPlay } = await printing();
			return {
				type: "collector",
				collector: {
					script: collectorScript(ask.topics),
					paste: collectorPaste(ask.topics),
					play: collectorPlay(),
				},
			};
		}
		case "compare":
			return { type: "compare", comparison: (await comparing()).compareEvidence(ask.before, ask.after) };
		case "prepare":
			await Promise.all([printing(), comparing()]);
			return { type: "prepare" };
		default:
			return ask satisfies never;
	}
}
