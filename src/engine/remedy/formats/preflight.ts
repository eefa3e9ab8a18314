import type { Check } from "../plan";
import { checkCall } from "../script/check-call";
import { collect } from "../script/fragment";
import { LIBRARY } from "../script/library";
import { forTerminal, lines, onePlainLine, type Shell, sh } from "../shell-quote";
import { checkClaim } from "../wording";
import { isManagedElsewhere, type Printed } from "./format";

/** Checks that can be asked without knowing more than the plan tells. */
export function checksOf({ plan }: Printed): readonly Check[] {
	return plan.after;
}

/**
 * The plan's proof as a script of its own, for a provisioning step, a load balancer or a cron job: asks, says, changes
 * nothing. POSIX sh with the functions of the repair script. Null for a plan without checks.
 */
export function renderPreflight(of: Printed): string | null {
	const checks = checksOf(of);
	if (checks.length === 0 || isManagedElsewhere(of.platform)) return null;
	return preflightScript(of, checks);
}

function preflightScript({ plan, platform, about }: Printed, checks: readonly Check[]): string {
	const calls = checks.map(checkCall);
	const functions = collect(LIBRARY, ["say", "scratch", ...calls.flatMap(({ needs }) => needs)]).map(
		({ shell }) => shell.text,
	);
	const body = [...functions, asks(checks).text, MAIN(checks.length).text].join("\n");
	const used = (name: string, value: string): readonly Shell[] =>
		body.includes(`\${${name}}`) ? [sh`${{ kind: "shell", text: name }}=${value}`] : [];
	const head = [
		"#!/bin/sh",
		`# ${onePlainLine(about.title)}: is this host as it should be?`,
		`# What repairs it: ${onePlainLine(plan.summary)}`,
		"# Made by StackEngine. Asks only and changes nothing; run it as root.",
		"# Exit: 0 all is as it should be; 1 something is not; 2 something cannot be told.",
		"",
	].join("\n");
	const settings = sh`
		set -eu
		umask 077
		PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
		LC_ALL=C
		export PATH LC_ALL
		${lines([
			...used("rootless", platform.rootless ? "yes" : "no"),
			...used("in_container", platform.appliance === "container" ? "yes" : "no"),
			...used("services", platform.services),
			...used("scratch", ""),
			...used("left_over", "no"),
			...(body.includes(`\${has_timeout}`) ? [HAS_TIMEOUT] : []),
		])}
	`;
	return `${head}\n${settings.text}\n${body}`;
}

const HAS_TIMEOUT = sh`
	has_timeout=no
	if timeout 5 true 2>/dev/null; then
		has_timeout=yes
	fi
`;

function asks(checks: readonly Check[]): Shell {
	const arms = checks.map(
		(check, index) => sh`
			${index + 1})
				claim=${forTerminal(checkClaim(check))}
				${checkCall(check).shell}
				;;
		`,
	);
	return sh`
		ask_check() {
			answer=unknown
			claim=''
			case "$1" in
			${lines([...arms, sh`*) ;;`])}
			esac
		}
		${{ kind: "shell", text: "\n" }}
	`;
}

const MAIN = (count: number): Shell => sh`
	main() {
		wrong=0
		unsure=0
		number=0
		while [ "$number" -lt ${count} ]; do
			number=$((number + 1))
			ask_check "$number"
			case "$answer" in
			yes) say "ok       $claim" ;;
			no)
				say "NOT SO   $claim"
				wrong=1
				;;
			*)
				say "unknown  $claim"
				unsure=1
				;;
			esac
		done
		if [ -n "\${scratch:-}" ]; then
			rm -f "$scratch"
		fi
		if [ "$wrong" -ne 0 ]; then
			exit 1
		fi
		if [ "$unsure" -ne 0 ]; then
			exit 2
		fi
	}

	main
`;
