import { plain, printWords } from "../netfilter/rule-words";
import type { Chain, Match, Rule, Table, Verdict } from "../netfilter/ruleset";
import type { World } from "../packet-path/world";
import { readOptions } from "../parse/match-words";
import { optionsOf } from "../parse/rule-options";
import type { Action, RuleAddress } from "../remedy/plan";

/**
 * A host as it would be after one action of a plan. Null: what the action makes of the tables can't be told from here
 * (dockerd and firewalld write their own rules when they start), or the chain it changes was not shown.
 */
export function applied(world: World, action: Action): World | null {
	switch (action.kind) {
		case "insert-rule":
			return changed(world, action, (chain, table) => numbered(chain, [ruleOf(action, chain, table), ...chain.rules]));
		case "delete-rule": {
			const text = lineOf(action);
			return changed(world, action, (chain) => {
				const index = chain.rules.findIndex((rule) => rule.text === text);
				return index < 0 ? null : numbered(chain, chain.rules.toSpliced(index, 1));
			});
		}
		case "set-forward-policy": {
			const policy = action.policy === "ACCEPT" ? "accept" : "drop";
			return changed(world, { ...action, table: "filter", chain: "FORWARD" }, (chain) =>
				chain.base ? { ...chain, base: { ...chain.base, policy } } : null,
			);
		}
		case "admit-in-nft-chain": {
			const { family, table, chain } = action;
			return inChains(
				world,
				(one) => one.native && one.family === family && one.name === table,
				chain,
				(found) => numbered(found, [...admitting(action.bridge, found), ...found.rules]),
			);
		}
		case "set-sysctl": {
			const { key, value } = action;
			const others = world.sysctls.filter((one) => one.key !== key);
			// Writing the global switch sets that of every interface (Documentation/networking/ip-sysctl.rst).
			const isGlobal = key === "net.ipv4.ip_forward";
			const kept = isGlobal ? others.filter((one) => !/^net\.ipv4\.conf\..{1,40}\.forwarding$/.test(one.key)) : others;
			return {
				...world,
				sysctls: [...kept, { key, value }],
				...(isGlobal ? { ipForward: value !== "0" } : {}),
			};
		}
		default:
			return null;
	}
}

/** Whether an action leaves what packets meet as it is: services that start or wait, things a person is told. */
export function isNeutral(action: Action): boolean {
	return ["by-hand", "show-port-owner", "enable-live-restore", "start-stopped-containers"].includes(action.kind);
}

type Where = Pick<RuleAddress, "backend" | "family"> & { readonly table: string; readonly chain: string };

function changed(
	world: World,
	{ backend, family, table, chain }: Where,
	change: (chain: Chain, table: Table) => Chain | null,
): World | null {
	const name = family === 4 ? "ip" : "ip6";
	return inChains(
		world,
		(one) =>
			!one.native &&
			one.family === name &&
			one.name === table &&
			(backend === null || one.backend === null || one.backend === backend),
		chain,
		change,
	);
}

/** Changes the chain in every printing of the table that has it; null where none does. */
function inChains(
	world: World,
	isTable: (table: Table) => boolean,
	name: string,
	change: (chain: Chain, table: Table) => Chain | null,
): World | null {
	let count = 0;
	const tables = world.tables.map((table) => {
		if (!isTable(table)) return table;
		const chains = table.chains.map((chain) => {
			const made = chain.name === name ? change(chain, table) : null;
			if (made) count++;
			return made ?? chain;
		});
		return { ...table, chains };
	});
	return count === 0 ? null : { ...world, tables };
}

function lineOf({ chain, spec }: RuleAddress): string {
	return printWords(["-A", chain, ...spec].map(plain));
}

function ruleOf(address: RuleAddress, chain: Chain, table: Table): Rule {
	const { counters: _, ...meaning } = readOptions(
		optionsOf(address.spec.map(plain)),
		table.family === "ip6" ? "ip6" : "ip",
	);
	return { number: 1, text: lineOf(address), ...meaning, counters: null, at: chain.at };
}

/** What the script inserts: see `change_nft_admit` in `remedy/script/nft-changes.ts`. */
function admitting(bridge: string, { at }: Chain): readonly Rule[] {
	const accept: Verdict = { kind: "accept" };
	const rule = (text: string, matches: readonly Match[]): Rule => ({
		number: 1,
		text: `${text} accept`,
		matches,
		effects: [],
		verdict: accept,
		comment: null,
		counters: null,
		at,
	});
	return [
		rule("ct state established,related", [{ kind: "ctstate", states: ["established", "related"], negated: false }]),
		rule(`oifname "${bridge}" ct status dnat`, [
			{ kind: "oif", names: [bridge], negated: false },
			{ kind: "ctstatus", statuses: ["dnat"], negated: false },
		]),
		rule(`iifname "${bridge}"`, [{ kind: "iif", names: [bridge], negated: false }]),
	];
}

function numbered(chain: Chain, rules: readonly Rule[]): Chain {
	return { ...chain, rules: rules.map((rule, index) => ({ ...rule, number: index + 1 })) };
}
