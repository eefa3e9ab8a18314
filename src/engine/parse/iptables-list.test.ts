import { describe, expect, it } from "vitest";
import { type ArtifactOptions, artifactFromText } from "../text/span-of";
import { parseRuleset } from "./ruleset";

const parse = (text: string, options: ArtifactOptions = {}) =>
	parseRuleset(artifactFromText("iptables-list", text, options));
const textsOf = (text: string, options: ArtifactOptions = {}) =>
	parse(text, options).tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules.map((rule) => rule.text)));

const HEADS = {
	plain: "target     prot opt source               destination         ",
	verbose: " pkts bytes target     prot opt in     out     source               destination         ",
	numbered: "num  target     prot opt source               destination         ",
	both: "num   pkts bytes target     prot opt in     out     source               destination         ",
} as const;

describe("rows of iptables -L", () => {
	it.each([
		[
			"plain",
			"DNAT       tcp  --  anywhere             anywhere             tcp dpt:http-alt to:172.17.0.2:80",
			"-A X -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
		],
		[
			"plain",
			"DOCKER     all  --  anywhere            !loopback/8           ADDRTYPE match dst-type LOCAL",
			"-A X ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
		],
		[
			"plain",
			"DOCKER     all  --  anywhere            !localhost/8          ADDRTYPE match dst-type LOCAL",
			"-A X ! -d 127.0.0.1/8 -m addrtype --dst-type LOCAL -j DOCKER",
		],
		["plain", "MASQUERADE  all  --  172.17.0.0/16        anywhere            ", "-A X -s 172.17.0.0/16 -j MASQUERADE"],
		[
			"plain",
			"ACCEPT     tcp  --  anywhere             web.example.net      tcp dpt:ssh",
			"-A X -d web.example.net -p tcp -m tcp --dport 22 -j ACCEPT",
		],
		["plain", "           all  --  anywhere             anywhere            ", "-A X"],
		[
			"plain",
			"ufw-before-logging-input  0    --  0.0.0.0/0            0.0.0.0/0           ",
			"-A X -j ufw-before-logging-input",
		],
		["plain", "RETURN    !6    --  0.0.0.0/0            0.0.0.0/0           ", "-A X ! -p tcp -j RETURN"],
		["plain", "IN_public  all  --  anywhere             anywhere            [goto] ", "-A X -g IN_public"],
		["plain", "DROP       all  -f  anywhere             anywhere            ", "-A X -f -j DROP"],
		[
			"plain",
			"LOG        all  --  anywhere             anywhere             limit: avg 3/min burst 10 LOG level warning prefix `[UFW BLOCK] '",
			'-A X -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "',
		],
		[
			"plain",
			"ACCEPT     tcp  --  anywhere             anywhere             state NEW tcp dpt:ssh",
			"-A X -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT",
		],
		[
			"plain",
			"DOCKER     all  --  anywhere             anywhere             match-set docker-ext-bridges-v4 dst",
			"-A X -m set --match-set docker-ext-bridges-v4 dst -j DOCKER",
		],
		[
			"plain",
			"ACCEPT     all  --  anywhere             anywhere             match-set docker-ext-bridges-v4 dst ctstate RELATED,ESTABLISHED",
			"-A X -m set --match-set docker-ext-bridges-v4 dst -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
		],
		[
			"plain",
			"REJECT     tcp  --  anywhere             10.96.0.50           /* default/web: has */ tcp dpt:http reject-with icmp-port-unreachable",
			'-A X -d 10.96.0.50/32 -p tcp -m comment --comment "default/web: has" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
		],
		[
			"verbose",
			"   12   720 DNAT       6    --  !docker0 *       0.0.0.0/0            0.0.0.0/0            tcp dpt:8080 to:172.17.0.2:80",
			"-A X ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
		],
		[
			"verbose",
			"    0     0            all  --  *      *       0.0.0.0/0            0.0.0.0/0            MARK set 0x1",
			"-A X",
		],
		[
			"verbose",
			"    0     0 MARK       all  --  any    any     anywhere             anywhere             MARK or 0x4000",
			"-A X -j MARK --set-xmark 0x4000/0x4000",
		],
		[
			"numbered",
			"12   REJECT     all  --  anywhere             anywhere             reject-with icmp-host-prohibited",
			"-A X -j REJECT --reject-with icmp-host-prohibited",
		],
		[
			"both",
			"1        0     0 ACCEPT     all  --  docker0 !docker0  0.0.0.0/0            0.0.0.0/0           ",
			"-A X -i docker0 ! -o docker0 -j ACCEPT",
		],
		[
			"both",
			'10     12K   3M LOG        all  --  *      *       0.0.0.0/0            0.0.0.0/0            LOG flags 0 level 4 prefix "a "b" c"',
			'-A X -j LOG --log-prefix "a \\"b\\" c"',
		],
	] as const)("reads with %s columns: %s", (head, row, expected) => {
		const [text] = textsOf(`Chain X (1 references)\n${HEADS[head]}\n${row}\n`);
		expect(text).toContain(expected);
	});

	it("reads the empty opt column of ip6tables before 1.8.9, with a target and without", () => {
		const text = [
			"Chain DOCKER (1 references)",
			" pkts bytes target     prot opt in     out     source               destination         ",
			"    0     0 ACCEPT     tcp      !docker0 docker0  ::/0                 fd00:17::2           tcp dpt:80",
			"    0     0            all      lo     *       ::/0                 ::/0                ",
		].join("\n");
		expect(textsOf(text)).toEqual([
			"-A DOCKER -d fd00:17::2/128 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
			"-A DOCKER -i lo",
		]);
		expect(parse(text).family).toBe("ip6");
	});

	it("reads a paste whose blanks were folded", () => {
		const text =
			"Chain DOCKER (1 references)\ntarget prot opt source destination\nRETURN all -- anywhere anywhere\nall -- anywhere anywhere\nDNAT tcp -- anywhere anywhere tcp dpt:http-alt to:172.17.0.2:80";
		expect(textsOf(text)).toEqual([
			"-A DOCKER -j RETURN",
			"-A DOCKER",
			"-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
		]);
	});

	it("keeps text behind the columns that nobody knows, and does not take it for a match", () => {
		const text = `Chain X (1 references)\n${HEADS.plain}\nDROP       tcp  --  anywhere             anywhere             brand new thing tcp dpt:22\n`;
		const rule = parse(text).tables[0]?.chains[0]?.rules[0];
		expect(rule?.matches.map((match) => match.kind)).toEqual(["protocol", "dport", "unknown"]);
		expect(rule?.matches.at(-1)).toMatchObject({ text: "brand new thing" });
		expect(rule?.text).toBe("-A X -p tcp -m tcp --dport 22 brand new thing -j DROP");
	});

	it("keeps a port whose name it does not know as a condition that can't be read", () => {
		const text = `Chain X (1 references)\n${HEADS.plain}\nDROP       tcp  --  anywhere             anywhere             tcp dpt:my-own-service\n`;
		expect(parse(text).tables[0]?.chains[0]?.rules[0]?.matches[1]).toMatchObject({
			kind: "unknown",
			text: "--dport my-own-service",
		});
	});

	it("reads counters as far as they are printed", () => {
		const text = `Chain INPUT (policy DROP 12K packets, 5M bytes)\n${HEADS.verbose}\n 1234   2G ACCEPT     all  --  lo     *       0.0.0.0/0            0.0.0.0/0           \n`;
		const chain = parse(text).tables[0]?.chains[0];
		expect(chain?.counters).toEqual({ packets: 12_000, bytes: 5_000_000 });
		expect(chain?.rules[0]?.counters).toEqual({ packets: 1234, bytes: 2_000_000_000 });
		expect(chain?.base?.policy).toBe("drop");
	});

	it("keeps the numbers of --line-numbers, whatever was cut out between them", () => {
		const text = `Chain X (1 references)\n${HEADS.numbered}\n3    RETURN     all  --  anywhere             anywhere            \n`;
		expect(parse(text).tables[0]?.chains[0]?.rules[0]?.number).toBe(3);
	});
});

const chainOf = (name: string, policy: boolean, ...rows: readonly string[]) =>
	[`Chain ${name} (${policy ? "policy ACCEPT" : "1 references"})`, HEADS.plain, ...rows, ""].join("\n");
const NAT = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"].map((name) => chainOf(name, true)).join("\n");
const FILTER = ["INPUT", "FORWARD", "OUTPUT"].map((name) => chainOf(name, true)).join("\n");
const DNAT = "DNAT       tcp  --  anywhere             anywhere             tcp dpt:http-alt to:172.17.0.2:80";

describe("which table it is", () => {
	it.each<readonly [string, string, ArtifactOptions, readonly (readonly [string, boolean])[]]>([
		["by the chains of nat", NAT, {}, [["nat", true]]],
		[
			"nat of kernels without INPUT",
			["PREROUTING", "POSTROUTING", "OUTPUT"].map((name) => chainOf(name, true)).join("\n"),
			{},
			[["nat", true]],
		],
		["by the chains of filter", FILTER, {}, [["filter", true]]],
		[
			"by the command: security has filter's chains",
			FILTER,
			{ command: "iptables -t security -nL" },
			[["security", true]],
		],
		["by the chains of raw", chainOf("PREROUTING", true) + chainOf("OUTPUT", true), {}, [["raw", true]]],
		[
			"by the chains of mangle",
			["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"].map((name) => chainOf(name, true)).join("\n"),
			{},
			[["mangle", true]],
		],
		["one chain, by its rules", chainOf("DOCKER", false, DNAT), {}, [["nat", false]]],
		[
			"one chain, by the command",
			chainOf("DOCKER", false),
			{ command: "iptables -t nat -nvL DOCKER" },
			[["nat", false]],
		],
		[
			"one chain, by the file's name",
			chainOf("DOCKER", false),
			{ name: "iptables-nat-L-DOCKER.txt" },
			[["nat", false]],
		],
		["one empty chain and nothing else: not known", chainOf("DOCKER", false), {}, [["unknown", false]]],
		["one chain that only filter has", chainOf("DOCKER-USER", false), {}, [["filter", false]]],
		["the chains speak against the file's name", NAT, { name: "iptables-filter-L.txt" }, [["nat", true]]],
		[
			"two tables one after another",
			`${FILTER}\n${chainOf("DOCKER", false)}\n${NAT}\n${chainOf("DOCKER", false, DNAT)}`,
			{},
			[
				["filter", true],
				["nat", true],
			],
		],
		[
			"two listings of one table",
			`${NAT}\n${NAT}`,
			{},
			[
				["nat", true],
				["nat", true],
			],
		],
		["a listing cut off in its last chain", `${NAT}\nChain DOCKER (2 references)`, {}, [["nat", false]]],
		[
			"a listing without its later chains",
			chainOf(
				"PREROUTING",
				true,
				"DOCKER     all  --  anywhere             anywhere             ADDRTYPE match dst-type LOCAL",
			),
			{},
			[["nat", false]],
		],
		["a listing that went through head", NAT, { command: "iptables -t nat -L | head -20" }, [["nat", false]]],
	])("%s", (_, text, options, expected) => {
		expect(parse(text, options).tables.map((table) => [table.name, table.complete])).toEqual(expected);
	});

	it("never claims that other tables are empty", () => {
		expect(parse(`${FILTER}\n${NAT}`).allTables).toBe(false);
	});

	it("does not know the backend unless something says so", () => {
		expect(parse(NAT).tables[0]?.backend).toBeNull();
		expect(parse(NAT, { command: "iptables-legacy -t nat -L" }).tables[0]?.backend).toBe("legacy");
		expect(
			parse(`${NAT}\n# Warning: iptables-legacy tables present, use iptables-legacy to see them\n`).tables[0]?.backend,
		).toBe("nf_tables");
		expect(
			parse(`${NAT}\n# Table \`nat' contains incompatible base-chains, use 'nft' tool to list them.\n`).tables[0]
				?.backend,
		).toBe("nf_tables");
	});

	it("says whether interfaces are shown", () => {
		expect(parse(NAT).tables[0]?.interfacesShown).toBe(false);
		expect(parse(`Chain X (0 references)\n${HEADS.verbose}\n`).tables[0]?.interfacesShown).toBe(true);
	});
});

describe("what is no listing", () => {
	it("says what it skipped: rows without headings", () => {
		const { tables, remarks } = parse(`${DNAT}\n`, { command: "iptables -t nat -L | grep DNAT" });
		expect(tables).toEqual([]);
		expect(remarks).toHaveLength(1);
	});
});
