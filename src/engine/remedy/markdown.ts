import { type Blank, labelled, legend } from "./blanks";
import { commandsFor } from "./commands";
import { safeguardFiles, safeguardSettings, safeguardTitle } from "./formats/safeguards";
import type { About, Plan, Platform } from "./plan";
import { onePlainLine } from "./shell-quote";
import {
	actionTitle,
	canCutOff,
	checkClaim,
	interruptsPhrase,
	preconditionSentence,
	skippedWhenRepaired,
	undoSentence,
} from "./wording";

/** A runbook for people: what must be so first, each step with why, risk, interruption and undo, and the proof. */
export function renderMarkdown(made: Plan, platform: Platform, of: About, blanks: readonly Blank[] = []): string {
	const { plan, about } = labelled({ plan: made, about: of }, blanks);
	const text: string[] = [`# ${prose(about.title)}`, "", prose(plan.summary), ""];
	const said = legend(blanks);
	if (said !== null) text.push(`> ${prose(said)}`, "");
	if (platform.appliance === "docker-desktop" || platform.appliance === "synology") {
		text.push("> This host manages dockerd itself: do the steps in its own tools, not in a shell.", "");
	}
	if (plan.before.length > 0) {
		text.push("## Before", "");
		for (const condition of plan.before) {
			text.push(`- [ ] ${sentence(preconditionSentence(condition))} Otherwise stop: ${prose(condition.otherwise)}`);
		}
		text.push(
			"- [ ] Save the state: `iptables-save`, `ip6tables-save`, `nft list ruleset`, `docker ps`, daemon.json.",
			"",
		);
	}
	text.push("## Steps", "");
	for (const [index, step] of plan.steps.entries()) {
		text.push(`- [ ] **${index + 1}. ${prose(actionTitle(step.action))}**`, "", `  ${prose(step.why)}`, "");
		if (step.action.kind === "by-hand") {
			for (const instruction of step.action.instructions) text.push(`  - [ ] ${prose(instruction)}`);
			text.push("");
		} else {
			text.push(...fenced(commandsFor(step.action, platform)), "");
		}
		text.push(
			`  Risk: ${step.risk}. Interrupts: ${interruptsPhrase(step.interrupts)}. Undo: ${prose(undoSentence(step.action))}`,
		);
		if (skippedWhenRepaired(step)) text.push("  Only if the proof below does not hold yet.");
		if (canCutOff(step.action)) text.push("  Keep a second session open: this can cut off the first one.");
		text.push("");
	}
	text.push("## Proof", "");
	for (const check of plan.after) text.push(`- [ ] ${sentence(checkClaim(check))}`);
	if (plan.proveFromOutside !== null) text.push(`- [ ] From another machine: ${prose(plan.proveFromOutside)}`);
	if (plan.after.length === 0 && plan.proveFromOutside === null) text.push("- [ ] The failure does not come back.");
	const keep = plan.keep ?? [];
	if (keep.length > 0) {
		text.push("", "## Keep it fixed", "");
		for (const safeguard of keep) {
			const files = safeguardFiles(safeguard, platform).map(({ path }) => path);
			const settings = safeguardSettings(safeguard, platform).map(
				({ file, key, value }) => `\`${key}=${value}\` in \`${file}\``,
			);
			const where = [...files.map((path) => `\`${path}\``), ...settings];
			text.push(`- [ ] ${prose(safeguardTitle(safeguard))}${where.length > 0 ? `: ${where.join(", ")}` : ""}`);
		}
	}
	if (plan.instead.length > 0) {
		text.push("", "## Not this", "");
		for (const { command, wrong } of plan.instead) text.push(`- ~~${code(command)}~~ ${prose(wrong)}`);
	}
	return `${text.join("\n")}\n`;
}

/** A fence one back-tick longer than any run of them inside. */
function fenced(commands: readonly string[]): readonly string[] {
	const longest = Math.max(0, ...commands.flatMap((command) => (command.match(/`+/g) ?? []).map((run) => run.length)));
	const fence = "`".repeat(Math.max(3, longest + 1));
	return [`  ${fence}sh`, ...commands.map((command) => `  ${onePlainLine(command)}`), `  ${fence}`];
}

function code(text: string): string {
	const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
	const fence = "`".repeat(longest + 1);
	return longest === 0 ? `\`${onePlainLine(text)}\`` : `${fence} ${onePlainLine(text)} ${fence}`;
}

/**
 * Prose keeps its back-ticks and gives nothing else to Markdown: no link, image, HTML or emphasis comes out of a name
 * that was pasted. Inside back-ticks nothing is special, so only what stands outside is escaped.
 */
function prose(text: string): string {
	return onePlainLine(text)
		.split(/(`[^`]*`)/)
		.map((part) =>
			part.startsWith("`") && part.endsWith("`") && part.length > 1
				? part
				: part.replaceAll(/[\\`*_[\]<>&|#~]/g, "\\$&"),
		)
		.join("");
}

// A program's name keeps its small letter.
function sentence(claim: string): string {
	const first = /^(?:iptables|dockerd|firewalld)\b/.test(claim) ? claim.charAt(0) : claim.charAt(0).toUpperCase();
	return `${prose(first + claim.slice(1))}.`;
}
