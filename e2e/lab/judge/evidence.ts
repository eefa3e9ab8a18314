import { worldOf } from "../../../src/engine/diagnose/world-of";
import { gatherFacts } from "../../../src/engine/facts/gather";
import type { NamedSet } from "../../../src/engine/netfilter/ruleset";
import type { HostContainer, World } from "../../../src/engine/packet-path/world";
import { read } from "../../../src/engine/read";
import type { Source } from "../../../src/engine/text/evidence";
import { type Agent, DB, FAR, NEAR, SECOND_BRIDGE, WEB } from "./rig";

/** A port as `docker run -p` publishes it. */
export type Published = { readonly container: "web" | "db"; readonly hostAddress: string; readonly hostPort: number };

/** What the host's own commands say of its rules, as a person would paste it. */
export async function collectRules(host: Agent): Promise<readonly Source[]> {
	return outputsOf(host, RULES);
}

/** What they say of everything that the lab does not change. */
export async function collectRest(host: Agent): Promise<readonly Source[]> {
	return outputsOf(host, REST);
}

type Command = readonly [file: string, command: string];

async function outputsOf(host: Agent, commands: readonly Command[]): Promise<readonly Source[]> {
	const ran = await host.run("sh", ["-c", commands.map(([, command]) => `echo '${MARK}'; ${command}`).join("\n")]);
	const outputs = ran.stdout.split(`${MARK}\n`).slice(1);
	return commands.map(([name], index) => ({ id: name, name, text: outputs[index] ?? "" }));
}

const MARK = "==== lab ====";

const RULES: readonly Command[] = [
	["iptables-legacy-save.txt", "iptables-legacy-save -c"],
	["iptables-nft-save.txt", "iptables-nft-save -c 2>&1"],
	["nft-list-ruleset.txt", "nft list ruleset"],
];

const INTERFACES = ["all", "eth0", "docker0", SECOND_BRIDGE];

const REST: readonly Command[] = [
	["ip-addr.txt", "ip addr"],
	["ip-route.txt", "ip route"],
	["ss.txt", "ss -tulnp"],
	[
		"sysctl.txt",
		`sysctl net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables ${INTERFACES.map((name) => `net.ipv4.conf.${name}.rp_filter net.ipv4.conf.${name}.forwarding net.ipv4.conf.${name}.route_localnet`).join(" ")}`,
	],
];

/** The world the engine makes of it, with the containers, the client and the ipsets, which the commands of the host do not show. */
export function worldFrom(
	sources: readonly Source[],
	published: readonly Published[],
	ipsets: readonly NamedSet[],
): World {
	const readings = read(sources);
	const world = worldOf(gatherFacts(readings));
	return { ...world, ipsets, containers: containers(published) };
}

function containers(published: readonly Published[]): readonly HostContainer[] {
	const container = (name: string, address: string, port: number | null): HostContainer => ({
		name,
		running: true,
		addresses: [address],
		published: published
			.filter((one) => one.container === name)
			.flatMap(({ hostAddress, hostPort }) =>
				["tcp", "udp"].map((protocol) => ({ hostAddress, hostPort, containerPort: port ?? 0, protocol })),
			),
		listening:
			port === null
				? []
				: [
						{ protocol: "tcp", address: "0.0.0.0", port },
						{ protocol: "udp", address: "0.0.0.0", port },
					],
	});
	return [
		container("web", WEB, 80),
		container("db", DB, 8000),
		container("near", NEAR, null),
		container("far", FAR, null),
	];
}
