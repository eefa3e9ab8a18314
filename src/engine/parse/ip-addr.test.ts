import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseIpAddr } from "./ip-addr";

const addr = (text: string) => {
	const read = parseIpAddr(artifactFromText("ip-addr", text));
	return {
		...read,
		rows: read.interfaces.map(({ name, up, master, addresses }) => [name, up, master, addresses.join(" ")]),
	};
};

const FULL = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host proto kernel_lo
2: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default
    link/ether 02:42:f3:f7:04:c0 brd ff:ff:ff:ff:ff:ff
    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
3: br-6735be94d16b: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default
5: veth992ea4e@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker0 state UP group default
    inet6 fe80::fc8f:32ff:fe29:ce63/64 scope link tentative
`;

it("reads ip addr, where a bridge without containers is up and has no carrier", () => {
	const read = addr(FULL);
	expect(read.rows).toEqual([
		["lo", true, null, "127.0.0.1/8 ::1/128"],
		["docker0", true, null, "172.17.0.1/16"],
		["br-6735be94d16b", false, null, ""],
		["veth992ea4e", true, "docker0", "fe80::fc8f:32ff:fe29:ce63/64"],
	]);
	expect(read).toMatchObject({ complete: true, missing: [], remarks: [] });
});

it.each([
	[
		"ip -br addr",
		"lo               UNKNOWN        127.0.0.1/8 ::1/128\ndocker0          DOWN           172.17.0.1/16\nveth1@if4        UP             fe80::1/64",
		[
			["lo", true, null, "127.0.0.1/8 ::1/128"],
			["docker0", null, null, "172.17.0.1/16"],
			["veth1", true, null, "fe80::1/64"],
		],
	],
	[
		"ip -br link",
		"docker0          DOWN           02:42:ac:11:00:01 <NO-CARRIER,BROADCAST,MULTICAST,UP>",
		[["docker0", true, null, ""]],
	],
	[
		"ip -o addr",
		"3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\\       valid_lft forever preferred_lft forever",
		[["docker0", null, null, "172.17.0.1/16"]],
	],
	[
		"ifconfig of net-tools 2",
		"docker0: flags=4099<UP,BROADCAST,MULTICAST>  mtu 1500\n        inet 172.17.0.1  netmask 255.255.0.0  broadcast 172.17.255.255\n        inet6 fe80::42  prefixlen 64  scopeid 0x20<link>\n        ether 02:42:ac:11:00:01",
		[["docker0", true, null, "172.17.0.1/16 fe80::42/64"]],
	],
	[
		"ifconfig of net-tools 1",
		"docker0   Link encap:Ethernet  HWaddr 02:42:AC:11:00:01\n          inet addr:172.17.0.1  Bcast:172.17.255.255  Mask:255.255.0.0\n          UP BROADCAST MULTICAST  MTU:1500  Metric:1",
		[["docker0", true, null, "172.17.0.1/16"]],
	],
])("reads %s", (_, text, rows) => {
	const read = addr(text);
	expect(read.rows).toEqual(rows);
	expect(read.remarks).toEqual([]);
});

it.each(['Device "docker0" does not exist.', "docker0: error fetching interface information: Device not found"])(
	"knows that an interface is not there: %j",
	(text) => {
		expect(addr(text)).toMatchObject({ interfaces: [], complete: false, missing: [{ value: "docker0" }], remarks: [] });
	},
);

it("does not take one interface's listing for all of them", () => {
	expect(addr(FULL.slice(FULL.indexOf("2: docker0"))).complete).toBe(false);
});
