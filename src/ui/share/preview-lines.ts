import type { Evidence } from "../../engine/text/evidence";
import type { ReplacedPlace } from "../../state/workspace-store";

/** A stretch of a line; `place` where it is a replaced word (on the left) or its stand-in (on the right). */
export type Stretch = { readonly at: number; readonly text: string; readonly place: ReplacedPlace | null };

/** A line as it is here and as it leaves. `line` counts from 1 in its source. */
export type PreviewLine = {
	readonly source: string;
	readonly line: number;
	readonly before: readonly Stretch[];
	readonly after: readonly Stretch[];
	readonly isChanged: boolean;
};

/** Every line, in order. Lines are paired by number: redaction replaces inside a line and joins none. */
export function previewLines(
	before: Evidence,
	after: Evidence,
	spans: readonly ReplacedPlace[],
): readonly PreviewLine[] {
	return after.flatMap((redacted, index) => {
		const here = spans.filter(({ source }) => source === redacted.id);
		const left = linesOf(
			before[index]?.text ?? "",
			here.map((place) => ({ from: place.from, to: place.to, place })),
		);
		const right = linesOf(
			redacted.text,
			here.map((place) => ({ from: place.redactedFrom, to: place.redactedTo, place })),
		);
		return right.map((line, at): PreviewLine => {
			const was = left[at] ?? [];
			return {
				source: redacted.name,
				line: at + 1,
				before: was,
				after: line,
				// A date that was moved is no replaced word, and a change all the same.
				isChanged: line.some(({ place }) => place !== null) || !isAlike(was, line),
			};
		});
	});
}

/** Blanks may differ: they keep the columns. */
function isAlike(before: readonly Stretch[], after: readonly Stretch[]): boolean {
	// Nearly every line is one stretch, the same on both sides.
	if (before.length === 1 && after.length === 1 && before[0]?.text === after[0]?.text) return true;
	const plain = (line: readonly Stretch[]): string =>
		line
			.map(({ text }) => text)
			.join("")
			.replace(/ +/g, " ");
	return plain(before) === plain(after);
}

type Cut = { readonly from: number; readonly to: number; readonly place: ReplacedPlace };

function linesOf(text: string, cuts: readonly Cut[]): readonly (readonly Stretch[])[] {
	const rising = [...cuts].sort((a, b) => a.from - b.from);
	let next = 0;
	let begin = 0;
	return text.split("\n").map((line) => {
		const end = begin + line.length;
		const stretches: Stretch[] = [];
		let at = begin;
		for (let cut = rising[next]; cut && cut.from < end; cut = rising[++next]) {
			if (cut.from > at) stretches.push({ at, text: text.slice(at, cut.from), place: null });
			stretches.push({ at: cut.from, text: text.slice(cut.from, cut.to), place: cut.place });
			at = cut.to;
		}
		if (at < end) stretches.push({ at, text: text.slice(at, end), place: null });
		begin = end + 1;
		return stretches;
	});
}

/** Cuts plain text into words that can be picked and what stands between them; a word's last point is not its own. */
export function pickableWords(
	text: string,
): readonly { readonly at: number; readonly text: string; readonly isWord: boolean }[] {
	const parts: { at: number; text: string; isWord: boolean }[] = [];
	let at = 0;
	for (const match of text.matchAll(/[\p{L}\p{N}_][\p{L}\p{N}_.@:+-]{0,200}/gu)) {
		const word = match[0].replace(/[.:+-]+$/, "");
		if (word.length < 2) continue;
		if (match.index > at) parts.push({ at, text: text.slice(at, match.index), isWord: false });
		parts.push({ at: match.index, text: word, isWord: true });
		at = match.index + word.length;
	}
	if (at < text.length) parts.push({ at, text: text.slice(at), isWord: false });
	return parts;
}

/** Lines of a text; a last empty one is none. */
export function countLines(text: string): number {
	return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

/** The number of the line, from 1, in which an offset stands. */
export function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split("\n").length;
}
