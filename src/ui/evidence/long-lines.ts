import { type Extension, Facet } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** A line that no card is wide enough for. */
const LONG = 160;

/**
 * True for text whose long lines are sentences, as in a log or an error message, and not the columns of a listing:
 * the first is read wrapped, the second only unwrapped.
 */
export function isProse(text: string): boolean {
	// The hint in an empty editor is a sentence.
	if (text === "") return true;
	let prose = 0;
	let columns = 0;
	for (const line of text.split("\n", 2000)) {
		if (line.length <= LONG) continue;
		if (/\S {3,}\S/.test(line.slice(0, 400))) columns += 1;
		else prose += 1;
	}
	return prose > columns;
}

const wraps = Facet.define<boolean, boolean>({ combine: (values) => values.some(Boolean) });

/** Lines are wrapped, or not. */
export function wrapped(yes: boolean): Extension {
	return yes ? [EditorView.lineWrapping, wraps.of(true)] : [];
}

/** The facet behind `wrapped`: a wrapped line takes several rows, so fewer of them are shown unasked. */
export { wraps };
