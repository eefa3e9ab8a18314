import { type Address, formatAddress, parseAddress } from "../netfilter/address";
import type { BaseChain, Chain, Hook, NamedSet, Rule, Table } from "../netfilter/ruleset";
import { type ChainWalk, RULE_BUDGET } from "./chain-walk";
import { isLoopback, sameAddress, type Topology, topologyOf } from "./topology";
import type { Flow } from "./trace";
import type { HostContainer, World } from "./world";

/** A base chain that is asked at a hook. */
export type Entry = { readonly table: Table; readonly chain: Chain; readonly base: BaseChain };

/** Where a published port is meant to lead. */
export type Target = {
	readonly address: Address;
	/** False: `address` stands for one that was not shown. */
	readonly addressKnown: boolean;
	readonly port: number;
	readonly container: HostContainer | null;
	/** The host address the port is bound to; null: any. */
	readonly boundTo: Address | null;
};

/** A world made ready for one address family and one destination port. */
export type Setting = {
	readonly world: World;
	readonly flow: Flow;
	readonly family: 4 | 6;
	readonly topology: Topology;
	readonly tables: readonly Table[];
	/** Base chains in the order in which the kernel asks them: by priority. */
	readonly hooks: ReadonlyMap<Hook, readonly Entry[]>;
	readonly target: Target | null;
	readonly sysctls: ReadonlyMap<string, string>;
	readonly walk: ChainWalk;
};

/** Everything a walk needs, read once. */
export function settingOf(world: World, flow: Flow): Setting {
	const asked = flow.to === undefined ? null : parseAddress(flow.to);
	const family = asked?.family ?? flow.family ?? 4;
	const tables = oneOfEach(world.tables).filter(
		(table) => table.family === "inet" || table.family === (family === 4 ? "ip" : "ip6"),
	);
	const publication = publicationOf(world, flow, family, asked);
	const dnat = publication?.address ? null : dnatRuleFor(tables, flow);
	const boundTo = publication ? publication.boundTo : (dnat?.boundTo ?? null);
	const topology = topologyOf({ ...world, tables }, family, boundTo);
	const address = publication?.address ?? dnat?.address ?? null;
	const port = publication?.port ?? dnat?.port ?? null;
	const target: Target | null =
		port === null
			? null
			: {
					address:
						address ??
						(publication && proxiedTo(world, publication.container, topology)) ??
						someContainerAddress(topology, family),
					addressKnown: address !== null || (publication?.container.addresses ?? []).length > 0,
					port,
					container: publication?.container ?? null,
					boundTo,
				};
	const chains = new Map<Table, ReadonlyMap<string, Chain>>();
	const sets = new Map<Table, ReadonlyMap<string, NamedSet>>();
	for (const table of tables) {
		chains.set(table, new Map(table.chains.map((chain) => [chain.name, chain])));
		sets.set(table, new Map(table.sets.map((set) => [set.name, set])));
	}
	const around = {
		topology,
		setsOf: (table: Table) => sets.get(table) ?? new Map<string, NamedSet>(),
		ipsets: world.ipsets && new Map(world.ipsets.map((set) => [set.name, set])),
	};
	const chainsOf = (table: Table) => chains.get(table) ?? new Map<string, Chain>();
	return {
		world,
		flow,
		family,
		topology,
		tables,
		hooks: entriesOf(tables),
		target,
		sysctls: new Map(world.sysctls.map(({ key, value }) => [key, value])),
		walk: { around, chainsOf, found: new Map(), budget: RULE_BUDGET },
	};
}

/** The same table printed by several commands is walked once: the fullest printing, completed by the others. */
function oneOfEach(tables: readonly Table[]): Table[] {
	const best: Table[] = [];
	for (const table of tables) {
		const index = best.findIndex((other) => isSame(other, table));
		const twin = best[index];
		if (!twin) best.push(table);
		else best[index] = fullness(table) > fullness(twin) ? completed(table, twin) : completed(twin, table);
	}
	return best;
}

function isSame(a: Table, b: Table): boolean {
	if (a.family !== b.family || a.name !== b.name || a.native !== b.native) return false;
	return a.backend === b.backend || a.backend === null || b.backend === null;
}

function fullness(table: Table): number {
	return (table.complete ? 4 : 0) + (table.interfacesShown ? 2 : 0) + (table.backend === null ? 0 : 1);
}

function completed(table: Table, other: Table): Table {
	if (table.complete) return table;
	const names = new Set(table.chains.map((chain) => chain.name));
	const more = other.chains.filter((chain) => !names.has(chain.name));
	return more.length === 0
		? table
		: { ...table, chains: [...table.chains, ...more], interfacesShown: table.interfacesShown && other.interfacesShown };
}

function entriesOf(tables: readonly Table[]): ReadonlyMap<Hook, readonly Entry[]> {
	const hooks = new Map<Hook, Entry[]>();
	for (const table of tables) {
		for (const chain of table.chains) {
			if (!chain.base) continue;
			const entries = hooks.get(chain.base.hook) ?? [];
			hooks.set(chain.base.hook, entries);
			entries.push({ table, chain, base: chain.base });
		}
	}
	for (const entries of hooks.values()) entries.sort((a, b) => a.base.priority - b.base.priority);
	return hooks;
}

/**
 * Whether the rules of an iptables table at its built-in chain are known, if only to be none.
 * A program's whole listing without the table says that the table is empty. The legacy program's says so only
 * where that program is in use: beside an nf_tables rule set that was not shown it lists nothing and proves nothing.
 */
export function isShown(setting: Setting, name: string, builtin: string): boolean {
	const family = setting.family === 4 ? "ip" : "ip6";
	const iptables = setting.tables.filter((table) => !table.native && table.family === family);
	if (
		iptables.some(
			(table) => table.name === name && (table.complete || table.chains.some((chain) => chain.name === builtin)),
		)
	)
		return true;
	const whole = setting.world.shown.filter((shown) => shown.family === family).map((shown) => shown.program);
	return whole.includes("nf_tables") || (whole.includes("legacy") && iptables.length > 0);
}

function publicationOf(
	world: World,
	flow: Flow,
	family: 4 | 6,
	asked: Address | null,
): { address: Address | null; port: number; boundTo: Address | null; container: HostContainer } | null {
	const candidates = (world.containers ?? [])
		.flatMap((container) => container.published.map((port) => ({ container, port })))
		.filter(({ port }) => port.hostPort === flow.port && port.protocol === flow.protocol)
		.sort(
			(a, b) =>
				Number(b.container.running) - Number(a.container.running) ||
				preference(b.port.hostAddress, family, asked) - preference(a.port.hostAddress, family, asked),
		);
	const found = candidates[0];
	if (!found) return null;
	const addresses = (found.container.addresses ?? []).flatMap(
		(text) => parseAddress(text.split("/", 1)[0] ?? "") ?? [],
	);
	const bound = parseAddress(found.port.hostAddress);
	return {
		container: found.container,
		port: found.port.containerPort,
		address: addresses.find((address) => address.family === family) ?? null,
		boundTo: bound && bound.value !== 0n ? bound : null,
	};
}

/** One host port can be published on several addresses, each by another container: the one that is asked counts first. */
function preference(hostAddress: string, family: 4 | 6, asked: Address | null): number {
	const address = parseAddress(hostAddress);
	if (!address) return 1;
	if (address.family !== family) return 0;
	if (asked && sameAddress(address, asked)) return 4;
	return address.value === 0n ? 3 : isLoopback(address) ? 1 : 2;
}

/**
 * Where docker-proxy leads a connection of IPv6 to a container that has no such address: to its IPv4 one. Dockerd starts
 * the proxy with the container's address of IPv4 then (moby libnetwork/drivers/bridge/port_mapping_linux.go). Null: the
 * container may have an address of this family.
 */
function proxiedTo(world: World, container: HostContainer, topology: Topology): Address | null {
	const addresses = (container.addresses ?? []).flatMap((text) => parseAddress(text.split("/", 1)[0] ?? "") ?? []);
	const [other] = addresses;
	if (other) return other;
	const isSix = topology.hostAddress.family === 6;
	if (!isSix || topology.bridges.some(({ networks }) => networks.length > 0)) return null;
	return someContainerAddress(topologyOf(world, 4, null), 4);
}

/** The first DNAT rule that names the port, wherever it stands: what the port was meant to lead to. */
function dnatRuleFor(
	tables: readonly Table[],
	flow: Flow,
): { address: Address; port: number; boundTo: Address | null } | null {
	for (const table of tables) {
		for (const chain of table.chains) {
			for (const rule of chain.rules) {
				const found = dnatOf(rule, flow);
				if (found) return found;
			}
		}
	}
	return null;
}

function dnatOf(rule: Rule, flow: Flow): { address: Address; port: number; boundTo: Address | null } | null {
	if (rule.verdict.kind !== "dnat" || !rule.verdict.to.address) return null;
	let named = false;
	let boundTo: Address | null = null;
	for (const match of rule.matches) {
		if (match.kind === "protocol" && !match.negated && !match.protocols.includes(flow.protocol)) return null;
		if (match.kind === "dport" && !match.negated)
			named = match.ranges.some((range) => range.from <= flow.port && flow.port <= range.to);
		if (
			match.kind === "daddr" &&
			!match.negated &&
			match.ranges[0] &&
			match.ranges[0].from.value === match.ranges[0].to.value
		)
			boundTo = match.ranges[0].from;
	}
	return named
		? { address: rule.verdict.to.address.from, port: rule.verdict.to.port?.from ?? flow.port, boundTo }
		: null;
}

/** Stands for the address of a container that was not shown: the last but one of the first network. */
function someContainerAddress(topology: Topology, family: 4 | 6): Address {
	for (const bridge of topology.bridges) {
		for (const network of bridge.networks) {
			if (network.to.value - network.from.value > 2n) return { family, value: network.to.value - 1n };
		}
	}
	return family === 4 ? { family, value: 0xac11fffen } : { family, value: 0xfd00n << 112n };
}

/** `172.17.0.2:80`, `[fd00::2]:80`. */
export function formatEndpoint(address: Address, port: number): string {
	const text = formatAddress(address);
	return address.family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
}
