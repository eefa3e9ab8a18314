import {
	backendSetting,
	gatherConfig,
	gatherContainers,
	gatherLog,
	gatherNetworks,
	gatherRunning,
	gatherUnpublished,
	gatherVersion,
	iptablesEnabled,
	rawSkipped,
	swarmFact,
	userlandProxy,
} from "./docker-facts";
import { gatherRules, natNeeds } from "./docker-needs";
import { known, unknown, valueOr } from "./fact";
import { gatherEvents, gatherFailures, gatherTyped } from "./failure-facts";
import { gatherFirewalld, gatherUfw } from "./firewall-facts";
import type { HostFacts } from "./host-facts";
import { hostReadings } from "./host-readings";
import {
	distribution,
	gatherConntrack,
	gatherInterfaces,
	gatherLock,
	gatherModuleFiles,
	gatherModuleless,
	gatherModules,
	gatherPackagedKernels,
	gatherSockets,
	gatherSysctls,
	operatingSystem,
	systemd,
	unreadErrors,
} from "./machine-facts";
import { gatherBackend, gatherNetfilter } from "./netfilter-facts";
import { factOf, first, listing, listOf, type Reading, readingsOf, spanned } from "./reading";

/** Merges what all artifacts say into the facts of one host. Nothing is concluded here that no artifact says. */
export function gatherFacts(all: readonly Reading[]): HostFacts {
	const readings = hostReadings(all);
	const { backend, version } = gatherBackend(readings);
	const netfilter = gatherNetfilter(readings, backend);
	const failures = gatherFailures(readings, { netfilter, backend });
	const events = gatherEvents(readings);
	const log = gatherLog(readings, events);
	const configuration = gatherConfig(readings);
	const containers = gatherContainers(readings);
	const networks = gatherNetworks(readings);
	const interfaces = gatherInterfaces(readings);
	const info = readingsOf(readings, "docker-info").map(({ parsed }) => parsed);
	const rules = gatherRules(netfilter, backend, natNeeds(containers, networks, interfaces, configuration));
	const running = gatherRunning(readings, failures, events, log);
	const firewallBackend = first(info.map((one) => one.firewallBackend));
	const { sockets, containerSockets } = gatherSockets(readings);
	const proxy = valueOr(sockets, []).find((socket) => socket.process?.startsWith("docker-pr"));
	return {
		docker: {
			version: gatherVersion(readings),
			running,
			firewallBackend: backendSetting(firewallBackend, configuration.setting("firewall-backend")),
			withFirewalld: firewallBackend
				? known(firewallBackend.value.includes("firewalld"), [firewallBackend.at])
				: unknown("docker-info"),
			iptablesEnabled: iptablesEnabled(configuration, rules, failures),
			userlandProxy: userlandProxy(configuration.setting("userland-proxy"), proxy?.at ?? null, rules.nat),
			rawSkipped: rawSkipped(readings, configuration.setting("allow-direct-routing")),
			liveRestore: factOf(first(info.map((one) => one.liveRestore)), "docker-info"),
			rootless: factOf(first(info.map((one) => one.rootless)), "docker-info"),
			swarm: swarmFact(readings),
			containersRunning: factOf(first(info.map((one) => one.containersRunning)), "docker-info"),
			config: configuration.config,
			configText: configuration.configText,
			flags: configuration.flags,
			configError: configuration.configError,
		},
		containers,
		networks,
		iptables: { backend, version },
		netfilter,
		rules,
		failures,
		events,
		typed: gatherTyped(all),
		log,
		probes: readingsOf(readings, "probes").flatMap(({ parsed }) => parsed.probes),
		lock: gatherLock(readings),
		kernel: factOf(
			first([
				...readingsOf(readings, "uname").map(({ parsed }) => parsed.release),
				...readingsOf(readings, "lib-modules").map(({ parsed }) => parsed.running),
				...info.map((one) => one.kernelVersion),
			]),
			"modules",
		),
		moduleReleases: listOf(
			readingsOf(readings, "lib-modules").flatMap(({ parsed }) => parsed.releases),
			"modules",
		),
		moduleFiles: gatherModuleFiles(readings),
		packagedKernels: gatherPackagedKernels(readings),
		loadedModules: gatherModules(readings),
		withoutModules: gatherModuleless(readings),
		kernelConfig: new Map(
			readingsOf(readings, "kernel-config").flatMap(({ parsed }) =>
				parsed.options.map((option) => [option.name, { value: option.value, at: option.at }]),
			),
		),
		distribution: distribution(readings),
		sysctls: gatherSysctls(readings),
		ipsets: listing(readingsOf(readings, "ipset"), (parsed) => parsed.sets, "rule-set"),
		conntrack: gatherConntrack(readings),
		composePorts: readingsOf(readings, "compose").flatMap(({ parsed }) => parsed.ports),
		unpublished: gatherUnpublished(readings),
		bridges: listing(
			readingsOf(readings, "bridge-ports").filter(({ parsed }) => parsed.complete),
			(parsed) => parsed.bridges,
			"addresses",
		),
		desktopChecks: listing(
			readingsOf(readings, "desktop-checks").filter(({ parsed }) => parsed.at !== null),
			(parsed) => parsed.failed,
			"docker-info",
		),
		wsl: factOf(first(readingsOf(readings, "wsl").map(({ parsed }) => parsed.version)), "docker-info"),
		services: listing(
			readingsOf(readings, "docker-services").filter(({ parsed }) => parsed.answered),
			(parsed) => parsed.services,
			"docker-info",
		),
		counters: new Map(
			readingsOf(readings, "nstat").flatMap(({ parsed }) =>
				parsed.counters.map((one) => [one.name, { value: one.value, at: one.at }]),
			),
		),
		sockets,
		containerSockets,
		interfaces,
		routes: spanned(
			readingsOf(readings, "ip-route").flatMap(({ parsed }) => parsed.routes),
			"routes",
		),
		policyRules: spanned(
			readingsOf(readings, "ip-rule").flatMap(({ parsed }) => parsed.rules),
			"routes",
		),
		ufw: gatherUfw(readings),
		firewalld: gatherFirewalld(readings),
		operatingSystem: operatingSystem(readings),
		rootDir: factOf(first(info.map((one) => one.rootDir)), "docker-info"),
		systemd: systemd(readings),
		unreadErrors: unreadErrors(readings),
	};
}
