import { expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseIptablesVersion } from "./iptables-version";

const version = (text: string) => parseIptablesVersion(artifactFromText("iptables-version", text));

it.each([
	[
		"iptables v1.8.11 (nf_tables)\nlrwxrwxrwx 1 root root 26 Nov 20  2024 /usr/sbin/iptables -> /etc/alternatives/iptables",
		["iptables", "1.8.11", "nf_tables"],
	],
	["iptables v1.8.9 (legacy)", ["iptables", "1.8.9", "legacy"]],
	["iptables v1.6.1", ["iptables", "1.6.1", "legacy"]],
	["ip6tables-nft v1.8.7 (nf_tables)", ["ip6tables-nft", "1.8.7", "nf_tables"]],
	["iptables v1.8.4", ["iptables", "1.8.4", null]],
	["iptables v1.8.4\n/usr/sbin/iptables -> /usr/sbin/xtables-nft-multi", ["iptables", "1.8.4", "nf_tables"]],
	["nftables v1.0.6 (Lester Gooch #5)", ["nft", "1.0.6", null]],
	[
		"lrwxrwxrwx 1 root root 25 Jan  1 00:00 /etc/alternatives/iptables -> /usr/sbin/iptables-legacy",
		["iptables", "", "legacy"],
	],
])("reads %j", (text, program) => {
	const read = version(text);
	expect(read.programs.map((one) => [one.program, one.version, one.backend])).toEqual([program]);
	expect(read.remarks).toEqual([]);
});

it.each([
	["/bin/sh: 1: iptables: not found\nls: cannot access '/usr/sbin/iptables': No such file or directory"],
	["bash: iptables: command not found"],
	["ls: Zugriff auf '/usr/sbin/iptables' nicht möglich: Datei oder Verzeichnis nicht gefunden"],
])("says that the program is missing: %j", (text) => {
	const read = version(text);
	expect(read.missing.map(({ value }) => value).at(0)).toBe("iptables");
	expect(read.programs).toEqual([]);
	expect(read.remarks).toEqual([]);
});

it("keeps several programs apart", () => {
	const read = version("iptables v1.8.10 (nf_tables)\nip6tables v1.8.10 (legacy)");
	expect(read.programs.map(({ program, backend }) => [program, backend])).toEqual([
		["iptables", "nf_tables"],
		["ip6tables", "legacy"],
	]);
});

it("remarks on foreign lines", () => {
	expect(version("hello there").remarks).toHaveLength(1);
});
