import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { AgentAnswer, AgentRequest, Listen, Probe, ProbeResult } from "./agent-protocol";
import { startWatching } from "./watch";

/**
 * A host with two bridges, four containers and a client outside, each in a network namespace of its own:
 *
 *     client 192.168.56.20, .22 --- eth0 host 192.168.56.10
 *                                    |- docker0 172.17.0.1          web 172.17.0.2, near 172.17.255.253
 *                                    `- br-0123456789ab 172.18.0.1  db 172.18.0.2, far 172.18.255.253
 *
 * The client routes to the containers only from its second address, as a machine of the LAN may that was told to.
 */
export type Rig = {
	readonly name: string;
	readonly agents: ReadonlyMap<Place, Agent>;
	readonly end: () => Promise<void>;
};

/** A namespace of a rig. */
export type Place = "client" | "host" | "web" | "near" | "db" | "far";

/** A process in a namespace. */
export type Agent = {
	readonly run: (program: string, args: readonly string[], input?: string) => Promise<Ran>;
	readonly listen: (on: readonly Listen[]) => Promise<void>;
	readonly probe: (probes: readonly Probe[]) => Promise<readonly ProbeResult[]>;
	readonly end: () => void;
};

/** How a program ended. */
export type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** Addresses of the rig, the same in every one. */
export const HOST = "192.168.56.10";
export const CLIENT = "192.168.56.20";
/** The client's address that has routes to the containers. */
export const NEIGHBOUR = "192.168.56.22";
export const WEB = "172.17.0.2";
export const NEAR = "172.17.255.253";
export const DB = "172.18.0.2";
export const FAR = "172.18.255.253";
export const SECOND_BRIDGE = "br-0123456789ab";

const CONTAINERS: readonly { readonly place: Place; readonly bridge: string; readonly address: string }[] = [
	{ place: "web", bridge: "docker0", address: WEB },
	{ place: "near", bridge: "docker0", address: NEAR },
	{ place: "db", bridge: SECOND_BRIDGE, address: DB },
	{ place: "far", bridge: SECOND_BRIDGE, address: FAR },
];

/** What listens where from the start. */
export const LISTENING: ReadonlyMap<Place, readonly Listen[]> = new Map<Place, readonly Listen[]>([
	["web", both("0.0.0.0", 80)],
	["db", both("0.0.0.0", 8000)],
	// A datagram's answer comes from the address that was asked, as of any program that means to be heard.
	["host", ["127.0.0.1", HOST, "172.17.0.1", "172.18.0.1"].flatMap((address) => both(address, 9000))],
	["client", [...both("0.0.0.0", 443), ...both("0.0.0.0", 53)]],
]);

function both(address: string, port: number): Listen[] {
	return [
		{ protocol: "tcp", address, port },
		{ protocol: "udp", address, port },
	];
}

/** Builds the namespaces and starts an agent in each. `agentFile` is the compiled agent. */
export async function buildRig(number: number, agentFile: string): Promise<Rig> {
	const name = `lab${process.pid}-${number}`;
	const places: readonly Place[] = ["client", "host", ...CONTAINERS.map((container) => container.place)];
	const spaceOf = (place: Place) => `${name}-${place}`;
	const ip = (...args: string[]) => must("ip", args);
	const agents = new Map<Place, Agent>();
	const end = async () => {
		for (const agent of agents.values()) agent.end();
		for (const place of places) spawnSync("ip", ["netns", "del", spaceOf(place)]);
	};
	try {
		for (const place of places) {
			ip("netns", "add", spaceOf(place));
			ip("-n", spaceOf(place), "link", "set", "lo", "up");
			setSysctls(spaceOf(place), place);
		}
		const host = spaceOf("host");
		ip("-n", host, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", spaceOf("client"));
		address(host, "eth0", `${HOST}/24`);
		address(spaceOf("client"), "eth0", `${CLIENT}/24`);
		address(spaceOf("client"), "eth0", `${NEIGHBOUR}/24`);
		ip("-n", host, "route", "add", "default", "via", CLIENT);
		ip("-n", spaceOf("client"), "rule", "add", "from", NEIGHBOUR, "lookup", "100");
		for (const [bridge, subnet, gateway] of [
			["docker0", "172.17.0.0/16", "172.17.0.1/16"],
			[SECOND_BRIDGE, "172.18.0.0/16", "172.18.0.1/16"],
		] as const) {
			ip("-n", host, "link", "add", bridge, "type", "bridge");
			address(host, bridge, gateway);
			// An address that nobody has stays in question: the kernel's `host unreachable` would come after three seconds.
			ip("netns", "exec", host, "sysctl", "-q", "-w", `net.ipv4.neigh.${bridge}.mcast_solicit=5000`);
			ip("-n", spaceOf("client"), "route", "add", subnet, "via", HOST, "table", "100");
		}
		for (const { place, bridge, address: own } of CONTAINERS) {
			const space = spaceOf(place);
			ip("-n", host, "link", "add", `v-${place}`, "type", "veth", "peer", "name", "eth0", "netns", space);
			ip("-n", host, "link", "set", `v-${place}`, "master", bridge, "up");
			address(space, "eth0", `${own}/16`);
			ip("-n", space, "route", "add", "default", "via", bridge === "docker0" ? "172.17.0.1" : "172.18.0.1");
		}
		for (const place of places) agents.set(place, startAgent(spaceOf(place), agentFile));
		for (const [place, on] of LISTENING) await agents.get(place)?.listen(on);
		for (const [place, agent] of agents) await startWatching(agent, place);
	} catch (problem) {
		await end();
		throw problem;
	}
	return { name, agents, end };
}

function address(space: string, device: string, text: string): void {
	must("ip", ["-n", space, "addr", "add", text, "dev", device]);
	must("ip", ["-n", space, "link", "set", device, "up"]);
}

/** One SYN and one SYN/ACK a connection, no limit on ICMP errors, no retries that would fall into the next rule set. */
function setSysctls(space: string, place: Place): void {
	const values = [
		"net.ipv4.conf.all.rp_filter=0",
		"net.ipv4.conf.default.rp_filter=0",
		"net.ipv4.icmp_ratelimit=0",
		"net.ipv4.icmp_msgs_per_sec=1000000",
		"net.ipv4.icmp_msgs_burst=100000",
		"net.ipv4.tcp_synack_retries=0",
		"net.ipv4.tcp_syncookies=0",
		"net.ipv4.tcp_max_syn_backlog=65536",
		"net.core.somaxconn=65535",
		"net.ipv4.tcp_tw_reuse=0",
		// Out of the way of the probes, whose source ports are chosen for them.
		"net.ipv4.ip_local_port_range=20000 29999",
		"net.ipv6.conf.all.disable_ipv6=1",
		"net.ipv6.conf.default.disable_ipv6=1",
		...(place === "host" ? ["net.ipv4.ip_forward=1"] : []),
	];
	must("ip", ["netns", "exec", space, "sysctl", "-q", "-w", ...values]);
}

function must(program: string, args: readonly string[]): void {
	const { status, stderr } = spawnSync(program, [...args], { encoding: "utf8" });
	if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

/** Starts one more agent in a namespace of a rig, as `docker-proxy` is one more program of the host. */
export function startAgent(space: string, agentFile: string): Agent {
	const child: ChildProcessWithoutNullStreams = spawn("ip", ["netns", "exec", space, process.execPath, agentFile]);
	child.stderr.on("data", (text) => process.stderr.write(`${space}: ${text}`));
	const waiting = new Map<number, (answer: AgentAnswer) => void>();
	let last = 0;
	createInterface({ input: child.stdout }).on("line", (line) => {
		const answer: AgentAnswer = JSON.parse(line);
		waiting.get(answer.id)?.(answer);
		waiting.delete(answer.id);
	});
	const ask = (request: WithoutId<AgentRequest>): Promise<AgentAnswer> =>
		new Promise((resolve) => {
			const id = ++last;
			waiting.set(id, resolve);
			child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
		});
	return {
		run: async (program, args, input = "") => {
			const answer = await ask({ do: "run", program, args, input });
			return "status" in answer ? answer : { status: -1, stdout: "", stderr: "no answer" };
		},
		listen: async (on) => {
			await ask({ do: "listen", on });
		},
		probe: async (probes) => {
			if (probes.length === 0) return [];
			const answer = await ask({ do: "probe", probes });
			return "results" in answer ? answer.results : [];
		},
		end: () => {
			child.stdin.end();
			child.kill("SIGKILL");
		},
	};
}

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;

/** The agent of a place. */
export function agentAt(rig: Rig, place: Place): Agent {
	const agent = rig.agents.get(place);
	if (!agent) throw new Error(`no agent at ${place}`);
	return agent;
}
