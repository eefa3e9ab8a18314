import type { Analysis, ArtifactSummary } from "../engine/diagnose/analysis";
import type { Span } from "../engine/text/span";

/** A stretch of an editor that a sign points at. Offsets are the source's. */
export type Mark = {
	readonly from: number;
	readonly to: number;
	/** Number of the sign in the list of the answer, from 1. */
	readonly sign: number;
	readonly tone: "fault" | "whole";
	readonly says: string;
};

/** A span as a person looks for it: which source, which line of it, and how to name it. */
export type PlaceInSource = {
	readonly source: string;
	readonly from: number;
	readonly to: number;
	/** `dockerd.log, line 98`, counted as the editor counts. */
	readonly label: string;
};

const artifactOf = (analysis: Analysis, span: Span): ArtifactSummary | undefined =>
	analysis.artifacts.find(({ id }) => id === span.artifact);

/** Null when the span names an artifact that is not there: then there is nothing to jump to. */
export function placeOf(analysis: Analysis, span: Span): PlaceInSource | null {
	const artifact = artifactOf(analysis, span);
	if (!artifact) return null;
	const first = artifact.firstLine + span.line - 1;
	const last = artifact.firstLine + span.lastLine - 1;
	const lines = last > first ? `lines ${first}–${last}` : `line ${first}`;
	return { source: artifact.source, from: span.from, to: span.to, label: `${artifact.name}, ${lines}` };
}

/** The marks of the first finding's signs, by source. A healthy host's signs are marked as whole, not as faults. */
export function marksOf(analysis: Analysis): ReadonlyMap<string, readonly Mark[]> {
	const marks = new Map<string, Mark[]>();
	const finding = analysis.findings[0];
	if (!finding) return marks;
	const tone = finding.failure === "healthy" ? "whole" : "fault";
	finding.signs.forEach((sign, index) => {
		for (const span of sign.at) {
			const source = artifactOf(analysis, span)?.source;
			if (source === undefined) continue;
			const list = marks.get(source) ?? [];
			list.push({ from: span.from, to: span.to, sign: index + 1, tone, says: sign.says });
			marks.set(source, list);
		}
	});
	return marks;
}
