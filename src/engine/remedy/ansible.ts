import { actionTasks, keepTasks } from "./ansible-actions";
import { checkTasks, wholeTasks } from "./ansible-checks";
import { namePrompts, nameTasks, withNames } from "./ansible-names";
import { named, type Task, yaml } from "./ansible-text";
import { type Blank, labelled } from "./blanks";
import type { About, Plan, Platform } from "./plan";
import { onePlainLine } from "./shell-quote";
import { skippedWhenRepaired } from "./wording";

/**
 * The fix as a play for many hosts: ansible.builtin only, so that ansible-core alone runs it; every task has a name,
 * says truly whether it changed something, and can be run with `--check`. It asks nobody: `serial: 1` takes one host
 * at a time, and a host that fails its proof stops the play.
 *
 * With `blanks` the plan is of a redacted report: the play asks for what they stand for, or takes it with `-e`.
 */
export function renderAnsible(plan: Plan, platform: Platform, about: About, blanks: readonly Blank[] = []): string {
	const asked = blanks.filter((blank) => blank.asked);
	const readable = labelled({ plan, about }, blanks);
	const play: Task = {
		name: named(readable.about.title),
		hosts: "docker_hosts",
		become: !platform.rootless,
		gather_facts: true,
		serial: 1,
		any_errors_fatal: true,
		...(asked.length > 0 ? { vars_prompt: namePrompts(asked) } : {}),
		tasks: [
			...refusal(platform),
			...nameTasks(asked),
			// A host that is whole already is passed over, not refused: a play runs on many, and more than once.
			...wholeTasks(plan.after, "start", 1),
			...plan.before.flatMap(({ check, holds, otherwise }, index) =>
				checkTasks(check, `before_${index + 1}`, holds, otherwise),
			),
			...rememberContainers(plan),
			...stepTasks(plan, platform),
			...(plan.keep ?? []).flatMap((safeguard) => keepTasks(safeguard, platform)),
			...plan.after.flatMap((check, index) => checkTasks(check, `after_${index + 1}`, true, null)),
		],
	};
	const head = [
		`# ${onePlainLine(readable.about.title)}`,
		`# ${onePlainLine(readable.plan.summary)}`,
		"# Made by StackEngine. Look first: ansible-playbook --check --diff fix.yml",
		...(plan.proveFromOutside === null
			? []
			: [`# Prove it from another machine: ${onePlainLine(readable.plan.proveFromOutside ?? "")}`]),
	];
	return `${head.join("\n")}\n---\n${yaml([withNames(play, blanks)])}`;
}

/** Steps that come only if the gentler ones were not enough are preceded by another look. */
function stepTasks(plan: Plan, platform: Platform): readonly Task[] {
	return plan.steps.flatMap((step, index) => {
		const earlier = plan.steps[index - 1];
		const looks = skippedWhenRepaired(step) && (earlier === undefined || !skippedWhenRepaired(earlier));
		return [...(looks ? wholeTasks(plan.after, `look_${index + 1}`, 4) : []), ...actionTasks(plan, index, platform)];
	});
}

function refusal(platform: Platform): readonly Task[] {
	if (platform.appliance !== "docker-desktop" && platform.appliance !== "synology") return [];
	return [
		{
			name: "Refuse where dockerd is managed by another program",
			"ansible.builtin.fail": { msg: "This host manages dockerd itself: repair it in its own tools." },
		},
	];
}

function rememberContainers(plan: Plan): readonly Task[] {
	if (!plan.steps.some(({ action }) => action.kind === "start-stopped-containers")) return [];
	return [
		{
			name: "Remember which containers run",
			"ansible.builtin.command": { argv: ["docker", "ps", "--quiet", "--no-trunc"] },
			register: "stackengine_running",
			changed_when: false,
			check_mode: false,
			failed_when: false,
		},
	];
}
