import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "../../../src/engine/analyse";
import type { Analysis } from "../../../src/engine/diagnose/analysis";
import { renderBash } from "../../../src/engine/remedy/bash";
import { type Plan, type Step, UNKNOWN_PLATFORM } from "../../../src/engine/remedy/plan";
import type { Source } from "../../../src/engine/text/evidence";
import { answersSoon } from "./break";
import { evidenceOf } from "./collect";
import type { Host } from "./host";
import { type Difference, differences, differenceText, type HostState, stateOf } from "./host-state";
import { indented, type Outcome, signsOf } from "./outcome";
import type { Pulse } from "./pulse";
import type { Ran } from "./run";
import type { ByHand, Scenario } from "./scenarios/scenario";

type Wrong = (what: string, ran: Ran) => void;

/**
 * The script on a broken host: dry run, without anybody who confirms, for good, once more, and taken back; in between
 * the ports are asked from outside and the host's state is compared. Gives what was collected after the repair.
 */
export async function applyScript(
	host: Host,
	scenario: Scenario,
	analysis: Analysis,
	outcome: Outcome,
	problems: string[],
	watch: Pulse,
): Promise<readonly Source[]> {
	const [first] = analysis.findings;
	if (!first?.plan) return [];
	const wrong: Wrong = (what, ran) =>
		problems.push(`${what}: exit ${ran.status ?? "none, stopped"}\n${indented(`${ran.stdout}${ran.stderr}`)}`);
	const script = renderBash(first.plan, analysis.platform, { failure: first.failure, title: first.title });
	writeFileSync(join(host.root, "root/fix.sh"), script, { mode: 0o755 });
	const broken = await stateOf(host);
	if (scenario.proves && (await host.sh(scenario.proves, { seconds: 30 })).status === 0)
		problems.push(`not broken: ${scenario.proves} succeeds`);
	const dry = await host.sh("sh /root/fix.sh", { seconds: 120 });
	if (dry.status !== 0) wrong("dry run", dry);
	unchanged("the dry run", broken, await stateOf(host), problems);
	if (scenario.byHand) {
		await byHand(host, scenario, scenario.byHand, first.plan, broken, outcome, problems, wrong);
		return await lookAgain(host, scenario, problems);
	}
	if (scenario.cutsOff) await nobodyConfirms(host, broken, outcome, problems, wrong);
	const applied = await host.sh("sh /root/fix.sh --apply --yes", { seconds: 300 });
	outcome.applied = `exit ${applied.status}`;
	if (applied.status !== 0) wrong("apply", applied);
	const repaired = await stateOf(host);
	await answers(host, scenario, outcome, problems, applied);
	const silence = await watch.stop();
	if (silence) outcome.silent = silence.total === 0 ? "never" : `${silence.total.toFixed(1)} s`;
	// What was tried again may have published a port.
	const before = scenario.retry ? await stateOf(host) : repaired;
	const again = await host.sh("sh /root/fix.sh --apply --yes", { seconds: 300 });
	outcome.again = again.stdout.includes("Nothing to do") ? "nothing to do" : `exit ${again.status}`;
	unchanged("the second apply", before, await stateOf(host), problems);
	if (again.status !== 0 || !again.stdout.includes("Nothing to do")) wrong("second apply", again);
	const sources = await lookAgain(host, scenario, problems);
	await takeBack(host, script, broken, scenario.leaves, outcome, problems, wrong);
	return sources;
}

function unchanged(what: string, before: HostState, now: HostState, problems: string[]): void {
	const found = differences(before, now);
	if (found.length > 0) problems.push(`${what} changed something\n${indented(differenceText(found))}`);
}

async function answers(
	host: Host,
	scenario: Scenario,
	outcome: Outcome,
	problems: string[],
	applied: Ran,
): Promise<void> {
	if (scenario.retry) {
		const retried = await host.sh(scenario.retry, { seconds: 60 });
		if (retried.status !== 0) problems.push(`${scenario.retry}: ${retried.stderr || retried.stdout}`);
	}
	const cells: string[] = [];
	for (const port of scenario.heals) {
		const well = await answersSoon(host, port);
		cells.push(`${port} ${well ? "answers" : "dead"}`);
		if (!well) problems.push(`port ${port} does not answer from outside after the repair\n${indented(applied.stdout)}`);
	}
	if (scenario.proves) {
		const { status, stderr } = await host.sh(scenario.proves, { seconds: 30 });
		if (status !== 0) problems.push(`after the repair: ${scenario.proves}: ${stderr}`);
	}
	outcome.outside = cells.join(", ") || "-";
}

/** What the plan tells a person to do is done, and what they see is asked. */
async function byHand(
	host: Host,
	scenario: Scenario,
	{ says, does, undo }: ByHand,
	plan: Plan,
	broken: HostState,
	outcome: Outcome,
	problems: string[],
	wrong: Wrong,
): Promise<void> {
	const applied = await host.sh("sh /root/fix.sh --apply --yes", { seconds: 300 });
	unchanged("a repair by hand", broken, await stateOf(host), problems);
	if (!applied.stdout.includes("By hand") && applied.status !== 2) wrong("a repair by hand", applied);
	const told = plan.steps.flatMap(({ action }) => (action.kind === "by-hand" ? action.instructions : [])).join("\n");
	for (const words of says)
		if (!told.includes(words)) problems.push(`the plan does not say: ${words}\n${indented(told)}`);
	outcome.applied = "by hand, as told";
	if (plan.choices) outcome.applied += `; ${await eachChoice(host, scenario, plan, broken, problems)}`;
	const done = await host.sh(does, { seconds: 120 });
	if (done.status !== 0) wrong(does, done);
	await answers(host, scenario, outcome, problems, applied);
	if (undo === undefined) return;
	const state = await stateOf(host);
	const back = await host.sh(undo, { seconds: 60 });
	if (back.status !== 0) wrong(undo, back);
	const left = differences(broken, await stateOf(host));
	outcome.undone = left.length === 0 ? "as before" : "differs";
	if (left.length > 0) problems.push(`after ${undo}\n${indented(differenceText(left))}`);
	await host.sh(does, { seconds: 120 });
	unchanged("doing it once more", state, await stateOf(host), problems);
}

/** Each change of which a person picks one, as a script by itself: done, asked from outside, and taken back. */
async function eachChoice(
	host: Host,
	scenario: Scenario,
	plan: Plan,
	broken: HostState,
	problems: string[],
): Promise<string> {
	const cells: string[] = [];
	for (const [index, actions] of (plan.choices ?? []).entries()) {
		const steps = actions.map(
			(action): Step => ({ action, why: "A person picked it.", risk: "medium", interrupts: "nothing" }),
		);
		const name = `choice-${index + 1}`;
		writeFileSync(
			join(host.root, `root/${name}.sh`),
			renderBash({ ...plan, before: [], steps, after: [] }, UNKNOWN_PLATFORM, { failure: name, title: name }),
		);
		const applied = await host.sh(`sh /root/${name}.sh --apply --yes`, { seconds: 120 });
		const answers: boolean[] = [];
		for (const port of scenario.heals) answers.push(await answersSoon(host, port));
		const undone = await host.sh(`sh /root/${name}.sh --undo --yes`, { seconds: 120 });
		const left = differences(broken, await stateOf(host));
		if (applied.status !== 0 || undone.status !== 0)
			problems.push(
				`${name}: exit ${applied.status}, undo ${undone.status}\n${indented(applied.stdout + undone.stdout)}`,
			);
		if (left.length > 0) problems.push(`after the undo of ${name}\n${indented(differenceText(left))}`);
		cells.push(
			`${name} ${answers.every((one) => one) ? "answers" : "stays shut here"}, ${left.length === 0 ? "as before" : "differs"}`,
		);
	}
	return cells.join("; ");
}

/** The session is lost after the change, as by a rule that cuts it off: all goes back by itself. */
async function nobodyConfirms(
	host: Host,
	broken: HostState,
	outcome: Outcome,
	problems: string[],
	wrong: Wrong,
): Promise<void> {
	// Two minutes are for people.
	await host.sh("sed 's/^revert_seconds=.*/revert_seconds=20/' /root/fix.sh >/root/lost.sh");
	const lost = await host.sh(
		"set -m; (sleep 300 | script -f -qec 'sh /root/lost.sh --apply' /root/lost.log) & for i in $(seq 60); do grep -q 'type keep' /root/lost.log && break; if grep -q 'y/N' /root/lost.log; then break; fi; sleep 0.5; done; cat /root/lost.log; kill -HUP -- -$!; pkill -HUP -s 0 -x script; true",
		{ seconds: 120 },
	);
	if (!lost.stdout.includes("type keep")) {
		wrong("without confirmation", lost);
		return;
	}
	const changed = differences(broken, await stateOf(host)).length > 0;
	for (let tries = 0; tries < 80; tries++) {
		if ((await host.sh("ls /var/lib/stackengine/*/undone")).status === 0) break;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	// The undo marks its end before dockerd is restarted where that belongs to it.
	for (let tries = 0; tries < 40; tries++) {
		if ((await host.sh("pgrep -f 'fix.sh --undo'")).status !== 0) break;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	const left = differences(broken, await stateOf(host));
	outcome.reverted = left.length === 0 && changed ? "as before" : "differs";
	if (!changed) problems.push("without confirmation: nothing was changed to begin with");
	if (left.length > 0) problems.push(`the automatic undo left something\n${indented(differenceText(left))}`);
}

const LEFT = {
	packages: "as before but for the package",
	firewalld: "as before but for dockerd's zone in firewalld",
} as const;

function isLeft({ part, lines }: Difference, leaves: Scenario["leaves"]): boolean {
	if (leaves === "packages") return part === "files";
	return (
		leaves === "firewalld" &&
		(part === "native nft" || (part === "files" && lines.every((line) => line.includes("/firewalld/zones/docker.xml"))))
	);
}

/** The undo, and with it or after it the rule sets as they were. */
async function takeBack(
	host: Host,
	script: string,
	broken: HostState,
	leaves: Scenario["leaves"],
	outcome: Outcome,
	problems: string[],
	wrong: Wrong,
): Promise<void> {
	const differ = async () => {
		const found = differences(broken, await stateOf(host));
		return found.filter((one) => !isLeft(one, leaves));
	};
	const asBefore = leaves === undefined ? "as before" : LEFT[leaves];
	const undone = await host.sh("sh /root/fix.sh --undo --yes", { seconds: 300 });
	if (undone.status !== 0) {
		outcome.undone = `exit ${undone.status}`;
		wrong("undo", undone);
		return;
	}
	const left = await differ();
	const others = left.filter(({ part }) => part !== "rules");
	if (others.length > 0) problems.push(`after the undo\n${indented(differenceText(others))}`);
	outcome.undone = left.length === 0 ? asBefore : "differs";
	if (left.length === 0 || others.length > 0) return;
	if (!script.includes("--undo-rules")) {
		problems.push(`after the undo\n${indented(differenceText(left))}`);
		return;
	}
	// Docker wrote rules anew; its old ones come back only when asked for by name.
	const loaded = await host.sh("sh /root/fix.sh --undo-rules --yes", { seconds: 120 });
	if (loaded.status !== 0) wrong("undo of the rules", loaded);
	const still = await differ();
	outcome.undone = still.length === 0 ? `${asBefore}, with --undo-rules` : "differs";
	if (still.length > 0) problems.push(`after --undo-rules\n${indented(differenceText(still))}`);
}

/** Collects after the repair: the host must be healthy, but for what the scenario says that stays. */
async function lookAgain(host: Host, scenario: Scenario, problems: string[]): Promise<readonly Source[]> {
	const sources = await evidenceOf(host, scenario.heals);
	const after = analyse(sources);
	const [left] = after.findings;
	// The log of the daemon run keeps what it was refused before the repair: that is history, said with what stands against it.
	const isHistory = left?.confidence === "possible" && left.against.length > 0;
	if (left?.failure !== "healthy" && !isHistory && !scenario.stays?.includes(left?.failure ?? ""))
		problems.push(
			`after the repair the host is said to be ${left?.failure} (${left?.confidence})\n${indented(signsOf(after))}`,
		);
	return sources;
}
