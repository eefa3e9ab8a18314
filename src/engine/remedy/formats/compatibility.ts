import type { Action, Check } from "../plan";
import { onePlainLine } from "../shell-quote";
import type { Printed } from "./format";

/**
 * Which iptables a system has and where its kernel keeps what Docker needs. Sources: package lists of the
 * distributions (packages.debian.org, packages.ubuntu.com, pkgs.alpinelinux.org, archlinux.org), kernel commit
 * 9fce66583f06 (6.17, legacy tables off by default), docker-ce-packaging#1340 and #1255, docker-library/docker#539,
 * moby#49557 and #49508 (Jetson), microsoft/WSL#11742.
 */
const TABLE: readonly (readonly [system: string, backend: string, legacy: string, modules: string])[] = [
	["Debian 10 to 13", "nft (update-alternatives)", "yes", "linux-image"],
	["Ubuntu 20.04", "legacy (update-alternatives)", "yes", "linux-modules-extra"],
	[
		"Ubuntu 22.04, 24.04",
		"nft (update-alternatives)",
		"yes",
		"linux-modules-extra; Raspberry Pi: linux-modules-extra-raspi",
	],
	["Ubuntu 26.04", "nft", "no", "linux-modules-extra"],
	["RHEL, CentOS 7", "legacy (iptables 1.4)", "yes, and no nft backend", "kernel"],
	["RHEL, Alma, Rocky 8 and 9", "nft only", "kernel yes, no program", "kernel-modules, kernel-modules-extra"],
	["RHEL, Alma, Rocky 10", "nft only", "no", "kernel-modules-extra (xt_addrtype and others)"],
	["Fedora 43 and later", "nft", "no (kernel 6.17)", "kernel-modules"],
	["Amazon Linux 2", "legacy", "yes", "kernel"],
	["Amazon Linux 2023", "nft", "yes", "kernel"],
	["openSUSE, SLES", "nft (update-alternatives)", "by kernel", "kernel-default; kernel-default-extra, -optional"],
	[
		"Alpine 3.19 to 3.21",
		"nft; iptables-legacy apart",
		"yes",
		"linux-lts, linux-virt: gone after an upgrade until the reboot",
	],
	["Alpine 3.22 and later", "nft only", "no program", "as before"],
	[
		"Arch",
		"nft since April 2026",
		"by kernel; iptables-legacy apart",
		"linux: the running kernel's go with each upgrade",
	],
	["Flatcar", "eselect", "yes (6.12)", "in the image; /usr is read-only, /etc/modules-load.d counts"],
	["Synology DSM", "legacy 1.8.3, its own", "yes, without iptable_raw", "in the firmware"],
	["NVIDIA Jetson (L4T)", "either", "partly: no iptable_raw, no ip_set", "build them, or Docker 27"],
	["WSL2, kernel before 6.6", "legacy", "yes", "built in; `wsl --update` brings newer"],
	["WSL2, kernel 6.6 and later", "nft", "yes", "the modules disk of the same kernel"],
	["Docker Desktop", "inside its own machine", "no matter", "no matter"],
];

/** The table as Markdown, for repairs that turn on the kernel or the backend. */
export function renderCompatibility(of: Printed): string | null {
	const { plan, about } = of;
	const matters =
		plan.steps.some(({ action }) => ACTIONS.has(action.kind)) ||
		[...plan.after, ...plan.before.map(({ check }) => check)].some((check) => CHECKS.has(check.kind));
	if (!matters) return null;
	return `${[
		`# Kernels and backends: ${escaped(about.title)}`,
		"",
		"Which `iptables` a system has, whether its kernel still has the tables of the legacy one, and what brings the modules that Docker needs. From kernel 6.17 on legacy tables are off by default (`CONFIG_NETFILTER_XTABLES_LEGACY`); distributions decide.",
		"",
		"| System | Backend of `iptables` | Legacy tables in the kernel | Modules |",
		"|---|---|---|---|",
		...TABLE.map((row) => `| ${row.join(" | ")} |`),
		"",
		"The host itself tells: `iptables -V` names the backend, `iptables-nft -t nat -L -n` and `iptables-legacy -t nat -L -n` whether the kernel carries it, `modinfo xt_addrtype` whether a module is there.",
	].join("\n")}\n`;
}

const ACTIONS: ReadonlySet<Action["kind"]> = new Set([
	"select-backend",
	"remove-docker-leftovers",
	"load-modules",
	"install-package",
	"reboot",
]);
const CHECKS: ReadonlySet<Check["kind"]> = new Set([
	"backend-is",
	"no-docker-leftovers",
	"extension-usable",
	"modules-of-running-kernel",
	"table-usable",
]);

const escaped = (text: string): string => onePlainLine(text).replaceAll(/[\\`*_[\]<>&|#~]/g, "\\$&");
