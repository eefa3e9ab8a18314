import type { Packet } from "./packet";

const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
	["tcp", ["tcp", "6"]],
	["udp", ["udp", "17"]],
	["icmp4", ["icmp", "1"]],
	["icmp6", ["ipv6-icmp", "icmpv6", "58"]],
]);

/** Whether a protocol as a rule or a set names it is the packet's. */
export function isProtocol(name: string, { protocol, source }: Packet): boolean {
	const names = NAMES.get(protocol === "icmp" ? `icmp${source.address.family}` : protocol);
	return names?.includes(name) || name === "all" || name === "0" || name === "ip";
}
