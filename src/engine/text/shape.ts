import type { ArtifactKind } from "./evidence";

/** How surely a line, seen with those after it, begins a shape. */
export type Score = 0 | 1 | 2 | 3;
export const NONE = 0;
/** Fits, but so do other things: counts only where a command or a name promises the kind. */
export const WEAK = 1;
/** Hardly anything else looks so. */
export const LIKELY = 2;
/** No other program prints this. */
export const SURE = 3;

/** How a line belongs to the shape that is open. `again`: the same shape begins anew with this line. */
export type Grip = "own" | "may" | "no" | "again";

/** A line as shapes see it. */
export type Seen = {
	/** Without the blanks around it, and never longer than `SEEN` characters: what patterns are matched against. */
	readonly flat: string;
	/** Number of blanks before it. */
	readonly indent: number;
	/** As it stands, of any length: for counting brackets, never for a pattern. */
	readonly text: string;
};

/** No pattern needs to see more of a line than this, and every pattern is bounded by it. */
export const SEEN = 2000;

/**
 * The line that is judged (`0`), the non-blank lines of its region after it (`1`, `2`…; look no further than a dozen)
 * and the one before it (`-1`).
 */
export type View = (ahead: number) => Seen | null;

/** Follows one shape through its lines. */
export type Reader = {
	readonly take: (view: View, afterBlank: boolean) => Grip;
	/** The kind, where only the whole tells it (a JSON document, a journal). */
	readonly kind?: () => ArtifactKind;
};

/** One printed format: how it begins and how it goes on. */
export type Shape = {
	readonly kind: ArtifactKind;
	readonly opens: (view: View) => Score;
	/** Made for the line that opened; that line is not given to `take`. */
	readonly reader: (first: View) => Reader;
	/** Kinds whose beginning, right under a line of this shape, is a part of it: an error line within a log. */
	readonly absorbs?: ReadonlySet<ArtifactKind>;
};

/** A shape whose lines can be told one by one. */
export type LineShape = {
	readonly kind: ArtifactKind;
	readonly sure?: RegExp;
	readonly likely?: RegExp;
	readonly weak?: RegExp;
	/** Lines that belong to it once it is open, besides those that open it. */
	readonly own?: RegExp;
	/** Lines that belong to it when nothing else claims them and no blank line stands before them. */
	readonly may?: RegExp;
	/** Indented lines below an opened shape are its own. */
	readonly indented?: boolean;
	readonly absorbs?: readonly ArtifactKind[];
};

/** Patterns are matched against the line without its indentation. */
export function lineShape(spec: LineShape): Shape {
	const { sure, likely, weak, own, may, indented = false } = spec;
	const opens = (view: View): Score => {
		const flat = view(0)?.flat ?? "";
		if (sure?.test(flat)) return SURE;
		if (likely?.test(flat)) return LIKELY;
		return weak?.test(flat) ? WEAK : NONE;
	};
	return {
		kind: spec.kind,
		opens,
		absorbs: new Set(spec.absorbs ?? []),
		reader: (first) => {
			const base = first(0)?.indent ?? 0;
			return {
				take: (view, afterBlank) => {
					const seen = view(0);
					if (seen === null) return "no";
					if (own?.test(seen.flat) || opens(view) > NONE) return "own";
					if (indented && seen.indent > base) return "own";
					return !afterBlank && may?.test(seen.flat) ? "may" : "no";
				},
			};
		},
	};
}
