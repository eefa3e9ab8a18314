import type { Flow, Outcome } from "./trace";
import { walk } from "./walk";
import type { World } from "./world";

/** Whether one published port answers one kind of client. */
export type Exposed = {
	readonly port: number;
	readonly protocol: "tcp" | "udp";
	readonly from: Flow["from"];
	readonly outcome: Outcome;
	/** Who carries the connection; null where it is not delivered to a container. */
	readonly via: "dnat" | "proxy" | null;
};

/** Ports beyond this are left out: a range of thousands says nothing more. */
const MAX_PORTS = 64;

/** Every published port, asked from outside, from the host's loopback and from another container, in order of port. */
export function exposure(world: World): readonly Exposed[] {
	return publishedPorts(world).flatMap(({ port, protocol }) =>
		(["outside", "host", "container"] as const).map((from): Exposed => {
			const { outcome, translatedTo, viaProxy } = walk(world, { from, protocol, port });
			const via = outcome !== "delivered" ? null : viaProxy ? "proxy" : translatedTo === null ? null : "dnat";
			return { port, protocol, from, outcome, via };
		}),
	);
}

type Published = { readonly port: number; readonly protocol: "tcp" | "udp" };

/** From the containers where they were shown, else from docker-proxy's sockets and from DNAT rules to Docker's networks. */
function publishedPorts(world: World): readonly Published[] {
	const found = new Map<string, Published>();
	const add = (port: number, protocol: string): void => {
		if (protocol !== "tcp" && protocol !== "udp") return;
		found.set(`${protocol} ${port}`, { port, protocol });
	};
	for (const container of world.containers ?? []) {
		for (const { hostPort, protocol } of container.published) add(hostPort, protocol);
	}
	if (world.containers === null) {
		for (const socket of world.sockets ?? []) if (socket.process === "docker-proxy") add(socket.port, socket.protocol);
		for (const { port, protocol } of translatedPorts(world)) add(port, protocol);
	}
	return [...found.values()]
		.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol, "en"))
		.slice(0, MAX_PORTS);
}

const DOCKER_CHAINS = new Set(["DOCKER", "DOCKER-INGRESS", "nat-prerouting-and-output"]);

function* translatedPorts(world: World): Generator<Published> {
	for (const table of world.tables) {
		for (const chain of table.chains) {
			if (!DOCKER_CHAINS.has(chain.name)) continue;
			for (const rule of chain.rules) {
				if (rule.verdict.kind !== "dnat") continue;
				let port: number | null = null;
				let protocol: "tcp" | "udp" = "tcp";
				for (const match of rule.matches) {
					if (match.kind === "dport" && !match.negated) port = match.ranges[0]?.from ?? null;
					if (match.kind === "protocol" && match.protocols[0] === "udp") protocol = "udp";
				}
				if (port !== null) yield { port, protocol };
			}
		}
	}
}
