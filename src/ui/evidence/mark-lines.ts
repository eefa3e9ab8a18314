import {
	type EditorState,
	type Extension,
	Facet,
	RangeSet,
	RangeSetBuilder,
	StateEffect,
	StateField,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, ViewPlugin } from "@codemirror/view";
import type { Mark } from "../../state/marks";

/** The lines that signs point at: a bar and a tint, and in the gutter the sign's number, so that colour is never alone. */

export const setMarks = StateEffect.define<readonly Mark[]>();
const flash = StateEffect.define<{ readonly from: number; readonly to: number } | null>();

/** A sign may point at a whole listing. So many of its lines are drawn; the rest is only unmarked, not lost. */
const LINES_DRAWN = 200;
/** From so many lines on a stretch gets the bar without the tint: a tinted page tells nothing. */
const WIDE = 4;
/** More signs than these rarely begin on one line; the others are reached from their sentences. */
const BADGES_A_LINE = 3;

/** What happens when a person asks for the sign behind a marked line. */
const askedForSign = Facet.define<(sign: number) => void>();

/** The badges of one line, one button a sign: the way from the line back to the sentence that was read from it. */
class SignMarker extends GutterMarker {
	readonly marks: readonly Mark[];
	constructor(marks: readonly Mark[]) {
		super();
		this.marks = marks;
	}
	override eq(other: GutterMarker): boolean {
		if (!(other instanceof SignMarker) || other.marks.length !== this.marks.length) return false;
		return this.marks.every(({ sign, tone, says }, at) => {
			const its = other.marks[at];
			return its?.sign === sign && its.tone === tone && its.says === says;
		});
	}
	override toDOM(view: EditorView): Node {
		const badges = document.createElement("span");
		badges.className = "cm-badges";
		for (const { sign, tone, says } of this.marks) {
			const badge = document.createElement("button");
			badge.type = "button";
			badge.className = `cm-sign cm-sign-${tone}`;
			badge.textContent = String(sign);
			const words = `Sign ${sign}: ${says.replaceAll("`", "")}`;
			badge.setAttribute("aria-label", words);
			badge.title = words;
			badge.addEventListener("click", () => {
				for (const tell of view.state.facet(askedForSign)) tell(sign);
			});
			badges.append(badge);
		}
		return badges;
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
	const badges = new Map<number, readonly Mark[]>();
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
		const here = badges.get(at) ?? [];
		if (here.length < BADGES_A_LINE && here.every(({ sign }) => sign !== mark.sign)) badges.set(at, [...here, mark]);
	}
	const lineSet = new RangeSetBuilder<Decoration>();
	for (const [at, { tone, wide }] of [...lines].sort(([a], [b]) => a - b)) {
		const names = ["cm-marked", `cm-marked-${tone}`, wide && "cm-marked-wide", badges.has(at) && "cm-signed"];
		lineSet.add(at, at, Decoration.line({ class: names.filter(Boolean).join(" ") }));
	}
	const badgeSet = new RangeSetBuilder<GutterMarker>();
	for (const [at, here] of [...badges].sort(([a], [b]) => a - b)) badgeSet.add(at, at, new SignMarker(here));
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
	// A line with a badge is as high as a finger's least target, so that badges of neighbouring lines don't crowd.
	".cm-signed": { paddingBlock: "1.6px" },
	".cm-signs .cm-gutterElement": { minWidth: "26px" },
	".cm-badges": { display: "flex" },
	".cm-sign": {
		display: "grid",
		placeItems: "center",
		width: "24px",
		height: "24px",
		margin: "0 1px",
		padding: "0",
		border: "none",
		borderRadius: "12px",
		background: "none",
		color: "var(--on-action)",
		font: "var(--tiny-strong)",
		fontSize: "0.6875rem",
		cursor: "pointer",
		position: "relative",
		zIndex: "0",
	},
	".cm-sign::before": {
		content: '""',
		position: "absolute",
		inset: "3.5px",
		zIndex: "-1",
		borderRadius: "inherit",
	},
	".cm-sign:hover::before": { inset: "1.5px" },
	".cm-sign-fault::before": { backgroundColor: "var(--fault)" },
	".cm-sign-whole::before": { backgroundColor: "var(--whole)" },
});

/**
 * CodeMirror hides its gutters from screen readers whole, for the sake of the line numbers. Our badges are buttons, so
 * only the numbers stay hidden.
 */
const spokenBadges = ViewPlugin.define((view) => {
	const speak = () => {
		const gutters = view.dom.querySelector(".cm-gutters");
		if (gutters?.hasAttribute("aria-hidden")) gutters.removeAttribute("aria-hidden");
		const numbers = view.dom.querySelector(".cm-lineNumbers");
		if (numbers && !numbers.hasAttribute("aria-hidden")) numbers.setAttribute("aria-hidden", "true");
	};
	return { update: speak };
});

/** Marks, their gutter, and the way from a badge to its sign. */
export function marking(onSign: (sign: number) => void): Extension {
	return [
		drawn,
		flashed,
		look,
		askedForSign.of(onSign),
		gutter({ class: "cm-signs", markers: (view) => view.state.field(drawn).badges }),
		spokenBadges,
	];
}
