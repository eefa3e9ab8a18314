import { dropFront, keepFront } from "./columns";
import type { ArtifactKind } from "./evidence";
import type { Region, TextLine } from "./regions";
import { LIKELY, NONE, type Reader, type Score, SEEN, type Seen, type Shape, SURE, type View, WEAK } from "./shape";
import { SHAPES } from "./shapes/shapes";

/** Lines of one shape that stand together. */
export type Piece = {
	readonly kind: ArtifactKind;
	readonly lines: readonly TextLine[];
	/** The same shape ended right before: a second output, not the same one going on. */
	readonly anew: boolean;
};

type Open = {
	readonly shape: Shape | null;
	readonly reader: Reader | null;
	readonly lines: TextLine[];
	readonly anew: boolean;
};

/**
 * Cuts a region into pieces by shape. Each line is looked at once: the open shape is asked first, all shapes only where
 * that one does not own the line.
 */
export function cut(region: Pick<Region, "lines" | "hints">, shapes: readonly Shape[] = SHAPES): readonly Piece[] {
	const lines = region.lines.filter(({ columns }) => columns.text.trim() !== "");
	const seen: Seen[] = [];
	const see = (index: number): Seen | null => {
		const line = lines[index];
		if (line === undefined) return null;
		seen[index] ??= seenOf(line.columns.text);
		return seen[index] ?? null;
	};

	const pieces: Piece[] = [];
	let open: Open | null = null;
	const close = () => {
		if (open !== null)
			pieces.push({
				kind: open.reader?.kind?.() ?? open.shape?.kind ?? "unrecognised",
				lines: open.lines,
				anew: open.anew,
			});
		open = null;
	};
	const begin = (shape: Shape | null, view: View, line: TextLine, anew: boolean): Open => {
		close();
		return { shape, reader: shape === null ? null : shape.reader(view), lines: [line], anew };
	};

	const blankBefore = afterBlanks(region.lines);
	lines.forEach((line, at) => {
		const view: View = (ahead) => see(at + ahead);
		const afterBlank = blankBefore.has(line.index);
		const current: Open | null = open;

		if (current?.reader && current.shape) {
			// What a person typed to stop a command belongs to it.
			const grip = INTERRUPTED.test(view(0)?.flat ?? "") ? "own" : current.reader.take(view, afterBlank);
			if (grip === "own") {
				current.lines.push(line);
				return;
			}
			if (grip === "again") {
				open = begin(current.shape, view, line, true);
				return;
			}
			if (grip === "may" && !HEADING.test(view(0)?.flat ?? "")) {
				const best = bestOf(shapes, view, region.hints);
				const absorbed = best.shape !== null && !afterBlank && (current.shape.absorbs?.has(best.shape.kind) ?? false);
				if (best.score < LIKELY || best.shape === current.shape || absorbed) {
					current.lines.push(line);
					return;
				}
				open = begin(best.shape, view, line, false);
				return;
			}
		}
		const best = bestOf(shapes, view, region.hints);
		const bare = best.score < SURE ? withoutMarkup(line, view, shapes, region.hints) : null;
		if (bare !== null && bare.score > best.score) {
			if (current !== null && current.shape === bare.shape) current.lines.push(bare.line);
			else open = begin(bare.shape, bare.view, bare.line, false);
			return;
		}
		if (best.shape !== null) {
			open = begin(best.shape, view, line, false);
			return;
		}
		if (current !== null && current.shape === null) current.lines.push(line);
		else open = begin(null, view, line, false);
	});
	close();
	return merged(pieces, region.lines);
}

/** `^C`, `^C^C`, `^Z`. */
const INTERRUPTED = /^(?:\^[CZ\\D]){1,4}$/;
/** `===== something =====`: no output goes on through a heading that it doesn't own. */
const HEADING = /^([=#*_+~-])\1{2,} ?\S.{0,120}\1{3}$/;

const seenOf = (text: string): Seen => {
	const start = text.search(/\S/);
	return {
		flat: text.slice(Math.max(start, 0), Math.max(start, 0) + SEEN).trimEnd(),
		indent: Math.max(start, 0),
		text,
	};
};

function bestOf(
	shapes: readonly Shape[],
	view: View,
	hints: readonly ArtifactKind[],
): { readonly shape: Shape | null; readonly score: number } {
	let shape: Shape | null = null;
	let score = 0;
	for (const candidate of shapes) {
		const own: Score = candidate.opens(view);
		if (own === NONE) continue;
		const promised = hints.includes(candidate.kind);
		// A promise lifts a weak resemblance and settles a tie; it never beats a surer shape.
		const total = own === WEAK ? (promised ? LIKELY : NONE) : own + (promised ? 0.5 : 0);
		if (total > score) {
			shape = candidate;
			score = total;
		}
	}
	return { shape, score };
}

/** Of a Markdown list, of inline code, of emphasis. */
const MARKUP = /^(?:(?:[-*\u2022]|\d{1,2}[.)]) +)?(?:[`*_]{1,3}|"(?=[^"]{20}))?/;
const MARKUP_END = /[`*_"]{1,3}$/;

/** `- iptables v1.8.9 (nf_tables)`, `` `docker: Error response…` ``: a line that is a shape without its Markdown. */
function withoutMarkup(line: TextLine, view: View, shapes: readonly Shape[], hints: readonly ArtifactKind[]) {
	const marker = MARKUP.exec(view(0)?.flat ?? "")?.[0] ?? "";
	if (marker === "") return null;
	const opened = dropFront(line.columns, (view(0)?.indent ?? 0) + marker.length);
	const end = /[`*_"]$/.test(marker) ? MARKUP_END.exec(opened.text.slice(-8).trimEnd()) : null;
	const columns = end === null ? opened : keepFront(opened, opened.text.trimEnd().length - end[0].length);
	const bareSeen = seenOf(columns.text);
	const bareView: View = (ahead) => (ahead === 0 ? bareSeen : view(ahead));
	const { shape, score } = bestOf(shapes, bareView, hints);
	return shape !== null && score >= LIKELY
		? { shape, score, view: bareView, line: { columns, index: line.index } }
		: null;
}

/** Indexes of the lines that directly follow a blank one. Lines that are no text (a pager's mark) are none. */
function afterBlanks(lines: readonly TextLine[]): ReadonlySet<number> {
	const after = new Set<number>();
	let blank = false;
	for (const { columns, index } of lines) {
		if (columns.text.trim() === "") blank = true;
		else {
			if (blank) after.add(index);
			blank = false;
		}
	}
	return after;
}

/** Kinds of which a second output right after the first is an artifact of its own, as it would overwrite the first. */
const APART: ReadonlySet<ArtifactKind> = new Set([
	"docker-info",
	"docker-version",
	"daemon-json",
	"iptables-save",
	"nft-ruleset",
]);

/** Neighbours of one kind become one piece; the blank lines within a piece come back. */
function merged(pieces: readonly Piece[], all: readonly TextLine[]): readonly Piece[] {
	const result: { kind: ArtifactKind; lines: TextLine[]; anew: boolean }[] = [];
	for (const piece of pieces) {
		const last = result.at(-1);
		if (last !== undefined && last.kind === piece.kind && !(piece.anew && APART.has(piece.kind))) {
			for (const line of piece.lines) last.lines.push(line);
		} else result.push({ ...piece, lines: [...piece.lines] });
	}
	return result.map((piece) => ({ ...piece, lines: withBlanks(piece.lines, all) }));
}

/** The blank lines of `all` between the first and the last line of a piece, put back in their places. */
export function withBlanks(lines: readonly TextLine[], all: readonly TextLine[]): readonly TextLine[] {
	const first = lines[0]?.index ?? 0;
	const last = lines.at(-1)?.index ?? -1;
	if (last - first + 1 === lines.length) return lines;
	const byIndex = new Map(lines.map((line) => [line.index, line]));
	let start = 0;
	for (let end = all.length; start < end; ) {
		const middle = (start + end) >>> 1;
		if ((all[middle]?.index ?? 0) < first) start = middle + 1;
		else end = middle;
	}
	const result: TextLine[] = [];
	for (let at = start; at < all.length; at++) {
		const line = all[at];
		if (line === undefined || line.index > last) break;
		result.push(byIndex.get(line.index) ?? line);
	}
	return result;
}
