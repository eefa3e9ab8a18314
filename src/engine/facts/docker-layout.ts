/**
 * The chains of the filter table and the jumps between them, as each generation of dockerd lays them out. They are held
 * against the listing for a person to read; no verdict is built on them, for a missing inner chain hurts nobody by itself.
 *
 *     17.06 – 18.03.0   FORWARD > DOCKER-USER, DOCKER-ISOLATION, DOCKER
 *     18.03.1 – 28.0.0  FORWARD > DOCKER-USER, DOCKER-ISOLATION-STAGE-1 (> -STAGE-2), DOCKER
 *     28.0.1 – 28.5     FORWARD > DOCKER-USER, DOCKER-FORWARD > DOCKER-CT, DOCKER-ISOLATION-STAGE-1, DOCKER-BRIDGE > DOCKER
 *     29.0 –            FORWARD > DOCKER-USER, DOCKER-FORWARD > DOCKER-CT, DOCKER-INTERNAL, DOCKER-BRIDGE > DOCKER
 *
 * Sources: moby libnetwork/drivers/bridge/setup_ip_tables.go at v17.06 to v27, integration/network/bridge/iptablesdoc at
 * v28.0.0 to v29.7.2; swarm's DOCKER-INGRESS from libnetwork/service_linux.go. 28.0.0 alone asks ipsets for the bridges
 * instead of one rule each.
 */
import type { Chain, Rule, Table } from "../netfilter/ruleset";
import type { Span } from "../text/span";
import { isAtLeast } from "./docker-facts";
import { type Expectation, findChain, jumps, masquerades } from "./docker-rules";
import { isKnownToBe, valueOr } from "./fact";
import type { EngineVersion, HostFacts } from "./host-facts";
import { tableOf } from "./netfilter-facts";

type Layout = {
	readonly chains: readonly string[];
	readonly jumps: readonly (readonly [from: string, to: string])[];
	/** Where each bridge has its rules; null where sets stand for the bridges. */
	readonly bridges: { readonly answers: string; readonly inward: string; readonly outward: string } | null;
	/** Where the jump to swarm's chain stands. */
	readonly ingress: string;
};

const OLD_BRIDGES = { answers: "FORWARD", inward: "FORWARD", outward: "FORWARD" };
const NEW_BRIDGES = { answers: "DOCKER-CT", inward: "DOCKER-BRIDGE", outward: "DOCKER-FORWARD" };

const ISOLATION: Layout = {
	chains: ["DOCKER-USER", "DOCKER-ISOLATION"],
	jumps: [
		["FORWARD", "DOCKER-USER"],
		["FORWARD", "DOCKER-ISOLATION"],
	],
	bridges: OLD_BRIDGES,
	ingress: "FORWARD",
};

const STAGES: Layout = {
	chains: ["DOCKER-USER", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"],
	jumps: [
		["FORWARD", "DOCKER-USER"],
		["FORWARD", "DOCKER-ISOLATION-STAGE-1"],
	],
	bridges: OLD_BRIDGES,
	ingress: "FORWARD",
};

const SETS: Layout = { ...STAGES, bridges: null };

const FORWARD_AND_STAGES: Layout = {
	chains: [
		"DOCKER-USER",
		"DOCKER-FORWARD",
		"DOCKER-CT",
		"DOCKER-ISOLATION-STAGE-1",
		"DOCKER-ISOLATION-STAGE-2",
		"DOCKER-BRIDGE",
	],
	jumps: [
		["FORWARD", "DOCKER-USER"],
		["FORWARD", "DOCKER-FORWARD"],
		["DOCKER-FORWARD", "DOCKER-CT"],
		["DOCKER-FORWARD", "DOCKER-ISOLATION-STAGE-1"],
		["DOCKER-FORWARD", "DOCKER-BRIDGE"],
	],
	bridges: NEW_BRIDGES,
	ingress: "DOCKER-FORWARD",
};

const INTERNAL: Layout = {
	chains: ["DOCKER-USER", "DOCKER-FORWARD", "DOCKER-CT", "DOCKER-INTERNAL", "DOCKER-BRIDGE"],
	jumps: [
		["FORWARD", "DOCKER-USER"],
		["FORWARD", "DOCKER-FORWARD"],
		["DOCKER-FORWARD", "DOCKER-CT"],
		["DOCKER-FORWARD", "DOCKER-INTERNAL"],
		["DOCKER-FORWARD", "DOCKER-BRIDGE"],
	],
	bridges: NEW_BRIDGES,
	ingress: "DOCKER-FORWARD",
};

function layoutOfVersion(version: EngineVersion): Layout | null {
	if (isAtLeast(version, 29)) return INTERNAL;
	if (isAtLeast(version, 28, 0, 1)) return FORWARD_AND_STAGES;
	if (isAtLeast(version, 28)) return SETS;
	if (isAtLeast(version, 18, 5) || (isAtLeast(version, 18, 3, 1) && !isAtLeast(version, 18, 4))) return STAGES;
	return isAtLeast(version, 17, 6) ? ISOLATION : null;
}

/** Where no version was shown, the chains that stand there name the generation; an empty table names none. */
function layoutOfChains(table: Table): Layout | null {
	const has = (name: string) => findChain(table, name) !== null;
	if (has("DOCKER-INTERNAL")) return INTERNAL;
	if (has("DOCKER-FORWARD") || has("DOCKER-BRIDGE") || has("DOCKER-CT")) return FORWARD_AND_STAGES;
	if (has("DOCKER-ISOLATION-STAGE-1") || has("DOCKER-ISOLATION-STAGE-2")) return STAGES;
	return has("DOCKER-ISOLATION") ? ISOLATION : null;
}

/** What the generation of this dockerd keeps in the filter table beyond chain DOCKER; empty where the table was not listed whole. */
export function filterLayout(facts: HostFacts): readonly Expectation[] {
	const { filter } = facts.rules;
	if (filter.kind !== "shown" || filter.table?.complete === false) return [];
	const layout = layoutOf(facts, filter.table);
	if (!layout) return [];
	return [
		...chainsAndJumps({ name: "filter", table: filter.table, at: filter.at }, layout, bridgesOf(facts)),
		...(ingressExpected(facts)
			? [
					chainOf({ name: "filter", ...filter }, "DOCKER-INGRESS"),
					jumpOf({ name: "filter", ...filter }, layout.ingress, "DOCKER-INGRESS"),
				]
			: []),
	];
}

/**
 * The same for IPv6: chains and jumps as soon as dockerd manages ip6tables (by default from 27.0), and rules for the bridges
 * that have IPv6. Swarm publishes on IPv4 alone.
 */
export function ip6Layout(facts: HostFacts): readonly Expectation[] {
	const filter = ip6Listing(facts, "filter");
	const nat = ip6Listing(facts, "nat");
	if (!managesIp6(facts, filter?.table ?? null)) return [];
	const layout = layoutOf(facts, filter?.table ?? null);
	const subnets = valueOr(facts.networks, []).flatMap((network) => {
		const isOut = network.driver === "bridge" && network.internal !== true && network.gatewayMode !== "routed";
		return isOut ? network.subnets.filter((subnet) => !isIpv4(subnet)) : [];
	});
	const bridges = valueOr(facts.networks, []).flatMap(({ driver, bridge, internal, subnets: own }) =>
		driver === "bridge" && bridge !== null && internal !== true && own.some((one) => !isIpv4(one)) ? [bridge] : [],
	);
	const way = filter && layout ? [chainOf(filter, "DOCKER"), ...chainsAndJumps(filter, layout, bridges)] : [];
	if (!nat) return way;
	return [
		chainOf(nat, "DOCKER"),
		jumpOf(nat, "PREROUTING", "DOCKER"),
		jumpOf(nat, "OUTPUT", "DOCKER"),
		...subnets.map((subnet) => {
			const postrouting = findChain(nat.table, "POSTROUTING");
			const what = `the \`MASQUERADE\` rule of ${subnet}`;
			return ruleOf(nat, postrouting, "POSTROUTING", "masquerade", what, masquerades(nat.table, subnet));
		}),
		...way,
	];
}

function ip6Listing(facts: HostFacts, name: "nat" | "filter"): Listing | null {
	const { backend } = facts.iptables;
	const answer = tableOf(facts.netfilter, backend.known ? backend.value : null, 6, name);
	if (answer.kind === "empty") return { name: `ip6 ${name}`, table: null, at: answer.at };
	if (answer.kind === "unknown" || !answer.table.complete) return null;
	return { name: `ip6 ${name}`, table: answer.table, at: [answer.table.at] };
}

/** Told by the version and daemon.json; where no version was shown, by a chain of Docker's that stands there. */
function managesIp6({ docker }: HostFacts, filter: Table | null): boolean {
	const set = docker.config.known ? docker.config.value.get("ip6tables") : undefined;
	const flag = docker.flags.known ? docker.flags.value.get("ip6tables") : undefined;
	if (set === false || flag === "false") return false;
	if (!docker.version.known) return findChain(filter, "DOCKER") !== null;
	// Up to 26 it needs `experimental` beside it, else dockerd does not start.
	return isAtLeast(docker.version.value, 27) || set === true || flag === "true" || flag === "";
}

const layoutOf = ({ docker }: HostFacts, table: Table | null): Layout | null =>
	docker.version.known ? layoutOfVersion(docker.version.value) : table && layoutOfChains(table);

function chainsAndJumps(seen: Listing, layout: Layout, bridges: readonly string[]): readonly Expectation[] {
	const { table } = seen;
	const isolated = layout.chains.includes("DOCKER-ISOLATION-STAGE-2") && bridges.length > 0;
	return [
		...layout.chains.map((chain) => chainOf(seen, chain)),
		...layout.jumps.map(([from, to]) => jumpOf(seen, from, to)),
		...(isolated ? [jumpOf(seen, "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2")] : []),
		...(layout.bridges && (table === null || table.interfacesShown)
			? bridges.flatMap((bridge) => bridgeRules(seen, bridge, layout))
			: []),
	];
}

/** What swarm keeps in the nat table for the ports of services; empty where no service publishes one. */
export function ingressLayout(facts: HostFacts): readonly Expectation[] {
	const { nat } = facts.rules;
	if (nat.kind !== "shown" || nat.table?.complete === false || !ingressExpected(facts)) return [];
	const seen: Listing = { name: "nat", table: nat.table, at: nat.at };
	return [
		chainOf(seen, "DOCKER-INGRESS"),
		jumpOf(seen, "PREROUTING", "DOCKER-INGRESS"),
		jumpOf(seen, "OUTPUT", "DOCKER-INGRESS"),
	];
}

/** dockerd makes the chain with the first port that a service publishes; half of it in one table tells that there was one. */
function ingressExpected({ docker, rules, services }: HostFacts): boolean {
	if (valueOr(services, []).some(({ ports }) => ports.length > 0)) return true;
	if (!isKnownToBe(docker.swarm, true)) return false;
	return [rules.nat, rules.filter].some(
		(state) => state.kind === "shown" && findChain(state.table, "DOCKER-INGRESS") !== null,
	);
}

/** A table as far as it was listed. */
export type Listing = {
	readonly name: Expectation["table"];
	/** Null: known to be empty. */
	readonly table: Table | null;
	readonly at: readonly Span[];
};

function chainOf({ name, table, at }: Listing, chain: string): Expectation {
	const found = findChain(table, chain);
	return {
		table: name,
		kind: "chain",
		chain,
		what: `chain \`${chain}\``,
		state: found ? "there" : "missing",
		at: found ? [found.at] : at,
	};
}

function jumpOf(listing: Listing, from: string, to: string): Expectation {
	const chain = findChain(listing.table, from);
	return ruleOf(listing, chain, from, "jump", `the jump from \`${from}\` to \`${to}\``, jumps(chain, to));
}

/** A rule that must stand in a chain, and the one that was found. */
export function ruleOf(
	{ name, at }: Listing,
	chain: Chain | null,
	chainName: string,
	kind: Expectation["kind"],
	what: string,
	rule: Rule | null,
): Expectation {
	return {
		table: name,
		kind,
		chain: chainName,
		what,
		state: rule ? "there" : "missing",
		at: rule ? [rule.at] : chain ? [chain.at] : at,
	};
}

function bridgeRules(listing: Listing, bridge: string, { bridges }: Layout): readonly Expectation[] {
	if (!bridges) return [];
	const rule = (
		chainName: string,
		kind: Expectation["kind"],
		what: string,
		side: "iif" | "oif",
		fits: (rule: Rule) => boolean,
	) => {
		const chain = findChain(listing.table, chainName);
		const found = chain?.rules.find((one) => names(one, side, bridge) && fits(one)) ?? null;
		return ruleOf(listing, chain, chainName, kind, what, found);
	};
	const isAccept = (one: Rule) => one.verdict.kind === "accept";
	// `-i docker0 -o docker0` lets containers talk to each other, not out.
	const isWayOut = (one: Rule) => isAccept(one) && !one.matches.some((match) => match.kind === "oif" && !match.negated);
	return [
		rule(
			bridges.answers,
			"accept",
			`the rule that lets answers into \`${bridge}\``,
			"oif",
			(one) => isAccept(one) && one.matches.some((match) => match.kind === "ctstate"),
		),
		rule(
			bridges.inward,
			"jump",
			`the jump to \`DOCKER\` for \`${bridge}\``,
			"oif",
			({ verdict }) => verdict.kind === "jump" && verdict.chain === "DOCKER",
		),
		rule(bridges.outward, "accept", `the rule that lets containers on \`${bridge}\` out`, "iif", isWayOut),
	];
}

const names = (rule: Rule, side: "iif" | "oif", bridge: string) =>
	rule.matches.some((match) => match.kind === side && !match.negated && match.names.includes(bridge));

/** Bridges of networks that lead out of the host and have IPv4; docker0 alone where no network was listed. */
function bridgesOf({ networks, interfaces }: HostFacts): readonly string[] {
	if (!networks.known) return valueOr(interfaces, []).some(({ name }) => name === "docker0") ? ["docker0"] : [];
	return networks.value.flatMap(({ driver, bridge, internal, subnets }) =>
		driver === "bridge" && bridge !== null && internal !== true && (subnets.length === 0 || subnets.some(isIpv4))
			? [bridge]
			: [],
	);
}

const isIpv4 = (subnet: string) => !subnet.includes(":");
