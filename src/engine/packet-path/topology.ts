import { type Address, type AddressRange, inRange, parseAddress, parsePrefix, rangeOf } from "../netfilter/address";
import { type Bridge, bridgesOf, isLinkLocal } from "./bridges";
import { SOME_INTERFACE } from "./packet";
import { certain, type Ternary } from "./ternary";
import type { HostRoute, PolicyRule, World } from "./world";

/** Interfaces, addresses and routes, ready to be asked. */
export type Topology = {
	readonly bridges: readonly Bridge[];
	/** Addresses of the host with their interface, as far as known. */
	readonly own: readonly { readonly address: Address; readonly interface: string }[];
	/** True when `own` is all of them. */
	readonly ownKnown: boolean;
	readonly external: string;
	/** The host's address as a client names it. */
	readonly hostAddress: Address;
	/** False: `hostAddress` stands for an address that was not shown. */
	readonly hostAddressKnown: boolean;
	readonly client: Address;
	readonly clientKnown: boolean;
	readonly routes: readonly ParsedRoute[];
	/** True when `routes` is the whole main table. */
	readonly routesKnown: boolean;
	/** Other tables by name, and the rules that ask them. */
	readonly otherTables: ReadonlyMap<string, readonly ParsedRoute[]>;
	readonly policy: readonly PolicyRule[];
};

/** A route, ready to be asked. */
export type ParsedRoute = {
	/** `unicast`, or what the kernel does in place of sending. */
	readonly type: string;
	readonly range: AddressRange;
	readonly length: number;
	readonly device: string | null;
	readonly via: string | null;
	readonly source: Address | null;
};

const LOOPBACK: readonly AddressRange[] = ranges(["127.0.0.0/8", "::1/128"]);
const BROADCAST: readonly AddressRange[] = ranges(["255.255.255.255/32"]);
const MULTICAST: readonly AddressRange[] = ranges(["224.0.0.0/4", "ff00::/8"]);
/** Addresses that no answer from the internet can come back to (RFC 1918, RFC 6598, RFC 4193, link-local). */
const PRIVATE: readonly AddressRange[] = ranges([
	"10.0.0.0/8",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"100.64.0.0/10",
	"169.254.0.0/16",
	"fc00::/7",
	"fe80::/10",
]);
/** Documentation prefixes (RFC 5737, RFC 3849): examples that are nobody's. */
const EXAMPLE_HOST = addresses(["192.0.2.10", "2001:db8::10"]);
const EXAMPLE_CLIENT = addresses(["203.0.113.77", "2001:db8:1::77"]);
const VIRTUAL_NAME =
	/^(?:lo|docker\d*|docker_gwbridge|br-[0-9a-f]{12}|veth.*|cni\d+|virbr.*|podman\d+|flannel.*|cali.*)$/;

/** Reads a world's interfaces, routes and bridges for one address family. `published` is the address a port is bound to, if it is a special one. */
export function topologyOf(world: World, family: 4 | 6, published: Address | null): Topology {
	const bridges = bridgesOf(world, family);
	const own = ownAddresses(world, bridges, family);
	const routes = parsedRoutes(world, family);
	const external = externalInterface(world, bridges, routes);
	const outer = own.find((entry) => entry.interface === external && !isLinkLocal(entry.address));
	// A rule may name any address; the host's own are those of its interfaces, where these were shown.
	const mayBeOwn = (address: Address) =>
		!isLoopback(address) && (world.interfaces === null || own.some((entry) => sameAddress(entry.address, address)));
	const bound = published && mayBeOwn(published) ? published : null;
	const hostAddress = bound ?? outer?.address ?? example(EXAMPLE_HOST, family);
	const given = world.clientAddress === null ? null : parseAddress(world.clientAddress);
	const usable = given?.family === family ? given : null;
	const partial: Topology = {
		bridges,
		own,
		ownKnown: world.interfaces !== null,
		external,
		hostAddress,
		hostAddressKnown: bound !== null || outer !== undefined,
		client: usable ?? example(EXAMPLE_CLIENT, family),
		clientKnown: usable !== null,
		routes,
		routesKnown: world.routes !== null,
		otherTables: new Map(
			world.otherTables.map(({ name, routes: of }) => [
				name,
				sorted(of.flatMap((one) => parsedRoute(one, family) ?? [])),
			]),
		),
		policy: world.policy ?? [],
	};
	if (usable || !partial.routesKnown || routeTo(partial, partial.client)) return partial;
	return { ...partial, client: neighbourOf(world, external, family) ?? partial.client };
}

function ownAddresses(world: World, bridges: readonly Bridge[], family: 4 | 6): Topology["own"] {
	const found: { address: Address; interface: string }[] = [];
	for (const entry of world.interfaces ?? []) {
		for (const text of entry.addresses) {
			const address = parsePrefix(text)?.address;
			if (address?.family === family) found.push({ address, interface: entry.name });
		}
	}
	for (const bridge of bridges) {
		if (bridge.gateway.family === family) found.push({ address: bridge.gateway, interface: bridge.name });
	}
	return found;
}

function parsedRoutes(world: World, family: 4 | 6): ParsedRoute[] {
	const found = (world.routes ?? []).flatMap((route) => parsedRoute(route, family) ?? []);
	for (const entry of world.interfaces ?? []) {
		for (const text of entry.addresses) {
			const prefix = parsePrefix(text);
			if (world.routes !== null || prefix?.address.family !== family || prefix.length === (family === 4 ? 32 : 128))
				continue;
			found.push({
				type: "unicast",
				range: rangeOf(prefix),
				length: prefix.length,
				device: entry.name,
				via: null,
				source: prefix.address,
			});
		}
	}
	return sorted(found);
}

/** Longest prefix first. */
function sorted(routes: readonly ParsedRoute[]): ParsedRoute[] {
	return routes.toSorted((a, b) => b.length - a.length);
}

function parsedRoute(route: HostRoute, family: 4 | 6): ParsedRoute | null {
	const all = family === 4 ? "0.0.0.0/0" : "::/0";
	const viaSix = route.via?.includes(":") ?? false;
	const prefix = parsePrefix(route.destination === "default" ? all : route.destination);
	if (!prefix || prefix.address.family !== family || (route.destination === "default" && viaSix && family === 4))
		return null;
	return {
		type: route.type ?? "unicast",
		range: rangeOf(prefix),
		length: prefix.length,
		device: route.device,
		via: route.via,
		source: route.source === null ? null : parseAddress(route.source),
	};
}

function externalInterface(world: World, bridges: readonly Bridge[], routes: readonly ParsedRoute[]): string {
	if (world.externalInterface !== null) return world.externalInterface;
	const standard = routes.find((route) => route.length === 0)?.device;
	if (standard) return standard;
	const virtual = new Set(bridges.map((bridge) => bridge.name));
	const candidates = (world.interfaces ?? []).filter(
		(entry) =>
			!virtual.has(entry.name) && !VIRTUAL_NAME.test(entry.name) && entry.master === null && entry.addresses.length > 0,
	);
	return candidates[0]?.name ?? SOME_INTERFACE;
}

function neighbourOf(world: World, external: string, family: 4 | 6): Address | null {
	for (const text of world.interfaces?.find((entry) => entry.name === external)?.addresses ?? []) {
		const prefix = parsePrefix(text);
		if (prefix?.address.family !== family || isLinkLocal(prefix.address)) continue;
		const { from, to } = rangeOf(prefix);
		const value = prefix.address.value === to.value - 1n ? from.value + 1n : to.value - 1n;
		if (value > from.value && value < to.value) return { family, value };
	}
	return null;
}

/** Whether the address belongs to the host. */
export function isOwn(topology: Topology, address: Address): boolean {
	return (
		isLoopback(address) ||
		sameAddress(address, topology.hostAddress) ||
		topology.own.some((entry) => sameAddress(entry.address, address))
	);
}

/** A way out of the host. */
export type Route = {
	readonly device: string;
	readonly via: string | null;
	readonly source: Address | null;
	readonly bridge: Bridge | null;
	/** Of the prefix that was found. */
	readonly length: number;
};

/** Where the main table sends a packet to an address; null: no route (never null while routes are not known). */
export function routeTo(topology: Topology, address: Address): Route | null {
	const bridge = topology.bridges.find((entry) => entry.networks.some((network) => inRange(network, address))) ?? null;
	const route = topology.routes.find((entry) => inRange(entry.range, address) && entry.type !== "throw");
	// A route more specific than Docker's own can take a container's address elsewhere (an overlapping VPN).
	if (bridge && (!route || route.length === 0 || route.device === bridge.name || !topology.routesKnown)) {
		return { device: bridge.name, via: null, source: bridge.gateway, bridge, length: 16 };
	}
	if (route && route.type !== "unicast") return null;
	if (route) {
		const device = route.device ?? topology.external;
		const own = topology.own.find((entry) => entry.interface === device)?.address ?? null;
		return {
			device,
			via: route.via,
			source: route.source ?? own,
			bridge: topology.bridges.find((entry) => entry.name === device) ?? null,
			length: route.length,
		};
	}
	if (topology.routesKnown) return null;
	return { device: topology.external, via: null, source: topology.hostAddress, bridge: null, length: 0 };
}

/** Whether a name condition of a rule holds for an interface; the unnamed outside is none of the virtual ones. */
export function interfaceMatches(names: readonly string[], name: string): Ternary {
	if (name !== SOME_INTERFACE) return certain(names.some((pattern) => nameMatches(pattern, name)));
	if (names.some((pattern) => pattern === "+" || pattern === "*")) return "yes";
	return names.every((pattern) => VIRTUAL_NAME.test(pattern.replace(/[+*]$/, "")) || pattern.startsWith("br-"))
		? "no"
		: "maybe";
}

function nameMatches(pattern: string, name: string): boolean {
	if (pattern.endsWith("+") || pattern.endsWith("*")) return name.startsWith(pattern.slice(0, -1));
	return pattern === name;
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: Address): boolean {
	return LOOPBACK.some((range) => inRange(range, address));
}

/** An address that the internet can't answer. */
export function isPrivate(address: Address): boolean {
	return PRIVATE.some((range) => inRange(range, address));
}

/** The kernel's inet_addr_type(), lower case: local, broadcast, multicast or unicast. */
export function addressType(topology: Topology, address: Address): "local" | "broadcast" | "multicast" | "unicast" {
	if (isOwn(topology, address)) return "local";
	if (MULTICAST.some((range) => inRange(range, address))) return "multicast";
	if (BROADCAST.some((range) => inRange(range, address))) return "broadcast";
	return "unicast";
}

/** Equality of two addresses. */
export function sameAddress(a: Address, b: Address): boolean {
	return a.value === b.value && a.family === b.family;
}

function ranges(texts: readonly string[]): AddressRange[] {
	return texts.flatMap((text) => {
		const prefix = parsePrefix(text);
		return prefix ? [rangeOf(prefix)] : [];
	});
}

function addresses(texts: readonly string[]): Address[] {
	return texts.flatMap((text) => parseAddress(text) ?? []);
}

function example(choices: readonly Address[], family: 4 | 6): Address {
	return choices.find((address) => address.family === family) ?? { family, value: 1n };
}
