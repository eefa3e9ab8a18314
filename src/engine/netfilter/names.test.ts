import { describe, expect, it } from "vitest";
import { addressOfName, icmpType, protocolName, rejectWord, tcpFlags } from "./names";
import { portOf } from "./services";

describe("names for numbers", () => {
	it.each([
		["6", "tcp"],
		["TCP", "tcp"],
		["0", "all"],
		["ip", "all"],
		["58", "ipv6-icmp"],
		["icmpv6", "ipv6-icmp"],
		["253", "253"],
	])("calls protocol %s %s", (word, name) => expect(protocolName(word)).toBe(name));

	it.each([
		["http-alt", 8080],
		["webcache", 8080],
		["tproxy", 8081],
		["8080", 8080],
		["65536", null],
		["constructor", null],
		["", null],
	])("reads port %s as %s", (word, port) => expect(portOf(word)).toBe(port));

	it.each([
		["echo-request", "ip", "8"],
		["fragmentation-needed", "ip", "3/4"],
		["255", "ip", "any"],
		["nd-neighbor-solicit", "ip6", "135"],
		["neighbour-solicitation", "ip6", "135"],
		["echo-request", "ip6", "128"],
		["no-such", "ip", null],
	] as const)("reads icmp type %s of %s as %s", (word, family, type) => expect(icmpType(word, family)).toBe(type));

	it.each([
		["0x17", ["fin", "syn", "rst", "ack"]],
		["SYN,RST", ["syn", "rst"]],
		["NONE", []],
		["ALL", ["fin", "syn", "rst", "psh", "ack", "urg"]],
		["SYN,XYZ", null],
	])("reads TCP flags %s", (text, flags) => expect(tcpFlags(text)).toEqual(flags));

	it.each([
		["anywhere", "ip", "0.0.0.0/0"],
		["anywhere", "ip6", "::/0"],
		["loopback/8", "ip", "127.0.0.0/8"],
		["localhost", "ip6", "::1"],
		["web.example.net", "ip", null],
	] as const)("knows that %s of %s is %s", (word, family, address) =>
		expect(addressOfName(word, family)).toBe(address),
	);

	it.each([
		["icmp host-prohibited", "icmp-host-prohibited"],
		["tcp reset", "tcp-reset"],
		["icmpx admin-prohibited", "icmpx-admin-prohibited"],
	])("calls nft's %s %s", (words, word) => expect(rejectWord(words)).toBe(word));
});
