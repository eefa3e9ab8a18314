import {
	type EditorState,
	type Extension,
	RangeSet,
	RangeSetBuilder,
	StateEffect,
	StateField,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";
import type { Mark } from "../../state/marks";

/** The lines that signs point at: a bar and a tint, and in the gutter the sign's number, so that colour is never alone. */

export const setMarks = StateEffect.define<readonly Mark[]>();
const flash = StateEffect.define<{ readonly from: number; readonly to: number } | null>();

/** A sign may point at a whole listing. So many of its lines are drawn; the rest is only unmarked, not lost. */
const LINES_DRAWN = 200;
/** From so many lines on a stretch gets the bar without the tint: a tinted page tells nothing. */
const WIDE = 4;

class SignMarker extends GutterMarker {
	readonly mark: Mark;
	constructor(mark: Mark) {
		super();
		this.mark = mark;
	}
	override eq(other: GutterMarker): boolean {
		return other instanceof SignMarker && other.mark.sign === this.mark.sign && other.mark.tone === this.mark.tone;
	}
	override toDOM(): Node {
		const badge = document.createElement("span");
		badge.className = `cm-sign cm-sign-${this.mark.tone}`;
		badge.textContent = String(this.mark.sign);
		badge.title = `Sign ${this.mark.sign}: ${this.mark.says.replaceAll("`", "")}`;
		return badge;
	}
}

type Drawn = {
	readonly marks: readonly Mark[];
	readonly lines: DecorationSet;
	readonly badges: RangeSet<GutterMarker>;
};

const NOTHING: Drawn = { marks: [], lines: Decoration.none, badges: RangeSet.empty };

const draw = (state: EditorState, marks: readonly Mark[]): Drawn => {
	const end = state.doc.length;
	const lines = new Map<number, { tone: Mark["tone"]; wide: boolean }>();
	const badges = new Map<number, SignMarker>();
	for (const mark of marks) {
		if (mark.from > end) continue;
		const first = state.doc.lineAt(mark.from).number;
		const last = state.doc.lineAt(Math.min(Math.max(mark.from, mark.to), end)).number;
		const wide = last - first + 1 >= WIDE;
		for (let number = first; number <= Math.min(last, first + LINES_DRAWN); number += 1) {
			const at = state.doc.line(number).from;
			// A narrow mark inside a wide one keeps its tint.
			lines.set(at, { tone: mark.tone, wide: wide && (lines.get(at)?.wide ?? true) });
		}
		const at = state.doc.line(first).from;
		if (!badges.has(at)) badges.set(at, new SignMarker(mark));
	}
	const lineSet = new RangeSetBuilder<Decoration>();
	for (const [at, { tone, wide }] of [...lines].sort(([a], [b]) => a - b)) {
		lineSet.add(at, at, Decoration.line({ class: `cm-marked cm-marked-${tone}${wide ? " cm-marked-wide" : ""}` }));
	}
	const badgeSet = new RangeSetBuilder<GutterMarker>();
	for (const [at, badge] of [...badges].sort(([a], [b]) => a - b)) badgeSet.add(at, at, badge);
	return { marks, lines: lineSet.finish(), badges: badgeSet.finish() };
};

const drawn = StateField.define<Drawn>({
	create: () => NOTHING,
	update: (value, transaction) => {
		for (const effect of transaction.effects) {
			if (effect.is(setMarks)) return draw(transaction.state, effect.value);
		}
		if (!transaction.docChanged || value === NOTHING) return value;
		const { changes } = transaction;
		return {
			marks: value.marks.map((mark) => ({ ...mark, from: changes.mapPos(mark.from), to: changes.mapPos(mark.to) })),
			lines: value.lines.map(changes),
			badges: value.badges.map(changes),
		};
	},
	provide: (field) => EditorView.decorations.from(field, (value) => value.lines),
});

const flashed = StateField.define<DecorationSet>({
	create: () => Decoration.none,
	update: (value, transaction) => {
		for (const effect of transaction.effects) {
			if (!effect.is(flash)) continue;
			if (effect.value === null) return Decoration.none;
			const { doc } = transaction.state;
			const set = new RangeSetBuilder<Decoration>();
			const last = doc.lineAt(effect.value.to).number;
			for (let number = doc.lineAt(effect.value.from).number; number <= last; number += 1) {
				const at = doc.line(number).from;
				set.add(at, at, Decoration.line({ class: "cm-shown" }));
			}
			return set.finish();
		}
		return transaction.docChanged ? value.map(transaction.changes) : value;
	},
	provide: (field) => EditorView.decorations.from(field),
});

/** The marks of a state, in the order they were given. */
export function marksIn(state: EditorState): readonly Mark[] {
	return state.field(drawn, false)?.marks ?? [];
}

/** The sign whose mark covers the line of `position`; the narrowest where several do. Null on an unmarked line. */
export function signAt(state: EditorState, position: number): number | null {
	const line = state.doc.lineAt(position);
	const over = marksIn(state)
		.filter((mark) => mark.from <= line.to && mark.to >= line.from)
		.sort((a, b) => a.to - a.from - (b.to - b.from));
	return over[0]?.sign ?? null;
}

/** Puts the cursor on the next (1) or previous (-1) marked line, round the end. False without marks. */
export function nextMark(view: EditorView, direction: 1 | -1): boolean {
	const starts = [...new Set(marksIn(view.state).map((mark) => view.state.doc.lineAt(mark.from).from))].sort(
		(a, b) => a - b,
	);
	const here = view.state.doc.lineAt(view.state.selection.main.head).from;
	const to =
		direction === 1
			? (starts.find((at) => at > here) ?? starts[0])
			: (starts.findLast((at) => at < here) ?? starts.at(-1));
	if (to === undefined) return false;
	showPlace(view, to, to);
	return true;
}

/** Scrolls to a stretch, puts the cursor there and lights it up for a moment. */
export function showPlace(view: EditorView, from: number, to: number): void {
	const end = view.state.doc.length;
	const start = Math.min(from, end);
	const stop = Math.min(Math.max(from, to), end);
	view.dispatch({
		selection: { anchor: start },
		effects: [
			EditorView.scrollIntoView(start, { y: "center" }),
			flash.of({ from: start, to: Math.min(stop, start + 8000) }),
		],
	});
	view.focus();
	setTimeout(() => view.dispatch({ effects: flash.of(null) }), 1600);
}

const look = EditorView.theme({
	".cm-marked-fault": { boxShadow: "inset 3px 0 0 var(--fault)", backgroundColor: "var(--fault-tint)" },
	".cm-marked-whole": { boxShadow: "inset 3px 0 0 var(--whole)", backgroundColor: "var(--whole-tint)" },
	".cm-marked-wide": { backgroundColor: "transparent" },
	".cm-shown": { outline: "2px solid var(--action)", outlineOffset: "-2px" },
	".cm-signs .cm-gutterElement": {
		width: "24px",
		padding: "0 3px",
		display: "flex",
		alignItems: "center",
		justifyContent: "center",
	},
	".cm-sign": {
		minWidth: "17px",
		padding: "0 4px",
		borderRadius: "9px",
		font: "var(--tiny-strong)",
		fontSize: "0.6875rem",
		lineHeight: "17px",
		textAlign: "center",
		cursor: "pointer",
	},
	".cm-sign-fault": { color: "var(--on-action)", backgroundColor: "var(--fault)" },
	".cm-sign-whole": { color: "var(--on-action)", backgroundColor: "var(--whole)" },
});

/** Marks, their gutter, and the way from a badge to its sign. */
export function marking(onSign: (sign: number) => void): Extension {
	return [
		drawn,
		flashed,
		look,
		gutter({
			class: "cm-signs",
			markers: (view) => view.state.field(drawn).badges,
			domEventHandlers: {
				mousedown: (view, block) => {
					const sign = signAt(view.state, block.from);
					if (sign === null) return false;
					onSign(sign);
					return true;
				},
			},
		}),
	];
}
