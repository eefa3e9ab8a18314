import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PlayRow, playTable, runPlay } from "./apply-play";
import type { HostKind } from "./host";
import { type Row, type RunSettings, runScenario } from "./scenario-run";
import { OUT_OF_REACH, SCENARIOS } from "./scenarios";
import type { Scenario } from "./scenarios/scenario";
import { rowOf, tableOf } from "./table";

/** Runs the named scenarios, or all, on hosts of each kind; prints a line for each and the table. */
export async function runScenarios(
	names: readonly string[],
	kinds: readonly HostKind[],
	settings: RunSettings,
): Promise<readonly Row[]> {
	const { print } = settings;
	const work = kinds.flatMap((kind) => fitting(names, kind).map((scenario) => ({ scenario, kind })));
	const rows = await inTurn(work, settings.atOnce, async ({ scenario, kind }) => {
		const row = await runScenario(scenario, kind, settings);
		keep(row);
		const { found, seconds, problems } = row;
		print(
			`${wellOrWrong(problems)} ${scenario.name} on ${kind.suite} ${kind.backend}: ${found}, ${seconds.toFixed(0)} s`,
		);
		print(rowOf(row));
		for (const problem of problems) print(`  ${problem}`);
		return row;
	});
	print("");
	for (const line of tableOf(rows)) print(line);
	if (names.length === 0) {
		print("");
		for (const [failure, why] of OUT_OF_REACH) print(`not here: ${failure}: ${why}`);
	}
	return rows;
}

/** The same with Ansible, where the scenario says that a play runs on it or is named. */
export async function runPlays(
	names: readonly string[],
	kinds: readonly HostKind[],
	{ atOnce, print }: RunSettings,
): Promise<readonly PlayRow[]> {
	const work = kinds.flatMap((kind) =>
		fitting(names, kind).flatMap((scenario) => (names.length > 0 || scenario.play ? [{ scenario, kind }] : [])),
	);
	const rows = await inTurn(work, atOnce, async ({ scenario, kind }) => {
		const row = await runPlay(scenario, kind, print);
		const { applied, again, seconds, problems } = row;
		print(
			`${wellOrWrong(problems)} play for ${scenario.name} on ${kind.suite} ${kind.backend}: ${applied}, again ${again}, ${seconds.toFixed(0)} s`,
		);
		for (const problem of problems) print(`  ${problem}`);
		return row;
	});
	print("");
	for (const line of playTable(rows)) print(line);
	return rows;
}

const wellOrWrong = (problems: readonly string[]) => (problems.length === 0 ? "well " : "WRONG");

/** Some at a time, since a host mostly waits; the results stand in the order of the work. */
async function inTurn<Work, Result>(
	work: readonly Work[],
	atOnce: number,
	todo: (one: Work) => Promise<Result>,
): Promise<readonly Result[]> {
	const results = new Map<number, Result>();
	const open = [...work.entries()];
	const worker = async () => {
		for (let next = open.shift(); next !== undefined; next = open.shift()) results.set(next[0], await todo(next[1]));
	};
	await Promise.all(Array.from({ length: Math.max(1, atOnce) }, worker));
	return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

function fitting(names: readonly string[], kind: HostKind): readonly Scenario[] {
	const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
	if (unknown.length > 0)
		throw new Error(`no scenario ${unknown.join(", ")}; there are ${SCENARIOS.map(({ name }) => name).join(", ")}`);
	return SCENARIOS.filter(
		(scenario) => (names.length === 0 || names.includes(scenario.name)) && (scenario.fits?.(kind) ?? true),
	);
}

/** What was collected becomes a case by copying it. */
function keep({ scenario, kind, evidence, after }: Row): void {
	const name = `${scenario}@${kind.suite}-${kind.backend}`;
	for (const [folder, sources] of [
		[join(".cache", "lab", "captures", name), evidence],
		[join(".cache", "lab", "healed", name), after],
	] as const) {
		mkdirSync(folder, { recursive: true });
		for (const source of sources) writeFileSync(join(folder, source.name), source.text);
	}
}
