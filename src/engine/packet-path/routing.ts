import { type Address, formatAddress, inRange, parsePrefix, rangeOf } from "../netfilter/address";
import type { Packet } from "./packet";
import { NO_INTERFACE } from "./packet";
import { both, certain, inverted, type Ternary } from "./ternary";
import { type ParsedRoute, type Route, routeTo, type Topology } from "./topology";

/**
 * Policy routing: which table is asked for a packet (ip-rule(8), fib_rules_lookup in net/core/fib_rules.c). Without
 * `ip rule`, or with the kernel's own three rules alone, the main table decides.
 */

/** What is known of where a packet goes. `open`: a rule or a table that was not shown, or can't be read, decides. */
export type Routed =
	| { readonly kind: "route"; readonly route: Route /** Null: the main table. */; readonly table: string | null }
	| { readonly kind: "none" }
	| { readonly kind: "open"; readonly says: string; readonly needs: readonly string[] };

/** What the lookup asks with. `source` null: not chosen yet, as for the first packet of a program on the host. */
export type Question = {
	readonly destination: Address;
	readonly source: Address | null;
	/** `lo` for what the host sends itself. */
	readonly iif: string;
	/** Null: not known. */
	readonly mark: number | null;
};

/** One rule in the order of priority. */
type PolicyRule = Topology["policy"][number];

/** Where a packet goes by the rules that were shown. */
export function routed(topology: Topology, question: Question): Routed {
	const main = byMain(topology, question.destination);
	const doubts: { readonly rule: PolicyRule; readonly found: Routed }[] = [];
	for (const rule of topology.policy) {
		const answer = applies(rule, question);
		if (answer === "no") continue;
		const found = lookUp(topology, rule, question, main);
		if (found === null) continue;
		if (answer === "yes") return settle(found, doubts, question);
		doubts.push({ rule, found });
	}
	return settle(main, doubts, question);
}

/** The question of a packet under way. */
export function questionOf({ source, destination, iif, mark }: Packet): Question {
	return {
		destination: destination.address,
		source: source.address,
		iif: iif === NO_INTERFACE ? "lo" : iif,
		mark,
	};
}

function byMain(topology: Topology, destination: Address): Routed {
	const route = routeTo(topology, destination);
	return route ? { kind: "route", route, table: null } : { kind: "none" };
}

/** A rule that may or may not apply matters only if it leads elsewhere. */
function settle(
	found: Routed,
	doubts: readonly { readonly rule: PolicyRule; readonly found: Routed }[],
	{ destination }: Question,
): Routed {
	const other = doubts.find((doubt) => deviceOf(doubt.found) !== deviceOf(found));
	if (!other) return found;
	if (other.found.kind === "open") return other.found;
	return {
		kind: "open",
		says: `Whether the routing rule \`${other.rule.text}\` takes the packet can’t be told from what was shown.`,
		needs: [`ip route get ${formatAddress(destination)}`],
	};
}

function deviceOf(found: Routed): string {
	return found.kind === "route" ? found.route.device : found.kind;
}

/** What the table of a rule says; null: nothing, the next rule is asked. */
function lookUp(topology: Topology, rule: PolicyRule, { destination }: Question, main: Routed): Routed | null {
	const { table } = rule;
	if (["unreachable", "blackhole", "prohibit"].includes(table)) return { kind: "none" };
	if (table === "local" || table === "255") return null;
	const words = rule.text.split(/\s+/, 60);
	const suppressed = Number(words[words.indexOf("suppress_prefixlength") + 1] ?? "");
	const isTooShort = (length: number): boolean => words.includes("suppress_prefixlength") && length <= suppressed;
	if (table === "main" || table === "254") {
		if (main.kind !== "route") return null;
		return isTooShort(main.route.length) ? null : main;
	}
	const routes = topology.otherTables.get(table);
	if (routes === undefined) {
		if (table === "default" || table === "253" || table.startsWith("[")) return null;
		return {
			kind: "open",
			says: `The routing rule \`${rule.text}\` asks table \`${table}\`, which was not shown.`,
			needs: [`ip route show table ${tableWord(table)}`],
		};
	}
	const best = routes.find(({ range }) => inRange(range, destination));
	if (!best || best.type === "throw" || isTooShort(best.length)) return null;
	if (best.type !== "unicast" || best.device === null) return { kind: "none" };
	return { kind: "route", route: asRoute(topology, best, best.device), table };
}

function asRoute(topology: Topology, { via, source, length }: ParsedRoute, device: string): Route {
	const own = topology.own.find((entry) => entry.interface === device)?.address ?? null;
	const bridge = topology.bridges.find(({ name }) => name === device) ?? null;
	return { device, via, source: source ?? own, bridge, length };
}

/** A table's name fit for a command; pasted text is not. */
function tableWord(table: string): string {
	return /^[A-Za-z0-9_.-]{1,30}$/.test(table) ? table : "all";
}

/** Whether a rule takes a packet. A selector that is not read here makes it `maybe`. */
function applies(rule: PolicyRule, question: Question): Ternary {
	const words = rule.text.split(/\s+/, 60);
	const isNot = words[0] === "not";
	let answer: Ternary = "yes";
	for (let at = isNot ? 1 : 0; at < words.length; at += 2) {
		const value = words[at + 1] ?? "";
		switch (words[at]) {
			case "from":
				answer = both(answer, within(value, question.source));
				break;
			case "to":
				answer = both(answer, within(value, question.destination));
				break;
			case "iif":
				answer = both(answer, certain(value === question.iif));
				break;
			case "oif":
				// Asked of sockets that are bound to an interface.
				answer = both(answer, "no");
				break;
			case "fwmark":
				answer = both(answer, marked(value, question.mark));
				break;
			case "lookup":
			case "table":
			case "proto":
			case "protocol":
			case "realms":
			case "suppress_prefixlength":
				break;
			case "unreachable":
			case "blackhole":
			case "prohibit":
				at--;
				break;
			case "[detached]":
				return "no";
			default:
				answer = both(answer, "maybe");
		}
	}
	return inverted(answer, isNot);
}

function within(prefix: string, address: Address | null): Ternary {
	if (prefix === "all") return "yes";
	const parsed = parsePrefix(prefix);
	if (!parsed) return "maybe";
	return certain(address !== null && inRange(rangeOf(parsed), address));
}

/** `0x2`, `0x80000/0xff0000`. */
function marked(text: string, mark: number | null): Ternary {
	const [value = "", mask = "0xffffffff"] = text.split("/", 2);
	const wanted = Number(value);
	const bits = Number(mask);
	if (mark === null || !Number.isFinite(wanted) || !Number.isFinite(bits)) return "maybe";
	return certain((mark & bits) >>> 0 === (wanted & bits) >>> 0);
}
