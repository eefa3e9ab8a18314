/**
 * A line of cleaned text that still knows where each of its columns stands in the raw text.
 *
 * `map` holds breakpoints `[column, rawOffset]`, see `Line.map`; null means that column 0 is at `from` and the rest follows.
 */
export type Columns = {
	readonly text: string;
	readonly from: number;
	readonly to: number;
	readonly map: Breakpoints | null;
};

/** Breakpoints `[column, rawOffset]` in rising order. */
export type Breakpoints = readonly (readonly [column: number, raw: number])[];

/** The text from column `count` on: a quote mark, a gutter, an indentation is gone. */
export function dropFront(line: Columns, count: number): Columns {
	if (count <= 0) return line;
	const dropped = Math.min(count, line.text.length);
	const text = line.text.slice(dropped);
	if (line.map === null) return { ...line, text, map: [[0, line.from + dropped]] };
	const map: [number, number][] = [];
	for (const [column, raw] of line.map) {
		if (column > dropped) map.push([column - dropped, raw]);
		else map[0] = [0, raw + (dropped - column)];
	}
	return { ...line, text, map };
}

/** The text up to, not including, column `end`. */
export function keepFront(line: Columns, end: number): Columns {
	return end >= line.text.length ? line : { ...line, text: line.text.slice(0, Math.max(0, end)) };
}

/** Two lines that a terminal or a mail program broke, as one; `glue` is what the break ate. */
export function joined(first: Columns, glue: "" | " ", second: Columns): Columns {
	const start = first.text.length + glue.length;
	const map: (readonly [number, number])[] = [...(first.map ?? [[0, first.from] as const])];
	// The eaten blank stands where the line ended.
	if (glue !== "") map.push([first.text.length, first.to]);
	for (const [column, raw] of second.map ?? [[0, second.from] as const]) map.push([start + column, raw]);
	return { text: first.text + glue + second.text, from: first.from, to: second.to, map };
}

/** Builds cleaned text piece by piece and keeps the map as short as the changes are few. */
export function columnWriter(from: number, to: number) {
	const pieces: string[] = [];
	const map: [number, number][] = [];
	let column = 0;
	let expected = from;
	return {
		/** `text` stands at raw offset `raw`; as long as it is as long as what it replaces, no breakpoint is needed. */
		add(text: string, raw: number, rawLength: number): void {
			if (text === "") return;
			if (raw !== expected) map.push([column, raw]);
			pieces.push(text);
			column += text.length;
			expected = raw + text.length;
			// A stand-in of another length: the columns within it lie outside the one-to-one run.
			if (text.length !== rawLength) expected = Number.NaN;
		},
		done(): Columns {
			const first = map[0];
			if (first !== undefined && first[0] !== 0) map.unshift([0, from]);
			return { text: pieces.join(""), from, to, map: map.length === 0 ? null : map };
		},
	};
}
