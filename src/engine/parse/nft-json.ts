/**
 * `nft -j list ruleset`, schema 1, nftables 0.9 to 1.1 (libnftables-json(5)); on one line or through jq.
 *
 *     {"nftables": [{"metainfo": {"version": "1.0.6", …}}, {"table": {"family": "ip", "name": "nat", "handle": 1}}, …
 *
 * Expressions are put back into nft's text form and read like that, so both forms mean the same. A listing that was
 * cut off gives the tables and rules up to there.
 *
 * Not read: flowtables, and objects other than chains, rules, sets and maps.
 */
import type { Node } from "jsonc-parser";
import type { Family } from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { elements, type JoinedText, jsonBlocks, memberAt, members, numberOf, stringOf } from "./json-text";
import { writtenLines } from "./line-text";
import type { ListingHints } from "./listing-hints";
import { baseChainOf } from "./nft-base-chain";
import { setElements, verdictElements } from "./nft-elements";
import { elementJson, statementText } from "./nft-json-text";
import { isFromIptables } from "./nft-origin";
import { readNftRule } from "./nft-rule";
import { nftTokens } from "./nft-tokens";
import type { RulesetText } from "./ruleset-text";
import { chainOf, finishTable, newTable, type TableDraft } from "./table-draft";

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
	["ip", "ip"],
	["ip6", "ip6"],
	["inet", "inet"],
	["arp", "arp"],
	["bridge", "bridge"],
	["netdev", "netdev"],
]);

/** Null when the text holds no `{"nftables": …}`. */
export function parseNftJson(artifact: Artifact, hints: ListingHints): RulesetText | null {
	const [start] = writtenLines(artifact.lines);
	if (!start || !/^\s{0,200}[[{]/.test(start.text.slice(0, 256))) return null;
	const { blocks, others } = jsonBlocks(artifact, artifact.lines);
	const block = blocks.find((one) => memberAt(one.root, "nftables") !== null);
	if (!block) return null;
	const reading: Reading = { artifact, joined: block.joined, first: block.first, tables: new Map(), version: null };
	for (const item of elements(memberAt(block.root, "nftables"))) readItem(reading, item);
	const whole = block.errors.length === 0;
	const tables = [...reading.tables.values()].map((draft) => {
		draft.complete = whole && hints.chain === null && !hints.filtered;
		draft.native = !isFromIptables(draft, false);
		return finishTable(artifact, draft, draft.name ?? "");
	});
	return {
		tables,
		unread: writtenLines(others),
		remarks: [],
		version: null,
		family: hints.family ?? "all",
		allTables: whole && !hints.filtered && (hints.everything || tables.length > 1),
	};
}

type Reading = {
	readonly artifact: Artifact;
	readonly joined: JoinedText;
	readonly first: Line;
	readonly tables: Map<string, TableDraft>;
	version: string | null;
};

function readItem(reading: Reading, item: Node): void {
	for (const [kind, node] of members(item)) {
		const at = reading.joined.spanAt(node.offset, node.offset + node.length);
		const text = (name: string) => stringOf(memberAt(node, name)) ?? "";
		const family = FAMILIES.get(text("family"));
		if (!family) continue;
		if (kind === "table") tableOf(reading, family, text("name"));
		else if (kind === "chain") readChain(tableOf(reading, family, text("table")), node, text, at);
		else if (kind === "rule") readRule(tableOf(reading, family, text("table")), node, text, at);
		else if (kind === "set" || kind === "map")
			readSet(tableOf(reading, family, text("table")), node, text, at, kind === "map");
	}
}

function tableOf(reading: Reading, family: Family, name: string): TableDraft {
	const key = `${family} ${name}`;
	const found = reading.tables.get(key);
	if (found) return found;
	const table = newTable("nft", name, family, reading.first);
	table.backend = "nf_tables";
	reading.tables.set(key, table);
	return table;
}

type TextOf = (name: string) => string;

function readChain(table: TableDraft, node: Node, text: TextOf, at: Span): void {
	const chain = chainOf(table, text("name"), at);
	const priority = numberOf(memberAt(node, "prio"));
	if (text("hook") === "" || priority === null) return;
	const line = `type ${text("type")} hook ${text("hook")} priority ${priority} policy ${text("policy")}`;
	chain.base = baseChainOf(nftTokens(line), table.family);
}

function readRule(table: TableDraft, node: Node, text: TextOf, at: Span): void {
	const chain = chainOf(table, text("chain"), at);
	const comment = stringOf(memberAt(node, "comment"));
	const statements = elements(memberAt(node, "expr")).map(statementText);
	const line = statements.join(" ");
	const meaning = readNftRule(nftTokens(line), table.family);
	chain.rules.push({
		number: chain.rules.length + 1,
		text: comment === null ? line : `${line} comment "${comment}"`,
		...meaning,
		comment: comment ?? meaning.comment,
		at,
	});
}

function readSet(table: TableDraft, node: Node, text: TextOf, at: Span, isMap: boolean): void {
	const type = typeText(memberAt(node, "type"));
	const target = typeText(memberAt(node, "map"));
	const inside = elements(memberAt(node, "elem"));
	const tokens = nftTokens(inside.map(elementJson).join(", "));
	const isVerdictMap = isMap && target === "verdict";
	table.sets.push({
		name: text("name"),
		type: isMap ? `${type} : ${target}` : type,
		elements: isVerdictMap ? null : setElements(tokens),
		verdicts: isVerdictMap ? verdictElements(tokens) : null,
		at,
	});
}

function typeText(node: Node | null): string {
	return (
		stringOf(node) ??
		elements(node)
			.map((part) => stringOf(part) ?? "")
			.join(" . ")
	);
}
