import { rejectWord } from "../netfilter/names";
import type { Counters, Effect, Family, Match, Verdict } from "../netfilter/ruleset";
import { parseNatTarget } from "./nat-target";
import { type Cursor, isMark, readBraces, type Token, tokensText } from "./nft-tokens";
import { xtMatches, xtTarget } from "./nft-xt";
import { parseWord32 } from "./target-words";

/** What one statement of a rule adds to it. */
export type Statement = {
	readonly matches?: readonly Match[];
	readonly effects?: readonly Effect[];
	readonly verdict?: Verdict;
	readonly comment?: string;
	readonly counters?: Counters;
};

/** A statement at the cursor, which is moved behind it; null when none begins there. nft(8), STATEMENTS. */
export function readStatement(cursor: Cursor, family: Family): Statement | null {
	const from = cursor.at;
	const word = cursor.tokens[from];
	if (!word || word.quoted) return null;
	const statement = readers.get(word.text)?.(cursor, family) ?? null;
	if (!statement) cursor.at = from;
	return statement;
}

type Reader = (cursor: Cursor, family: Family) => Statement | null;

const textAt = (cursor: Cursor, ahead = 0) => cursor.tokens[cursor.at + ahead]?.text ?? "";

function taken(cursor: Cursor, from: number): string {
	return tokensText(cursor.tokens.slice(from, cursor.at));
}

const counter: Reader = (cursor) => {
	if (textAt(cursor, 1) === "packets" && textAt(cursor, 3) === "bytes") {
		const counters = { packets: Number(textAt(cursor, 2)) || 0, bytes: Number(textAt(cursor, 4)) || 0 };
		cursor.at += 5;
		return { counters };
	}
	// `counter` alone is how `nft -s` prints it; `counter name X` counts in an object of the table.
	cursor.at += textAt(cursor, 1) === "name" ? 3 : 1;
	return {};
};

const comment: Reader = (cursor) => {
	cursor.at += 2;
	return { comment: cursor.tokens[cursor.at - 1]?.text ?? "" };
};

const REJECT_FAMILIES: ReadonlyMap<Family, string> = new Map([
	["ip", "icmp-port-unreachable"],
	["ip6", "icmp6-port-unreachable"],
	["inet", "icmpx-port-unreachable"],
]);

/**
 * What an answer of a kind can be given to. nft adds the match by itself and `nft list` hides it again: a rule with
 * `reject with tcp reset` is about TCP alone (`nft --debug=netlink list ruleset`, nft 1.0.6).
 */
function answersOnly(kind: string, family: Family): readonly Match[] {
	if (kind === "tcp") return [{ kind: "protocol", protocols: ["tcp"], negated: false }];
	if (family === "ip" || family === "ip6" || (kind !== "icmp" && kind !== "icmpv6")) return [];
	return [{ kind: "family", family: kind === "icmp" ? "ip" : "ip6", negated: false }];
}

/** `reject`, `reject with icmp type host-prohibited`, since 1.0.1 also `reject with icmp host-prohibited`. */
const reject: Reader = (cursor, family) => {
	cursor.at++;
	if (textAt(cursor) !== "with") return { verdict: { kind: "reject", with: REJECT_FAMILIES.get(family) ?? null } };
	const kind = textAt(cursor, 1);
	const typed = textAt(cursor, 2) === "type" || textAt(cursor, 2) === "code";
	const code = textAt(cursor, typed ? 3 : 2);
	cursor.at += typed ? 4 : 3;
	return {
		matches: answersOnly(kind, family),
		verdict: { kind: "reject", with: rejectWord(`${kind} ${code}`) },
	};
};

const NAT_FLAGS = new Set(["random", "fully-random", "persistent"]);
const AFTER_NAT = new Set(["comment", "counter"]);

const nat =
	(kind: "dnat" | "snat" | "masquerade" | "redirect"): Reader =>
	(cursor) => {
		const from = cursor.at++;
		if (/^(?:ip|ip6)$/.test(textAt(cursor)) && textAt(cursor, 1) === "to") cursor.at++;
		let to = parseNatTarget("");
		if (textAt(cursor) === "to" && !cursor.tokens[cursor.at]?.quoted) {
			cursor.at++;
			to = parseNatTarget(textAt(cursor));
			const next = cursor.tokens[cursor.at + 1];
			if (to && next && (isMark(next, ".") || isMark(next, "map"))) to = null;
			if (to) cursor.at++;
		} else if (!isNatEnd(cursor.tokens[cursor.at])) to = null;
		if (to && (kind === "dnat" || kind === "snat") && to.text === "") to = null;
		while (to === null && cursor.at < cursor.tokens.length && !isMark(cursor.tokens[cursor.at], "comment")) {
			// The target is looked up in a map: which one a packet gets is not in the rule.
			if (isMark(cursor.tokens[cursor.at], "{")) readBraces(cursor);
			else cursor.at++;
		}
		while (NAT_FLAGS.has(textAt(cursor)) || isMark(cursor.tokens[cursor.at], ",")) cursor.at++;
		return { verdict: to ? { kind, to } : { kind: "unknown", target: taken(cursor, from) } };
	};

function isNatEnd(token: Token | undefined): boolean {
	return token === undefined || NAT_FLAGS.has(token.text) || AFTER_NAT.has(token.text);
}

const LOG_VALUES = new Set(["prefix", "level", "group", "snaplen", "queue-threshold"]);

/** `log prefix "x: " level debug flags tcp options flags ip options flags skuid`. */
const log: Reader = (cursor) => {
	const from = cursor.at++;
	for (;;) {
		const word = textAt(cursor);
		if (LOG_VALUES.has(word)) cursor.at += 2;
		else if (word === "flags") {
			cursor.at += textAt(cursor, 1) === "tcp" || textAt(cursor, 1) === "ip" ? 3 : 2;
			while (isMark(cursor.tokens[cursor.at], ",")) cursor.at += 2;
		} else break;
	}
	return { effects: [{ kind: "log", text: taken(cursor, from) }] };
};

/** `limit rate over 5/minute burst 3 packets`, `limit rate 10 mbytes/second`, `limit name "x"`. */
const limit: Reader = (cursor) => {
	const from = cursor.at++;
	if (textAt(cursor) === "name") cursor.at += 2;
	else {
		while (cursor.at < cursor.tokens.length && !textAt(cursor).includes("/")) cursor.at++;
		cursor.at++;
		if (textAt(cursor) === "burst") cursor.at += 3;
	}
	return { matches: [{ kind: "sometimes", extension: "limit", text: taken(cursor, from) }] };
};

/** `quota over 10 mbytes used 3 kbytes`, `quota name "x"`. */
const quota: Reader = (cursor) => {
	const from = cursor.at++;
	if (textAt(cursor) === "name") cursor.at += 2;
	else {
		if (textAt(cursor) === "over" || textAt(cursor) === "until") cursor.at++;
		cursor.at += 2;
		if (textAt(cursor) === "used") cursor.at += 3;
	}
	return { matches: [{ kind: "sometimes", extension: "quota", text: taken(cursor, from) }] };
};

const meter: Reader = (cursor) => {
	const from = cursor.at;
	while (cursor.at < cursor.tokens.length && !isMark(cursor.tokens[cursor.at], "{")) cursor.at++;
	readBraces(cursor);
	return { matches: [{ kind: "sometimes", extension: "hashlimit", text: taken(cursor, from) }] };
};

/** `add @banned { ip saddr timeout 1m }`; with a limit inside, the rest of the rule runs for some packets only. */
const setUpdate: Reader = (cursor) => {
	const from = cursor.at++;
	if (!textAt(cursor).startsWith("@")) return null;
	cursor.at++;
	const inside = isMark(cursor.tokens[cursor.at], "{") ? readBraces(cursor) : [];
	const text = taken(cursor, from);
	const rated = inside.some((token) => !token.quoted && (token.text === "limit" || token.text === "count"));
	return rated
		? { matches: [{ kind: "sometimes", extension: "hashlimit", text }] }
		: { effects: [{ kind: "other", text }] };
};

const ct: Reader = (cursor) => {
	if (textAt(cursor, 1) !== "count") return null;
	const from = cursor.at;
	cursor.at += textAt(cursor, 2) === "over" ? 4 : 3;
	return { matches: [{ kind: "sometimes", extension: "connlimit", text: taken(cursor, from) }] };
};

/** `queue`, `queue num 1-3 bypass,fanout`, `queue flags bypass to 3`. */
const queue: Reader = (cursor) => {
	cursor.at++;
	while (
		cursor.at < cursor.tokens.length &&
		/^(?:num|to|flags|bypass|fanout|,|\d{1,5}(?:-\d{1,5})?)$/.test(textAt(cursor))
	)
		cursor.at++;
	return { verdict: { kind: "queue" } };
};

const toTheEnd =
	(verdict: boolean): Reader =>
	(cursor) => {
		const from = cursor.at;
		while (cursor.at < cursor.tokens.length && !isMark(cursor.tokens[cursor.at], "comment")) cursor.at++;
		const text = taken(cursor, from);
		return verdict ? { verdict: { kind: "unknown", target: text } } : { effects: [{ kind: "other", text }] };
	};

/** `flow add @f` (up to 0.9 `flow offload @f`): the packet goes on through the rules. */
const flow: Reader = (cursor) => {
	const from = cursor.at;
	cursor.at += 3;
	return { effects: [{ kind: "other", text: taken(cursor, from) }] };
};

const dup: Reader = (cursor) => {
	const from = cursor.at++;
	while (
		cursor.at < cursor.tokens.length &&
		/^(?:to|device|"?[\w.:-]{1,45}"?)$/.test(textAt(cursor)) &&
		!/^(?:comment|accept|drop|return|jump|goto|counter)$/.test(textAt(cursor))
	)
		cursor.at++;
	return { effects: [{ kind: "other", text: taken(cursor, from) }] };
};

/** `last used 5m`: when the rule was last met. */
const last: Reader = (cursor) => {
	cursor.at += textAt(cursor, 1) === "used" ? 3 : 1;
	return {};
};

/** `xt match "addrtype"`, `xt target LOG`: nft had no translation, and the rest of it is not shown. */
const xt: Reader = (cursor) => {
	const kind = textAt(cursor, 1);
	if (kind !== "match" && kind !== "target") return null;
	const name = textAt(cursor, 2);
	cursor.at += 3;
	// nft 1.0.6 prints `XT target MASQUERADE not found` when the plugin of that family is not installed.
	if (textAt(cursor) === "not" && textAt(cursor, 1) === "found") cursor.at += 2;
	return kind === "match" ? { matches: xtMatches(name) } : xtTarget(name);
};

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	["counter", counter],
	["comment", comment],
	["reject", reject],
	["dnat", nat("dnat")],
	["snat", nat("snat")],
	["masquerade", nat("masquerade")],
	["redirect", nat("redirect")],
	["log", log],
	["limit", limit],
	["quota", quota],
	["meter", meter],
	["add", setUpdate],
	["update", setUpdate],
	["delete", setUpdate],
	["ct", ct],
	["queue", queue],
	["last", last],
	[
		"notrack",
		(cursor) => {
			cursor.at++;
			return { effects: [{ kind: "notrack" }] };
		},
	],
	["tproxy", toTheEnd(true)],
	["fwd", toTheEnd(true)],
	["synproxy", toTheEnd(true)],
	["dup", dup],
	["flow", flow],
	["xt", xt],
	["XT", xt],
]);

/**
 * `0x1`, `mark and 0xff00ffff xor 0x40000`, `meta mark | 0x4000`: new mark as `(old & keep) ^ flip`; null when it comes
 * from anywhere but the old mark. `own` is the key that is set.
 */
export function markExpression(
	tokens: readonly Token[],
	own: "mark" | "ct mark",
): { readonly keep: number; readonly flip: number } | null {
	const words = tokens.map((token) => token.text).filter((word) => word !== "(" && word !== ")" && word !== "meta");
	const single = words.length === 1 ? parseWord32(words[0] ?? "") : null;
	if (single !== null) return { keep: 0, flip: single };
	const length = own === "mark" ? 1 : 2;
	if (words.slice(0, length).join(" ") !== own) return null;
	// iptables' translation of CONNMARK names the xor first (libxt_CONNMARK.c), and means the and first.
	const [, , first, value, second, mask] = words;
	if (own === "ct mark" && first === "xor" && second === "and" && words.length === 6) {
		const [xored, kept] = [parseWord32(value ?? ""), parseWord32(mask ?? "")];
		return xored === null || kept === null ? null : { keep: kept, flip: xored };
	}
	let keep = 0xffffffff;
	let flip = 0;
	for (let at = length; at < words.length; at += 2) {
		const operand = parseWord32(words[at + 1] ?? "");
		if (operand === null) return null;
		switch (words[at]) {
			case "and":
			case "&":
				keep = (keep & operand) >>> 0;
				flip = (flip & operand) >>> 0;
				break;
			case "or":
			case "|":
				keep = (keep & ~operand) >>> 0;
				flip = (flip | operand) >>> 0;
				break;
			case "xor":
			case "^":
				flip = (flip ^ operand) >>> 0;
				break;
			default:
				return null;
		}
	}
	return { keep, flip };
}
