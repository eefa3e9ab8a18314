import type { Analysis, Finding } from "../diagnose/analysis";
import type { Sign } from "../diagnose/failure-mode";
import type { Redacted } from "../redact/redacted";
import { renderMarkdown } from "../remedy/markdown";
import type { Plan } from "../remedy/plan";
import type { Evidence } from "../text/evidence";
import type { Span } from "../text/span";
import { quoter, visible } from "./quote";

const CONFIDENCE = {
	certain: "Certain: of the answers called so at least 98 in 100 are right.",
	likely: "Likely: of the answers called so at least 85 in 100 are right.",
	possible: "Possible: the evidence does not decide.",
} as const;

/**
 * The report as a file for a ticket or a colleague: verdict, the lines that say so, the repair as a runbook, what to
 * paste next. Takes redacted things only; the analysis must come from the redacted evidence (`fromRedacted`), for its
 * sentences name the host's things.
 */
export function reportMarkdown(analysis: Redacted<Analysis>, evidence: Redacted<Evidence>): string {
	const quoteAt = quoter(analysis, evidence);
	const names = new Map(analysis.artifacts.map((artifact) => [artifact.id, artifact.name]));
	const first = analysis.findings[0];
	const out: string[] = [`# ${first ? prose(first.title) : "Diagnosis"}`, ""];
	for (const finding of analysis.findings)
		out.push(...findingLines(finding, finding === first, (sign) => signLines(sign, quoteAt, names)));
	if (analysis.unexplained.length > 0) {
		out.push("## Not explained", "");
		for (const one of analysis.unexplained) out.push(...signLines({ says: one.says, at: [one.at] }, quoteAt, names));
	}
	if (first?.plan) out.push("## Repair", "", ...nested(renderMarkdown(first.plan, analysis.platform, first)));
	if (first?.prevent && !samePlan(first.plan, first.prevent))
		out.push("## Keep it repaired", "", ...nested(renderMarkdown(first.prevent, analysis.platform, first)));
	if (analysis.next.length > 0) {
		out.push("## Paste next", "");
		for (const { command, why } of analysis.next) out.push(...fenced(command, "sh"), "", prose(why), "");
	}
	if (analysis.ruledOut.length > 0) {
		out.push("## Ruled out", "");
		for (const { title, why } of analysis.ruledOut) out.push(`- **${prose(title)}**: ${prose(why)}`);
		out.push("");
	}
	out.push("## What was read", "");
	for (const { name, lines, summary } of analysis.artifacts)
		out.push(`- ${code(name)}, ${lines} ${lines === 1 ? "line" : "lines"}: ${prose(summary)}`);
	out.push(
		"",
		"Secrets, addresses and names in this report are replaced by stand-ins; in its sentences and commands they stand between < and >. The same stand-in is the same thing everywhere.",
	);
	return `${out
		.join("\n")
		.replace(/\n{3,}/g, "\n\n")
		.trimEnd()}\n`;
}

function findingLines(finding: Finding, isFirst: boolean, lines: (sign: Sign) => readonly string[]): readonly string[] {
	const out = isFirst ? [] : [`## ${prose(finding.title)}`, ""];
	out.push(`${prose(finding.effect)}`, "", prose(finding.explanation), "");
	if (finding.impact !== "none")
		out.push(`${CONFIDENCE[finding.confidence]} Failure id: ${code(finding.failure)}.`, "");
	if (finding.signs.length > 0) out.push(isFirst ? "## What says so" : "### What says so", "");
	for (const sign of finding.signs) out.push(...lines(sign));
	if (finding.against.length > 0) {
		out.push(isFirst ? "## What speaks against it" : "### What speaks against it", "");
		for (const sign of finding.against) out.push(...lines(sign));
	}
	if (finding.consequences.length > 0)
		out.push(`Goes away with it: ${finding.consequences.map(({ title }) => prose(title)).join("; ")}.`, "");
	return out;
}

// Three quotes show a kind of line; the rest of a hundred alike is counted.
const QUOTES = 3;

function signLines(sign: Sign, quoteAt: (span: Span) => string, names: ReadonlyMap<string, string>): readonly string[] {
	const out = [`- ${prose(sign.says)}`];
	for (const span of sign.at.slice(0, QUOTES)) {
		const quote = quoteAt(span);
		const where = `${code(names.get(span.artifact) ?? span.artifact)}, line ${span.line}`;
		out.push("", `  ${where}:`, "", ...fenced(quote, "text").map((line) => `  ${line}`));
	}
	if (sign.at.length > QUOTES) out.push("", `  and ${sign.at.length - QUOTES} more places`);
	return [...out, ""];
}

/** A fence one back-tick longer than any run inside, so that pasted text can't close it. */
function fenced(text: string, language: string): readonly string[] {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
	const fence = "`".repeat(longest + 1);
	return [`${fence}${language}`, ...visible(text).split("\n"), fence];
}

function code(text: string): string {
	const plain = visible(text).replace(/\s+/g, " ");
	const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map((run) => run[0].length));
	const fence = "`".repeat(longest + 1);
	return longest === 0 ? `\`${plain}\`` : `${fence} ${plain} ${fence}`;
}

/** Sentences keep their back-ticks and give nothing else to Markdown or HTML: names in them were pasted. */
function prose(text: string): string {
	return visible(text)
		.replace(/\s+/g, " ")
		.split(/(`[^`]*`)/)
		.map((part) =>
			part.length > 1 && part.startsWith("`") && part.endsWith("`") ? part : part.replace(/[\\`*_[\]<>&#|~]/g, "\\$&"),
		)
		.join("");
}

/** The runbook's own headings, two levels further down; its title is ours already. */
function nested(markdown: string): readonly string[] {
	return markdown
		.split("\n")
		.slice(1)
		.map((line) => (/^#{1,4} /.test(line) ? `#${line}` : line));
}

function samePlan(a: Plan | null, b: Plan): boolean {
	return a !== null && JSON.stringify(a) === JSON.stringify(b);
}
