import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { Compartment, EditorSelection, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { Mark } from "../../state/marks";
import { folding, isFolded, setFolded } from "./fold-unmarked";
import { isProse, wrapped } from "./long-lines";
import { marking, nextMark, setMarks, showPlace, signAt } from "./mark-lines";

/**
 * CodeMirror, as the evidence cards use it. This file and what it imports are one lazy chunk: until it is here a
 * textarea takes the paste.
 */

export type CodeEditorOptions = {
	readonly parent: HTMLElement;
	readonly text: string;
	/** The accessible name. */
	readonly label: string;
	readonly hint: string;
	readonly readOnly: boolean;
	/** What the gutter calls a line, counted from 1. */
	readonly numberOf: (line: number) => number;
	readonly onEdit: (text: string) => void;
	/** The person asks for the sign behind a marked line. */
	readonly onSign: (sign: number) => void;
	/** True while unmarked stretches are folded away. */
	readonly onFold: (folded: boolean) => void;
};

export type CodeEditor = {
	/** Replaces the whole document; not an edit of the person, so no `onEdit`. */
	setText(text: string): void;
	setMarks(marks: readonly Mark[]): void;
	setFolded(folded: boolean): void;
	/** Scrolls to a stretch, shows it for a moment, and puts the cursor there. */
	show(from: number, to: number): void;
	select(from: number, to: number): void;
	focus(): void;
	destroy(): void;
};

// Colours are custom properties, so that a change of theme needs no new editor.
const look = EditorView.theme({
	"&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "0.8125rem" },
	"&.cm-focused": { outline: "none" },
	".cm-scroller": { fontFamily: "var(--mono-face)", lineHeight: "1.6", maxHeight: "min(56vh, 520px)" },
	".cm-content": { padding: "8px 0", caretColor: "var(--ink)", minHeight: "58px" },
	".cm-line": { padding: "0 14px 0 8px" },
	".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--soft)", border: "none" },
	".cm-lineNumbers .cm-gutterElement": {
		minWidth: "34px",
		padding: "0 6px 0 4px",
		fontSize: "0.6875rem",
		lineHeight: "1.9",
	},
	".cm-cursor": { borderLeftColor: "var(--ink)" },
	"&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection) !important" },
	".cm-placeholder": { color: "var(--soft)", whiteSpace: "pre-wrap" },
});

const JSON_LIMIT = 2_000_000;
const looksLikeJson = (text: string): boolean => text.length < JSON_LIMIT && /^\s{0,64}[[{]/.test(text);

// The server's policy lets CodeMirror's one <style> element in by this value, see index.html.
const nonce = (): string => document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";

/** Makes an editor inside `parent`. */
export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
	const language = new Compartment();
	const searching = new Compartment();
	const wrapping = new Compartment();
	let isJson = false;
	let loading = false;

	const editing: Extension = options.readOnly
		? [EditorState.readOnly.of(true), EditorView.editable.of(false)]
		: [history(), placeholder(options.hint)];

	const toSign = (view: EditorView): boolean => {
		const sign = signAt(view.state, view.state.selection.main.head);
		if (sign === null) return false;
		options.onSign(sign);
		return true;
	};

	const search = (target: EditorView): boolean => {
		void import("./editor-search").then(
			({ editorSearch, openSearchPanel }) => {
				target.dispatch({ effects: searching.reconfigure(editorSearch) });
				openSearchPanel(target);
			},
			() => undefined,
		);
		return true;
	};

	const view = new EditorView({
		parent: options.parent,
		state: EditorState.create({
			doc: options.text,
			extensions: [
				EditorView.cspNonce.of(nonce()),
				// Direction overrides and control characters are shown, not obeyed.
				highlightSpecialChars(),
				lineNumbers({ formatNumber: (line) => String(options.numberOf(line)) }),
				marking(options.onSign),
				folding((folded) => options.onFold(folded)),
				// Nothing else on the page moves by itself.
				drawSelection(matchMedia("(prefers-reduced-motion: reduce)").matches ? { cursorBlinkRate: 0 } : {}),
				editing,
				language.of([]),
				wrapping.of(wrapped(isProse(options.text))),
				searching.of([]),
				look,
				EditorView.contentAttributes.of({
					tabindex: "0",
					"aria-label": options.label,
					"aria-keyshortcuts": "F8 Control+Enter",
					spellcheck: "false",
					autocorrect: "off",
					autocapitalize: "off",
				}),
				// Tab is not bound: it leaves the editor, as on any other field.
				keymap.of([
					{ key: "F8", run: (target) => nextMark(target, 1) },
					{ key: "Shift-F8", run: (target) => nextMark(target, -1) },
					{ key: "Mod-Enter", run: toSign },
					{ key: "Mod-f", run: search },
					...historyKeymap,
					// Not the default keys: moving lines and indenting code would bring the whole language package along.
					...standardKeymap.filter(({ key }) => key !== "Ctrl-f"),
				]),
				// Files become cards of their own: the page's own drop handler takes them.
				EditorView.domEventHandlers({ drop: (event) => (event.dataTransfer?.files.length ?? 0) > 0 }),
				EditorView.updateListener.of((update) => {
					if (!update.docChanged) return;
					highlight();
					const isWhole = update.transactions.some(
						(transaction) => transaction.isUserEvent("replace.whole") || transaction.isUserEvent("input.paste"),
					);
					const wasEmpty = update.startState.doc.length < 200;
					if (isWhole) queueMicrotask(() => layOut(wasEmpty));
					if (update.transactions.some((transaction) => transaction.isUserEvent("replace.whole"))) return;
					options.onEdit(update.state.doc.toString());
				}),
			],
		}),
	});

	// What arrived whole is read from its first column, wherever the cursor of the paste was left.
	const layOut = (fromTop: boolean) => {
		view.dispatch({ effects: wrapping.reconfigure(wrapped(isProse(view.state.sliceDoc(0, 200_000)))) });
		requestAnimationFrame(() =>
			requestAnimationFrame(() => {
				view.scrollDOM.scrollLeft = 0;
				if (fromTop) view.scrollDOM.scrollTop = 0;
			}),
		);
	};

	const highlight = () => {
		const wants = looksLikeJson(view.state.doc.length < JSON_LIMIT ? view.state.sliceDoc(0, 200) : "");
		if (wants === isJson || loading) return;
		if (!wants) {
			isJson = false;
			// A dispatch inside an update is not allowed; this runs right after it.
			queueMicrotask(() => view.dispatch({ effects: language.reconfigure([]) }));
			return;
		}
		loading = true;
		import("./json-language")
			.then(({ jsonLanguage }) => {
				isJson = true;
				view.dispatch({ effects: language.reconfigure(jsonLanguage) });
			})
			.catch(() => undefined)
			.finally(() => {
				loading = false;
			});
	};
	highlight();

	return {
		setText: (text) => {
			if (text === view.state.doc.toString()) return;
			view.dispatch({
				changes: { from: 0, to: view.state.doc.length, insert: text },
				selection: EditorSelection.cursor(0),
				userEvent: "replace.whole",
			});
		},
		setMarks: (marks) => view.dispatch({ effects: setMarks.of(marks) }),
		setFolded: (folded) => {
			if (isFolded(view.state) !== folded) view.dispatch({ effects: setFolded.of(folded) });
		},
		show: (from, to) => showPlace(view, from, to),
		select: (from, to) => {
			const end = view.state.doc.length;
			view.dispatch({ selection: EditorSelection.single(Math.min(from, end), Math.min(to, end)) });
		},
		focus: () => view.focus(),
		destroy: () => view.destroy(),
	};
}
