/**
 * Names for numbers, as iptables and nft print them: protocols, icmp types, TCP flags, host and network names.
 *
 * Sources: /etc/protocols (Debian 12), iptables 1.8.9 extensions/libxt_icmp.h and libipt_REJECT.c, libip6t_REJECT.c,
 * nftables 1.0.6 src/proto.c and src/datatype.c, /etc/networks and /etc/hosts as distributions ship them.
 */

const PROTOCOL_NUMBERS: ReadonlyMap<string, string> = new Map(
	Object.entries({
		0: "all",
		1: "icmp",
		2: "igmp",
		4: "ipencap",
		6: "tcp",
		17: "udp",
		33: "dccp",
		41: "ipv6",
		43: "ipv6-route",
		44: "ipv6-frag",
		47: "gre",
		50: "esp",
		51: "ah",
		58: "ipv6-icmp",
		59: "ipv6-nonxt",
		60: "ipv6-opts",
		88: "eigrp",
		89: "ospf",
		94: "ipip",
		103: "pim",
		108: "ipcomp",
		112: "vrrp",
		115: "l2tp",
		132: "sctp",
		135: "mobility-header",
		136: "udplite",
	}),
);

const PROTOCOL_ALIASES: ReadonlyMap<string, string> = new Map([
	["ip", "all"],
	["icmpv6", "ipv6-icmp"],
	["icmp6", "ipv6-icmp"],
	["comp", "ipcomp"],
	["mh", "mobility-header"],
	["ipv6-mh", "mobility-header"],
]);

/** A protocol's one name: `6`, `TCP` and `tcp` are `tcp`; any protocol is `all`. An unknown word stays itself, lower case. */
export function protocolName(word: string): string {
	const lower = word.toLowerCase();
	return PROTOCOL_NUMBERS.get(lower) ?? PROTOCOL_ALIASES.get(lower) ?? lower;
}

const ICMP_TYPES =
	names(`any any;echo-reply pong 0;destination-unreachable 3;network-unreachable 3/0;host-unreachable 3/1;
protocol-unreachable 3/2;port-unreachable 3/3;fragmentation-needed 3/4;source-route-failed 3/5;network-unknown 3/6;
host-unknown 3/7;network-prohibited 3/9;host-prohibited 3/10;TOS-network-unreachable 3/11;TOS-host-unreachable 3/12;
communication-prohibited 3/13;host-precedence-violation 3/14;precedence-cutoff 3/15;source-quench 4;redirect 5;
network-redirect 5/0;host-redirect 5/1;TOS-network-redirect 5/2;TOS-host-redirect 5/3;echo-request ping 8;
router-advertisement 9;router-solicitation 10;time-exceeded ttl-exceeded 11;ttl-zero-during-transit 11/0;
ttl-zero-during-reassembly 11/1;parameter-problem 12;ip-header-bad 12/0;required-option-missing 12/1;timestamp-request 13;
timestamp-reply 14;info-request 15;info-reply 16;address-mask-request 17;address-mask-reply 18`);

const ICMPV6_TYPES =
	names(`any any;destination-unreachable 1;no-route 1/0;communication-prohibited 1/1;beyond-scope 1/2;
address-unreachable 1/3;port-unreachable 1/4;failed-policy 1/5;reject-route 1/6;packet-too-big 2;time-exceeded ttl-exceeded 3;
ttl-zero-during-transit 3/0;ttl-zero-during-reassembly 3/1;parameter-problem 4;bad-header 4/0;unknown-header-type 4/1;
unknown-option 4/2;echo-request ping 128;echo-reply pong 129;mld-listener-query 130;mld-listener-report 131;
mld-listener-done mld-listener-reduction 132;router-solicitation nd-router-solicit 133;
router-advertisement nd-router-advert 134;neighbour-solicitation neighbor-solicitation nd-neighbor-solicit 135;
neighbour-advertisement neighbor-advertisement nd-neighbor-advert 136;redirect nd-redirect 137;router-renumbering 138;
ind-neighbor-solicit 141;ind-neighbor-advert 142;mld2-listener-report 143`);

function names(table: string): ReadonlyMap<string, string> {
	return new Map(
		table.split(";").flatMap((entry) => {
			const words = entry.trim().split(" ");
			const number = words.at(-1) ?? "";
			return words.slice(0, -1).map((name): [string, string] => [name, number]);
		}),
	);
}

/** An icmp type as numbers: `echo-request` is `8`, `fragmentation-needed` is `3/4`, 255 is `any`; null for a name not known. */
export function icmpType(word: string, family: "ip" | "ip6"): string | null {
	if (/^\d{1,3}(?:\/\d{1,3})?$/.test(word)) return word === "255" ? "any" : word;
	return (family === "ip" ? ICMP_TYPES : ICMPV6_TYPES).get(word) ?? null;
}

const FLAGS = ["fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"];

/** TCP flags from `SYN,ACK`, `ALL`, `NONE` or the number that `-L -n` prints (`0x17`); lower case; null for anything else. */
export function tcpFlags(text: string): readonly string[] | null {
	if (/^0x[0-9a-fA-F]{1,2}$/.test(text)) return FLAGS.filter((_, bit) => ((Number(text) >> bit) & 1) === 1);
	const words = text.toLowerCase().split(",", 9);
	if (words.length === 1 && words[0] === "none") return [];
	if (words.length === 1 && words[0] === "all") return FLAGS.slice(0, 6);
	return words.every((word) => FLAGS.includes(word)) ? words : null;
}

const HOSTS: ReadonlyMap<string, string> = new Map([
	["localhost", "127.0.0.1"],
	["localhost.localdomain", "127.0.0.1"],
	["loopback", "127.0.0.0"],
	["link-local", "169.254.0.0"],
	["default", "0.0.0.0"],
	["base-address.mcast.net", "224.0.0.0"],
	["all-systems.mcast.net", "224.0.0.1"],
	["ip6-localhost", "::1"],
	["ip6-loopback", "::1"],
	["localhost6", "::1"],
	["localhost6.localdomain6", "::1"],
	["ip6-localnet", "fe00::"],
	["ip6-mcastprefix", "ff00::"],
	["ip6-allnodes", "ff02::1"],
	["ip6-allrouters", "ff02::2"],
]);

/**
 * The address behind a host or network name of a listing without `-n`, with its mask: `loopback/8` is `127.0.0.0/8`.
 * Null for any other name: what it stood for was known to that host only.
 */
export function addressOfName(word: string, family: "ip" | "ip6"): string | null {
	const [name = "", mask] = word.split("/", 2);
	if (name === "anywhere") return family === "ip" ? "0.0.0.0/0" : "::/0";
	// ip6tables prints the loopback address by its first name in /etc/hosts, which is often `localhost`.
	const address = name === "localhost" && family === "ip6" ? "::1" : HOSTS.get(name);
	if (address === undefined) return null;
	return mask === undefined ? address : `${address}/${mask}`;
}

const REJECT_CODES: ReadonlyMap<string, string> = new Map([
	["icmp net-unreachable", "icmp-net-unreachable"],
	["icmp host-unreachable", "icmp-host-unreachable"],
	["icmp prot-unreachable", "icmp-proto-unreachable"],
	["icmp port-unreachable", "icmp-port-unreachable"],
	["icmp net-prohibited", "icmp-net-prohibited"],
	["icmp host-prohibited", "icmp-host-prohibited"],
	["icmp admin-prohibited", "icmp-admin-prohibited"],
	["icmpv6 no-route", "icmp6-no-route"],
	["icmpv6 admin-prohibited", "icmp6-adm-prohibited"],
	["icmpv6 addr-unreachable", "icmp6-addr-unreachable"],
	["icmpv6 port-unreachable", "icmp6-port-unreachable"],
	["icmpv6 policy-fail", "icmp6-policy-fail"],
	["icmpv6 reject-route", "icmp6-reject-route"],
	["tcp reset", "tcp-reset"],
]);

/** What nft calls `icmp host-prohibited` in iptables' word: `icmp-host-prohibited`. `icmpx …` has none and keeps nft's. */
export function rejectWord(words: string): string {
	return REJECT_CODES.get(words) ?? words.replace(" ", "-");
}
