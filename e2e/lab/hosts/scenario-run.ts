import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "../../../src/engine/analyse";
import type { Analysis } from "../../../src/engine/diagnose/analysis";
import { renderBash } from "../../../src/engine/remedy/bash";
import { collectorScript } from "../../../src/engine/remedy/collector";
import type { Source } from "../../../src/engine/text/evidence";
import { askFromOutside, type Host, type HostKind, hostUp } from "./host";
import type { Ran } from "./run";
import type { Scenario } from "./scenarios";

/** One line of the table. */
export type Row = {
	readonly scenario: string;
	readonly host: string;
	/** First finding and its confidence. */
	readonly found: string;
	readonly applied: string;
	readonly outside: string;
	readonly again: string;
	readonly undone: string;
	readonly seconds: number;
	/** What is not as it should be; empty: all well. */
	readonly problems: readonly string[];
	/** What was collected while the host was broken, and after the repair. */
	readonly evidence: readonly Source[];
	readonly after: readonly Source[];
};

/** Breaks a host, collects, diagnoses, applies the script, looks from outside, applies again, takes it back. */
export async function runScenario(scenario: Scenario, kind: HostKind, print: (line: string) => void): Promise<Row> {
	const started = performance.now();
	const problems: string[] = [];
	const row = { found: "", applied: "-", outside: "-", again: "-", undone: "-" };
	let evidence: readonly Source[] = [];
	let after: readonly Source[] = [];
	const host = await hostUp({ ...kind, ...scenario.kinds }, print);
	const wrong = (what: string, ran: Ran) =>
		problems.push(`${what}: exit ${ran.status ?? "none, stopped"}\n${indented(`${ran.stdout}${ran.stderr}`)}`);
	try {
		await startHealthy(host);
		await host.sh(scenario.break, { seconds: 120 });
		const trigger = await host.sh(`${scenario.trigger} 2>&1`, { seconds: 120 });
		evidence = [
			...(await collected(host, scenario.heals)),
			terminal(`root@docker01:~# ${scenario.trigger}\n${trigger.stdout}`),
		];
		const analysis = analyse(evidence);
		const [first] = analysis.findings;
		row.found = first ? `${first.failure} (${first.confidence})` : "nothing";
		if (!first || !scenario.expected.includes(first.failure))
			problems.push(
				`found ${row.found}, expected ${scenario.expected.join(" or ")}; signs:\n${indented(signsOf(analysis))}`,
			);
		if (first?.plan) after = await heal(host, scenario, analysis, row, problems, wrong);
		else if (scenario.expected[0] !== "healthy") problems.push(`no plan for ${row.found}`);
	} catch (problem) {
		problems.push(String(problem));
	} finally {
		await host.down();
	}
	return {
		scenario: scenario.name,
		host: `${kind.suite} ${kind.backend}`,
		...row,
		seconds: (performance.now() - started) / 1000,
		problems,
		evidence,
		after,
	};
}

/** dockerd by its init script, and a container that answers. */
async function startHealthy(host: Host): Promise<void> {
	const commands = [
		"service docker start",
		"for i in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done; docker version >/dev/null",
		'docker import --change \'CMD ["/bin/serve","80"]\' /lab/image.tar lab/web >/dev/null',
		"docker run -d --name web --restart unless-stopped -p 8080:80 lab/web",
	];
	for (const command of commands) {
		const { status, stdout, stderr } = await host.sh(command, { seconds: 90 });
		if (status !== 0) {
			const log = await host.sh("tail -5 /var/log/docker.log");
			throw new Error(`the host did not start: ${command}: ${stdout}${stderr}${log.stdout}`);
		}
	}
	if (!(await answersSoon(host, 8080))) throw new Error("the healthy host does not answer from outside");
}

async function answersSoon(host: Host, port: number): Promise<boolean> {
	for (let tries = 0; tries < 10; tries++) {
		if ((await askFromOutside(host, port)).answers) return true;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	return false;
}

/** What the collector prints on the host, and what curl says outside. */
async function collected(host: Host, ports: readonly number[]): Promise<readonly Source[]> {
	writeFileSync(join(host.root, "root/collect.sh"), collectorScript());
	const { stdout } = await host.sh("sh /root/collect.sh 2>&1", { seconds: 180 });
	const probes: string[] = [];
	for (const port of ports) probes.push((await askFromOutside(host, port)).paste);
	return [
		{ id: "collector", name: "host.txt", text: stdout },
		{ id: "client", name: "client.txt", text: probes.join("\n") },
	];
}

function terminal(text: string): Source {
	return { id: "terminal", name: "terminal.txt", text };
}

async function heal(
	host: Host,
	scenario: Scenario,
	analysis: Analysis,
	row: { applied: string; outside: string; again: string; undone: string },
	problems: string[],
	wrong: (what: string, ran: Ran) => void,
): Promise<readonly Source[]> {
	const [first] = analysis.findings;
	if (!first?.plan) return [];
	const script = renderBash(first.plan, analysis.platform, { failure: first.failure, title: first.title });
	writeFileSync(join(host.root, "root/fix.sh"), script, { mode: 0o755 });
	const broken = await rulesOf(host);
	const dry = await host.sh("sh /root/fix.sh", { seconds: 120 });
	if (dry.status !== 0) wrong("dry run", dry);
	if ((await rulesOf(host)) !== broken) problems.push("the dry run changed the rules");
	const applied = await host.sh("sh /root/fix.sh --apply --yes", { seconds: 300 });
	row.applied = `exit ${applied.status}`;
	if (scenario.byHand) {
		row.outside = "by hand";
		if (!applied.stdout.includes("By hand") || (await rulesOf(host)) !== broken) wrong("a repair by hand", applied);
		return [];
	}
	if (applied.status !== 0) wrong("apply", applied);
	if (scenario.retry) {
		const retried = await host.sh(scenario.retry, { seconds: 60 });
		if (retried.status !== 0) wrong(scenario.retry, retried);
	}
	const answers: string[] = [];
	for (const port of scenario.heals) {
		const well = await answersSoon(host, port);
		answers.push(`${port} ${well ? "answers" : "dead"}`);
		if (!well) problems.push(`port ${port} does not answer from outside after the repair\n${indented(applied.stdout)}`);
	}
	row.outside = answers.join(", ") || "-";
	const healed = await rulesOf(host);
	const again = await host.sh("sh /root/fix.sh --apply --yes", { seconds: 300 });
	const unchanged = (await rulesOf(host)) === healed;
	row.again = again.stdout.includes("Nothing to do") ? "nothing to do" : `exit ${again.status}`;
	if (again.status !== 0 || !unchanged || !again.stdout.includes("Nothing to do")) {
		wrong(`second apply (rules ${unchanged ? "as they were" : "changed"})`, again);
	}
	const sources = await collected(host, scenario.heals);
	const after = analyse(sources);
	const [left] = after.findings;
	// The log of the daemon run keeps what it was refused before the repair: that is history, said with what stands against it.
	const isHistory = left?.confidence === "possible" && left.against.length > 0;
	if (left?.failure !== "healthy" && !isHistory)
		problems.push(
			`after the repair the host is said to be ${left?.failure} (${left?.confidence})\n${indented(signsOf(after))}`,
		);
	const undone = await host.sh("sh /root/fix.sh --undo --yes", { seconds: 300 });
	row.undone =
		undone.status === 0 ? ((await rulesOf(host)) === broken ? "as before" : "rules stay") : `exit ${undone.status}`;
	if (undone.status !== 0) wrong("undo", undone);
	return sources;
}

/** Rules of both backends without counters and times. */
async function rulesOf(host: Host): Promise<string> {
	const { stdout } = await host.sh(
		"iptables-legacy-save 2>/dev/null; iptables-nft-save 2>/dev/null; sysctl net.ipv4.ip_forward",
	);
	return stdout
		.split("\n")
		.filter((line) => !line.startsWith("#"))
		.map((line) => line.replace(/\[\d+:\d+\]/, ""))
		.join("\n");
}

function signsOf({ findings }: Analysis): string {
	return findings
		.map(
			({ failure, confidence, signs }) => `${failure} (${confidence}): ${signs.map((sign) => sign.says).join(" | ")}`,
		)
		.join("\n");
}

function indented(text: string): string {
	return text
		.trim()
		.split("\n")
		.map((line) => `    ${line}`)
		.join("\n");
}
