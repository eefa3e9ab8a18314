import type { Reading } from "./facts/reading";
import { parse, strayFailures } from "./parse";
import type { Artifact, Evidence, Line, Source } from "./text/evidence";
import { artifactsOf, type Draft, withIds } from "./text/recognise";

/** A paste and what was read in it, kept so that the next paste is read only where it differs. */
export type Paste = {
	readonly sources: readonly { readonly source: Source; readonly drafts: readonly Draft[] }[];
	readonly readings: readonly Reading[];
};

/**
 * Recognises and parses every artifact of the evidence, in order. A source that stands unchanged in `earlier` is not cut
 * again, and an artifact that stands unchanged there is not parsed again; the readings are the same with and without it.
 */
export function readPaste(evidence: Evidence, earlier: Paste | null = null): Paste {
	const sources = evidence.map((source) => {
		const before = earlier?.sources.find((one) => isSameSource(one.source, source));
		return before ?? { source, drafts: artifactsOf(source) };
	});
	const known = new Map(earlier?.readings.map((reading) => [reading.artifact.id, reading]));
	const readings = withIds(sources.flatMap(({ drafts }) => drafts)).map((artifact) => {
		const before = known.get(artifact.id);
		return before && isSameArtifact(before.artifact, artifact) ? before : readArtifact(artifact);
	});
	return { sources, readings };
}

/** What was read in a paste that comes without an earlier one. */
export const read = (evidence: Evidence): readonly Reading[] => readPaste(evidence).readings;

function readArtifact(artifact: Artifact): Reading {
	const parsed = parse(artifact);
	return { artifact, parsed, strays: strayFailures(artifact, parsed) };
}

const isSameSource = (one: Source, other: Source): boolean =>
	one.id === other.id &&
	one.name === other.name &&
	one.text === other.text &&
	JSON.stringify(one.numbers) === JSON.stringify(other.numbers);

/** Whether a parser would see the same in both. The id belongs to it, and the offsets: spans are made of them. */
function isSameArtifact(one: Artifact, other: Artifact): boolean {
	if (one.lines.length !== other.lines.length) return false;
	const { lines, ...rest } = one;
	const { lines: otherLines, ...otherRest } = other;
	if (JSON.stringify(rest) !== JSON.stringify(otherRest)) return false;
	return lines === otherLines || lines.every((line, index) => isSameLine(line, otherLines[index]));
}

function isSameLine(one: Line, other: Line | undefined): boolean {
	if (one.text !== other?.text || one.number !== other.number || one.from !== other.from || one.to !== other.to)
		return false;
	return one.map === other.map || JSON.stringify(one.map) === JSON.stringify(other.map);
}
