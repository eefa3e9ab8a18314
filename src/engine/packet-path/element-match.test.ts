import { describe, expect, it } from "vitest";
import { namedSet } from "../../../tests/support/save-tables";
import { parseAddress } from "../netfilter/address";
import { elementMatches, fieldsOfKey, inSet, keyApplies } from "./element-match";
import { onePort, type Packet, packetOf } from "./packet";

const endpoint = (text: string, port: number) => ({
	address: parseAddress(text) ?? { family: 4 as const, value: 0n },
	port: onePort(port),
});

function packet(changes: Partial<Packet> = {}): Packet {
	const source = endpoint("203.0.113.77", 40000);
	const destination = endpoint("172.17.0.2", 80);
	return packetOf({
		protocol: "tcp",
		form: { kind: "first" },
		iif: "eth0",
		oif: "docker0",
		source,
		destination,
		tracking: "new",
		direction: "original",
		mark: 0,
		connmark: 0,
		connection: {
			source,
			destination,
			dnat: null,
			snat: null,
			destinationSettled: false,
			sourceSettled: false,
			tracked: true,
			confirmed: false,
		},
		...changes,
	});
}

describe("sets", () => {
	it.each([
		["hash:ip", ["src"], ["203.0.113.77"], "yes"],
		["hash:ip", ["dst"], ["203.0.113.77"], "no"],
		["hash:net", ["src"], ["203.0.113.0/24 timeout 300"], "yes"],
		["hash:net", ["src"], ["203.0.0.0/16", "203.0.113.0/24 nomatch"], "no"],
		["hash:ip,port", ["dst", "dst"], ["172.17.0.2,tcp:80"], "yes"],
		["hash:ip,port", ["dst", "dst"], ["172.17.0.2,udp:80"], "no"],
		["hash:net,iface", ["dst", "dst"], ["172.17.0.0/16,docker0"], "yes"],
		["ipv4_addr", ["src"], ["203.0.113.10-203.0.113.90"], "yes"],
		["inet_service", ["dst"], ["22", "80-90"], "yes"],
		["ipv4_addr . inet_service", ["dst", "dst"], ["172.17.0.2 . 443"], "no"],
		["ifname", ["src"], ['"eth0"'], "yes"],
		["hash:mac", ["src"], ["02:42:ac:11:00:02"], "maybe"],
		["hash:mac", ["src"], [], "no"],
	] as const)("%s %j with %j: %s", (type, sides, elements, answer) => {
		expect(inSet(namedSet("s", type, elements), sides, null, packet())).toBe(answer);
	});

	it("an element that is a source port is open while the client chooses its own", () => {
		const client = { ...packet().source, port: { from: 32768, to: 60999 } };
		expect(inSet(namedSet("s", "inet_service", ["40000"]), ["src"], null, packet({ source: client }))).toBe("maybe");
	});

	it("elements that were not shown leave it open", () => {
		expect(inSet(namedSet("s", "hash:ip", null), ["src"], null, packet())).toBe("maybe");
	});
});

describe("verdict map keys", () => {
	it.each([
		["iifname", '"eth0"', "yes"],
		["oifname", "br-+", "no"],
		["ct state", "new", "yes"],
		["iifname . oifname", '"eth0" . "docker0"', "yes"],
		["ip daddr . tcp dport", "172.17.0.2 . 80", "yes"],
		["meta l4proto", "udp", "no"],
		["ct state", "invalid", "no"],
	])("%s with %s: %s", (key, element, answer) => {
		expect(elementMatches(element, fieldsOfKey(key) ?? [], packet())).toBe(answer);
	});

	it("an expression that is not read has no fields", () => {
		expect(fieldsOfKey("jhash ip saddr mod 2")).toBeNull();
	});
});

describe("what a key takes for granted", () => {
	it.each([
		["tcp dport", true],
		["udp dport", false],
		["ip daddr . tcp dport", true],
		["ip daddr . udp dport", false],
		["ip6 saddr", false],
		["iifname", true],
	])("%s of a TCP packet over IPv4: %s", (key, applies) => {
		expect(keyApplies(key, packet())).toBe(applies);
	});
});
