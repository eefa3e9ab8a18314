import type { Evidence } from "../../engine/text/evidence";

/** One line that redaction changed. `line` counts from 1 in its source. */
export type ChangedLine = {
	readonly source: string;
	readonly line: number;
	readonly before: string;
	readonly after: string;
};

/** The lines that differ, in order. Lines are paired by number: redaction replaces inside a line and joins none. */
export function changedLines(before: Evidence, after: Evidence): readonly ChangedLine[] {
	const changes: ChangedLine[] = [];
	after.forEach((redacted, index) => {
		const original = before[index]?.text.split("\n") ?? [];
		redacted.text.split("\n").forEach((line, at) => {
			const was = original[at] ?? "";
			if (was !== line) changes.push({ source: redacted.name, line: at + 1, before: was, after: line });
		});
	});
	return changes;
}

/** Lines of a text; a last empty one is none. */
export function countLines(text: string): number {
	return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

/** Cuts a line where a pseudonym stands in it; the longer of two that begin at one place wins. `at` is the offset. */
export function splitAtPseudonyms(
	line: string,
	pseudonyms: readonly string[],
): readonly { readonly at: number; readonly text: string; readonly isPseudonym: boolean }[] {
	const longestFirst = pseudonyms.filter((one) => one !== "" && line.includes(one)).sort((a, b) => b.length - a.length);
	const parts: { at: number; text: string; isPseudonym: boolean }[] = [];
	let plain = 0;
	let at = 0;
	while (at < line.length) {
		const here = longestFirst.find((one) => line.startsWith(one, at));
		if (here === undefined) {
			at += 1;
			continue;
		}
		if (at > plain) parts.push({ at: plain, text: line.slice(plain, at), isPseudonym: false });
		parts.push({ at, text: here, isPseudonym: true });
		at += here.length;
		plain = at;
	}
	if (plain < line.length) parts.push({ at: plain, text: line.slice(plain), isPseudonym: false });
	return parts;
}
