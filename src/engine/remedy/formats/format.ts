import type { Blank } from "../blanks";
import type { About, Plan, Platform } from "../plan";
import { onePlainLine } from "../shell-quote";

/** The formats beside the script, the play, user-data, the diff and the runbook. */
export const MORE_FORMATS = [
	{
		id: "preflight",
		name: "Preflight script",
		file: "preflight.sh",
		says: "Asks whether a host is as it should be. Changes nothing.",
	},
	{
		id: "systemd",
		name: "systemd drop-in",
		file: "50-stackengine.conf",
		says: "What docker.service is to know, in a file beside its unit.",
	},
	{
		id: "openrc",
		name: "OpenRC settings",
		file: "docker.conf.d",
		says: "The same for hosts with OpenRC: lines for /etc/conf.d/docker.",
	},
	{
		id: "daemon-json",
		name: "daemon.json",
		file: "daemon.json",
		says: "The edit alone: order and layout of the file stay.",
	},
	{
		id: "modules-load",
		name: "modules-load.d",
		file: "stackengine-docker.conf",
		says: "Modules that are loaded at each boot.",
	},
	{ id: "sysctl", name: "sysctl.d", file: "99-stackengine.conf", says: "Settings of the kernel at each boot." },
	{
		id: "nftables",
		name: "nftables.conf",
		file: "nftables.conf",
		says: "Rules of your own that leave Docker's alone.",
	},
	{
		id: "ufw",
		name: "ufw",
		file: "ufw.rules",
		says: "What ufw needs so that it and Docker keep out of each other's way.",
	},
	{
		id: "firewalld",
		name: "firewalld",
		file: "firewalld.conf",
		says: "The settings of firewalld that matter to Docker.",
	},
	{
		id: "butane",
		name: "Butane",
		file: "docker.bu",
		says: "For Flatcar and Fedora CoreOS, where /usr can't be written.",
	},
	{ id: "ignition", name: "Ignition", file: "docker.ign", says: "What Butane makes of it: Ignition 3.4.0." },
	{
		id: "github-actions",
		name: "GitHub Actions",
		file: "docker-smoke.yml",
		says: "A job that asks a published port from outside the host.",
	},
	{ id: "gitlab-ci", name: "GitLab CI", file: "docker-smoke.gitlab-ci.yml", says: "The same job for GitLab." },
	{
		id: "rego",
		name: "Policy for Conftest",
		file: "docker.rego",
		says: "Refuses configuration that leads here (OPA, Rego v1).",
	},
	{
		id: "checkov",
		name: "Policy for Checkov",
		file: "docker-checkov.yaml",
		says: "Refuses Ansible tasks that lead here.",
	},
	{ id: "alerts", name: "Prometheus alerts", file: "docker-alerts.yml", says: "Says so before users do." },
	{
		id: "compatibility",
		name: "Kernels and backends",
		file: "compatibility.md",
		says: "Which system has which backend, and where its modules are.",
	},
] as const;

export type MoreFormat = (typeof MORE_FORMATS)[number]["id"];

/** What a format is printed from. The words of `plan` and `about` may be shown as they are. */
export type Printed = {
	/** Repair and prevention in one. Steps that need names which a report does not tell are not in it. */
	readonly plan: Plan;
	readonly platform: Platform;
	readonly about: About;
	/** Steps that were left out for that, as titles. */
	readonly left: readonly string[];
	readonly blanks: readonly Blank[];
};

/** Repair and prevention as one plan: first what mends, then what keeps. Null prevention: the repair as it is. */
export function joinPlans(plan: Plan, prevent: Plan | null): Plan {
	if (prevent === null) return plan;
	const seen = new Set(plan.instead.map(({ command }) => command));
	return {
		...plan,
		steps: [...plan.steps, ...prevent.steps.filter((step) => !plan.steps.some((one) => same(one.action, step.action)))],
		after: [...plan.after, ...prevent.after.filter((check) => !plan.after.some((one) => same(one, check)))],
		instead: [...plan.instead, ...prevent.instead.filter(({ command }) => !seen.has(command))],
		keep: [...(plan.keep ?? []), ...(prevent.keep ?? [])],
	};
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Comment lines at the head of a file. `where`: the path it belongs to, and what to do with it. */
export function headOf({ plan, about, left }: Printed, ...where: readonly string[]): readonly string[] {
	return [
		`# ${onePlainLine(about.title)}`,
		`# ${onePlainLine(plan.summary)}`,
		"# Made by StackEngine.",
		...where.map((line) => `# ${onePlainLine(line)}`),
		...left.map((title) => `# Left out, since it needs names that the report does not tell: ${onePlainLine(title)}`),
	];
}

/** Hosts whose files are not the person's to write: what is for an ordinary Linux host says nothing there. */
export function isManagedElsewhere({ appliance }: Platform): boolean {
	return appliance === "docker-desktop" || appliance === "synology";
}

/** The host's own firewall, modules and units do not matter to a daemon with namespaces of its own. */
export function hasHostNetwork(platform: Platform): boolean {
	return !platform.rootless && !isManagedElsewhere(platform);
}
