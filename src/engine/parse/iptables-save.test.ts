import { describe, expect, it } from "vitest";
import { formatPrefix, parsePrefix } from "../netfilter/address";
import type { Match, Rule } from "../netfilter/ruleset";
import { type ArtifactOptions, artifactFromText } from "../text/span-of";
import { parseRuleset } from "./ruleset";

const parse = (text: string, options: ArtifactOptions = {}) =>
	parseRuleset(artifactFromText("iptables-save", text, options));

function ruleOf(text: string, family: "iptables" | "ip6tables" = "iptables"): Rule {
	const { tables } = parse(`*filter\n:INPUT ACCEPT [0:0]\n${text}\nCOMMIT\n`, { name: `${family}-save.txt` });
	const rule = tables[0]?.chains.flatMap((chain) => chain.rules)[0];
	if (!rule) throw new Error(`no rule in ${text}`);
	return rule;
}

/** `saddr !10.0.0.0/8`, `dport 80-90`: short enough for a table. */
function short(match: Match): string {
	const bang = "negated" in match && match.negated ? "!" : "";
	switch (match.kind) {
		case "iif":
		case "oif":
			return `${match.kind} ${bang}${match.names.join()}`;
		case "saddr":
		case "daddr":
		case "ctorigdst":
		case "ctorigsrc":
			return `${match.kind} ${bang}${match.ranges.map(({ from, to }) => `${from.value.toString(16)}-${to.value.toString(16)}`).join()}`;
		case "sport":
		case "dport":
		case "port":
		case "ctorigdport":
			return `${match.kind} ${bang}${match.ranges.map(({ from, to }) => `${from}-${to}`).join()}`;
		case "protocol":
			return `protocol ${bang}${match.protocols.join()}`;
		case "ctstate":
			return `ctstate ${bang}${match.states.join()}`;
		case "ctstatus":
			return `ctstatus ${bang}${match.statuses.join()}`;
		case "ctdir":
			return `ctdir ${bang}${match.direction}`;
		case "addrtype":
			return `addrtype ${match.side} ${bang}${match.types.join()}${match.limitedTo ? ` limited ${match.limitedTo}` : ""}`;
		case "mark":
		case "connmark":
			return `${match.kind} ${bang}${match.value.toString(16)}/${match.mask.toString(16)}`;
		case "set":
			return `set ${bang}${match.set} ${match.sides.join()}`;
		case "tcpflags":
			return `tcpflags ${bang}${match.set.join()} of ${match.mask.join()}`;
		case "icmptype":
			return `icmptype ${bang}${match.type}`;
		case "family":
			return `family ${bang}${match.family}`;
		case "field":
			return `${match.field} ${bang}${match.value}`;
		case "sometimes":
			return `sometimes ${match.extension}`;
		case "unknown":
			return `unknown ${match.extension}: ${match.text}`;
		default:
			return match satisfies never;
	}
}

describe("conditions of a rule", () => {
	it.each([
		["-s 10.0.0.0/8 -j DROP", ["saddr a000000-affffff"]],
		["! -d 127.0.0.1/32 -j DROP", ["daddr !7f000001-7f000001"]],
		["-d 0.0.0.0/0 -j DROP", []],
		["-s ! 10.0.0.0/8 -j DROP", ["saddr !a000000-affffff"]],
		["-s web.example.net -j DROP", ["unknown : -s web.example.net"]],
		["! -i docker0 -o br-+ -j DROP", ["iif !docker0", "oif br-+"]],
		["-i + -j DROP", []],
		["-p tcp -m tcp --dport 80 -j DROP", ["protocol tcp", "dport 80-80"]],
		["-p 6 --dport http-alt -j DROP", ["protocol tcp", "dport 8080-8080"]],
		["-p tcp -m tcp ! --sport 1024:65535 --dport :1023 -j DROP", ["protocol tcp", "sport !1024-65535", "dport 0-1023"]],
		["-p tcp -m multiport --dports 80,443,8000:8100 -j DROP", ["protocol tcp", "dport 80-80,443-443,8000-8100"]],
		["-p tcp -m multiport ! --ports 22 -j DROP", ["protocol tcp", "port !22-22"]],
		["-p tcp -m tcp --dport nosuchservice -j DROP", ["protocol tcp", "unknown : --dport nosuchservice"]],
		["-p all -j DROP", []],
		["! -p udp -j DROP", ["protocol !udp"]],
		["-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", ["protocol tcp", "tcpflags syn of fin,syn,rst,ack"]],
		["-p tcp ! --syn -j DROP", ["protocol tcp", "tcpflags !syn of fin,syn,rst,ack"]],
		["-p icmp -m icmp --icmp-type 3/4 -j DROP", ["protocol icmp", "icmptype 3/4"]],
		["-p icmp --icmp-type echo-request -j DROP", ["protocol icmp", "icmptype 8"]],
		["-m conntrack --ctstate RELATED,ESTABLISHED -j DROP", ["ctstate related,established"]],
		["-m conntrack ! --ctstate NEW -j DROP", ["ctstate !new"]],
		["-m state --state NEW -m tcp -p tcp --dport 22 -j DROP", ["ctstate new", "protocol tcp", "dport 22-22"]],
		["-m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP", ["ctorigdport 8080-8080", "ctdir original"]],
		["-m conntrack --ctstatus DNAT --ctorigdst 192.0.2.1 -j DROP", ["ctstatus dnat", "ctorigdst c0000201-c0000201"]],
		["-m addrtype --dst-type LOCAL -j DROP", ["addrtype dst local"]],
		["-m addrtype ! --src-type LOCAL,BROADCAST --limit-iface-in -j DROP", ["addrtype src !local,broadcast limited in"]],
		["-m mark --mark 0x4000/0x4000 -j DROP", ["mark 4000/4000"]],
		["-m mark ! --mark 7 -j DROP", ["mark !7/ffffffff"]],
		["-m connmark --mark 0x1/0xf -j DROP", ["connmark 1/f"]],
		["-m set --match-set docker-ext-bridges-v4 dst -j DROP", ["set docker-ext-bridges-v4 dst"]],
		["-m set ! --match-set f2b src,dst --return-nomatch -j DROP", ["set !f2b src,dst"]],
		["-m iprange ! --src-range 10.0.0.1-10.0.0.9 -j DROP", ["saddr !a000001-a000009"]],
		["-m limit --limit 3/min --limit-burst 10 -j DROP", ["sometimes limit"]],
		[
			"-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource -j DROP",
			["sometimes recent"],
		],
		["-m statistic --mode random --probability 0.5 -j DROP", ["sometimes statistic"]],
		["-m nfacct --nfacct-name dropped -j DROP", []],
		["-m rpfilter --validmark --invert -j DROP", ["rpfilter --validmark --invert"]],
		["-m rt --rt-type 0 -j DROP", ["rt type 0"]],
		["-m hl --hl-eq 255 -j DROP", ["ip6 hoplimit 255"]],
		["-m owner ! --uid-owner 1000 -j DROP", ["meta skuid !1000"]],
		["-m physdev --physdev-is-bridged -j DROP", ["physdev --physdev-is-bridged"]],
		["-m policy --dir in --pol ipsec --proto esp -j DROP", ["policy --dir in --pol ipsec --proto esp"]],
		["-m nosuch ! --thing a b --other -j DROP", ["unknown nosuch: -m nosuch ! --thing a b --other"]],
		["-m conntrack --ctnew 1 -j DROP", ["conntrack ctnew 1"]],
		["stray -p tcp -j DROP", ["unknown : stray", "protocol tcp"]],
	])("reads %s", (text, expected) => {
		const rule = ruleOf(`-A INPUT ${text}`);
		expect(rule.matches.map(short)).toEqual(expected);
		expect(rule.verdict).toEqual({ kind: "drop" });
	});

	it("reads the options that people type behind the target, as dockerd does", () => {
		const rule = ruleOf("-A INPUT -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0");
		expect(rule.matches.map(short)).toEqual(["protocol tcp", "dport 8080-8080", "iif !docker0"]);
		expect(rule.verdict).toMatchObject({ kind: "dnat", to: { text: "172.17.0.2:80" } });
	});

	it("takes a target inside a comment for what it is", () => {
		const rule = ruleOf('-A INPUT -m comment --comment "says \\"-j DROP\\" -p tcp" -j ACCEPT');
		expect(rule.comment).toBe('says "-j DROP" -p tcp');
		expect(rule.matches).toEqual([]);
		expect(rule.verdict).toEqual({ kind: "accept" });
	});

	it("reads IPv6", () => {
		const rule = ruleOf(
			"-A INPUT ! -s fe80::/10 -p ipv6-icmp -m icmp6 --icmpv6-type echo-request -j REJECT --reject-with icmp6-adm-prohibited",
			"ip6tables",
		);
		expect(rule.matches.map((match) => match.kind)).toEqual(["saddr", "protocol", "icmptype"]);
		expect(rule.matches[2]).toMatchObject({ type: "128" });
		expect(rule.verdict).toEqual({ kind: "reject", with: "icmp6-adm-prohibited" });
	});
});

describe("targets", () => {
	it.each([
		["-j ACCEPT", { kind: "accept" }],
		["-j RETURN", { kind: "return" }],
		["-j DOCKER-USER", { kind: "jump", chain: "DOCKER-USER" }],
		["-g IN_public", { kind: "goto", chain: "IN_public" }],
		["-j REJECT", { kind: "reject", with: null }],
		["-j REJECT --reject-with tcp-reset", { kind: "reject", with: "tcp-reset" }],
		["-j NFQUEUE --queue-num 3", { kind: "queue" }],
		["-j TPROXY --on-port 1", { kind: "unknown", target: "TPROXY" }],
		["-j DNAT --to-destination gateway:80", { kind: "unknown", target: "DNAT gateway:80" }],
		["", { kind: "continue" }],
	])("reads %s", (text, verdict) => expect(ruleOf(`-A INPUT ${text}`.trim()).verdict).toEqual(verdict));

	it.each([
		["-j DNAT --to-destination 172.17.0.2:80", "dnat", "172.17.0.2/32", { from: 80, to: 80 }],
		["-j DNAT --to-destination 172.17.0.2", "dnat", "172.17.0.2/32", null],
		["-j DNAT --to-destination :9101", "dnat", null, { from: 9101, to: 9101 }],
		["-j DNAT --to-destination [fd00:17::2]:80 --random", "dnat", "fd00:17::2/128", { from: 80, to: 80 }],
		["-j DNAT --to-destination fd00:17::2", "dnat", "fd00:17::2/128", null],
		["-j SNAT --to-source 192.0.2.10:1024-65535 --persistent", "snat", "192.0.2.10/32", { from: 1024, to: 65535 }],
		["-j MASQUERADE", "masquerade", null, null],
		["-j MASQUERADE --to-ports 1024-65535", "masquerade", null, { from: 1024, to: 65535 }],
		["-j REDIRECT --to-ports 8080", "redirect", null, { from: 8080, to: 8080 }],
	])("reads %s", (text, kind, address, port) => {
		const { verdict } = ruleOf(`-A INPUT ${text}`);
		expect(verdict.kind).toBe(kind);
		if (!("to" in verdict)) throw new Error("no target");
		const first = verdict.to.address?.from;
		const bits = first?.family === 6 ? 128 : 32;
		expect(first ? formatPrefix({ address: first, length: bits }) : null).toBe(address);
		expect(verdict.to.port).toEqual(port);
	});

	it.each([
		['-j LOG --log-prefix "[UFW BLOCK] "', { kind: "log", text: 'LOG --log-prefix "[UFW BLOCK] "' }],
		["-j CT --notrack", { kind: "notrack" }],
		["-j NOTRACK", { kind: "notrack" }],
		[
			"-j MARK --set-xmark 0x4000/0x4000",
			{ kind: "mark", text: "MARK --set-xmark 0x4000/0x4000", set: { keep: 0xffffbfff, flip: 0x4000 } },
		],
		[
			"-j MARK --set-mark 0x1/0xff",
			{ kind: "mark", text: "MARK --set-mark 0x1/0xff", set: { keep: 0xffffff00, flip: 1 } },
		],
		["-j MARK --or-mark 8", { kind: "mark", text: "MARK --or-mark 8", set: { keep: 0xfffffff7, flip: 8 } }],
		["-j CONNMARK --restore-mark", { kind: "mark", text: "CONNMARK --restore-mark" }],
		["-j CONNMARK --save-mark", { kind: "connmark", text: "CONNMARK --save-mark" }],
		["-j TCPMSS --clamp-mss-to-pmtu", { kind: "other", text: "TCPMSS --clamp-mss-to-pmtu" }],
	])("goes on behind %s", (text, effect) => {
		const rule = ruleOf(`-A INPUT ${text}`);
		expect(rule.verdict).toEqual({ kind: "continue" });
		expect(rule.effects).toEqual([effect]);
	});
});

describe("tables and chains", () => {
	it("reads policies, counters and where the chain hooks in", () => {
		const { tables } = parse(
			"*nat\n:POSTROUTING ACCEPT [12:3456]\n:DOCKER - [0:0]\n[3:180] -A POSTROUTING -j MASQUERADE\nCOMMIT\n",
		);
		const [chain, docker] = tables[0]?.chains ?? [];
		expect(chain?.base).toEqual({ type: "nat", hook: "postrouting", priority: 100, policy: "accept" });
		expect(chain?.counters).toEqual({ packets: 12, bytes: 3456 });
		expect(chain?.rules[0]?.counters).toEqual({ packets: 3, bytes: 180 });
		expect(chain?.rules[0]?.text).toBe("-A POSTROUTING -j MASQUERADE");
		expect(docker?.base).toBeNull();
	});

	it("points at the line of each rule", () => {
		const text = "# x\n*nat\n:DOCKER - [0:0]\n-A DOCKER -j RETURN\nCOMMIT\n";
		const rule = parse(text).tables[0]?.chains[0]?.rules[0];
		expect(rule && text.slice(rule.at.from, rule.at.to)).toBe("-A DOCKER -j RETURN");
		expect(rule?.at.line).toBe(4);
	});

	it.each([
		["a save to its COMMIT", "*nat\n:DOCKER - [0:0]\nCOMMIT\n", {}, true],
		["a save that was cut off", "*nat\n:DOCKER - [0:0]\n", {}, false],
		[
			"a save that went through grep",
			"*nat\n:DOCKER - [0:0]\nCOMMIT\n",
			{ command: "iptables-save | grep -v KUBE" },
			false,
		],
		["a save that went through less", "*nat\n:DOCKER - [0:0]\nCOMMIT\n", { command: "iptables-save | less" }, true],
		[
			"-S with all policies",
			"-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT\n-N DOCKER\n",
			{},
			true,
		],
		[
			"-S of one chain",
			"-N DOCKER\n-A DOCKER -p tcp -j DNAT --to-destination 172.17.0.2:80\n",
			{ command: "iptables -t nat -S DOCKER" },
			false,
		],
	])("knows whether it saw the whole table: %s", (_, text, options, complete) => {
		expect(parse(text, options).tables.map((table) => [table.name, table.complete])).toEqual([["nat", complete]]);
	});

	it.each([
		["# Generated by iptables-save v1.8.9 (nf_tables) on Mon", "nf_tables", "1.8.9"],
		["# Generated by iptables-save v1.8.11 on Mon", "legacy", "1.8.11"],
		["# Generated by iptables-save v1.8.7 on Mon", null, "1.8.7"],
		["# Generated by iptables-save v1.4.21 on Mon", "legacy", "1.4.21"],
		["# Generated by iptables-nft-save v1.8.7 on Mon", "nf_tables", "1.8.7"],
		["# Generated by xtables-save v1.8.2 on Mon", "nf_tables", "1.8.2"],
		["# Generated by iptables-legacy-save v1.8.7 on Mon", "legacy", "1.8.7"],
	])("reads the backend from %s", (heading, backend, version) => {
		const parsed = parse(`${heading}\n*nat\nCOMMIT\n`);
		expect(parsed.tables[0]?.backend).toBe(backend);
		expect(parsed.version?.value).toEqual({ version, backend });
	});

	it("keeps apart what two programs printed into one paste", () => {
		const { tables, family } = parse(
			"# Generated by iptables-save v1.8.9 (nf_tables) on Mon\n*nat\nCOMMIT\n# Generated by ip6tables-save v1.8.9 on Mon\n*nat\nCOMMIT\n",
		);
		expect(tables.map((table) => [table.family, table.backend])).toEqual([
			["ip", "nf_tables"],
			["ip6", "legacy"],
		]);
		expect(family).toBe("all");
	});

	it("tells apart by their rules what grep left of two tables", () => {
		const text = [
			":DOCKER - [0:0]",
			"-A FORWARD -o docker0 -j DOCKER",
			"-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
			":DOCKER - [0:0]",
			"-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
			"12:-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
		].join("\n");
		const { tables, allTables } = parse(text, { command: "iptables-save | grep DOCKER" });
		expect(
			tables.map((table) => [
				table.name,
				table.complete,
				table.chains.map((chain) => `${chain.name} ${chain.rules.length}`),
			]),
		).toEqual([
			["filter", false, ["DOCKER 1", "FORWARD 1"]],
			["nat", false, ["DOCKER 1", "PREROUTING 1"]],
		]);
		expect(allTables).toBe(false);
	});

	it("says what it skipped, and reads on", () => {
		const { tables, remarks } = parse("*nat\n:DOCKER - [0:0]\nwhat is this\n-A DOCKER -j RETURN\nCOMMIT\n");
		expect(tables[0]?.chains[0]?.rules).toHaveLength(1);
		expect(remarks.map((one) => [one.says, one.at.line])).toEqual([["neither a rule nor a chain, skipped", 3]]);
	});

	it("is not misled by names that every object has", () => {
		const { tables } = parse(
			"*constructor\n:constructor - [0:0]\n:__proto__ ACCEPT [0:0]\n-A __proto__ -p constructor -m constructor --dport constructor -j toString\nCOMMIT\n",
		);
		expect(tables[0]?.chains.map((chain) => [chain.name, chain.base])).toEqual([
			["constructor", null],
			["__proto__", null],
		]);
		expect(tables[0]?.chains[1]?.rules[0]?.verdict).toEqual({ kind: "jump", chain: "toString" });
	});
});

describe("addresses", () => {
	it.each(["10.0.0.0/8", "172.17.0.2/32", "192.168.0.0/255.255.0.0"])("covers %s from end to end", (text) => {
		const match = ruleOf(`-A INPUT -s ${text} -j DROP`).matches[0];
		const prefix = parsePrefix(text);
		if (match?.kind !== "saddr" || !prefix) throw new Error("no source");
		const [range] = match.ranges;
		expect(range && range.to.value - range.from.value + 1n).toBe(1n << BigInt(32 - prefix.length));
	});
});
