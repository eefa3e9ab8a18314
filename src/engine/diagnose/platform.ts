import { isKnownToBe, valueOr } from "../facts/fact";
import type { HostFacts } from "../facts/host-facts";
import type { PackageManager, Platform, ServiceManager } from "../remedy/plan";

/** How the host is managed, as far as the evidence tells; a script asks the host for the rest when it runs. */
export function platformOf(facts: HostFacts): Platform {
	const system =
		`${valueOr(facts.distribution, { name: "" }).name} ${valueOr(facts.operatingSystem, "")}`.toLowerCase();
	const kernel = valueOr(facts.kernel, "").toLowerCase();
	const appliance = applianceOf(system, kernel, valueOr(facts.rootDir, ""), facts.wsl.known);
	return {
		services: servicesOf(facts, system, appliance),
		packages: packagesOf(system),
		rootless: isKnownToBe(facts.docker.rootless, true),
		liveRestore: valueOr(facts.docker.liveRestore, null),
		swarm: valueOr(facts.docker.swarm, null),
		appliance,
		...(READ_ONLY.test(system) ? { readOnly: true } : {}),
		...(facts.docker.configText === null ? {} : { daemonJson: facts.docker.configText }),
	};
}

// Image-based systems: /usr can't be written and no package is installed on the host.
const READ_ONLY =
	/flatcar|fedora (?:linux )?coreos|fedora coreos|container-optimized os|bottlerocket|talos|ubuntu core/;

function applianceOf(system: string, kernel: string, rootDir: string, isWsl: boolean): Platform["appliance"] {
	if (system.includes("docker desktop") || kernel.includes("linuxkit")) return "docker-desktop";
	if (system.includes("synology") || rootDir.startsWith("/volume1/")) return "synology";
	if (rootDir.startsWith("/var/snap/") || system.includes("ubuntu core")) return "snap";
	if (system.includes("(containerized)")) return "container";
	return kernel.includes("microsoft") || (kernel === "" && isWsl) ? "wsl" : null;
}

function servicesOf(facts: HostFacts, system: string, appliance: Platform["appliance"]): ServiceManager {
	if (appliance === "snap") return "snap";
	if (facts.systemd.known && facts.systemd.value) return "systemd";
	if (/alpine|gentoo/.test(system)) return "openrc";
	if (/void linux/.test(system)) return "runit";
	return "unknown";
}

const FAMILIES: readonly (readonly [RegExp, PackageManager])[] = [
	[/debian|ubuntu|mint|raspbian|pop!_os|kali/, "apt"],
	[
		/fedora|red hat enterprise linux (?:8|9|10)|rocky|alma|centos stream|oracle linux server (?:8|9)|amazon linux 2023/,
		"dnf",
	],
	[/centos linux 7|red hat enterprise linux (?:server )?7|amazon linux 2\b/, "yum"],
	[/alpine/, "apk"],
	[/arch linux|manjaro|endeavouros/, "pacman"],
	[/suse/, "zypper"],
];

function packagesOf(system: string): PackageManager {
	return FAMILIES.find(([pattern]) => pattern.test(system))?.[1] ?? "unknown";
}
