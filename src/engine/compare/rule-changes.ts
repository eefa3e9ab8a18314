import { isDockerChain } from "../facts/docker-rules";
import type { HostFacts, NetfilterFacts } from "../facts/host-facts";
import type { Chain, Rule, Table } from "../netfilter/ruleset";
import type { Change } from "./comparison";

/** A chain of one table, in both pastes, with the rules of the one that are the other's. */
type Pair = { readonly before: Chain; readonly after: Chain; readonly table: Table; readonly reset: boolean };

const LABEL = { nf_tables: "nf_tables", legacy: "legacy" } as const;

/** `table nat`, with the family and the backend where they are not the usual ones. */
function nameOf(table: Table, many: boolean): string {
	const family = table.family === "ip" || table.family === "inet" ? "" : ` (${table.family})`;
	const backend = many && table.backend ? ` of ${LABEL[table.backend]}` : "";
	return table.native ? `nft table \`${table.family} ${table.name}\`` : `table ${table.name}${backend}${family}`;
}

const keyOf = (table: Table) => `${table.native} ${table.backend ?? "?"} ${table.family} ${table.name}`;

/** `nft list ruleset` shows iptables-nft's tables as well: those are told of once, as iptables prints them. */
function withoutSecondViews(tables: readonly Table[]): readonly Table[] {
	const printed = new Set(
		tables.flatMap(({ native, backend, family, name }) => (native || backend === "legacy" ? [] : `${family} ${name}`)),
	);
	return tables.filter(({ native, family, name }) => !native || !printed.has(`${family} ${name}`));
}

/** Null where the other paste can't tell of this table; an empty list where it shows that there is none. */
function chainsIn(netfilter: NetfilterFacts, wanted: Table): readonly Chain[] | null {
	const table = netfilter.tables.find((one) => keyOf(one) === keyOf(wanted));
	if (table) return table.complete ? table.chains : null;
	const family = wanted.family === "ip6" ? 6 : 4;
	const listed = wanted.native
		? netfilter.native.some((one) => one.family === family)
		: netfilter.listed.some((one) => one.family === family && one.backend === wanted.backend);
	return listed ? [] : null;
}

/** What a rule does, in whatever way it was listed: `-L` and iptables-save spell the same rule differently. */
const meaningOf = ({ matches, verdict, effects, comment }: Rule) =>
	JSON.stringify([matches, verdict, effects, comment], (_, value: unknown) =>
		typeof value === "bigint" ? `${value}n` : value,
	);

type Compared = {
	readonly chains: readonly Change[];
	readonly rules: readonly Change[];
	readonly counters: readonly Change[];
};

/** Chains and rules that came and went, and counters that moved. Only tables that both pastes show whole are compared. */
export function compareRules(before: HostFacts, after: HostFacts): Compared {
	const chains: Change[] = [];
	const rules: Change[] = [];
	const pairs: Pair[] = [];
	const all = withoutSecondViews([...before.netfilter.tables, ...after.netfilter.tables]);
	const many = new Set(all.flatMap(({ native, backend }) => (native ? [] : backend))).size > 1;
	const seen = new Set<string>();
	for (const table of all) {
		if (!table.complete || seen.has(keyOf(table))) continue;
		seen.add(keyOf(table));
		const [earlier, later] = [chainsIn(before.netfilter, table), chainsIn(after.netfilter, table)];
		if (!earlier || !later) continue;
		const where = nameOf(table, many);
		const byName = new Map(earlier.map((chain) => [chain.name, chain]));
		for (const chain of later) {
			const old = byName.get(chain.name);
			byName.delete(chain.name);
			if (!old) chains.push(came(chain, where));
			else {
				chains.push(...policyChange(old, chain, where));
				const changed = ruleChanges(old, chain, where, bothShowInterfaces(table, before, after));
				rules.push(...changed);
				pairs.push({ before: old, after: chain, table, reset: changed.length > 0 });
			}
			if (!old) rules.push(...ruleChanges({ ...chain, rules: [] }, chain, where, true));
		}
		for (const gone of byName.values()) {
			// The kernel's own chains come and go with the first rule of the table.
			if (gone.base && gone.rules.length === 0) continue;
			const tone = isDockerChain(gone.name) ? "fault" : "plain";
			chains.push({ says: `chain \`${gone.name}\` is gone from ${where}`, tone, at: [] });
		}
	}
	return { chains, rules, counters: counterChanges(pairs) };
}

function came(chain: Chain, where: string): Change {
	return {
		says: `chain \`${chain.name}\` is new in ${where}`,
		tone: isDockerChain(chain.name) ? "whole" : "plain",
		at: [chain.at],
	};
}

function policyChange(old: Chain, chain: Chain, where: string): readonly Change[] {
	const [first, second] = [old.base?.policy, chain.base?.policy];
	if (!first || !second || first === second) return [];
	const says = `the policy of \`${chain.name}\` in ${where} was ${first.toUpperCase()}, is ${second.toUpperCase()}`;
	return [{ says, tone: second === "drop" ? "fault" : "plain", at: [chain.at] }];
}

/** `-L` without `-v` hides interfaces: rules are then different only by what was asked. */
function bothShowInterfaces(table: Table, before: HostFacts, after: HostFacts): boolean {
	return [before, after].every(
		({ netfilter }) => netfilter.tables.find((one) => keyOf(one) === keyOf(table))?.interfacesShown ?? true,
	);
}

function ruleChanges(old: Chain, chain: Chain, where: string, comparable: boolean): readonly Change[] {
	if (!comparable) return [];
	const left = new Map<string, number>();
	for (const rule of old.rules) left.set(meaningOf(rule), (left.get(meaningOf(rule)) ?? 0) + 1);
	const changes: Change[] = [];
	for (const rule of chain.rules) {
		const key = meaningOf(rule);
		const count = left.get(key) ?? 0;
		if (count > 0) left.set(key, count - 1);
		else changes.push({ says: `new in ${where}: \`${quoted(rule, chain)}\``, tone: "plain", at: [rule.at] });
	}
	for (const rule of old.rules) {
		const key = meaningOf(rule);
		const count = left.get(key) ?? 0;
		if (count === 0) continue;
		left.set(key, count - 1);
		changes.push({ says: `gone from ${where}: \`${quoted(rule, old)}\``, tone: "plain", at: [] });
	}
	if (changes.length === 0 && old.rules.some((rule, at) => meaningOf(rule) !== meaningOf(chain.rules[at] ?? rule)))
		changes.push({
			says: `the rules of \`${chain.name}\` in ${where} stand in another order`,
			tone: "plain",
			at: [chain.at],
		});
	return changes;
}

/** One line without back-ticks, which would end the code that it stands in. */
const quoted = (rule: Rule, chain: Chain) =>
	(rule.text.startsWith("-A ") ? rule.text : `${chain.name}: ${rule.text}`).replaceAll("`", "'").slice(0, 300);

const STOPS: ReadonlySet<string> = new Set(["drop", "reject"]);

/** Counters of rules that both pastes have and that counted packets meanwhile, those that stop packets first. */
function counterChanges(pairs: readonly Pair[]): readonly Change[] {
	const moved = pairs.flatMap(({ before, after, reset }) => {
		// After a change of the chain its counters began anew.
		if (reset) return [];
		const policy =
			before.counters &&
			after.counters &&
			after.base?.policy === "drop" &&
			after.counters.packets > before.counters.packets
				? [
						{
							text: `the policy DROP of \`${after.name}\``,
							by: after.counters.packets - before.counters.packets,
							stops: true,
							at: after.at,
						},
					]
				: [];
		const rules = after.rules.flatMap((rule, index) => {
			const earlier = before.rules[index]?.counters;
			if (!rule.counters || !earlier || rule.counters.packets <= earlier.packets) return [];
			const stops = STOPS.has(rule.verdict.kind);
			return [{ text: `\`${quoted(rule, after)}\``, by: rule.counters.packets - earlier.packets, stops, at: rule.at }];
		});
		return [...policy, ...rules];
	});
	return moved
		.toSorted((a, b) => Number(b.stops) - Number(a.stops) || b.by - a.by)
		.map(({ text, by, stops, at }) => ({
			says: `${text} took ${by} ${by === 1 ? "packet" : "packets"} more`,
			tone: stops ? "fault" : "plain",
			at: [at],
		}));
}
