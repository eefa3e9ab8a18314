import type { Artifact, ArtifactKind, Line } from "./evidence";
import type { Span } from "./span";

/**
 * Raw offset of a column of the cleaned line. Columns past the end answer the end, columns before the start the start.
 *
 * Be aware: for the end of a piece of text ask for its last column and add one; what was cleaned away between two
 * columns (a colour, a mail quote of a joined line) belongs to neither.
 */
export function rawOffset(line: Line, column: number): number {
	const wanted = Math.max(0, column);
	if (line.map === undefined) return Math.min(line.from + wanted, line.to);
	let low = 0;
	let high = line.map.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const breakpoint = line.map[middle];
		if (breakpoint !== undefined && breakpoint[0] <= wanted) low = middle + 1;
		else high = middle;
	}
	const breakpoint = line.map[low - 1];
	if (breakpoint === undefined) return line.from;
	return Math.min(breakpoint[1] + (wanted - breakpoint[0]), line.to);
}

/** The whole text of one line. */
export function spanOfLine(artifact: Artifact, line: Line): Span {
	return spanInLine(artifact, line, 0, line.text.length);
}

/** Columns `fromColumn` up to, not including, `toColumn` of one line, as counted in its cleaned text. */
export function spanInLine(artifact: Artifact, line: Line, fromColumn: number, toColumn: number): Span {
	const end = Math.min(Math.max(toColumn, 0), line.text.length);
	const start = Math.min(Math.max(fromColumn, 0), end);
	const from = rawOffset(line, start);
	const to = end > start ? rawOffset(line, end - 1) + 1 : from;
	return {
		artifact: artifact.id,
		from,
		to: Math.max(from, Math.min(to, line.to)),
		line: line.number,
		lastLine: line.number,
	};
}

/** From the first column of one line to the last column of a later one. */
export function spanOfLines(artifact: Artifact, first: Line, last: Line): Span {
	const [upper, lower] = first.number <= last.number ? [first, last] : [last, first];
	const start = spanOfLine(artifact, upper);
	const end = spanOfLine(artifact, lower);
	return {
		artifact: artifact.id,
		from: start.from,
		to: Math.max(start.from, end.to),
		line: upper.number,
		lastLine: lower.number,
	};
}

/** What `artifactFromText` may be told besides kind and text. */
export type ArtifactOptions = { readonly name?: string; readonly id?: string; readonly command?: string };

/** An artifact whose lines are the lines of a plain text as they stand: for text that needs no clean-up. */
export function artifactFromText(kind: ArtifactKind, text: string, options: ArtifactOptions = {}): Artifact {
	const lines: Line[] = [];
	for (let from = 0; from <= text.length; ) {
		const newline = text.indexOf("\n", from);
		const end = newline < 0 ? text.length : newline;
		const to = end > from && text[end - 1] === "\r" ? end - 1 : end;
		// A text that ends with a line end has no empty line after it.
		if (newline >= 0 || end > from) lines.push({ number: lines.length + 1, text: text.slice(from, to), from, to });
		from = end + 1;
	}
	return {
		id: options.id ?? kind,
		kind,
		name: options.name ?? options.command ?? kind,
		source: "text",
		from: 0,
		to: text.length,
		firstLine: 1,
		lines,
		...(options.command === undefined ? {} : { command: options.command }),
	};
}
