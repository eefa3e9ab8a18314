import type { Counters, Effect, Family, Match, Verdict } from "../netfilter/ruleset";
import { setElements, simpleVerdict, verdictElements } from "./nft-elements";
import { beginsKey, type Key, readKey } from "./nft-key";
import { comparisonMatches } from "./nft-match";
import { markExpression, readStatement } from "./nft-statement";
import { type Cursor, isMark, readBraces, type Token, tokensText } from "./nft-tokens";
import { wordsBeforeCounter } from "./nft-xt";

/**
 * One rule of nft: comparisons and statements in the order they are printed. nft(8), EXPRESSIONS and STATEMENTS.
 *
 *     iifname != "docker0" tcp dport 8080 counter packets 0 bytes 0 dnat to 172.17.0.2:80 comment "DNAT"
 *
 * Not read: what raw payload expressions and shifts compare; they are `unknown` matches with their own words.
 */
export type NftRuleMeaning = {
	readonly matches: readonly Match[];
	readonly effects: readonly Effect[];
	readonly verdict: Verdict;
	readonly comment: string | null;
	readonly counters: Counters | null;
};

type Draft = {
	readonly matches: Match[];
	readonly effects: Effect[];
	verdict: Verdict;
	comment: string | null;
	counters: Counters | null;
	readonly family: Family;
};

/** Never fails: what can't be read is an `unknown` match. */
export function readNftRule(tokens: readonly Token[], family: Family): NftRuleMeaning {
	const cursor: Cursor = { tokens, at: 0 };
	const draft: Draft = {
		matches: [],
		effects: [],
		verdict: { kind: "continue" },
		comment: null,
		counters: null,
		family,
	};
	while (cursor.at < tokens.length) {
		const from = cursor.at;
		if (!readOne(cursor, draft)) {
			cursor.at = Math.max(cursor.at, from + 1);
			while (cursor.at < tokens.length && !beginsSomething(cursor)) cursor.at++;
			draft.matches.push({ kind: "unknown", extension: "", text: tokensText(tokens.slice(from, cursor.at)) });
		}
	}
	const { family: _family, ...meaning } = draft;
	return { ...meaning, matches: tidy(draft.matches) };
}

const STATEMENTS = new Set([
	"counter",
	"accept",
	"drop",
	"reject",
	"return",
	"jump",
	"goto",
	"continue",
	"queue",
	"dnat",
	"snat",
	"masquerade",
	"redirect",
	"log",
	"limit",
	"notrack",
	"comment",
	"xt",
	"XT",
	"tproxy",
	"dup",
	"fwd",
	"flow",
	"synproxy",
	"quota",
	"meter",
]);

function beginsSomething(cursor: Cursor): boolean {
	const token = cursor.tokens[cursor.at];
	return token !== undefined && !token.quoted && (STATEMENTS.has(token.text) || beginsKey(token));
}

function readOne(cursor: Cursor, draft: Draft): boolean {
	const token = cursor.tokens[cursor.at];
	if (!token || token.quoted) return false;
	if (token.text === "#") {
		draft.matches.push(...wordsBeforeCounter(cursor, draft.family));
		return true;
	}
	const verdict = token.text === "queue" ? null : simpleVerdict(token.text, cursor.tokens[cursor.at + 1]?.text ?? "");
	if (verdict) {
		draft.verdict = verdict;
		cursor.at += verdict.kind === "jump" || verdict.kind === "goto" ? 2 : 1;
		return true;
	}
	const statement = readStatement(cursor, draft.family);
	if (statement) {
		draft.matches.push(...(statement.matches ?? []));
		draft.effects.push(...(statement.effects ?? []));
		if (statement.verdict) draft.verdict = statement.verdict;
		if (statement.comment !== undefined) draft.comment = statement.comment;
		if (statement.counters) draft.counters = statement.counters;
		return true;
	}
	return readExpression(cursor, draft);
}

function readExpression(cursor: Cursor, draft: Draft): boolean {
	const from = cursor.at;
	const key = readKey(cursor);
	if (!key) return false;
	const next = cursor.tokens[cursor.at];
	if (isMark(next, "vmap")) {
		cursor.at++;
		draft.verdict = readVerdictMap(cursor, key);
		return true;
	}
	if (isMark(next, "set")) {
		cursor.at++;
		draft.effects.push(readAssignment(cursor, key, from));
		return true;
	}
	const matches = readComparison(cursor, key, from, draft.family);
	if (!matches) {
		cursor.at = from;
		return false;
	}
	draft.matches.push(...matches);
	return true;
}

function readVerdictMap(cursor: Cursor, key: Key): Verdict {
	const text = key.parts.join(" . ");
	const token = cursor.tokens[cursor.at];
	if (isMark(token, "{")) return { kind: "vmap", key: text, map: "", elements: verdictElements(readBraces(cursor)) };
	cursor.at++;
	return { kind: "vmap", key: text, map: (token?.text ?? "").replace(/^@/, ""), elements: null };
}

/** `meta mark set …`, `ip dscp set af11`, `ct helper set "ftp"`: up to the next statement. */
function readAssignment(cursor: Cursor, key: Key, from: number): Effect {
	const start = cursor.at;
	cursor.at++;
	while (cursor.at < cursor.tokens.length && !endsAssignment(cursor)) cursor.at++;
	const text = tokensText(cursor.tokens.slice(from, cursor.at));
	const [name] = key.parts;
	if (name !== "mark" && name !== "ct mark") return { kind: "other", text };
	const set = markExpression(cursor.tokens.slice(start, cursor.at), name);
	return { kind: name === "mark" ? "mark" : "connmark", text, ...(set ? { set } : {}) };
}

function endsAssignment(cursor: Cursor): boolean {
	const token = cursor.tokens[cursor.at];
	if (!token || token.quoted) return false;
	// In `meta mark set ct mark and 0xff` the key is part of the value; a comparison that follows has a known value.
	const before = cursor.tokens[cursor.at - 1];
	const afterOperator = before !== undefined && /^(?:and|or|xor|[&|^(]|set|<<|>>)$/.test(before.text);
	if (STATEMENTS.has(token.text)) return true;
	return beginsKey(token) && !afterOperator && token.text !== "mark" && !(token.text === "rt" || token.text === "mtu");
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
	["==", "=="],
	["eq", "=="],
	["!=", "!="],
	["ne", "!="],
	["!", "!="],
	["<", "<"],
	["lt", "<"],
	["<=", "<="],
	["le", "<="],
	[">", ">"],
	["gt", ">"],
	[">=", ">="],
	["ge", ">="],
	["in", "=="],
]);

function readComparison(cursor: Cursor, key: Key, from: number, family: Family): readonly Match[] | null {
	let mask: string | null = null;
	if (isMark(cursor.tokens[cursor.at], "&") || isMark(cursor.tokens[cursor.at], "and")) {
		cursor.at++;
		mask = readMask(cursor);
	}
	const written = cursor.tokens[cursor.at]?.quoted ? "" : (cursor.tokens[cursor.at]?.text ?? "");
	const operator = OPERATORS.get(written);
	if (operator !== undefined) cursor.at++;
	const token = cursor.tokens[cursor.at];
	if (!token || (!token.quoted && /^[|^,;})]$|^<<$|^>>$/.test(token.text))) return null;
	let values: readonly string[] = [];
	let set: string | null = null;
	if (isMark(token, "{")) values = setElements(readBraces(cursor));
	else if (!token.quoted && token.text.startsWith("@")) {
		set = token.text.slice(1);
		cursor.at++;
	} else if (isMark(token, "map")) return null;
	else {
		values = readValues(cursor);
		// `tcp flags syn / syn,rst`: the mask stands behind.
		if (isMark(cursor.tokens[cursor.at], "/")) {
			cursor.at++;
			mask = readValues(cursor).join(",");
		}
	}
	const text = tokensText(cursor.tokens.slice(from, cursor.at));
	// `!` and, in JSON, `in` ask for bits as no operator does.
	const whole = operator !== undefined && written !== "!" && written !== "in";
	const compares = isMark(token, "{") ? "element" : whole ? "equal" : "any";
	return comparisonMatches({ key, operator: operator ?? "==", compares, mask, values, set, text }, family);
}

/** `0x00004000`, `255.255.0.255`, `(fin | syn | rst | ack)`. */
function readMask(cursor: Cursor): string {
	const bracket = isMark(cursor.tokens[cursor.at], "(");
	if (!bracket) return cursor.tokens[cursor.at++]?.text ?? "";
	const words: string[] = [];
	for (cursor.at++; cursor.at < cursor.tokens.length; cursor.at++) {
		const token = cursor.tokens[cursor.at];
		if (isMark(token, ")")) {
			cursor.at++;
			break;
		}
		if (token && token.text !== "|" && token.text !== ",") words.push(token.text);
	}
	return words.join(",");
}

/** One value, a list (`established,related`, `fin | syn`), a concatenation (`1.2.3.4 . 80`) or a range of quoted times. */
function readValues(cursor: Cursor): readonly string[] {
	const values: string[] = [];
	for (;;) {
		let value = cursor.tokens[cursor.at++]?.text ?? "";
		while (isMark(cursor.tokens[cursor.at], ".") || isMark(cursor.tokens[cursor.at], "-")) {
			const joint = cursor.tokens[cursor.at]?.text === "." ? " . " : "-";
			value += joint + (cursor.tokens[cursor.at + 1]?.text ?? "");
			cursor.at += 2;
		}
		values.push(value);
		const next = cursor.tokens[cursor.at];
		if (!isMark(next, ",") && !isMark(next, "|")) return values;
		cursor.at++;
	}
}

/** `meta l4proto tcp tcp dport 80` says tcp once; `icmp type X icmp code Y` is one type. */
function tidy(matches: readonly Match[]): readonly Match[] {
	const kept: Match[] = [];
	for (const match of matches) {
		const last = kept.at(-1);
		if (match.kind === "protocol" && kept.some((one) => sameProtocol(one, match))) continue;
		if (
			match.kind === "family" &&
			kept.some((one) => one.kind === "family" && one.family === match.family && one.negated === match.negated)
		)
			continue;
		const code = match.kind === "field" && /^icmp(?:v6)? code$/.test(match.field) ? icmpCode(match.value) : null;
		if (
			code !== null &&
			last?.kind === "icmptype" &&
			/^\d{1,3}$/.test(last.type) &&
			match.kind === "field" &&
			!match.negated
		) {
			kept[kept.length - 1] = { ...last, type: `${last.type}/${code}` };
		} else kept.push(match);
	}
	return kept;
}

function sameProtocol(one: Match, other: Match): boolean {
	return (
		one.kind === "protocol" &&
		other.kind === "protocol" &&
		one.negated === other.negated &&
		one.protocols.join() === other.protocols.join()
	);
}

const ICMP_CODES: ReadonlyMap<string, string> = new Map([
	["net-unreachable", "0"],
	["host-unreachable", "1"],
	["prot-unreachable", "2"],
	["port-unreachable", "3"],
	["frag-needed", "4"],
	["net-prohibited", "9"],
	["host-prohibited", "10"],
	["admin-prohibited", "13"],
]);

function icmpCode(value: string): string | null {
	return /^\d{1,3}$/.test(value) ? value : (ICMP_CODES.get(value) ?? null);
}
