import { type Columns, joined } from "./columns";
import type { ArtifactKind } from "./evidence";
import { quoteOpenAfter } from "./logfmt-quote";
import { SEEN } from "./shape";
import { isMessageStart } from "./shapes/errors";

/**
 * Puts lines together again that a terminal or a mail program broke, where the format leaves no doubt: a rule of
 * iptables-save that does not begin with an operation, a logfmt record whose quote is still open, an error message that
 * goes on in the middle of a sentence.
 */
export function unwrapped(kind: ArtifactKind, lines: readonly Columns[]): readonly Columns[] {
	const goesOn = BREAKS.get(kind);
	if (goesOn === undefined) return lines;
	const terminal = terminalEdge(lines);
	const width = edgeOf(lines, goesOn);
	const result: Columns[] = [];
	// Pieces of the line that is being put together: joined at its end, so that a long one is not copied for each piece.
	let parts: Columns[] = [];
	const flush = () => {
		const [first, ...rest] = parts;
		if (first !== undefined) result.push(rest.length === 0 ? first : glued(first, rest, width));
		parts = [];
	};
	let quoteOpen = false;
	for (const line of lines) {
		const before = parts.at(-1);
		const goes =
			before !== undefined &&
			parts.length < MOST_PARTS &&
			(goesOn(before.text, line.text, quoteOpen) ||
				(kind === "docker-error" && isTerminals(before.text, line.text, terminal)));
		if (!goes) flush();
		quoteOpen = quoteOpenAfter(line.text, goes && quoteOpen);
		parts.push(line);
	}
	flush();
	return result;
}

/** The width of a terminal that broke several lines at its edge: they are all as long, and none is longer. Null: none did. */
function terminalEdge(lines: readonly Columns[]): number | null {
	const longest = lines.reduce((most, { text }) => Math.max(most, text.length), 0);
	const full = lines.filter(({ text }) => text.length === longest);
	return longest >= MAIL_WIDTH && full.length > 1 ? longest : null;
}

/** A full line of such a terminal goes on whatever the next one begins with, unless a message of its own begins there. */
const isTerminals = (before: string, line: string, edge: number | null): boolean =>
	before.length === edge && line.trim() !== "" && !isMessageStart(line.slice(0, SEEN).trimEnd());

/** A record that was broken more often than this is no record. */
const MOST_PARTS = 200;
/** Terminals are at least this wide; a shorter line was not broken at an edge. */
const NARROWEST = 60;

type GoesOn = (before: string, line: string, quoteOpen: boolean) => boolean;

const RULE = /^(?:\[\d+:\d+\] )?-[AIDR] /;
const SAVE_LINE = /^(?:[*:#]|COMMIT\s*$|-[ADINPRXFZE] |\[\d+:\d+\] -|[a-z]\w{1,30}: |ip6?tables)/;

const BREAKS: ReadonlyMap<ArtifactKind, GoesOn> = new Map<ArtifactKind, GoesOn>([
	[
		"iptables-save",
		(before, line) =>
			before.length >= NARROWEST - 20 &&
			line.trim() !== "" &&
			!SAVE_LINE.test(line.slice(0, 200)) &&
			(RULE.test(before.slice(0, 80)) || !SAVE_LINE.test(before.slice(0, 80))),
	],
	[
		"dockerd-log",
		(before, line, quoteOpen) =>
			quoteOpen && before.length >= NARROWEST && line.trim() !== "" && !RECORD.test(line.slice(0, 200)),
	],
	[
		"docker-error",
		(before, line) =>
			before.length >= NARROWEST && /^[a-z\d'"-]/.test(line) && !isMessageStart(line.slice(0, SEEN).trimEnd()),
	],
]);

const RECORD = /^(?:time="|[\p{Lu}]\p{L}{2} {1,2}\d{1,2} \d\d:\d\d:|\d{4}-\d\d-\d\d|\{|<\d|-- |\[|level=)/u;

/** The column at which a terminal broke the lines: the length of the longest broken line, when it is a terminal's. */
function edgeOf(lines: readonly Columns[], goesOn: GoesOn): number {
	let edge = 0;
	let quoteOpen = false;
	lines.forEach((line, index) => {
		quoteOpen = quoteOpenAfter(line.text, quoteOpen);
		const next = lines[index + 1];
		if (next !== undefined && line.text.length > edge && goesOn(line.text, next.text, quoteOpen))
			edge = line.text.length;
	});
	return edge;
}

/** Mail programs break at 78 columns at most (RFC 5322), and at a blank; terminals are wider, and break anywhere. */
const MAIL_WIDTH = 78;
/** An option of iptables: there was a blank before it. */
const OPTION = /^(?:-[A-Za-z]|--[a-z][a-z-]+) /;

/** A terminal breaks at its edge; a line that ends before the edge was broken at a blank. */
function glued(first: Columns, rest: readonly Columns[], edge: number): Columns {
	let line = first;
	let before = first.text;
	for (const part of rest) {
		const blankKept = before.endsWith(" ") || part.text.startsWith(" ");
		const atEdge = before.length > MAIL_WIDTH && before.length >= edge && !OPTION.test(part.text.slice(0, 60));
		line = joined(line, blankKept || atEdge ? "" : " ", part);
		before = part.text;
	}
	return line;
}
