import { describe, expect, it } from "vitest";
import type { ArtifactKind } from "../text/evidence";
import { artifactFromText } from "../text/span-of";
import { parseRuleset } from "./ruleset";

/*
 * Work is counted, not timed: how often a pattern is tried, a string searched and an array walked. With sticky
 * patterns a try is bounded by the pattern itself, wherever in a row it begins.
 */

function workOf(kind: ArtifactKind, text: string): number {
	const artifact = artifactFromText(kind, text);
	let work = 0;
	const count = <Owner extends object, Name extends keyof Owner>(owner: Owner, name: Name) => {
		const original = Reflect.get(owner, name);
		if (typeof original !== "function") throw new Error(`${String(name)} is no function`);
		const counting = function (this: unknown, ...given: unknown[]) {
			work += typeof this === "object" && Array.isArray(this) ? this.length + 1 : 1;
			return Reflect.apply(original, this, given);
		};
		Reflect.set(owner, name, counting);
		return () => Reflect.set(owner, name, original);
	};
	const restore = [
		count(RegExp.prototype, "exec"),
		...(["indexOf", "lastIndexOf", "includes", "startsWith", "split", "slice"] as const).map((name) =>
			count(String.prototype, name),
		),
		...(["some", "every", "find", "filter", "map", "flatMap", "includes", "slice"] as const).map((name) =>
			count(Array.prototype, name),
		),
	];
	try {
		parseRuleset(artifact);
	} finally {
		for (const undo of restore) undo();
	}
	return work;
}

const repeat = (count: number, line: (index: number) => string) =>
	Array.from({ length: count }, (_, index) => line(index)).join("\n");

const KINDS: readonly (readonly [string, ArtifactKind, (rules: number) => string])[] = [
	[
		"iptables-save",
		"iptables-save",
		(rules) =>
			`*nat\n:DOCKER - [0:0]\n${repeat(rules, (i) => `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${i} -m comment --comment "rule ${i}" -j DNAT --to-destination 172.17.0.2:80`)}\nCOMMIT\n`,
	],
	[
		"iptables-save with a chain for each rule",
		"iptables-save",
		(rules) => `*filter\n${repeat(rules, (i) => `:C${i} - [0:0]\n-A C${i} -j RETURN`)}\nCOMMIT\n`,
	],
	["-S without table names", "iptables-save", (rules) => repeat(rules, (i) => `-N C${i}\n-A C${i} -j C${i + 1}`)],
	[
		"iptables -L -n -v",
		"iptables-list",
		(rules) =>
			`Chain DOCKER (1 references)\n pkts bytes target     prot opt in     out     source               destination         \n${repeat(rules, (i) => `   12   720 DNAT       6    --  !docker0 *       0.0.0.0/0            0.0.0.0/0            /* rule ${i} */ tcp dpt:${i} to:172.17.0.2:80`)}\n`,
	],
	[
		"iptables -L with a chain for each rule",
		"iptables-list",
		(rules) =>
			repeat(
				rules,
				(i) =>
					`Chain C${i} (policy ACCEPT)\ntarget     prot opt source               destination         \nDROP       all  --  anywhere             anywhere            \n`,
			),
	],
	[
		"nft",
		"nft-ruleset",
		(rules) =>
			`table ip nat {\n\tchain DOCKER {\n${repeat(rules, (i) => `\t\tiifname != "docker0" tcp dport ${i} counter packets 0 bytes 0 dnat to 172.17.0.2:80 comment "rule ${i}"`)}\n\t}\n}\n`,
	],
	[
		"an nft set of as many elements",
		"nft-ruleset",
		(rules) =>
			`table ip t {\n\tmap m {\n\t\ttype ipv4_addr : verdict\n\t\telements = { ${repeat(rules, (i) => `10.0.${i >> 8}.${i & 255} : accept,`)} }\n\t}\n}\n`,
	],
	[
		"nft that never closes a brace",
		"nft-ruleset",
		(rules) => `table ip t {\n\tchain c {\n\t\ttcp dport {\n${repeat(rules, (i) => `${i},`)}\n`,
	],
	[
		"nft as JSON",
		"nft-ruleset",
		(rules) =>
			JSON.stringify({
				nftables: Array.from({ length: rules }, (_, i) => ({
					rule: {
						family: "ip",
						table: "nat",
						chain: "DOCKER",
						handle: i,
						expr: [
							{ match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: i } },
							{ accept: null },
						],
					},
				})),
			}),
	],
	["lines that are nothing", "iptables-save", (rules) => repeat(rules, (i) => `"${i} [ * : -A`)],
];

describe("ten times the rules are ten times the work", () => {
	it.each(KINDS)("%s", (_, kind, text) => {
		const small = workOf(kind, text(500));
		const large = workOf(kind, text(5000));
		expect(small).toBeGreaterThan(500);
		expect(large / small).toBeLessThan(11);
	});

	it("reads 10,000 rules", () => {
		for (const [, kind, text] of KINDS.filter(([name]) => /^(?:iptables-save|iptables -L -n -v|nft)$/.test(name))) {
			const rules = parseRuleset(artifactFromText(kind, text(10_000))).tables.flatMap((table) =>
				table.chains.flatMap((chain) => chain.rules),
			);
			expect(rules).toHaveLength(10_000);
			expect(rules.at(-1)?.verdict.kind).toBe("dnat");
			expect(rules.at(-1)?.number).toBe(10_000);
		}
	});
});

describe("one endless line", () => {
	it.each<readonly [ArtifactKind, string]>([
		["iptables-save", `*filter\n-A INPUT ${'"a\\'.repeat(100_000)}`],
		["iptables-save", `*filter\n-A INPUT ${"! ".repeat(100_000)}`],
		[
			"iptables-list",
			`Chain X (1 references)\ntarget     prot opt source               destination\nDROP all -- anywhere anywhere ${"/* ".repeat(100_000)}`,
		],
		[
			"iptables-list",
			`Chain X (1 references)\ntarget     prot opt source               destination\nLOG all -- anywhere anywhere ${'LOG prefix "'.repeat(30_000)}`,
		],
		["nft-ruleset", `table ip t {\n\tchain c {\n\t\t${"{ ( # ".repeat(50_000)}`],
		["nft-ruleset", `{"nftables": ${"[".repeat(100_000)}`],
	])("%s is cut, and costs no more than its cut part", (kind, text) => {
		const full = workOf(kind, text);
		const twice = workOf(kind, text + text.slice(text.length / 2));
		expect(twice).toBeLessThan(full * 2.2);
		expect(full).toBeLessThan(text.length * 40);
	});
});
