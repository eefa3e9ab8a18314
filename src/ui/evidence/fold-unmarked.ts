import { type EditorState, type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { wraps } from "./long-lines";
import { marksIn, setMarks } from "./mark-lines";

/** Folds away what no sign points at, so that a card of 2,000 lines shows the three that matter. */

export const setFolded = StateEffect.define<boolean>();

/** A document of so many lines is shown whole. */
const SHORT = 12;
/** Lines kept around a mark, and from the head of a document without marks. */
const CONTEXT = 1;
const HEAD = 5;
/** A fold of fewer lines than this would save nothing. */
const LEAST = 3;
/** A wrapped line takes several rows: its neighbours are folded, however few they are. */
const WRAPPED_HEAD = 2;

/** The runs of lines to fold, each `[first, last]` from 1 and inclusive, given the lines to keep. */
export function stretchesBetween(
	lines: number,
	kept: ReadonlySet<number>,
	least = LEAST,
): readonly (readonly [number, number])[] {
	const runs: [number, number][] = [];
	let start = 0;
	for (let number = 1; number <= lines + 1; number += 1) {
		const isOut = number <= lines && !kept.has(number);
		if (isOut && start === 0) start = number;
		if (!isOut && start > 0) {
			if (number - start >= least) runs.push([start, number - 1]);
			start = 0;
		}
	}
	return runs;
}

const linesToKeep = (state: EditorState): ReadonlySet<number> => {
	const kept = new Set<number>();
	const { doc } = state;
	const marks = marksIn(state);
	const isWrapped = state.facet(wraps);
	const head = isWrapped ? WRAPPED_HEAD : HEAD;
	const context = isWrapped ? 0 : CONTEXT;
	if (isWrapped && doc.line(doc.lines).length === 0) kept.add(doc.lines);
	if (marks.length === 0) for (let number = 1; number <= head; number += 1) kept.add(number);
	for (const mark of marks) {
		if (mark.from > doc.length) continue;
		const first = doc.lineAt(mark.from).number;
		const last = doc.lineAt(Math.min(mark.to, doc.length)).number;
		const upTo = last - first > SHORT ? first + 4 : last;
		for (let number = first - context; number <= upTo + context; number += 1) kept.add(number);
		if (upTo < last) kept.add(last);
	}
	return kept;
};

class Stretch extends WidgetType {
	readonly lines: number;
	constructor(lines: number) {
		super();
		this.lines = lines;
	}
	override eq(other: WidgetType): boolean {
		return other instanceof Stretch && other.lines === this.lines;
	}
	override toDOM(view: EditorView): HTMLElement {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "cm-stretch";
		const count = this.lines === 1 ? "1 line" : `${this.lines} lines`;
		button.textContent = count;
		button.setAttribute("aria-label", `Show what is folded: ${count}`);
		button.addEventListener("click", () => {
			view.dispatch({ effects: setFolded.of(false) });
			view.focus();
		});
		return button;
	}
	override get estimatedHeight(): number {
		return 25;
	}
	override ignoreEvent(): boolean {
		return true;
	}
}

type Folds = { readonly folded: boolean; readonly stretches: DecorationSet };

const fold = (state: EditorState): DecorationSet => {
	if (state.doc.lines <= SHORT) return Decoration.none;
	const set = new RangeSetBuilder<Decoration>();
	for (const [first, last] of stretchesBetween(state.doc.lines, linesToKeep(state), state.facet(wraps) ? 1 : LEAST)) {
		set.add(
			state.doc.line(first).from,
			state.doc.line(last).to,
			Decoration.replace({ widget: new Stretch(last - first + 1), block: true }),
		);
	}
	return set.finish();
};

const folds = StateField.define<Folds>({
	create: () => ({ folded: false, stretches: Decoration.none }),
	update: (value, transaction) => {
		const asked = transaction.effects.find((effect) => effect.is(setFolded));
		// Whoever types wants to see the text, not its summary.
		const types = transaction.isUserEvent("input.type") || transaction.isUserEvent("delete");
		const folded = asked ? asked.value : value.folded && !types;
		const marked = transaction.effects.some((effect) => effect.is(setMarks));
		if (!folded) return value.folded ? { folded, stretches: Decoration.none } : value;
		if (asked || marked || transaction.reconfigured || transaction.isUserEvent("replace.whole")) {
			return { folded, stretches: fold(transaction.state) };
		}
		let { stretches } = value;
		if (transaction.docChanged) stretches = stretches.map(transaction.changes);
		// A cursor that arrives inside a fold, from a search or a jump, opens it.
		if (!transaction.selection) return stretches === value.stretches ? value : { folded, stretches };
		const { head } = transaction.state.selection.main;
		let isInside = false;
		stretches.between(head, head, () => {
			isInside = true;
		});
		if (isInside) stretches = stretches.update({ filter: (from, to) => head < from || head > to });
		return stretches === value.stretches ? value : { folded, stretches };
	},
	provide: (field) => [
		EditorView.decorations.from(field, (value) => value.stretches),
		EditorView.atomicRanges.of((view) => view.state.field(field).stretches),
	],
});

/** True while unmarked stretches are folded. */
export function isFolded(state: EditorState): boolean {
	return state.field(folds, false)?.folded ?? false;
}

const look = EditorView.theme({
	".cm-stretch": {
		display: "block",
		width: "100%",
		minHeight: "25px",
		padding: "2px 14px 2px 8px",
		border: "none",
		borderBlock: "1px dashed var(--line)",
		background: "var(--sunk)",
		color: "var(--soft)",
		font: "var(--small)",
		fontSize: "0.75rem",
		textAlign: "start",
		cursor: "pointer",
	},
	".cm-stretch:hover": { color: "var(--ink)" },
});

/** Folding, and `onFold` when it changes. */
export function folding(onFold: (folded: boolean) => void): Extension {
	return [
		folds,
		look,
		EditorView.updateListener.of((update) => {
			const now = isFolded(update.state);
			if (now !== isFolded(update.startState)) onFold(now);
		}),
	];
}
