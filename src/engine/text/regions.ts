import { type Columns, dropFront, keepFront } from "./columns";
import type { ArtifactKind } from "./evidence";
import { isRule, type Mark, markOf } from "./marks";

/** A line of text within a region, with its place among the source's lines. */
export type TextLine = {
	readonly columns: Columns /** From 0, among all lines of the source. */;
	readonly index: number;
};

/**
 * A stretch of a source between two boundaries (a prompt, a fence, a heading): nothing in it can belong to what stands
 * before or after.
 */
export type Region = {
	/** Lines of text; blank lines between them are there, those around them are not. */
	readonly lines: readonly TextLine[];
	/** The prompt's line, when a prompt began the region. */
	readonly prompt: TextLine | null;
	readonly command: string | null;
	readonly host: string | null;
	/** Kinds that the command, a heading or the source's name promise. */
	readonly hints: readonly ArtifactKind[];
	/** A prompt proves what was run; a heading or a name only promises. */
	readonly hintedBy: "prompt" | "heading" | "name" | "nothing";
	/** Index of the first line that belongs here, boundary marks before the text included. */
	readonly firstIndex: number;
};

type Heading = Pick<Region, "command" | "hints" | "hintedBy">;

/**
 * Cuts the lines of one source at everything that separates. `quoteDepth` tells how often a line was quoted: where that
 * changes behind a blank line, another person speaks.
 */
export function regionsOf(
	lines: readonly Columns[],
	sourceHints: readonly ArtifactKind[],
	quoteDepth: (index: number) => number = () => 0,
): readonly Region[] {
	const marks = withRules(lines);
	const regions: Region[] = [];
	const unnamed: Heading = { command: null, hints: sourceHints, hintedBy: sourceHints.length > 0 ? "name" : "nothing" };
	let heading: Heading = unnamed;
	let prompt: OpenPrompt | null = null;
	let texts: TextLine[] = [];
	let first: number | null = null;
	let depth = 0;
	let afterBlank = false;

	const close = () => {
		while (texts.length > 0 && texts.at(-1)?.columns.text.trim() === "") texts.pop();
		if ((texts.length > 0 || prompt !== null) && first !== null) {
			const named = prompt?.heading ?? heading;
			regions.push({
				...named,
				lines: texts,
				prompt: prompt?.line ?? null,
				host: prompt?.host ?? null,
				firstIndex: first,
			});
			first = null;
		}
		prompt = null;
		texts = [];
	};

	lines.forEach((columns, index) => {
		const mark = marks[index];
		if (mark === undefined || mark.is === "blank") {
			if (texts.length > 0) texts.push({ columns, index });
			afterBlank = true;
			return;
		}
		const quoted = quoteDepth(index);
		if (afterBlank && quoted !== depth) close();
		depth = quoted;
		afterBlank = false;
		if (prompt !== null && texts.length === 0 && isUnfinished(prompt)) {
			prompt = withMoreTyped(prompt, columns, index);
			return;
		}
		switch (mark.is) {
			case "prompt": {
				close();
				first ??= index;
				// An unknown command's output is not what the file's name promises.
				prompt = {
					line: { columns, index },
					host: mark.host,
					heading:
						mark.command === ""
							? { ...unnamed, hints: [], hintedBy: "nothing" }
							: { command: mark.command, hints: mark.kinds, hintedBy: "prompt" },
				};
				return;
			}
			case "heading":
				close();
				first ??= index;
				// It stays in force until the next one: between it and the output there may be a sentence and a fence.
				heading = { command: mark.command, hints: mark.kinds, hintedBy: mark.kinds.length > 0 ? "heading" : "nothing" };
				if (mark.command !== null) prompt = { line: { columns, index }, host: null, heading };
				return;
			case "separator":
				// A fence that opens right after a prompt or a heading does not part it from its output.
				if (texts.length > 0 || prompt?.heading.command === null) close();
				else first ??= index;
				return;
			case "noise":
				first ??= index;
				return;
			case "text": {
				if (mark.boundary && texts.length > 0) close();
				first ??= index;
				texts.push({ columns: dropFront(keepFront(columns, mark.end), mark.skip), index });
			}
		}
	});
	close();
	return regions;
}

/** Marks of all lines; a rule of `=====` is one only beside a heading, else it is text. */
function withRules(lines: readonly Columns[]): readonly Mark[] {
	const marks: Mark[] = lines.map(({ text }) => markOf(text));
	lines.forEach(({ text }, index) => {
		if (marks[index]?.is !== "text" || !isRule(text)) return;
		if (marks[index - 1]?.is === "heading" || marks[index + 1]?.is === "heading") marks[index] = { is: "separator" };
	});
	return marks;
}

type OpenPrompt = { readonly line: TextLine; readonly host: string | null; readonly heading: Heading };

/** Longer than this is no command that anybody typed. */
const LONGEST_COMMAND = 4000;

const isUnfinished = ({ line, heading }: OpenPrompt): boolean =>
	line.columns.text.trimEnd().endsWith("\\") && (heading.command?.length ?? 0) < LONGEST_COMMAND;

/** The second line of a command that ends in a backslash; the shell's second prompt before it is not part of it. */
function withMoreTyped(prompt: OpenPrompt, columns: Columns, index: number): OpenPrompt {
	const typed = (prompt.heading.command ?? "").trimEnd();
	const command = `${typed.endsWith("\\") ? typed.slice(0, -1) : typed}${columns.text.trim().replace(/^> ?/, "")}`;
	return { ...prompt, line: { columns, index }, heading: { ...prompt.heading, command } };
}
