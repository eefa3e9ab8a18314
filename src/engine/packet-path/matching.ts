import { type Address, type AddressRange, inRange } from "../netfilter/address";
import type { Chain, Match, NamedSet, PortRange, Rule, Table } from "../netfilter/ruleset";
import { inSet, portInRange, stateOf } from "./element-match";
import { hiddenInterfaces } from "./hidden-interfaces";
import type { Packet } from "./packet";
import { isProtocol } from "./protocol";
import { both, certain, either, inverted, type Ternary } from "./ternary";
import { addressType, interfaceMatches, sameAddress, type Topology } from "./topology";

/** Where a rule stands and what its conditions may ask for. */
export type Surroundings = {
	readonly topology: Topology;
	readonly setsOf: (table: Table) => ReadonlyMap<string, NamedSet>;
	/** Null: `ipset list` was not shown. */
	readonly ipsets: ReadonlyMap<string, NamedSet> | null;
};

/** Whether a packet meets all conditions of a rule. */
export function ruleMatches(rule: Rule, table: Table, chain: Chain, packet: Packet, around: Surroundings): Ternary {
	let answer: Ternary = "yes";
	for (const match of rule.matches) {
		const one = matches(match, table, packet, around);
		if (one === "no") return "no";
		if (one === "maybe") answer = "maybe";
	}
	if (table.interfacesShown) return answer;
	return both(answer, hiddenInterfaces(rule, table, chain, packet, around.topology));
}

function matches(match: Match, table: Table, packet: Packet, around: Surroundings): Ternary {
	switch (match.kind) {
		case "iif":
			return inverted(interfaceMatches(match.names, packet.iif), match.negated);
		case "oif":
			return inverted(interfaceMatches(match.names, packet.oif), match.negated);
		case "saddr":
			return certain(inAny(match.ranges, packet.source.address) !== match.negated);
		case "daddr":
			return inverted(destinationMatches(match.ranges, packet, around.topology), match.negated);
		case "protocol":
			return certain(match.protocols.some((name) => isProtocol(name, packet)) !== match.negated);
		case "sport":
			if (packet.protocol === "icmp") return "no";
			return inverted(inAnyPort(match.ranges, packet.source.port), match.negated);
		case "dport":
			if (packet.protocol === "icmp") return "no";
			return inverted(inAnyPort(match.ranges, packet.destination.port), match.negated);
		case "port":
			if (packet.protocol === "icmp") return "no";
			return inverted(
				either(inAnyPort(match.ranges, packet.source.port), inAnyPort(match.ranges, packet.destination.port)),
				match.negated,
			);
		case "ctstate":
			return certain(match.states.some((state) => hasState(state, packet)) !== match.negated);
		case "ctstatus":
			return tracked(
				packet,
				match.negated,
				anyOf(match.statuses, (status) => hasStatus(status, packet)),
			);
		case "ctorigdport":
			return tracked(packet, match.negated, inAnyPort(match.ranges, packet.connection.destination.port));
		case "ctorigdst":
			return tracked(packet, match.negated, certain(inAny(match.ranges, packet.connection.destination.address)));
		case "ctorigsrc":
			return tracked(packet, match.negated, certain(inAny(match.ranges, packet.connection.source.address)));
		case "ctdir":
			return tracked(packet, match.negated, certain(match.direction === packet.direction));
		case "addrtype":
			return inverted(hasAddressType(match, packet, around.topology), match.negated);
		case "mark":
			return markMatches(packet.mark, match);
		case "connmark":
			return hasConnection(packet) ? markMatches(packet.connmark, match) : "no";
		case "set":
			return inverted(setMatches(match, table, packet, around), match.negated);
		case "family":
			return certain(((match.family === "ip") === (packet.source.address.family === 4)) !== match.negated);
		case "tcpflags":
			return certain(packet.protocol === "tcp" && hasFlags(match.mask, match.set, packet) !== match.negated);
		case "icmptype":
			return certain(packet.form.kind === "error" && hasIcmpType(match.type, packet.form.type) !== match.negated);
		case "sometimes":
			return "maybe";
		case "field":
			// The text has the `!` of a negated condition, as the extensions below read it.
			return otherExtension(match.extension, match.text, packet);
		case "unknown":
			return otherExtension(match.extension, match.text, packet);
		default:
			return match satisfies never;
	}
}

function inAny(ranges: readonly AddressRange[], address: Address): boolean {
	return ranges.some((range) => inRange(range, address));
}

/** A rule for one address of the host can't be told from any other while the host's addresses were not shown. */
function destinationMatches(ranges: readonly AddressRange[], packet: Packet, topology: Topology): Ternary {
	const address = packet.destination.address;
	if (inAny(ranges, address)) return "yes";
	const standIn = !topology.hostAddressKnown && address === topology.hostAddress;
	return standIn && ranges.some((range) => mayHoldHost(range, topology)) ? "maybe" : "no";
}

/** Loopback, multicast and the networks of Docker's bridges hold no address that a client outside can name. */
function mayHoldHost({ from, to }: AddressRange, { bridges }: Topology): boolean {
	if (bridges.some(({ networks }) => networks.some((network) => inRange(network, from) && inRange(network, to))))
		return false;
	return from.family === 6 ? from.value !== 1n : from.value >> 24n !== 127n && from.value >> 28n !== 14n;
}

function inAnyPort(ranges: readonly PortRange[], port: PortRange): Ternary {
	return anyOf(ranges, (range) => portInRange(range, port));
}

function anyOf<T>(items: readonly T[], test: (item: T) => Ternary): Ternary {
	let answer: Ternary = "no";
	for (const item of items) {
		answer = either(answer, test(item));
		if (answer === "yes") return "yes";
	}
	return answer;
}

/** `3/3` is one of `3/3`, `3`, `any`. */
function hasIcmpType(wanted: string, own: string): boolean {
	const [type] = own.split("/", 1);
	return wanted.split(",").some((one) => one === own || one === type || one === "any");
}

function hasState(state: string, packet: Packet): boolean {
	// xt_conntrack and nft's `ct state` know DNAT and SNAT as virtual states beside the real one.
	if (state === "dnat") return hasConnection(packet) && packet.connection.dnat !== null;
	if (state === "snat") return hasConnection(packet) && packet.connection.snat !== null;
	return state === stateOf(packet);
}

function hasStatus(status: string, packet: Packet): Ternary {
	const { dnat, snat, confirmed } = packet.connection;
	const replied = packet.direction === "reply" && packet.tracking === "established";
	switch (status) {
		case "dnat":
			return certain(dnat !== null);
		case "snat":
			return certain(snat !== null);
		case "confirmed":
			return certain(confirmed);
		case "seen-reply":
		case "seen_reply":
			return certain(replied);
		// Set by the third packet of a connection and later.
		case "assured":
		case "expected":
		case "dying":
			return "no";
		// No bit is asked for, so none is found (xt_conntrack.c).
		case "none":
			return "no";
		default:
			return "maybe";
	}
}

/** Whether conntrack has put a connection on the packet (the kernel's nf_ct_get() is not null). */
function hasConnection({ tracking }: Packet): boolean {
	return tracking === "new" || tracking === "established" || tracking === "related";
}

/** Conditions on the connection fail, negated or not, for a packet that has none (xt_conntrack.c). */
function tracked(packet: Packet, negated: boolean, answer: Ternary): Ternary {
	return hasConnection(packet) ? inverted(answer, negated) : "no";
}

type AddressTypeMatch = Extract<Match, { readonly kind: "addrtype" }>;

function hasAddressType({ types, side, limitedTo }: AddressTypeMatch, packet: Packet, topology: Topology): Ternary {
	const address = side === "src" ? packet.source.address : packet.destination.address;
	const type = addressType(topology, address);
	if (!limitedTo || type !== "local") return certain(types.includes(type));
	// Asked of one interface, an address of another one is unicast (__inet_dev_addr_type in net/ipv4/fib_frontend.c).
	const device = limitedTo === "in" ? packet.iif : packet.oif;
	const isItsOwn = topology.own.some((entry) => entry.interface === device && sameAddress(entry.address, address));
	return certain(types.includes(isItsOwn ? "local" : "unicast"));
}

function markMatches(
	mark: number | null,
	match: { readonly value: number; readonly mask: number; readonly negated: boolean },
): Ternary {
	if (mark === null) return "maybe";
	return certain(((mark & match.mask) >>> 0 === match.value >>> 0) !== match.negated);
}

type SetMatch = Extract<Match, { readonly kind: "set" }>;

function setMatches({ set: name, sides, key }: SetMatch, table: Table, packet: Packet, around: Surroundings): Ternary {
	const set = around.setsOf(table).get(name) ?? around.ipsets?.get(name);
	if (set && set.elements !== null) return inSet(set, sides, key ?? null, packet);
	// 28.0.0 keeps the networks of its bridges in ipsets (moby v28.0.0 libnetwork/drivers/bridge/setup_ip_tables_linux.go).
	if (/^docker-ext-bridges-v[46]$/.test(name)) {
		const address = sides[0] === "src" ? packet.source.address : packet.destination.address;
		return certain(around.topology.bridges.some((bridge) => inAny(bridge.networks, address)));
	}
	return "maybe";
}

function hasFlags(mask: readonly string[], set: readonly string[], packet: Packet): boolean {
	const flags = FLAGS.get(packet.form.kind) ?? [];
	const wanted = new Set(set.map((flag) => flag.toLowerCase()));
	const asked = mask.flatMap((flag) => (flag.toLowerCase() === "all" ? ALL_FLAGS : [flag.toLowerCase()]));
	return asked.every((flag) => wanted.has(flag) === flags.includes(flag));
}

const FLAGS: ReadonlyMap<Packet["form"]["kind"], readonly string[]> = new Map([
	["first", ["syn"]],
	["answer", ["syn", "ack"]],
	["reset", ["rst", "ack"]],
]);

const ALL_FLAGS = ["fin", "syn", "rst", "psh", "ack", "urg"];

/** Extensions whose answer follows from what a first packet to a published port is. */
function otherExtension(extension: string, text: string, packet: Packet): Ternary {
	switch (extension) {
		// The walk checks the reverse path itself where routes are known.
		case "rpfilter":
			return certain(!text.includes("--invert"));
		// Only frames that a bridge switches carry a bridge port here; those between two containers do.
		case "physdev":
			return packet.iif !== packet.oif || packet.iif === "" ? certain(text.includes("! --physdev")) : "maybe";
		case "helper":
		case "icmp":
		case "icmp6":
		case "icmpv6":
		case "ah":
		case "esp":
		case "sctp":
		case "dccp":
			return "no";
		case "pkttype":
			return certain(/unicast|host/.test(text) !== /! --pkt-type/.test(text));
		// Matches by owner need a socket of the host: a forwarded packet has none.
		case "owner":
			return packet.iif === "" ? "maybe" : certain(text.includes("! --"));
		case "frag":
			return certain(text.startsWith("!"));
		default:
			return "maybe";
	}
}

/** What could be pasted to settle a condition that answers `maybe`. */
export function whatDecides(rule: Rule, table: Table, packet: Packet, around: Surroundings): readonly string[] {
	const needs = new Set<string>();
	const listing = table.native ? "nft list ruleset" : table.family === "ip6" ? "ip6tables-save -c" : "iptables-save -c";
	for (const match of rule.matches) {
		if (matches(match, table, packet, around) !== "maybe") continue;
		if (match.kind === "set") needs.add(setListing(match.set, table));
		else if (match.kind === "iif" || match.kind === "oif" || match.kind === "daddr" || match.kind === "addrtype")
			needs.add("ip addr");
		// The counters of a rule tell whether it takes packets.
		else needs.add(listing);
	}
	// Nothing but the interfaces that -L without -v leaves out.
	if (needs.size === 0) needs.add(listing.replace(" -c", ""));
	return [...needs];
}

function setListing(name: string, table: Table): string {
	if (table.native) return "nft list ruleset";
	// A name from a paste goes into a command only if it is one that a shell leaves alone.
	return /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,30}$/.test(name) ? `ipset list ${name}` : "ipset list";
}
