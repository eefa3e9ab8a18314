import { builtinBase } from "../netfilter/ruleset";
import type { TableDraft } from "./table-draft";

/**
 * Whether iptables-nft made a table that nft lists.
 *
 * nft warns only of tables that hold an extension it has no own words for (`has_xt_stmts` in src/rule.c of 1.0.6), so
 * without a warning the table must look it: a name and base chains as iptables makes them (iptables/nft.c), no sets, and
 * a counter in every rule, which iptables-nft never leaves out.
 */
export function isFromIptables(table: TableDraft, warned: boolean): boolean {
	if (warned) return true;
	if ((table.family !== "ip" && table.family !== "ip6") || table.sets.length > 0) return false;
	if (!/^(?:filter|nat|mangle|raw|security)$/.test(table.name ?? "")) return false;
	for (const chain of table.chains.values()) {
		if (chain.base) {
			const expected = builtinBase(table.name ?? "", chain.name, null);
			if (!expected || expected.hook !== chain.base.hook || expected.priority !== chain.base.priority) return false;
		}
		if (chain.rules.some((rule) => !/(?:^|\s)counter(?:\s|$)/.test(rule.text))) return false;
	}
	return true;
}
