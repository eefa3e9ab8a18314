import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArtifactKind } from "../text/evidence";
import { type ArtifactOptions, artifactFromText } from "../text/span-of";
import { listingHints } from "./listing-hints";
import { parseRuleset } from "./ruleset";
import list from "./samples/ruleset/every-extension-Lnv.txt?raw";
import nft from "./samples/ruleset/every-extension-nft.txt?raw";
import save from "./samples/ruleset/every-extension-save-c.txt?raw";

const parse = (kind: ArtifactKind, text: string, options: ArtifactOptions = {}) =>
	parseRuleset(artifactFromText(kind, text, options));

describe("an error in place of a listing", () => {
	it.each<readonly [ArtifactKind, string, string]>([
		["iptables-list", "iptables: No chain/target/match by that name.", "chain-missing"],
		[
			"iptables-list",
			"iptables v1.8.9 (nf_tables): chain `DOCKER' in table `nat' is incompatible, use 'nft' tool.",
			"chain-missing",
		],
		[
			"iptables-list",
			"iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.",
			"table-missing",
		],
		[
			"iptables-list",
			"iptables v1.8.11 (legacy): can't initialize iptables table `nat': Permission denied (you must be root)\nPerhaps iptables or your kernel needs to be upgraded.",
			"permission",
		],
		[
			"iptables-save",
			"iptables-save v1.8.13 (nf_tables): Could not fetch rule set generation id: Invalid argument",
			"nft-unsupported",
		],
		[
			"iptables-list",
			"Another app is currently holding the xtables lock. Perhaps you want to use the -w option?",
			"lock-held",
		],
		["iptables-list", "Fatal: can't open lock file /run/xtables.lock: Permission denied", "lock-file-unopenable"],
		["iptables-list", "bash: iptables: command not found", "program-missing"],
	])("%s: %s", (kind, text, complaint) => {
		const parsed = parse(kind, `${text}\n`, {
			command: kind === "iptables-list" ? "iptables -t nat -L DOCKER" : "iptables-save",
		});
		expect(parsed.tables).toEqual([]);
		expect(parsed.failures.map((failure) => failure.complaint.kind)).toEqual([complaint]);
		expect(parsed.allTables).toBe(false);
	});

	it("stands beside the tables that were listed before it", () => {
		const parsed = parse(
			"iptables-save",
			"*raw\n:OUTPUT ACCEPT [0:0]\nCOMMIT\niptables-save v1.8.9 (nf_tables): table `nat' is incompatible, use 'nft' tool.\n",
			{ name: "iptables-save.txt" },
		);
		expect(parsed.tables.map((table) => table.name)).toEqual(["raw"]);
		expect(parsed.failures.map((failure) => failure.complaint.kind)).toEqual(["table-incompatible"]);
		expect(parsed.allTables).toBe(false);
	});
});

describe("what a listing says of what it does not show", () => {
	it.each<readonly [string, string, ArtifactOptions, boolean]>([
		["several tables, no command shown", "*filter\nCOMMIT\n*nat\nCOMMIT\n", {}, true],
		["one table, no command shown", "*nat\nCOMMIT\n", {}, false],
		["one table, of a file that holds all", "*nat\nCOMMIT\n", { name: "iptables-save.txt" }, true],
		["one table, of iptables-save", "*nat\nCOMMIT\n", { command: "iptables-save" }, true],
		[
			"one table, of iptables-save -c with its output kept",
			"*nat\nCOMMIT\n",
			{ command: "sudo iptables-save -c | tee rules.txt" },
			true,
		],
		["one table, asked for", "*nat\nCOMMIT\n", { command: "iptables-save -t nat" }, false],
		["nothing, of iptables-save", "", { command: "iptables-save" }, true],
		["nothing, of iptables-save through grep", "", { command: "iptables-save | grep DOCKER" }, false],
		["nothing, of nobody knows what", "", {}, false],
		["the last table cut off", "*filter\nCOMMIT\n*nat\n:DOCKER - [0:0]\n", { command: "iptables-save" }, false],
		["a line that is no rule", "*filter\nCOMMIT\n*nat\nCOMMIT\n[root@host ~]# something else\n", {}, false],
	])("%s", (_, text, options, allTables) => expect(parse("iptables-save", text, options).allTables).toBe(allTables));

	it("points at the warning of legacy tables, which only the nf_tables programs print", () => {
		const warning = "# Warning: iptables-legacy tables present, use iptables-legacy to see them";
		const parsed = parse("iptables-save", `*nat\nCOMMIT\n${warning}\n`);
		expect(parsed.legacyTablesPresent?.line).toBe(3);
		expect(parsed.tables[0]?.backend).toBe("nf_tables");
		expect(parsed.remarks).toEqual([]);
	});
});

describe("what a command or a file's name says", () => {
	it.each<readonly [string, Partial<ReturnType<typeof listingHints>>]>([
		[
			"iptables -t nat -nvL DOCKER",
			{ family: "ip", table: "nat", chain: "DOCKER", everything: false, filtered: false },
		],
		[
			"sudo ip6tables-legacy -L -n -v --line-numbers",
			{ family: "ip6", backend: "legacy", table: "filter", chain: null },
		],
		["iptables-nft -tnat -S", { family: "ip", backend: "nf_tables", table: "nat", chain: null }],
		["/usr/sbin/iptables --table=mangle --list", { table: "mangle", chain: null }],
		["iptables -vL -t filter", { table: "filter", chain: null }],
		["iptables -L FORWARD 3 -v", { table: "filter", chain: "FORWARD" }],
		["iptables-legacy-save -c", { backend: "legacy", table: null, everything: true }],
		["iptables-save -t nat", { table: "nat", everything: false }],
		["ip6tables-save | grep -i docker", { family: "ip6", everything: false, filtered: true }],
		["docker exec web iptables -t nat -L -n; echo done", { table: "nat", chain: null }],
		["nft -a list ruleset", { backend: "nf_tables", everything: true }],
		["nft list ruleset ip6", { family: "ip6", everything: true }],
		["nft list chain ip nat DOCKER", { chain: "DOCKER", everything: false }],
		["ls -l", { from: null, table: null, everything: false }],
	])("command %s", (command, expected) =>
		expect(listingHints(artifactFromText("iptables-list", "", { command }))).toMatchObject({
			from: "command",
			...expected,
		}),
	);

	it.each<readonly [string, Partial<ReturnType<typeof listingHints>>]>([
		["iptables-nat-L-DOCKER.txt", { table: "nat", chain: "DOCKER", everything: false }],
		["iptables-filter-Lnv.txt", { table: "filter", chain: null }],
		["iptables-legacy-save.txt", { backend: "legacy", everything: true }],
		["ip6tables-save.txt", { family: "ip6", backend: null, everything: true }],
		["iptables_save_nat.log", { table: "nat", everything: false }],
		["nft-list-ruleset.txt", { backend: "nf_tables", everything: true }],
		["iptables -t nat -L", { table: "nat", family: "ip" }],
		["rules in save format", { from: null, everything: false }],
		["iptables-save", { everything: false }],
	])("name %s", (name, expected) =>
		expect(listingHints(artifactFromText("iptables-list", "", { name }))).toMatchObject(expected),
	);
});

describe("any text", () => {
	const kinds: readonly ArtifactKind[] = ["iptables-list", "iptables-save", "nft-ruleset"];
	const LINES = [save, list, nft].flatMap((text) => text.split("\n"));
	const line = fc.oneof(
		fc.constantFrom(...LINES),
		fc.tuple(fc.constantFrom(...LINES), fc.nat(120)).map(([text, at]) => text.slice(at)),
		fc.tuple(fc.constantFrom(...LINES), fc.nat(120)).map(([text, at]) => text.slice(0, at)),
		fc.string({ maxLength: 60 }),
		fc.constantFrom(
			'"',
			"{",
			"}",
			"table ip nat {",
			"chain A {",
			"elements = {",
			'{"nftables": [{"rule": {"family": "ip", "expr": [[[',
			"*",
			":",
			"-A",
			"[1:2]",
			"# xt_x",
			"Chain __proto__ (policy",
		),
	);

	it("is read without an exception, and every span lies inside it", () => {
		fc.assert(
			fc.property(fc.constantFrom(...kinds), fc.array(line, { maxLength: 30 }), (kind, lines) => {
				const text = lines.join("\n");
				const { tables, remarks } = parse(kind, text);
				const spans = [
					...remarks.map((remark) => remark.at),
					...tables.flatMap((table) => [
						table.at,
						...table.sets.map((set) => set.at),
						...table.chains.flatMap((chain) => [chain.at, ...chain.rules.map((rule) => rule.at)]),
					]),
				];
				for (const span of spans) {
					expect(span.from).toBeGreaterThanOrEqual(0);
					expect(span.to).toBeGreaterThanOrEqual(span.from);
					expect(span.to).toBeLessThanOrEqual(text.length);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("that begins a listing gives tables that do not claim to be complete", () => {
		fc.assert(
			fc.property(fc.nat(save.length - 1), (end) => {
				const { tables } = parse("iptables-save", save.slice(0, end));
				const last = tables.at(-1);
				if (last && !/COMMIT\s*(?:#.*)?$/.test(save.slice(0, end)))
					expect(last.complete && save.slice(0, end).lastIndexOf("COMMIT") < save.slice(0, end).lastIndexOf("*")).toBe(
						false,
					);
			}),
			{ numRuns: 60 },
		);
	});
});
