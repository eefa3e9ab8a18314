/** Steps that many plans share. What each does on real hosts: dockerd 20.10 to 28.5, both backends, tried one by one. */
import { HABITS, type HabitId } from "./habits";
import type { Action, AlertId, Check, FirewallOption, Habit, ModuleName, RuleAddress, Safeguard, Step } from "./plan";
import { chainName, dropInName, moduleName, ruleWords, tableName, unitValue } from "./validate";

/**
 * Makes dockerd write all its rules anew and gives back what the restart stopped. Live-restore is switched on first
 * where that is possible, because it saves the containers; on a host with firewalld a reload of it may do without.
 */
export function rebuildRules(why: string): readonly Step[] {
	return [
		{
			action: { kind: "reload-firewalld" },
			why: "Where firewalld runs, dockerd hears of its reload and writes its rules again without a restart.",
			risk: "low",
			interrupts: "nothing",
		},
		{
			action: { kind: "enable-live-restore" },
			why: "With live-restore the containers keep running while dockerd restarts.",
			risk: "low",
			interrupts: "nothing",
			unlessRepaired: true,
		},
		{
			action: { kind: "restart-docker" },
			why,
			risk: "medium",
			interrupts: "containers-unless-live-restore",
			unlessRepaired: true,
		},
		giveBackContainers(true),
	];
}

/** A restart of dockerd where the rules are not what is wrong, and what it stopped is started again. */
export function restartDocker(why: string): readonly Step[] {
	return [
		{ action: { kind: "restart-docker" }, why, risk: "medium", interrupts: "containers-unless-live-restore" },
		giveBackContainers(false),
	];
}

/** For a daemon that is down: nothing runs, so nothing is interrupted. */
export function startDocker(why: string): readonly Step[] {
	return [{ action: { kind: "start-docker" }, why, risk: "low", interrupts: "nothing" }];
}

function giveBackContainers(unlessRepaired: boolean): Step {
	return {
		action: { kind: "start-stopped-containers" },
		why: "A restart of dockerd leaves containers without a restart policy stopped.",
		risk: "low",
		interrupts: "nothing",
		...(unlessRepaired ? { unlessRepaired } : {}),
	};
}

/** A step that only a person can take. */
export function byHand(why: string, ...instructions: readonly string[]): Step {
	return { action: { kind: "by-hand", instructions }, why, risk: "none", interrupts: "nothing" };
}

/** Habits by their ids, for `Plan.instead`. */
export function habits(...ids: readonly HabitId[]): readonly Habit[] {
	return ids.map((id) => HABITS[id]);
}

/** The check that a table can be listed and written. */
export function tableIsUsable(table: "nat" | "filter" | "raw" | "mangle", family: 4 | 6 = 4): readonly Check[] {
	const name = tableName(table);
	return name ? [{ kind: "table-usable", table: name, family }] : [];
}

/** Checked module names; a name that is none is left out. */
export function modules(...names: readonly string[]): readonly ModuleName[] {
	return [...new Set(names)].flatMap((name) => moduleName(name) ?? []);
}

/** A rule put into a chain or taken out, as one choice of a plan; none where a word of it is refused. */
export function ruleChoice(
	kind: "insert-rule" | "delete-rule",
	{ backend, family }: Pick<RuleAddress, "backend" | "family">,
	place: { readonly table: string; readonly chain: string },
	words: readonly string[],
): readonly Action[] {
	const table = tableName(place.table);
	const chain = chainName(place.chain);
	const spec = ruleWords(words);
	return table && chain && spec ? [{ kind, backend, family, table, chain, spec }] : [];
}

/** Alerts of a plan, for `Plan.keep`. */
export function alerts(...on: readonly AlertId[]): readonly Safeguard[] {
	return on.map((one) => ({ kind: "alert", on: one }));
}

/**
 * dockerd starts after whatever loads rules at boot; a name that the host lacks is passed over (systemd.unit(5)). Docker's
 * own packages order it after firewalld and the network already; units of other origin often have no such line.
 */
export function startAfter(...units: readonly string[]): readonly Step[] {
	const name = dropInName("50-stackengine-order");
	const value = unitValue(units.join(" "));
	if (name === null || value === null) return [];
	return [
		{
			action: {
				kind: "write-drop-in",
				unit: "docker.service",
				name,
				settings: [{ section: "Unit", key: "After", value }],
			},
			why: "At boot dockerd then starts when their rules are loaded, and nothing is loaded over its own.",
			risk: "none",
			interrupts: "nothing",
		},
	];
}

/** A setting of a firewall's own file; a host without that file is left as it is. */
export function setOption(option: FirewallOption, why: string): Step {
	return { action: { kind: "set-option", option }, why, risk: "low", interrupts: "nothing" };
}

/** Units that load or flush rules of netfilter on a host. */
export const FIREWALL_UNITS: readonly string[] = [
	"firewalld.service",
	"nftables.service",
	"netfilter-persistent.service",
	"iptables.service",
	"ufw.service",
];
