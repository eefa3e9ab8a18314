import { type Address, formatAddress, parseAddress } from "../netfilter/address";
import type { Rule } from "../netfilter/ruleset";
import type { World } from "./world";

/** One address and port of the host that leads to a container. */
export type Binding = {
	readonly port: number;
	readonly protocol: "tcp" | "udp";
	readonly family: 4 | 6;
	/** The host address it is bound to; null: any of this family. */
	readonly address: string | null;
	readonly container: string | null;
	/** Address of the container, as far as known: of the same family where it has one. */
	readonly containerAddress: string | null;
	/** Null where only a socket was shown. */
	readonly containerPort: number | null;
};

/** Bindings beyond this are left out: a range of thousands says nothing more. */
const MAX_BINDINGS = 64;

/** From the running containers where they were shown, else from docker-proxy's sockets and from Docker's DNAT rules. */
export function publishedBindings(world: World): readonly Binding[] {
	const found = new Map<string, Binding>();
	const add = (binding: Binding): void => {
		const key = `${binding.protocol} ${binding.port} ${binding.family} ${binding.address ?? ""}`;
		const twin = found.get(key);
		if (!twin || (twin.containerAddress === null && binding.containerAddress !== null)) found.set(key, binding);
	};
	for (const container of world.containers ?? []) {
		if (!container.running) continue;
		for (const { hostAddress, hostPort, containerPort, protocol } of container.published) {
			const bound = parseAddress(hostAddress);
			const family = bound?.family ?? 4;
			const binding = bindingOf(hostPort, protocol, bound, family);
			if (binding)
				add({
					...binding,
					container: container.name,
					containerPort,
					containerAddress: addressOf(container.addresses, family),
				});
		}
	}
	if (world.containers === null) {
		for (const binding of translated(world)) add(binding);
		for (const { process, port, protocol, address } of world.sockets ?? []) {
			const bound = parseAddress(address.replace(/^\[|\]$/g, ""));
			const binding = process === "docker-proxy" ? bindingOf(port, protocol, bound, bound?.family ?? 4) : null;
			if (binding) add(binding);
		}
	}
	return [...found.values()]
		.sort(
			(a, b) =>
				a.port - b.port ||
				a.protocol.localeCompare(b.protocol, "en") ||
				a.family - b.family ||
				(a.address ?? "").localeCompare(b.address ?? "", "en"),
		)
		.slice(0, MAX_BINDINGS);
}

function bindingOf(port: number, protocol: string, bound: Address | null, family: 4 | 6): Binding | null {
	if (protocol !== "tcp" && protocol !== "udp") return null;
	const address = bound && bound.value !== 0n ? formatAddress(bound) : null;
	return { port, protocol, family, address, container: null, containerAddress: null, containerPort: null };
}

function addressOf(addresses: readonly string[] | null, family: 4 | 6): string | null {
	const bare = (addresses ?? []).map((text) => text.split("/", 1)[0] ?? "");
	return bare.find((text) => parseAddress(text)?.family === family) ?? bare[0] ?? null;
}

const DOCKER_CHAINS = new Set(["DOCKER", "DOCKER-INGRESS", "nat-prerouting-and-output"]);

function* translated(world: World): Generator<Binding> {
	for (const table of world.tables) {
		for (const chain of table.chains) {
			if (!DOCKER_CHAINS.has(chain.name)) continue;
			for (const rule of chain.rules) {
				const found = translationOf(rule, table.family === "ip6" ? 6 : 4);
				if (found) yield found;
			}
		}
	}
}

function translationOf({ verdict, matches }: Rule, ofTable: 4 | 6): Binding | null {
	if (verdict.kind !== "dnat") return null;
	let port: number | null = null;
	let protocol = "tcp";
	let bound: Address | null = null;
	for (const match of matches) {
		if (match.kind === "dport" && !match.negated) port = match.ranges[0]?.from ?? null;
		if (match.kind === "protocol" && match.protocols[0] === "udp") protocol = "udp";
		if (match.kind === "daddr" && !match.negated) bound = match.ranges[0]?.from ?? null;
	}
	const to = verdict.to.address?.from ?? null;
	const binding = port === null ? null : bindingOf(port, protocol, bound, bound?.family ?? to?.family ?? ofTable);
	return (
		binding && { ...binding, containerAddress: to && formatAddress(to), containerPort: verdict.to.port?.from ?? port }
	);
}
