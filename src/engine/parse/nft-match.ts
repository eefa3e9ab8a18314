import { type AddressRange, parsePrefix, rangeOf } from "../netfilter/address";
import { icmpType, protocolName, tcpFlags } from "../netfilter/names";
import type { Family, Match, PortRange } from "../netfilter/ruleset";
import { portOf } from "../netfilter/services";
import { addressRange } from "./nat-target";
import { fieldMatch } from "./nft-field";
import type { Key } from "./nft-key";
import { parseWord32 } from "./target-words";

/**
 * One comparison of an nft rule as a match: key, operator, values. nft(8), EXPRESSIONS.
 *
 * Be aware: what nft prints for a rule that iptables-nft made is a translation, and nft up to 1.0.6 loses parts of it
 * (`! --ctstate RELATED,ESTABLISHED,DNAT` is printed `ct status dnat`). iptables-save shows the rule itself.
 */
export type Comparison = {
	readonly key: Key;
	/** `==` where none is written. */
	readonly operator: string;
	/**
	 * `any`: without an operator, one of the named bits is enough. `equal`: the whole value is compared, so a field of
	 * several bits is never equal to fewer. `element`: in braces, equal to one of them.
	 */
	readonly compares: "any" | "equal" | "element";
	/** Text behind `&`, null without. */
	readonly mask: string | null;
	/** Elements of a set, or the words of a list such as `established,related`; one for a single value. */
	readonly values: readonly string[];
	/** Name after `@`, null without. */
	readonly set: string | null;
	/** The whole comparison as written. */
	readonly text: string;
};

/** Matches of a comparison; those it takes for granted (`tcp dport` is about tcp) come first. */
export function comparisonMatches(comparison: Comparison, family: Family): readonly Match[] {
	const { key } = comparison;
	if (comparison.set !== null)
		return [...key.parts.flatMap((part) => implied(part, family)), setMatch(comparison, comparison.set)];
	const parts = key.parts.length === 1 ? [comparison] : split(comparison);
	if (!parts) return [unread(comparison)];
	return parts.flatMap((part) => {
		const name = part.key.parts[0] ?? "";
		return [...implied(name, family), ...(read(name, part) ?? [unread(part)])];
	});
}

function unread({ key, text }: Comparison): Match {
	return { kind: "unknown", extension: key.parts[0]?.split(" ", 1)[0] ?? "", text };
}

/** A set of one tuple is one comparison for each part; of several it is none we have a match for. */
function split(comparison: Comparison): readonly Comparison[] | null {
	const { key, values, operator } = comparison;
	const [only = "", ...others] = values;
	const parts = only.split(" . ");
	if (others.length > 0 || parts.length !== key.parts.length || operator !== "==") return null;
	return key.parts.map((name, index) => ({
		...comparison,
		key: { parts: [name], text: name },
		values: [parts[index] ?? ""],
	}));
}

const PORT_KEY = /^(tcp|udp|udplite|sctp|dccp|th) ([sd]port)$/;

function implied(name: string, family: Family): readonly Match[] {
	const [header = ""] = name.split(" ", 1);
	const matches: Match[] = [];
	if ((header === "ip" || header === "ip6") && family !== "ip" && family !== "ip6") {
		matches.push({ kind: "family", family: header, negated: false });
	}
	if (/^(?:tcp|udp|udplite|sctp|dccp|icmp|icmpv6|igmp|ah|esp|comp)$/.test(header)) {
		matches.push({ kind: "protocol", protocols: [protocolName(header)], negated: false });
	}
	return matches;
}

function setMatch({ key, operator, text }: Comparison, set: string): Match {
	if (operator !== "==" && operator !== "!=") return { kind: "unknown", extension: "set", text };
	const sides = key.parts.flatMap((part): ("src" | "dst")[] => {
		if (/^(?:iif|iifname|ether saddr)$|(?:saddr|sport)$/.test(part)) return ["src"];
		return /^(?:oif|oifname|ether daddr)$|(?:daddr|dport)$/.test(part) ? ["dst"] : [];
	});
	return { kind: "set", set, sides, negated: operator === "!=", key: key.parts.join(" . ") };
}

/** Null when the values can't be read as what the key asks for. */
function read(name: string, comparison: Comparison): readonly Match[] | null {
	const { values, mask } = comparison;
	const negated = comparison.operator === "!=";
	const equals = comparison.operator === "==" || negated;
	const port = PORT_KEY.exec(name);
	if (port && mask === null) {
		const ranges = portRangesOf(values, comparison.operator);
		return ranges && [{ kind: port[2] === "sport" ? "sport" : "dport", ranges, negated }];
	}
	if (!equals) return fieldMatch(name, comparison);
	switch (name) {
		case "iifname":
		case "iif":
		case "oifname":
		case "oif":
			// A number is an interface's index, which only that host can resolve.
			if (mask !== null || values.some((value) => /^\d+$/.test(value))) return null;
			return [{ kind: name.startsWith("iif") ? "iif" : "oif", names: values.map(wildcard), negated }];
		case "ip saddr":
		case "ip6 saddr":
		case "ip daddr":
		case "ip6 daddr": {
			const ranges = addressRanges(values, mask);
			return ranges && [{ kind: name.endsWith("saddr") ? "saddr" : "daddr", ranges, negated }];
		}
		case "l4proto":
		case "ip protocol":
		case "ip6 nexthdr":
			return [{ kind: "protocol", protocols: values.map(protocolName), negated }];
		case "ct state":
			// A packet has one state: `!= established | related` is true of every packet (nft --debug=netlink: cmp neq 0x6).
			return [
				{
					kind: "ctstate",
					states: comparison.compares === "equal" && values.length > 1 ? [] : values.flatMap(ctStates),
					negated,
				},
			];
		case "ct status":
			// Beside `dnat` the kernel sets `dst-nat-done`, beside `seen-reply` `confirmed`: no one bit is the whole status.
			return [{ kind: "ctstatus", statuses: comparison.compares === "any" ? values : [], negated }];
		case "ct direction":
			return direction(values, negated);
		case "ct original proto-dst": {
			const ranges = portRangesOf(values, "==");
			return ranges && [{ kind: "ctorigdport", ranges, negated }];
		}
		case "ct original saddr":
		case "ct original daddr": {
			const ranges = addressRanges(values, mask);
			return ranges && [{ kind: name.endsWith("saddr") ? "ctorigsrc" : "ctorigdst", ranges, negated }];
		}
		case "mark":
		case "ct mark":
			return markMatch(name === "mark" ? "mark" : "connmark", comparison, negated);
		case "nfproto":
		case "protocol":
		case "ether type":
		case "ip version":
		case "ip6 version":
			return familyMatch(values, negated);
		case "tcp flags":
			return flagsMatch(comparison, negated);
		case "icmp type":
		case "icmpv6 type":
			return icmpMatch(values, name === "icmp type" ? "ip" : "ip6", negated);
		default:
			return name.startsWith("fib ") ? fibMatch(name, comparison, negated) : fieldMatch(name, comparison);
	}
}

/** nft's `*` at the end is iptables' `+`; a backslash makes it an ordinary character. */
function wildcard(name: string): string {
	if (name.endsWith("\\*")) return `${name.slice(0, -2)}*`;
	return name.endsWith("*") ? `${name.slice(0, -1)}+` : name;
}

function addressRanges(values: readonly string[], mask: string | null): readonly AddressRange[] | null {
	const ranges: AddressRange[] = [];
	for (const value of values) {
		const prefix = parsePrefix(mask === null ? value : `${value}/${mask}`);
		const range = prefix ? rangeOf(prefix) : mask === null ? addressRange(value) : null;
		if (!range) return null;
		ranges.push(range);
	}
	return ranges.length > 0 ? ranges : null;
}

function portRangesOf(values: readonly string[], operator: string): readonly PortRange[] | null {
	const ranges: PortRange[] = [];
	for (const value of values) {
		const range = portRange(value, operator);
		if (!range) return null;
		ranges.push(range);
	}
	return ranges.length > 0 ? ranges : null;
}

function portRange(value: string, operator: string): PortRange | null {
	// A service name may hold a dash itself: `http-alt`.
	const single = portOf(value);
	const dash = value.indexOf("-");
	const from = single ?? portOf(value.slice(0, dash));
	const to = single ?? portOf(value.slice(dash + 1));
	if (from === null || to === null) return null;
	switch (operator) {
		case "<":
			return from > 0 ? { from: 0, to: from - 1 } : null;
		case "<=":
			return { from: 0, to: from };
		case ">":
			return from < 65535 ? { from: from + 1, to: 65535 } : null;
		case ">=":
			return { from, to: 65535 };
		default:
			return from <= to ? { from, to } : null;
	}
}

const CT_STATES: readonly (readonly [number, string])[] = [
	[1, "invalid"],
	[2, "established"],
	[4, "related"],
	[8, "new"],
	[64, "untracked"],
];

/** With `nft -nn` states are bits: `0x6` is established and related. */
function ctStates(value: string): readonly string[] {
	const bits = parseWord32(value);
	return bits === null ? [value] : CT_STATES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
}

function direction(values: readonly string[], negated: boolean): readonly Match[] | null {
	const [value, ...more] = values;
	if (more.length > 0) return null;
	if (value === "original" || value === "0") return [{ kind: "ctdir", direction: "original", negated }];
	return value === "reply" || value === "1" ? [{ kind: "ctdir", direction: "reply", negated }] : null;
}

function markMatch(kind: "mark" | "connmark", { values, mask }: Comparison, negated: boolean): readonly Match[] | null {
	const value = parseWord32(values[0] ?? "");
	const bits = mask === null ? 0xffffffff : parseWord32(mask);
	return value !== null && bits !== null && values.length === 1 ? [{ kind, value, mask: bits, negated }] : null;
}

function familyMatch(values: readonly string[], negated: boolean): readonly Match[] | null {
	const [value, ...more] = values;
	if (more.length > 0) return null;
	if (/^(?:ipv4|ip|4|2|0x0800)$/.test(value ?? "")) return [{ kind: "family", family: "ip", negated }];
	return /^(?:ipv6|ip6|6|10|0x86dd)$/.test(value ?? "") ? [{ kind: "family", family: "ip6", negated }] : null;
}

/** `syn / syn,rst` (as `mask`), `& (fin | syn | rst | ack) == syn`, `!= syn` of all bits, and flags of which one is enough. */
function flagsMatch({ values, mask, compares }: Comparison, negated: boolean): readonly Match[] | null {
	const set = tcpFlags(values.join(",") || "none") ?? flagBits(values);
	if (mask === null && compares === "any" && set && set.length > 1) {
		return [{ kind: "tcpflags", mask: set, set: [], negated: !negated }];
	}
	const lone = values.length === 1 ? set : null;
	const own = compares === "equal" || (compares === "element" && lone) ? tcpFlags("all") : lone;
	const asked = mask === null ? own : tcpFlags(mask.replaceAll(/[\s|]{1,3}/g, ","));
	return set && asked ? [{ kind: "tcpflags", mask: asked, set, negated }] : null;
}

function flagBits(values: readonly string[]): readonly string[] | null {
	return values.length === 1 && values[0] === "0x0" ? [] : null;
}

function icmpMatch(values: readonly string[], family: "ip" | "ip6", negated: boolean): readonly Match[] | null {
	const types = values.map((value) => icmpType(value, family));
	return types.includes(null) ? null : [{ kind: "icmptype", type: types.join(","), negated }];
}

/** `fib daddr type local`, `fib saddr iif type local` (limited to an interface), `fib saddr mark iif oif missing` (rpfilter). */
function fibMatch(name: string, comparison: Comparison, negated: boolean): readonly Match[] | null {
	const { values } = comparison;
	const [, side, ...rest] = name.split(" ");
	const result = rest.at(-1);
	if (result === "type" && (side === "saddr" || side === "daddr")) {
		const limitedTo = rest.includes("iif") ? ("in" as const) : rest.includes("oif") ? ("out" as const) : null;
		return [
			{
				kind: "addrtype",
				side: side === "saddr" ? "src" : "dst",
				types: values,
				negated,
				...(limitedTo ? { limitedTo } : {}),
			},
		];
	}
	if (side !== "saddr" || (result !== "oif" && result !== "oifname")) return fieldMatch(name, comparison);
	const [value = ""] = values;
	if (value !== "missing" && value !== "0" && value !== "exists" && value !== "1") return fieldMatch(name, comparison);
	// A route back that is missing is what `--invert` asks for.
	const inverted = (value === "missing" || value === "0") !== negated;
	const flags = [
		...(rest.includes("iif") ? [] : ["--loose"]),
		...(rest.includes("mark") ? ["--validmark"] : []),
		...(inverted ? ["--invert"] : []),
	];
	const text = ["-m rpfilter", ...flags].join(" ");
	return [{ kind: "field", extension: "rpfilter", field: "rpfilter", value: flags.join(" "), negated: false, text }];
}
