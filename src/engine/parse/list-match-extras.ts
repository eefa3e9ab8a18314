import { plain, wordFor } from "../netfilter/rule-words";
import type { Word } from "../netfilter/ruleset";
import {
	addrtypeParts,
	hopWords,
	icmpWords,
	not,
	policyParts,
	portNumbers,
	portPart,
	recentParts,
	timeParts,
	typeAndCode,
} from "./list-extra-words";
import type { Piece } from "./list-extras";

/** Match extensions as `iptables -L` prints them. Each entry: what is printed, and the options it stands for. */
type Extra = {
	/** Sticky; groups feed `words`. */
	readonly pattern: RegExp;
	readonly words: (groups: readonly (string | undefined)[]) => readonly (string | Word)[];
};

/** A recognised match at `at`, or null. Every pattern is tried at most once for each piece of text. */
export function readMatchExtra(text: string, at: number): Piece | null {
	for (const { pattern, words } of EXTRAS) {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (!found) continue;
		const end = pattern.lastIndex;
		return { words: words(found.slice(1)).map((word) => (typeof word === "string" ? plain(word) : word)), end };
	}
	return null;
}

/** `NAME value` printed as it is typed: `-m module [!] --NAME value`. */
function simple(module: string, pattern: RegExp, option: string): Extra {
	return { pattern, words: ([bang, value = ""]) => ["-m", module, ...not(bang), option, value] };
}

const END = "(?= |$)";
const sticky = (source: string) => new RegExp(source + END, "y");

const EXTRAS: readonly Extra[] = [
	// `tcp dpt:80`, `tcp spts:1024:65535 dpt:22 flags:0x17/0x02`, `udp`, `tcp flags:!FIN,SYN,RST,ACK/SYN`.
	{
		pattern: sticky("(tcp|udp|udplite|sctp|dccp)((?: (?:[sd]pts?|flags|option)[:=]\\S{1,80}){0,6})"),
		words: ([protocol = "", parts = ""]) => ["-m", protocol, ...parts.split(" ").flatMap(portPart)],
	},
	{
		pattern: sticky("multiport (sports|dports|ports) {1,2}(! ?)?(\\S{1,400})"),
		words: ([which = "", bang, list = ""]) => ["-m", "multiport", ...not(bang), `--${which}`, portNumbers(list)],
	},
	{
		pattern: sticky("ADDRTYPE match((?: (?:src-type|dst-type) !?\\S{1,120}| limit-in| limit-out){1,4})"),
		words: ([parts = ""]) => ["-m", "addrtype", ...addrtypeParts(parts)],
	},
	simple("conntrack", sticky("(! )?ctstate (\\S{1,80})"), "--ctstate"),
	simple("conntrack", sticky("(! )?ctstatus (\\S{1,80})"), "--ctstatus"),
	{
		pattern: sticky(
			"(! )?(ctproto|ctorigsrc|ctorigdst|ctreplsrc|ctrepldst|ctorigsrcport|ctorigdstport|ctreplsrcport|ctrepldstport|ctdir|ctexpire) (\\S{1,80})",
		),
		words: ([bang, name = "", value = ""]) => ["-m", "conntrack", ...not(bang), `--${name}`, value],
	},
	simple("state", sticky("(! )?state (\\S{1,80})"), "--state"),
	simple("mark", sticky("mark match (! ?)?(0x\\S{1,24})"), "--mark"),
	simple("connmark", sticky("connmark match {1,2}(! ?)?(0x\\S{1,24})"), "--mark"),
	{
		pattern: sticky("(! )?(?:match-set|set) (\\S{1,64}) ((?:src|dst)(?:,(?:src|dst)){0,5})"),
		words: ([bang, name = "", sides = ""]) => ["-m", "set", ...not(bang), "--match-set", name, sides],
	},
	{
		pattern: sticky("(icmp|ipv6-icmp)type (\\d{1,3})(?: code (\\d{1,3}))?"),
		words: ([protocol, type, code]) => icmpWords(protocol, false, typeAndCode(type, code)),
	},
	{
		pattern: sticky("(icmp|ipv6-icmp) !type (\\d{1,3})(?: code (\\d{1,3}))?"),
		words: ([protocol, type, code]) => icmpWords(protocol, true, typeAndCode(type, code)),
	},
	{
		pattern: sticky("(icmp|ipv6-icmp) (!?)([A-Za-z][\\w-]{2,40})"),
		words: ([protocol, bang, name = ""]) => icmpWords(protocol, bang === "!", name),
	},
	simple("iprange", sticky("source IP range (! )?(\\S{1,90})"), "--src-range"),
	simple("iprange", sticky("destination IP range (! )?(\\S{1,90})"), "--dst-range"),
	{
		pattern: sticky("PKTTYPE (!?)= (\\S{1,20})"),
		words: ([bang, type = ""]) => ["-m", "pkttype", ...not(bang), "--pkt-type", type],
	},
	{
		pattern: sticky("PHYSDEV match((?: (?:! )?--physdev-(?:is-\\w{2,8}|(?:in|out) \\S{1,20})){1,5})"),
		words: ([parts = ""]) => ["-m", "physdev", ...parts.trim().split(" ")],
	},
	{
		pattern: sticky("rpfilter((?: loose| validmark| accept-local| accept_local| invert){0,4})"),
		words: ([flags = ""]) => [
			"-m",
			"rpfilter",
			...flags.split(" ").flatMap((flag) => (flag ? [`--${flag.replace("_", "-")}`] : [])),
		],
	},
	{
		pattern: sticky("(! )?owner (UID|GID) match (\\S{1,40})"),
		words: ([bang, which, id = ""]) => [
			"-m",
			"owner",
			...not(bang),
			which === "UID" ? "--uid-owner" : "--gid-owner",
			id,
		],
	},
	{ pattern: sticky("(! )?owner socket exists"), words: ([bang]) => ["-m", "owner", ...not(bang), "--socket-exists"] },
	simple("mac", sticky("MAC ?(! ?)?([0-9A-Fa-f:]{17})"), "--mac-source"),
	{
		pattern: sticky("(TTL|HL) match (?:TTL|HL) (==|!=|<|>) (\\d{1,3})"),
		words: ([name = "", sign, value = ""]) => hopWords(name.toLowerCase(), sign, value),
	},
	simple("length", sticky("length (!)?(\\d\\S{0,12})"), "--length"),
	simple("tos", sticky("(?:tos|TOS) match ?(!)?(\\S{1,30})"), "--tos"),
	simple("dscp", sticky("DSCP match (!)?(0x\\S{1,4})"), "--dscp"),
	{
		pattern: sticky(
			"policy match dir (in|out) pol (none|ipsec)((?: strict| \\[\\d{1,2}\\]| (?:! )?(?:reqid|spi|proto|mode|tunnel-src|tunnel-dst) \\S{1,80}){0,12})",
		),
		words: ([direction = "", policy = "", rest = ""]) => [
			"-m",
			"policy",
			"--dir",
			direction,
			"--pol",
			policy,
			...policyParts(rest),
		],
	},
	{
		pattern: sticky("socket((?: --[a-z-]{1,20}){0,3})"),
		words: ([flags = ""]) => ["-m", "socket", ...flags.split(" ").filter((flag) => flag !== "")],
	},
	{
		pattern: sticky("statistic mode random(!)? {1,2}probability (\\S{1,20})"),
		words: ([bang, value = ""]) => ["-m", "statistic", "--mode", "random", ...not(bang), "--probability", value],
	},
	{
		pattern: sticky("statistic mode nth(!)? {1,2}every (\\d{1,10})(?: packet (\\d{1,10}))?"),
		words: ([bang, every = "", packet]) => [
			"-m",
			"statistic",
			"--mode",
			"nth",
			...not(bang),
			"--every",
			every,
			"--packet",
			packet ?? "0",
		],
	},
	{
		pattern: sticky("#conn ?(src|dst)?/(\\d{1,3}) (>|<=|<) (\\d{1,10})"),
		words: ([side, mask = "", sign, limit = ""]) => [
			"-m",
			"connlimit",
			sign === ">" ? "--connlimit-above" : "--connlimit-upto",
			limit,
			"--connlimit-mask",
			mask,
			side === "dst" ? "--connlimit-daddr" : "--connlimit-saddr",
		],
	},
	{
		pattern: sticky("limit: avg (\\S{1,20}) burst (\\d{1,10})"),
		// iptables-save leaves out the burst of 5, which is the default (libxt_limit.c).
		words: ([rate = "", burst = ""]) => [
			"-m",
			"limit",
			"--limit",
			rate,
			...(burst === "5" ? [] : ["--limit-burst", burst]),
		],
	},
	{
		pattern: sticky(
			"limit: (up to|above) (\\S{1,20}) burst (\\d{1,10})((?: (?:mode|htable-\\w{1,12}|srcmask|dstmask|rate-\\w{1,12}) \\S{1,40}){0,8})",
		),
		words: ([which, rate = "", burst = "", rest = ""]) => [
			"-m",
			"hashlimit",
			which === "above" ? "--hashlimit-above" : "--hashlimit-upto",
			rate,
			"--hashlimit-burst",
			burst,
			...rest
				.trim()
				.split(" ")
				.filter((word) => word !== "")
				.map((word, index) => (index % 2 === 0 ? `--hashlimit-${word}` : word)),
		],
	},
	{
		pattern: sticky(
			"recent: (!)? ?(SET|CHECK|UPDATE|REMOVE)((?: (?:seconds:|hit_count:|name:|side:|mask:) \\S{1,60}| reap| TTL-Match){0,8})",
		),
		words: ([bang, what = "", rest = ""]) => [
			"-m",
			"recent",
			...not(bang),
			`--${what === "CHECK" ? "rcheck" : what.toLowerCase()}`,
			...recentParts(rest),
		],
	},
	simple("quota", sticky("quota: (!)? ?(\\d{1,20}) bytes"), "--quota"),
	{
		pattern: sticky(
			"TIME((?: (?:from|to|on|until date|starting from) \\S{1,40}| UTC| contiguous| on days| kerneltz| all\\b){0,10})",
		),
		words: ([rest = ""]) => ["-m", "time", ...timeParts(rest)],
	},
	{
		pattern:
			/STRING match {1,2}(!)? ?"([^"]{0,200})" ALGO name (bm|kmp)(?: FROM (\d{1,5}))?(?: TO (\d{1,5}))?( ICASE)?(?= |$)/y,
		words: ([bang, needle = "", algorithm = ""]) => [
			"-m",
			"string",
			...not(bang),
			"--string",
			{ text: needle, quoted: true },
			"--algo",
			algorithm,
		],
	},
	{
		pattern: /(! )?u32 (! )?"([^"]{0,400})"(?= |$)/y,
		words: ([bang, inner, program = ""]) => [
			"-m",
			"u32",
			...not(bang ?? inner),
			"--u32",
			{ text: program, quoted: true },
		],
	},
	{
		pattern: /helper match (! ?)?"([^"]{1,40})"(?= |$)/y,
		words: ([bang, name = ""]) => ["-m", "helper", ...not(bang), "--helper", wordFor(name)],
	},
	{
		pattern: sticky("connbytes (! ?)?(\\S{1,40}) connbytes mode (\\S{1,8}) connbytes direction (\\S{1,8})"),
		words: ([bang, range = "", mode = "", direction = ""]) => [
			"-m",
			"connbytes",
			...not(bang),
			"--connbytes",
			range,
			"--connbytes-mode",
			mode,
			"--connbytes-dir",
			direction,
		],
	},
	simple("realm", sticky("realm (! ?)?(\\S{1,20})"), "--realm"),
	simple("cgroup", sticky("cgroup (! ?)?(\\S{1,200})"), "--cgroup"),
	simple("cpu", sticky("cpu (! ?)?(\\d{1,5})"), "--cpu"),
	simple("devgroup", sticky("src-group (! ?)?(\\S{1,20})"), "--src-group"),
	simple("devgroup", sticky("dst-group (! ?)?(\\S{1,20})"), "--dst-group"),
	{
		pattern: sticky("ECN match (!)?(ECE|CWR|ECT=\\d)"),
		words: ([bang, what = ""]) => {
			const [name = "", value] = what.toLowerCase().split("=");
			return [
				"-m",
				"ecn",
				...not(bang),
				name === "ect" ? "--ecn-ip-ect" : `--ecn-tcp-${name}`,
				...(value ? [value] : []),
			];
		},
	},
	{
		pattern: sticky("(ah|esp) spis?:(!?)(\\S{1,24})"),
		words: ([protocol = "", bang, range = ""]) => ["-m", protocol, ...not(bang), `--${protocol}spi`, range],
	},
	{ pattern: sticky("ah"), words: () => ["-m", "ah"] },
	simple("rt", sticky("rt type:(!)?(\\d{1,3})"), "--rt-type"),
	simple("tcpmss", sticky("tcpmss match (!)?(\\S{1,12})"), "--mss"),
	{ pattern: sticky("nfacct-name {1,2}(\\S{1,64})"), words: ([name = ""]) => ["-m", "nfacct", "--nfacct-name", name] },
];
