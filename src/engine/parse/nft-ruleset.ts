/**
 * `nft list ruleset`, `nft list table …`, `nft list chain …` with -a, -n, -s, -t; nftables 0.9 to 1.1, text and JSON.
 *
 *     table ip nat {
 *     	chain POSTROUTING {
 *     		type nat hook postrouting priority srcnat; policy accept;
 *     		oifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade
 *     	}
 *     }
 *
 * Files such as /etc/nftables.conf are read too, with a remark: they say what will be loaded, not what is.
 *
 * Not read: `add rule …` commands, includes, variables, elements of `nft monitor`.
 */
import type { Family, NamedSet, Verdict } from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { spanInLine, spanOfLines } from "../text/span-of";
import { LONGEST_LINE, remark, spanOfText } from "./line-text";
import type { ListingHints } from "./listing-hints";
import { baseChainOf } from "./nft-base-chain";
import { setElements, verdictElements } from "./nft-elements";
import { parseNftJson } from "./nft-json";
import { isFromIptables } from "./nft-origin";
import { readNftRule } from "./nft-rule";
import { type Cursor, isMark, nftTokens, readBraces, type Token, tokensText } from "./nft-tokens";
import type { RulesetText } from "./ruleset-text";
import { type ChainDraft, chainOf, finishTable, newTable, policyOf, type TableDraft } from "./table-draft";

type SetDraft = {
	readonly name: string;
	type: string;
	readonly isMap: boolean;
	elements: NamedSet["elements"];
	verdicts: NamedSet["verdicts"];
	readonly first: Line;
};

type Block =
	| { readonly kind: "chain"; readonly chain: ChainDraft }
	| { readonly kind: "set"; readonly set: SetDraft }
	| { readonly kind: "other"; depth: number };

/** One statement as far as it was read: it may go on over lines inside braces. */
type Pending = { readonly tokens: Token[]; readonly texts: string[]; depth: number; readonly first: Line; last: Line };

type State = {
	readonly artifact: Artifact;
	readonly tables: TableDraft[];
	readonly unread: Line[];
	readonly warned: Set<string>;
	table: TableDraft | null;
	block: Block | null;
	pending: Pending | null;
	isFile: Line | null;
};

/** Tables of an nft listing. Never throws; lines outside of tables are in `unread`. */
export function parseNftRuleset(artifact: Artifact, hints: ListingHints): RulesetText {
	const json = parseNftJson(artifact, hints);
	if (json) return json;
	const state: State = {
		artifact,
		tables: [],
		unread: [],
		warned: new Set(),
		table: null,
		block: null,
		pending: null,
		isFile: null,
	};
	for (const line of artifact.lines) readLine(state, line);
	const cut = state.table !== null;
	flush(state);
	const [only] = state.tables;
	// `nft list chain` prints the table around the chain and nothing else of it.
	const oneChain = hints.chain !== null || (state.tables.length === 1 && only?.chains.size === 1 && !hints.everything);
	const remarks: Remark[] = [];
	if (state.isFile)
		remarks.push(remark(artifact, state.isFile, "a configuration file of nft, not a listing of what is loaded"));
	const tables = state.tables.map((draft) => {
		draft.complete = draft.complete && !oneChain && !hints.filtered && state.isFile === null;
		draft.native = !isFromIptables(draft, state.warned.has(`${draft.family} ${draft.name}`));
		return finishTable(artifact, draft, draft.name ?? "");
	});
	return {
		tables,
		unread: state.unread,
		remarks,
		version: null,
		family: hints.family ?? "all",
		allTables:
			state.isFile === null &&
			!cut &&
			!hints.filtered &&
			(hints.everything || (tables.length > 1 && hints.from !== "command")),
	};
}

// `# Warning: table ip nat is managed by iptables-nft, do not touch!` (nftables 1.0.2 and later).
const MANAGED = /^# Warning: table (ip6?) (\w{1,16}) is managed by iptables-nft/;

function readLine(state: State, line: Line): void {
	const text = line.text.slice(0, LONGEST_LINE);
	const trimmed = text.trim();
	if (trimmed === "") return;
	if (trimmed.startsWith("#") && (state.table === null || state.block === null)) {
		const managed = MANAGED.exec(trimmed);
		if (managed) state.warned.add(`${managed[1]} ${managed[2]}`);
		else if (trimmed.startsWith("#!") && trimmed.includes("nft")) state.isFile = line;
		else if (trimmed.startsWith("# Warning: ip")) state.unread.push(line);
		return;
	}
	const tokens = nftTokens(text);
	const cursor: Cursor = { tokens, at: 0 };
	while (cursor.at < tokens.length) step(state, line, cursor, text);
	// A line ends a statement unless braces are open, or nft broke it after a warning of its own.
	if (state.pending && state.pending.depth === 0 && !/# Warning: XT \w{1,8} [\w-]{1,32} not found\s*$/.test(text))
		flush(state);
	if (state.table) state.table.last = line;
}

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
	["ip", "ip"],
	["ip6", "ip6"],
	["inet", "inet"],
	["arp", "arp"],
	["bridge", "bridge"],
	["netdev", "netdev"],
]);

/** Takes at least one token. */
function step(state: State, line: Line, cursor: Cursor, text: string): void {
	const token = cursor.tokens[cursor.at];
	if (!token) return;
	if (!state.table) {
		openTable(state, line, cursor);
		return;
	}
	if (!state.block) {
		stepInTable(state, line, cursor);
		return;
	}
	if (state.block.kind === "other") {
		if (isMark(token, "{")) state.block.depth++;
		if (isMark(token, "}") && --state.block.depth === 0) state.block = null;
		cursor.at++;
		return;
	}
	const { pending } = state;
	const depth = pending?.depth ?? 0;
	cursor.at++;
	if (isMark(token, "}") && depth === 0) {
		flush(state);
		closeBlock(state, line);
	} else if (isMark(token, ";") && depth === 0) flush(state);
	else addToken(state, line, token, text);
}

function openTable(state: State, line: Line, cursor: Cursor): void {
	const words = cursor.tokens.slice(cursor.at);
	const family = FAMILIES.get(words[1]?.text ?? "");
	// `table nat {` is of family ip; so are files written that way.
	const name = family ? words[2] : words[1];
	const brace = family ? words[3] : words[2];
	if (isMark(words[0], "table") && name && isMark(brace, "{")) {
		const table = newTable("nft", name.text, family ?? "ip", line);
		table.backend = "nf_tables";
		state.tables.push(table);
		state.table = table;
		cursor.at += family ? 4 : 3;
		return;
	}
	if (/^(?:flush|include|define|add|create|destroy)$/.test(words[0]?.text ?? "")) state.isFile ??= line;
	else if (!isMark(words[0], "}")) state.unread.push(line);
	cursor.at = cursor.tokens.length;
}

function stepInTable(state: State, line: Line, cursor: Cursor): void {
	const { table } = state;
	const token = cursor.tokens[cursor.at];
	if (!table || !token) return;
	if (isMark(token, "}")) {
		table.complete = true;
		table.last = line;
		state.table = null;
		cursor.at++;
		return;
	}
	const name = cursor.tokens[cursor.at + 1]?.text ?? "";
	const opens = isMark(cursor.tokens[cursor.at + 2], "{");
	if (opens && isMark(token, "chain")) {
		const chain = chainOf(table, name, spanOfText(state.artifact, line));
		state.block = { kind: "chain", chain };
		cursor.at += 3;
	} else if (opens && (isMark(token, "set") || isMark(token, "map"))) {
		const set: SetDraft = { name, type: "", isMap: token.text === "map", elements: null, verdicts: null, first: line };
		state.block = { kind: "set", set };
		cursor.at += 3;
	} else {
		// `flags owner`, `comment "…"`, or an object: counter, quota, limit, ct helper, flowtable, synproxy, secmark.
		while (
			cursor.at < cursor.tokens.length &&
			!isMark(cursor.tokens[cursor.at], "{") &&
			!isMark(cursor.tokens[cursor.at], ";")
		)
			cursor.at++;
		if (isMark(cursor.tokens[cursor.at], "{")) state.block = { kind: "other", depth: 1 };
		cursor.at++;
	}
}

function addToken(state: State, line: Line, token: Token, text: string): void {
	state.pending ??= { tokens: [], texts: [], depth: 0, first: line, last: line };
	const { pending } = state;
	if (isMark(token, "{")) pending.depth++;
	else if (isMark(token, "}")) pending.depth--;
	const before = pending.tokens.at(-1);
	// Text between two words of one line is kept as it is printed; comments are not words.
	const gap = pending.last === line && before && before.to <= token.from ? text.slice(before.to, token.from) : " ";
	pending.texts.push(before ? (gap.includes("#") ? " " : gap) : "", text.slice(token.from, token.to));
	pending.tokens.push(token);
	pending.last = line;
}

/** Ends the statement that is being read. */
function flush(state: State): void {
	const { pending, block } = state;
	state.pending = null;
	if (!pending || !block) return;
	if (block.kind === "chain") endChainStatement(state, block.chain, pending);
	else if (block.kind === "set") endSetStatement(block.set, pending.tokens);
}

function endChainStatement(state: State, chain: ChainDraft, pending: Pending): void {
	const { tokens } = pending;
	const { table, artifact } = state;
	const [first, second] = tokens;
	if (!table) return;
	if (isMark(first, "type") && tokens.some((token) => isMark(token, "hook"))) {
		chain.base = baseChainOf(tokens, table.family);
	} else if (isMark(first, "policy") && chain.base) {
		chain.base = { ...chain.base, policy: policyOf((second?.text ?? "").toUpperCase()) };
	} else if (
		!(tokens.length === 2 && (isMark(first, "comment") || isMark(first, "flags") || isMark(first, "devices")))
	) {
		const last = tokens.at(-1);
		const at =
			pending.first === pending.last
				? spanInLine(artifact, pending.first, first?.from ?? 0, last?.to ?? 0)
				: spanOfLines(artifact, pending.first, pending.last);
		const meaning = readNftRule(tokens, table.family);
		const verdict = lostTarget(pending) ? NOT_PRINTED : meaning.verdict;
		const text = pending.texts.join("").trim();
		chain.rules.push({ number: chain.rules.length + 1, text, ...meaning, verdict, at });
	}
}

const NOT_PRINTED: Verdict = { kind: "unknown", target: "a target that nft could not print" };

/**
 * nftables 1.0.6 says `XT target MASQUERADE not found` on stderr when the plugin of that family is missing; on stdout
 * the rule ends in a blank behind its counter. A rule that has no target ends in the counter.
 */
function lostTarget({ tokens, last }: Pending): boolean {
	const words = tokens.slice(-5).map((token) => token.text);
	const counter = words[0] === "counter" && words[1] === "packets" && words[3] === "bytes";
	return (counter || words.at(-1) === "counter") && / $/.test(last.text);
}

function endSetStatement(set: SetDraft, tokens: readonly Token[]): void {
	const [first] = tokens;
	if (isMark(first, "type")) set.type = tokensText(tokens.slice(1));
	else if (isMark(first, "typeof")) set.type = tokensText(tokens);
	else if (isMark(first, "elements")) {
		const inside = readBraces({
			tokens,
			at: Math.max(
				0,
				tokens.findIndex((token) => isMark(token, "{")),
			),
		});
		if (/: verdict$/.test(set.type)) set.verdicts = verdictElements(inside);
		else set.elements = setElements(inside);
	}
}

function closeBlock(state: State, line: Line): void {
	const { block, table, artifact } = state;
	state.block = null;
	if (!table || block?.kind !== "set") return;
	const { set } = block;
	const isVerdictMap = /: verdict$/.test(set.type);
	// `nft -t` leaves the elements out.
	const terse = /\s(?:-[a-z]*t[a-z]*|--terse)\b/.test(artifact.command?.slice(0, 200) ?? "");
	const shown = terse ? null : [];
	table.sets.push({
		name: set.name,
		type: set.type,
		elements: isVerdictMap ? null : (set.elements ?? shown),
		verdicts: isVerdictMap ? (set.verdicts ?? shown) : null,
		at: spanOfLines(artifact, set.first, line),
	});
}
