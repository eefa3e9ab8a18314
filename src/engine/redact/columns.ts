import type { Place } from "./detector";

/** A replacement in a text. */
export type Edit = Place & { readonly with: string };

/**
 * Keeps listings aligned: what a stand-in is longer or shorter is taken from, or given to, the blanks behind its word.
 * In a table under a header where the blanks do not suffice, the column widens for every row, as the tool itself would
 * have printed it. Text without runs of blanks is left alone.
 *
 * `edits` must rise and not overlap; so does what is returned.
 */
export function keepColumns(raw: string, edits: readonly Edit[]): readonly Edit[] {
	if (edits.length === 0) return edits;
	const words = wordsWithEdits(raw, edits);
	const growth = new Map<number, number>();
	for (const word of words) growth.set(word.end, word.growth);
	const wider = widerColumns(raw, words);
	const gaps: Edit[] = [];
	for (const { end, growth: more, blanks } of words) {
		if (more !== 0 && blanks >= 2 && !wider.rows.has(end)) {
			// Two blanks part cells where one only parts words, with or without a header.
			gaps.push(gap(end, blanks, Math.max(2, blanks - more)));
		}
	}
	for (const [end, { blanks, more }] of wider.rows) {
		const length = Math.max(1, blanks + more - (growth.get(end) ?? 0));
		if (length !== blanks) gaps.push(gap(end, blanks, length));
	}
	return [...edits, ...gaps].sort((a, b) => a.from - b.from || a.to - b.to);
}

function gap(from: number, blanks: number, length: number): Edit {
	return { from, to: from + blanks, with: " ".repeat(length) };
}

/** A blank-delimited word that holds edits: where it ends, how much longer it becomes, how many blanks follow. */
type Word = { readonly begin: number; readonly end: number; readonly growth: number; readonly blanks: number };

function wordsWithEdits(raw: string, edits: readonly Edit[]): readonly Word[] {
	const words: Word[] = [];
	for (let index = 0; index < edits.length; ) {
		const begin = edits[index]?.from ?? 0;
		let end = endOfWord(raw, edits[index]?.to ?? 0);
		let growth = 0;
		// An edit may reach past its word's end: `<a>"<b>x y` is one word of two edits, and its gap is behind both.
		for (let edit = edits[index]; edit && edit.from < Math.max(end, begin + 1); edit = edits[++index]) {
			growth += edit.with.length - (edit.to - edit.from);
			end = Math.max(end, endOfWord(raw, edit.to));
		}
		words.push({ begin, end, growth, blanks: blanksAt(raw, end) });
	}
	return words;
}

// A header of capitals in columns: docker, docker compose, ps, lsof, ss.
const HEADER = /^(?:> ?)?[A-Z][A-Z/_ -]{1,30}\s{2,60}[A-Z(][^a-z=:]*$/;

/** In tables, the gaps of every row whose column must widen: by the offset where the gap begins. */
function widerColumns(
	raw: string,
	words: readonly Word[],
): { readonly rows: ReadonlyMap<number, { readonly blanks: number; readonly more: number }> } {
	const rows = new Map<number, { readonly blanks: number; readonly more: number }>();
	let next = 0;
	for (const table of tablesOf(raw)) {
		const columns = new Map<number, number>();
		while (next < words.length && (words[next]?.begin ?? 0) < table.from) next++;
		for (; next < words.length && (words[next]?.begin ?? 0) < table.to; next++) {
			const word = words[next];
			if (!word || word.blanks < 2 || isLineEnd(raw, word.end + word.blanks)) continue;
			const missing = Math.min(word.blanks, 3) - (word.blanks - word.growth);
			const column = word.end + word.blanks - (raw.lastIndexOf("\n", word.end - 1) + 1);
			if (missing > 0) columns.set(column, Math.max(columns.get(column) ?? 0, missing));
		}
		if (columns.size === 0) continue;
		for (const { at, end } of linesOf(raw, table)) {
			for (const [column, more] of columns) {
				const start = at + column;
				// Only where the row has a cell that begins at this column.
				if (start >= end || raw[start - 1] !== " " || raw[start] === " ") continue;
				let from = start;
				while (from > at && raw[from - 1] === " ") from--;
				rows.set(from, { blanks: start - from, more });
			}
		}
	}
	return { rows };
}

function* linesOf(raw: string, place: Place): Iterable<{ readonly at: number; readonly end: number }> {
	for (let at = place.from; at < place.to; ) {
		const newline = raw.indexOf("\n", at);
		const end = newline < 0 ? raw.length : newline;
		yield { at, end };
		at = end + 1;
	}
}

function tablesOf(raw: string): readonly Place[] {
	const tables: Place[] = [];
	let open = -1;
	for (const { at, end } of linesOf(raw, { from: 0, to: raw.length })) {
		const line = raw.slice(at, Math.min(end, at + 300));
		const isHeader = HEADER.test(line.trimEnd());
		if (open >= 0 && (isHeader || !/\S\s{2,}\S/.test(line))) {
			tables.push({ from: open, to: at });
			open = -1;
		}
		if (isHeader) open = at;
	}
	if (open >= 0) tables.push({ from: open, to: raw.length });
	return tables;
}

function endOfWord(raw: string, at: number): number {
	let to = at;
	while (to < raw.length && to - at < 512 && !/\s/.test(raw.charAt(to))) to++;
	return to;
}

function blanksAt(raw: string, at: number): number {
	let count = 0;
	while (raw[at + count] === " ") count++;
	return count;
}

function isLineEnd(raw: string, at: number): boolean {
	return at >= raw.length || raw[at] === "\n" || raw[at] === "\r";
}
