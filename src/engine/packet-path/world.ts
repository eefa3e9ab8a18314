import type { NamedSet, Table } from "../netfilter/ruleset";

/**
 * What is known of one host when a packet is followed through it: plain data, made from facts by the layer above.
 * `null` always means "not shown"; an empty list means "shown, and there is none".
 */
export type World = {
	/** Every table that was printed, of any backend and family. */
	readonly tables: readonly Table[];
	/** Listings that cover all tables of a program: what such a program does not list is empty. */
	readonly shown: readonly Shown[];
	/** `ipset list`. */
	readonly ipsets: readonly NamedSet[] | null;
	/** `ip addr`. */
	readonly interfaces: readonly HostInterface[] | null;
	/** Main routing table. */
	readonly routes: readonly HostRoute[] | null;
	/** Routing tables besides main and local, as far as shown, by the name that rules call them. */
	readonly otherTables: readonly { readonly name: string; readonly routes: readonly HostRoute[] }[];
	/** `ip rule` without the kernel's own first and last, in order. */
	readonly policy: readonly PolicyRule[] | null;
	/** Bridges of Docker's networks, as far as known; more are read off the rules themselves. */
	readonly bridges: readonly DockerBridge[];
	readonly containers: readonly HostContainer[] | null;
	/** Listening sockets of the host. */
	readonly sockets: readonly HostSocket[] | null;
	/** False: `net.ipv4.ip_forward` is 0. */
	readonly ipForward: boolean | null;
	/** Further sysctls by key: `net.ipv4.conf.eth0.forwarding`, `…rp_filter`, `…route_localnet`, `net.bridge.bridge-nf-call-iptables`. */
	readonly sysctls: readonly { readonly key: string; readonly value: string }[];
	readonly userlandProxy: boolean | null;
	/** Interface by which clients come in; null: that of the default route. */
	readonly externalInterface: string | null;
	/** Address of the client; null: an example address outside the host's networks. */
	readonly clientAddress: string | null;
};

/** `native` are the tables of the nft program; `nf_tables` and `legacy` those of the two iptables. */
export type Shown = { readonly program: "nf_tables" | "legacy" | "native"; readonly family: "ip" | "ip6" };

export type HostInterface = {
	readonly name: string;
	/** With prefix length, as `ip addr` prints them: `172.17.0.1/16`. */
	readonly addresses: readonly string[];
	readonly master: string | null;
};

export type HostRoute = {
	/** `default`, a prefix or an address. */
	readonly destination: string;
	readonly via: string | null;
	readonly device: string | null;
	readonly source: string | null;
	/** `unreachable`, `blackhole`, `prohibit`, `throw`; absent: `unicast`. */
	readonly type?: string;
};

/** One line of `ip rule`: its words without the priority, and the table it asks, or the action in its place. */
export type PolicyRule = { readonly text: string; readonly table: string };

export type DockerBridge = {
	readonly name: string;
	readonly subnets: readonly string[];
	/** The bridge's own address; null: the first of the subnet. */
	readonly gateway: string | null;
	/** Docker's name of the network, where it was listed. */
	readonly network?: string;
};

export type HostContainer = {
	readonly name: string;
	readonly running: boolean;
	/** Null where only `docker ps` was shown. */
	readonly addresses: readonly string[] | null;
	readonly published: readonly {
		/** `0.0.0.0`, `::`, `127.0.0.1`… */
		readonly hostAddress: string;
		readonly hostPort: number;
		readonly containerPort: number;
		readonly protocol: string;
	}[];
	/** Sockets inside the container. */
	readonly listening: readonly Omit<HostSocket, "process">[] | null;
};

export type HostSocket = {
	readonly protocol: "tcp" | "udp";
	/** `0.0.0.0`, `*`, `::`, `127.0.0.1`… */
	readonly address: string;
	readonly port: number;
	/** `docker-proxy`, `dockerd`, `nginx`…; null where the listing does not tell. */
	readonly process: string | null;
};

/** A host of which nothing is known. */
export const UNKNOWN_WORLD: World = {
	tables: [],
	shown: [],
	ipsets: null,
	interfaces: null,
	routes: null,
	otherTables: [],
	policy: null,
	bridges: [],
	containers: null,
	sockets: null,
	ipForward: null,
	sysctls: [],
	userlandProxy: null,
	externalInterface: null,
	clientAddress: null,
};
