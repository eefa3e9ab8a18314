import { join } from "node:path";
import { analyse } from "../../../src/engine/analyse";
import type { Source } from "../../../src/engine/text/evidence";
import { applyScript } from "./apply-script";
import { breakAndCollect, startHealthy } from "./break";
import { type CollectorReport, judgeCollector } from "./collect";
import { type HostKind, hostUp } from "./host";
import { indented, type Outcome, signsOf } from "./outcome";
import { pulse } from "./pulse";
import type { Scenario } from "./scenarios/scenario";

/** One line of the table. */
export type Row = {
	readonly scenario: string;
	readonly kind: HostKind;
	/** First finding and its confidence. */
	readonly found: string;
	readonly collector: CollectorReport | null;
	readonly outcome: Outcome;
	readonly seconds: number;
	/** What is not as it should be; empty: all well. */
	readonly problems: readonly string[];
	/** What was collected while the host was broken, and after the repair. */
	readonly evidence: readonly Source[];
	readonly after: readonly Source[];
};

/** How the lab runs: `quick` leaves the collector's other shells out; `agentFile` is the pulse agent built for Node. */
export type RunSettings = {
	readonly quick: boolean;
	/** Hosts at the same time. */
	readonly atOnce: number;
	readonly agentFile: string;
	readonly print: (line: string) => void;
};

/** Breaks a host, collects, diagnoses, applies the script, looks from outside, applies again, takes it back. */
export async function runScenario(scenario: Scenario, kind: HostKind, settings: RunSettings): Promise<Row> {
	const started = performance.now();
	const problems: string[] = [];
	const outcome: Outcome = { applied: "-", silent: "-", outside: "-", again: "-", undone: "-", reverted: "-" };
	let found = "";
	let collector: CollectorReport | null = null;
	let evidence: readonly Source[] = [];
	let after: readonly Source[] = [];
	const host = await hostUp({ ...kind, ...scenario.kinds }, settings.print);
	try {
		await startHealthy(host, (kind.daemonJson ?? scenario.kinds?.daemonJson)?.["iptables"] !== false);
		evidence = await breakAndCollect(host, scenario);
		const analysis = analyse(evidence);
		const [first] = analysis.findings;
		found = first ? `${first.failure} (${first.confidence})` : "nothing";
		if (!first || !scenario.expected.includes(first.failure))
			problems.push(
				`found ${found}, expected ${scenario.expected.join(" or ")}; signs:\n${indented(signsOf(analysis))}`,
			);
		if (!settings.quick) {
			collector = await judgeCollector(host, scenario.alone ?? scenario.expected);
			problems.push(...collector.problems);
		}
		if (first?.plan) {
			const watch = pulse(host, 8080, settings.agentFile);
			try {
				after = await applyScript(host, scenario, analysis, outcome, problems, watch);
			} finally {
				await watch.stop();
			}
		} else if (scenario.expected[0] !== "healthy" && !scenario.expected.includes("not-networking"))
			problems.push(`no plan for ${found}`);
	} catch (problem) {
		problems.push(String(problem));
	} finally {
		await host.down();
	}
	return {
		scenario: scenario.name,
		kind,
		found,
		collector,
		outcome,
		seconds: (performance.now() - started) / 1000,
		problems,
		evidence,
		after,
	};
}

/** Where the built agent lies beside the lab. */
export const pulseAgent = (folder: string): string => join(folder, "pulse-agent.mjs");
