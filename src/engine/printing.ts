/**
 * What is made of a verdict: scripts, links, reports, and who reaches what. The second part of the engine that the page's worker loads, when
 * the first is at work already; see `diagnosing.ts`.
 */

import { addressesOutside, findStandIns } from "./redact/stand-ins";
import { renderAnsible } from "./remedy/ansible";
import { renderBash } from "./remedy/bash";
import { blankOut } from "./remedy/blanks";
import { renderCloudInit } from "./remedy/cloud-init";
import { type DiffLine, renderDiff, renderDiffText } from "./remedy/diff";
import { renderMarkdown } from "./remedy/markdown";
import type { About, Plan, Platform } from "./remedy/plan";
import type { Evidence } from "./text/evidence";

export { type Asked, type AskReport, askReport, type RealNames, redactQuestion, withRealNames } from "./ask-report";
export { compareEvidence } from "./compare-evidence";
export { whoReaches } from "./reach";
export { redactText } from "./redact/redact";
export { collectorPaste, collectorScript, isCollected } from "./remedy/collector";
export { collectorPlay } from "./remedy/collector-play";
export { reportJson } from "./report/report-json";
export { decodeLink as openLink } from "./share/restore";
export { linkLength, markdownReport, openReportFile, type ShareOptions, share } from "./share-report";

export type FixFormat = "bash" | "ansible" | "cloud-init" | "diff" | "markdown";

/**
 * A plan in one of its printed forms. `report`: the redacted evidence it was made from when that came out of a link;
 * stand-ins are then never printed as real names, the script asks for those.
 */
export function renderFix(
	made: Plan,
	platform: Platform,
	of: About,
	format: FixFormat,
	report: Evidence | null = null,
): string {
	const { plan, about, blanks } = report === null ? { plan: made, about: of, blanks: [] } : blanked(made, of, report);
	switch (format) {
		case "bash":
			return renderBash(plan, platform, about, blanks);
		case "ansible":
			return renderAnsible(plan, platform, about, blanks);
		case "cloud-init":
			return renderCloudInit(plan, platform, about, blanks);
		case "diff":
			return renderDiffText(plan, platform, blanks);
		case "markdown":
			return renderMarkdown(plan, platform, about, blanks);
		default:
			return format satisfies never;
	}
}

/** The diff of a plan that was made from a report. */
export function renderReportDiff(made: Plan, platform: Platform, report: Evidence): readonly DiffLine[] {
	const { plan, blanks } = blanked(made, { failure: "", title: "" }, report);
	return renderDiff(plan, platform, blanks);
}

function blanked(plan: Plan, about: About, report: Evidence) {
	const isOurs = addressesOutside(report.map(({ text }) => text));
	// A sentence may suggest an address of ours; what a command uses is always asked for.
	return blankOut(plan, about, (text, isProse) => findStandIns(text, isProse ? isOurs : undefined));
}
