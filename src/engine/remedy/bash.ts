import { type Blank, labelled } from "./blanks";
import { commandsFor } from "./commands";
import type { About, Plan, Platform, Step } from "./plan";
import { actionCall } from "./script/action-call";
import { checkCall } from "./script/check-call";
import { collect } from "./script/fragment";
import { LIBRARY } from "./script/library";
import { fillInShell, nameCalls, nameSettings, OWN_NAMES } from "./script/own-names";
import { othersWriteRules } from "./script/undo-rules";
import { forTerminal, lines, onePlainLine, type Shell, sh } from "./shell-quote";
import { actionTitle, canCutOff, checkClaim, interruptsPhrase, skippedWhenRepaired, undoSentence } from "./wording";

/**
 * The fix as a script: POSIX sh (dash, busybox sh and bash run it alike, and Alpine has nothing else), clean under
 * `shellcheck -o all -s sh`. By itself it only says what it would do; `--apply` saves the state, checks, asks, does
 * and proves; `--undo` puts back exactly what it changed.
 *
 * With `blanks` the plan is of a redacted report: the script first finds out how this host calls what they stand for.
 */
export function renderBash(plan: Plan, platform: Platform, about: About, blanks: readonly Blank[] = []): string {
	const readable = labelled({ plan, about }, blanks);
	const asked = blanks.filter((blank) => blank.asked);
	const refusal = hostRefusal(platform) ?? (asked.some(({ kind }) => kind === "secret") ? HIDDEN : null);
	if (refusal !== null) return refusingScript(refusal, readable.plan, readable.about);
	const actions = plan.steps.map((step, index) => actionCall(step.action, index + 1));
	const checks = [...plan.before.map(({ check }) => check), ...plan.after].map(checkCall);
	const cutsOff = plan.steps.some((step) => canCutOff(step.action));
	const restartsAfterUndo = plan.steps.some(({ action }) =>
		["edit-daemon-json", "write-drop-in"].includes(action.kind),
	);
	const names = [
		"exit",
		"dry-run",
		"apply",
		"undo",
		...actions.flatMap(({ needs }) => needs),
		...checks.flatMap(({ needs }) => needs),
	];
	if (cutsOff) names.push("revert-timer");
	if (plan.steps.some(({ action }) => SERVICE_VERBS.has(action.kind))) names.push("say-service");
	if (restartsAfterUndo) names.push("undo-restart");
	else names.push("no-undo-restart");
	const rulesStay = plan.steps.some(({ action }) => othersWriteRules(action));
	names.push(rulesStay ? "undo-rules" : "no-rules-stay");
	if (asked.length > 0) names.push("own-names");
	const functions = collect([...LIBRARY, NO_UNDO_RESTART, NO_RULES_STAY, OWN_NAMES], names).map(
		(fragment) => fragment.shell.text,
	);
	const body = [
		...functions,
		...(asked.length > 0 ? [nameCalls(asked).text] : []),
		planTable(plan, platform, cutsOff, asked.length > 0).text,
		main(asked.length > 0, rulesStay).text,
	].join("\n");
	const top = [
		head(readable.plan, readable.about).text,
		...(asked.length > 0 ? [`${nameSettings(asked).text}\n`] : []),
		settings(plan, platform, about, body).text,
	];
	return fillInShell([...top, body].join("\n"), blanks);
}

const HIDDEN =
	"This repair needs a secret that the report hides. Make the script from the evidence of the host itself.";

/** Places where a script on the host is wrong; the sentence says what is right there. */
function hostRefusal(platform: Platform): string | null {
	if (platform.appliance === "docker-desktop")
		return "Docker Desktop runs dockerd in a virtual machine of its own: restart Docker Desktop. Rules and modules of this host do not matter to it.";
	if (platform.appliance === "synology")
		return "Synology manages dockerd as a package: restart Container Manager in Package Center (or: synopkg restart ContainerManager). A script for ordinary Linux hosts does not fit there.";
	return null;
}

function refusingScript(sentence: string, plan: Plan, about: About): string {
	return lines([
		{ kind: "shell", text: "#!/bin/sh" },
		{ kind: "shell", text: `# ${comment(about.title)}\n# ${comment(plan.summary)}` },
		sh`
			set -eu
			printf 'Refused: %s\n' ${forTerminal(sentence)} >&2
			exit 2
		`,
		{ kind: "shell", text: "" },
	]).text;
}

function head(plan: Plan, about: About): Shell {
	return {
		kind: "shell",
		text: [
			"#!/bin/sh",
			`# ${comment(about.title)}`,
			"#",
			`# ${comment(plan.summary)}`,
			`# Made by StackEngine for the failure mode ${idOf(about)}. Read it, then: sh fix.sh --help`,
			"# POSIX sh: runs under dash, busybox sh and bash. Checked with: shellcheck -o all -s sh",
			"",
		].join("\n"),
	};
}

/** A setting that nothing reads would only raise a question. */
function settings(plan: Plan, platform: Platform, about: About, body: string): Shell {
	const used = (name: string, value: string): readonly Shell[] =>
		body.includes(`\${${name}}`) ? [sh`${{ kind: "shell", text: name }}=${value}`] : [];
	const interrupting = plan.steps.some((step) => step.interrupts !== "nothing") ? "yes" : "no";
	const root = platform.rootless ? sh`"\${XDG_STATE_HOME:-$HOME/.local/state}/stackengine"` : sh`/var/lib/stackengine`;
	return sh`
		set -eu
		umask 077
		# A shell that is not a login shell may lack the folders of iptables.
		PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
		LC_ALL=C
		export PATH LC_ALL

		failure='${idOf(about)}'
		state_root=${root}
		run_stamp=$(date -u +%Y%m%dT%H%M%SZ)
		# What the evidence showed; what it did not show is asked of the host.
		rootless=${platform.rootless ? "yes" : "no"}
		in_container=${platform.appliance === "container" ? "yes" : "no"}
		step_count=${plan.steps.length}
		before_count=${plan.before.length}
		after_count=${plan.after.length}
		interrupting=${interrupting}
		${lines([...used("services", platform.services), ...used("revert_seconds", "120"), sh`left_over=no`])}

		assume_yes=no
		run_locked=no
		restart_after_undo=no
		at_step=''
		state=''
		scratch=''
		failed=0
		has_timeout=no
		if timeout 5 true 2>/dev/null; then
			has_timeout=yes
		fi
	`;
}

function planTable(plan: Plan, platform: Platform, cutsOff: boolean, hasBlanks: boolean): Shell {
	const calls = plan.steps.map((step, index) => actionCall(step.action, index + 1));
	const unknown = (...first: readonly Shell[]): Shell =>
		lines([...first, ...(hasBlanks ? [sh`if [ "$names_open" = yes ]; then return 0; fi`] : [])]);
	return lines([
		{ kind: "shell", text: "# ---- The plan ----\n" },
		dispatch("tell_step", plan.steps.map(tellStep), sh`unless_repaired=no`),
		dispatch(
			"show_commands",
			plan.steps.map((step) => showCommands(step, platform)),
			null,
		),
		dispatch(
			"ask_settled",
			// `pulse`: nothing that lasts, so neither done nor open.
			calls.map(({ settled }) => settled ?? sh`answer=pulse`),
			unknown(sh`answer=unknown`),
		),
		dispatch(
			"change_step",
			calls.map(({ change }, index) => {
				const step = plan.steps[index];
				return step !== undefined && canCutOff(step.action) ? lines([sh`arm_revert`, change]) : change;
			}),
			hasBlanks ? sh`keep_names` : null,
		),
		dispatch(
			"revert_step",
			calls.map(({ revert }) => revert ?? sh`:`),
			null,
		),
		dispatch(
			"ask_before",
			plan.before.map(({ check, holds, otherwise }) =>
				lines([
					sh`claim=${forTerminal(checkClaim(check))}`,
					sh`expected=${holds ? "yes" : "no"}`,
					sh`otherwise=${forTerminal(otherwise)}`,
					checkCall(check).shell,
				]),
			),
			lines([sh`answer=unknown`, sh`claim=''`, sh`expected=yes`, sh`otherwise=''`]),
		),
		dispatch(
			"claim_after",
			plan.after.map((check) => sh`claim=${forTerminal(checkClaim(check))}`),
			sh`claim=''`,
		),
		dispatch(
			"ask_after",
			plan.after.map((check) => checkCall(check).shell),
			unknown(sh`answer=unknown`, sh`claim_after "$1"`),
		),
		sh`
			tell_outside() {
				${plan.proveFromOutside === null ? sh`:` : sh`say ${`From another machine: ${forTerminal(plan.proveFromOutside)}`}`}
			}

			call_off() {
				${cutsOff ? sh`disarm_revert` : sh`:`}
			}
		`,
		{ kind: "shell", text: "" },
	]);
}

/** `name() { case "$1" in 1) … ;; … esac }`. */
function dispatch(name: string, arms: readonly Shell[], first: Shell | null): Shell {
	const cases = arms.map(
		(arm, index) => sh`
			${index + 1})
				${arm}
				;;
		`,
	);
	return sh`
		${{ kind: "shell", text: name }}() {
			${first ?? sh`: "$1"`}
			case "$1" in
			${lines([...cases, sh`*) ;;`])}
			esac
		}
		${{ kind: "shell", text: "\n" }}
	`;
}

function tellStep(step: Step): Shell {
	return sh`
		title=${forTerminal(actionTitle(step.action))}
		why=${forTerminal(step.why)}
		risk=${step.risk}
		interrupts=${interruptsPhrase(step.interrupts)}
		undo_note=${forTerminal(undoSentence(step.action))}
		unless_repaired=${skippedWhenRepaired(step) ? "yes" : "no"}
	`;
}

function showCommands(step: Step, platform: Platform): Shell {
	const verb = SERVICE_VERBS.get(step.action.kind);
	if (verb !== undefined) {
		const before = step.action.kind === "enable-live-restore" ? commandsFor(step.action, platform).slice(0, -1) : [];
		return lines([...before.map((command) => sh`say ${`   $ ${onePlainLine(command)}`}`), sh`say_service ${verb}`]);
	}
	const commands =
		step.action.kind === "by-hand"
			? step.action.instructions.map((text) => `   by hand:    ${forTerminal(text)}`)
			: commandsFor(step.action, platform).map((command) => `   $ ${onePlainLine(command)}`);
	return commands.length === 0 ? sh`:` : lines(commands.map((text) => sh`say ${text}`));
}

// Steps whose command depends on what starts services here; the script asks that when it runs.
const SERVICE_VERBS: ReadonlyMap<Step["action"]["kind"], "restart" | "start" | "reload"> = new Map([
	["restart-docker", "restart"],
	["start-docker", "start"],
	["enable-live-restore", "reload"],
] as const);

const NO_UNDO_RESTART = {
	name: "no-undo-restart",
	needs: [],
	shell: sh`
		undo_restart() {
			:
		}
	`,
};

const NO_RULES_STAY = {
	name: "no-rules-stay",
	needs: [],
	shell: sh`
		tell_rules() {
			:
		}
	`,
};

// Who may not run this at all is asked for no name.
const SETTLE_NAMES = sh`
	if [ "$mode" != --dry-run ]; then
		check_place "$mode"
	fi
	settle_names "$mode"
`;

const main = (hasBlanks: boolean, rulesStay: boolean): Shell => sh`
	usage() {
		cat <<'TEXT'
	Usage: sh fix.sh [--dry-run | --apply | --undo${raw(rulesStay ? " | --undo-rules" : "")}] [--yes] [--help]

	  --dry-run  (the default) say what would be done and why; changes nothing
	  --apply    save the state, check, ask, repair, prove
	  --undo     put back what the last --apply changed
	${lines(rulesStay ? [raw("  --undo-rules"), raw("             load the rule sets that were saved before it, fault and all")] : [])}
	  --yes      do not ask; without a terminal needed for steps that interrupt something

	Where a step can cut off your session, everything is undone by itself after two
	minutes unless you type "keep"; with --yes it is called off when the checks hold.

	Saved state: /var/lib/stackengine (of a rootless Docker: ~/.local/state/stackengine)

	Exit: 0 done, or nothing to do; 1 a step or a check failed;
	      2 refused, nothing more was done; 64 wrong usage
	TEXT
	}

	main() {
		mode=--dry-run
		modes=0
		for argument in "$@"; do
			case "$argument" in
			--dry-run | --apply | --undo${raw(rulesStay ? " | --undo-rules" : "")})
				mode=$argument
				modes=$((modes + 1))
				;;
			--yes) assume_yes=yes ;;
			--help)
				usage
				exit 0
				;;
			*)
				usage >&2
				exit 64
				;;
			esac
		done
		if [ "$modes" -gt 1 ]; then
			usage >&2
			exit 64
		fi
		trap on_exit EXIT
		${lines([sh`trap 'exit 1' HUP INT TERM`, ...(hasBlanks ? [SETTLE_NAMES] : [])])}
		case "$mode" in
		--apply) apply ;;
		--undo) undo ;;
		${lines(rulesStay ? [sh`--undo-rules) undo_rules ;;`] : [])}
		*) dry_run ;;
		esac
	}

	main "$@"
`;

/** Fixed words of ours inside a script. */
function raw(text: string): Shell {
	return { kind: "shell", text };
}

// A comment must not end early: one line, no control characters.
const comment = (prose: string): string => onePlainLine(prose);

/** Failure ids are kebab-case; anything else would end up in a path. */
function idOf(about: About): string {
	return /^[a-z][a-z0-9-]{0,63}$/.test(about.failure) ? about.failure : "unknown-failure";
}
