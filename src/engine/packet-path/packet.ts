import type { Address } from "../netfilter/address";
import type { PortRange } from "../netfilter/ruleset";

/** "No interface": where a packet came from or goes to the host itself, before or after the hook that knows. */
export const NO_INTERFACE = "";
/** The interface of the outside world when its name was not shown. Not a legal interface name, so it equals no other. */
export const SOME_INTERFACE = "/";

/** An address and a port, or the range of ports it can be (a client's ephemeral port). */
export type Endpoint = { readonly address: Address; readonly port: PortRange };

/** What conntrack remembers of the connection. */
export type Connection = {
	/** The first packet as the client sent it. */
	readonly source: Endpoint;
	readonly destination: Endpoint;
	/** Where NAT sends it instead; null: untouched so far. */
	readonly dnat: Endpoint | null;
	/** What the answerer sees as source; null: untouched so far. */
	readonly snat: Endpoint | null;
	/** A NAT decision is made once, also the decision to change nothing. */
	readonly destinationSettled: boolean;
	readonly sourceSettled: boolean;
	/** False: a raw rule kept the first packet away from conntrack, so an answer belongs to nothing. */
	readonly tracked: boolean;
	/** The first packet has left the last hook: conntrack has the connection in its table. */
	readonly confirmed: boolean;
};

/** `first` opens the connection, `answer` accepts it; `reset` and `error` (ICMP, of a `type/code`) refuse it. */
export type Form = { readonly kind: "first" | "answer" | "reset" } | { readonly kind: "error"; readonly type: string };

/** One packet at one place. Immutable; a change makes another packet. */
export type Packet = {
	/** `icmp` is ICMPv6 in a connection of IPv6. */
	readonly protocol: "tcp" | "udp" | "icmp";
	readonly form: Form;
	readonly iif: string;
	readonly oif: string;
	readonly source: Endpoint;
	readonly destination: Endpoint;
	/** `not-yet` before conntrack has seen it (raw, priority below -200). */
	readonly tracking: "not-yet" | "new" | "established" | "related" | "invalid" | "untracked";
	readonly direction: "original" | "reply";
	/** Null: set by a rule in a way that could not be read. */
	readonly mark: number | null;
	readonly connmark: number | null;
	readonly connection: Connection;
	/** Equal for packets that no rule can tell apart. */
	readonly key: string;
};

/** A packet with its key. */
export function packetOf(fields: Omit<Packet, "key">): Packet {
	const { source, destination, dnat, snat, destinationSettled, sourceSettled, tracked, confirmed } = fields.connection;
	const { form } = fields;
	const key = [
		form.kind,
		form.kind === "error" ? form.type : "",
		fields.iif,
		fields.oif,
		endpointKey(fields.source),
		endpointKey(fields.destination),
		fields.tracking,
		fields.direction,
		fields.mark,
		fields.connmark,
		endpointKey(source),
		endpointKey(destination),
		dnat && endpointKey(dnat),
		snat && endpointKey(snat),
		destinationSettled,
		sourceSettled,
		tracked,
		confirmed,
	].join("|");
	return { ...fields, key };
}

/** The packet with some fields changed. */
export function altered(packet: Packet, changes: Partial<Omit<Packet, "key">>): Packet {
	return packetOf({ ...packet, ...changes });
}

function endpointKey({ address, port }: Endpoint): string {
	return `${address.value.toString(36)}:${port.from}-${port.to}`;
}

/** Ports a client's kernel picks from (net.ipv4.ip_local_port_range, Linux's default). */
export const EPHEMERAL: PortRange = { from: 32768, to: 60999 };

/** A single port. */
export function onePort(port: number): PortRange {
	return { from: port, to: port };
}
