import type { Analysis } from "../diagnose/analysis";
import type { Evidence } from "../text/evidence";
import type { Span } from "../text/span";

/** Longest quote, in characters; a log line of a thousand is cut. */
const LONGEST = 500;

/** Reads what stands at a span, as a person would see it: no colours, no control characters, no blank ends. */
export function quoter(analysis: Analysis, evidence: Evidence): (span: Span) => string {
	const sourceOf = new Map(analysis.artifacts.map((artifact) => [artifact.id, artifact.source]));
	const texts = new Map(evidence.map((source) => [source.id, source.text]));
	return (span) => {
		const text = texts.get(sourceOf.get(span.artifact) ?? "") ?? "";
		// Twice as much is cut out first: colour codes are not counted, and a span may cover a whole file.
		return visible(text.slice(span.from, Math.min(span.to, span.from + 2 * LONGEST))).slice(0, LONGEST);
	};
}

/** Text without what a terminal would obey; line ends stay. */
export function visible(text: string): string {
	return text
		.replace(/\u001b\[[0-9;?]{0,16}[A-Za-z]/g, "")
		.replace(/\r\n?/g, "\n")
		.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
		.replace(/[ \t]+$/gm, "")
		.replace(/^\n+|\n+$/g, "");
}
