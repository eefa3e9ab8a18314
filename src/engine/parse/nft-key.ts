import { type Cursor, isMark, type Token, tokensText } from "./nft-tokens";

/** Left side of an nft expression: what is looked at. `ip saddr`, `iifname . tcp dport`, `fib daddr type`, `ct state`. */
export type Key = {
	/** One name for each part of a concatenation: nft's words without `meta`. */
	readonly parts: readonly string[];
	/** As written. */
	readonly text: string;
};

const META = new Set([
	"iifname",
	"oifname",
	"iif",
	"oif",
	"mark",
	"skuid",
	"skgid",
	"pkttype",
	"cpu",
	"iifgroup",
	"oifgroup",
	"cgroup",
	"rtclassid",
	"iiftype",
	"oiftype",
	"l4proto",
	"nfproto",
	"protocol",
	"length",
	"priority",
	"random",
	"nftrace",
	"secpath",
	"secmark",
	"ibrname",
	"obrname",
	"ibrpvid",
	"hour",
	"day",
	"time",
	"iifkind",
	"oifkind",
	"sdif",
	"sdifname",
]);

const HEADERS = new Set([
	"ip",
	"ip6",
	"tcp",
	"udp",
	"udplite",
	"sctp",
	"dccp",
	"th",
	"icmp",
	"icmpv6",
	"igmp",
	"ether",
	"vlan",
	"arp",
	"ah",
	"esp",
	"comp",
	"gre",
	"mh",
	"dst",
	"hbh",
	"frag",
	"rt",
	"vxlan",
	"geneve",
]);

const OTHER = new Set(["meta", "ct", "fib", "socket", "ipsec", "osf", "numgen", "jhash", "symhash", "exthdr"]);

/** Whether a token can begin an expression. */
export function beginsKey(token: Token | undefined): boolean {
	if (!token || token.quoted) return false;
	const { text } = token;
	return META.has(text) || HEADERS.has(text) || OTHER.has(text) || /^@(?:ll|nh|th|ih)$/.test(text);
}

/** Reads an expression at the cursor; null, and the cursor unmoved, when there is none. */
export function readKey(cursor: Cursor): Key | null {
	const from = cursor.at;
	const parts: string[] = [];
	for (;;) {
		const part = readPart(cursor);
		if (part === null) {
			cursor.at = from;
			return null;
		}
		parts.push(part);
		if (!isMark(cursor.tokens[cursor.at], ".") || !beginsKey(cursor.tokens[cursor.at + 1])) break;
		cursor.at++;
	}
	return { parts, text: tokensText(cursor.tokens.slice(from, cursor.at)) };
}

function readPart(cursor: Cursor): string | null {
	const first = cursor.tokens[cursor.at];
	if (!first || !beginsKey(first)) return null;
	const word = (ahead: number) => cursor.tokens[cursor.at + ahead]?.text ?? "";
	const take = (count: number): string => {
		const text = cursor.tokens.slice(cursor.at, cursor.at + count).map((token) => token.text);
		cursor.at = Math.min(cursor.at + count, cursor.tokens.length);
		return text.join(" ");
	};
	switch (first.text) {
		case "meta":
			cursor.at++;
			return take(1);
		case "ct": {
			// `ct original ip saddr` (inet) and `ct original saddr` (ip) are the same.
			const directed = word(1) === "original" || word(1) === "reply";
			const typed = directed && (word(2) === "ip" || word(2) === "ip6");
			return take(typed ? 4 : directed ? 3 : 2).replace(/ (?:ip|ip6) (?=[sd]addr$)/, " ");
		}
		case "fib":
			return readFib(cursor);
		case "tcp":
		case "ip":
		case "ip6":
			return take(word(1) === "option" ? (word(3) === "exists" || word(3) === "missing" ? 3 : 4) : 2);
		case "arp":
			return take(word(2) === "ip" || word(2) === "ether" ? 3 : 2);
		case "rt":
			return take(word(1) === "ip" || word(1) === "ip6" || word(1) === "ipsec" ? 3 : 2);
		case "socket":
			return take(word(1) === "cgroupv2" ? 4 : 2);
		case "ipsec":
			return take(word(2) === "spnum" ? 5 : word(2) === "ip" || word(2) === "ip6" ? 4 : 3);
		case "numgen":
			return take(word(4) === "offset" ? 6 : 4);
		case "jhash":
		case "symhash":
			return readHash(cursor);
		default:
			if (META.has(first.text)) return take(1);
			// `@th,16,16`: the commas are tokens.
			if (first.text.startsWith("@")) return take(5).replaceAll(" ", "");
			return take(2);
	}
}

/** `fib saddr . mark . iif oif`, `fib daddr type`. */
function readFib(cursor: Cursor): string {
	const words = ["fib"];
	cursor.at++;
	for (; cursor.at < cursor.tokens.length; cursor.at++) {
		words.push(cursor.tokens[cursor.at]?.text ?? "");
		if (!isMark(cursor.tokens[cursor.at + 1], ".")) break;
		cursor.at++;
	}
	cursor.at++;
	words.push(cursor.tokens[cursor.at]?.text ?? "");
	cursor.at++;
	return words.join(" ");
}

/** `jhash ip saddr . tcp sport mod 2 seed 0x1`: up to the modulus and its options. */
function readHash(cursor: Cursor): string {
	const words: string[] = [];
	for (; cursor.at < cursor.tokens.length; cursor.at++) {
		const { text = "" } = cursor.tokens[cursor.at] ?? {};
		words.push(text);
		if (words.at(-2) === "mod") break;
	}
	cursor.at++;
	while (/^(?:seed|offset)$/.test(cursor.tokens[cursor.at]?.text ?? "")) cursor.at += 2;
	return words.join(" ");
}
