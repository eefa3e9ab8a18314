import { keepParts, type Part, type Redacted } from "../redact/redacted";
import type { Evidence, Source } from "../text/evidence";

/** A stretch of a source that belongs together: an artifact. */
export type Piece = { readonly source: string; readonly from: number; readonly to: number };

export type Minimised = { readonly evidence: Redacted<Evidence> /** Lines left out. */; readonly omittedLines: number };

type Line = {
	readonly source: string;
	readonly from: number;
	readonly to: number;
	readonly piece: number;
	readonly must: boolean;
};

export type MinimiseOptions = {
	/** The places that the verdict's signs point at; their lines stay, whatever else goes. */
	readonly points: readonly Piece[];
	/** The artifacts. */
	readonly pieces: readonly Piece[];
	/** Whether the caller's engine still answers the same. */
	readonly keepsVerdict: (evidence: Redacted<Evidence>) => boolean;
	/** Whether it is small enough to be sent. */
	readonly isShortEnough: (evidence: Redacted<Evidence>) => boolean;
	/** How often `keepsVerdict` may be asked; each time is a whole diagnosis. */
	readonly tries?: number;
};

/**
 * Leaves out what the verdict does not need until the rest is short enough for a link. What the caller's engine answers
 * decides, not our taste: every attempt is put to `keepsVerdict`, and one that changes the answer is taken back. So what
 * comes out gives the same verdict as what went in, even where it could not be made short enough.
 *
 * The lines of the signs and their neighbours come first; then, as long as there is room, whole artifacts come back, for
 * a colleague wants to see more than the proof.
 */
export function minimise(evidence: Redacted<Evidence>, options: MinimiseOptions): Minimised {
	if (options.isShortEnough(evidence)) return { evidence, omittedLines: 0 };
	const lines = linesOf(evidence, options.points, options.pieces);
	let kept: ReadonlySet<Line> = new Set(lines);
	let left = options.tries ?? 60;
	const attempt = (next: readonly Line[]): boolean => {
		if (left <= 0 || next.length === kept.size) return false;
		left--;
		if (!options.keepsVerdict(only(evidence, next))) return false;
		kept = new Set(next);
		return true;
	};
	const now = (): readonly Line[] => lines.filter((line) => kept.has(line));
	const isShort = (next: readonly Line[]): boolean => options.isShortEnough(only(evidence, next));

	const nearby = withNeighbours(lines);
	const shown = new Set(lines.filter((line) => line.must).map((line) => line.piece));
	const tight =
		attempt(lines.filter((_, index) => nearby.has(index))) || attempt(lines.filter((line) => shown.has(line.piece)));
	if (!tight) {
		for (const piece of bySize(lines).reverse()) {
			if (isShort(now())) break;
			attempt(now().filter((line) => line.piece !== piece || line.must));
		}
	}
	// Runs of lines that no sign needs, first long ones, then shorter ones.
	for (
		let size = Math.ceil(kept.size / 2);
		size >= 1 && left > 0 && !isShort(now());
		size = size === 1 ? 0 : Math.ceil(size / 3)
	) {
		for (let at = 0; at < kept.size && left > 0; ) {
			const next = now().filter((line, index) => index < at || index >= at + size || line.must);
			if (next.length === kept.size || !attempt(next)) at += size;
		}
	}
	if (isShort(now())) {
		for (const piece of [
			...bySize(lines.filter((line) => shown.has(line.piece))),
			...bySize(lines.filter((line) => !shown.has(line.piece))),
		]) {
			const more = lines.filter((line) => kept.has(line) || line.piece === piece);
			if (isShort(more)) attempt(more);
		}
	}
	return { evidence: only(evidence, now()), omittedLines: lines.length - kept.size };
}

function linesOf(evidence: Evidence, points: readonly Piece[], pieces: readonly Piece[]): readonly Line[] {
	const lines: Line[] = [];
	for (const source of evidence) {
		const here = pieces.map((piece, index) => ({ ...piece, index })).filter((piece) => piece.source === source.id);
		const signs = points.filter((point) => point.source === source.id).sort((a, b) => a.from - b.from);
		let piece = 0;
		let sign = 0;
		let reach = -1;
		for (let at = 0; at < source.text.length || (at === 0 && source.text === ""); ) {
			const newline = source.text.indexOf("\n", at);
			const to = newline < 0 ? source.text.length : newline + 1;
			while (piece + 1 < here.length && (here[piece + 1]?.from ?? 0) <= at) piece++;
			for (let next = signs[sign]; next && next.from < to; next = signs[++sign])
				reach = Math.max(reach, next.to, next.from + 1);
			lines.push({
				source: source.id,
				from: at,
				to,
				piece: here[piece]?.index ?? -1 - evidence.indexOf(source),
				must: reach > at,
			});
			if (to <= at) break;
			at = to;
		}
	}
	return lines;
}

/** Indices of the lines of signs, two lines around each, and the head of each artifact that has one. */
function withNeighbours(lines: readonly Line[]): ReadonlySet<number> {
	const near = new Set<number>();
	const heads = new Map<number, number>();
	for (const [index, line] of lines.entries()) if (!heads.has(line.piece)) heads.set(line.piece, index);
	for (const [index, line] of lines.entries()) {
		if (!line.must) continue;
		for (let at = index - 2; at <= index + 2; at++) if (lines[at]?.piece === line.piece) near.add(at);
		const head = heads.get(line.piece) ?? index;
		for (let at = head; at < head + 3; at++) if (lines[at]?.piece === line.piece) near.add(at);
	}
	return near;
}

/** Pieces that have lines here, smallest first. */
function bySize(lines: readonly Line[]): number[] {
	const sizes = new Map<number, number>();
	for (const line of lines) sizes.set(line.piece, (sizes.get(line.piece) ?? 0) + line.to - line.from);
	return [...sizes].sort((a, b) => a[1] - b[1]).map(([piece]) => piece);
}

function only(evidence: Redacted<Evidence>, lines: readonly Line[]): Redacted<Evidence> {
	const bySource = new Map<string, Part[]>();
	for (const { source, from, to } of lines) {
		const parts = bySource.get(source) ?? [];
		parts.push({ from, to });
		bySource.set(source, parts);
	}
	return keepParts(evidence, (source: Source) => bySource.get(source.id) ?? []);
}
