import type { Table } from "../../src/engine/netfilter/ruleset";
import { UNKNOWN_WORLD, type World } from "../../src/engine/packet-path/world";
import { nativeTable, saveTables } from "./save-tables";

/** Docker hosts of each generation with one container, published 8080 to 172.17.0.2:80, for tests of the packet path. */

/** 17.06 to 27, as of captures 20.10 and 26.1. */
export const DOCKER_20 = `*filter
:INPUT ACCEPT
:FORWARD DROP
:OUTPUT ACCEPT
:DOCKER -
:DOCKER-ISOLATION-STAGE-1 -
:DOCKER-ISOLATION-STAGE-2 -
:DOCKER-USER -
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
:DOCKER -
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT`;

/** 28.2 to 28.5. */
export const DOCKER_28 = `*raw
:PREROUTING ACCEPT
:OUTPUT ACCEPT
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
COMMIT
*filter
:INPUT ACCEPT
:FORWARD DROP
:OUTPUT ACCEPT
:DOCKER -
:DOCKER-BRIDGE -
:DOCKER-CT -
:DOCKER-FORWARD -
:DOCKER-ISOLATION-STAGE-1 -
:DOCKER-ISOLATION-STAGE-2 -
:DOCKER-USER -
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
COMMIT
*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
:DOCKER -
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT`;

/** 29 with the iptables backend: no isolation stages, DOCKER-INTERNAL instead, no RETURN in nat DOCKER. */
export const DOCKER_29 = DOCKER_28.split("\n")
	.filter((line) => !/ISOLATION|-A DOCKER -i docker0 -j RETURN/.test(line))
	.join("\n")
	.replace(":DOCKER-CT -\n", ":DOCKER-CT -\n:DOCKER-INTERNAL -\n")
	.replace(
		"-A DOCKER-FORWARD -j DOCKER-BRIDGE",
		"-A DOCKER-FORWARD -j DOCKER-INTERNAL\n-A DOCKER-FORWARD -j DOCKER-BRIDGE",
	);

/** The userland proxy off, any generation: loopback is translated too and the answer masqueraded. */
export function withoutProxy(save: string): string {
	return save
		.replace("-A OUTPUT ! -d 127.0.0.0/8 -m addrtype", "-A OUTPUT -m addrtype")
		.replace("-A DOCKER -i docker0 -j RETURN\n", "")
		.replace("-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080", "-A DOCKER -p tcp -m tcp --dport 8080")
		.replace(
			"-A POSTROUTING -s 172.17.0.0/16",
			"-A POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE\n-A POSTROUTING -s 172.17.0.0/16",
		);
}

/** 29 with the nftables backend (moby 29 nftablesdoc/generated). */
export function dockerNftables(): Table {
	return nativeTable("ip", "docker-bridges", [
		{
			name: "raw-PREROUTING",
			base: { type: "filter", hook: "prerouting", priority: -300, policy: "accept" },
			rules: ["-d 172.17.0.2 ! -i docker0 -j DROP"],
		},
		{
			name: "filter-FORWARD",
			base: { type: "filter", hook: "forward", priority: 0, policy: "accept" },
			rules: [
				"vmap oifname { docker0 : filter-forward-in__docker0 }",
				"vmap iifname { docker0 : filter-forward-out__docker0 }",
			],
		},
		{
			name: "nat-PREROUTING",
			base: { type: "nat", hook: "prerouting", priority: -100, policy: "accept" },
			rules: ["-m addrtype --dst-type LOCAL -j nat-prerouting-and-output"],
		},
		{
			name: "nat-OUTPUT",
			base: { type: "nat", hook: "output", priority: -100, policy: "accept" },
			rules: ["! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j nat-prerouting-and-output"],
		},
		{
			name: "nat-POSTROUTING",
			base: { type: "nat", hook: "postrouting", priority: 100, policy: "accept" },
			rules: ["vmap iifname { docker0 : nat-postrouting-out__docker0 }"],
		},
		{
			name: "nat-prerouting-and-output",
			rules: ["! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"],
		},
		{
			name: "filter-forward-in__docker0",
			rules: [
				"-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
				"-i docker0 -j ACCEPT",
				"-d 172.17.0.2 -p tcp --dport 80 -j ACCEPT",
				"-j DROP",
			],
		},
		{
			name: "filter-forward-out__docker0",
			rules: ["-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT", "-j ACCEPT"],
		},
		{ name: "nat-postrouting-out__docker0", rules: ["! -o docker0 -s 172.17.0.0/16 -j MASQUERADE"] },
	]);
}

/** eth0 192.168.56.10, docker0 172.17.0.1, container web at 172.17.0.2 listening on 80, docker-proxy on 8080; every table shown. */
export function dockerHost(tables: readonly Table[] | string, changes: Partial<World> = {}): World {
	return {
		...UNKNOWN_WORLD,
		tables: typeof tables === "string" ? saveTables(tables) : tables,
		shown: [
			{ program: "nf_tables", family: "ip" },
			{ program: "legacy", family: "ip" },
			{ program: "native", family: "ip" },
		],
		ipsets: [],
		interfaces: [
			{ name: "lo", addresses: ["127.0.0.1/8", "::1/128"], master: null },
			{ name: "eth0", addresses: ["192.168.56.10/24"], master: null },
			{ name: "docker0", addresses: ["172.17.0.1/16"], master: null },
		],
		routes: [
			{ destination: "default", via: "192.168.56.1", device: "eth0", source: null },
			{ destination: "172.17.0.0/16", via: null, device: "docker0", source: "172.17.0.1" },
			{ destination: "192.168.56.0/24", via: null, device: "eth0", source: "192.168.56.10" },
		],
		bridges: [{ name: "docker0", subnets: ["172.17.0.0/16"], gateway: "172.17.0.1" }],
		containers: [
			{
				name: "web",
				running: true,
				addresses: ["172.17.0.2"],
				published: [{ hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80, protocol: "tcp" }],
				listening: [{ protocol: "tcp", address: "0.0.0.0", port: 80 }],
			},
		],
		sockets: [{ protocol: "tcp", address: "0.0.0.0", port: 8080, process: "docker-proxy" }],
		ipForward: true,
		userlandProxy: true,
		...changes,
	};
}

/** No docker-proxy: dockerd itself holds the port (seen as LISTEN with backlog 0). */
export const PROXY_OFF: Partial<World> = {
	userlandProxy: false,
	sockets: [{ protocol: "tcp", address: "0.0.0.0", port: 8080, process: "dockerd" }],
};

/** A save with one table emptied, its policies kept: `iptables -t TABLE -F; iptables -t TABLE -X`. */
export function flushed(save: string, table: string): string {
	let inside = false;
	return save
		.split("\n")
		.filter((line) => {
			if (line.startsWith("*")) inside = line === `*${table}`;
			return !inside || !/^-A|^:[^ ]+ -/.test(line);
		})
		.join("\n");
}

/** A save with a rule put on top of a chain. */
export function inserted(save: string, table: string, rule: string): string {
	const [before = "", after = ""] = save.split(`*${table}\n`);
	return `${before}*${table}\n${after.replace(/^-A/m, `${rule}\n-A`)}`;
}
