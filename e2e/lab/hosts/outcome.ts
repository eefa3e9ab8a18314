import type { Analysis } from "../../../src/engine/diagnose/analysis";

/** What became of a repair, a cell of the table each. */
export type Outcome = {
	applied: string;
	/** How long the port was dead meanwhile, where it answered before. */
	silent: string;
	outside: string;
	again: string;
	undone: string;
	/** The undo that runs by itself where nobody confirms. */
	reverted: string;
};

export function signsOf({ findings }: Analysis): string {
	return findings
		.map(
			({ failure, confidence, signs }) => `${failure} (${confidence}): ${signs.map((sign) => sign.says).join(" | ")}`,
		)
		.join("\n");
}

export function indented(text: string): string {
	return text
		.trim()
		.split("\n")
		.map((line) => `    ${line}`)
		.join("\n");
}
