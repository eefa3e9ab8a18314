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
import { joinPlans, MORE_FORMATS, type MoreFormat, offeredFormats, renderMore } from "./remedy/formats";
import { renderMarkdown } from "./remedy/markdown";
import type { About, Plan, Platform } from "./remedy/plan";
import type { Evidence } from "./text/evidence";

export { type Asked, type AskReport, askReport, type RealNames, redactQuestion, withRealNames } from "./ask-report";
export { whoReaches } from "./reach";
export { redactText } from "./redact/redact";
export { looksRedacted } from "./redact/stand-ins";
export { collectorPaste, collectorScript, isCollected } from "./remedy/collector";
export { collectorPlay } from "./remedy/collector-play";
export { MORE_FORMATS, type MoreFormat } from "./remedy/formats";
export { reportJson } from "./report/report-json";
export { decodeLink as openLink } from "./share/restore";
export { linkLength, markdownReport, openReportFile, type ShareOptions, share } from "./share-report";

/** The formats that every plan has. */
export const FIX_FORMATS = ["bash", "ansible", "cloud-init", "diff", "markdown"] as const;
export type FixFormat = (typeof FIX_FORMATS)[number];
export const isFixFormat = (format: string): format is FixFormat => FIX_FORMATS.some((one) => one === format);

/** A further format as the page lists it. */
export type Offered = { readonly id: MoreFormat; readonly name: string; readonly file: string; readonly says: string };

/** What there is to print: the repair, and what keeps the failure from coming back. */
export type Repair = { readonly plan: Plan; readonly prevent: Plan | null };

/** The further formats that say something of a repair, see `renderMore`. */
export function offered(
	made: Repair,
	platform: Platform,
	of: About,
	report: Evidence | null = null,
): readonly Offered[] {
	const { plan, about, blanks } = open(joinPlans(made.plan, made.prevent), of, report);
	const ids = offeredFormats(plan, platform, about, blanks);
	return MORE_FORMATS.filter(({ id }) => ids.includes(id));
}

/** One of the further formats; null where it has nothing to say of this repair. */
export function renderFurther(
	made: Repair,
	platform: Platform,
	of: About,
	format: MoreFormat,
	report: Evidence | null = null,
): string | null {
	const { plan, about, blanks } = open(joinPlans(made.plan, made.prevent), of, report);
	return renderMore(plan, platform, about, format, blanks);
}

/** A repair in any format. Null where the format says nothing of it. */
export function renderAny(
	made: Repair,
	platform: Platform,
	of: About,
	format: FixFormat | MoreFormat,
	report: Evidence | null = null,
): string | null {
	return isFixFormat(format)
		? renderFix(made.plan, platform, of, format, report, made.prevent)
		: renderFurther(made, platform, of, format, report);
}

/**
 * A plan in one of its printed forms. `report`: the redacted evidence it was made from when that came out of a link;
 * stand-ins are then never printed as real names, the script asks for those. `prevent` goes along where it lasts: into
 * the play, the user-data and the runbook; the script mends and nothing more.
 */
export function renderFix(
	made: Plan,
	platform: Platform,
	of: About,
	format: FixFormat,
	report: Evidence | null = null,
	prevent: Plan | null = null,
): string {
	const lasts = format === "ansible" || format === "cloud-init" || format === "markdown";
	const { plan, about, blanks } = open(lasts ? joinPlans(made, prevent) : made, of, report);
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
	const { plan, blanks } = open(made, { failure: "", title: "" }, report);
	return renderDiff(plan, platform, blanks);
}

function open(plan: Plan, about: About, report: Evidence | null) {
	if (report === null) return { plan, about, blanks: [] };
	const isOurs = addressesOutside(report.map(({ text }) => text));
	// A sentence may suggest an address of ours; what a command uses is always asked for.
	return blankOut(plan, about, (text, isProse) => findStandIns(text, isProse ? isOurs : undefined));
}
