import { DOCKER_OF } from "./root-files";
import type { Row } from "./scenario-run";

const HEAD = [
	"scenario",
	"host",
	"first finding",
	"collector",
	"its output alone",
	"script",
	"port dead for",
	"from outside",
	"again",
	"nobody confirms",
	"undo",
	"",
];

/** The rows as Markdown. */
export function tableOf(rows: readonly Row[]): readonly string[] {
	return [lineOf(HEAD), lineOf(Array<string>(HEAD.length).fill("---")), ...rows.map(rowOf)];
}

/** One row, for whoever watches: a run of all takes long and may be stopped. */
export function rowOf({ scenario, kind, found, collector, outcome, problems }: Row): string {
	return lineOf([
		scenario,
		`${DOCKER_OF[kind.suite]} ${kind.backend}`,
		found,
		collector
			? `${collector.seconds.toFixed(1)} s, changes ${collector.changed.length === 0 ? "nothing" : "something"}`
			: "-",
		collector ? collector.alone : "-",
		outcome.applied,
		outcome.silent,
		outcome.outside,
		outcome.again,
		outcome.reverted,
		outcome.undone,
		problems.length === 0 ? "well" : `${problems.length} wrong`,
	]);
}

const lineOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
