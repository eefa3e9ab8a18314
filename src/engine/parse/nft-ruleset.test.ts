import { describe, expect, it } from "vitest";
import type { Family, Match, Rule } from "../netfilter/ruleset";
import { type ArtifactOptions, artifactFromText } from "../text/span-of";
import { priorityOf } from "./nft-base-chain";
import { parseRuleset } from "./ruleset";
import native from "./samples/ruleset/native-nft.txt?raw";

const parse = (text: string, options: ArtifactOptions = {}) =>
	parseRuleset(artifactFromText("nft-ruleset", text, options));

function ruleOf(text: string, family: Family = "ip"): Rule {
	const rule = parse(`table ${family} t {\n\tchain c {\n\t\t${text}\n\t}\n}\n`).tables[0]?.chains[0]?.rules[0];
	if (!rule) throw new Error(`no rule in ${text}`);
	return rule;
}

/** Matches without the addresses' big numbers. */
const plain = (matches: readonly Match[]) =>
	matches.map((match) => {
		if (!("ranges" in match)) return match;
		return {
			...match,
			ranges: match.ranges.map((range) => (typeof range.from === "number" ? `${range.from}-${range.to}` : "address")),
		};
	});

const tcp = { kind: "protocol", protocols: ["tcp"], negated: false };
const ALL_FLAGS = ["fin", "syn", "rst", "psh", "ack", "urg"];

describe("conditions of a rule", () => {
	it.each<readonly [string, readonly unknown[]]>([
		['iifname "docker0" drop', [{ kind: "iif", names: ["docker0"], negated: false }]],
		['iifname != "docker0" drop', [{ kind: "iif", names: ["docker0"], negated: true }]],
		['oifname { "docker0", "br-*" } drop', [{ kind: "oif", names: ["docker0", "br-+"], negated: false }]],
		['iif "lo" drop', [{ kind: "iif", names: ["lo"], negated: false }]],
		["iif 7 drop", [{ kind: "unknown", extension: "iif", text: "iif 7" }]],
		[
			"ip saddr { 10.0.0.0/8, 192.168.0.1-192.168.0.9 } drop",
			[{ kind: "saddr", ranges: ["address", "address"], negated: false }],
		],
		["ip daddr & 255.255.255.0 == 192.0.2.0 drop", [{ kind: "daddr", ranges: ["address"], negated: false }]],
		["tcp dport 80 drop", [tcp, { kind: "dport", ranges: ["80-80"], negated: false }]],
		[
			"tcp dport { 22, 80-90, 443 } drop",
			[tcp, { kind: "dport", ranges: ["22-22", "80-90", "443-443"], negated: false }],
		],
		["tcp dport != ssh drop", [tcp, { kind: "dport", ranges: ["22-22"], negated: true }]],
		["tcp dport http-alt drop", [tcp, { kind: "dport", ranges: ["8080-8080"], negated: false }]],
		["tcp sport > 1023 drop", [tcp, { kind: "sport", ranges: ["1024-65535"], negated: false }]],
		["meta l4proto tcp tcp dport 80 drop", [tcp, { kind: "dport", ranges: ["80-80"], negated: false }]],
		[
			"meta l4proto { tcp, udp } th dport 53 drop",
			[
				{ kind: "protocol", protocols: ["tcp", "udp"], negated: false },
				{ kind: "dport", ranges: ["53-53"], negated: false },
			],
		],
		["ip protocol icmp drop", [{ kind: "protocol", protocols: ["icmp"], negated: false }]],
		["meta l4proto 6 drop", [tcp]],
		["ct state established,related drop", [{ kind: "ctstate", states: ["established", "related"], negated: false }]],
		[
			"ct state { established, related } drop",
			[{ kind: "ctstate", states: ["established", "related"], negated: false }],
		],
		["ct state ! new drop", [{ kind: "ctstate", states: ["new"], negated: true }]],
		["ct state 0x6 drop", [{ kind: "ctstate", states: ["established", "related"], negated: false }]],
		["ct status dnat drop", [{ kind: "ctstatus", statuses: ["dnat"], negated: false }]],
		["ct direction reply drop", [{ kind: "ctdir", direction: "reply", negated: false }]],
		["ct original proto-dst 8080 drop", [{ kind: "ctorigdport", ranges: ["8080-8080"], negated: false }]],
		["ct original ip daddr 192.0.2.1 drop", [{ kind: "ctorigdst", ranges: ["address"], negated: false }]],
		["meta mark 0x00000007 drop", [{ kind: "mark", value: 7, mask: 0xffffffff, negated: false }]],
		["meta mark & 0x00004000 != 0x00004000 drop", [{ kind: "mark", value: 0x4000, mask: 0x4000, negated: true }]],
		["ct mark and 0xf == 0x1 drop", [{ kind: "connmark", value: 1, mask: 15, negated: false }]],
		["fib daddr type local drop", [{ kind: "addrtype", side: "dst", types: ["local"], negated: false }]],
		[
			"fib saddr . iif type != { local, broadcast } drop",
			[{ kind: "addrtype", side: "src", types: ["local", "broadcast"], negated: true, limitedTo: "in" }],
		],
		[
			"fib saddr . mark . iif oif missing drop",
			[
				{
					kind: "field",
					extension: "rpfilter",
					field: "rpfilter",
					value: "--validmark --invert",
					negated: false,
					text: "-m rpfilter --validmark --invert",
				},
			],
		],
		[
			"fib saddr . iif oif 0 drop",
			[
				{
					kind: "field",
					extension: "rpfilter",
					field: "rpfilter",
					value: "--invert",
					negated: false,
					text: "-m rpfilter --invert",
				},
			],
		],
		["ip saddr @blocked drop", [{ kind: "set", set: "blocked", sides: ["src"], negated: false, key: "ip saddr" }]],
		[
			"ip daddr . tcp dport != @open drop",
			[tcp, { kind: "set", set: "open", sides: ["dst", "dst"], negated: true, key: "ip daddr . tcp dport" }],
		],
		[
			'iifname . oifname { "a" . "b" } drop',
			[
				{ kind: "iif", names: ["a"], negated: false },
				{ kind: "oif", names: ["b"], negated: false },
			],
		],
		[
			"ip saddr . tcp dport { 1.2.3.4 . 80, 1.2.3.5 . 81 } drop",
			[{ kind: "unknown", extension: "ip", text: "ip saddr . tcp dport { 1.2.3.4 . 80, 1.2.3.5 . 81 }" }],
		],
		[
			"icmp type { echo-request, 11 } drop",
			[
				{ kind: "protocol", protocols: ["icmp"], negated: false },
				{ kind: "icmptype", type: "8,11", negated: false },
			],
		],
		[
			"icmp type destination-unreachable icmp code frag-needed drop",
			[
				{ kind: "protocol", protocols: ["icmp"], negated: false },
				{ kind: "icmptype", type: "3/4", negated: false },
			],
		],
		[
			"tcp flags syn / fin,syn,rst,ack drop",
			[tcp, { kind: "tcpflags", set: ["syn"], mask: ["fin", "syn", "rst", "ack"], negated: false }],
		],
		[
			"tcp flags & (fin | syn | rst | ack) == syn drop",
			[tcp, { kind: "tcpflags", set: ["syn"], mask: ["fin", "syn", "rst", "ack"], negated: false }],
		],
		[
			"tcp flags & (fin|syn|rst|ack) != syn drop",
			[tcp, { kind: "tcpflags", set: ["syn"], mask: ["fin", "syn", "rst", "ack"], negated: true }],
		],
		["tcp flags syn drop", [tcp, { kind: "tcpflags", set: ["syn"], mask: ["syn"], negated: false }]],
		["tcp flags != syn drop", [tcp, { kind: "tcpflags", set: ["syn"], mask: ALL_FLAGS, negated: true }]],
		["tcp flags != 0x12 drop", [tcp, { kind: "tcpflags", set: ["syn", "ack"], mask: ALL_FLAGS, negated: true }]],
		["tcp flags syn,ack drop", [tcp, { kind: "tcpflags", set: [], mask: ["syn", "ack"], negated: true }]],
		["ct state established,related drop", [{ kind: "ctstate", states: ["established", "related"], negated: false }]],
		["ct state ! established,related drop", [{ kind: "ctstate", states: ["established", "related"], negated: true }]],
		// What nft 1.0.6 makes and lists of `ct state != established,related`: no packet has both, so every packet matches.
		["ct state != established | related drop", [{ kind: "ctstate", states: [], negated: true }]],
		["ct state != new drop", [{ kind: "ctstate", states: ["new"], negated: true }]],
		["ct state != { new, related } drop", [{ kind: "ctstate", states: ["new", "related"], negated: true }]],
		["ct status dnat drop", [{ kind: "ctstatus", statuses: ["dnat"], negated: false }]],
		["ct status != dnat drop", [{ kind: "ctstatus", statuses: [], negated: true }]],
		[
			"limit rate over 5/minute burst 3 packets drop",
			[{ kind: "sometimes", extension: "limit", text: "limit rate over 5/minute burst 3 packets" }],
		],
		[
			"meta random & 2147483647 < 1073741824 drop",
			[{ kind: "sometimes", extension: "statistic", text: "meta random & 2147483647 < 1073741824" }],
		],
		[
			'meta hour "08:00:00"-"18:00:00" drop',
			[{ kind: "sometimes", extension: "time", text: 'meta hour "08:00:00" - "18:00:00"' }],
		],
		["ct count over 5 drop", [{ kind: "sometimes", extension: "connlimit", text: "ct count over 5" }]],
		[
			"meter http { ip saddr limit rate 10/second } drop",
			[{ kind: "sometimes", extension: "hashlimit", text: "meter http { ip saddr limit rate 10/second }" }],
		],
		[
			"update @seen { ip saddr limit rate over 5/minute } drop",
			[{ kind: "sometimes", extension: "hashlimit", text: "update @seen { ip saddr limit rate over 5/minute }" }],
		],
		[
			"ip6 hoplimit 255 drop",
			[
				{
					kind: "field",
					extension: "hl",
					field: "ip6 hoplimit",
					value: "255",
					negated: false,
					text: "ip6 hoplimit 255",
				},
			],
		],
		[
			"rt type 0 drop",
			[{ kind: "field", extension: "rt", field: "rt type", value: "0", negated: false, text: "rt type 0" }],
		],
		[
			"skuid != 1000 drop",
			[{ kind: "field", extension: "owner", field: "meta skuid", value: "1000", negated: true, text: "skuid != 1000" }],
		],
		[
			"pkttype != unicast drop",
			[
				{
					kind: "field",
					extension: "pkttype",
					field: "meta pkttype",
					value: "unicast",
					negated: true,
					text: "-m pkttype ! --pkt-type unicast",
				},
			],
		],
		['xt match "addrtype" counter drop', [{ kind: "unknown", extension: "addrtype", text: 'xt match "addrtype"' }]],
		["xt match recent drop", [{ kind: "sometimes", extension: "recent", text: 'xt match "recent"' }]],
		["xt match comment drop", []],
		[
			"# xt_recent counter packets 1 bytes 60 drop",
			[{ kind: "sometimes", extension: "recent", text: 'xt match "recent"' }],
		],
		["# match-set x src counter packets 1 bytes 60 drop", [{ kind: "set", set: "x", sides: ["src"], negated: false }]],
		["@th,16,16 80 drop", [{ kind: "unknown", extension: "@th,16,16", text: "@th, 16, 16 80" }]],
		[
			"wholly new 5 tcp dport 80 drop",
			[
				{ kind: "unknown", extension: "", text: "wholly new 5" },
				tcp,
				{ kind: "dport", ranges: ["80-80"], negated: false },
			],
		],
	])("reads %s", (text, expected) => {
		const rule = ruleOf(text);
		expect(plain(rule.matches)).toEqual(expected);
		expect(rule.verdict).toEqual({ kind: "drop" });
	});

	it("says in a table of both families which one a rule is about", () => {
		const kinds = (text: string) => plain(ruleOf(text, "inet").matches);
		expect(kinds("ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop")[0]).toEqual({
			kind: "family",
			family: "ip",
			negated: false,
		});
		expect(kinds("ip saddr 10.0.0.1 ip daddr 10.0.0.2 drop")).toHaveLength(3);
		expect(kinds("meta nfproto ipv6 drop")).toEqual([{ kind: "family", family: "ip6", negated: false }]);
	});

	it("adds what an answer can only be given to, which nft adds as well and does not print", () => {
		const kinds = (text: string, family: "ip" | "inet") => plain(ruleOf(text, family).matches);
		const ip = (family: "ip" | "ip6") => ({ kind: "family", family, negated: false });
		expect(kinds("reject with tcp reset", "ip")).toEqual([tcp]);
		expect(kinds("tcp dport 22 reject with tcp reset", "inet").filter(({ kind }) => kind === "protocol")).toEqual([
			tcp,
		]);
		expect(kinds("reject with icmp type host-prohibited", "inet")).toEqual([ip("ip")]);
		expect(kinds("reject with icmpv6 port-unreachable", "inet")).toEqual([ip("ip6")]);
		expect(kinds("reject with icmp port-unreachable", "ip")).toEqual([]);
		expect(kinds("reject with icmpx admin-prohibited", "inet")).toEqual([]);
	});
});

describe("verdicts and statements", () => {
	it.each([
		["counter packets 3 bytes 180 accept", { kind: "accept" }],
		["jump DOCKER-USER", { kind: "jump", chain: "DOCKER-USER" }],
		["goto x", { kind: "goto", chain: "x" }],
		["queue num 1-3 bypass,fanout", { kind: "queue" }],
		["reject", { kind: "reject", with: "icmp-port-unreachable" }],
		["reject with icmp type host-prohibited", { kind: "reject", with: "icmp-host-prohibited" }],
		["reject with icmp host-prohibited", { kind: "reject", with: "icmp-host-prohibited" }],
		["reject with tcp reset", { kind: "reject", with: "tcp-reset" }],
		["reject with icmpx type admin-prohibited", { kind: "reject", with: "icmpx-admin-prohibited" }],
		["masquerade", { kind: "masquerade", to: { address: null, port: null, text: "" } }],
		['masquerade fully-random comment "x"', { kind: "masquerade", to: { address: null, port: null, text: "" } }],
		[
			"masquerade to :1024-65535 random",
			{ kind: "masquerade", to: { address: null, port: { from: 1024, to: 65535 }, text: ":1024-65535" } },
		],
		["redirect to :8080", { kind: "redirect", to: { address: null, port: { from: 8080, to: 8080 }, text: ":8080" } }],
		["dnat to :9101", { kind: "dnat", to: { address: null, port: { from: 9101, to: 9101 }, text: ":9101" } }],
		["dnat to tcp dport map @m", { kind: "unknown", target: "dnat to tcp dport map @m" }],
		[
			"dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }",
			{ kind: "unknown", target: "dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }" },
		],
		["oifname vmap @jumps", { kind: "vmap", key: "oifname", map: "jumps", elements: null }],
		[
			"ct state vmap { invalid : drop, new : jump x }",
			{
				kind: "vmap",
				key: "ct state",
				map: "",
				elements: [
					{ key: "invalid", verdict: { kind: "drop" } },
					{ key: "new", verdict: { kind: "jump", chain: "x" } },
				],
			},
		],
		[
			"ip saddr . tcp dport vmap { 1.2.3.4 . 80 : accept }",
			{
				kind: "vmap",
				key: "ip saddr . tcp dport",
				map: "",
				elements: [{ key: "1.2.3.4 . 80", verdict: { kind: "accept" } }],
			},
		],
		["tproxy to :8080", { kind: "unknown", target: "tproxy to :8080" }],
		['xt target "MASQUERADE"', { kind: "masquerade", to: { address: null, port: null, text: "" } }],
		['xt target "DNAT"', { kind: "unknown", target: "DNAT" }],
		[
			"counter packets 0 bytes 0 XT target MASQUERADE not found",
			{ kind: "masquerade", to: { address: null, port: null, text: "" } },
		],
		["counter packets 0 bytes 0 # xt_MASQUERADE", { kind: "masquerade", to: { address: null, port: null, text: "" } }],
		["counter packets 3 bytes 180", { kind: "continue" }],
		["counter packets 3 bytes 180 ", { kind: "unknown", target: "a target that nft could not print" }],
	])("reads %s", (text, verdict) => expect(ruleOf(text).verdict).toEqual(verdict));

	it.each([
		["dnat to 172.17.0.2:80", "172.17.0.2:80"],
		["dnat ip to 10.88.0.2-10.88.0.9:80-81 random,persistent", "10.88.0.2-10.88.0.9:80-81"],
		["snat to 192.0.2.1:1024-65535 fully-random,persistent", "192.0.2.1:1024-65535"],
		["dnat to [fd00::2]:80", "[fd00::2]:80"],
	])("reads where %s leads", (text, to) => {
		const { verdict } = ruleOf(text);
		expect("to" in verdict && verdict.to.text).toBe(to);
		expect("to" in verdict && verdict.to.address).not.toBeNull();
	});

	it.each([
		[
			'log prefix "[UFW BLOCK] " level debug flags tcp options flags ip options flags skuid accept',
			[{ kind: "log", text: 'log prefix "[UFW BLOCK] " level debug flags tcp options flags ip options flags skuid' }],
		],
		["meta mark set 0x1 accept", [{ kind: "mark", text: "meta mark set 0x1", set: { keep: 0, flip: 1 } }]],
		[
			"meta mark set mark and 0xff00ffff xor 0x40000 accept",
			[
				{
					kind: "mark",
					text: "meta mark set mark and 0xff00ffff xor 0x40000",
					set: { keep: 0xff00ffff, flip: 0x40000 },
				},
			],
		],
		[
			"meta mark set meta mark | 0x00004000 accept",
			[{ kind: "mark", text: "meta mark set meta mark | 0x00004000", set: { keep: 0xffffbfff, flip: 0x4000 } }],
		],
		["meta mark set ct mark accept", [{ kind: "mark", text: "meta mark set ct mark" }]],
		[
			"ct mark set ct mark xor 0x5 and 0xffffff00 accept",
			[{ kind: "connmark", text: "ct mark set ct mark xor 0x5 and 0xffffff00", set: { keep: 0xffffff00, flip: 5 } }],
		],
		["notrack accept", [{ kind: "notrack" }]],
		["tcp option maxseg size set rt mtu accept", [{ kind: "other", text: "tcp option maxseg size set rt mtu" }]],
		['ct helper set "ftp" accept', [{ kind: "other", text: 'ct helper set "ftp"' }]],
		["add @seen { ip saddr timeout 1m } accept", [{ kind: "other", text: "add @seen { ip saddr timeout 1m }" }]],
		["dup to 192.0.2.1 accept", [{ kind: "other", text: "dup to 192.0.2.1" }]],
		["flow add @f accept", [{ kind: "other", text: "flow add @f" }]],
	])("goes on behind %s", (text, effects) => {
		const rule = ruleOf(text);
		expect(rule.effects).toEqual(effects);
		expect(rule.verdict).toEqual({ kind: "accept" });
	});

	it("keeps counters, comment and nft's own text, without the handle", () => {
		const rule = ruleOf('iifname "docker0" counter packets 12 bytes 720 accept comment "ICC; { #x" # handle 7');
		expect(rule.text).toBe('iifname "docker0" counter packets 12 bytes 720 accept comment "ICC; { #x"');
		expect(rule.counters).toEqual({ packets: 12, bytes: 720 });
		expect(rule.comment).toBe("ICC; { #x");
		expect(rule.matches).toHaveLength(1);
	});

	it("keeps the text of nft without libxtables as it is printed", () => {
		const text = 'oifname "docker0" # xt_conntrack counter packets 0 bytes 0 # xt_REJECT';
		const rule = ruleOf(text);
		expect(rule.text).toBe(text);
		expect(rule.verdict).toEqual({ kind: "reject", with: null });
	});

	it("goes on with a rule that nft broke off after a warning", () => {
		const text =
			'table ip6 nat {\n\tchain OUTPUT {\n\t\tip6 daddr != ::1 # Warning: XT match addrtype not found\nxt match "addrtype" counter packets 0 bytes 0 jump DOCKER\n\t}\n}\n';
		const rules = parse(text).tables[0]?.chains[0]?.rules;
		expect(rules).toHaveLength(1);
		expect(rules?.[0]?.verdict).toEqual({ kind: "jump", chain: "DOCKER" });
		expect([rules?.[0]?.at.line, rules?.[0]?.at.lastLine]).toEqual([3, 4]);
	});
});

describe("tables, chains and sets", () => {
	it.each([
		[["filter"], "ip", 0],
		[["srcnat"], "ip", 100],
		[["dstnat"], "ip", -100],
		[["-100"], "ip", -100],
		[["filter", "-", "1"], "inet", -1],
		[["mangle", "+", "10"], "ip6", -140],
		[["filter"], "bridge", -200],
		[["out"], "bridge", 100],
		[["soon"], "ip", null],
	] as const)("knows that priority %s of %s is %s", (words, family, priority) =>
		expect(priorityOf(words, family)).toBe(priority),
	);

	it("reads base chains, sets, maps and what stands between them", () => {
		const { tables } = parse(native);
		expect(tables.map((table) => [table.family, table.name, table.native, table.complete])).toEqual([
			["ip", "docker-bridges", true, true],
			["bridge", "br", true, true],
			["netdev", "nd", true, true],
		]);
		const [docker, bridge] = tables;
		expect(docker?.chains.map((chain) => [chain.name, chain.base?.hook ?? null, chain.base?.priority ?? null])).toEqual(
			[
				["filter-forward-in__docker0", null, null],
				["filter-FORWARD", "forward", 0],
				["nat-PREROUTING", "prerouting", -100],
				["nat-prerouting-and-output", null, null],
				["nat-POSTROUTING", "postrouting", 100],
				["raw-PREROUTING", "prerouting", -300],
			],
		);
		expect(bridge?.chains[0]?.base?.priority).toBe(-200);
		expect(docker?.sets.map(({ name, type, elements }) => [name, type, elements])).toEqual([
			["filter-forward-in-jumps", "ifname : verdict", null],
			["bl", "ipv4_addr", ["1.2.3.4", "10.0.0.0/8"]],
			["ports", "inet_proto . inet_service", ["udp . 53", "tcp . 80"]],
			[
				"m",
				"inet_service : ipv4_addr",
				["80 : 10.0.0.1", "443 : 10.0.0.2", "444 : 10.0.0.2", "445 : 10.0.0.2", "446 : 10.0.0.2"],
			],
		]);
		expect(docker?.sets[0]?.verdicts).toEqual([
			{ key: "br-1", verdict: { kind: "jump", chain: "filter-forward-in__docker0" } },
			{ key: "docker0", verdict: { kind: "jump", chain: "filter-forward-in__docker0" } },
		]);
		expect(
			docker?.chains
				.flatMap((chain) => chain.rules.flatMap((rule) => rule.matches))
				.filter((match) => match.kind === "unknown"),
		).toEqual([]);
	});

	it("points at each rule", () => {
		for (const table of parse(native).tables) {
			for (const rule of table.chains.flatMap((chain) => chain.rules))
				expect(native.slice(rule.at.from, rule.at.to)).toBe(rule.text);
		}
	});

	it("leaves options off the elements of a set, and knows an empty set from one not shown", () => {
		const text =
			'table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\tflags timeout\n\t\telements = { 1.2.3.4 timeout 1h expires 3m comment "x",\n\t\t\t     1.2.3.5 counter packets 1 bytes 2 }\n\t}\n\tset e {\n\t\ttype ipv4_addr\n\t}\n}\n';
		expect(parse(text).tables[0]?.sets.map((set) => set.elements)).toEqual([["1.2.3.4", "1.2.3.5"], []]);
		expect(
			parse(text.replace(/elements[^}]*}/, ""), { command: "nft -t list ruleset" }).tables[0]?.sets[1]?.elements,
		).toBeNull();
	});

	it.each([
		[
			"with nft's warning",
			"# Warning: table ip nat is managed by iptables-nft, do not touch!\ntable ip nat {\n\tset x {\n\t\ttype ipv4_addr\n\t}\n}\n",
			false,
		],
		[
			"without a warning, but in every detail like it",
			"table ip nat {\n\tchain POSTROUTING {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\tcounter packets 0 bytes 0 masquerade\n\t}\n}\n",
			false,
		],
		[
			"with chains of another name",
			"table ip nat {\n\tchain postrouting {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t}\n}\n",
			true,
		],
		[
			"with a rule without a counter",
			'table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tiifname "lo" accept\n\t}\n}\n',
			true,
		],
		[
			"with another priority",
			"table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter + 10; policy accept;\n\t}\n}\n",
			true,
		],
		["of both families", "table inet filter {\n\tchain INPUT {\n\t}\n}\n", true],
	])("tells who made a table: %s", (_, text, isNative) => expect(parse(text).tables[0]?.native).toBe(isNative));

	const TWO = "table ip nat {\n\tchain A {\n\t}\n\tchain B {\n\t}\n}\ntable inet fw {\n\tchain C {\n\t}\n}\n";
	it.each<readonly [string, string, ArtifactOptions, boolean, boolean]>([
		["the whole rule set, by the command", TWO, { command: "nft list ruleset" }, true, true],
		["the whole rule set, by the file's name", TWO, { name: "nft-list-ruleset.txt" }, true, true],
		[
			"one table",
			"table ip nat {\n\tchain A {\n\t}\n\tchain B {\n\t}\n}\n",
			{ command: "nft list table ip nat" },
			true,
			false,
		],
		["one chain", "table ip nat {\n\tchain A {\n\t}\n}\n", { command: "nft list chain ip nat A" }, false, false],
		["one chain, which nobody said", "table ip nat {\n\tchain A {\n\t}\n}\n", {}, false, false],
		["a listing that was cut off", TWO.slice(0, -12), { command: "nft list ruleset" }, false, false],
		["a listing that went through grep", TWO, { command: "nft list ruleset | grep -v x" }, false, false],
		["a configuration file", `#!/usr/sbin/nft -f\nflush ruleset\n${TWO}`, {}, false, false],
		["an empty rule set", "", { command: "sudo nft list ruleset" }, true, true],
	])("knows what it saw: %s", (_, text, options, complete, allTables) => {
		const parsed = parse(text, options);
		expect(parsed.tables.every((table) => table.complete)).toBe(complete);
		expect(parsed.allTables).toBe(allTables);
	});

	it("reads a file that puts blocks on one line", () => {
		const text =
			"table inet filter { chain input { type filter hook input priority 0; policy drop; iif lo accept; tcp dport { 22, 80 } accept; }\n chain forward { type filter hook forward priority 0; policy drop; } }\n";
		const chains = parse(text).tables[0]?.chains;
		expect(chains?.map((chain) => [chain.name, chain.base?.policy, chain.rules.length])).toEqual([
			["input", "drop", 2],
			["forward", "drop", 0],
		]);
	});

	it("takes a table without a family for IPv4, as nft does", () => {
		expect(parse("table nat {\n\tchain A {\n\t}\n}\n").tables[0]?.family).toBe("ip");
	});
});

describe("JSON", () => {
	const listing = (...items: readonly unknown[]) =>
		JSON.stringify({ nftables: [{ metainfo: { version: "1.0.6" } }, ...items] });
	const table = { table: { family: "ip", name: "t", handle: 1 } };
	const chain = {
		chain: {
			family: "ip",
			table: "t",
			name: "c",
			handle: 2,
			type: "nat",
			hook: "prerouting",
			prio: -100,
			policy: "accept",
		},
	};
	const rule = (...expr: readonly unknown[]) => ({
		rule: { family: "ip", table: "t", chain: "c", handle: 3, comment: "x", expr },
	});

	it("reads tables, chains and rules, and points at them", () => {
		const text = listing(
			table,
			chain,
			rule(
				{ match: { op: "!=", left: { meta: { key: "iifname" } }, right: "docker0" } },
				{ counter: { packets: 3, bytes: 180 } },
				{ dnat: { addr: "172.17.0.2", port: 80 } },
			),
		);
		const parsed = parse(text, { command: "nft -j list ruleset" });
		const [read] = parsed.tables;
		expect(parsed.allTables).toBe(true);
		expect(read?.chains[0]?.base).toEqual({ type: "nat", hook: "prerouting", priority: -100, policy: "accept" });
		const [first] = read?.chains[0]?.rules ?? [];
		expect(first?.text).toBe('meta iifname != docker0 counter packets 3 bytes 180 dnat to 172.17.0.2:80 comment "x"');
		expect(first?.comment).toBe("x");
		expect(first?.matches).toEqual([{ kind: "iif", names: ["docker0"], negated: true }]);
		expect(first && text.slice(first.at.from, first.at.to)).toContain('"handle":3');
	});

	it("gives as much of a listing that was cut off as is there", () => {
		const text = listing(table, chain, rule({ accept: null }), rule({ drop: null }));
		const parsed = parse(text.slice(0, text.indexOf('"drop"')), { command: "nft -j list ruleset" });
		expect(parsed.tables[0]?.complete).toBe(false);
		expect(parsed.allTables).toBe(false);
		expect(parsed.tables[0]?.chains[0]?.rules[0]?.verdict).toEqual({ kind: "accept" });
	});

	it("keeps a statement that it does not know as unread", () => {
		const parsed = parse(listing(table, chain, rule({ brandnew: { a: 1 } }, { accept: null })));
		const read = parsed.tables[0]?.chains[0]?.rules[0];
		expect(read?.matches.map((match) => match.kind)).toEqual(["unknown"]);
		expect(read?.verdict).toEqual({ kind: "accept" });
	});
});
