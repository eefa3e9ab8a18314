import type { Verdict, VerdictMapElement } from "../netfilter/ruleset";
import { isMark, splitAtCommas, type Token } from "./nft-tokens";

/**
 * Elements of nft sets and maps: `80`, `10.0.0.0/8`, `tcp . 53`, `"docker0" : jump x`, `1.2.3.4 timeout 1h expires 3m`.
 */

/** What stands behind an element's value and is none of it. */
const OPTIONS = new Set(["timeout", "expires", "comment", "counter", "limit", "quota", "last"]);

/** One element as text, strings without quotes, parts of a concatenation joined by ` . `. */
export function elementText(tokens: readonly Token[]): string {
	const end = tokens.findIndex((token) => !token.quoted && OPTIONS.has(token.text));
	return (end < 0 ? tokens : tokens.slice(0, end)).map((token) => token.text).join(" ");
}

/** Elements of a set or a map of values; those of a map as `key : value`. */
export function setElements(tokens: readonly Token[]): readonly string[] {
	return splitAtCommas(tokens).map(elementText);
}

/** Elements of a verdict map. */
export function verdictElements(tokens: readonly Token[]): readonly VerdictMapElement[] {
	return splitAtCommas(tokens).flatMap((element) => {
		const colon = element.findIndex((token) => isMark(token, ":"));
		if (colon < 0) return [];
		return [{ key: elementText(element.slice(0, colon)), verdict: readVerdict(element.slice(colon + 1)) }];
	});
}

function readVerdict(tokens: readonly Token[]): Verdict {
	const [word, chain] = tokens;
	const verdict = word && simpleVerdict(word.text, chain?.text ?? "");
	return verdict ?? { kind: "unknown", target: tokens.map((token) => token.text).join(" ") };
}

/** Verdicts that need nothing but a chain; null for any other word. */
export function simpleVerdict(word: string, chain: string): Verdict | null {
	switch (word) {
		case "accept":
		case "drop":
		case "return":
		case "continue":
			return { kind: word };
		case "jump":
		case "goto":
			return { kind: word, chain };
		case "queue":
			return { kind: "queue" };
		default:
			return null;
	}
}
