import { parsePrefix, rangeOf } from "../netfilter/address";
import { icmpType, protocolName, tcpFlags } from "../netfilter/names";
import type { Counters, Effect, Match, Verdict } from "../netfilter/ruleset";
import { portRanges } from "../netfilter/services";
import { extensionMatches } from "./extension-words";
import { type Option, optionsText } from "./rule-options";
import { readTarget } from "./target-words";

/**
 * Conditions and target of one rule in `-A` syntax, from its options. iptables(8) PARAMETERS; the match extensions
 * are in `extension-words.ts`, targets in `target-words.ts`.
 *
 *     -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
 *
 * Options may stand in any order, as people type them. Whatever is not understood becomes an `unknown` match.
 */

/** What the options of a rule say. */
export type RuleMeaning = {
	readonly matches: readonly Match[];
	readonly effects: readonly Effect[];
	readonly verdict: Verdict;
	readonly comment: string | null;
	/** From `-c PACKETS BYTES`. */
	readonly counters: Counters | null;
};

/** Never fails: an option that can't be read is an `unknown` match with its own words. */
export function readOptions(options: readonly Option[], family: "ip" | "ip6"): RuleMeaning {
	const matches: Match[] = [];
	const inTarget: Option[] = [];
	let target: { readonly kind: "jump" | "goto"; readonly name: string } | null = null;
	let comment: string | null = null;
	let counters: Counters | null = null;
	let group: { readonly module: string; readonly options: Option[] } | null = null;
	let place: "core" | "module" | "target" = "core";
	const closeGroup = () => {
		if (group) matches.push(...extensionMatches(group.module, group.options));
		group = null;
	};
	for (const option of options) {
		const [value = ""] = option.values;
		if (option.name === "-m" || option.name === "--match") {
			closeGroup();
			group = { module: value, options: [] };
			place = "module";
		} else if (TARGET_OPTIONS.has(option.name)) {
			closeGroup();
			target = { kind: option.name === "-g" || option.name === "--goto" ? "goto" : "jump", name: value };
			place = "target";
		} else if (option.name === "-c" || option.name === "--set-counters") {
			counters = { packets: Number(value) || 0, bytes: Number(option.values[1]) || 0 };
		} else if (option.name === "--comment") comment = comment === null ? value : `${comment} ${value}`;
		else if (place === "target" && !isCore(option.name)) inTarget.push(option);
		else {
			const read = belongsTo(group, option) ? null : coreMatch(option, family);
			if (read !== null) matches.push(...read);
			else if (group) group.options.push(option);
			else matches.push(unread(option));
		}
	}
	closeGroup();
	if (target === null) return { matches, effects: [], verdict: { kind: "continue" }, comment, counters };
	if (target.kind === "goto") {
		return { matches, effects: [], verdict: { kind: "goto", chain: target.name }, comment, counters };
	}
	return { matches, ...readTarget(target.name, inTarget), comment, counters };
}

/** `-m policy … --proto esp` is the protocol of the tunnel, not of the packet. */
function belongsTo(group: { readonly module: string } | null, option: Option): boolean {
	return group?.module === "policy" && option.name === "--proto";
}

const TARGET_OPTIONS = new Set(["-j", "--jump", "-g", "--goto"]);

function unread(option: Option): Match {
	return { kind: "unknown", extension: "", text: optionsText([option]) };
}

type CoreReader = (option: Option, family: "ip" | "ip6") => readonly Match[] | null;

const addresses =
	(kind: "saddr" | "daddr"): CoreReader =>
	(option) => {
		// dockerd types `-d 0/0`.
		const prefixes = (option.values[0] ?? "")
			.split(",")
			.map((text) => parsePrefix(text === "0/0" ? "0.0.0.0/0" : text));
		const ranges = prefixes.flatMap((prefix) => (prefix ? [rangeOf(prefix)] : []));
		if (ranges.length === 0 || ranges.length < prefixes.length) return [unread(option)];
		const anywhere = prefixes.some((prefix) => prefix?.length === 0);
		return anywhere && !option.negated ? [] : [{ kind, ranges, negated: option.negated }];
	};

const interfaces =
	(kind: "iif" | "oif"): CoreReader =>
	({ values, negated }) => {
		const [name = ""] = values;
		return (name === "+" || name === "") && !negated ? [] : [{ kind, names: [name], negated }];
	};

const ports =
	(kind: "sport" | "dport" | "port"): CoreReader =>
	(option) => {
		// multiport before 1.4 prints `--dports ! 80`, some versions `!80`.
		const [first = ""] = option.values;
		const inverted = first.startsWith("!");
		const ranges = portRanges(inverted ? first.slice(1) : first);
		return ranges ? [{ kind, ranges, negated: option.negated !== inverted }] : [unread(option)];
	};

const protocol: CoreReader = ({ values, negated }) => {
	const name = protocolName(values[0] ?? "");
	return name === "all" ? [] : [{ kind: "protocol", protocols: [name], negated }];
};

const flags: CoreReader = (option) => {
	const mask = tcpFlags(option.values[0] ?? "");
	const set = tcpFlags(option.values[1] ?? "");
	return mask && set ? [{ kind: "tcpflags", mask, set, negated: option.negated }] : [unread(option)];
};

const icmp =
	(family: "ip" | "ip6"): CoreReader =>
	(option) => {
		const type = icmpType(option.values[0] ?? "", family);
		return type === null ? [unread(option)] : [{ kind: "icmptype", type, negated: option.negated }];
	};

const CORE: ReadonlyMap<string, CoreReader> = new Map<string, CoreReader>([
	...["-s", "--source", "--src"].map((name): [string, CoreReader] => [name, addresses("saddr")]),
	...["-d", "--destination", "--dst"].map((name): [string, CoreReader] => [name, addresses("daddr")]),
	...["-i", "--in-interface"].map((name): [string, CoreReader] => [name, interfaces("iif")]),
	...["-o", "--out-interface"].map((name): [string, CoreReader] => [name, interfaces("oif")]),
	...["-p", "--protocol", "--proto"].map((name): [string, CoreReader] => [name, protocol]),
	...["--sport", "--source-port", "--sports", "--source-ports"].map((name): [string, CoreReader] => [
		name,
		ports("sport"),
	]),
	...["--dport", "--destination-port", "--dports", "--destination-ports"].map((name): [string, CoreReader] => [
		name,
		ports("dport"),
	]),
	...["--ports", "--port"].map((name): [string, CoreReader] => [name, ports("port")]),
	["--tcp-flags", flags],
	["--syn", ({ negated }) => [{ kind: "tcpflags", mask: ["fin", "syn", "rst", "ack"], set: ["syn"], negated }]],
	["--icmp-type", icmp("ip")],
	["--icmpv6-type", icmp("ip6")],
	["-4", () => []],
	["-6", () => []],
	["-f", (option) => fragment(option)],
	["--fragment", (option) => fragment(option)],
]);

function fragment({ negated }: Option): readonly Match[] {
	const text = negated ? "! -f" : "-f";
	return [{ kind: "field", extension: "frag", field: "ip frag-off", value: "!= 0", negated, text }];
}

function isCore(name: string): boolean {
	return CORE.has(name);
}

/** Null for an option that is none of the core or of tcp, udp, icmp. */
function coreMatch(option: Option, family: "ip" | "ip6"): readonly Match[] | null {
	return CORE.get(option.name)?.(option, family) ?? null;
}
