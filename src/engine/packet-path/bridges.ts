import {
	type Address,
	type AddressRange,
	inRange,
	overlap,
	type Prefix,
	parseAddress,
	parsePrefix,
	rangeOf,
} from "../netfilter/address";
import type { Rule, Table } from "../netfilter/ruleset";
import type { World } from "./world";

/** A bridge of Docker with its networks. */
export type Bridge = { readonly name: string; readonly networks: readonly AddressRange[]; readonly gateway: Address };

/** Docker's bridges: as told, by name among the interfaces, and as its own rules name them. */
export function bridgesOf(world: World, family: 4 | 6): Bridge[] {
	const named = new Map<string, { networks: AddressRange[]; gateway: Address | null }>();
	const add = (name: string, prefix: Prefix | null, gateway: Address | null): void => {
		const bridge = named.get(name) ?? { networks: [], gateway: null };
		named.set(name, bridge);
		if (prefix && prefix.address.family === family) bridge.networks.push(rangeOf(prefix));
		if (gateway && gateway.family === family) bridge.gateway ??= gateway;
	};
	for (const bridge of world.bridges) {
		const gateway = bridge.gateway === null ? null : parseAddress(bridge.gateway);
		add(bridge.name, null, gateway);
		for (const subnet of bridge.subnets) add(bridge.name, parsePrefix(subnet), null);
	}
	for (const entry of world.interfaces ?? []) {
		if (!named.has(entry.name) && !/^(?:docker\d*|docker_gwbridge|br-[0-9a-f]{12})$/.test(entry.name)) continue;
		for (const text of entry.addresses) {
			const prefix = parsePrefix(text);
			if (prefix && !isLinkLocal(prefix.address)) add(entry.name, prefix, prefix.address);
		}
	}
	// Docker's own rules tell which bridge has which network: -s NET ! -o BR -j MASQUERADE, -d CIP ! -i BR -o BR -j ACCEPT.
	for (const { bridge, range } of rulesOnBridges(world.tables)) {
		if (range.from.family !== family || !mayHave(world, bridge, range)) continue;
		const known = named.get(bridge);
		if (!known) named.set(bridge, { networks: [range], gateway: null });
		else if (!known.networks.some((network) => inRange(network, range.from))) known.networks.push(range);
	}
	const existing = world.interfaces && new Set(world.interfaces.map((entry) => entry.name));
	return [...named]
		.filter(([name]) => existing === null || existing.has(name))
		.map(([name, { networks, gateway }]) => ({ name, networks, gateway: gateway ?? firstOf(networks, family) }));
}

/** A rule may name any interface and any range: one that was shown with an address elsewhere is not the bridge of it. */
function mayHave({ interfaces }: World, name: string, range: AddressRange): boolean {
	const prefixes = interfaces
		?.find((entry) => entry.name === name)
		?.addresses.flatMap((text) => parsePrefix(text) ?? []);
	const same = prefixes?.filter((prefix) => prefix.address.family === range.from.family) ?? [];
	return name !== "lo" && (same.length === 0 || same.some((prefix) => overlap(rangeOf(prefix), range)));
}

function* rulesOnBridges(tables: readonly Table[]): Generator<{ bridge: string; range: AddressRange }> {
	for (const table of tables) {
		for (const chain of table.chains) {
			if (!/^(?:POSTROUTING|DOCKER)$|^nat-postrouting-out__/.test(chain.name)) continue;
			for (const rule of chain.rules) {
				const found = bridgeAndRange(rule);
				if (found) yield found;
			}
		}
	}
}

function bridgeAndRange(rule: Rule): { bridge: string; range: AddressRange } | null {
	let outside: string | null = null;
	let target: string | null = null;
	let source: AddressRange | null = null;
	let destination: AddressRange | null = null;
	for (const match of rule.matches) {
		if (match.kind === "oif") {
			if (match.names.length !== 1) return null;
			if (match.negated) outside = match.names[0] ?? null;
			else target = match.names[0] ?? null;
		}
		if (match.kind === "saddr" && !match.negated) source = match.ranges[0] ?? null;
		if (match.kind === "daddr" && !match.negated) destination = match.ranges[0] ?? null;
	}
	if (rule.verdict.kind === "masquerade" && outside && source) return { bridge: outside, range: source };
	if (rule.verdict.kind === "accept" && target && destination && destination.from.value === destination.to.value) {
		return { bridge: target, range: destination };
	}
	return null;
}

function firstOf(networks: readonly AddressRange[], family: 4 | 6): Address {
	const wide = networks.find((network) => network.from.value !== network.to.value) ?? networks[0];
	if (!wide) return { family, value: 0n };
	// Only a container's own address is known: Docker's default is the first of its /16.
	const mask = family === 4 ? 16n : 64n;
	const base = wide.from.value === wide.to.value ? (wide.from.value >> mask) << mask : wide.from.value;
	return { family, value: base + 1n };
}

/** fe80::/10. */
export function isLinkLocal(address: Address): boolean {
	return address.family === 6 && address.value >> 118n === 0x3fan;
}
