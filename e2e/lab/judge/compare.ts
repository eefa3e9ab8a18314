import type { Outcome, Trace } from "../../../src/engine/packet-path/trace";
import { walk } from "../../../src/engine/packet-path/walk";
import type { World } from "../../../src/engine/packet-path/world";
import type { Source } from "../../../src/engine/text/evidence";
import { type Decider, decidersWithCounters } from "./counters";
import { collectRest, collectRules, type Published, worldFrom } from "./evidence";
import { kernelOutcomes, type Sent } from "./outcome";
import { agentAt, CLIENT, NEIGHBOUR, type Rig } from "./rig";
import { loadRules, type RuleTexts } from "./rules";
import { startWatching } from "./watch";

/** One flow through one rule set: what the kernel did, what the engine says. */
export type Pair = {
	readonly sent: Sent;
	readonly kernel: Outcome;
	/** What the sender and the watch tables noted. */
	readonly noted: string;
	readonly trace: Trace;
	readonly agrees: boolean;
	/** The same asked of less: a table of the two iptables was not shown. */
	readonly partial: readonly { readonly hidden: string; readonly trace: Trace; readonly agrees: boolean }[];
};

/** A rule whose packet counter is not what the walks say. */
export type Miscount = { readonly decider: Decider; readonly walked: number };

/** How the kernel and the engine compare on one rule set. */
export type Comparison = {
	/** Null, or why the rule set could not be loaded. */
	readonly refusedBy: string | null;
	readonly sources: readonly Source[];
	readonly pairs: readonly Pair[];
	readonly miscounts: readonly Miscount[];
};

const collected = new WeakMap<Rig, readonly Source[]>();

/** How a rule set is asked. */
export type Asked = {
	readonly published: readonly Published[];
	/** Bytes must come back. */
	readonly exchange?: boolean;
	/** As daemon.json says it; null where the rig has no Docker at all. */
	readonly userlandProxy?: boolean | null;
	/** The host itself was changed since it was last looked at. */
	readonly fresh?: boolean;
	/** Tables that are left out in turn: what is said then must be borne out as well. */
	readonly hidden?: readonly string[];
};

/** Loads a rule set, lists it, sends the flows, and asks the engine the same. */
export async function compare(
	rig: Rig,
	rules: RuleTexts,
	sent: readonly Sent[],
	{ published, exchange = false, userlandProxy = null, fresh = false, hidden = [] }: Asked,
): Promise<Comparison> {
	const host = agentAt(rig, "host");
	const problem = await loadRules(host, rules);
	if (problem !== null) return { refusedBy: problem, sources: [], pairs: [], miscounts: [] };
	const rest = (fresh ? null : collected.get(rig)) ?? (await collectRest(host));
	if (!fresh) collected.set(rig, rest);
	const sources = [...(await collectRules(host)), ...rest];
	const world = worldFrom(
		sources,
		published,
		rules.ipsets.map(({ set }) => set),
	);
	await startWatching(host, "host");
	const outcomes = await kernelOutcomes(rig, sent, exchange);
	const pairs = sent.map((one, index): Pair => {
		const seen = { ...world, userlandProxy, clientAddress: one.source === NEIGHBOUR ? NEIGHBOUR : CLIENT };
		const kernel = outcomes[index]?.outcome ?? "unknown";
		const trace = walk(seen, one.flow);
		const partial = hidden.map((table) => {
			const less = walk(without(seen, table), one.flow);
			return {
				hidden: table,
				trace: less,
				agrees: isBorneOut(less, kernel) || (isStopped(less.outcome) && isStopped(kernel)),
			};
		});
		return { sent: one, kernel, noted: outcomes[index]?.says ?? "", trace, agrees: isBorneOut(trace, kernel), partial };
	});
	// Of several programs the one that registered last is asked first, which no listing shows.
	const programs = [rules.legacy, rules.nft, rules.native].filter((text) => text !== "").length;
	const miscounts = exchange || programs > 1 ? [] : await miscounted(rig, pairs);
	return { refusedBy: null, sources, pairs, miscounts };
}

/** Whether the kernel's outcome is the one that was said, or one of those that were left open. */
function isBorneOut({ outcome, possible, viaProxy }: Trace, kernel: Outcome): boolean {
	// A proxy closes the client's connection, whatever told it that nobody is there.
	const seen: Outcome = viaProxy && outcome === "rejected" ? "refused" : outcome;
	return seen === kernel || (outcome === "unknown" && possible.includes(kernel));
}

/** What stops a packet that another rule stops as well can't be told without that rule. */
function isStopped(outcome: Outcome): boolean {
	return outcome === "dropped" || outcome === "rejected";
}

/** The same host when a table of the two iptables was not shown. */
function without(world: World, table: string): World {
	return { ...world, shown: [], tables: world.tables.filter((one) => one.native || one.name !== table) };
}

/**
 * Each packet that a walk says is stopped by a rule must have been counted by that rule. The other way round only where
 * nobody sends more than first packets: a program of the host has its whole conversation pass the rules.
 */
async function miscounted(rig: Rig, pairs: readonly Pair[]): Promise<readonly Miscount[]> {
	if (pairs.some(({ trace, agrees }) => trace.outcome === "unknown" || !agrees)) return [];
	const exact = pairs.every(({ sent, trace, kernel }) => sent.flow.from !== "host" && !isUntold(trace, kernel));
	const deciders = decidersWithCounters(await collectRules(agentAt(rig, "host")));
	const walked = new Map<string, number>();
	for (const { trace } of pairs) {
		const by = trace.decidedBy;
		if (!by || trace.viaProxy || (trace.outcome !== "dropped" && trace.outcome !== "rejected")) continue;
		const key = [by.backend, by.family, by.table, by.chain, by.rule].join(" ");
		walked.set(key, (walked.get(key) ?? 0) + 1);
	}
	return deciders.flatMap((decider) => {
		const expected = walked.get(decider.key) ?? 0;
		const same = exact ? decider.packets === expected : decider.packets >= expected;
		return same ? [] : [{ decider, walked: expected }];
	});
}

/** The rule that rejects decides, but the rule that drops the news of it counts as well. */
function isUntold({ steps }: Trace, kernel: Outcome): boolean {
	return (
		kernel === "dropped" &&
		steps.some((step) => step.rule?.text.includes("REJECT") || step.rule?.text.includes("reject"))
	);
}
