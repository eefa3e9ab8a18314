import { type Blank, labelled, legend } from "./blanks";
import { commandsFor } from "./commands";
import type { Plan, Platform } from "./plan";
import { onePlainLine } from "./shell-quote";
import { actionTitle, interruptsPhrase, skippedWhenRepaired } from "./wording";

/** One line of the diff-style view: ` ` a comment, `+` a command to run, `-` what habit says and should not be run. */
export type DiffLine = {
	readonly sign: " " | "+" | "-";
	readonly text: string;
	/** For `-` why it is wrong; for the first line of a step what it interrupts. Null: nothing to add. */
	readonly note: string | null;
};

/**
 * The plan as a diff: what habit says is struck out first, then each step as a comment with its commands. The `blanks`
 * of a redacted report's plan stand between angle brackets.
 */
export function renderDiff(made: Plan, platform: Platform, blanks: readonly Blank[] = []): readonly DiffLine[] {
	const plan = labelled(made, blanks);
	const said = legend(blanks);
	const head: readonly DiffLine[] = said === null ? [] : [{ sign: " ", text: `# ${said}`, note: null }];
	const struck = plan.instead.map(
		({ command, wrong }): DiffLine => ({ sign: "-", text: onePlainLine(command), note: wrong }),
	);
	const steps = plan.steps.flatMap((step, index): readonly DiffLine[] => {
		const only = skippedWhenRepaired(step) ? " (if that was not enough)" : "";
		const interrupts = step.interrupts === "nothing" ? null : `Interrupts ${interruptsPhrase(step.interrupts)}.`;
		const title: DiffLine = { sign: " ", text: `# ${index + 1}. ${actionTitle(step.action)}${only}`, note: interrupts };
		const why: DiffLine = { sign: " ", text: `#    ${onePlainLine(step.why)}`, note: null };
		const body =
			step.action.kind === "by-hand"
				? step.action.instructions.map(
						(text): DiffLine => ({ sign: " ", text: `#    - ${onePlainLine(text)}`, note: null }),
					)
				: commandsFor(step.action, platform).map(
						(text): DiffLine => ({ sign: "+", text: onePlainLine(text), note: null }),
					);
		return [title, why, ...body];
	});
	return [...head, ...struck, ...steps];
}

/** The same as plain text; a note stands after its line as a comment of its own. */
export function renderDiffText(plan: Plan, platform: Platform, blanks: readonly Blank[] = []): string {
	const text = renderDiff(plan, platform, blanks).flatMap(({ sign, text, note }) => [
		`${sign} ${text}`,
		...(note === null ? [] : [`${sign} #    ${onePlainLine(note)}`]),
	]);
	return `${text.join("\n")}\n`;
}
