import { eachLiteral, indexLiterals, type LiteralIndex } from "./literals";
import { type Shape, shapeOf } from "./shape";

/** What a found thing is for the person who reads the preview. */
export type Category = "secret" | "identity";

/** Counts the work of a scan, so that a test can prove it linear without a clock. */
export type Meter = { steps: number };

/** A source's text, its lower-case twin of the same length, in which literals are looked up, and what it is made of. */
export type Scanned = { readonly raw: string; readonly lower: string; readonly shape: Shape };

/**
 * One row of a detector table.
 *
 * A literal is looked for first; only where it stands does the pattern run, sticky, on a window of bounded length. So
 * the cost is that of a substring search plus a constant for each hit, whatever the text.
 */
export type Detector = {
	readonly id: string;
	/** Lower-case; every match begins with one of them. */
	readonly literals: readonly string[];
	/** Flags `d` and `y`. May look behind up to `BEHIND` characters. */
	readonly pattern: RegExp;
	/** The group that must go; 0 is the whole match. */
	readonly group: number;
	/** One character class: what the token may go on with past the window, or on the next line of a wrapped terminal. */
	readonly runsOn?: RegExp;
	/** Length of a whole token where it is fixed: what is shorter at the end of a line goes on in the next. */
	readonly whole?: number;
	/** Last word: false leaves the match alone. */
	readonly accepts?: (value: string) => boolean;
};

/** A place in a source's text. */
export type Place = { readonly from: number; readonly to: number };

const BEHIND = 200;
const AHEAD = 640;

/** Makes a text ready for every finder. */
export function scanned(raw: string): Scanned {
	const lower = raw.toLowerCase();
	// `İ` is two units long in lower case: then ASCII only, so that offsets stay the same.
	const same = lower.length === raw.length ? lower : raw.replace(/[A-Z]+/g, (word) => word.toLowerCase());
	return { raw, lower: same, shape: shapeOf(raw) };
}

/** A table made ready for `scan`. */
export type DetectorIndex<D extends Detector> = LiteralIndex<{ readonly detector: D; readonly order: number }> & {
	readonly size: number;
};

/** Once for each table, when the module loads. */
export function indexDetectors<D extends Detector>(detectors: readonly D[]): DetectorIndex<D> {
	const entries = detectors.flatMap((detector, order) =>
		detector.literals.map((literal) => [literal, { detector, order }] as const),
	);
	return { ...indexLiterals(entries), size: detectors.length };
}

/** Runs a table over a text, from left to right. Places may overlap. */
export function scan<D extends Detector>(
	text: Scanned,
	index: DetectorIndex<D>,
	found: (detector: D, place: Place) => void,
	meter?: Meter,
): void {
	// A detector goes on behind its last match: so a run of literals costs no more than its length.
	const behind = new Float64Array(index.size);
	eachLiteral(text.lower, index, ({ detector, order }, at) => {
		if (at < (behind[order] ?? 0)) return;
		const place = matchAt(text.raw, detector, at, meter);
		behind[order] = Math.max(at + 1, place?.to ?? 0);
		if (place) found(detector, place);
	});
}

/** What a detector finds where one of its literals stands. */
export function matchAt(raw: string, detector: Detector, at: number, meter: Meter | undefined): Place | null {
	const start = Math.max(0, at - BEHIND);
	const window = raw.slice(start, at + AHEAD);
	if (meter) meter.steps += window.length;
	detector.pattern.lastIndex = at - start;
	const match = detector.pattern.exec(window);
	const range = match?.indices?.[detector.group];
	if (!match || !range || range[0] === range[1]) return null;
	const from = start + range[0];
	let to = start + range[1];
	if (detector.runsOn) to = runOn(raw, detector.runsOn, detector.whole ?? 0, from, to, meter);
	if (detector.accepts && !detector.accepts(raw.slice(from, to))) return null;
	return { from, to };
}

/** Follows a token past the window and over the line ends that a terminal or a mail put in. */
export function runOn(raw: string, set: RegExp, whole: number, from: number, end: number, meter?: Meter): number {
	let to = end;
	// A token of fixed length ends there, whatever stands behind it; others end where their characters end.
	while (to < raw.length && (whole === 0 || lengthWithoutBreaks(raw, from, to) < whole) && set.test(raw.charAt(to))) {
		to++;
		if (meter) meter.steps++;
	}
	for (let breaks = 0; breaks < 64; breaks++) {
		const next = continuation(raw, set, whole, from, to);
		if (next <= to) return to;
		if (meter) meter.steps += next - to;
		to = next;
	}
	return to;
}

function continuation(raw: string, set: RegExp, whole: number, from: number, to: number): number {
	const breakAt = /^(?:\r?\n)(?:> ?|[ \t]{0,8})/.exec(raw.slice(to, to + 12));
	if (!breakAt) return to;
	const missing = whole > 0 ? whole - lengthWithoutBreaks(raw, from, to) : Number.POSITIVE_INFINITY;
	if (missing <= 0) return to;
	const begin = to + breakAt[0].length;
	let end = begin;
	while (end < raw.length && end - begin < missing && set.test(raw.charAt(end))) end++;
	const piece = raw.slice(begin, end);
	if (piece.length === 0) return to;
	if (whole > 0) {
		// The rest must be all there is of the missing part, or fill its line: else the token was cut and this is new text.
		const closes = end - begin === missing || raw.charAt(end) === "\n" || raw.charAt(end) === "\r";
		return closes || end === raw.length ? end : to;
	}
	// No fixed length: only a full terminal line wraps, and what follows must not read as a word.
	const lineStart = raw.lastIndexOf("\n", to - 1) + 1;
	if (to - lineStart < 60) return to;
	const mixed = /[0-9]/.test(piece) && /[A-Za-z]/.test(piece) && piece.length >= 4;
	const ends = end === raw.length || /[\s"'\\]/.test(raw.charAt(end));
	return ends && (mixed || piece.length >= 24) ? end : to;
}

function lengthWithoutBreaks(raw: string, from: number, to: number): number {
	if (to - from > 4096) return to - from;
	return raw.slice(from, to).replace(/\r?\n(?:> ?|[ \t]{0,8})/g, "").length;
}
