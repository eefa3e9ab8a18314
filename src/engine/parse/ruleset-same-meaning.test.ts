import { describe, expect, it } from "vitest";
import type { Match, Rule, Table } from "../netfilter/ruleset";
import type { ArtifactKind } from "../text/evidence";
import { artifactFromText } from "../text/span-of";
import { parseRuleset } from "./ruleset";
import everyL from "./samples/ruleset/every-extension-L.txt?raw";
import everyLn from "./samples/ruleset/every-extension-Ln.txt?raw";
import everyLnv from "./samples/ruleset/every-extension-Lnv.txt?raw";
import everyLnvxl from "./samples/ruleset/every-extension-Lnvxl.txt?raw";
import everyLv from "./samples/ruleset/every-extension-Lv.txt?raw";
import everyJson from "./samples/ruleset/every-extension-nft.json?raw";
import everyNft from "./samples/ruleset/every-extension-nft.txt?raw";
import everySv from "./samples/ruleset/every-extension-Sv.txt?raw";
import everySave from "./samples/ruleset/every-extension-save-c.txt?raw";
import firewalldJson from "./samples/ruleset/firewalld-nft.json?raw";
import firewalldText from "./samples/ruleset/firewalld-nft.txt?raw";
import ipv6L from "./samples/ruleset/ipv6-L.txt?raw";
import ipv6Lnv from "./samples/ruleset/ipv6-Lnv.txt?raw";
import ipv6Nft from "./samples/ruleset/ipv6-nft.txt?raw";
import ipv6Save from "./samples/ruleset/ipv6-save.txt?raw";
import nativeJson from "./samples/ruleset/native-nft.json?raw";
import nativeText from "./samples/ruleset/native-nft.txt?raw";

/*
 * The samples list one rule set several ways: iptables 1.8.9 and nftables 1.0.6 in a network namespace, with the rules
 * of Docker 28, ufw, fail2ban, kube-proxy, tailscale, libvirt and netavark, and one rule for every extension there was.
 */

const tablesOf = (kind: ArtifactKind, text: string, name?: string) =>
	parseRuleset(artifactFromText(kind, text, name === undefined ? {} : { name })).tables;

/** What a rule means, in one line; interfaces only where both listings show them. */
function meaning(rule: Rule, interfaces: boolean): string {
	const matches = rule.matches.filter((match) => interfaces || (match.kind !== "iif" && match.kind !== "oif"));
	const effects = rule.effects.map((effect) => `${effect.kind}${"set" in effect ? JSON.stringify(effect.set) : ""}`);
	return [...matches.map(matchMeaning).sort(), "=>", json(rule.verdict), ...effects].join(" ");
}

function matchMeaning(match: Match): string {
	if (match.kind === "sometimes") return `sometimes ${match.extension}`;
	if (match.kind === "field") return `field ${match.extension} ${match.value} ${match.negated}`;
	return json(match);
}

function json(value: unknown): string {
	return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? inner.toString(16) : inner));
}

/** Rules of `listing` that do not mean what the same rule of `save` means: their text in the save. */
function differences(save: readonly Table[], listing: readonly Table[]): readonly string[] {
	const found: string[] = [];
	for (const table of listing) {
		const other = save.find((one) => one.name === table.name && one.family === table.family);
		for (const chain of table.chains) {
			const same = other?.chains.find((one) => one.name === chain.name);
			if (!other || !same || same.rules.length !== chain.rules.length || json(same.base) !== json(chain.base)) {
				found.push(`${table.name} ${chain.name}`);
				continue;
			}
			const interfaces = table.interfacesShown && other.interfacesShown;
			for (const [index, rule] of chain.rules.entries()) {
				const expected = same.rules[index];
				if (expected && meaning(rule, interfaces) !== meaning(expected, interfaces)) found.push(expected.text);
			}
		}
	}
	return found;
}

const rulesOf = (tables: readonly Table[]) => tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules));

describe("one rule set listed several ways", () => {
	const save = tablesOf("iptables-save", everySave);
	// The numbers that these names stand for are known to that host only.
	const named = [
		"-A EXT -m owner --uid-owner 0 -j RETURN",
		"-A EXT -m owner ! --gid-owner 1000 -j RETURN",
		"-A EXT -m tos --tos 0x10/0x3f -j RETURN",
	];

	it("holds every table with all its rules", () => {
		expect(save.map((table) => [table.name, table.complete, table.backend])).toEqual([
			["mangle", true, "nf_tables"],
			["raw", true, "nf_tables"],
			["filter", true, "nf_tables"],
			["nat", true, "nf_tables"],
		]);
		expect(rulesOf(save)).toHaveLength(188);
	});

	it("leaves nothing of it unread but a mask that is no prefix", () => {
		const unread = rulesOf(save).flatMap((rule) =>
			rule.matches.flatMap((match) => (match.kind === "unknown" ? [match.text] : [])),
		);
		expect(unread).toEqual(["-d 192.0.0.0/255.255.0.255"]);
		expect(rulesOf(save).flatMap((rule) => (rule.verdict.kind === "unknown" ? [rule.verdict.target] : []))).toEqual([
			"NETMAP",
		]);
	});

	it.each([
		["-L", everyL, false, named],
		["-L -n", everyLn, false, []],
		["-L -v", everyLv, true, named],
		["-L -n -v", everyLnv, true, []],
		["-L -n -v -x --line-numbers", everyLnvxl, true, []],
	] as const)("means the same in iptables %s, four tables one after another", (_, text, interfaces, exceptions) => {
		const tables = tablesOf("iptables-list", text);
		expect(tables.map((table) => table.name)).toEqual(["filter", "nat", "mangle", "raw"]);
		expect(tables.every((table) => table.complete && table.interfacesShown === interfaces)).toBe(true);
		expect(differences(save, tables)).toEqual(exceptions);
	});

	it("means the same in -S -v, which names no table", () => {
		const tables = tablesOf("iptables-save", everySv);
		expect(tables.map((table) => [table.name, table.complete])).toEqual([
			["filter", true],
			["nat", true],
			["mangle", true],
			["raw", true],
		]);
		expect(differences(save, tables)).toEqual([]);
		expect(rulesOf(tables).every((rule) => rule.counters !== null && !rule.text.includes(" -c "))).toBe(true);
	});

	it("writes the rules of -L -n -v as iptables-save does, as far as they are shown", () => {
		const canonical = new Set(rulesOf(save).map((rule) => rule.text));
		const other = rulesOf(tablesOf("iptables-list", everyLnv)).filter((rule) => !canonical.has(rule.text));
		expect(other.map((rule) => rule.text)).toEqual([
			// -L prints neither the table's name, nor a date that is always, nor masks of all ones, nor leading zeros.
			"-A EXT -p tcp -m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 20 --hashlimit-mode srcip -j ACCEPT",
			"-A EXT -m time --timestart 08:00:00 --timestop 18:00:00 --weekdays Mon,Tue -j ACCEPT",
			"-A OUTPUT -j CONNMARK --restore-mark",
			"-A OUTPUT -j CLASSIFY --set-class 1:10",
		]);
	});

	it("means the same in nft, but for what nft 1.0.6 itself loses or has no words for", () => {
		const tables = tablesOf("nft-ruleset", everyNft);
		expect(tables.every((table) => !table.native && table.complete && table.backend === "nf_tables")).toBe(true);
		expect(differences(save, tables)).toEqual([
			// Printed as `ct status dnat`: states and negation are gone.
			'-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
			"-A IN_public -p icmp -m icmp --icmp-type 3/4 -j ACCEPT",
			"-A IN_public -p icmp -m icmp --icmp-type any -j ACCEPT",
			// The destination is gone.
			"-A EXT -m addrtype --src-type UNICAST,LOCAL --dst-type BROADCAST,MULTICAST -j RETURN",
			"-A EXT -f -j DROP",
			"-A EXT ! -f -j ACCEPT",
			"-A EXT -p tcp -m multiport --ports 22,80 -j RETURN",
			"-A EXT -m physdev --physdev-is-bridged -j ACCEPT",
			"-A EXT -m physdev --physdev-in veth0 --physdev-is-bridged -j ACCEPT",
			"-A EXT -m physdev ! --physdev-is-in -j ACCEPT",
			"-A EXT -m tos --tos 0x10/0x3f -j RETURN",
			"-A EXT -m policy --dir in --pol none -j RETURN",
			"-A EXT -m policy --dir in --pol ipsec --proto esp -j ACCEPT",
			"-A EXT -m socket --transparent -j RETURN",
			"-A EXT -m time --timestart 08:00:00 --timestop 18:00:00 --weekdays Mon,Tue --datestop 2038-01-19T03:14:07 -j ACCEPT",
			"-A EXT -p tcp -m ecn --ecn-tcp-cwr -j ACCEPT",
			"-A EXT -s 10.0.0.0/8 -d 192.0.0.0/255.255.0.255 -j ACCEPT",
			"-A EXT -j AUDIT --type accept",
		]);
	});

	it("never means anything else in nft's JSON, which names extensions without their options", () => {
		const tables = tablesOf("nft-ruleset", everyJson);
		expect(tables.map((table) => [table.name, table.chains.length])).toEqual(
			tablesOf("nft-ruleset", everyNft).map((table) => [table.name, table.chains.length]),
		);
		const texts = new Map(rulesOf(save).map((rule) => [rule.text, rule]));
		const wrong = differences(save, tables).filter((text) => {
			const chain =
				texts.get(text) &&
				save
					.flatMap((table) => table.chains.map((one) => ({ table, one })))
					.find(({ one }) => one.rules.some((rule) => rule.text === text));
			const rule = chain?.one.rules.find((one) => one.text === text);
			const read = tables
				.find((table) => table.name === chain?.table.name)
				?.chains.find((one) => one.name === chain?.one.name)?.rules[(rule?.number ?? 0) - 1];
			return !read || !/\bxt (?:match|target) "/.test(read.text);
		});
		expect(wrong).toEqual([
			"-A EXT -f -j DROP",
			"-A EXT ! -f -j ACCEPT",
			"-A EXT -s 10.0.0.0/8 -d 192.0.0.0/255.255.0.255 -j ACCEPT",
		]);
	});
});

describe("one IPv6 rule set listed several ways", () => {
	const save = tablesOf("iptables-save", ipv6Save);

	it.each([
		["-L -n -v", ipv6Lnv, true],
		["-L", ipv6L, false],
	] as const)("is told from IPv4 by its addresses and means the same in ip6tables %s", (_, text, interfaces) => {
		const tables = tablesOf("iptables-list", text);
		expect(tables.map((table) => [table.family, table.name, table.interfacesShown])).toEqual([
			["ip6", "filter", interfaces],
			["ip6", "nat", interfaces],
		]);
		expect(differences(save, tables)).toEqual([]);
	});

	it("means the same in nft, but for an icmp type and targets whose plugin was missing", () => {
		const tables = tablesOf("nft-ruleset", ipv6Nft);
		expect(differences(save, tables)).toEqual([
			"-A ufw6-before-input -s fe80::/10 -p ipv6-icmp -m icmp6 --icmpv6-type 130 -j ACCEPT",
			"-A DOCKER ! -s fe80::/10 ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination [fd00:17::2]:80",
		]);
	});
});

describe("firewalld's rule set, in its own table of nft", () => {
	const text = tablesOf("nft-ruleset", firewalldText);

	it("leaves nothing unread", () => {
		expect(text.map((table) => [table.family, table.name, table.native, table.complete])).toEqual([
			["inet", "firewalld", true, true],
		]);
		expect(rulesOf(text)).toHaveLength(23);
		expect(
			rulesOf(text)
				.flatMap((rule) => rule.matches)
				.filter((match) => match.kind === "unknown"),
		).toEqual([]);
		expect(rulesOf(text).filter((rule) => rule.verdict.kind === "unknown")).toEqual([]);
	});

	it("means the same in JSON", () => expect(differences(text, tablesOf("nft-ruleset", firewalldJson))).toEqual([]));
});

describe("a rule set of the nft program, as text and as JSON", () => {
	const text = tablesOf("nft-ruleset", nativeText);

	it("means the same", () => {
		const tables = tablesOf("nft-ruleset", nativeJson);
		expect(tables.map((table) => [table.family, table.name, table.native])).toEqual(
			text.map((table) => [table.family, table.name, table.native]),
		);
		// JSON keeps what the text spells `dnat ip to`; what it leads to is in a map either way.
		expect(differences(text, tables)).toEqual([
			"dnat ip to ip daddr . tcp dport map { 1.2.3.4 . 80 : 10.0.0.1 . 8080 }",
		]);
		expect(tables.map((table) => table.sets.map(({ at: _, ...set }) => set))).toEqual(
			text.map((table) => table.sets.map(({ at: _, ...set }) => set)),
		);
	});
});
