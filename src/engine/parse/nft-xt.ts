import type { Effect, Family, Match, Verdict } from "../netfilter/ruleset";
import { extensionMatches } from "./extension-words";
import { readExtras } from "./list-extras";
import { readOptions } from "./match-words";
import { type Cursor, isMark, tokensText } from "./nft-tokens";
import { optionsOf } from "./rule-options";
import { readTarget } from "./target-words";

/** Parts of iptables' own rules inside a listing of nft: names without their options, and words of `iptables -L`. */

/** A match of which only the name is shown. What always holds is left out, what depends on chance stays `sometimes`. */
export function xtMatches(name: string): readonly Match[] {
	if (name === "comment" || name === "nfacct") return [];
	const [match] = extensionMatches(name, []);
	const text = `xt match "${name}"`;
	return match?.kind === "sometimes" ? [{ ...match, text }] : [{ kind: "unknown", extension: name, text }];
}

/** A target of which only the name is shown. Whatever needs an option to be understood is an `unknown` verdict. */
export function xtTarget(name: string): { readonly verdict?: Verdict; readonly effects?: readonly Effect[] } {
	const { verdict, effects } = readTarget(name, []);
	if (verdict.kind === "continue") return { effects };
	// REDIRECT may name a port; a name that is no target at all is one of an extension we do not know.
	if (verdict.kind === "redirect" || verdict.kind === "jump") return { verdict: { kind: "unknown", target: name } };
	return { verdict };
}

/** nft 0.9.0 prints `# match-set x src` in the words of `iptables -L`, up to the counter. */
export function wordsBeforeCounter(cursor: Cursor, family: Family): readonly Match[] {
	const from = ++cursor.at;
	while (cursor.at < cursor.tokens.length && !isMark(cursor.tokens[cursor.at], "counter")) cursor.at++;
	const text = tokensText(cursor.tokens.slice(from, cursor.at)).replaceAll(", ", ",");
	const extras = readExtras(text, "");
	const { matches } = readOptions(optionsOf(extras.matches), family === "ip6" ? "ip6" : "ip");
	return [...matches, ...extras.unread.map((piece): Match => ({ kind: "unknown", extension: "", text: piece }))];
}
