import { formatAddress, parseAddress } from "../netfilter/address";
import type { Bridge } from "./bridges";
import { isLinkLocal } from "./bridges";
import { type Binding, publishedBindings } from "./published";
import { formatEndpoint } from "./setting";
import { type Topology, topologyOf } from "./topology";
import type { Decision, Flow, Outcome, Trace } from "./trace";
import { walk } from "./walk";
import type { World } from "./world";

/** Who asks: a client outside, a program on the host by loopback or by the host's own address, a container. */
export type Asker = "outside" | "loopback" | "own-address" | "same-network" | "other-network";

/** Whether one published port answers one kind of client. */
export type Exposed = Binding & {
	readonly from: Flow["from"];
	readonly asker: Asker;
	/** Networks of the containers that ask; empty for the others. */
	readonly networks: readonly string[];
	/** What was followed, to follow it again; null where there is no such address to ask. */
	readonly flow: Flow | null;
	/** `no-address`: the asker has no address of this version of IP, or the host has none to be asked. */
	readonly outcome: Outcome | "no-address";
	/** Who carries the connection; null where it is not delivered to a container. */
	readonly via: "dnat" | "proxy" | null;
	readonly decidedBy: Decision | null;
	/** What stops it, or carries it, or is not known, in one sentence. */
	readonly says: string;
	readonly needs: readonly string[];
};

/** A table of more other networks says nothing more. */
const MAX_NETWORKS = 6;

/**
 * Every address and port that is published, asked from outside, from the host, and from containers on the same network
 * and on others, in order of port. Networks that get the same answer stand together.
 */
export function exposure(world: World): readonly Exposed[] {
	const topologies = new Map<4 | 6, Topology>();
	const topologyFor = (family: 4 | 6): Topology => {
		const known = topologies.get(family) ?? topologyOf(world, family, null);
		topologies.set(family, known);
		return known;
	};
	return publishedBindings(world).flatMap((binding) => askedBy(world, binding, topologyFor(binding.family)));
}

function askedBy(world: World, binding: Binding, topology: Topology): readonly Exposed[] {
	const bound = binding.address === null ? null : parseAddress(binding.address);
	const isSpecial = bound !== null && !formatAddress(bound).startsWith("127.") && formatAddress(bound) !== "::1";
	const flow = {
		protocol: binding.protocol,
		port: binding.port,
		family: binding.family,
		...(isSpecial && binding.address !== null ? { to: binding.address } : {}),
	} as const;
	const ask = (asker: Asker, asked: Flow, networks: readonly string[] = []): Exposed => {
		const missing = missingAddress(world, topology, asker, asked);
		return missing === null
			? answerOf(binding, asker, networks, walk(world, asked))
			: {
					...binding,
					from: asked.from,
					asker,
					networks,
					flow: null,
					outcome: "no-address",
					via: null,
					decidedBy: null,
					says: missing,
					needs: [],
				};
	};
	const { to: _, ...byLoopback } = { to: "", ...flow };
	const own = ownBridge(world, binding, topology);
	const others = topology.bridges.filter((bridge) => bridge.name !== own).slice(0, MAX_NETWORKS);
	return [
		ask("outside", { ...flow, from: "outside" }),
		ask("loopback", { ...byLoopback, from: "host" }),
		ask("own-address", { ...flow, from: "host", ownAddress: true }),
		ask(
			"same-network",
			{ ...flow, from: "container", ...(own === null ? {} : { bridge: own }) },
			own === null ? [] : [networkName(world, own)],
		),
		...folded(
			others.map(({ name }) =>
				ask("other-network", { ...flow, from: "container", bridge: name }, [networkName(world, name)]),
			),
		),
	];
}

function answerOf(binding: Binding, asker: Asker, networks: readonly string[], trace: Trace): Exposed {
	const { outcome, translatedTo, viaProxy, flow, decidedBy, needs } = trace;
	const via = outcome !== "delivered" ? null : viaProxy ? "proxy" : translatedTo === null ? null : "dnat";
	return {
		...binding,
		from: flow.from,
		asker,
		networks,
		flow,
		outcome,
		via,
		decidedBy,
		says: sentenceOf(trace),
		needs,
	};
}

/** The sentence of the station that tells the outcome. */
export function sentenceOf({ outcome, steps, translatedTo, viaProxy, needs }: Trace): string {
	if (outcome === "delivered") {
		if (viaProxy) return "docker-proxy carries it.";
		return translatedTo === null
			? (steps.at(-1)?.says ?? "It is answered.")
			: `Netfilter translates it to \`${translatedTo}\`.`;
	}
	const wanted = outcome === "unknown" ? "unknown" : "stopped";
	const telling = steps.find(({ state }) => state === wanted);
	if (telling) return telling.says;
	return needs.length > 0 ? "Not shown." : (steps.at(-1)?.says ?? "It is not answered.");
}

/** Why the question can't be asked at all, as far as was shown; null: it can. */
function missingAddress(world: World, topology: Topology, asker: Asker, { family = 4, bridge }: Flow): string | null {
	if (family === 4 || asker === "loopback") return null;
	if (asker === "same-network" || asker === "other-network") {
		const found = topology.bridges.find(({ name }) => name === bridge);
		const isKnown =
			world.interfaces !== null || world.bridges.some(({ name, subnets }) => name === bridge && subnets.length > 0);
		if (isKnown && !hasNetwork(found)) return `Containers on \`${bridge ?? "this network"}\` have no IPv6 address.`;
	}
	if (world.interfaces === null) return null;
	const outer = topology.own.some(
		({ address, interface: name }) =>
			name !== "lo" && !isLinkLocal(address) && !topology.bridges.some((one) => one.name === name),
	);
	return outer ? null : "The host has no IPv6 address to be asked by, but its loopback.";
}

function hasNetwork(bridge: Bridge | undefined): boolean {
	return bridge !== undefined && bridge.networks.length > 0;
}

/** The bridge of the container that publishes, as far as its address tells; else the first. */
function ownBridge(world: World, binding: Binding, topology: Topology): string | null {
	const address = binding.containerAddress === null ? null : parseAddress(binding.containerAddress);
	if (address) {
		const four = address.family === binding.family ? topology : topologyOf(world, address.family, null);
		const found = four.bridges.find(({ networks }) =>
			networks.some((one) => one.from.value <= address.value && address.value <= one.to.value),
		);
		if (found) return found.name;
	}
	return topology.bridges[0]?.name ?? null;
}

/** The network's name, where it was listed; else the bridge's. */
export function networkName(world: World, bridge: string): string {
	return world.bridges.find(({ name }) => name === bridge)?.network ?? bridge;
}

/** Entries of several networks with the same answer as one. */
function folded(entries: readonly Exposed[]): readonly Exposed[] {
	const by = new Map<string, Exposed>();
	for (const entry of entries) {
		const key = `${entry.outcome} ${entry.via ?? ""} ${entry.decidedBy?.text ?? ""} ${entry.needs.join()}`;
		const twin = by.get(key);
		by.set(key, twin ? { ...twin, networks: [...twin.networks, ...entry.networks] } : entry);
	}
	return [...by.values()];
}

/** `0.0.0.0:8080/tcp`, `[::]:53/udp`. */
export function bindingText({ address, family, port, protocol }: Binding): string {
	const bound = address === null ? null : parseAddress(address);
	const any = family === 4 ? `0.0.0.0:${port}` : `[::]:${port}`;
	return `${bound ? formatEndpoint(bound, port) : any}/${protocol}`;
}
