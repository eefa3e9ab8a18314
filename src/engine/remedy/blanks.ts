import type { About, Plan } from "./plan";

/**
 * A plan that was made from somebody's redacted report names things by stand-ins. Before such a plan is printed each
 * of them becomes a blank: the script asks the host or the person for it, texts show `<container-1>`, and nothing ever
 * passes a stand-in off as real.
 */
export type Blank = {
	/** One private-use character, which stands in the plan's words in place of the stand-in. */
	readonly mark: string;
	/** What texts show between angle brackets: `container-1`, `address-1`. */
	readonly label: string;
	/** What the report calls it. */
	readonly standIn: string;
	readonly kind: BlankKind;
	/** A command or a check needs it. False: only sentences speak of it, and nobody is asked. */
	readonly asked: boolean;
};

/** What it must be to be filled in; `secret` is never filled in. */
export type BlankKind = "container" | "interface" | "address" | "name" | "secret";

/** Where stand-ins are in a text; rising, not overlapping. `isProse`: the text is a sentence, no value. */
export type FindStandIns = (
	text: string,
	isProse: boolean,
) => readonly { readonly from: number; readonly to: number; readonly kind: string; readonly word: string }[];

export type Blanked = { readonly plan: Plan; readonly about: About; readonly blanks: readonly Blank[] };

/** A character that only ever stands for a blank: the private-use area, of which no checked value may hold any. */
export const MARK = /[\ue000-\uf8ff]/;
const MARKS = /[\ue000-\uf8ff]/g;
const FIRST_MARK = 0xe000;
const MOST = 6_400;

// Sentences of a plan. Everything else of it is a value that a command or a check uses.
const PROSE: ReadonlySet<string> = new Set([
	"summary",
	"why",
	"otherwise",
	"proveFromOutside",
	"instructions",
	"instead",
	"title",
	"failure",
]);
// Fields that say what a word is, whatever it looks like: a container may be named by an id.
const KIND_OF_FIELD: ReadonlyMap<string, BlankKind> = new Map([
	["container", "container"],
	["interface", "interface"],
	["bridge", "interface"],
]);

/** Puts a blank in the place of every stand-in. A plan without any comes back as it is, with no blanks. */
export function blankOut(plan: Plan, about: About, find: FindStandIns): Blanked {
	const blanks = new Map<string, Blank>();
	const labels = new Map<string, number>();
	const blankOf = (word: string, kind: string, field: string, isProse: boolean): Blank | null => {
		const known = blanks.get(word);
		if (known && (known.asked || isProse)) return known;
		if (!known && blanks.size >= MOST) return null;
		const blank = known
			? { ...known, asked: true, kind: KIND_OF_FIELD.get(field) ?? known.kind }
			: {
					mark: String.fromCharCode(FIRST_MARK + blanks.size),
					label: labelOf(word, kind, labels),
					standIn: word,
					kind: KIND_OF_FIELD.get(field) ?? kindOf(kind),
					asked: !isProse,
				};
		blanks.set(word, blank);
		return blank;
	};
	const replace = (text: string, field: string, isProse: boolean): string => {
		const clean = text.replaceAll(MARKS, "");
		const pieces: string[] = [];
		let at = 0;
		for (const { from, to, kind, word } of find(clean, isProse)) {
			const blank = blankOf(word, kind, field, isProse);
			if (!blank) continue;
			pieces.push(clean.slice(at, from), blank.mark);
			at = to;
		}
		return `${pieces.join("")}${clean.slice(at)}`;
	};
	const blanked = mapWords({ plan, about }, replace);
	return { ...blanked, blanks: [...blanks.values()] };
}

/** The plan with `<label>` for every blank: for texts that people read. */
export function labelled<T>(value: T, blanks: readonly Blank[]): T {
	return blanks.length === 0 ? value : mapWords(value, (text) => fillIn(text, blanks, ({ label }) => `<${label}>`));
}

/** Replaces the marks of the blanks in a text. */
export function fillIn(text: string, blanks: readonly Blank[], print: (blank: Blank) => string): string {
	if (!MARK.test(text)) return text;
	const byMark = new Map(blanks.map((blank) => [blank.mark, blank]));
	return text.replaceAll(MARKS, (mark) => {
		const blank = byMark.get(mark);
		return blank ? print(blank) : "";
	});
}

/** One line for people that says what the angle brackets mean; null without blanks. */
export function legend(blanks: readonly Blank[]): string | null {
	if (blanks.length === 0) return null;
	const names = blanks.map(({ label, standIn }) =>
		label === standIn ? `<${label}>` : `<${label}> (in the report: ${standIn})`,
	);
	return `Made from a redacted report. Put in this host's own names for ${names.join(", ")}.`;
}

/** Maps every string of plain data; `field` is the nearest key above it, and below a sentence's key all is prose. */
function mapWords<T>(value: T, map: (text: string, field: string, isProse: boolean) => string): T {
	const walk = (at: unknown, field: string, isProse: boolean): unknown => {
		if (typeof at === "string") return map(at, field, isProse);
		if (Array.isArray(at)) return at.map((one: unknown) => walk(one, field, isProse));
		if (typeof at !== "object" || at === null) return at;
		return Object.fromEntries(
			Object.entries(at).map(([key, inner]: [string, unknown]) => [key, walk(inner, key, isProse || PROSE.has(key))]),
		);
	};
	// Strings become strings and everything else stays what it was, so the shape is T's. A blank's mark is no character of
	// any checked value; whoever prints a plan with marks must fill them in.
	return walk(value, "", false) as T;
}

function labelOf(word: string, kind: string, labels: Map<string, number>): string {
	if (/^[a-z]+-\d{1,6}(?:\.example)?$/.test(word)) return word;
	const n = (labels.get(kind) ?? 0) + 1;
	labels.set(kind, n);
	return `${kind}-${n}`;
}

function kindOf(kind: string): BlankKind {
	switch (kind) {
		case "container":
		case "interface":
		case "address":
		case "secret":
			return kind;
		default:
			return "name";
	}
}
