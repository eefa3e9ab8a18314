import type { BaseChain, ChainType, Family, Hook } from "../netfilter/ruleset";
import type { Token } from "./nft-tokens";
import { policyOf } from "./table-draft";

/** `type nat hook postrouting priority srcnat + 5; policy accept;` as nft prints it, from its words. */

const HOOKS: ReadonlySet<string> = new Set<Hook>([
	"ingress",
	"prerouting",
	"input",
	"forward",
	"output",
	"postrouting",
]);
const TYPES: ReadonlySet<string> = new Set<ChainType>(["filter", "nat", "route"]);

const isHook = (word: string): word is Hook => HOOKS.has(word);
const isType = (word: string): word is ChainType => TYPES.has(word);

/** Null for hooks that nothing here follows, such as egress. */
export function baseChainOf(tokens: readonly Token[], family: Family): BaseChain | null {
	const words = tokens.map((token) => token.text);
	const after = (word: string) => words[words.indexOf(word) + 1] ?? "";
	const type = after("type");
	const hook = after("hook");
	if (!isType(type) || !isHook(hook) || !words.includes("priority")) return null;
	const priority = priorityOf(words.slice(words.indexOf("priority") + 1, words.indexOf("priority") + 4), family);
	const policy = words.includes("policy") ? policyOf(after("policy").toUpperCase()) : null;
	return priority === null ? null : { type, hook, priority, policy };
}

/** nft(8), table of standard priority names. The bridge family has its own. */
const PRIORITIES: ReadonlyMap<string, number> = new Map([
	["raw", -300],
	["mangle", -150],
	["dstnat", -100],
	["filter", 0],
	["security", 50],
	["srcnat", 100],
]);
const BRIDGE_PRIORITIES: ReadonlyMap<string, number> = new Map([
	["dstnat", -300],
	["filter", -200],
	["out", 100],
	["srcnat", 300],
]);

/** `filter`, `-100`, `filter - 1`, `dstnat + 5`; null when it is none of these. */
export function priorityOf(words: readonly string[], family: Family): number | null {
	const [first = "", sign, offset = ""] = words;
	const base = /^-?\d{1,10}$/.test(first)
		? Number(first)
		: (family === "bridge" ? BRIDGE_PRIORITIES : PRIORITIES).get(first);
	if (base === undefined) return null;
	if ((sign === "+" || sign === "-") && /^\d{1,10}$/.test(offset))
		return base + (sign === "+" ? 1 : -1) * Number(offset);
	return base;
}
