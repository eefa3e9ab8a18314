import type { Word } from "./ruleset";

/**
 * A rule in iptables' own syntax, cut into words.
 *
 *     -d 172.17.0.2/32 ! -i docker0 -m comment --comment "a \"b\" -j c" -j ACCEPT
 *
 * Quoting as xtables_save_string prints it (iptables 1.4.21 to 1.8.13, libxtables/xtables.c): double quotes, with a
 * backslash before `"`, `\` and `'`; the string match (libxt_string.c) has a backslash before `"` alone.
 * Not read: single quotes and other habits of shells.
 */

/** Words between single blanks, quotes taken off. A doubled blank gives an empty word, so that nothing is lost in print. */
export function wordsOf(text: string): readonly Word[] {
	const words: Word[] = [];
	for (let at = 0; at < text.length; ) {
		const quoted = text[at] === '"' ? readQuoted(text, at, isRawString(words.at(-1))) : null;
		if (quoted) {
			words.push({ text: quoted.text, quoted: true });
			at = quoted.end + 1;
			continue;
		}
		const blank = text.indexOf(" ", at);
		const end = blank < 0 ? text.length : blank;
		words.push({ text: text.slice(at, end), quoted: false });
		at = end + 1;
	}
	// A blank at the very end (iptables up to 1.4.7 prints one) is a doubled one before nothing.
	if (text.endsWith(" ")) words.push(plain(""));
	return words;
}

/** Null when the quote does not close before a blank or the end: then it is no quote. */
function readQuoted(text: string, from: number, raw: boolean): { readonly text: string; readonly end: number } | null {
	let value = "";
	for (let at = from + 1; at < text.length; at++) {
		const character = text[at] ?? "";
		const next = text[at + 1];
		if (character === "\\" && next !== undefined && (next === '"' || !raw)) {
			value += next;
			at++;
		} else if (character === '"') {
			return next === undefined || next === " " ? { text: value, end: at + 1 } : null;
		} else value += character;
	}
	return null;
}

/** The inverse of {@link wordsOf}. */
export function printWords(words: readonly Word[]): string {
	return words.map((word, index) => printWord(word, words[index - 1])).join(" ");
}

function printWord(word: Word, before: Word | undefined): string {
	if (!word.quoted) return word.text;
	return `"${word.text.replace(isRawString(before) ? /"/g : /["\\']/g, "\\$&")}"`;
}

function isRawString(word: Word | undefined): boolean {
	return word?.text === "--string" && !word.quoted;
}

/** A word that needs quotes gets them, as xtables_save_string decides. */
export function wordFor(text: string): Word {
	return { text, quoted: !/^[\w-]+$/.test(text) };
}

/** A word as it stands. */
export function plain(text: string): Word {
	return { text, quoted: false };
}
