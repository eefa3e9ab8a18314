import { formatAddress, parsePrefix, rangeOf } from "../netfilter/address";
import type { Backend } from "../netfilter/ruleset";
import type { LogEvent } from "../parse/parsed";
import type { Span } from "../text/span";
import { gatherConfig, gatherContainers, gatherRunning, gatherVersion } from "./docker-facts";
import {
	type DockerRules,
	filterState,
	isDockerChain,
	type NatNeeds,
	type NeededPort,
	natState,
	type TableState,
} from "./docker-rules";
import { isLooping } from "./engine-state";
import { type Fact, isKnownToBe, known, placesOf, unknown, valueOr } from "./fact";
import { gatherEvents, gatherFailures } from "./failure-facts";
import type { Container, FoldedFailure, HostFacts, NetfilterFacts } from "./host-facts";
import { gatherBackend, gatherNetfilter, otherBackend, tableOf } from "./netfilter-facts";
import { type Reading, readingsOf } from "./reading";

/** Merges what all artifacts say into the facts of one host. Nothing is concluded here that no artifact says. */
export function gatherFacts(readings: readonly Reading[]): HostFacts {
	const failures = gatherFailures(readings);
	const events = gatherEvents(readings);
	const log = gatherLog(readings, events);
	const { backend, version } = gatherBackend(readings);
	const netfilter = gatherNetfilter(readings, backend);
	const configuration = gatherConfig(readings);
	const containers = gatherContainers(readings);
	const networks = gatherNetworks(readings);
	const interfaces = gatherInterfaces(readings);
	const info = readingsOf(readings, "docker-info").map(({ parsed }) => parsed);
	const rules = gatherRules(netfilter, backend, natNeeds(containers, networks, interfaces, configuration));
	const running = gatherRunning(readings, failures, events, log);
	const firewallBackend = first(info.map((one) => one.firewallBackend));
	const sockets = readingsOf(readings, "sockets").flatMap(({ parsed }) => parsed.sockets);
	const hostSockets = readingsOf(readings, "sockets").filter(({ parsed }) =>
		parsed.sockets.every((socket) => socket.container === null),
	);
	return {
		docker: {
			version: gatherVersion(readings),
			running,
			firewallBackend: backendSetting(firewallBackend, configuration.setting("firewall-backend")),
			withFirewalld: firewallBackend
				? known(firewallBackend.value.includes("firewalld"), [firewallBackend.at])
				: unknown("docker-info"),
			iptablesEnabled: iptablesEnabled(configuration, rules, failures),
			userlandProxy: userlandProxy(
				configuration.setting("userland-proxy"),
				sockets.find((socket) => socket.process?.startsWith("docker-pr"))?.at ?? null,
			),
			liveRestore: factOf(first(info.map((one) => one.liveRestore)), "docker-info"),
			rootless: factOf(first(info.map((one) => one.rootless)), "docker-info"),
			swarm: swarmFact(readings),
			containersRunning: factOf(first(info.map((one) => one.containersRunning)), "docker-info"),
			config: configuration.config,
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
		loadedModules: loadedModules(readings),
		kernelConfig: new Map(
			readingsOf(readings, "kernel-config").flatMap(({ parsed }) =>
				parsed.options.map((option) => [option.name, { value: option.value, at: option.at }]),
			),
		),
		distribution: distribution(readings),
		sysctls: new Map(
			readingsOf(readings, "sysctl").flatMap(({ parsed }) =>
				parsed.values.map((one) => [one.key, { value: one.value, at: one.at }]),
			),
		),
		counters: new Map(
			readingsOf(readings, "nstat").flatMap(({ parsed }) =>
				parsed.counters.map((one) => [one.name, { value: one.value, at: one.at }]),
			),
		),
		sockets:
			hostSockets.length > 0
				? known(
						sockets.filter((socket) => socket.container === null),
						hostSockets.flatMap(({ artifact }) => whole(artifact)),
					)
				: unknown("sockets"),
		containerSockets: sockets.some((socket) => socket.container !== null)
			? known(
					sockets.filter((socket) => socket.container !== null),
					sockets.filter((socket) => socket.container !== null).map((socket) => socket.at),
				)
			: unknown("container-sockets"),
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
		operatingSystem: factOf(first(info.map((one) => one.operatingSystem)), "docker-info"),
		rootDir: factOf(first(info.map((one) => one.rootDir)), "docker-info"),
		systemd: systemd(readings),
		unreadErrors: unreadErrors(readings),
	};
}

type Found<T> = { readonly value: T; readonly at: Span };

const first = <T>(found: readonly (Found<T> | null)[]): Found<T> | null => found.find((one) => one !== null) ?? null;

const factOf = <T>(found: Found<T> | null, ask: Parameters<typeof unknown>[0]): Fact<T> =>
	found ? known(found.value, [found.at]) : unknown(ask);

const listOf = <T>(found: readonly Found<T>[], ask: Parameters<typeof unknown>[0]): Fact<readonly T[]> =>
	found.length > 0
		? known(
				found.map((one) => one.value),
				found.map((one) => one.at),
			)
		: unknown(ask);

const spanned = <T extends { readonly at: Span }>(
	items: readonly T[],
	ask: Parameters<typeof unknown>[0],
): Fact<readonly T[]> =>
	items.length > 0
		? known(
				items,
				items.map((item) => item.at),
			)
		: unknown(ask);

const whole = (artifact: Reading["artifact"]): readonly Span[] => [
	{
		artifact: artifact.id,
		from: artifact.from,
		to: artifact.to,
		line: 1,
		lastLine: Math.max(1, artifact.lines.length),
	},
];

function gatherLog(readings: readonly Reading[], events: readonly LogEvent[]): HostFacts["log"] {
	const logs = readingsOf(readings, "log").filter(({ artifact }) => artifact.kind === "dockerd-log");
	if (logs.length === 0) return unknown("dockerd-log");
	const lines = logs.reduce((sum, { artifact }) => sum + artifact.lines.length, 0);
	const runs = logs.reduce((sum, { parsed }) => sum + parsed.runs, 0);
	const last = events.findLast(
		(event) => event.kind === "daemon-ready" || event.kind === "daemon-starting" || event.kind === "daemon-stopping",
	);
	return known(
		{ runs, lines, lastRunReady: last ? last.kind === "daemon-ready" : null },
		logs.flatMap(({ artifact }) => whole(artifact)),
	);
}

function gatherNetworks(readings: readonly Reading[]): HostFacts["networks"] {
	const found = readingsOf(readings, "docker-networks");
	// `network ls` names every network, `network inspect` knows its subnets: one entry each.
	const byName = new Map<string, (typeof found)[number]["parsed"]["networks"][number]>();
	for (const network of found.flatMap(({ parsed }) => parsed.networks)) {
		const before = byName.get(network.name);
		if (!before || network.subnets.length > before.subnets.length) byName.set(network.name, network);
	}
	return found.length > 0
		? known(
				[...byName.values()],
				found.flatMap(({ artifact }) => whole(artifact)),
			)
		: unknown("docker-networks");
}

function gatherInterfaces(readings: readonly Reading[]): HostFacts["interfaces"] {
	const found = readingsOf(readings, "ip-addr");
	return found.length > 0
		? known(
				found.flatMap(({ parsed }) => parsed.interfaces),
				found.flatMap(({ artifact }) => whole(artifact)),
			)
		: unknown("addresses");
}

function gatherLock(readings: readonly Reading[]): HostFacts["lock"] {
	const found = readingsOf(readings, "lock-holders");
	const holders = new Map(found.flatMap(({ parsed }) => parsed.holders.map((holder) => [holder.pid, holder])));
	return found.length > 0
		? known(
				[...holders.values()],
				found.flatMap(({ artifact }) => whole(artifact)),
			)
		: unknown("lock-holders");
}

function loadedModules(readings: readonly Reading[]): HostFacts["loadedModules"] {
	const found = readingsOf(readings, "lsmod").filter(({ parsed }) => parsed.modules !== null);
	return found.length > 0
		? known(
				new Set(found.flatMap(({ parsed }) => (parsed.modules ?? []).map((one) => one.value))),
				found.flatMap(({ artifact }) => whole(artifact)),
			)
		: unknown("lsmod");
}

function distribution(readings: readonly Reading[]): HostFacts["distribution"] {
	for (const { parsed } of readingsOf(readings, "os-release")) {
		const name = parsed.prettyName ?? parsed.id;
		if (name) return known({ id: parsed.id?.value ?? null, name: name.value }, [name.at]);
	}
	const system = first(readingsOf(readings, "docker-info").map(({ parsed }) => parsed.operatingSystem));
	return system ? known({ id: null, name: system.value }, [system.at]) : unknown("docker-info");
}

function swarmFact(readings: readonly Reading[]): Fact<boolean> {
	const state = first(readingsOf(readings, "docker-info").map(({ parsed }) => parsed.swarm));
	return state ? known(state.value === "active", [state.at]) : unknown("docker-info");
}

function gatherUfw(readings: readonly Reading[]): HostFacts["ufw"] {
	for (const { parsed, artifact } of readingsOf(readings, "ufw-status")) {
		if (parsed.active)
			return known(
				{
					active: parsed.active.value,
					routed: parsed.defaults?.value.routed ?? null,
					rules: parsed.rules.map((rule) => rule.value),
				},
				whole(artifact),
			);
	}
	return unknown("firewalls");
}

function gatherFirewalld(readings: readonly Reading[]): HostFacts["firewalld"] {
	for (const { parsed, artifact } of readingsOf(readings, "firewalld-state")) {
		if (parsed.running)
			return known(
				{ running: parsed.running.value, backend: parsed.backend?.value ?? null, zones: parsed.zones },
				whole(artifact),
			);
	}
	return unknown("firewalls");
}

function systemd(readings: readonly Reading[]): Fact<boolean> {
	const units = readings.filter(
		({ artifact }) => artifact.kind === "unit-file" || artifact.kind === "systemctl-status",
	);
	const said = readingsOf(readings, "log")
		.flatMap(({ parsed }) => parsed.failures)
		.find((failure) => failure.speaker === "systemd");
	if (units[0]) return known(true, whole(units[0].artifact));
	return said ? known(true, [said.at]) : unknown("unit");
}

function backendSetting(
	shown: Found<string> | null,
	configured: Fact<unknown>,
): HostFacts["docker"]["firewallBackend"] {
	if (shown) return known(shown.value.startsWith("nftables") ? "nftables" : "iptables", [shown.at]);
	if (configured.known) return known(configured.value === "nftables" ? "nftables" : "iptables", configured.at);
	return unknown("docker-info");
}

function userlandProxy(configured: Fact<unknown>, proxy: Span | null): Fact<boolean> {
	if (configured.known && typeof configured.value === "boolean") return known(configured.value, configured.at);
	return proxy ? known(true, [proxy]) : unknown("daemon-json");
}

/**
 * `docker info` never tells (moby daemon/info.go), so: the setting where it was shown; otherwise Docker's own chains in
 * any table prove that dockerd writes rules, and so does a failure that dockerd met while writing one.
 */
function iptablesEnabled(
	configuration: ReturnType<typeof gatherConfig>,
	rules: DockerRules,
	failures: readonly FoldedFailure[],
): Fact<boolean> {
	const setting = configuration.setting("iptables");
	if (setting.known && typeof setting.value === "boolean") return known(setting.value, setting.at);
	const written = failures.filter(
		(failure) => failure.best.fromDockerd && failure.best.command !== null && failure.best.weight !== "noise",
	);
	if (written[0]) return known(true, written[0].at);
	const chains = [rules.nat, rules.filter].flatMap((state) =>
		state.kind === "shown" && state.anyDockerChain
			? (state.table?.chains.filter((chain) => isDockerChain(chain.name)) ?? [])
			: [],
	);
	if (chains[0]) return known(true, [chains[0].at]);
	if (rules.otherBackend && rules.otherBackend.chains.length > 0) return known(true, rules.otherBackend.at);
	return configuration.config.known && configuration.flags.known
		? known(true, [...configuration.config.at, ...configuration.flags.at])
		: unknown("daemon-json");
}

/** Ports and subnets that need rules: published by running containers on bridge networks. */
function natNeeds(
	containers: Fact<readonly Container[]>,
	networks: HostFacts["networks"],
	interfaces: HostFacts["interfaces"],
	configuration: ReturnType<typeof gatherConfig>,
): NatNeeds {
	const ports: NeededPort[] = [];
	for (const container of valueOr(containers, [])) {
		// A container that restarts again and again has its rules only for moments.
		if ((container.state !== "running" && container.state !== "paused") || isLooping(container)) continue;
		if (container.inspected?.networkMode === "host") continue;
		const address = container.inspected?.addresses[0]?.address ?? null;
		for (const port of container.ports ?? []) {
			// [::] is served by ip6tables or by docker-proxy; the IPv4 entry beside it is what the nat table holds.
			if (port.hostAddress.includes(":")) continue;
			if (!ports.some((one) => one.hostPort === port.hostPort && one.protocol === port.protocol))
				ports.push({ ...port, container: container.name, address });
		}
	}
	const masquerade = configuration.setting("ip-masq");
	const bridges = valueOr(networks, []).filter(
		(network) => network.driver === "bridge" && network.internal !== true && network.subnets.length > 0,
	);
	const inspected = bridges.flatMap((network) => network.subnets.filter((subnet) => !subnet.includes(":")));
	const docker0 = valueOr(interfaces, []).find((one) => one.name === "docker0");
	const fromAddress = (docker0?.addresses ?? []).flatMap((text) => {
		const prefix = text.includes(":") ? null : parsePrefix(text);
		return prefix ? [`${formatAddress(rangeOf(prefix).from)}/${prefix.length}`] : [];
	});
	const subnets = inspected.length > 0 ? inspected : fromAddress;
	return { ports, subnets: isKnownToBe(masquerade, false) ? [] : [...new Set(subnets)] };
}

function gatherRules(netfilter: NetfilterFacts, active: Fact<Backend>, needs: NatNeeds): DockerRules {
	const backend = active.known ? active.value : null;
	const state = (name: "nat" | "filter"): TableState => {
		const answer = tableOf(netfilter, backend, 4, name);
		if (answer.kind === "unknown") return { kind: "unknown" };
		const table = answer.kind === "shown" ? answer.table : null;
		const at = answer.kind === "shown" ? [answer.table.at] : answer.at;
		return name === "nat" ? natState(table, at, needs) : filterState(table, at, needs);
	};
	return {
		nat: state("nat"),
		filter: state("filter"),
		otherBackend: backend ? otherSide(netfilter, otherBackend(backend)) : null,
	};
}

function otherSide(netfilter: NetfilterFacts, backend: Backend): DockerRules["otherBackend"] {
	const tables = netfilter.tables.filter(
		(table) => table.backend === backend && table.family === "ip" && !table.native,
	);
	const listed = netfilter.listed.find((one) => one.backend === backend && one.family === 4);
	if (tables.length === 0 && !listed) return null;
	const chains = tables.flatMap((table) => table.chains.filter((chain) => isDockerChain(chain.name)));
	return {
		backend,
		chains,
		at: chains.length > 0 ? chains.map((chain) => chain.at) : listed ? listed.at : tables.map((table) => table.at),
	};
}

/** Where Docker's version, log and rule set were read; used where a sentence speaks of the host as a whole. */
export function generalPlaces(facts: HostFacts): readonly Span[] {
	return [...placesOf(facts.docker.version), ...placesOf(facts.log)].slice(0, 2);
}

/** What an error sounds like in any program's words; used only to be less sure, never to accuse. */
const ERROR_WORDS =
	/\b(?:error|fail(?:ed|ure)?|fatal|panic|cannot|can't|could not|couldn't|unable|denied|refused|no such file|not found|invalid)\b/i;

function unreadErrors(readings: readonly Reading[]): readonly Span[] {
	return readings
		.filter(
			({ artifact, parsed }) =>
				artifact.kind === "unrecognised" ||
				(artifact.kind === "docker-error" && parsed.kind === "log" && parsed.failures.length === 0),
		)
		.flatMap(({ artifact }) =>
			artifact.lines
				.filter((line) => ERROR_WORDS.test(line.text.slice(0, 2000)))
				.map((line) => ({
					artifact: artifact.id,
					from: line.from,
					to: line.to,
					line: line.number,
					lastLine: line.number,
				})),
		)
		.slice(0, 20);
}
