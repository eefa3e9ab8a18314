import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRuleset } from "../parse/ruleset";
import everything from "../parse/samples/ruleset/every-extension-save-c.txt?raw";
import ipv6 from "../parse/samples/ruleset/ipv6-save.txt?raw";
import { artifactFromText } from "../text/span-of";
import { printIptablesSave } from "./print";
import { printWords, wordsOf } from "./rule-words";

const printed = (text: string) => printIptablesSave(parseRuleset(artifactFromText("iptables-save", text)).tables);
const withoutComments = (text: string) =>
	text
		.split("\n")
		.filter((line) => !line.startsWith("#"))
		.join("\n");

describe("printing a save that was read", () => {
	it.each([
		["every extension, with counters, iptables 1.8.9 nft", everything],
		["IPv6, iptables 1.8.9 legacy", ipv6],
		["no table at all", ""],
		[
			"a doubled blank, as some extensions print",
			"*nat\n:DOCKER - [0:0]\n-A DOCKER -m physdev  --physdev-is-bridged -j RETURN\nCOMMIT\n",
		],
		[
			"no counters, as people write restore files",
			"*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A OUTPUT -j ACCEPT\n-A INPUT -j DROP\n-A OUTPUT -j DROP\nCOMMIT\n",
		],
		["a blank at the end, as iptables 1.4.7 prints", "*nat\n:X - [0:0]\n-A X -j RETURN \nCOMMIT\n"],
		["a save that was cut off", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n"],
		[
			"words nobody knows",
			'*raw\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m nosuch ! --thing "a b" --other 1 -j NOSUCH --x 1\nCOMMIT\n',
		],
		[
			"a string match, which escapes only quotes",
			'*filter\n:INPUT DROP [9:540]\n-A INPUT -m string --string "it\'s \\"a\\b" --algo bm -j DROP\nCOMMIT\n',
		],
	])("gives back %s", (_, text) => expect(printed(text)).toBe(withoutComments(text)));

	it("gives back any comment, whatever it holds", () => {
		const comment = fc.string({ unit: fc.constantFrom(..."ab -jm\"'\\,!{}[]*/#:".split("")), maxLength: 40 });
		fc.assert(
			fc.property(comment, (text) => {
				const word = { text, quoted: true };
				const line = `-A INPUT -m comment --comment ${printWords([word])} -j ACCEPT`;
				const save = `*filter\n:INPUT ACCEPT [0:0]\n${line}\nCOMMIT\n`;
				expect(printed(save)).toBe(save);
				const rule = parseRuleset(artifactFromText("iptables-save", save)).tables[0]?.chains[0]?.rules[0];
				expect(rule?.comment).toBe(text);
				expect(rule?.verdict).toEqual({ kind: "accept" });
			}),
		);
	});

	it("prints the words of any text back unchanged", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'a-! "x'.split("")), maxLength: 30 }), (text) => {
				expect(printWords(wordsOf(text))).toBe(text);
			}),
		);
	});

	it("prints as much of a listing as it showed", () => {
		const list =
			"Chain DOCKER (1 references)\ntarget     prot opt source               destination         \nDNAT       tcp  --  anywhere             anywhere             tcp dpt:http-alt to:172.17.0.2:80\n";
		expect(printIptablesSave(parseRuleset(artifactFromText("iptables-list", list)).tables)).toBe(
			"*nat\n:DOCKER -\n-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\n",
		);
	});

	it("leaves out tables of the nft program", () => {
		const nft = "table inet fw {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n";
		expect(printIptablesSave(parseRuleset(artifactFromText("nft-ruleset", nft)).tables)).toBe("");
	});
});
