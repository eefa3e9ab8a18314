import type { Hook } from "../netfilter/ruleset";
import { answering, type Branch, type Ends, endOf, merged } from "./branch";
import { type Exit, exitsOf, joined, tracked } from "./chain-walk";
import { outputRoute, unroutable } from "./forwarding";
import { hiddenFilter, hiddenNat } from "./hidden-tables";
import { altered, type Packet } from "./packet";
import { type Entry, formatEndpoint, type Setting } from "./setting";
import {
	chainStation,
	decisionOf,
	passedBySentence,
	policySentence,
	ruleSentence,
	station,
	stationName,
} from "./stations";
import { sameAddress } from "./topology";
import type { Outcome, Step } from "./trace";

/** conntrack looks at packets at priority -200 (NF_IP_PRI_CONNTRACK). */
const CONNTRACK = -200;

/** All base chains of a hook, in the kernel's order: an accept ends only its own chain, a drop is final. */
export function passHook(setting: Setting, hook: Hook, branches: readonly Branch[], ends: Ends): readonly Branch[] {
	const entries = setting.hooks.get(hook) ?? [];
	let under = branches;
	let seen = false;
	let undone = false;
	for (const entry of inBothOrders(entries)) {
		if (!seen && entry.priority >= CONNTRACK) {
			under = under.map(seenByConntrack);
			seen = true;
		}
		if (!undone && entry.priority >= natPriority(hook)) {
			under = under.map((branch) => withNatUndone(branch, hook));
			undone = true;
		}
		under =
			entry.orders.length === 1
				? passEntries(setting, entry.orders[0] ?? [], under, ends)
				: merged(
						entry.orders.flatMap((order) => passEntries(setting, order, under, ends)),
						ends,
					);
	}
	if (!seen) under = under.map(seenByConntrack);
	if (!undone) under = under.map((branch) => withNatUndone(branch, hook));
	if (hook === "prerouting" || hook === "output")
		under = under.flatMap((branch) => hiddenNat(setting, branch, hook, ends));
	if (hook === "forward" || hook === "input") for (const branch of under) hiddenFilter(setting, branch, hook, ends);
	return merged(under, ends).map((branch) => ({ ...branch, packet: settled(branch.packet, hook) }));
}

/**
 * The table that registered last is asked first among equal priorities (nf_hook_entries_grow), which no listing shows.
 * Of two nat chains the first that maps the connection wins, of two filters the first that drops or rejects: both orders
 * are walked.
 */
function inBothOrders(
	entries: readonly Entry[],
): readonly { readonly priority: number; readonly orders: readonly (readonly Entry[])[] }[] {
	const steps: { priority: number; orders: (readonly Entry[])[] }[] = [];
	for (const entry of entries) {
		const last = steps.at(-1);
		const group = last?.orders[0];
		if (last && group && last.priority === entry.base.priority && group.length < 4) {
			const longer = [...group, entry];
			last.orders = [longer, longer.toReversed()];
		} else steps.push({ priority: entry.base.priority, orders: [[entry]] });
	}
	return steps;
}

/** NF_IP_PRI_NAT_DST and NF_IP_PRI_NAT_SRC. */
function natPriority(hook: Hook): number {
	return hook === "prerouting" || hook === "output" ? -100 : 100;
}

/** The answer's addresses are changed back where those of the first packet are changed (nf_nat_packet in nf_nat_core.c). */
function withNatUndone(branch: Branch, hook: Hook): Branch {
	const { packet } = branch;
	const { source, destination, dnat, snat } = packet.connection;
	if (packet.direction !== "reply" || (packet.tracking !== "established" && packet.tracking !== "related"))
		return branch;
	if (hook === "prerouting" || hook === "output")
		return snat ? { ...branch, packet: altered(packet, { destination: source }) } : branch;
	return dnat && (hook === "postrouting" || hook === "input")
		? { ...branch, packet: altered(packet, { source: destination }) }
		: branch;
}

function seenByConntrack(branch: Branch): Branch {
	const packet = tracked(branch.packet);
	return packet === branch.packet ? branch : { ...branch, packet };
}

function passEntries(
	setting: Setting,
	entries: readonly Entry[],
	branches: readonly Branch[],
	ends: Ends,
): readonly Branch[] {
	let under = branches;
	for (const entry of entries)
		under = merged(
			under.flatMap((branch) => passEntry(setting, entry, branch, ends)),
			ends,
		);
	return under;
}

function passEntry(setting: Setting, entry: Entry, branch: Branch, ends: Ends): readonly Branch[] {
	if (entry.base.type === "nat" && !mayTranslate(entry, branch.packet)) return [branch];
	const { table, chain } = entry;
	const on: Branch[] = [];
	for (const exit of exitsOf(setting.walk, table, chain, branch.packet, [])) {
		const needs = joined(branch.needs, exit.needs);
		if (exit.kind !== "fall") leave(entry, branch, { ...exit, needs }, on, ends);
		else {
			const policy = entry.base.policy;
			if (policy !== "drop") on.push(passed(entry, branch, { ...exit, needs }, policy));
			if (policy !== "accept") {
				// A policy that was not printed is ACCEPT on most hosts and DROP on a careful one.
				const asked = policy === null ? joined(needs, [table.native ? "nft list ruleset" : "iptables-save"]) : needs;
				const visit = { table, chain, rule: null, note: null };
				const stop = chainStation(visit, "stopped", policySentence(entry, "drop"), "drop");
				const before = answering(branch)
					? []
					: passing(entry, exit, exit.visits).filter((step) => step.station !== stop.station);
				const line = [...branch.line, ...before, stop];
				ends.push(
					endOf(
						{ ...branch, packet: exit.packet, line, needs: asked },
						"dropped",
						decisionOf(visit, "drop"),
						policy === null,
					),
				);
			}
		}
	}
	// A packet of the host's own is routed anew as soon as its destination is another.
	if (entry.base.type !== "nat" || entry.base.hook !== "output") return on;
	return on.filter((one) => {
		if (sameAddress(one.packet.destination.address, branch.packet.destination.address)) return true;
		const route = outputRoute(setting, one.packet, true);
		if (route.kind === "open") return true;
		const problem = route.kind === "none" ? route.says : unroutable(setting, one.packet, route.device);
		if (problem === null) return true;
		ends.push(endOf({ ...one, line: [...one.line, station("route", "route", problem, "stopped")] }, "dropped", null));
		return false;
	});
}

/** nat chains see the first packet of a tracked connection, once for each direction of change. */
function mayTranslate({ base }: Entry, packet: Packet): boolean {
	if (packet.tracking !== "new" || packet.direction !== "original") return false;
	const source = base.hook === "postrouting" || base.hook === "input";
	return source ? !packet.connection.sourceSettled : !packet.connection.destinationSettled;
}

function leave(entry: Entry, branch: Branch, exit: Exit, on: Branch[], ends: Ends): void {
	const last = exit.visits.at(-1);
	if (exit.kind === "accept") {
		on.push(passed(entry, branch, exit, null));
		return;
	}
	const stopped = last && stationName(last);
	const before = answering(branch)
		? []
		: passing(entry, exit, exit.visits.slice(0, -1)).filter((step) => step.station !== stopped);
	const whose = answering(branch) ? "The answer" : "The packet";
	const lost = exit.kind === "lost";
	const stop = last ? [chainStation(last, lost ? "unknown" : "stopped", last.note ?? ruleSentence(last, whose))] : [];
	const ended = { ...branch, packet: exit.packet, line: [...branch.line, ...before, ...stop], needs: exit.needs };
	const outcome: Outcome = lost ? "unknown" : exit.kind === "drop" ? "dropped" : "rejected";
	const end = endOf(ended, outcome, last && !lost ? decisionOf(last, null) : null);
	const verdict = last?.rule?.verdict;
	const how = verdict?.kind === "reject" ? verdict.with : null;
	ends.push(outcome === "rejected" ? { ...end, rejected: { packet: exit.packet, how } } : end);
}

function passed(entry: Entry, branch: Branch, exit: Exit, policy: "accept" | "drop" | null): Branch {
	const { table, chain, base } = entry;
	const last = exit.visits.at(-1);
	const byRule = exit.kind === "accept" && last?.rule ? decisionOf(last, null) : null;
	const byPolicy = decisionOf({ table, chain, rule: null, note: null }, policy);
	const filters = base.type === "filter" && (base.hook === "forward" || base.hook === "input") && !answering(branch);
	const mapped = exit.packet.connection.dnat !== branch.packet.connection.dnat;
	const remapped = exit.packet.connection.snat !== branch.packet.connection.snat;
	const untouched = exit.kind === "fall" && base.type === "nat" && branch.outer !== null;
	const line = answering(branch) || untouched ? [] : passing(entry, exit, exit.visits, policy);
	const rewrite: Step[] = [];
	if (mapped && exit.packet.connection.dnat)
		rewrite.push(rewriteStation("DNAT", "destination", branch.packet.destination, exit.packet.connection.dnat));
	if (remapped && exit.packet.connection.snat && !sameAddress(exit.packet.source.address, branch.packet.source.address))
		rewrite.push(rewriteStation("SNAT", "source", branch.packet.source, exit.packet.connection.snat));
	return {
		packet: exit.packet,
		line: [...branch.line, ...line, ...rewrite],
		needs: exit.needs,
		decision: filters
			? (byRule ??
				(branch.decision && branch.decision.rule !== "policy" ? branch.decision : (byPolicy ?? branch.decision)))
			: branch.decision,
		translatedBy: mapped && last ? decisionOf(last, null) : branch.translatedBy,
		outer: branch.outer,
	};
}

function rewriteStation(name: string, part: string, from: Packet["source"], to: Packet["source"]): Step {
	const after = formatEndpoint(to.address, to.port.from);
	if (name === "SNAT")
		return station(name, "rewrite", `The ${part} becomes \`${after.slice(0, after.lastIndexOf(":"))}\`.`);
	return station(
		name,
		"rewrite",
		`The ${part} \`${formatEndpoint(from.address, from.port.from)}\` becomes \`${after}\`.`,
	);
}

/** The chains a packet went through at one base chain, as stations; where nothing happens to it only what a reader expects. */
function passing(entry: Entry, exit: Exit, visits: Exit["visits"], policy: "accept" | "drop" | null = null): Step[] {
	const { table, chain, base } = entry;
	const own = visits.find((visit) => visit.chain === chain);
	const root = own ?? { table, chain, rule: null, note: null };
	const says = own ? ruleSentence(own, "The packet") : throughSentence(entry, exit, policy);
	const rootStation = chainStation(root, "passed", says, own ? null : policy);
	if (!isCentral(entry)) {
		const quiet = chain.rules.length === 0 || base.hook === "postrouting" || base.hook === "output";
		return quiet ? [] : [rootStation];
	}
	const steps = [rootStation];
	const seen = new Set([rootStation.station]);
	for (const visit of visits) {
		const name = stationName(visit);
		if (seen.has(name)) continue;
		seen.add(name);
		const says = visit.rule
			? ruleSentence(visit, "The packet")
			: passedBySentence(visit, exit.packet.destination.port.from);
		steps.push(chainStation(visit, "passed", says));
	}
	return steps;
}

function throughSentence(entry: Entry, exit: Exit, policy: "accept" | "drop" | null): string {
	if (entry.base.type === "nat" && exit.kind === "fall") return untranslated(entry);
	return policy === "accept" ? policySentence(entry, policy) : `The packet goes through \`${entry.chain.name}\`.`;
}

/** The chains that decide about a published port stand on the line even when they are empty. */
function isCentral({ table, chain, base }: Entry): boolean {
	if (base.type === "nat") return base.hook === "prerouting" || base.hook === "output";
	if (base.hook === "forward" || base.hook === "input") return table.name === "filter" || chain.rules.length > 0;
	return false;
}

function untranslated({ table, chain }: Entry): string {
	const docker = table.chains.some((other) => other.name === "DOCKER" || other.name === "nat-prerouting-and-output");
	if (!docker && !table.native && table.complete) {
		return `Chain \`DOCKER\` is not in table ${table.name}: no rule translates the packet, it goes to the host itself.`;
	}
	return `No rule that \`${chain.name}\` leads to translates the packet: it goes to the host itself.`;
}

/** A decision to change nothing is a decision as well: later nat chains of the connection are not asked. */
function settled(packet: Packet, hook: Hook): Packet {
	if (packet.direction === "reply" || packet.tracking === "not-yet") return packet;
	const { destinationSettled, sourceSettled } = packet.connection;
	if ((hook === "prerouting" || hook === "output") && !destinationSettled) {
		return altered(packet, { connection: { ...packet.connection, destinationSettled: true } });
	}
	if ((hook === "postrouting" || hook === "input") && !sourceSettled) {
		return altered(packet, { connection: { ...packet.connection, sourceSettled: true } });
	}
	return packet;
}
