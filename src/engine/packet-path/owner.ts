import type { Chain, Rule, Table } from "../netfilter/ruleset";
import type { Step } from "./trace";

/** Who wrote a rule. */
export type Owner = NonNullable<Step["rule"]>["owner"];

const OF_CHAIN: readonly (readonly [RegExp, Owner])[] = [
	[/^DOCKER(?:$|[-_])/, "docker"],
	[/^ufw6?-/, "ufw"],
	[/^(?:f2b|fail2ban)-/, "fail2ban"],
	[/^(?:KUBE|CNI|FLANNEL|CILIUM|cali)-/, "kubernetes"],
	// Zone, policy and passthrough chains of firewalld (src/firewall/core/ipXtables.py, nftables.py).
	[
		/_(?:direct|ZONES|ZONES_SOURCE|POLICIES_pre|POLICIES_post|dispatch|dispatch_stage2)$|^(?:filter_|nat_|mangle_|raw_)?(?:IN|OUT|FWD|FWDI|FWDO|FWDP|PRE|POST)_/,
		"firewalld",
	],
];
const OF_TABLE: ReadonlyMap<string, Owner> = new Map([
	["docker-bridges", "docker"],
	["docker-overlay", "docker"],
	["firewalld", "firewalld"],
	["f2b-table", "fail2ban"],
	["kube-proxy", "kubernetes"],
]);

/** The program whose rule this is, by table, chain, jump target and form; `you` for what no known program writes. */
export function ownerOf(table: Table, chain: Chain, rule: Rule | "policy"): Owner {
	const ofTable = OF_TABLE.get(table.name);
	if (ofTable) return ofTable;
	if (rule === "policy") return table.chains.some((other) => other.name.startsWith("ufw-")) ? "ufw" : "you";
	const target = rule.verdict.kind === "jump" || rule.verdict.kind === "goto" ? ofChain(rule.verdict.chain) : null;
	if (target) return target;
	// DOCKER-USER is Docker's chain, but what stands in it is not Docker's, except its final RETURN.
	if (chain.name === "DOCKER-USER")
		return rule.verdict.kind === "return" && rule.matches.length === 0 ? "docker" : "you";
	return ofChain(chain.name) ?? (isDockersForm(rule) ? "docker" : "you");
}

function ofChain(name: string): Owner | null {
	return OF_CHAIN.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Docker's rules in built-in chains name one of its bridges (moby setup_ip_tables_linux.go). */
function isDockersForm(rule: Rule): boolean {
	if (!["accept", "drop", "masquerade", "snat"].includes(rule.verdict.kind)) return false;
	return rule.matches.some(
		(match) =>
			(match.kind === "iif" || match.kind === "oif") &&
			match.names.some((name) => /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/.test(name)),
	);
}
