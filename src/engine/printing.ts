/**
 * What is made of a verdict: scripts, links, reports. The second part of the engine that the page's worker loads, when
 * the first is at work already; see `diagnosing.ts`.
 */
import { renderAnsible } from "./remedy/ansible";
import { renderBash } from "./remedy/bash";
import { renderCloudInit } from "./remedy/cloud-init";
import { renderDiffText } from "./remedy/diff";
import { renderMarkdown } from "./remedy/markdown";
import type { About, Plan, Platform } from "./remedy/plan";

export { redactText } from "./redact/redact";
export { collectorScript } from "./remedy/collector";
export { reportJson } from "./report/report-json";
export { decodeLink as openLink } from "./share/restore";
export { linkLength, markdownReport, share } from "./share-report";

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
