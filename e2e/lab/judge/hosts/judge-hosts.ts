import type { Flow } from "../../../../src/engine/packet-path/trace";
import { compare } from "../compare";
import { describe } from "../describe";
import { textsOf } from "../generate/draft";
import { sentBy } from "../outcome";
import { agentAt, buildRig, CLIENT, DB, HOST, type Rig, SECOND_BRIDGE, startAgent, WEB } from "../rig";
import { BREAKS } from "./breaks";
import { dockerRules, type Generation, PUBLISHED_PORTS } from "./docker-rules";

/** What a run of the hand-made hosts found. */
export type HostsJudged = {
	readonly hosts: number;
	readonly pairs: number;
	readonly unknown: number;
	/** Questions asked again with a table left out, and how many of them were left open. */
	readonly partial: number;
	readonly partialUnknown: number;
	readonly failures: readonly string[];
	readonly seconds: number;
};

const tcp = (from: Flow["from"], port: number, to?: string, bridge?: string): Flow => ({
	from,
	protocol: "tcp",
	port,
	...(to === undefined ? {} : { to }),
	...(bridge === undefined ? {} : { bridge }),
});

/** From everywhere to a published port, one that is published on loopback only, a container directly, the host, the outside. */
const FLOWS: readonly Flow[] = [
	tcp("outside", 8080),
	tcp("outside", 8081),
	tcp("outside", 8082),
	tcp("outside", 80, WEB),
	tcp("outside", 9000),
	tcp("outside", 9999),
	tcp("host", 8080),
	tcp("host", 8080, HOST),
	tcp("host", 8082),
	tcp("host", 80, WEB),
	tcp("host", 443, CLIENT),
	tcp("container", 8080, undefined, "docker0"),
	tcp("container", 8080, undefined, SECOND_BRIDGE),
	tcp("container", 80, WEB, "docker0"),
	tcp("container", 80, WEB, SECOND_BRIDGE),
	tcp("container", 8000, DB, "docker0"),
	tcp("container", 443, CLIENT, "docker0"),
	tcp("container", 443, CLIENT, SECOND_BRIDGE),
];

const GENERATIONS: readonly { readonly generation: Generation; readonly program: "legacy" | "nft" }[] = [
	{ generation: "20.10", program: "legacy" },
	{ generation: "26.1", program: "nft" },
	{ generation: "28.5", program: "nft" },
	{ generation: "28.5", program: "legacy" },
	{ generation: "29 iptables", program: "nft" },
	{ generation: "29 nftables", program: "nft" },
];

/** Every generation, proxy on and off, healthy and with every break. */
export async function judgeHosts(agentFile: string, print: (line: string) => void): Promise<HostsJudged> {
	const started = performance.now();
	const results = await Promise.all(
		[true, false].map((proxy, number) => oneRig(100 + number, agentFile, proxy, print)),
	);
	const sum = (of: (one: Omit<HostsJudged, "seconds">) => number) => results.reduce((total, one) => total + of(one), 0);
	return {
		hosts: sum((one) => one.hosts),
		pairs: sum((one) => one.pairs),
		unknown: sum((one) => one.unknown),
		partial: sum((one) => one.partial),
		partialUnknown: sum((one) => one.partialUnknown),
		failures: results.flatMap((one) => one.failures),
		seconds: (performance.now() - started) / 1000,
	};
}

async function oneRig(
	number: number,
	agentFile: string,
	proxy: boolean,
	print: (line: string) => void,
): Promise<Omit<HostsJudged, "seconds">> {
	const rig = await buildRig(number, agentFile);
	const failures: string[] = [];
	const found = { hosts: 0, pairs: 0, unknown: 0, partial: 0, partialUnknown: 0 };
	const holder = await holdPorts(rig, agentFile, proxy);
	try {
		const host = agentAt(rig, "host");
		if (!proxy) {
			// As dockerd does for its bridges without the proxy.
			for (const bridge of ["docker0", SECOND_BRIDGE])
				await host.run("sysctl", ["-qw", `net.ipv4.conf.${bridge}.route_localnet=1`]);
		}
		for (const { generation, program } of GENERATIONS) {
			for (const { name, change, before, after } of BREAKS) {
				const draft = change(dockerRules(generation, program, proxy));
				if (!draft) continue;
				if (before) await host.run("sh", ["-c", before]);
				const result = await compare(rig, textsOf(draft), FLOWS.map(sentBy), {
					published: PUBLISHED_PORTS.map(({ address, hostAddress, hostPort }) => ({
						container: address === WEB ? "web" : "db",
						hostAddress,
						hostPort,
					})),
					exchange: true,
					userlandProxy: proxy,
					fresh: before !== undefined,
					// Where the nat table was not shown, a published port is taken to lead to its container.
					hidden: name.startsWith("DNAT leads") ? ["filter"] : ["filter", "nat"],
				});
				if (after) await host.run("sh", ["-c", after]);
				found.hosts++;
				found.pairs += result.pairs.length;
				const title = `Docker ${generation} (${program}), proxy ${proxy ? "on" : "off"}, ${name}`;
				if (result.refusedBy !== null) failures.push(`${title}: ${result.refusedBy}`);
				found.unknown += result.pairs.filter(({ trace }) => trace.outcome === "unknown").length;
				for (const pair of result.pairs) {
					if (!pair.agrees) failures.push(`${title}: ${describe(pair)}`);
					for (const { hidden, trace, agrees } of pair.partial) {
						found.partial++;
						if (trace.outcome === "unknown") found.partialUnknown++;
						if (!agrees) failures.push(`${title}, ${hidden} not shown: ${describe({ ...pair, trace })}`);
					}
				}
			}
		}
	} finally {
		holder.end();
		await rig.end();
	}
	for (const failure of failures) print(failure);
	return { ...found, failures };
}

/** docker-proxy on every published port, or dockerd that holds it and never answers. */
async function holdPorts(rig: Rig, agentFile: string, proxy: boolean): Promise<{ readonly end: () => void }> {
	const agent = startAgent(`${rig.name}-host`, agentFile);
	await agent.listen(
		PUBLISHED_PORTS.map(({ hostAddress, hostPort, address, port }) => ({
			protocol: "tcp",
			address: hostAddress,
			port: hostPort,
			as: proxy ? { name: "docker-proxy", address, port } : { name: "dockerd", address: null, port: 0 },
		})),
	);
	return agent;
}
