import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { analyse } from "../../../src/engine/analyse";
import { renderAnsible } from "../../../src/engine/remedy/ansible";
import { answersSoon, breakAndCollect, startHealthy } from "./break";
import { type Host, type HostKind, hostUp } from "./host";
import { differences, differenceText, stateOf } from "./host-state";
import { indented } from "./outcome";
import { type Ran, run } from "./run";
import type { Scenario } from "./scenarios/scenario";

/** One line of the table of plays. */
export type PlayRow = {
	readonly scenario: string;
	readonly kind: HostKind;
	readonly found: string;
	/** `changed=N` of each run. */
	readonly check: string;
	readonly applied: string;
	readonly outside: string;
	readonly again: string;
	readonly seconds: number;
	readonly problems: readonly string[];
};

/** Breaks a host and heals it by the play: `--check` first, for good, and once more, which must change nothing. */
export async function runPlay(scenario: Scenario, kind: HostKind, print: (line: string) => void): Promise<PlayRow> {
	const started = performance.now();
	const problems: string[] = [];
	const row = { found: "", check: "-", applied: "-", outside: "-", again: "-" };
	const layers = [...new Set([...(scenario.kinds?.layers ?? []), "python" as const])];
	const full: HostKind = { ...kind, ...scenario.kinds, layers };
	const host = await hostUp(full, print);
	try {
		await startHealthy(host, full.daemonJson?.["iptables"] !== false);
		const analysis = analyse(await breakAndCollect(host, scenario));
		const [first] = analysis.findings;
		row.found = first ? `${first.failure} (${first.confidence})` : "nothing";
		if (!first?.plan) throw new Error(`no plan for ${row.found}`);
		const play = renderAnsible(first.plan, analysis.platform, { failure: first.failure, title: first.title });
		const files = await filesFor(host, play);
		const broken = await stateOf(host);
		const checked = await ansible(files, "--check", "--diff");
		row.check = recap(checked);
		// A check can't see what an earlier step would have repaired: it may stop at the proof, and must change nothing.
		const touched = differences(broken, await stateOf(host));
		if (touched.length > 0) problems.push(`--check changed something\n${indented(differenceText(touched))}`);
		if (!checked.stdout.includes("PLAY RECAP")) problems.push(`--check: ${indented(checked.stdout + checked.stderr)}`);
		const applied = await ansible(files);
		row.applied = recap(applied);
		if (applied.status !== 0) problems.push(`the play: exit ${applied.status}\n${indented(applied.stdout)}`);
		if (scenario.retry) await host.sh(scenario.retry, { seconds: 60 });
		const cells: string[] = [];
		for (const port of scenario.heals) {
			const well = await answersSoon(host, port);
			cells.push(`${port} ${well ? "answers" : "dead"}`);
			if (!well) problems.push(`port ${port} does not answer from outside after the play`);
		}
		row.outside = cells.join(", ");
		const healed = await stateOf(host);
		const again = await ansible(files);
		row.again = recap(again);
		if (again.status !== 0 || !row.again.startsWith("changed=0"))
			problems.push(`the second run: ${row.again}\n${indented(again.stdout)}`);
		const moved = differences(healed, await stateOf(host));
		if (moved.length > 0) problems.push(`the second run changed something\n${indented(differenceText(moved))}`);
	} catch (problem) {
		problems.push(String(problem));
	} finally {
		await host.down();
	}
	return { scenario: scenario.name, kind, ...row, seconds: (performance.now() - started) / 1000, problems };
}

/** An inventory of one host whose "ssh" enters the namespaces, and the play. */
async function filesFor(host: Host, play: string): Promise<{ readonly inventory: string; readonly play: string }> {
	const folder = resolve(join(".cache", "lab", "plays", host.name));
	mkdirSync(folder, { recursive: true });
	const ssh = join(folder, "ssh");
	writeFileSync(
		ssh,
		`#!/bin/sh\n# The last word is the command line; all before it is ssh's own.\nfor last; do :; done\nexec nsenter -t ${host.first} -m -u -i -n -p -- /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 /bin/sh -c "$last"\n`,
		{ mode: 0o755 },
	);
	const inventory = join(folder, "inventory.ini");
	writeFileSync(
		inventory,
		`[docker_hosts]\nlab ansible_host=lab ansible_connection=ssh ansible_ssh_executable=${ssh} ansible_ssh_transfer_method=piped ansible_python_interpreter=/usr/bin/python3 ansible_become=false\n`,
	);
	const file = join(folder, "fix.yml");
	writeFileSync(file, play);
	return { inventory, play: file };
}

function ansible(files: { readonly inventory: string; readonly play: string }, ...options: readonly string[]) {
	return run("ansible-playbook", ["-i", files.inventory, ...options, files.play], {
		seconds: 300,
		environment: {
			PATH: process.env["PATH"] ?? "",
			HOME: process.env["HOME"] ?? "/root",
			LC_ALL: "C.UTF-8",
			ANSIBLE_NOCOLOR: "1",
			ANSIBLE_PIPELINING: "1",
			ANSIBLE_RETRY_FILES_ENABLED: "0",
			ANSIBLE_LOCALHOST_WARNING: "0",
		},
	});
}

/** `changed=2` or `changed=2, failed=1` of the last lines. */
function recap({ stdout }: Ran): string {
	const at = stdout.lastIndexOf("PLAY RECAP");
	const number = (name: string) => new RegExp(`${name}=(\\d+)`).exec(at < 0 ? "" : stdout.slice(at))?.[1] ?? "?";
	return number("failed") === "0"
		? `changed=${number("changed")}`
		: `changed=${number("changed")}, failed=${number("failed")}`;
}

/** As Markdown. */
export function playTable(rows: readonly PlayRow[]): readonly string[] {
	return [
		"| scenario | host | first finding | --check | play | from outside | again | |",
		"| --- | --- | --- | --- | --- | --- | --- | --- |",
		...rows.map(
			({ scenario, kind, found, check, applied, outside, again, problems }) =>
				`| ${scenario} | ${kind.suite} ${kind.backend} | ${found} | ${check} | ${applied} | ${outside} | ${again} | ${problems.length === 0 ? "well" : `${problems.length} wrong`} |`,
		),
	];
}
