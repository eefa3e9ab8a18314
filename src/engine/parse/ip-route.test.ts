import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseIpRoute } from "./ip-route";
import { parseIpRule } from "./ip-rule";

const routes = (text: string, command?: string) => {
	const read = parseIpRoute(artifactFromText("ip-route", text, command === undefined ? {} : { command }));
	return { rows: read.routes.map(({ at, ...route }) => route), remarks: read.remarks.length };
};
const route = (fields: object) => ({
	type: "unicast",
	destination: "default",
	via: null,
	device: null,
	source: null,
	table: null,
	scope: null,
	metric: null,
	...fields,
});

it.each([
	[
		"default via 192.168.56.20 dev eth0 proto dhcp src 192.168.56.10 metric 100",
		route({ via: "192.168.56.20", device: "eth0", source: "192.168.56.10", metric: 100 }),
	],
	[
		"172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown",
		route({ destination: "172.17.0.0/16", device: "docker0", source: "172.17.0.1", scope: "link" }),
	],
	[
		"unreachable 10.0.0.0/8 metric 4278198272",
		route({ type: "unreachable", destination: "10.0.0.0/8", metric: 4278198272 }),
	],
	[
		"local 172.17.0.1 dev docker0 table local proto kernel scope host src 172.17.0.1",
		route({
			type: "local",
			destination: "172.17.0.1/32",
			device: "docker0",
			table: "local",
			scope: "host",
			source: "172.17.0.1",
		}),
	],
	["10.8.0.2 dev tun0", route({ destination: "10.8.0.2/32", device: "tun0" })],
	["172.17/16 dev docker0", route({ destination: "172.17.0.0/16", device: "docker0" })],
	[
		"fe80::/64 dev docker0 proto kernel metric 256 pref medium",
		route({ destination: "fe80::/64", device: "docker0", metric: 256 }),
	],
	[
		"default\n\tnexthop via 192.0.2.1 dev eth0 weight 1\n\tnexthop via 192.0.2.2 dev eth1 weight 1",
		route({ via: "192.0.2.1", device: "eth0" }),
	],
])("reads %j", (text, expected) => {
	expect(routes(text)).toEqual({ rows: [expected], remarks: 0 });
});

it("reads route -n and netstat -rn", () => {
	const text = `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         192.168.1.1     0.0.0.0         UG    100    0        0 eth0
172.17.0.0      0.0.0.0         255.255.0.0     U     0      0        0 docker0
`;
	expect(routes(text)).toEqual({
		rows: [
			route({ via: "192.168.1.1", device: "eth0", metric: 100 }),
			route({ destination: "172.17.0.0/16", device: "docker0", scope: "link", metric: 0 }),
		],
		remarks: 0,
	});
});

it("takes the table from the command", () => {
	expect(routes("default via 10.0.0.1 dev eth1", "ip route show table 100").rows[0]?.table).toBe("100");
});

it("does not take the answer of `ip route get` for a route", () => {
	expect(routes("172.17.0.2 dev docker0 src 172.17.0.1 uid 0\n    cache").rows).toEqual([]);
});

it("remarks on foreign lines", () => {
	expect(routes("hello world").remarks).toBe(1);
});

it.each([
	["0:\tfrom all lookup local", [0, "all", "local"]],
	["100:\tfrom 10.0.0.5 lookup vpn", [100, "10.0.0.5", "vpn"]],
	["5210:\tfrom all fwmark 0x80000/0xff0000 lookup main", [5210, "all", "main"]],
	["5250:\tfrom all fwmark 0x80000/0xff0000 unreachable", [5250, "all", "unreachable"]],
	["32764:\tnot from all fwmark 0xca6c lookup 51820", [32764, "all", "51820"]],
])("reads the rule %j", (text, expected) => {
	const [rule] = parseIpRule(artifactFromText("ip-rule", text)).rules;
	expect([rule?.priority, rule?.from, rule?.table]).toEqual(expected);
});

it.each([
	["100:\tfrom 10.0.0.5 lookup vpn", { inverted: false, mark: null, iif: null }],
	["32764:\tnot from all fwmark 0xca6c lookup 51820", { inverted: true, mark: "0xca6c", iif: null }],
	["90:\tfrom all iif docker0 lookup 200", { inverted: false, mark: null, iif: "docker0" }],
])("reads what the rule %j looks at", (text, expected) => {
	expect(parseIpRule(artifactFromText("ip-rule", text)).rules[0]).toMatchObject(expected);
});
