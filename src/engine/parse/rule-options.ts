import { printWords } from "../netfilter/rule-words";
import type { Word } from "../netfilter/ruleset";

/** The words of a rule in `-A` syntax as options with their values: `! -i docker0`, `-m tcp`, `--tcp-flags SYN,RST SYN`. */

/** One option of a rule with what belongs to it. */
export type Option = {
	/** `-s`, `--dport`, `-m`, `-j`; empty for words that follow no option. */
	readonly name: string;
	/** A `!` stood before it, or before its value as iptables up to 1.4.2 prints it. */
	readonly negated: boolean;
	readonly values: readonly string[];
	/** All of it, the `!` too. */
	readonly words: readonly Word[];
};

/** Options that take exactly one word; whatever follows belongs to nothing. */
const ONE_VALUE = new Set(["-m", "--match", "-j", "--jump", "-g", "--goto", "-s", "-d", "-i", "-o", "-p"]);

/** Options in order. Every word that is not empty is in exactly one of them. */
export function optionsOf(words: readonly Word[]): readonly Option[] {
	const options: Option[] = [];
	const rest = words.filter((word) => word.text !== "" || word.quoted);
	for (let at = 0; at < rest.length; ) {
		const from = at;
		let negated = false;
		while (isBang(rest[at])) {
			negated = !negated;
			at++;
		}
		const word = rest[at];
		let name = "";
		const values: string[] = [];
		if (word && isOption(word)) {
			const equals = word.text.startsWith("--") ? word.text.indexOf("=") : -1;
			name = equals < 0 ? word.text : word.text.slice(0, equals);
			if (equals >= 0) values.push(word.text.slice(equals + 1));
			at++;
			const value = rest[at + 1];
			if (isBang(rest[at]) && value && !isOption(value) && !isBang(value)) {
				negated = !negated;
				at++;
			}
		}
		const most = ONE_VALUE.has(name) ? 1 : Number.POSITIVE_INFINITY;
		for (; at < rest.length && values.length < most; at++) {
			const value = rest[at];
			if (!value || isBang(value) || isOption(value)) break;
			values.push(value.text);
		}
		options.push({ name, negated, values, words: rest.slice(from, at) });
	}
	return options;
}

function isBang(word: Word | undefined): boolean {
	return word?.text === "!" && !word.quoted;
}

function isOption(word: Word): boolean {
	return !word.quoted && /^--?[A-Za-z]/.test(word.text);
}

/** Options as one text, single-spaced. */
export function optionsText(options: readonly Option[]): string {
	return options.map((option) => printWords(option.words)).join(" ");
}
