import type { Analysis } from "./diagnose/analysis";
import { diagnose } from "./diagnose/diagnose";
import { platformOf } from "./diagnose/platform";
import { summarise } from "./diagnose/summary";
import { worldOf } from "./diagnose/world-of";
import { gatherFacts } from "./facts/gather";
import type { HostFacts } from "./facts/host-facts";
import type { Reading } from "./facts/reading";
import { failureModes } from "./failure-modes";
import type { Flow, Trace } from "./packet-path/trace";
import { walk } from "./packet-path/walk";
import { parse } from "./parse";
import type { Evidence } from "./text/evidence";
import { recognise } from "./text/recognise";

/** Recognises and parses every artifact of the evidence, in order. */
export function read(evidence: Evidence): readonly Reading[] {
	return recognise(evidence).map((artifact) => ({ artifact, parsed: parse(artifact) }));
}

/** The whole way from text to verdict. Pure: the same text gives the same analysis. */
export function analyse(evidence: Evidence): Analysis {
	const readings = read(evidence);
	const facts = gatherFacts(readings);
	const { findings, ruledOut, next, unexplained } = diagnose(facts, failureModes);
	return {
		schema: "stackengine.analysis/1",
		artifacts: readings.map(summarise),
		findings,
		ruledOut,
		next,
		unexplained,
		platform: platformOf(facts),
		trace: mainTrace(facts),
	};
}

/** Follows one packet through what was pasted. */
export function traceFlow(evidence: Evidence, flow: Flow): Trace {
	return walk(worldOf(gatherFacts(read(evidence))), flow);
}

/** From outside to the port that matters: one that was tried in vain, else one that failed to be published, else any published one. */
function mainTrace(facts: HostFacts): Trace | null {
	if (facts.netfilter.tables.length === 0 && facts.netfilter.listed.length === 0) return null;
	const port = portInQuestion(facts);
	return port ? walk(worldOf(facts), { from: "outside", ...port }) : null;
}

function portInQuestion(facts: HostFacts): { readonly port: number; readonly protocol: "tcp" | "udp" } | null {
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
	return tried?.port ? { port: tried.port, protocol: "tcp" } : null;
}
