import type { Draft, IptablesTable, NativeTable } from "../generate/draft";
import { DB, SECOND_BRIDGE, WEB } from "../rig";

/**
 * The rules that dockerd makes for two bridges and three published ports, per generation, as the moby sources of the tag
 * write them (libnetwork/drivers/bridge, daemon/libnetwork/drivers/bridge/internal/iptabler and nftabler).
 */
export type Generation = "20.10" | "26.1" | "28.5" | "29 iptables" | "29 nftables";

/** A published port. */
export type Port = {
	readonly bridge: string;
	readonly address: string;
	readonly port: number;
	readonly hostAddress: string;
	readonly hostPort: number;
};

/** 8080 is `web`'s, 8081 is `db`'s, 8082 is `db`'s on loopback only. */
export const PUBLISHED_PORTS: readonly Port[] = [
	{ bridge: "docker0", address: WEB, port: 80, hostAddress: "0.0.0.0", hostPort: 8080 },
	{ bridge: SECOND_BRIDGE, address: DB, port: 8000, hostAddress: "0.0.0.0", hostPort: 8081 },
	{ bridge: SECOND_BRIDGE, address: DB, port: 8000, hostAddress: "127.0.0.1", hostPort: 8082 },
];

const BRIDGES = [
	{ name: "docker0", subnet: "172.17.0.0/16" },
	{ name: SECOND_BRIDGE, subnet: "172.18.0.0/16" },
];

/** dockerd's rules for one iptables program, or for nft. */
export function dockerRules(generation: Generation, program: "legacy" | "nft", proxy: boolean): Draft {
	const empty: Draft = { isOpen: false, ipsets: [], legacy: [], nft: [], native: [] };
	if (generation === "29 nftables") return { ...empty, native: [nftables(proxy)] };
	const tables = [
		nat(generation, proxy),
		generation === "20.10" || generation === "26.1" ? filterOf20() : filterOf28(generation === "29 iptables"),
		...(generation === "20.10" || generation === "26.1" ? [] : [raw()]),
	];
	return { ...empty, [program]: tables };
}

function chains(builtins: readonly (readonly [string, string])[], own: readonly string[]): IptablesTable["chains"] {
	return [...builtins.map(([name, policy]) => ({ name, policy })), ...own.map((name) => ({ name, policy: "-" }))];
}

function onHost({ hostAddress }: Port): string {
	return hostAddress === "0.0.0.0" ? "" : ` -d ${hostAddress}/32`;
}

function nat(generation: Generation, proxy: boolean): IptablesTable {
	const returns = proxy && generation !== "29 iptables";
	const own = generation === "20.10" || generation === "26.1" || !proxy;
	return {
		name: "nat",
		chains: chains(
			["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"].map((name) => [name, "ACCEPT"] as const),
			["DOCKER"],
		),
		rules: [
			"-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
			`-A OUTPUT ${proxy ? "! -d 127.0.0.0/8 " : ""}-m addrtype --dst-type LOCAL -j DOCKER`,
			...(proxy
				? []
				: BRIDGES.map(({ name }) => `-A POSTROUTING -o ${name} -m addrtype --src-type LOCAL -j MASQUERADE`)),
			...BRIDGES.map(({ name, subnet }) => `-A POSTROUTING -s ${subnet} ! -o ${name} -j MASQUERADE`),
			...(own
				? PUBLISHED_PORTS.map(
						({ address, port }) =>
							`-A POSTROUTING -s ${address}/32 -d ${address}/32 -p tcp -m tcp --dport ${port} -j MASQUERADE`,
					)
				: []),
			...(returns ? BRIDGES.map(({ name }) => `-A DOCKER -i ${name} -j RETURN`) : []),
			...PUBLISHED_PORTS.map(
				(port) =>
					`-A DOCKER${onHost(port)}${proxy ? ` ! -i ${port.bridge}` : ""} -p tcp -m tcp --dport ${port.hostPort} -j DNAT --to-destination ${port.address}:${port.port}`,
			),
		],
	};
}

const FILTER = [
	["INPUT", "ACCEPT"],
	["FORWARD", "DROP"],
	["OUTPUT", "ACCEPT"],
] as const;

const acceptPort = ({ bridge, address, port }: Port) =>
	`-A DOCKER -d ${address}/32 ! -i ${bridge} -o ${bridge} -p tcp -m tcp --dport ${port} -j ACCEPT`;

function filterOf20(): IptablesTable {
	return {
		name: "filter",
		chains: chains(FILTER, ["DOCKER", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2", "DOCKER-USER"]),
		rules: [
			"-A FORWARD -j DOCKER-USER",
			"-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
			...BRIDGES.flatMap(({ name }) => [
				`-A FORWARD -o ${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
				`-A FORWARD -o ${name} -j DOCKER`,
				`-A FORWARD -i ${name} ! -o ${name} -j ACCEPT`,
				`-A FORWARD -i ${name} -o ${name} -j ACCEPT`,
			]),
			...PUBLISHED_PORTS.map(acceptPort),
			...BRIDGES.map(({ name }) => `-A DOCKER-ISOLATION-STAGE-1 -i ${name} ! -o ${name} -j DOCKER-ISOLATION-STAGE-2`),
			"-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
			...BRIDGES.map(({ name }) => `-A DOCKER-ISOLATION-STAGE-2 -o ${name} -j DROP`),
			"-A DOCKER-ISOLATION-STAGE-2 -j RETURN",
			"-A DOCKER-USER -j RETURN",
		],
	};
}

function filterOf28(is29: boolean): IptablesTable {
	const stages = is29 ? ["DOCKER-INTERNAL"] : ["DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"];
	return {
		name: "filter",
		chains: chains(FILTER, ["DOCKER", "DOCKER-BRIDGE", "DOCKER-CT", "DOCKER-FORWARD", ...stages, "DOCKER-USER"]),
		rules: [
			"-A FORWARD -j DOCKER-USER",
			"-A FORWARD -j DOCKER-FORWARD",
			...PUBLISHED_PORTS.map(acceptPort),
			...BRIDGES.map(({ name }) => `-A DOCKER ! -i ${name} -o ${name} -j DROP`),
			...BRIDGES.map(({ name }) => `-A DOCKER-BRIDGE -o ${name} -j DOCKER`),
			...BRIDGES.map(({ name }) => `-A DOCKER-CT -o ${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
			"-A DOCKER-FORWARD -j DOCKER-CT",
			`-A DOCKER-FORWARD -j ${stages[0]}`,
			"-A DOCKER-FORWARD -j DOCKER-BRIDGE",
			...BRIDGES.map(({ name }) => `-A DOCKER-FORWARD -i ${name} -j ACCEPT`),
			...(is29
				? []
				: [
						...BRIDGES.map(
							({ name }) => `-A DOCKER-ISOLATION-STAGE-1 -i ${name} ! -o ${name} -j DOCKER-ISOLATION-STAGE-2`,
						),
						...BRIDGES.map(({ name }) => `-A DOCKER-ISOLATION-STAGE-2 -o ${name} -j DROP`),
					]),
		],
	};
}

function raw(): IptablesTable {
	return {
		name: "raw",
		chains: chains(
			[
				["PREROUTING", "ACCEPT"],
				["OUTPUT", "ACCEPT"],
			],
			[],
		),
		rules: [
			`-A PREROUTING -d ${WEB}/32 ! -i docker0 -j DROP`,
			`-A PREROUTING -d ${DB}/32 ! -i ${SECOND_BRIDGE} -j DROP`,
		],
	};
}

/** moby docker-v29 integration/network/bridge/nftablesdoc/generated. */
function nftables(proxy: boolean): NativeTable {
	const jumps = (name: string, chain: string) =>
		`map ${name} { type ifname : verdict; elements = { ${BRIDGES.map((bridge) => `"${bridge.name}" : jump ${chain}__${bridge.name}`).join(", ")} }; }`;
	const base = (type: string, hook: string, priority: string) =>
		`type ${type} hook ${hook} priority ${priority}; policy accept;`;
	const rules = (name: string, texts: readonly string[], own: string | null = null) => ({
		name,
		base: own,
		rules: texts,
	});
	const ofBridge = (chain: string, texts: (bridge: (typeof BRIDGES)[number]) => readonly string[]) =>
		BRIDGES.map((bridge) => rules(`${chain}__${bridge.name}`, texts(bridge)));
	return {
		family: "ip",
		name: "docker-bridges",
		sets: [
			jumps("filter-forward-in-jumps", "filter-forward-in"),
			jumps("filter-forward-out-jumps", "filter-forward-out"),
			jumps("nat-postrouting-in-jumps", "nat-postrouting-in"),
			jumps("nat-postrouting-out-jumps", "nat-postrouting-out"),
		],
		chains: [
			rules(
				"filter-FORWARD",
				["oifname vmap @filter-forward-in-jumps", "iifname vmap @filter-forward-out-jumps"],
				base("filter", "forward", "filter"),
			),
			rules(
				"nat-PREROUTING",
				["fib daddr type local counter jump nat-prerouting-and-output"],
				base("nat", "prerouting", "dstnat"),
			),
			rules(
				"nat-OUTPUT",
				[`${proxy ? "ip daddr != 127.0.0.0/8 " : ""}fib daddr type local counter jump nat-prerouting-and-output`],
				base("nat", "output", "-100"),
			),
			rules(
				"nat-POSTROUTING",
				["iifname vmap @nat-postrouting-out-jumps", "oifname vmap @nat-postrouting-in-jumps"],
				base("nat", "postrouting", "srcnat"),
			),
			rules(
				"raw-PREROUTING",
				[
					`ip daddr ${WEB} iifname != "docker0" counter drop comment "DROP DIRECT ACCESS"`,
					`ip daddr ${DB} iifname != "${SECOND_BRIDGE}" counter drop comment "DROP DIRECT ACCESS"`,
				],
				base("filter", "prerouting", "raw"),
			),
			rules(
				"nat-prerouting-and-output",
				PUBLISHED_PORTS.map(
					({ bridge, address, port, hostAddress, hostPort }) =>
						`${proxy ? `iifname != "${bridge}" ` : ""}${hostAddress === "0.0.0.0" ? "" : `ip daddr ${hostAddress} `}tcp dport ${hostPort} counter dnat to ${address}:${port} comment "DNAT"`,
				),
			),
			...ofBridge("filter-forward-in", ({ name }) => [
				"ct state established,related counter accept",
				`iifname "${name}" counter accept comment "ICC"`,
				...PUBLISHED_PORTS.filter((port) => port.bridge === name).map(
					({ address, port }) => `ip daddr ${address} tcp dport ${port} counter accept`,
				),
				'counter drop comment "UNPUBLISHED PORT DROP"',
			]),
			...ofBridge("filter-forward-out", () => [
				"ct state established,related counter accept",
				'counter accept comment "OUTGOING"',
			]),
			...ofBridge("nat-postrouting-in", ({ name }) =>
				proxy
					? []
					: [
							'fib saddr type local counter masquerade comment "MASQUERADE FROM HOST"',
							...PUBLISHED_PORTS.filter((port) => port.bridge === name).map(
								({ address, port }) =>
									`ip saddr ${address} ip daddr ${address} tcp dport ${port} counter masquerade comment "MASQ TO OWN PORT"`,
							),
						],
			),
			...ofBridge("nat-postrouting-out", ({ name, subnet }) => [
				`oifname != "${name}" ip saddr ${subnet} counter masquerade comment "MASQUERADE"`,
			]),
		],
	};
}
