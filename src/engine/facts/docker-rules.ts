/**
 * What dockerd keeps in the tables, held against what was listed.
 *
 * Layouts by generation: moby integration/network/bridge/iptablesdoc (28.0 to 29.7), libnetwork setup_ip_tables.go
 * (17.06 to 27), rules listed by dockerd 20.10.24, 26.1.5, 28.5.2 and 29.7.2 on real hosts.
 */
import { overlap, parsePrefix, rangeOf } from "../netfilter/address";
import type { Chain, Match, Rule, Table } from "../netfilter/ruleset";
import type { PublishedPort } from "../parse/parsed";
import type { Span } from "../text/span";

/** One thing dockerd must have made, and whether the listing has it. */
export type Expectation = {
	readonly table: "nat" | "filter" | "raw" | "docker-bridges" | "ip6 nat" | "ip6 filter";
	readonly kind: "chain" | "jump" | "dnat" | "accept" | "masquerade" | "drop";
	/** The chain it stands in, or the chain itself. */
	readonly chain: string;
	/** Sentence without a full stop, with code in back-ticks: "chain `DOCKER`", "the jump from `PREROUTING` to `DOCKER`". */
	readonly what: string;
	readonly state: "there" | "missing";
	readonly at: readonly Span[];
};

/** State of Docker's part of one table, as far as it was shown. */
export type TableState =
	/** Not listed. */
	| { readonly kind: "unknown" }
	| {
			readonly kind: "shown";
			readonly table: Table | null;
			readonly expected: readonly Expectation[];
			/** Any chain named DOCKER… exists. */
			readonly anyDockerChain: boolean;
			readonly at: readonly Span[];
	  };

export type DockerRules = {
	readonly nat: TableState;
	readonly filter: TableState;
	/** What Docker 29's nftables backend keeps in its own table; null where native tables were not listed. */
	readonly native: readonly Expectation[] | null;
	/** Docker's chains in the backend that `iptables` does not drive; null where that backend was not listed. */
	readonly otherBackend: {
		readonly backend: "nf_tables" | "legacy";
		readonly chains: readonly Chain[];
		readonly at: readonly Span[];
	} | null;
};

/** A published port of a running container that needs NAT rules. */
export type NeededPort = PublishedPort & { readonly container: string | null; readonly address: string | null };

/** What is missing of a shown table. */
export function missing(state: TableState): readonly Expectation[] {
	return state.kind === "shown" ? state.expected.filter((one) => one.state === "missing") : [];
}

/** Whether everything expected of a shown table is there. */
export function isWhole(state: TableState): boolean {
	return state.kind === "shown" && missing(state).length === 0;
}

/** Whether a chain name is one of Docker's own (not DOCKER-USER, which belongs to the user). */
export function isDockerChain(name: string): boolean {
	return /^DOCKER(?:$|-(?!USER$))/.test(name);
}

/** A chain of a table by its name. */
export const findChain = (table: Table | null, name: string) =>
	table?.chains.find((chain) => chain.name === name) ?? null;

/** The first rule of a chain that leads to another. */
export const jumps = (chain: Chain | null, to: string) =>
	chain?.rules.find(
		(rule) => (rule.verdict.kind === "jump" || rule.verdict.kind === "goto") && rule.verdict.chain === to,
	) ?? null;

/** Follows jumps from a chain, at most once through each, and says whether `to` is reached. */
export function reaches(table: Table | null, from: string, to: string): Rule | null {
	const seen = new Set<string>();
	const visit = (name: string): Rule | null => {
		if (seen.has(name)) return null;
		seen.add(name);
		for (const rule of findChain(table, name)?.rules ?? []) {
			if (rule.verdict.kind !== "jump" && rule.verdict.kind !== "goto") continue;
			if (rule.verdict.chain === to || visit(rule.verdict.chain)) return rule;
		}
		return null;
	};
	return visit(from);
}

const portsOf = (rule: Rule, kind: "sport" | "dport") =>
	rule.matches.flatMap((match) => (match.kind === kind && !match.negated ? match.ranges : []));

const has = (ranges: readonly { from: number; to: number }[], port: number) =>
	ranges.some((range) => range.from <= port && port <= range.to);

/** DNAT rules of a nat table that translate a host port. */
export function dnatRulesFor(
	table: Table,
	hostPort: number,
	protocol: string,
): readonly { readonly chain: Chain; readonly rule: Rule }[] {
	return table.chains.flatMap((chain) =>
		chain.rules
			.filter((rule) => rule.verdict.kind === "dnat" && has(portsOf(rule, "dport"), hostPort) && speaks(rule, protocol))
			.map((rule) => ({ chain, rule })),
	);
}

function speaks(rule: Rule, protocol: string): boolean {
	const named = rule.matches.filter((match) => match.kind === "protocol");
	return (
		named.length === 0 ||
		named.some((match) => match.kind === "protocol" && match.protocols.includes(protocol) !== match.negated)
	);
}

function coversSource(match: Match, subnet: string): boolean {
	const prefix = parsePrefix(subnet);
	return (
		prefix !== null &&
		match.kind === "saddr" &&
		!match.negated &&
		match.ranges.some((range) => overlap(range, rangeOf(prefix)))
	);
}

/** Rules that give a subnet its way out: MASQUERADE or SNAT whose source is the subnet or nothing at all. */
export function masquerades(table: Table | null, subnet: string): Rule | null {
	for (const chain of table?.chains ?? []) {
		for (const rule of chain.rules) {
			if (rule.verdict.kind !== "masquerade" && rule.verdict.kind !== "snat") continue;
			const sources = rule.matches.filter((match) => match.kind === "saddr");
			const hairpin = rule.matches.some((match) => match.kind === "daddr");
			if (!hairpin && (sources.length === 0 || sources.some((match) => coversSource(match, subnet)))) return rule;
		}
	}
	return null;
}

export type NatNeeds = {
	readonly ports: readonly NeededPort[];
	/** Subnets of bridge networks that are masqueraded. */
	readonly subnets: readonly string[];
	/** Docker’s networks were not shown, and nothing says that they go without. */
	readonly subnetsUnknown: boolean;
};

/** Holds a nat table against what dockerd keeps there. `table` null means the table is known to be empty. */
export function natState(table: Table | null, at: readonly Span[], needs: NatNeeds): TableState {
	if (table && !table.complete && !findChain(table, "DOCKER")) return { kind: "unknown" };
	const docker = findChain(table, "DOCKER");
	const expected: Expectation[] = [
		{
			table: "nat",
			kind: "chain",
			chain: "DOCKER",
			what: "chain `DOCKER`",
			state: docker ? "there" : "missing",
			at: docker ? [docker.at] : at,
		},
	];
	if (!table || table.complete) {
		const prerouting = findChain(table, "PREROUTING");
		const jump = jumps(prerouting, "DOCKER");
		expected.push({
			table: "nat",
			kind: "jump",
			chain: "PREROUTING",
			what: "the jump from `PREROUTING` to `DOCKER`",
			state: jump ? "there" : "missing",
			at: jump ? [jump.at] : prerouting ? [prerouting.at] : at,
		});
		const output = findChain(table, "OUTPUT");
		const local = jumps(output, "DOCKER");
		expected.push({
			table: "nat",
			kind: "jump",
			chain: "OUTPUT",
			what: "the jump from `OUTPUT` to `DOCKER`",
			state: local ? "there" : "missing",
			at: local ? [local.at] : output ? [output.at] : at,
		});
		for (const subnet of needs.subnets) {
			const rule = masquerades(table, subnet);
			const postrouting = findChain(table, "POSTROUTING");
			expected.push({
				table: "nat",
				kind: "masquerade",
				chain: "POSTROUTING",
				what: `the \`MASQUERADE\` rule of ${subnet}`,
				state: rule ? "there" : "missing",
				at: rule ? [rule.at] : postrouting ? [postrouting.at] : at,
			});
		}
	}
	// dockerd masquerades every network from which it publishes; which ones, the translations tell only by an address.
	if (table?.complete && needs.subnetsUnknown && docker?.rules.some(({ verdict }) => verdict.kind === "dnat")) {
		const postrouting = findChain(table, "POSTROUTING");
		const anyWayOut = table.chains.flatMap(({ rules }) =>
			rules.filter(({ verdict }) => verdict.kind === "masquerade" || verdict.kind === "snat"),
		)[0];
		if (!anyWayOut && postrouting)
			expected.push({
				table: "nat",
				kind: "masquerade",
				chain: "POSTROUTING",
				what: "any `MASQUERADE` rule",
				state: "missing",
				at: [postrouting.at],
			});
	}
	for (const port of needs.ports) {
		const rules = table ? dnatRulesFor(table, port.hostPort, port.protocol) : [];
		const place = rules.map(({ rule }) => rule.at);
		expected.push({
			table: "nat",
			kind: "dnat",
			chain: "DOCKER",
			what: `the \`DNAT\` rule of port ${port.hostPort}/${port.protocol}`,
			state: rules.length > 0 ? "there" : "missing",
			at: place.length > 0 ? place : docker ? [docker.at] : at,
		});
	}
	return {
		kind: "shown",
		table,
		expected,
		anyDockerChain: (table?.chains ?? []).some((chain) => isDockerChain(chain.name)),
		at,
	};
}

/** Holds a filter table against what dockerd keeps there: chain DOCKER, a way from FORWARD to it, an accept for each port. */
export function filterState(table: Table | null, at: readonly Span[], needs: NatNeeds): TableState {
	if (table && !table.complete && !findChain(table, "DOCKER")) return { kind: "unknown" };
	const docker = findChain(table, "DOCKER");
	const expected: Expectation[] = [
		{
			table: "filter",
			kind: "chain",
			chain: "DOCKER",
			what: "chain `DOCKER`",
			state: docker ? "there" : "missing",
			at: docker ? [docker.at] : at,
		},
	];
	if (!table || table.complete) {
		const forward = findChain(table, "FORWARD");
		const way = reaches(table, "FORWARD", "DOCKER");
		expected.push({
			table: "filter",
			kind: "jump",
			chain: "FORWARD",
			what: "the way from `FORWARD` to `DOCKER`",
			state: way ? "there" : "missing",
			at: way ? [way.at] : forward ? [forward.at] : at,
		});
	}
	for (const port of needs.ports) {
		const accept = docker?.rules.find(
			(rule) =>
				rule.verdict.kind === "accept" &&
				has(portsOf(rule, "dport"), port.containerPort) &&
				speaks(rule, port.protocol),
		);
		expected.push({
			table: "filter",
			kind: "accept",
			chain: "DOCKER",
			what: `the rule that accepts port ${port.containerPort}/${port.protocol} of the container`,
			state: accept ? "there" : "missing",
			at: accept ? [accept.at] : docker ? [docker.at] : at,
		});
	}
	return {
		kind: "shown",
		table,
		expected,
		anyDockerChain: (table?.chains ?? []).some((chain) => isDockerChain(chain.name)),
		at,
	};
}
