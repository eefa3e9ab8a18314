import type { IpsetDraft, IptablesTable } from "./draft";
import type { Random } from "./random";
import { ADDRESSES, IPSETS, NAT_TARGETS, PORT_LISTS, PORTS, RANGES } from "./vocabulary";

/** Where a chain is asked from decides which conditions and targets it may have. */
type Role = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

const TABLES: readonly { readonly name: string; readonly roles: readonly Role[]; readonly share: number }[] = [
	{ name: "raw", roles: ["PREROUTING", "OUTPUT"], share: 0.3 },
	{ name: "mangle", roles: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], share: 0.35 },
	{ name: "nat", roles: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], share: 0.85 },
	{ name: "filter", roles: ["INPUT", "FORWARD", "OUTPUT"], share: 0.95 },
];

/** Tables of one iptables program, with Docker's own rules among them most of the time. */
export function iptablesTables(random: Random, ipsets: readonly IpsetDraft[], isOpen: boolean): IptablesTable[] {
	return TABLES.filter(({ share }) => random.chance(share)).map(({ name, roles }) =>
		table(random, name, roles, ipsets, isOpen),
	);
}

function table(
	random: Random,
	name: string,
	roles: readonly Role[],
	ipsets: readonly IpsetDraft[],
	isOpen: boolean,
): IptablesTable {
	const chains: IptablesTable["chains"][number][] = roles.map((role) => ({
		name: role,
		policy: name === "filter" && random.chance(role === "OUTPUT" ? 0.1 : 0.35) ? "DROP" : "ACCEPT",
	}));
	const own: { name: string; roles: readonly Role[]; level: number }[] = [];
	for (const [level, chain] of ["DOCKER-USER", "DOCKER", "MINE", "deep"].entries()) {
		if (!random.chance(0.5)) continue;
		own.push({ name: chain, roles: rolesForOwn(random, name, roles), level });
		chains.push({ name: chain, policy: "-" });
	}
	const rules: string[] = [];
	for (const role of roles) {
		const count = random.below(name === "filter" || name === "nat" ? 5 : 3);
		for (let at = 0; at < count; at++)
			rules.push(rule(random, { table: name, chain: role, roles: [role], level: -1, own, ipsets, isOpen }));
	}
	for (const chain of own) {
		const count = 1 + random.below(4);
		for (let at = 0; at < count; at++)
			rules.push(
				rule(random, { table: name, chain: chain.name, roles: chain.roles, level: chain.level, own, ipsets, isOpen }),
			);
	}
	if (name === "nat" && random.chance(0.6)) rules.push(...dockerNat(random));
	return { name, chains, rules };
}

function rolesForOwn(random: Random, table: string, roles: readonly Role[]): readonly Role[] {
	if (table !== "nat") return roles;
	return random.chance(0.7) ? ["PREROUTING", "OUTPUT"] : ["POSTROUTING"];
}

function dockerNat(random: Random): string[] {
	const rules = [
		"-A PREROUTING -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 8080 ! -i docker0 -j DNAT --to-destination 172.17.0.2:80",
		"-A OUTPUT ! -d 127.0.0.0/8 -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
		"-A PREROUTING -p udp -m addrtype --dst-type LOCAL -m udp --dport 8081 -j DNAT --to-destination 172.18.0.2:8000",
		"-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
		"-A POSTROUTING -s 172.17.0.0/16 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
	];
	return rules.filter(() => random.chance(0.75));
}

type Place = {
	readonly table: string;
	readonly chain: string;
	readonly roles: readonly Role[];
	readonly level: number;
	readonly own: readonly { readonly name: string; readonly roles: readonly Role[]; readonly level: number }[];
	readonly ipsets: readonly IpsetDraft[];
	/** May have conditions that no listing decides. */
	readonly isOpen: boolean;
};

function rule(random: Random, place: Place): string {
	const conditions = new Set<string>();
	const protocol = random.pick(["", "", "tcp", "tcp", "udp", "! tcp", place.isOpen ? "sctp" : "icmp"]);
	const words = protocol === "" ? [] : [protocol.startsWith("!") ? "! -p tcp" : `-p ${protocol}`];
	const count = random.pick([0, 1, 1, 2, 2, 3]);
	for (let at = 0; at < count; at++) {
		const found = condition(random, place, protocol);
		// An option may stand in a rule only once.
		const option = /--[a-z-]+|(?<=^|! )-[sdio](?= )/.exec(found)?.[0] ?? found;
		if (conditions.has(option)) continue;
		conditions.add(option);
		words.push(found);
	}
	if (protocol === "icmp" && random.chance(0.5))
		words.push(`-m icmp --icmp-type ${random.pick(["3", "3/3", "8", "any"])}`);
	return ["-A", place.chain, ...words, target(random, place, protocol)].filter((word) => word !== "").join(" ");
}

const not = (random: Random, probability = 0.25) => (random.chance(probability) ? "! " : "");

function condition(random: Random, { roles, table, ipsets, isOpen }: Place, protocol: string): string {
	const may = (role: Role) => roles.includes(role);
	const ports = protocol === "tcp" || protocol === "udp";
	const kinds: [string, ...string[]] = [
		"src",
		"dst",
		"ctstate",
		"addrtype",
		"mark",
		"comment",
		"iprange",
		"conntrack",
		"pkttype",
	];
	if (!may("POSTROUTING") && !may("OUTPUT")) kinds.push("iif", "iif", "iif");
	if (!may("PREROUTING") && !may("INPUT")) kinds.push("oif", "oif", "oif");
	if (ports) kinds.push("dport", "dport", "dport", "dport", "sport", "multiport", "multiport");
	if (protocol === "tcp") kinds.push("flags");
	if (ipsets.length > 0) kinds.push("set", "set");
	if (table === "raw" && may("PREROUTING") && roles.length === 1) kinds.push("rpfilter");
	if (protocol === "sctp") kinds.push("dport");
	if (isOpen) kinds.push("open", "open", "open", "open", "open");
	const kind = random.pick(kinds);
	const negation = not(random);
	switch (kind) {
		case "open":
			return random.pick(openConditions(may("POSTROUTING") || may("OUTPUT"), may("PREROUTING") || may("INPUT")));
		case "src":
			return `${negation}-s ${random.pick(ADDRESSES)}`;
		case "dst":
			return `${negation}-d ${random.pick(ADDRESSES)}`;
		case "iif":
			return `${negation}-i ${random.pick(["eth0", "docker0", "lo", "br-0123456789ab", "br-+", "docker+", "eth+", "wg0"])}`;
		case "oif":
			return `${negation}-o ${random.pick(["eth0", "docker0", "lo", "br-0123456789ab", "br-+", "docker+", "eth+", "wg0"])}`;
		case "dport":
			return `-m ${protocol} ${negation}--dport ${random.pick(PORTS)}`;
		case "sport":
			return `-m ${protocol} ${negation}--sport ${random.pick(["1024:65535", "0:1023", "32768:60999", "80", "8000:9000"])}`;
		case "multiport":
			return `-m multiport ${negation}--${random.pick(["dports", "dports", "sports", "ports"])} ${random.pick(PORT_LISTS)}`;
		case "ctstate": {
			const states = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "DNAT", "SNAT"].filter(() =>
				random.chance(0.3),
			);
			const list =
				states.length > 0 ? states.join(",") : random.pick(["NEW", "RELATED,ESTABLISHED", "ESTABLISHED", "INVALID"]);
			return `-m conntrack ${negation}--ctstate ${list}`;
		}
		case "conntrack":
			return random.pick([
				`-m conntrack --ctdir ${random.pick(["ORIGINAL", "REPLY"])}`,
				`-m conntrack ${negation}--ctorigdstport ${random.pick(["8080", "80", "8000:9000"])}`,
				`-m conntrack ${negation}--ctorigdst ${random.pick(["192.168.56.10", "172.17.0.0/16", "127.0.0.1"])}`,
				`-m conntrack ${negation}--ctorigsrc ${random.pick(["192.168.56.20", "172.17.0.0/16"])}`,
				`-m conntrack ${negation}--ctstatus ${random.pick(["SEEN_REPLY", "CONFIRMED", "NONE", "EXPECTED", "ASSURED"])}`,
				`-m state ${negation}--state ${random.pick(["NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID,NEW"])}`,
			]);
		case "addrtype": {
			const limit =
				roles.every((role) => role === "PREROUTING" || role === "INPUT") && random.chance(0.2)
					? " --limit-iface-in"
					: roles.every((role) => role === "POSTROUTING" || role === "OUTPUT") && random.chance(0.2)
						? " --limit-iface-out"
						: "";
			const side = limit === "" ? random.pick(["dst", "dst", "src"]) : "dst";
			return `-m addrtype ${negation}--${side}-type ${random.pick(["LOCAL", "LOCAL", "UNICAST", "LOCAL,BROADCAST", "MULTICAST", "BROADCAST"])}${limit}`;
		}
		case "mark":
			return `-m ${random.pick(["mark", "mark", "connmark"])} ${negation}--mark ${random.pick(["0x1", "0x0", "0x1/0x1", "0x10/0xff", "0x2/0x3", "0x0/0xff"])}`;
		case "comment":
			return `-m comment --comment "${random.pick(["published port", "mine: don't -j DROP", "a"])}"`;
		case "iprange":
			return `-m iprange ${negation}--${random.pick(["src", "dst"])}-range ${random.pick(RANGES)}`;
		case "pkttype":
			return `-m pkttype ${negation}--pkt-type ${random.pick(["unicast", "unicast", "broadcast"])}`;
		case "flags":
			return `-m tcp ${random.pick(["--syn", "! --syn", "--tcp-flags SYN,ACK SYN,ACK", "--tcp-flags ALL SYN", "--tcp-flags RST RST", "! --tcp-flags FIN,SYN,RST,ACK SYN"])}`;
		case "rpfilter":
			return random.pick(["-m rpfilter", "-m rpfilter --invert", "-m rpfilter --loose"]);
		default: {
			const set = ipsets[random.below(ipsets.length)] ?? IPSETS[0];
			const dimensions = set.type.includes(",") ? random.pick(["dst,dst", "src,dst"]) : random.pick(["src", "dst"]);
			return `-m set ${negation}--match-set ${set.name} ${dimensions}`;
		}
	}
}

/** What a packet's flow does not say: rates, chance, lengths, who sent it. The kernel's answer must be among those left open. */
function openConditions(leaves: boolean, enters: boolean): readonly [string, ...string[]] {
	return [
		"-m limit --limit 1/sec --limit-burst 1",
		"-m statistic --mode nth --every 2 --packet 0",
		"-m statistic --mode random --probability 0.5",
		"-m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name lab",
		"-m recent --name lab --set",
		"-m recent --name lab --rcheck",
		"-m length --length 0:50",
		"-m length ! --length 60:1500",
		"-m connlimit --connlimit-above 1",
		"-m quota --quota 100",
		"-m ttl --ttl-lt 64",
		...(leaves ? [] : ["-m mac ! --mac-source 02:00:00:00:00:01", "-m physdev --physdev-is-bridged"]),
		...(enters ? [] : ["-m owner --uid-owner 0", "-m owner ! --uid-owner 1000"]),
	];
}

function target(random: Random, { table, roles, level, own }: Place, protocol: string): string {
	const deeper = own.filter(
		(chain) =>
			chain.level > level &&
			chain.roles.every((role) =>
				table !== "nat" || chain.roles.length === roles.length
					? roles.includes(role) || table !== "nat"
					: roles.some((mine) => chain.roles.includes(mine)),
			),
	);
	const reachable = deeper.filter((chain) => roles.every((role) => chain.roles.includes(role)));
	const next = reachable[random.below(reachable.length)];
	if (next && random.chance(0.4)) return `${random.pick(["-j", "-j", "-j", "-g"])} ${next.name}`;
	const rejects = [
		"icmp-port-unreachable",
		"icmp-host-unreachable",
		"icmp-net-unreachable",
		"icmp-admin-prohibited",
		"icmp-host-prohibited",
		"icmp-proto-unreachable",
	] as const;
	switch (table) {
		case "raw":
			return random.pick(["-j DROP", "-j ACCEPT", "-j NOTRACK", "-j CT --notrack", "-j RETURN", ""]);
		case "mangle":
			return random.pick([
				"-j MARK --set-xmark 0x1/0xffffffff",
				"-j MARK --set-mark 0x2",
				"-j MARK --or-mark 0x10",
				"-j MARK --set-xmark 0x1/0x3",
				"-j MARK --and-mark 0x1",
				"-j CONNMARK --set-xmark 0x1/0xffffffff",
				"-j CONNMARK --save-mark",
				"-j CONNMARK --restore-mark",
				"-j ACCEPT",
				"-j DROP",
				"-j RETURN",
			]);
		case "nat": {
			const destination = roles.every((role) => role === "PREROUTING" || role === "OUTPUT");
			const port = protocol === "tcp" || protocol === "udp";
			if (destination)
				return random.pick([
					...([
						`-j DNAT --to-destination ${random.pick(NAT_TARGETS)}${port ? `:${random.pick(["80", "8000", "9000", "81"])}` : ""}`,
					] as const),
					...(port ? ([`-j REDIRECT --to-ports ${random.pick(["9000", "9001", "8080"])}`] as const) : []),
					"-j RETURN",
					"-j ACCEPT",
					"-j REDIRECT",
				]);
			if (roles.includes("INPUT")) return random.pick(["-j ACCEPT", "-j RETURN", "-j SNAT --to-source 192.168.56.99"]);
			return random.pick([
				"-j MASQUERADE",
				"-j MASQUERADE",
				"-j SNAT --to-source 192.168.56.10",
				"-j SNAT --to-source 172.17.0.1",
				"-j ACCEPT",
				"-j RETURN",
			]);
		}
		default:
			return random.pick([
				"-j ACCEPT",
				"-j ACCEPT",
				"-j ACCEPT",
				"-j DROP",
				"-j DROP",
				`-j REJECT --reject-with ${random.pick(rejects)}`,
				protocol === "tcp" ? "-j REJECT --reject-with tcp-reset" : "-j REJECT",
				"-j RETURN",
				'-j LOG --log-prefix "lab: "',
				"",
			]);
	}
}
