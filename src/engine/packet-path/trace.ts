import type { Backend, Family } from "../netfilter/ruleset";
import type { Span } from "../text/span";

/** A packet to be followed: the first packet of a connection. */
export type Flow = {
	readonly from: "outside" | "host" | "container";
	readonly protocol: "tcp" | "udp";
	/** Destination port on the host. */
	readonly port: number;
	/** Destination address. Default: 127.0.0.1 or ::1 from the host itself, else the host's outer address. */
	readonly to?: string;
	/** Version of IP where `to` does not say. Default: 4. */
	readonly family?: 4 | 6;
	/** From the host: asks its own outer address instead of loopback, whatever that address is. */
	readonly ownAddress?: boolean;
	/** Bridge of the container that asks. Default: that of the container that publishes the port. */
	readonly bridge?: string;
};

/** A named place on the way, in order; drawn as a station of the packet line. */
export type Step = {
	/** `client`, `eth0`, `nat PREROUTING`, `DOCKER`, `DNAT`, `route`, `FORWARD`, `docker0`, `172.17.0.2:80`… */
	readonly station: string;
	readonly kind: "origin" | "interface" | "chain" | "rewrite" | "route" | "socket" | "destination";
	readonly state: "passed" | "stopped" | "unknown" | "not-reached";
	/** One sentence: what happens here. */
	readonly says: string;
	readonly chain: {
		readonly backend: Backend | null;
		readonly family: Family;
		readonly table: string;
		readonly chain: string;
	} | null;
	readonly rule: {
		readonly number: number | "policy";
		readonly text: string;
		readonly owner: "docker" | "ufw" | "firewalld" | "fail2ban" | "kubernetes" | "you";
	} | null;
	readonly at: Span | null;
};

export type Outcome = "delivered" | "dropped" | "rejected" | "refused" | "unknown";

export type Decision = {
	readonly backend: Backend | null;
	readonly family: Family;
	readonly table: string;
	readonly chain: string;
	readonly rule: number | "policy";
	readonly text: string;
};

export type Trace = {
	readonly flow: Flow;
	readonly outcome: Outcome;
	/** `172.17.0.2:80` after DNAT. */
	readonly translatedTo: string | null;
	/** True when docker-proxy, not DNAT, carries the connection. */
	readonly viaProxy: boolean;
	readonly decidedBy: Decision | null;
	readonly steps: readonly Step[];
	/** Every outcome that what was pasted allows: one, unless `outcome` is `unknown`. */
	readonly possible: readonly Outcome[];
	/** Commands whose output would turn `unknown` into an answer. */
	readonly needs: readonly string[];
};
