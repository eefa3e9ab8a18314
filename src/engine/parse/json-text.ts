/**
 * JSON as docker prints it, among other text: `docker inspect`, `network inspect`, `{{json .}}`, one object a line.
 *
 * Cut off or broken JSON gives as much of its tree as is there. Strings that a terminal wrapped are joined again: a
 * JSON string never holds a raw line break. Not read: anything nested deeper than {@link DEEPEST}; docker's own
 * output stays below ten.
 */
import { createScanner, type Node, type ParseError, parseTree, type SyntaxKind } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { spanInLine } from "../text/span-of";

/** jsonc-parser recurses, so depth is bounded before it sees the text. */
export const DEEPEST = 100;

/** How many times the length of a text may be scanned in vain. */
const PATIENCE = 4;

/** Lines joined to one text, and the way back from an offset to the paste. */
export type JoinedText = { readonly text: string; spanAt(from: number, to: number): Span };

/** One JSON value of an artifact. */
export type JsonBlock = {
	readonly joined: JoinedText;
	/** Null where the text is nested too deep. */
	readonly root: Node | null;
	readonly errors: readonly ParseError[];
	readonly first: Line;
	readonly last: Line;
};

/** Lines joined by line ends, or by nothing where `glued` holds the index of a line to be joined to the one before. */
export function joinLines(
	artifact: Artifact,
	lines: readonly Line[],
	glued: ReadonlySet<number> = new Set(),
): JoinedText {
	const starts: number[] = [];
	const parts: string[] = [];
	let length = 0;
	for (const [index, line] of lines.entries()) {
		if (index > 0 && !glued.has(index)) {
			parts.push("\n");
			length++;
		}
		starts.push(length);
		parts.push(line.text);
		length += line.text.length;
	}
	const place = (offset: number): { readonly line: Line; readonly column: number } | null => {
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((starts[middle] ?? 0) <= offset) low = middle + 1;
			else high = middle;
		}
		const line = lines[low - 1];
		return line ? { line, column: offset - (starts[low - 1] ?? 0) } : null;
	};
	return {
		text: parts.join(""),
		spanAt: (from, to) => {
			const start = place(from);
			const end = place(Math.max(from, to - 1));
			if (!start || !end)
				return { artifact: artifact.id, from: artifact.from, to: artifact.from, line: 1, lastLine: 1 };
			const head = spanInLine(artifact, start.line, start.column, start.column + 1);
			const tail = spanInLine(artifact, end.line, end.column, end.column + 1);
			return { ...head, to: Math.max(head.from, tail.to), lastLine: tail.line };
		},
	};
}

/** JSON objects and arrays of an artifact, and the lines that belong to none. */
export function jsonBlocks(
	artifact: Artifact,
	lines: readonly Line[],
): { readonly blocks: readonly JsonBlock[]; readonly others: readonly Line[] } {
	const blocks: JsonBlock[] = [];
	const others: Line[] = [];
	// Text full of brackets that never close would be scanned to its end from every line: after a while we stop trying.
	let patience = PATIENCE * lines.length;
	for (let index = 0; index < lines.length; ) {
		const line = lines[index];
		if (!line) break;
		const scan = patience > 0 && /^\s*[[{]/.test(line.text.slice(0, 200)) ? scanBlock(lines, index) : null;
		const first = scan && readBlock(artifact, lines.slice(index, scan.end), scan);
		if (!scan || !first) {
			others.push(line);
			if (scan) patience -= scan.end - index;
			index++;
			continue;
		}
		blocks.push(first);
		index = scan.end;
	}
	return { blocks, others };
}

type Scan = { readonly end: number; readonly glued: ReadonlySet<number> };

/** Index one past the line on which the brackets opened on `lines[from]` are closed again, or the end. */
function scanBlock(lines: readonly Line[], from: number): Scan {
	const glued = new Set<number>();
	let depth = 0;
	let inString = false;
	for (let index = from; index < lines.length; index++) {
		const text = lines[index]?.text ?? "";
		if (inString) glued.add(index - from);
		for (let at = 0; at < text.length; at++) {
			const character = text[at];
			if (inString) {
				if (character === "\\") at++;
				else if (character === '"') inString = false;
			} else if (character === '"') inString = true;
			else if (character === "{" || character === "[") depth++;
			else if (character === "}" || character === "]") {
				if (--depth <= 0) return { end: index + 1, glued };
			}
		}
	}
	return { end: lines.length, glued };
}

/** Null for text in brackets that is no JSON: `[root@host ~]# docker ps`. */
function readBlock(artifact: Artifact, lines: readonly Line[], scan: Scan): JsonBlock | null {
	const first = lines[0];
	const last = lines.at(-1);
	if (!first || !last) return null;
	const joined = joinLines(artifact, lines, scan.glued);
	if (!isShallow(joined.text)) return { joined, root: null, errors: [], first, last };
	const { root, errors } = readTree(joined.text);
	const inner = root?.type === "array" ? root.children?.[0] : root;
	// A prompt or a log prefix in brackets holds no object; `[]` and `{}` alone are answers.
	const isAnswer = inner?.type === "object" || /^\s*(?:\[\s*\]|\{\s*\})\s*$/.test(joined.text.slice(0, 200));
	return root && isAnswer ? { joined, root, errors, first, last } : null;
}

/** A tree of as much as can be read. Only for a text that {@link isShallow}. */
export function readTree(text: string): { readonly root: Node | null; readonly errors: readonly ParseError[] } {
	const errors: ParseError[] = [];
	const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
	return { root: root ?? null, errors };
}

/**
 * Whether a text is flat enough for a recursive reader. Counted on the reader's own tokens, so that strings and
 * comments mean the same to both; a bracket of the wrong sort closes nothing, so the count is never too low.
 */
export function isShallow(text: string): boolean {
	const scanner = createScanner(text, true);
	const open: SyntaxKind[] = [];
	for (let token = scanner.scan(); token !== END; token = scanner.scan()) {
		if (token === OPEN_BRACE || token === OPEN_BRACKET) {
			open.push(token);
			if (open.length > DEEPEST) return false;
		} else if (token === CLOSE_BRACE && open.at(-1) === OPEN_BRACE) open.pop();
		else if (token === CLOSE_BRACKET && open.at(-1) === OPEN_BRACKET) open.pop();
	}
	return true;
}

// jsonc-parser's SyntaxKind is a const enum, which isolated modules can't inline (its src/main.ts gives the numbers).
const OPEN_BRACE: SyntaxKind = 1;
const CLOSE_BRACE: SyntaxKind = 2;
const OPEN_BRACKET: SyntaxKind = 3;
const CLOSE_BRACKET: SyntaxKind = 4;
const END: SyntaxKind = 17;

/** Members of an object by name; of a name given twice the last, as Go and JavaScript read it. Empty for anything else. */
export function members(node: Node | null | undefined): ReadonlyMap<string, Node> {
	const found = new Map<string, Node>();
	if (node?.type !== "object") return found;
	for (const property of node.children ?? []) {
		const [key, value] = property.children ?? [];
		if (key && value && typeof key.value === "string") found.set(key.value, value);
	}
	return found;
}

/** The member at the end of a path of names, or null. */
export function memberAt(node: Node | null | undefined, ...path: readonly string[]): Node | null {
	let current: Node | null | undefined = node;
	for (const name of path) current = members(current).get(name);
	return current ?? null;
}

/** Elements of an array; empty for anything else. */
export function elements(node: Node | null | undefined): readonly Node[] {
	return node?.type === "array" ? (node.children ?? []) : [];
}

/** The text of a string node, or null. */
export function stringOf(node: Node | null | undefined): string | null {
	return node?.type === "string" && typeof node.value === "string" ? node.value : null;
}

/** The text of a string node that is not empty, or null. */
export function wordOf(node: Node | null | undefined): string | null {
	return stringOf(node) || null;
}

/** A boolean node, or the strings `true` and `false` (docker's options are strings), or null. */
export function booleanOf(node: Node | null | undefined): boolean | null {
	if (node?.type === "boolean" && typeof node.value === "boolean") return node.value;
	const text = stringOf(node);
	return text === "true" ? true : text === "false" ? false : null;
}

/** A number node, or null. */
export function numberOf(node: Node | null | undefined): number | null {
	return node?.type === "number" && typeof node.value === "number" ? node.value : null;
}
