import type { HostFacts } from "../facts/host-facts";
import type { Decision, Flow, Step, Trace } from "../packet-path/trace";
import { walk } from "../packet-path/walk";
import type { Span } from "../text/span";
import { worldOf } from "./world-of";

/** Walks once for each flow and host, however many modes ask. The walk is pure, so this changes no answer. */
const walked = new WeakMap<HostFacts, Map<string, Trace>>();

/** Follows one packet through what was pasted. */
export function traceOf(facts: HostFacts, flow: Flow): Trace {
	const known = walked.get(facts) ?? new Map<string, Trace>();
	walked.set(facts, known);
	const key = JSON.stringify([
		flow.from,
		flow.protocol,
		flow.port,
		flow.to ?? null,
		flow.bridge ?? null,
		flow.family ?? null,
		flow.ownAddress ?? false,
	]);
	const trace = known.get(key) ?? walk(worldOf(facts), flow);
	known.set(key, trace);
	return trace;
}

/** Whether any rule set was shown, so that a walk means something. */
export function hasRules(facts: HostFacts): boolean {
	return facts.netfilter.tables.length > 0 || facts.netfilter.listed.length > 0;
}

export type PortInQuestion = { readonly port: number; readonly protocol: "tcp" | "udp" };

/** The port that matters: one that was tried in vain, else one that failed to be published, else any published one. */
export function portInQuestion(facts: HostFacts): PortInQuestion | null {
	const dead = facts.probes.findLast((probe) => probe.outcome !== "answered" && probe.port !== null);
	if (dead?.port) return { port: dead.port, protocol: "tcp" };
	for (const failure of facts.failures) {
		const text = failure.current ? (failure.best.command?.text ?? "") : "";
		const wanted = /--dport (\d{1,5})\b/.exec(text)?.[1];
		if (wanted && failure.best.command?.table === "nat")
			return { port: Number(wanted), protocol: text.includes("-p udp") ? "udp" : "tcp" };
	}
	const containers = facts.containers.known ? facts.containers.value : [];
	const published = containers.filter((one) => one.state === "running").flatMap((one) => one.ports ?? [])[0];
	if (published) return { port: published.hostPort, protocol: published.protocol === "udp" ? "udp" : "tcp" };
	const tried = facts.probes.find((probe) => probe.port !== null);
	return tried?.port ? { port: tried.port, protocol: "tcp" } : translatedPort(facts);
}

/** The first port that Docker's own chain translates: where no container was listed, the rules name what is published. */
function translatedPort({ rules }: HostFacts): PortInQuestion | null {
	const docker =
		rules.nat.kind === "shown" ? rules.nat.table?.chains.find((chain) => chain.name === "DOCKER") : undefined;
	const rule = docker?.rules.find((one) => one.verdict.kind === "dnat");
	const port = rule?.matches.flatMap((match) => (match.kind === "dport" && !match.negated ? match.ranges : []))[0]
		?.from;
	const udp = rule?.matches.some((match) => match.kind === "protocol" && match.protocols.includes("udp")) ?? false;
	return port === undefined ? null : { port, protocol: udp ? "udp" : "tcp" };
}

/** From outside to the port in question; null without rules or without a port. */
export function mainTrace(facts: HostFacts): Trace | null {
	const port = portInQuestion(facts);
	return port && hasRules(facts) ? traceOf(facts, { from: "outside", ...port }) : null;
}

/** Where a packet from outside to the port in question stops for good: at a rule or policy that drops or rejects it. */
export type Block = {
	readonly trace: Trace;
	readonly decision: Decision;
	readonly at: readonly Span[];
	readonly owner: NonNullable<Step["rule"]>["owner"] | null;
};

/** The block of the main trace, or null where the packet is not known to be stopped by a rule. */
export function blockOf(trace: Trace | null): Block | null {
	if (!trace?.decidedBy || (trace.outcome !== "dropped" && trace.outcome !== "rejected")) return null;
	const stopped = trace.steps.find((step) => step.state === "stopped");
	return { trace, decision: trace.decidedBy, at: stopped?.at ? [stopped.at] : [], owner: stopped?.rule?.owner ?? null };
}

/** `rule 2 of `FORWARD` in table filter (`-A FORWARD -j REJECT`)` or `the policy of `FORWARD` in table filter`, for a sentence. */
export function ruleWords({ chain, rule, text, table, family }: Decision): string {
	const place = `\`${chain}\` in table ${family === "inet" ? `inet ${table}` : table}`;
	return rule === "policy" ? `the policy of ${place}` : `rule ${rule} of ${place} (\`${text}\`)`;
}

/** The same at the head of a sentence. */
export function ruleWordsFirst(decision: Decision): string {
	const words = ruleWords(decision);
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether the rules let the packet through to who answers: all the way, or but for a routing rule that takes the answer. */
export function passesRules(trace: Trace | null): boolean {
	if (trace === null || trace.outcome === "delivered") return trace !== null;
	const open = trace.steps.findIndex(({ state }) => state === "unknown");
	const before = trace.steps.slice(0, Math.max(open, 0));
	return trace.steps[open]?.kind === "route" && before.some(({ kind }) => kind === "destination" || kind === "socket");
}
