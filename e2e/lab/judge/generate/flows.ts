import type { Flow } from "../../../../src/engine/packet-path/trace";
import { CLIENT, DB, HOST, SECOND_BRIDGE, WEB } from "../rig";
import type { Random } from "./random";

/** Flows to ports that are published, served by the host, or nobody's; from everywhere. */
export function flows(random: Random, count: number): Flow[] {
	return Array.from({ length: count }, () => flow(random));
}

function flow(random: Random): Flow {
	const protocol = random.pick<Flow["protocol"]>(["tcp", "tcp", "udp"]);
	const port = random.pick([8080, 8080, 8081, 80, 9000, 9999]);
	switch (random.pick(["outside", "outside", "outside", "direct", "host", "host", "container", "container"])) {
		case "outside":
			return { from: "outside", protocol, port };
		case "direct":
			return { from: "outside", protocol, ...containerPort(random) };
		case "host":
			return random.pick<Flow>([
				{ from: "host", protocol, port },
				{ from: "host", protocol, port, to: HOST },
				{ from: "host", protocol, ...containerPort(random) },
				{ from: "host", protocol, to: CLIENT, port: 443 },
			]);
		default: {
			const bridge = random.pick(["docker0", SECOND_BRIDGE]);
			return random.pick<Flow>([
				{ from: "container", bridge, protocol, port },
				{ from: "container", bridge, protocol, ...containerPort(random, bridge) },
				{ from: "container", bridge, protocol, to: CLIENT, port: random.pick([443, 53]) },
				{ from: "container", bridge, protocol, to: bridge === "docker0" ? "172.17.0.1" : "172.18.0.1", port: 9000 },
			]);
		}
	}
}

/**
 * Within one network the bridge hands frames on, and whoever changes the destination of one makes something of it that no
 * Docker host has: containers ask only the other network here.
 */
function containerPort(random: Random, bridge?: string): { readonly to: string; readonly port: number } {
	if (bridge === "docker0") return { to: DB, port: random.pick([8000, 8001]) };
	if (bridge !== undefined) return { to: WEB, port: random.pick([80, 81]) };
	return random.pick([
		{ to: WEB, port: 80 },
		{ to: DB, port: 8000 },
		{ to: WEB, port: 81 },
		{ to: "172.17.0.99", port: 80 },
	]);
}
