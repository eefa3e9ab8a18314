import { parsePrefix, rangeOf } from "../netfilter/address";
import type { Match } from "../netfilter/ruleset";
import { portRanges } from "../netfilter/services";
import { addressRange } from "./nat-target";
import { type Option, optionsText } from "./rule-options";
import { parseMark } from "./target-words";

/**
 * Match extensions of iptables: what `-m NAME --option value …` asks. iptables-extensions(8), and libxt_*.c of
 * iptables 1.8.9 for the options that iptables-save prints.
 *
 * Not read: extensions of xtables-addons but geoip and condition; they are `unknown` matches.
 */

/** Conditions of one `-m` with its options; core options and ports are read elsewhere. */
export function extensionMatches(module: string, options: readonly Option[]): readonly Match[] {
	if (module === "addrtype") return addrtype(options);
	if (SILENT.has(module)) return options.map((option) => unread(module, [option]));
	const reader = READERS.get(module);
	if (reader) return options.flatMap((option) => reader(option) ?? field(module, option));
	if (SOMETIMES.has(module)) return [{ kind: "sometimes", extension: module, text: textOf(module, options) }];
	if (FIELD_A_MODULE.has(module)) return [wholeField(module, options)];
	return [unread(module, options)];
}

function textOf(module: string, options: readonly Option[]): string {
	return options.length === 0 ? `-m ${module}` : `-m ${module} ${optionsText(options)}`;
}

function unread(module: string, options: readonly Option[]): Match {
	return { kind: "unknown", extension: module, text: textOf(module, options) };
}

/** They ask nothing themselves: their options are ports, types and comments, or they only count (nfacct). */
const SILENT = new Set([
	"tcp",
	"udp",
	"udplite",
	"sctp",
	"dccp",
	"icmp",
	"icmp6",
	"icmpv6",
	"multiport",
	"comment",
	"standard",
]);

/** Depends on rates, counts, time or payload: some packets match and others do not. */
const SOMETIMES = new Set([
	"limit",
	"hashlimit",
	"recent",
	"statistic",
	"nth",
	"random",
	"time",
	"quota",
	"quota2",
	"connlimit",
	"connbytes",
	"string",
	"u32",
	"bpf",
	"rateest",
	"cluster",
	"fuzzy",
	"psd",
	"lscan",
	"iface",
	"condition",
]);

/** One condition for all options of the extension. */
const FIELD_A_MODULE = new Set([
	"rpfilter",
	"physdev",
	"policy",
	"socket",
	"ecn",
	"ipv6header",
	"frag",
	"dst",
	"hbh",
	"mh",
	"osf",
	"ipvs",
	"geoip",
	"eui64",
	"connlabel",
	"l2tp",
	"ipcomp",
	"srh",
	"unclean",
	"vlan",
]);

function wholeField(module: string, options: readonly Option[]): Match {
	const negated = options.length === 1 && options[0]?.negated === true;
	const value = options.map((option) => [option.name, ...option.values].join(" ")).join(" ");
	return { kind: "field", extension: module, field: module, value, negated, text: textOf(module, options) };
}

/** Null: an option of the extension that is kept as a field. */
type Reader = (option: Option) => readonly Match[] | null;

const onlyFields: Reader = () => null;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	["conntrack", conntrack],
	["state", conntrack],
	["mark", mark("mark")],
	["connmark", mark("connmark")],
	["set", set],
	["iprange", iprange],
	["nfacct", () => []],
	...[
		"ttl",
		"hl",
		"tos",
		"dscp",
		"length",
		"mac",
		"owner",
		"realm",
		"cgroup",
		"cpu",
		"devgroup",
		"ah",
		"esp",
		"helper",
		"tcpmss",
		"rt",
		"pkttype",
	].map((module): [string, Reader] => [module, onlyFields]),
]);

function conntrack(option: Option): readonly Match[] | null {
	const { name, negated } = option;
	const [value = ""] = option.values;
	const words = value.toLowerCase().split(",");
	switch (name) {
		case "--ctstate":
		case "--state":
			return [{ kind: "ctstate", states: words, negated }];
		case "--ctstatus":
			return [{ kind: "ctstatus", statuses: words, negated }];
		case "--ctdir":
			return words[0] === "original" || words[0] === "reply" ? [{ kind: "ctdir", direction: words[0], negated }] : null;
		case "--ctorigdst":
		case "--ctorigsrc": {
			const prefix = parsePrefix(value);
			const kind = name === "--ctorigdst" ? "ctorigdst" : "ctorigsrc";
			return prefix ? [{ kind, ranges: [rangeOf(prefix)], negated }] : null;
		}
		case "--ctorigdstport": {
			const ranges = portRanges(value);
			return ranges ? [{ kind: "ctorigdport", ranges, negated }] : null;
		}
		default:
			return null;
	}
}

/** --limit-iface-in narrows the other options of its -m; alone it asks nothing. */
function addrtype(options: readonly Option[]): readonly Match[] {
	const limit = options.find((option) => option.name.startsWith("--limit-iface"));
	const limitedTo = limit && (limit.name === "--limit-iface-out" ? "out" : "in");
	return options.flatMap((option): readonly Match[] => {
		if (option === limit) return [];
		const side = option.name === "--dst-type" ? "dst" : option.name === "--src-type" ? "src" : null;
		if (!side) return [unread("addrtype", [option])];
		// Up to 1.4.7 and in 1.8.9's `-L` form the negation stands before the types.
		const [first = ""] = option.values;
		const inverted = first.startsWith("!");
		const types = (inverted ? first.slice(1) : first).toLowerCase().split(",");
		const negated = option.negated !== inverted;
		return [{ kind: "addrtype", side, types, negated, ...(limitedTo ? { limitedTo } : {}) }];
	});
}

function mark(kind: "mark" | "connmark"): Reader {
	return (option) => {
		const parsed = option.name === "--mark" ? parseMark(option.values[0] ?? "") : null;
		return parsed ? [{ kind, ...parsed, negated: option.negated }] : null;
	};
}

function set(option: Option): readonly Match[] | null {
	const [name, sides] = option.values;
	if ((option.name === "--match-set" || option.name === "--set") && name !== undefined && sides !== undefined) {
		const read = sides
			.split(",")
			.flatMap((side): ("src" | "dst")[] => (side === "src" || side === "dst" ? [side] : []));
		return [{ kind: "set", set: name, sides: read, negated: option.negated }];
	}
	// They change how the set is searched and counted, not what is asked.
	if (/^--(?:return-nomatch|update-counters|update-subcounters)$/.test(option.name)) return [];
	return [{ kind: "sometimes", extension: "set", text: textOf("set", [option]) }];
}

function iprange(option: Option): readonly Match[] | null {
	const range = addressRange(option.values[0] ?? "");
	if (!range) return [unread("iprange", [option])];
	const kind = option.name === "--src-range" ? "saddr" : option.name === "--dst-range" ? "daddr" : null;
	return kind ? [{ kind, ranges: [range], negated: option.negated }] : [unread("iprange", [option])];
}

/** nft's name of what an option asks for (nft(8), iptables-translate). */
const FIELDS: ReadonlyMap<string, string> = new Map([
	["--ttl-eq", "ip ttl"],
	["--ttl", "ip ttl"],
	["--ttl-lt", "ip ttl"],
	["--ttl-gt", "ip ttl"],
	["--hl-eq", "ip6 hoplimit"],
	["--hl-lt", "ip6 hoplimit"],
	["--hl-gt", "ip6 hoplimit"],
	["--dscp", "ip dscp"],
	["--length", "meta length"],
	["--mac-source", "ether saddr"],
	["--uid-owner", "meta skuid"],
	["--gid-owner", "meta skgid"],
	["--realm", "meta rtclassid"],
	["--cgroup", "meta cgroup"],
	["--cpu", "meta cpu"],
	["--src-group", "meta iifgroup"],
	["--dst-group", "meta oifgroup"],
	["--ahspi", "ah spi"],
	["--espspi", "esp spi"],
	["--helper", "ct helper"],
	["--mss", "tcp option maxseg size"],
	["--rt-type", "rt type"],
	["--pkt-type", "meta pkttype"],
	["--ctorigsrcport", "ct original proto-src"],
	["--ctreplsrc", "ct reply saddr"],
	["--ctrepldst", "ct reply daddr"],
	["--ctreplsrcport", "ct reply proto-src"],
	["--ctrepldstport", "ct reply proto-dst"],
	["--ctproto", "ct original protocol"],
	["--ctexpire", "ct expiration"],
]);

function field(module: string, option: Option): readonly Match[] {
	const order = option.name.endsWith("-lt") ? "< " : option.name.endsWith("-gt") ? "> " : "";
	const value = order + option.values.join(" ").replace(":", option.name === "--mac-source" ? ":" : "-");
	const name = FIELDS.get(option.name) ?? `${module} ${option.name.replace(/^-+/, "")}`;
	return [
		{ kind: "field", extension: module, field: name, value, negated: option.negated, text: textOf(module, [option]) },
	];
}
