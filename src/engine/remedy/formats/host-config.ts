import { admitRules, MODULES_FILE } from "../commands";
import { onePlainLine } from "../shell-quote";
import { hasHostNetwork, headOf, isManagedElsewhere, type Printed } from "./format";
import { daemonJsonText, dropInsOf, dropInTexts, modulesOf, settingsOf, sysctlsOf } from "./lasting";

const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
const isSnap = ({ platform }: Printed): boolean => platform.services === "snap" || platform.appliance === "snap";

/** A drop-in of docker.service. Null without one, and where systemd does not start dockerd. */
export function renderSystemd(of: Printed): string | null {
	const { services } = of.platform;
	const systemd = services === "systemd" || services === "unknown";
	if (dropInsOf(of).length === 0 || !systemd || !hasHostNetwork(of.platform) || isSnap(of)) return null;
	const head = headOf(
		of,
		"As /etc/systemd/system/docker.service.d/50-stackengine.conf, then: systemctl daemon-reload",
		"It counts from the next start of dockerd on.",
	);
	return `${text(head)}\n${dropInTexts(of)}`;
}

/** Lines for /etc/conf.d/docker: OpenRC's rc_after and the daemon's environment. Null where nothing of it fits. */
export function renderOpenrc(of: Printed): string | null {
	if (of.platform.services !== "openrc" || !hasHostNetwork(of.platform)) return null;
	const settings = dropInsOf(of).flatMap((action) => action.settings);
	const after = settings.flatMap(({ key, value }) => (key === "After" ? value.split(" ") : []));
	const environment = settings.flatMap(({ key, value }) => (key === "Environment" ? [value] : []));
	// Names of Alpine's and Gentoo's services; a name that is not there is passed over.
	const names = [...new Set(after.flatMap((unit) => OPENRC_NAMES.get(unit) ?? []))];
	if (names.length === 0 && environment.length === 0) return null;
	return text([
		...headOf(of, "Add to /etc/conf.d/docker. It counts from the next `rc-service docker restart` on."),
		"",
		...(names.length > 0 ? [`rc_after="${names.join(" ")}"`] : []),
		...environment.map((assignment) => `export ${assignment}`),
	]);
}

const OPENRC_NAMES: ReadonlyMap<string, string> = new Map([
	["nftables.service", "nftables"],
	["firewalld.service", "firewalld"],
	["ufw.service", "ufw"],
	["iptables.service", "iptables"],
	["netfilter-persistent.service", "iptables"],
]);

/** daemon.json as it should be, see `daemonJsonText`. JSON has no comments, so it says nothing more. */
export function renderDaemonJson(of: Printed): string | null {
	return isManagedElsewhere(of.platform) ? null : daemonJsonText(of);
}

/** A file for modules-load.d(5). */
export function renderModulesLoad(of: Printed): string | null {
	const modules = modulesOf(of);
	if (modules.length === 0 || !hasHostNetwork(of.platform)) return null;
	return text([
		...headOf(
			of,
			`As ${MODULES_FILE}; with OpenRC put the names into /etc/modules.`,
			"Take out each name that `modinfo NAME` does not find: it would make the boot's module service fail.",
		),
		...modules,
	]);
}

/** A file for sysctl.d(5). */
export function renderSysctl(of: Printed): string | null {
	const settings = sysctlsOf(of);
	if (settings.length === 0 || !hasHostNetwork(of.platform)) return null;
	return text([
		...headOf(of, "As /etc/sysctl.d/99-stackengine.conf, then: sysctl --system"),
		...settings.map(({ key, value }) => `${key} = ${value}`),
	]);
}

/**
 * A file for nft(8): tables of one's own that are replaced without touching Docker's, and rules that let Docker through
 * a chain which drops. Checked with `nft -c -f`.
 */
export function renderNftables(of: Printed): string | null {
	const { plan, platform } = of;
	if (!hasHostNetwork(platform)) return null;
	const admits = plan.steps.flatMap(({ action }) => (action.kind === "admit-in-nft-chain" ? [action] : []));
	const ownTable = (plan.keep ?? []).some(({ kind }) => kind === "own-nft-table");
	if (admits.length === 0 && !ownTable) return null;
	const inserts = admits.flatMap((action) =>
		admitRules(action).map(
			(words) =>
				`insert rule ${action.family} ${action.table} ${action.chain} ${words.map(quoted).join(" ")} comment "stackengine-${action.bridge}"`,
		),
	);
	return text([
		"#!/usr/sbin/nft -f",
		...headOf(
			of,
			ownTable
				? "In place of /etc/nftables.conf, with your own rules in it. No `flush ruleset`: it takes Docker's rules along."
				: "At the end of /etc/nftables.conf, below the table that it speaks of.",
		),
		...(ownTable ? OWN_TABLE : []),
		...(inserts.length > 0
			? ["", "# Each goes to the head of the chain, so the last one here stands first.", ...inserts]
			: []),
	]);
}

// Only this table is replaced. `table …` first, so that `delete` finds one at the first run too (nft(8), "delete").
const OWN_TABLE: readonly string[] = [
	"",
	"table inet host_filter",
	"delete table inet host_filter",
	"",
	"table inet host_filter {",
	"\tchain forward {",
	"\t\ttype filter hook forward priority filter; policy accept;",
	"\t\tct state established,related accept",
	"\t\t# What Docker published, on whatever bridge, and what its containers send.",
	"\t\tct status dnat accept",
	'\t\tiifname "docker0" accept',
	'\t\tiifname "br-*" accept',
	"\t\t# Your own rules for forwarded packets. Only below the lines above may a rule drop.",
	"\t}",
	"}",
];

const quoted = (word: string, at: number, words: readonly string[]): string =>
	words[at - 1] === "iifname" || words[at - 1] === "oifname" ? `"${word}"` : word;

/** A block for /etc/ufw/after.rules and the settings of /etc/default/ufw. */
export function renderUfw(of: Printed): string | null {
	if (!hasHostNetwork(of.platform)) return null;
	const settings = settingsOf(of).filter(({ file }) => file === "/etc/default/ufw");
	const hands = (of.plan.keep ?? []).some(({ kind }) => kind === "ufw-in-docker-user");
	if (settings.length === 0 && !hands) return null;
	const said = settings.map(({ file, key, value }) => `In ${file}: ${key}=${value}`);
	if (!hands)
		return text([...headOf(of), ...settings.flatMap(({ file, key, value }) => [`# ${file}`, `${key}=${value}`])]);
	return text([
		...headOf(
			of,
			...said,
			"At the end of /etc/ufw/after.rules, then: ufw reload",
			"From then on `ufw route deny` and `ufw route allow` hold for published ports as well (by the container's port).",
			"Each reload writes DOCKER-USER anew: rules that others put there, such as fail2ban's, go.",
		),
		...UFW_BLOCK,
	]);
}

// Loaded with `iptables-restore -n`: a chain named with `:` is emptied, every other is left as it is. With nothing said
// in `ufw route` every packet comes back, so by itself this closes and opens no port.
const UFW_BLOCK: readonly string[] = [
	"*filter",
	":ufw-user-forward - [0:0]",
	":DOCKER-USER - [0:0]",
	"-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
	"-A DOCKER-USER -j ufw-user-forward",
	"-A DOCKER-USER -j RETURN",
	"COMMIT",
];

/** Lines for /etc/firewalld/firewalld.conf, and what to run where a zone holds one of Docker's bridges. */
export function renderFirewalld(of: Printed): string | null {
	if (!hasHostNetwork(of.platform)) return null;
	const settings = settingsOf(of).filter(({ file }) => file === "/etc/firewalld/firewalld.conf");
	const zones = of.plan.steps.flatMap(({ action }) => (action.kind === "release-from-zone" ? [action] : []));
	if (settings.length === 0 && zones.length === 0) return null;
	return text([
		...headOf(
			of,
			"In /etc/firewalld/firewalld.conf, each in place of its own line, then: systemctl restart firewalld",
			...zones.map(
				(action) =>
					`Docker puts its bridges into its own zone: firewall-cmd --permanent --zone=${action.zone} --remove-interface=${action.interface}`,
			),
		),
		...settings.map(({ key, value }) => onePlainLine(`${key}=${value}`)),
	]);
}
