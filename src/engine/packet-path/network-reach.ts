import { type Address, type AddressRange, formatAddress, inRange, parseAddress } from "../netfilter/address";
import type { Table } from "../netfilter/ruleset";
import { networkName, sentenceOf } from "./exposure";
import { type Binding, publishedBindings } from "./published";
import { topologyOf } from "./topology";
import type { Decision, Flow, Outcome } from "./trace";
import { walk } from "./walk";
import type { World } from "./world";

/** A place a packet comes from or goes to: one of Docker's networks by name, or the world outside the host. */
export type Place = { readonly kind: "network"; readonly name: string } | { readonly kind: "outside" };

/** Whether a container's own address answers, at a port that no rule names, and at ports that are published. */
export type Reach = {
	readonly family: 4 | 6;
	readonly from: Place;
	readonly to: Place;
	/** What was followed, to follow it again. */
	readonly flow: Flow;
	/** `delivered`: a connection is let through there and back. Whether anything listens is not asked. */
	readonly outcome: Outcome;
	readonly decidedBy: Decision | null;
	readonly says: string;
	readonly needs: readonly string[];
	/** Published container ports to which something else happens. */
	readonly except: readonly (ContainerPort & { readonly outcome: Outcome })[];
	/** Every container port that is published there. */
	readonly published: readonly ContainerPort[];
};

export type ContainerPort = {
	readonly container: string | null;
	readonly port: number;
	readonly protocol: "tcp" | "udp";
};

/** A matrix of more networks is not read by anybody. */
const MAX_NETWORKS = 12;

type End = {
	readonly place: Place;
	readonly bridge: string | null;
	readonly address: Address;
	readonly published: readonly Binding[];
};

/**
 * Which of Docker's networks can open a connection to which, and to and from the world outside, by the containers' own
 * addresses. IPv6 where a network has it. Empty where no network is known.
 */
export function networkReach(world: World): readonly Reach[] {
	// What a rule set lets pass is asked, not whether anybody is at home.
	const empty: World = { ...world, containers: null };
	const port = unnamedPort(world.tables);
	const bindings = publishedBindings(world);
	return ([4, 6] as const).flatMap((family) => {
		const ends = endsOf(world, family, bindings);
		return ends.flatMap((from) =>
			ends.flatMap((to) =>
				from.bridge === null && to.bridge === null ? [] : [reachOf(empty, family, from, to, port)],
			),
		);
	});
}

function reachOf(world: World, family: 4 | 6, from: End, to: End, port: number): Reach {
	const origin: Pick<Flow, "from" | "bridge" | "family"> =
		from.bridge === null ? { from: "outside", family } : { from: "container", bridge: from.bridge, family };
	const flow: Flow = { ...origin, protocol: "tcp", port, to: formatAddress(to.address) };
	const trace = walk(world, flow);
	const except = to.published.flatMap(({ container, containerPort, containerAddress, protocol }) => {
		if (containerPort === null || containerAddress === null) return [];
		const { outcome } = walk(world, { ...origin, protocol, port: containerPort, to: containerAddress });
		return outcome === trace.outcome ? [] : [{ container, port: containerPort, protocol, outcome }];
	});
	const { outcome, decidedBy, needs } = trace;
	return {
		family,
		from: from.place,
		to: to.place,
		flow,
		outcome,
		decidedBy,
		says: outcome === "delivered" ? "It gets through, and the answer gets back." : sentenceOf(trace),
		needs,
		except,
		published: to.published.flatMap(({ container, containerPort, protocol }) =>
			containerPort === null ? [] : [{ container, port: containerPort, protocol }],
		),
	};
}

/** The networks with an address to ask each by, and the outside; nothing where no network of this family is known. */
function endsOf(world: World, family: 4 | 6, bindings: readonly Binding[]): readonly End[] {
	const topology = topologyOf(world, family, null);
	const networks = topology.bridges
		.flatMap((bridge): readonly End[] => {
			const network = widest(bridge.networks);
			if (!network) return [];
			const lives = (text: string | null): boolean => {
				const address = text === null ? null : parseAddress(text);
				return address !== null && bridge.networks.some((one) => inRange(one, address));
			};
			const published = unique(bindings.filter(({ containerAddress }) => lives(containerAddress)));
			const known = [
				...(world.containers ?? []).filter(({ running }) => running).flatMap(({ addresses }) => addresses ?? []),
			]
				.map((text) => text.split("/", 1)[0] ?? "")
				.find(lives);
			const example = {
				family,
				value: network.to.value > network.from.value + 4n ? network.to.value - 3n : network.to.value,
			};
			return [
				{
					place: { kind: "network", name: networkName(world, bridge.name) },
					bridge: bridge.name,
					address: (known === undefined ? null : parseAddress(known)) ?? example,
					published,
				},
			];
		})
		.slice(0, MAX_NETWORKS);
	const outside: End = { place: { kind: "outside" }, bridge: null, address: topology.client, published: [] };
	return networks.length === 0 ? [] : [outside, ...networks];
}

function widest(networks: readonly AddressRange[]): AddressRange | null {
	const size = ({ from, to }: AddressRange): bigint => to.value - from.value;
	return networks.reduce<AddressRange | null>((best, one) => (best && size(best) >= size(one) ? best : one), null);
}

/** One binding for each port of a container, however many host addresses lead to it. */
function unique(bindings: readonly Binding[]): readonly Binding[] {
	return [
		...new Map(bindings.map((one) => [`${one.containerAddress} ${one.containerPort} ${one.protocol}`, one])).values(),
	];
}

/** A port that no rule asks for by itself, so that the answer is that of any ordinary port. */
function unnamedPort(tables: readonly Table[]): number {
	const named = new Set<number>();
	for (const table of tables) {
		for (const chain of table.chains) {
			for (const rule of chain.rules) {
				for (const match of rule.matches) {
					if (match.kind !== "dport" && match.kind !== "port" && match.kind !== "ctorigdport") continue;
					for (const { from, to } of match.ranges) {
						if (to - from > 4096) continue;
						for (let port = from; port <= to; port++) named.add(port);
					}
				}
			}
		}
	}
	for (let port = 20_001; port < 32_768; port++) if (!named.has(port)) return port;
	return 20_001;
}
