import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseSysctl } from "./sysctl";

const sysctl = (text: string, options: { command?: string; name?: string } = {}) => {
	const read = parseSysctl(artifactFromText("sysctl", text, options));
	return { values: read.values.map(({ key, value }) => [key, value]), live: read.live, remarks: read.remarks.length };
};

it.each([
	["net.ipv4.ip_forward = 1", [["net.ipv4.ip_forward", "1"]]],
	["net.ipv4.ip_forward=0", [["net.ipv4.ip_forward", "0"]]],
	["net.ipv4.conf.eth0/100.rp_filter = 2", [["net.ipv4.conf.eth0/100.rp_filter", "2"]]],
	[
		"sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory",
		[["net.bridge.bridge-nf-call-iptables", null]],
	],
	[
		"sysctl: Aufruf von stat für /proc/sys/net/bridge/bridge-nf-call-iptables fehlgeschlagen: Datei oder Verzeichnis nicht gefunden",
		[["net.bridge.bridge-nf-call-iptables", null]],
	],
	[
		"sysctl: error: 'net.bridge.bridge-nf-call-iptables' is an unknown key",
		[["net.bridge.bridge-nf-call-iptables", null]],
	],
	['error: "net.bridge.bridge-nf-call-iptables" is an unknown key', [["net.bridge.bridge-nf-call-iptables", null]]],
	[
		"cat: /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory",
		[["net.bridge.bridge-nf-call-iptables", null]],
	],
	["/proc/sys/net/ipv4/ip_forward:1", [["net.ipv4.ip_forward", "1"]]],
	["sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'", []],
	["net.ipv4.tcp_rmem = 4096\t131072\t6291456", [["net.ipv4.tcp_rmem", "4096\t131072\t6291456"]]],
] as const)("reads %j", (text, values) => {
	expect(sysctl(text).values).toEqual(values);
});

it.each([
	["cat /proc/sys/net/ipv4/ip_forward", "1", [["net.ipv4.ip_forward", "1"]]],
	[
		"sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding",
		"0\n1",
		[
			["net.ipv4.ip_forward", "0"],
			["net.ipv6.conf.all.forwarding", "1"],
		],
	],
	["cat /proc/sys/net/ipv4/conf/eth0.5/rp_filter", "2", [["net.ipv4.conf.eth0/5.rp_filter", "2"]]],
])("takes the key from the command %j", (command, text, values) => {
	expect(sysctl(text, { command }).values).toEqual(values);
});

it.each([
	["net.ipv4.ip_forward = 1", {}, true],
	["# Uncomment the next line\n#net.ipv4.ip_forward=1\nnet.ipv4.conf.all.rp_filter=2", {}, false],
	["net/ipv4/ip_forward=0", {}, false],
	["net.ipv4.ip_forward=1", { name: "99-docker.conf" }, false],
	["net.ipv4.ip_forward=1", { command: "cat /etc/sysctl.d/99-docker.conf" }, false],
	["net.ipv4.ip_forward = 1\n#kernel", { command: "sysctl net.ipv4.ip_forward; nstat -az" }, true],
])("knows a file from the kernel: %j %j", (text, options, live) => {
	expect(sysctl(text, options).live).toBe(live);
});

it("reads the slashes of ufw's file as dots", () => {
	expect(sysctl("net/ipv4/ip_forward=0").values).toEqual([["net.ipv4.ip_forward", "0"]]);
});
