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
	for (const [index, line] of lines.entries()) {
		if (!isFull(raw, lines, index)) continue;
		const begin = Math.max(line.from, line.to - BEFORE);
		const offsets: number[] = [];
		const pieces: string[] = [];
		let length = 0;
		for (let next = index; next < lines.length && length < BEFORE + AFTER; next++) {
			const piece = lines[next];
			if (!piece || piece.to - piece.from > 4096) break;
			const from = next === index ? begin : piece.from + lead(raw, piece.from);
			pieces.push(raw.slice(from, piece.to));
			for (let at = from; at < piece.to; at++) offsets.push(at);
			length += piece.to - from;
			if (next > index && !isFull(raw, lines, next)) break;
		}
		yield { view: pieces.join(""), joint: line.to - begin, rawAt: (offset) => offsets[offset] ?? raw.length };
	}
}

type Line = { readonly from: number; readonly to: number; readonly longest: number };

function linesOf(raw: string): readonly Line[] {
	const places: { from: number; to: number }[] = [];
	for (let at = 0; at <= raw.length; ) {
		const newline = raw.indexOf("\n", at);
		const end = newline < 0 ? raw.length : newline;
		places.push({ from: at, to: raw[end - 1] === "\r" && end > at ? end - 1 : end });
		at = end + 1;
	}
	// Longest line of each block of twenty; a line looks at its own block and the two beside it.
	const blocks: number[] = [];
	for (const [index, { from, to }] of places.entries()) {
		const block = Math.floor(index / NEIGHBOURS);
		blocks[block] = Math.max(blocks[block] ?? 0, to - from);
	}
	return places.map((place, index) => {
		const block = Math.floor(index / NEIGHBOURS);
		return { ...place, longest: Math.max(blocks[block - 1] ?? 0, blocks[block] ?? 0, blocks[block + 1] ?? 0) };
	});
}

function isFull(raw: string, lines: readonly Line[], index: number): boolean {
	const line = lines[index];
	const next = lines[index + 1];
	if (!line || !next || line.to - line.from < 60 || line.to - line.from < line.longest) return false;
	const first = raw.charAt(next.from + lead(raw, next.from));
	return /[^\s]/.test(raw.charAt(line.to - 1)) && /[A-Za-z0-9+/=_.-]/.test(first) && next.to > next.from;
}

function lead(raw: string, from: number): number {
	return /^(?:> ?){0,4}/.exec(raw.slice(from, from + 8))?.[0].length ?? 0;
}
