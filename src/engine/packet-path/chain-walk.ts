import type { Chain, Rule, Table, Verdict } from "../netfilter/ruleset";
import { elementMatches, fieldsOfKey, keyApplies } from "./element-match";
import { withEffects } from "./mark-effect";
import { ruleMatches, type Surroundings, whatDecides } from "./matching";
import { altered, type Packet } from "./packet";
import { both, type Ternary } from "./ternary";
import { translated } from "./translation";

/** One chain on the way, and the rule by which the packet left it (null: no rule took it). */
export type Visit = {
	readonly table: Table;
	readonly chain: Chain;
	readonly rule: Rule | null;
	readonly note: string | null;
};

/** A way a packet can leave a chain. `fall`: past the last rule, or RETURN. `lost`: what happens next was not shown. */
export type Exit = {
	readonly kind: "accept" | "drop" | "reject" | "fall" | "lost";
	readonly packet: Packet;
	readonly visits: readonly Visit[];
	/** Commands whose output would tell whether this way is taken. Empty on the way taken when no open condition holds. */
	readonly needs: readonly string[];
};

/** What a walk through chains shares: where it is, what it found already, and how much work is left. */
export type ChainWalk = {
	readonly around: Surroundings;
	readonly chainsOf: (table: Table) => ReadonlyMap<string, Chain>;
	readonly found: Map<Chain, Map<string, readonly Exit[]>>;
	/** Rules that may still be tried: pasted text must not be able to keep the tab busy. */
	budget: number;
};

/** Rules tried in one walk. A set of 10,000 rules needs some 40,000. */
export const RULE_BUDGET = 2_000_000;
/** The kernel's nf_tables refuses deeper jumps (NFT_JUMP_STACK_SIZE 16); iptables-legacy may go further. */
const MAX_DEPTH = 64;
/** Packets that differ only in what open conditions did to them. */
const MAX_LIVE = 16;

type Live = { readonly packet: Packet; readonly visits: readonly Visit[]; readonly needs: readonly string[] };

/** All ways by which a packet can leave a chain; found once for each chain and packet. */
export function exitsOf(
	walk: ChainWalk,
	table: Table,
	chain: Chain,
	packet: Packet,
	stack: readonly Chain[],
): readonly Exit[] {
	const known = walk.found.get(chain)?.get(packet.key);
	if (known) return known;
	if (stack.length >= MAX_DEPTH || stack.includes(chain)) {
		const note = "The chains jump in a circle, which no kernel loads: the listing was put together from parts.";
		return [{ kind: "lost", packet, visits: [{ table, chain, rule: null, note }], needs: ["iptables-save"] }];
	}
	const exits = runRules(walk, table, chain, packet, [...stack, chain]);
	const ofChain = walk.found.get(chain) ?? new Map<string, readonly Exit[]>();
	walk.found.set(chain, ofChain);
	ofChain.set(packet.key, exits);
	return exits;
}

function runRules(
	walk: ChainWalk,
	table: Table,
	chain: Chain,
	packet: Packet,
	stack: readonly Chain[],
): readonly Exit[] {
	const exits: Exits = new Map();
	let live: readonly Live[] = [{ packet, visits: [], needs: [] }];
	for (const rule of chain.rules) {
		if (walk.budget <= 0) {
			for (const one of live) add(exits, { ...one, kind: "lost", needs: ["iptables-save"] });
			return [...exits.values()];
		}
		walk.budget -= live.length;
		let next: Live[] | null = null;
		for (const [index, one] of live.entries()) {
			const answer = ruleMatches(rule, table, chain, one.packet, walk.around);
			if (answer === "no") {
				next?.push(one);
				continue;
			}
			next ??= live.slice(0, index);
			if (answer === "maybe") next.push(one);
			const needs =
				answer === "maybe" ? joined(one.needs, whatDecides(rule, table, one.packet, walk.around)) : one.needs;
			const taken = { packet: withEffects(rule.effects, one.packet), visits: one.visits, needs };
			apply(walk, { table, chain, rule, verdict: rule.verdict }, taken, stack, next, exits);
		}
		if (next) live = merged(next, exits);
		if (live.length === 0) return [...exits.values()];
	}
	for (const one of live) add(exits, { ...one, kind: "fall" });
	return [...exits.values()];
}

type Place = { readonly table: Table; readonly chain: Chain; readonly rule: Rule; readonly verdict: Verdict };

function apply(walk: ChainWalk, place: Place, one: Live, stack: readonly Chain[], next: Live[], exits: Exits): void {
	const { table, chain, rule, verdict } = place;
	const here: Visit = { table, chain, rule, note: null };
	const leave = (kind: Exit["kind"], packet: Packet, note: string | null = null, needs = one.needs): void =>
		add(exits, { kind, packet, visits: [...one.visits, { ...here, note }], needs });
	switch (verdict.kind) {
		case "accept":
		case "drop":
		case "reject":
			leave(verdict.kind, one.packet);
			break;
		case "return":
			add(exits, { ...one, kind: "fall" });
			break;
		case "continue":
			next.push(one);
			break;
		case "queue": {
			const needs = joined(one.needs, ["cat /proc/net/netfilter/nfnetlink_queue"]);
			leave("lost", one.packet, "A program that reads the queue decides about the packet.", needs);
			break;
		}
		case "dnat":
		case "redirect":
		case "snat":
		case "masquerade":
			leave("accept", translated(one.packet, verdict, walk.around.topology));
			break;
		case "jump":
		case "goto":
			jump(walk, { ...place, verdict }, one, stack, next, exits);
			break;
		case "vmap":
			lookUp(walk, { ...place, verdict }, one, stack, next, exits);
			break;
		case "unknown":
			next.push(one);
			if (HARMLESS_TARGETS.has(verdict.target.toUpperCase())) break;
			leave(
				"lost",
				one.packet,
				"What the target of this rule does is not known here.",
				joined(one.needs, [listingOf(table)]),
			);
			break;
		default:
			verdict satisfies never;
	}
}

/** Targets that let the packet go on to the next rule (iptables-extensions(8)). */
const HARMLESS_TARGETS = new Set([
	...["LOG", "NFLOG", "ULOG", "TRACE", "AUDIT", "LED", "RATEEST", "IDLETIMER", "SET", "TEE"],
	...["MARK", "CONNMARK", "CT", "NOTRACK", "CLASSIFY", "SECMARK", "CONNSECMARK", "HMARK"],
	...["TCPMSS", "CHECKSUM", "DSCP", "TOS", "TTL", "HL", "ECN", "TCPOPTSTRIP"],
]);

type JumpPlace = Place & { readonly verdict: Extract<Verdict, { readonly kind: "jump" | "goto" }> };

function jump(
	walk: ChainWalk,
	{ table, chain, rule, verdict }: JumpPlace,
	one: Live,
	stack: readonly Chain[],
	next: Live[],
	exits: Exits,
): void {
	const here: Visit = { table, chain, rule, note: null };
	const target = walk.chainsOf(table).get(verdict.chain);
	if (!target) {
		const note = `Chain \`${verdict.chain}\`, which this rule jumps to, was not shown.`;
		add(exits, {
			kind: "lost",
			packet: one.packet,
			visits: [...one.visits, { ...here, note }],
			needs: joined(one.needs, [listingOf(table)]),
		});
		next.push(one);
		return;
	}
	for (const exit of exitsOf(walk, table, target, one.packet, stack)) {
		const needs = joined(one.needs, exit.needs);
		if (exit.kind !== "fall") add(exits, { ...exit, visits: [...one.visits, here, ...exit.visits], needs });
		else {
			const passed = isNotable(target) ? [...one.visits, { table, chain: target, rule: null, note: null }] : one.visits;
			const through = { packet: exit.packet, visits: [...passed, ...exit.visits], needs };
			if (verdict.kind === "jump") next.push(through);
			else add(exits, { ...through, kind: "fall" });
		}
	}
}

/** Chains that a reader expects on the drawn line even when they let the packet pass. */
function isNotable(chain: Chain): boolean {
	return chain.name === "DOCKER" || chain.name === "DOCKER-USER" || chain.name === "nat-prerouting-and-output";
}

type MapPlace = Place & { readonly verdict: Extract<Verdict, { readonly kind: "vmap" }> };

function lookUp(
	walk: ChainWalk,
	place: MapPlace,
	one: Live,
	stack: readonly Chain[],
	next: Live[],
	exits: Exits,
): void {
	const { table, chain, rule, verdict } = place;
	const elements = verdict.elements ?? walk.around.setsOf(table).get(verdict.map)?.verdicts ?? null;
	const fields = fieldsOfKey(verdict.key);
	if (!elements || (!fields && elements.length > 0)) {
		const note = elements
			? `The key \`${verdict.key}\` of the map is not read here.`
			: `The elements of map \`${verdict.map}\` were not shown.`;
		add(exits, {
			kind: "lost",
			packet: one.packet,
			visits: [...one.visits, { table, chain, rule, note }],
			needs: joined(one.needs, ["nft list ruleset"]),
		});
		next.push(one);
		return;
	}
	if (!keyApplies(verdict.key, one.packet)) {
		next.push(one);
		return;
	}
	let rest: Ternary = "yes";
	for (const element of elements) {
		const hit = elementMatches(element.key, fields ?? [], one.packet);
		if (hit === "no") continue;
		const needs = both(hit, rest) === "maybe" ? joined(one.needs, ["nft list ruleset"]) : one.needs;
		apply(walk, { ...place, verdict: element.verdict }, { ...one, needs }, stack, next, exits);
		if (hit === "yes") return;
		rest = "maybe";
	}
	next.push(one);
}

function listingOf(table: Table): string {
	if (table.native) return "nft list ruleset";
	return table.family === "ip6" ? "ip6tables-save" : "iptables-save";
}

/** Needs of both; the order is the order of the way. */
export function joined(a: readonly string[], b: readonly string[]): readonly string[] {
	if (b.length === 0) return a;
	if (a.length === 0) return b;
	return [...new Set([...a, ...b])];
}

/**
 * Two ways that lead to the same place: if one needs less, the open condition of the other changed nothing.
 * Otherwise both conditions matter together.
 */
export function simpler<T extends { readonly needs: readonly string[] }>(a: T, b: T): T {
	if (a.needs.every((need) => b.needs.includes(need))) return a;
	if (b.needs.every((need) => a.needs.includes(need))) return b;
	return { ...a, needs: joined(a.needs, b.needs) };
}

function merged(live: readonly Live[], exits: Exits): readonly Live[] {
	if (live.length < 2) return live;
	const byKey = new Map<string, Live>();
	for (const one of live) {
		const twin = byKey.get(one.packet.key);
		if (twin) byKey.set(one.packet.key, simpler(twin, one));
		else if (byKey.size < MAX_LIVE) byKey.set(one.packet.key, one);
		else add(exits, { ...one, kind: "lost", needs: joined(one.needs, ["iptables-save -c"]) });
	}
	return [...byKey.values()];
}

/** Exits, one for each kind and packet. */
type Exits = Map<string, Exit>;

function add(exits: Exits, exit: Exit): void {
	const key = `${exit.kind} ${exit.packet.key}`;
	const twin = exits.get(key);
	exits.set(key, twin ? simpler(twin, exit) : exit);
}

/** The packet once conntrack has seen it (priority -200): new, or the answer of a known connection. */
export function tracked(packet: Packet): Packet {
	if (packet.tracking !== "not-yet") return packet;
	if (packet.direction === "original") return altered(packet, { tracking: "new" });
	// Without a connection a SYN/ACK, a reset and an ICMP error are INVALID and a datagram begins one
	// (nf_conntrack_proto_tcp.c, tcp_conntracks[]; nf_conntrack_proto_icmp.c).
	if (!packet.connection.tracked) return altered(packet, { tracking: packet.protocol === "udp" ? "new" : "invalid" });
	return altered(packet, { tracking: packet.form.kind === "error" ? "related" : "established" });
}
