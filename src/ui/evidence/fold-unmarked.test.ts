import { EditorState } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mark } from "../../state/marks";
import { folding, isFolded, setFolded, stretchesBetween } from "./fold-unmarked";
import { marking, marksIn, setMarks, signAt } from "./mark-lines";

const mark = (text: string, words: string, sign: number): Mark => {
	const from = text.indexOf(words);
	return { from, to: from + words.length, sign, tone: "fault", says: "" };
};

const stateOf = (text: string) =>
	EditorState.create({ doc: text, extensions: [marking(() => undefined), folding(() => undefined)] });

describe("a marked document", () => {
	const text = Array.from({ length: 40 }, (_, at) => `line ${at + 1};`).join("\n");

	it.each([
		[10, [1, 2, 9], [[3, 8]]],
		[10, [], [[1, 10]]],
		[
			10,
			[5],
			[
				[1, 4],
				[6, 10],
			],
		],
		[3, [2], []],
	])("of %i lines of which %j are kept folds %j", (lines, kept, stretches) => {
		expect(stretchesBetween(lines, new Set(kept))).toEqual(stretches);
	});

	it("never folds a kept line away", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 60 }), fc.array(fc.integer({ min: 1, max: 60 })), (lines, kept) => {
				const stretches = stretchesBetween(lines, new Set(kept));
				for (const [first, last] of stretches) {
					expect(first).toBeLessThanOrEqual(last);
					expect(last).toBeLessThanOrEqual(lines);
					expect(kept.some((line) => line >= first && line <= last)).toBe(false);
				}
			}),
		);
	});

	it("moves its marks with the text and tells the sign of a line", () => {
		const marked = stateOf(text).update({ effects: setMarks.of([mark(text, "line 20;", 2)]) }).state;
		const edited = marked.update({ changes: { from: 0, insert: "new\n" } }).state;
		expect(signAt(edited, edited.doc.line(21).from)).toBe(2);
		expect(signAt(edited, edited.doc.line(20).from)).toBeNull();
	});

	it("drops marks that lie beyond its end", () => {
		const state = stateOf("short").update({ effects: setMarks.of([mark(text, "line 30;", 1)]) }).state;
		expect(marksIn(state)).toHaveLength(1);
		expect(signAt(state, 0)).toBeNull();
	});

	it("unfolds for whoever types, and not for a jump to a visible line", () => {
		const folded = stateOf(text).update({
			effects: [setMarks.of([mark(text, "line 20;", 1)]), setFolded.of(true)],
		}).state;
		expect(isFolded(folded)).toBe(true);
		expect(isFolded(folded.update({ selection: { anchor: folded.doc.line(20).from } }).state)).toBe(true);
		const typed = folded.update({ changes: { from: 0, insert: "x" }, userEvent: "input.type" }).state;
		expect(isFolded(typed)).toBe(false);
	});
});
