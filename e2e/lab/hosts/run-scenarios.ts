import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostKind } from "./host";
import { DOCKER_OF, type Suite } from "./root-files";
import { type Row, runScenario } from "./scenario-run";
import { SCENARIOS } from "./scenarios";

/** Runs the named scenarios, or all, on hosts of each suite and backend; prints a line for each and the table. */
export async function runScenarios(
	names: readonly string[],
	suites: readonly Suite[],
	backends: readonly HostKind["backend"][],
	print: (line: string) => void,
): Promise<readonly Row[]> {
	const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
	if (unknown.length > 0)
		throw new Error(`no scenario ${unknown.join(", ")}; there are ${SCENARIOS.map(({ name }) => name).join(", ")}`);
	const rows: Row[] = [];
	for (const suite of suites) {
		for (const backend of backends) {
			for (const scenario of SCENARIOS) {
				if (names.length > 0 && !names.includes(scenario.name)) continue;
				const kind: HostKind = { suite, backend };
				if (scenario.fits && !scenario.fits(kind)) continue;
				const row = await runScenario(scenario, kind, print);
				rows.push(row);
				keep(row);
				print(
					`${row.problems.length === 0 ? "well " : "WRONG"} ${row.scenario} on ${row.host}: ${row.found}, ${row.seconds.toFixed(0)} s`,
				);
				for (const problem of row.problems) print(`  ${problem}`);
			}
		}
	}
	print("");
	for (const line of tableOf(rows)) print(line);
	return rows;
}

/** What was collected becomes a case by copying it. */
function keep({ scenario, host, evidence, after }: Row): void {
	const name = `${scenario}@${host.replace(" ", "-")}`;
	for (const [folder, sources] of [
		[join(".cache", "lab", "captures", name), evidence],
		[join(".cache", "lab", "healed", name), after],
	] as const) {
		mkdirSync(folder, { recursive: true });
		for (const source of sources) writeFileSync(join(folder, source.name), source.text);
	}
}

/** As Markdown. */
function tableOf(rows: readonly Row[]): readonly string[] {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	const dockerOf = (host: string) => {
		const [suite = "", backend = ""] = host.split(" ");
		const version = Object.entries(DOCKER_OF).find(([name]) => name === suite)?.[1] ?? suite;
		return `Docker ${version}, ${backend}`;
	};
	return [
		line(["scenario", "host", "first finding", "apply", "from outside", "again", "undo", "seconds", ""]),
		line(Array<string>(9).fill("---")),
		...rows.map((row) =>
			line([
				row.scenario,
				dockerOf(row.host),
				row.found,
				row.applied,
				row.outside,
				row.again,
				row.undone,
				row.seconds.toFixed(0),
				row.problems.length === 0 ? "well" : `${row.problems.length} wrong`,
			]),
		),
	];
}
