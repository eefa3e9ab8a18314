import type { NativeTable } from "./draft";
import type { Random } from "./random";
import { ADDRESSES, NAT_TARGETS, PORTS } from "./vocabulary";

/** Tables for the nft program: base chains at many priorities, sets, maps, verdict maps. */
export function nativeTables(random: Random): NativeTable[] {
	const count = random.pick([1, 1, 2]);
	return Array.from({ length: count }, (_, index) => table(random, ["fw", "edge"][index] ?? "fw"));
}

type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting";
type Kind = "filter" | "dstnat" | "srcnat";
type Context = {
	readonly family: "ip" | "inet";
	readonly hooks: readonly Hook[];
	readonly kind: Kind;
	/** Before conntrack has seen the packet. */
	readonly early: boolean;
	readonly targets: readonly string[];
};

const BASES: readonly { readonly hook: Hook; readonly kind: Kind; readonly share: number }[] = [
	{ hook: "prerouting", kind: "filter", share: 0.4 },
	{ hook: "input", kind: "filter", share: 0.6 },
	{ hook: "forward", kind: "filter", share: 0.8 },
	{ hook: "output", kind: "filter", share: 0.4 },
	{ hook: "postrouting", kind: "filter", share: 0.2 },
	{ hook: "prerouting", kind: "dstnat", share: 0.6 },
	{ hook: "output", kind: "dstnat", share: 0.4 },
	{ hook: "postrouting", kind: "srcnat", share: 0.6 },
	{ hook: "input", kind: "srcnat", share: 0.1 },
];

function table(random: Random, name: string): NativeTable {
	const family = random.pick<"ip" | "inet">(["ip", "inet"]);
	const own = ["docker", "mine", "deep"].filter(() => random.chance(0.5));
	const chains: NativeTable["chains"][number][] = [];
	for (const { hook, kind, share } of BASES) {
		if (!random.chance(share)) continue;
		const priority =
			kind === "dstnat"
				? "-100"
				: kind === "srcnat"
					? "100"
					: random.pick(["0", "0", "0", "10", "-5", "-150", "-300", "-225", "50"]);
		const type = kind === "filter" ? (hook === "output" && priority === "-150" ? "route" : "filter") : "nat";
		const policy =
			kind === "filter" && random.chance(hook === "output" || hook === "postrouting" ? 0.1 : 0.3) ? "drop" : "accept";
		const context: Context = {
			family,
			hooks: [hook],
			kind,
			early: Number(priority) < -200,
			// A chain with `reject` or `notrack` may only be asked where these may stand: own chains are left to filters.
			targets: kind === "filter" && hook !== "postrouting" ? own : [],
		};
		const rules = Array.from({ length: random.below(5) }, () => rule(random, context));
		if (kind === "dstnat" && random.chance(0.6)) rules.push(...dockerDnat(random, family, hook));
		if (kind === "srcnat" && hook === "postrouting" && random.chance(0.6))
			rules.push('oifname != "docker0" ip saddr 172.17.0.0/16 counter masquerade');
		chains.push({
			name: `${kind}-${hook}`,
			base: `type ${type} hook ${hook} priority ${priority}; policy ${policy};`,
			rules,
		});
	}
	for (const [index, chain] of own.entries()) {
		const context: Context = {
			family,
			hooks: ["prerouting", "input", "forward", "output"],
			kind: "filter",
			early: false,
			targets: own.slice(index + 1),
		};
		chains.push({
			name: chain,
			base: null,
			rules: Array.from({ length: 1 + random.below(4) }, () => rule(random, context)),
		});
	}
	return { family, name, sets: SETS, chains };
}

const SETS: readonly string[] = [
	"set hosts { type ipv4_addr; flags interval; elements = { 192.168.56.20, 172.17.0.0/24, 10.0.0.1-10.0.0.9 }; }",
	"set ports { type inet_service; flags interval; elements = { 80, 8000-9000 }; }",
	"set services { type ipv4_addr . inet_service; elements = { 172.17.0.2 . 80, 192.168.56.10 . 9000 }; }",
	'set names { type ifname; elements = { "docker0", "eth0" }; }',
	"set protocols { type inet_proto; elements = { udp, icmp }; }",
	"map by-port { type inet_service : verdict; elements = { 80 : accept, 8000 : drop, 9000 : return }; }",
	'map by-name { type ifname : verdict; elements = { "docker0" : accept, "lo" : return }; }',
];

function dockerDnat(random: Random, family: "ip" | "inet", hook: Hook): string[] {
	const to = family === "inet" ? "dnat ip to" : "dnat to";
	const local = hook === "output" ? "ip daddr != 127.0.0.0/8 fib daddr type local" : "fib daddr type local";
	return [
		`${hook === "prerouting" ? 'iifname != "docker0" ' : ""}${local} tcp dport 8080 counter ${to} 172.17.0.2:80`,
		`${local} udp dport 8081 counter ${to} 172.18.0.2:8000`,
	].filter(() => random.chance(0.75));
}

function rule(random: Random, context: Context): string {
	const words: string[] = [];
	const seen = new Set<string>();
	// nft refuses a rule that asks for two protocols.
	const protocol = random.pick(["", "", "tcp", "tcp", "udp", "icmp"]);
	const count = random.pick([0, 1, 1, 2, 2, 3]);
	for (let at = 0; at < count; at++) {
		const found = condition(random, context, protocol);
		const key = found.replace(/[!"{@\d].*$/, "");
		if (seen.has(key)) continue;
		seen.add(key);
		words.push(found);
	}
	if (protocol !== "" && !words.some((word) => word.includes(protocol))) words.unshift(`meta l4proto ${protocol}`);
	if (random.chance(0.8)) words.push("counter");
	words.push(verdict(random, context, protocol));
	if (random.chance(0.1)) words.push('comment "published, drop nothing"');
	return words.filter((word) => word !== "").join(" ") || "counter";
}

function condition(random: Random, { family, hooks, kind, early }: Context, protocol: string): string {
	const not = random.chance(0.25) ? "!= " : "";
	const has = (hook: Hook) => hooks.length === 1 && hooks[0] === hook;
	const kinds: [string, ...string[]] = [
		"saddr",
		"daddr",
		"ctstate",
		"ct",
		"mark",
		"fib",
		"set",
		"proto",
		"iif",
		"pkttype",
	];
	if (!has("prerouting") && !has("input")) kinds.push("oif", "oif");
	if (has("prerouting") || has("input") || has("forward")) kinds.push("iif");
	if (protocol === "tcp" || protocol === "udp") kinds.push("port", "port", "port", "port", "concat");
	if (protocol === "tcp") kinds.push("flags");
	if (protocol === "icmp") kinds.push("icmp", "icmp");
	if (family === "inet") kinds.push("nfproto");
	const transport = protocol === "udp" ? "udp" : "tcp";
	switch (random.pick(kinds)) {
		case "saddr":
		case "daddr": {
			const side = random.pick(["saddr", "daddr"]);
			const value = random.pick([
				random.pick(ADDRESSES).replace("/32", ""),
				`{ ${random.pick(["192.168.56.20, 172.17.0.2", "172.17.0.0/16, 172.18.0.0/16", "10.0.0.0/8, 192.168.56.10"])} }`,
				"172.17.0.1-172.17.0.9",
				"@hosts",
			]);
			return `ip ${side} ${not}${value}`;
		}
		case "iif":
			return `${random.pick(["iifname", "iifname", "iif"])} ${not}"${random.pick(["eth0", "docker0", "lo", "br-0123456789ab"])}"`;
		case "oif":
			return random.pick([
				`oifname ${not}"${random.pick(["eth0", "docker0", "lo", "docker*", "br-*"])}"`,
				`oifname ${not}{ "eth0", "docker0" }`,
				`oifname ${not}@names`,
				`oif ${not}"docker0"`,
			]);
		case "port": {
			const value = random.pick([
				random.pick(PORTS).replace(":", "-"),
				`{ ${random.pick(["80, 443", "8080, 8000-8001", "9000-9010"])} }`,
				"@ports",
			]);
			const side = random.pick(["dport", "dport", "dport", "sport"]);
			if (side === "sport")
				return `${transport} sport ${random.pick(["1024-65535", "!= 0-1023", "{ 80, 8000 }", "32768-60999"])}`;
			return random.chance(0.1) ? `th dport ${not}${value}` : `${transport} dport ${not}${value}`;
		}
		case "concat":
			return random.pick([
				`ip daddr . ${transport} dport ${not}@services`,
				`ip daddr . ${transport} dport ${not}{ 172.17.0.2 . 80, 172.18.0.2 . 8000 }`,
				`ip saddr . ip daddr { 192.168.56.20 . 192.168.56.10, 172.17.255.253 . 172.17.0.2 }`,
			]);
		case "ctstate": {
			const states = ["new", "established", "related", "invalid", "untracked"].filter(() => random.chance(0.35));
			const list = states.length > 0 ? states.join(",") : "established,related";
			return random.chance(0.2)
				? `ct state ${not}{ ${states.length > 1 ? states.join(", ") : "new, established"} }`
				: `ct state ${not}${list}`;
		}
		case "ct":
			if (early) return "ct state invalid";
			return random.pick([
				`ct status ${random.pick(["dnat", "snat", "!= dnat", "confirmed", "seen-reply", "assured"])}`,
				`ct direction ${random.pick(["original", "reply", "!= reply"])}`,
				// Without `ip`, nft 1.0.6 prints the address backwards.
				`ct original ip daddr ${not}${random.pick(["192.168.56.10", "172.17.0.2"])}`,
				`ct original ip saddr ${not}${random.pick(["192.168.56.20", "172.17.255.253"])}`,
				transport === protocol
					? `meta l4proto ${protocol} ct original proto-dst ${not}${random.pick(["8080", "80", "8000-9000"])}`
					: "ct direction original",
				`ct mark ${not}${random.pick(["0x1", "0x0", "0x2"])}`,
			]);
		case "mark":
			return random.pick([
				`meta mark ${not}${random.pick(["0x1", "0x0", "0x2"])}`,
				`meta mark & 0x3 ${random.pick(["==", "!="])} 0x1`,
			]);
		case "fib":
			return random.pick([
				`fib daddr type ${not}${random.pick(["local", "local", "unicast", "broadcast"])}`,
				`fib saddr type ${not}${random.pick(["local", "unicast"])}`,
				"fib daddr type { local, broadcast }",
			]);
		case "proto":
			if (protocol !== "") return `meta l4proto ${protocol}`;
			return random.pick([
				`meta l4proto ${not}${random.pick(["tcp", "udp", "icmp"])}`,
				"meta l4proto { tcp, icmp }",
				`ip protocol ${not}${random.pick(["tcp", "udp"])}`,
				"meta l4proto @protocols",
			]);
		case "flags":
			return random.pick([
				"tcp flags syn",
				"tcp flags & (fin | syn | rst | ack) == syn",
				"tcp flags & (syn | ack) == syn | ack",
				"tcp flags != syn",
				"tcp flags rst",
			]);
		case "icmp":
			return random.pick([
				"icmp type destination-unreachable",
				"icmp type echo-request",
				"icmp code 3",
				"icmp type { destination-unreachable, echo-reply }",
			]);
		case "nfproto":
			return `meta nfproto ${kind === "filter" ? random.pick(["ipv4", "!= ipv6"]) : "ipv4"}`;
		case "pkttype":
			return `meta pkttype ${random.pick(["host", "!= broadcast", "broadcast"])}`;
		default:
			return random.pick([`ip saddr ${not}@hosts`, `ip daddr ${not}@hosts`]);
	}
}

function verdict(random: Random, { family, hooks, kind, early, targets }: Context, protocol: string): string {
	if (kind === "dstnat") {
		const to = family === "inet" ? "dnat ip to" : "dnat to";
		const port = protocol === "tcp" || protocol === "udp";
		return random.pick([
			`${to} ${random.pick(NAT_TARGETS)}${port ? `:${random.pick(["80", "8000", "9000"])}` : ""}`,
			port ? `redirect to :${random.pick(["9000", "9001"])}` : "redirect",
			"accept",
			"return",
		]);
	}
	if (kind === "srcnat") {
		const to = family === "inet" ? "snat ip to" : "snat to";
		if (hooks[0] === "input") return random.pick(["accept", `${to} 192.168.56.99`]);
		return random.pick(["masquerade", "masquerade", `${to} 192.168.56.10`, "accept", "return"]);
	}
	const choices: [string, ...string[]] = [
		"accept",
		"accept",
		"accept",
		"drop",
		"return",
		"",
		"meta mark set 0x1",
		"meta mark set meta mark | 0x2",
		'log prefix "lab: "',
	];
	if (!early) choices.push("drop", "ct mark set 0x1", "ct mark set meta mark", "meta mark set ct mark");
	if (early && (hooks[0] === "prerouting" || hooks[0] === "output")) choices.push("notrack", "notrack");
	if (hooks.length === 1 && (hooks[0] === "input" || hooks[0] === "forward" || hooks[0] === "output")) {
		const icmp = family === "inet" ? "icmpx" : "icmp";
		choices.push(
			"reject",
			`reject with ${icmp} ${random.pick(["port-unreachable", "host-unreachable", "admin-prohibited"])}`,
		);
		if (protocol === "tcp") choices.push("reject with tcp reset");
	}
	const [first, second] = targets;
	if (first !== undefined) {
		choices.push(`jump ${first}`, `jump ${second ?? first}`, `goto ${first}`);
		choices.push(`ct state vmap { established : accept, related : jump ${first}, invalid : drop }`);
	}
	choices.push("ct state vmap { established : accept, new : return }");
	if (protocol === "tcp" || protocol === "udp")
		choices.push(
			`${protocol} dport vmap { 80 : accept, 8080-8090 : drop, 9000 : return }`,
			`${protocol} dport vmap @by-port`,
		);
	if (hooks.length === 1 && hooks[0] !== "output" && hooks[0] !== "postrouting")
		choices.push("iifname vmap @by-name", 'iifname vmap { "eth0" : accept, "docker0" : drop }');
	if (hooks.length === 1 && hooks[0] === "forward")
		choices.push(
			'iifname . oifname vmap { "eth0" . "docker0" : accept, "docker0" . "eth0" : return, "docker0" . "docker0" : drop }',
		);
	choices.push("meta l4proto vmap { tcp : accept, udp : drop }");
	return random.pick(choices);
}
