/** A hard-wrapped line with what follows it, line ends taken out. */
export type WrappedView = {
	readonly view: string;
	/** Where in the view the first line end was. */
	readonly joint: number;
	readonly rawAt: (offset: number) => number;
};

const NEIGHBOURS = 20;
const BEFORE = 120;
const AFTER = 640;

/**
 * A terminal or a mail program that wraps hard makes every full line equally long. So a line is taken for wrapped when
 * no line near it is longer, it is at least 60 wide, ends in a word, and the next begins with one. In text that is not
 * wrapped that is one line in forty.
 */
export function* wrappedViews(raw: string): Iterable<WrappedView> {
	const lines = linesOf(raw);
	for (let index = 0; index < lines.count; index++) {
		if (!isFull(raw, lines, index)) continue;
		const end = toOf(lines, index);
		const begin = Math.max(fromOf(lines, index), end - BEFORE);
		const offsets: number[] = [];
		const pieces: string[] = [];
		let length = 0;
		for (let next = index; next < lines.count && length < BEFORE + AFTER; next++) {
			const to = toOf(lines, next);
			if (to - fromOf(lines, next) > 4096) break;
			const from = next === index ? begin : fromOf(lines, next) + lead(raw, fromOf(lines, next));
			pieces.push(raw.slice(from, to));
			for (let at = from; at < to; at++) offsets.push(at);
			length += to - from;
			if (next > index && !isFull(raw, lines, next)) break;
		}
		yield { view: pieces.join(""), joint: end - begin, rawAt: (offset) => offsets[offset] ?? raw.length };
	}
}

/** Where each line begins and ends, without its line end, and the longest line of each block of twenty. */
type Lines = { readonly count: number; readonly ends: Int32Array; readonly longest: readonly number[] };

function fromOf({ ends }: Lines, index: number): number {
	return ends[index * 2] ?? 0;
}

function toOf({ ends }: Lines, index: number): number {
	return ends[index * 2 + 1] ?? 0;
}

function linesOf(raw: string): Lines {
	const places: number[] = [];
	const longest: number[] = [];
	for (let at = 0; at <= raw.length; ) {
		const newline = raw.indexOf("\n", at);
		const end = newline < 0 ? raw.length : newline;
		const to = end > at && raw.charCodeAt(end - 1) === 13 ? end - 1 : end;
		const block = Math.floor(places.length / (2 * NEIGHBOURS));
		longest[block] = Math.max(longest[block] ?? 0, to - at);
		places.push(at, to);
		at = end + 1;
	}
	return { count: places.length / 2, ends: Int32Array.from(places), longest };
}

/** A line looks at its own block of twenty and the two beside it. */
function isFull(raw: string, lines: Lines, index: number): boolean {
	const from = fromOf(lines, index);
	const to = toOf(lines, index);
	if (to - from < 60 || index + 1 >= lines.count) return false;
	const block = Math.floor(index / NEIGHBOURS);
	for (let near = block - 1; near <= block + 1; near++) if (to - from < (lines.longest[near] ?? 0)) return false;
	const next = fromOf(lines, index + 1);
	const first = raw.charAt(next + lead(raw, next));
	return /[^\s]/.test(raw.charAt(to - 1)) && /[A-Za-z0-9+/=_.-]/.test(first) && toOf(lines, index + 1) > next;
}

function lead(raw: string, from: number): number {
	return /^(?:> ?){0,4}/.exec(raw.slice(from, from + 8))?.[0].length ?? 0;
}
