import { type Address, inRange, overlap, parseAddress, parsePrefix, rangeOf } from "../netfilter/address";
import type { NamedSet, PortRange } from "../netfilter/ruleset";
import type { Packet } from "./packet";
import { isProtocol } from "./protocol";
import { both, certain, either, type Ternary } from "./ternary";
import { interfaceMatches } from "./topology";

/**
 * Elements of ipsets (ipset(8)), nft sets and verdict maps (nft(8)), compared with a packet.
 * Elements are text as printed: `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `10.0.0.1,tcp:80`, `"eth0"`, `22`, `8000-8100`,
 * `tcp`, `established`, and `a . b` for concatenations. What can't be read answers `maybe`.
 */

/** What part of the packet an element is compared with. */
export type Field =
	| "saddr"
	| "daddr"
	| "sport"
	| "dport"
	| "iif"
	| "oif"
	| "protocol"
	| "ctstate"
	| "mark"
	| "family"
	| "ctstatus"
	| "ctdir";

/**
 * Membership of the packet in a set. `sides` is src or dst for each dimension, as in `--match-set NAME src,dst`;
 * `key` is what nft looks up, which says it better where there is one.
 */
export function inSet(set: NamedSet, sides: readonly ("src" | "dst")[], key: string | null, packet: Packet): Ternary {
	if (set.elements === null) return "maybe";
	const fields = (key === null ? null : fieldsOfKey(key)) ?? fieldsOf(set.type, sides);
	if (!fields) return set.elements.length === 0 ? "no" : "maybe";
	let answer: Ternary = "no";
	for (const element of set.elements) {
		// ipset's `nomatch` and nft's timeouts stand behind the value.
		const [value = "", ...options] = element
			.trim()
			.split(/\s+(?=nomatch|timeout|expires|counter|packets|comment|skbmark)/);
		const hit = elementMatches(value, fields, packet);
		if (options.some((option) => option.startsWith("nomatch"))) {
			if (hit !== "no") answer = hit === "yes" ? "no" : "maybe";
		} else answer = either(answer, hit);
		if (answer === "yes" && !set.elements.some((text) => text.includes("nomatch"))) return "yes";
	}
	return answer;
}

/** Whether an element, a tuple when there are several fields, fits the packet. */
export function elementMatches(element: string, fields: readonly Field[], packet: Packet): Ternary {
	if (element === "*" || element === "default") return "yes";
	const parts = fields.length === 1 ? [element] : element.includes(" . ") ? element.split(" . ") : element.split(",");
	if (parts.length !== fields.length) return "maybe";
	let answer: Ternary = "yes";
	for (const [index, field] of fields.entries()) {
		answer = both(answer, fieldMatches((parts[index] ?? "").trim(), field, packet));
		if (answer === "no") return "no";
	}
	return answer;
}

function fieldMatches(text: string, field: Field, packet: Packet): Ternary {
	const value = text.replace(/^"(.*)"$/, "$1");
	switch (field) {
		case "saddr":
			return addressMatches(value, packet.source.address);
		case "daddr":
			return addressMatches(value, packet.destination.address);
		case "sport":
			return packet.protocol === "icmp" ? "no" : portMatches(value, packet.source.port, packet);
		case "dport":
			return packet.protocol === "icmp" ? "no" : portMatches(value, packet.destination.port, packet);
		case "iif":
			return interfaceMatches([value], packet.iif);
		case "oif":
			return interfaceMatches([value], packet.oif);
		case "protocol":
			return certain(isProtocol(value, packet));
		case "ctstate":
			return certain(stateOf(packet) === value.toLowerCase());
		case "ctstatus":
			return certain(
				value === "dnat" ? packet.connection.dnat !== null : value === "snat" && packet.connection.snat !== null,
			);
		case "ctdir":
			return certain(value === packet.direction || value === (packet.direction === "original" ? "0" : "1"));
		case "family":
			return certain((packet.source.address.family === 4) === /^(?:ip|ipv4|2)$/.test(value));
		case "mark":
			return packet.mark === null || !/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value)
				? "maybe"
				: certain(Number(value) === packet.mark);
		default:
			return field satisfies never;
	}
}

/** The word `ct state` has for the packet. Before conntrack has seen it, it is INVALID. */
export function stateOf(packet: Packet): string {
	return packet.tracking === "not-yet" ? "invalid" : packet.tracking;
}

/** Whether the packet's port, one or a range of possible ones, lies in the range of a rule. */
export function portInRange(range: PortRange, port: PortRange): Ternary {
	if (range.from <= port.from && port.to <= range.to) return "yes";
	return port.to < range.from || range.to < port.from ? "no" : "maybe";
}

function portMatches(text: string, port: PortRange, packet: Packet): Ternary {
	const found = /^(?:(tcp|udp|sctp|udplite|icmp|icmpv6):)?(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
	if (!found) return "maybe";
	// hash:ip,port elements without a protocol mean TCP (ipset(8)); nft's have none and mean any.
	if (found[1] && found[1] !== packet.protocol) return "no";
	return portInRange({ from: Number(found[2]), to: Number(found[3] ?? found[2]) }, port);
}

function addressMatches(text: string, address: Address): Ternary {
	const dash = text.indexOf("-");
	if (dash > 0) {
		const from = parseAddress(text.slice(0, dash));
		const to = parseAddress(text.slice(dash + 1));
		return from && to ? certain(inRange({ from, to }, address)) : "maybe";
	}
	const prefix = parsePrefix(text);
	return prefix ? certain(overlap(rangeOf(prefix), { from: address, to: address })) : "maybe";
}

function fieldsOf(type: string, sides: readonly ("src" | "dst")[]): Field[] | null {
	const kinds = type.replace(/^(?:hash|bitmap|list):/, "").split(/\s*[.,]\s*/);
	const fields: Field[] = [];
	for (const [index, kind] of kinds.entries()) {
		const side = sides[index] ?? sides[0] ?? "src";
		const field = fieldOfType(kind.trim(), side);
		if (!field) return null;
		fields.push(field);
	}
	return fields;
}

function fieldOfType(kind: string, side: "src" | "dst"): Field | null {
	switch (kind) {
		case "ip":
		case "net":
		case "ipv4_addr":
		case "ipv6_addr":
			return side === "src" ? "saddr" : "daddr";
		case "port":
		case "inet_service":
			return side === "src" ? "sport" : "dport";
		case "iface":
		case "ifname":
			return side === "src" ? "iif" : "oif";
		case "inet_proto":
			return "protocol";
		case "mark":
			return "mark";
		default:
			return null;
	}
}

/** Fields of an nft key expression: `iifname`, `ip saddr . tcp dport`, `ct state`… Null: not one we read. */
export function fieldsOfKey(key: string): Field[] | null {
	const fields: Field[] = [];
	for (const part of key.trim().split(/\s+\.\s+/, 8)) {
		const field = KEY_FIELDS.get(part.trim().replace(/^meta (?=iif|oif|mark|l4proto)/, ""));
		if (!field) return null;
		fields.push(field);
	}
	return fields;
}

/** Whether the packet has what the key asks for: `tcp dport` of a datagram ends the rule, as the kernel's NFT_BREAK does. */
export function keyApplies(key: string, packet: Packet): boolean {
	return key.split(/\s+\.\s+/, 8).every((part) => {
		const [header = ""] = part.trim().split(" ", 1);
		if (header === "tcp" || header === "udp") return packet.protocol === header;
		if (header === "th") return packet.protocol !== "icmp";
		if (header === "ip" || header === "ip6") return (packet.source.address.family === 4) === (header === "ip");
		return true;
	});
}

const KEY_FIELDS: ReadonlyMap<string, Field> = new Map([
	["iifname", "iif"],
	["iif", "iif"],
	["oifname", "oif"],
	["oif", "oif"],
	["ip saddr", "saddr"],
	["ip6 saddr", "saddr"],
	["ip daddr", "daddr"],
	["ip6 daddr", "daddr"],
	["tcp dport", "dport"],
	["udp dport", "dport"],
	["th dport", "dport"],
	["tcp sport", "sport"],
	["udp sport", "sport"],
	["th sport", "sport"],
	["l4proto", "protocol"],
	["ip protocol", "protocol"],
	["ip6 nexthdr", "protocol"],
	["ct state", "ctstate"],
	["ct status", "ctstatus"],
	["ct direction", "ctdir"],
	["meta nfproto", "family"],
	["meta protocol", "family"],
	["mark", "mark"],
]);
