import { plain, printWords } from "./rule-words";
import type { Chain, Counters, Rule, Table } from "./ruleset";

/**
 * Tables as iptables-save prints them, without the `# Generated` and `# Completed` lines; empty text for no table.
 *
 * A table that was read from a save comes back byte for byte. Of other listings it shows as much as they did, and
 * tables of the nft program are left out: iptables can't print them.
 */
export function printIptablesSave(tables: readonly Table[]): string {
	return tables
		.filter((table) => !table.native)
		.map(printTable)
		.join("");
}

function printTable(table: Table): string {
	const rules = table.chains.flatMap((chain) => chain.rules.map((rule) => ({ chain, rule })));
	// Rules stand in the order they were read in: in a file written by hand chains may take turns.
	rules.sort((a, b) => a.rule.at.from - b.rule.at.from || a.rule.number - b.rule.number);
	const lines = [
		`*${table.name}`,
		...table.chains.map(chainLine),
		...rules.map(({ chain, rule }) => ruleLine(chain, rule)),
		// A save that was cut off, or one that went through grep, has none.
		...(table.complete ? ["COMMIT"] : []),
	];
	return lines.map((line) => `${line}\n`).join("");
}

function chainLine(chain: Chain): string {
	const policy = chain.base ? (chain.base.policy ?? "accept").toUpperCase() : "-";
	return `:${chain.name} ${policy}${chain.counters ? ` ${bracket(chain.counters)}` : ""}`;
}

function ruleLine(chain: Chain, rule: Rule): string {
	const text = rule.words ? printWords([plain("-A"), plain(chain.name), ...rule.words]) : rule.text;
	// -S -v prints counters as an option among the words.
	const counted = rule.counters && !rule.words?.some((word) => word.text === "-c" && !word.quoted);
	return counted && rule.counters ? `${bracket(rule.counters)} ${text}` : text;
}

function bracket({ packets, bytes }: Counters): string {
	return `[${packets}:${bytes}]`;
}
