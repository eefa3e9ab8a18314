import { type AddressRange, parsePrefix, rangeOf } from "../../src/engine/netfilter/address";
import {
	type Backend,
	type BaseChain,
	builtinBase,
	type Chain,
	type Effect,
	type Family,
	type Match,
	type NamedSet,
	type NatTarget,
	type Policy,
	type PortRange,
	type Rule,
	type Table,
	type Verdict,
} from "../../src/engine/netfilter/ruleset";
import type { Span } from "../../src/engine/text/span";

const NOWHERE: Span = { artifact: "test", from: 0, to: 0, line: 1, lastLine: 1 };

/** Tables out of iptables-save text, for tests of what comes after parsing. Reads what the tests write, no more. */
export function saveTables(text: string, backend: Backend = "nf_tables", family: Family = "ip"): Table[] {
	const tables: { name: string; chains: Map<string, { policy: Policy | null; rules: Rule[] }> }[] = [];
	for (const raw of text.split("\n")) {
		const line = raw.trim();
		const table = tables.at(-1);
		if (line.startsWith("*")) tables.push({ name: line.slice(1), chains: new Map() });
		else if (line.startsWith(":") && table) {
			const [name = "", policy = "-"] = line.slice(1).split(" ");
			table.chains.set(name, { policy: policy === "-" ? null : policy === "DROP" ? "drop" : "accept", rules: [] });
		} else if (line.startsWith("-A ") && table) {
			const name = line.split(" ")[1] ?? "";
			const chain = table.chains.get(name) ?? {
				policy: builtinBase(table.name, name, null) ? "accept" : null,
				rules: [],
			};
			table.chains.set(name, chain);
			chain.rules.push(ruleOf(line, chain.rules.length + 1));
		}
	}
	return tables.map(({ name, chains }) => ({
		family,
		name,
		backend,
		native: false,
		complete: true,
		interfacesShown: true,
		sets: [],
		at: NOWHERE,
		chains: [...chains].map(
			([chain, { policy, rules }]): Chain => ({
				name: chain,
				base: builtinBase(name, chain, policy),
				rules,
				references: null,
				at: NOWHERE,
			}),
		),
	}));
}

/** One rule of any table from its iptables words. */
export function ruleOf(line: string, number: number): Rule {
	const words = line.match(/"[^"]*"|\S+/g) ?? [];
	const matches: Match[] = [];
	const effects: Effect[] = [];
	let verdict: Verdict = { kind: "continue" };
	let negated = false;
	for (let index = 2; index < words.length; index++) {
		const word = words[index] ?? "";
		const value = words[index + 1] ?? "";
		if (word === "!") {
			negated = true;
			continue;
		}
		if (word === "-j" || word === "-g") {
			verdict = verdictOf(word, value, words.slice(index + 2), effects);
			break;
		}
		const match = matchOf(word, value, negated);
		if (match === "skip") continue;
		if (match) matches.push(match);
		else if (word === "-m" && ["limit", "recent", "statistic"].includes(value))
			matches.push({ kind: "sometimes", extension: value, text: value });
		else if (word === "-m" && value === "owner") matches.push({ kind: "unknown", extension: value, text: value });
		if (word === "--match-set") {
			matches.push({
				kind: "set",
				set: value,
				sides: (words[index + 2] ?? "src").split(",").map((side) => (side === "dst" ? "dst" : "src")),
				negated,
			});
			index++;
		}
		negated = false;
		index++;
	}
	return {
		number,
		text: line,
		matches,
		effects,
		verdict,
		comment: null,
		counters: null,
		at: { ...NOWHERE, line: number },
	};
}

function matchOf(word: string, value: string, negated: boolean): Match | "skip" | null {
	switch (word) {
		case "-i":
			return { kind: "iif", names: [value], negated };
		case "-o":
			return { kind: "oif", names: [value], negated };
		case "-s":
			return { kind: "saddr", ranges: ranges(value), negated };
		case "-d":
			return { kind: "daddr", ranges: ranges(value), negated };
		case "-p":
			return { kind: "protocol", protocols: [value], negated };
		case "--dport":
		case "--dports":
			return { kind: "dport", ranges: value.split(",").map(ports), negated };
		case "--sport":
			return { kind: "sport", ranges: value.split(",").map(ports), negated };
		case "--ctstate":
		case "--state":
			return { kind: "ctstate", states: value.toLowerCase().split(","), negated };
		case "--ctorigdstport":
			return { kind: "ctorigdport", ranges: [ports(value)], negated };
		case "--dst-type":
			return { kind: "addrtype", side: "dst", types: [value.toLowerCase()], negated };
		case "--src-type":
			return { kind: "addrtype", side: "src", types: [value.toLowerCase()], negated };
		case "--mark": {
			const [wanted = "0", mask = "0xffffffff"] = value.split("/");
			return { kind: "mark", value: Number(wanted), mask: Number(mask), negated };
		}
		case "--syn":
			return "skip";
		default:
			return null;
	}
}

function verdictOf(word: string, target: string, options: readonly string[], effects: Effect[]): Verdict {
	const to = (): NatTarget => natTarget(options[1] ?? "");
	switch (target) {
		case "ACCEPT":
			return { kind: "accept" };
		case "DROP":
			return { kind: "drop" };
		case "RETURN":
			return { kind: "return" };
		case "NFQUEUE":
			return { kind: "queue" };
		case "LOG":
			return { kind: "continue" };
		case "REJECT":
			return { kind: "reject", with: options[1] ?? null };
		case "DNAT":
			return { kind: "dnat", to: to() };
		case "SNAT":
			return { kind: "snat", to: to() };
		case "MASQUERADE":
			return { kind: "masquerade", to: { address: null, port: null, text: "" } };
		case "REDIRECT":
			return { kind: "redirect", to: natTarget(`:${options[1] ?? ""}`) };
		case "CT":
		case "NOTRACK":
			effects.push({ kind: "notrack" });
			return { kind: "continue" };
		case "MARK":
			effects.push({ kind: "mark", text: options.join(" "), set: { keep: 0, flip: Number(options[1] ?? "0") } });
			return { kind: "continue" };
		default:
			return word === "-g" ? { kind: "goto", chain: target } : { kind: "jump", chain: target };
	}
}

function natTarget(text: string): NatTarget {
	const [address = "", port = ""] = text.split(":");
	return {
		address: address === "" ? null : (ranges(address)[0] ?? null),
		port: port === "" ? null : ports(port),
		text,
	};
}

function ranges(text: string): AddressRange[] {
	return text.split(",").flatMap((part) => {
		const prefix = parsePrefix(part);
		return prefix ? [rangeOf(prefix)] : [];
	});
}

function ports(text: string): PortRange {
	const [from = "0", to = from] = text.split(":");
	return { from: Number(from), to: Number(to) };
}

/** A table of the nft program itself. A rule is written in iptables' words, or as `vmap KEY { key : target, … }`. */
export function nativeTable(
	family: Family,
	name: string,
	chains: readonly { readonly name: string; readonly base?: BaseChain; readonly rules: readonly string[] }[],
	sets: readonly NamedSet[] = [],
): Table {
	return {
		family,
		name,
		backend: "nf_tables",
		native: true,
		complete: true,
		interfacesShown: true,
		sets,
		at: NOWHERE,
		chains: chains.map((chain) => ({
			name: chain.name,
			base: chain.base ?? null,
			references: null,
			at: NOWHERE,
			rules: chain.rules.map((line, index) => nativeRule(chain.name, line, index + 1)),
		})),
	};
}

function nativeRule(chain: string, line: string, number: number): Rule {
	const map = /^vmap (.+?) \{ (.+) \}$/.exec(line);
	if (!map) return { ...ruleOf(`-A ${chain} ${line}`, number), text: line };
	const elements = (map[2] ?? "").split(", ").map((element) => {
		const [key = "", verdict = ""] = element.split(" : ");
		return { key, verdict: verdictOf("-j", verdict, [], []) };
	});
	return {
		...ruleOf(`-A ${chain}`, number),
		text: line,
		verdict: { kind: "vmap", key: map[1] ?? "", map: "", elements },
	};
}

/** A set of nft or an ipset. */
export function namedSet(name: string, type: string, elements: readonly string[] | null): NamedSet {
	return { name, type, elements, verdicts: null, at: NOWHERE };
}
