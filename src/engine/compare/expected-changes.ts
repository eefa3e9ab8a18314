import type { HostFacts, LogEvent } from "../facts/host-facts";
import type { Action, Check, Plan, Step } from "../remedy/plan";
import { actionTitle, checkClaim } from "../remedy/wording";
import { checkHolds, type Held } from "./check-holds";
import type { ExpectedChange } from "./comparison";
import type { Side } from "./side";

const CANNOT_TELL: Held = { state: "cannot-tell", at: [] };

/**
 * What the repair of the first paste's headline should have changed, in the order of the plan: each action whose trace a
 * paste can show, each of Docker's rules that was missing, then each check. Empty where there was nothing to repair.
 */
export function expectedChanges(before: Side, after: Side): readonly ExpectedChange[] {
	const plan = before.analysis.findings[0]?.plan;
	if (!plan) return [];
	const all = [...actions(plan, before, after), ...missingRules(before, after), ...checks(plan, after)];
	return [...new Map(all.map((one) => [one.what, one])).values()];
}

const checks = (plan: Plan, { facts }: Side) => plan.after.map((check) => claimOf(check, facts));

const claimOf = (check: Check, facts: HostFacts): ExpectedChange => ({
	what: upper(checkClaim(check)),
	...checkHolds(check, facts),
});

/** Programs keep their own spelling at the head of a sentence. */
const upper = (text: string) =>
	/^(?:dockerd|iptables|firewalld|ufw)\b/.test(text) ? text : text.replace(/^[a-z]/, (first) => first.toUpperCase());

function actions(plan: Plan, before: Side, after: Side): readonly ExpectedChange[] {
	return plan.steps.flatMap((step) => {
		if (step.action.kind === "by-hand")
			return step.action.instructions.map((what): ExpectedChange => ({ what, state: "by-hand", at: [] }));
		const done = traceOf(step, before, after);
		// What another step had made needless, and what nobody can see, is not asked for.
		const mayBeNeedless = step.unlessRepaired && after.readings.length > 0 && done?.state !== "done";
		if (done === null || mayBeNeedless) return [];
		return [{ what: actionTitle(step.action), ...done }];
	});
}

/** What a paste shows of an action; null where it leaves no trace that is pasted, or the checks say the same. */
function traceOf({ action }: Step, before: Side, after: Side): Held | null {
	const { facts } = after;
	switch (action.kind) {
		case "restart-docker":
			return happenedSince("daemon-starting", before, after);
		case "start-docker":
			return checkHolds({ kind: "daemon-running" }, facts);
		case "reload-firewalld":
			return happenedSince("firewalld-reloaded", before, after, null);
		case "reload-ufw":
			return happenedSince("ufw-reloaded", before, after, null);
		case "enable-live-restore":
			return facts.docker.liveRestore.known
				? { state: facts.docker.liveRestore.value ? "done" : "not-done", at: facts.docker.liveRestore.at }
				: CANNOT_TELL;
		case "start-container":
			return checkHolds({ kind: "container-running", container: action.container }, facts);
		case "stop-container": {
			const { state, at } = checkHolds({ kind: "container-running", container: action.container }, facts);
			return { state: state === "done" ? "not-done" : state === "not-done" ? "done" : state, at };
		}
		case "start-stopped-containers":
			return runAgain(before, after);
		case "load-modules":
			return allOf(action.modules.map((module) => checkHolds({ kind: "module-loaded", module }, facts)));
		case "set-sysctl":
			return checkHolds({ kind: "sysctl-is", key: action.key, value: action.value }, facts);
		case "edit-daemon-json":
			return configHas(action, facts);
		case "select-backend":
			return checkHolds({ kind: "backend-is", backend: action.backend }, facts);
		case "remove-docker-leftovers":
			return checkHolds({ kind: "no-docker-leftovers", backend: action.backend }, facts);
		case "release-lock":
			return checkHolds({ kind: "lock-free" }, facts);
		case "delete-rule":
			return checkHolds({ ...action, kind: "rule-absent" }, facts);
		case "insert-rule":
			return checkHolds({ ...action, kind: "rule-exists" }, facts);
		case "set-forward-policy":
			return checkHolds({ kind: "forward-policy-is", family: action.family, policy: action.policy }, facts);
		case "set-option":
			return checkHolds({ kind: "option-set", option: action.option }, facts);
		case "release-from-zone":
			return facts.firewalld.known
				? {
						state: facts.firewalld.value.zones.some(
							({ name, interfaces }) => name === action.zone && interfaces.includes(action.interface),
						)
							? "not-done"
							: "done",
						at: facts.firewalld.at,
					}
				: CANNOT_TELL;
		case "add-ip-rule": {
			if (!facts.policyRules.known) return CANNOT_TELL;
			const found = facts.policyRules.value.find(({ from, table }) => from === action.from && table === action.table);
			return { state: found ? "done" : "not-done", at: found ? [found.at] : facts.policyRules.at };
		}
		case "reboot":
			return rebooted(before, after);
		case "install-package":
			return action.what === "iptables" ? checkHolds({ kind: "program-present", program: "iptables" }, facts) : null;
		case "write-drop-in":
		case "restart-container":
		case "admit-in-nft-chain":
		case "set-aside-network-store":
		case "show-port-owner":
		case "by-hand":
			return null;
		default:
			return action satisfies never;
	}
}

/** `otherwise`: what a log without such an event says. Only dockerd's own log would have it for sure. */
function happenedSince(
	kind: LogEvent["kind"],
	before: Side,
	after: Side,
	otherwise: Held | null = { state: "not-done", at: [] },
): Held | null {
	const timesOf = ({ facts }: Side) => facts.events.filter((event) => event.kind === kind);
	const seen = new Set(timesOf(before).map(({ time, detail }) => `${time} ${detail}`));
	const last = timesOf(before).reduce((latest, { time }) => Math.max(latest, time ?? 0), 0);
	const fresh = timesOf(after).find(
		({ time, detail }) => !seen.has(`${time} ${detail}`) && (time === null || time > last),
	);
	if (fresh) return { state: "done", at: [fresh.at] };
	return after.facts.log.known && before.facts.log.known ? otherwise : otherwise && CANNOT_TELL;
}

/** Containers that ran before, by name. */
function runAgain(before: Side, after: Side): Held | null {
	const [first, second] = [before.facts.containers, after.facts.containers];
	if (!first.known) return null;
	if (!second.known) return CANNOT_TELL;
	const ran = first.value.flatMap(({ name, state }) => (state === "running" && name !== null ? [name] : []));
	const runs = second.value.filter(({ state }) => state === "running");
	if (ran.length === 0) return null;
	const all = ran.every((name) => runs.some((one) => one.name === name));
	return { state: all ? "done" : "not-done", at: all ? runs.flatMap(({ at }) => at).slice(0, 1) : second.at };
}

function allOf(all: readonly Held[]): Held {
	const no = all.find(({ state }) => state === "not-done");
	const unknown = all.find(({ state }) => state === "cannot-tell");
	return no ?? unknown ?? { state: "done", at: all.flatMap(({ at }) => at) };
}

function configHas({ set, remove }: Extract<Action, { kind: "edit-daemon-json" }>, { docker }: HostFacts): Held {
	const config = docker.config;
	if (!config.known) return CANNOT_TELL;
	const isSet = set.every(({ key, value }) => JSON.stringify(config.value.get(key)) === JSON.stringify(value));
	const isRemoved = remove.every((key) => !config.value.has(key));
	return { state: isSet && isRemoved ? "done" : "not-done", at: config.at };
}

function rebooted({ facts: before }: Side, { facts: after }: Side): Held {
	const [first, second] = [before, after].map(({ sysctls }) => sysctls.get("kernel.random.boot_id"));
	if (!first?.value || !second?.value) return CANNOT_TELL;
	return { state: first.value === second.value ? "not-done" : "done", at: [second.at] };
}

/** Docker's chains, jumps and rules that the first paste lacked. */
function missingRules(before: Side, after: Side): readonly ExpectedChange[] {
	const keyOf = ({ table, chain, what }: { readonly table: string; readonly chain: string; readonly what: string }) =>
		`${table} ${chain} ${what}`;
	const now = new Map(after.analysis.expected.map((one) => [keyOf(one), one]));
	const tableShown = new Set(after.analysis.expected.map(({ table }) => table));
	return before.analysis.expected
		.filter(({ state }) => state === "missing")
		.map((one): ExpectedChange => {
			const found = now.get(keyOf(one));
			const what = `${upper(one.what)} in table ${one.table}`;
			if (found) return { what, state: found.state === "there" ? "done" : "not-done", at: found.at };
			// A container that got another address has another rule: the one wanted then is not wanted now.
			return { what, state: tableShown.has(one.table) ? "done" : "cannot-tell", at: [] };
		});
}
