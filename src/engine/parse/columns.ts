/**
 * Tables with a heading line and columns padded with blanks: docker, ss, lsof.
 *
 * A paste may have lost its padding (tabs turned into single blanks, a chat that folds blanks), so there are two
 * ways to read a row: by the offsets of the headings, and by gaps of two or more blanks. Which one fits is checked
 * a row at a time. Not read: tables whose cells hold line breaks.
 */

/** One column: its heading and the offset it starts at. */
export type Column = { readonly name: string; readonly from: number };

/** Columns of a heading line. Headings of more than one word must be among `names`; other words are columns of their own. */
export function columnsOf(heading: string, names: readonly string[]): readonly Column[] {
	const longestFirst = [...names].sort((a, b) => b.length - a.length);
	const columns: Column[] = [];
	for (let at = 0; at < heading.length; ) {
		if (isBlank(heading[at])) {
			at++;
			continue;
		}
		const known = longestFirst.find((name) => heading.startsWith(name, at) && isBlank(heading[at + name.length]));
		const name = known ?? heading.slice(at).split(/\s/, 1)[0] ?? "";
		columns.push({ name, from: at });
		at += Math.max(1, name.length);
	}
	return columns;
}

/** The cells of a row, one for each column, empty where nothing is printed; null when neither way fits. */
export function cellsOf(row: string, columns: readonly Column[]): readonly string[] | null {
	const aligned = columns.every(({ from }, index) => index === 0 || from >= row.length || startsCell(row, from));
	if (aligned) {
		return columns.map(({ from }, index) => row.slice(index === 0 ? 0 : from, columns[index + 1]?.from).trim());
	}
	const pieces = gapsOf(row);
	return pieces.length === columns.length ? pieces : null;
}

// A cell starts after a blank, and an empty cell is blank all through: half a word on either side means other offsets.
function startsCell(row: string, from: number): boolean {
	return isBlank(row[from - 1]) && (!isBlank(row[from]) || isBlank(row[from + 1]));
}

/** Pieces between tabs or gaps of two and more blanks. */
export function gapsOf(row: string): readonly string[] {
	return row.trim().split(/\t+ *| {2,}/);
}

function isBlank(character: string | undefined): boolean {
	return character === undefined || character === " " || character === "\t";
}
