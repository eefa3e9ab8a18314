import { type Rule, TABLE_HOOKS } from "../netfilter/ruleset";

/**
 * Which table a listing shows when it does not say so: `iptables -L` and `-S` never do, and neither do the lines that
 * `iptables-save | grep DOCKER` leaves. The built-in chains decide, then the command or file name, then the rules.
 */

/** Name of a table where nothing tells which it is. */
export const UNKNOWN_TABLE = "unknown";

/** What is known of a table whose name is not. */
export type TableEvidence = {
	/** Names of the chains with a policy. */
	readonly builtins: readonly string[];
	readonly rules: readonly { readonly chain: string; readonly rule: Rule }[];
	readonly chains: readonly string[];
};

/** A table's name, or `unknown`. A hint is believed unless the built-in chains speak against it. */
export function inferTable(evidence: TableEvidence, hint: string | null): string {
	const { builtins } = evidence;
	if (hint !== null && fits(builtins, hint)) return hint;
	const has = (name: string) => builtins.includes(name);
	if (has("FORWARD")) return has("PREROUTING") || has("POSTROUTING") ? "mangle" : "filter";
	const byRules = tableOfRules(evidence);
	if (has("PREROUTING") && has("OUTPUT") && !has("POSTROUTING") && !has("INPUT")) return "raw";
	if (has("PREROUTING") || has("POSTROUTING")) return byRules ?? (builtins.length > 1 ? "nat" : UNKNOWN_TABLE);
	return byRules ?? (builtins.length > 0 ? "filter" : UNKNOWN_TABLE);
}

function fits(builtins: readonly string[], table: string): boolean {
	const hooks = Object.hasOwn(TABLE_HOOKS, table) ? TABLE_HOOKS[table] : undefined;
	return hooks !== undefined && builtins.every((name) => hooks.includes(name));
}

function tableOfRules(evidence: TableEvidence): string | null {
	for (const { chain, rule } of evidence.rules) {
		const table = tableOfRule(chain, rule);
		if (table) return table;
	}
	return evidence.chains.some((name) => FILTER_CHAIN.test(name)) ? "filter" : null;
}

/** Chains that Docker, ufw and firewalld make in filter only. */
const FILTER_CHAIN =
	/^(?:DOCKER-(?:USER|FORWARD|CT|BRIDGE|INTERNAL|ISOLATION.{0,12})|ufw6?-.{1,40}|(?:IN|FWD)_.{1,40}|f2b-.{1,40}|KUBE-(?:FORWARD|FIREWALL))$/;

/** The table that a rule can only stand in, or null. */
export function tableOfRule(chain: string, rule: Rule): string | null {
	switch (rule.verdict.kind) {
		case "dnat":
		case "snat":
		case "masquerade":
		case "redirect":
			return "nat";
		case "reject":
			return "filter";
		default:
	}
	if (rule.effects.some((effect) => effect.kind === "notrack")) return "raw";
	if (FILTER_CHAIN.test(chain)) return "filter";
	const { verdict } = rule;
	const target = verdict.kind === "jump" || verdict.kind === "goto" ? verdict.chain : "";
	if (FILTER_CHAIN.test(target)) return "filter";
	// Docker drops direct access in raw (28.0 and later); nat refuses DROP since iptables 1.4.
	if (chain === "PREROUTING" && verdict.kind === "drop") return "raw";
	if (chain === "DOCKER" && (verdict.kind === "accept" || verdict.kind === "drop")) return "filter";
	if (target === "DOCKER" && (chain === "PREROUTING" || chain === "OUTPUT")) return "nat";
	return chain === "FORWARD" ? "filter" : null;
}

/** Whether a chain begins another table in a listing of several, one after another, without names. */
export function beginsNextTable(
	current: { readonly builtins: readonly string[]; readonly chains: ReadonlyMap<string, unknown> },
	chain: string,
	hasPolicy: boolean,
): boolean {
	if (current.chains.has(chain)) return true;
	const { builtins } = current;
	if (!hasPolicy || builtins.length === 0) return false;
	const tables = Object.values(TABLE_HOOKS);
	const all = [...builtins, chain];
	if (!tables.some((hooks) => all.every((name) => hooks.includes(name)))) return true;
	// Built-in chains come first: one that comes after other chains of a table that has all its own is the next table's.
	const whole = tables.some(
		(hooks) => hooks.length === builtins.length && hooks.every((name) => builtins.includes(name)),
	);
	return whole && current.chains.size > builtins.length;
}

/** Whether a listing shows every built-in chain of a table: then it shows the table whole. nat had no INPUT before kernel 2.6.36. */
export function showsAllBuiltins(table: string, builtins: readonly string[]): boolean {
	const hooks = Object.hasOwn(TABLE_HOOKS, table) ? TABLE_HOOKS[table] : undefined;
	return hooks?.every((name) => builtins.includes(name) || (table === "nat" && name === "INPUT")) ?? false;
}
