import type { LogEvent } from "../parse/parsed";
import type { Span } from "../text/span";
import { type DockerRules, isDockerChain } from "./docker-rules";
import { type Fact, known, unknown } from "./fact";
import type { Container, EngineVersion, FoldedFailure, HostFacts } from "./host-facts";
import { type Found, first, type Reading, readingsOf, whole } from "./reading";

/** `28.5.2+dfsg4`, `v20.10.24`, `19.03.13-ce` as numbers; null for anything else. */
export function engineVersion(text: string): EngineVersion | null {
	const found = /^v?(\d{1,2})\.(\d{1,2})(?:\.(\d{1,3}))?/.exec(text);
	if (!found?.[1] || !found[2]) return null;
	return { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3] ?? 0), text };
}

/** Whether a version is at least `major.minor.patch`. */
export function isAtLeast(version: EngineVersion, major: number, minor = 0, patch = 0): boolean {
	if (version.major !== major) return version.major > major;
	if (version.minor !== minor) return version.minor > minor;
	return version.patch >= patch;
}

/** Packages that hold dockerd, and whose version is its own: Docker's, Debian's, Alpine's and Arch's, Azure's, snap's. */
const ENGINE_PACKAGES: ReadonlySet<string> = new Set([
	"docker-ce",
	"docker.io",
	"docker-engine",
	"docker",
	"moby-engine",
]);

/** Docker's version: what the server says first, then its log. */
export function gatherVersion(readings: readonly Reading[]): Fact<EngineVersion> {
	const said = [
		...readingsOf(readings, "docker-info").map(({ parsed }) => parsed.serverVersion),
		...readingsOf(readings, "docker-version").map(({ parsed }) => parsed.serverVersion),
		...readingsOf(readings, "log").map(({ parsed }) => parsed.dockerVersion),
		// A dead daemon leaves only the client's version, which is nearly always installed together with it.
		...readingsOf(readings, "docker-info").map(({ parsed }) => parsed.clientVersion),
		...readingsOf(readings, "docker-version").map(({ parsed }) => parsed.clientVersion),
	];
	const packaged = readingsOf(readings, "packages").flatMap(({ parsed }) =>
		parsed.packages
			.filter(({ name }) => ENGINE_PACKAGES.has(name))
			.map(({ version, at }) => ({ value: version.replace(/^\d+:/, ""), at })),
	);
	for (const one of [...said, ...packaged]) {
		const version = one && engineVersion(one.value);
		if (one && version) return known(version, [one.at]);
	}
	return unknown("docker-info");
}

/** Merges daemon.json, command-line flags, and the switches that only their effects betray. */
export function gatherConfig(readings: readonly Reading[]): {
	readonly config: Fact<ReadonlyMap<string, unknown>>;
	readonly configText: string | null;
	readonly flags: Fact<ReadonlyMap<string, string>>;
	readonly configError: { readonly says: string; readonly at: Span } | null;
	setting(key: string): Fact<unknown>;
} {
	const values = new Map<string, unknown>();
	const places = new Map<string, Span>();
	let shown: readonly Span[] | null = null;
	let configError: { says: string; at: Span } | null = null;
	const texts: string[] = [];
	for (const { parsed, artifact } of readingsOf(readings, "daemon-json")) {
		configError ??= parsed.error;
		if (!parsed.values) continue;
		texts.push(parsed.text);
		shown = [
			{
				artifact: artifact.id,
				from: artifact.from,
				to: artifact.to,
				line: 1,
				lastLine: Math.max(1, artifact.lines.length),
			},
		];
		for (const { key, value, at } of parsed.values) {
			values.set(key, value);
			places.set(key, at);
		}
	}
	const flags = new Map<string, string>();
	let units: Span[] = [];
	for (const { parsed } of readingsOf(readings, "unit-file")) {
		for (const setting of parsed.files.flatMap((file) => file.settings)) {
			if (setting.key !== "ExecStart" || !/dockerd/.test(setting.value)) continue;
			// An empty ExecStart= resets the list; the last command wins (systemd.service(5)).
			flags.clear();
			units = [setting.at];
			for (const { name, value } of flagsOf(setting.value)) flags.set(name, value);
		}
	}
	for (const { parsed } of readingsOf(readings, "unit-status")) {
		for (const unit of parsed.units) {
			if (!unit.command || !/dockerd/.test(unit.command)) continue;
			units.push(unit.at);
			for (const { name, value } of flagsOf(unit.command)) flags.set(name, value);
		}
	}
	for (const { parsed } of readingsOf(readings, "process-list")) {
		for (const { value, at } of parsed.daemons) {
			units.push(at);
			for (const { name, value: word } of flagsOf(value)) flags.set(name, word);
		}
	}
	return {
		config: shown ? known(values, shown) : unknown("daemon-json"),
		configText: configError === null && texts.length === 1 ? (texts[0] ?? null) : null,
		flags: units.length > 0 ? known(flags, units) : unknown("unit"),
		configError,
		setting: (key) => {
			const place = places.get(key);
			if (values.has(key)) return known(values.get(key), place ? [place] : []);
			const flag = flags.get(key);
			return flag === undefined
				? unknown("daemon-json")
				: known(flag === "" ? true : flag === "true" ? true : flag === "false" ? false : flag, units);
		},
	};
}

/** `--iptables=false --live-restore -H fd://` as names and values; a bare flag has the empty value. */
export function flagsOf(command: string): readonly { readonly name: string; readonly value: string }[] {
	const flags: { name: string; value: string }[] = [];
	for (const word of command.split(/\s+/, 200)) {
		const found = /^--([a-z0-9][a-z0-9-]*)(?:=(.*))?$/.exec(word);
		if (found?.[1]) flags.push({ name: found[1], value: found[2] ?? "" });
	}
	return flags;
}

/** Containers of `docker ps` and `docker inspect`, one entry each. */
export function gatherContainers(readings: readonly Reading[]): Fact<readonly Container[]> {
	// A listing that the daemon did not answer is no empty list.
	const listings = readingsOf(readings, "docker-ps").filter(
		// Neither a row nor a heading: the command was not found, or its output was left out.
		({ parsed }) => parsed.daemonAnswered?.value ?? parsed.containers.length > 0,
	);
	const inspects = readingsOf(readings, "docker-inspect").filter(
		({ parsed }) => parsed.daemonAnswered?.value !== false,
	);
	if (listings.length === 0 && inspects.length === 0) return unknown("docker-ps");
	const containers: Container[] = [];
	for (const inspected of inspects.flatMap(({ parsed }) => parsed.containers)) {
		containers.push({
			id: inspected.id,
			name: inspected.name,
			state: inspected.state,
			exitCode: inspected.exitCode,
			ports: inspected.ports,
			inspected,
			at: [inspected.at],
		});
	}
	for (const row of listings.flatMap(({ parsed }) => parsed.containers)) {
		const index = containers.findIndex((one) => isSame(one, row));
		const known = containers[index];
		if (known)
			containers[index] = {
				...known,
				state: known.state ?? row.state,
				ports: known.ports ?? row.ports,
				at: [...known.at, row.at],
			};
		else
			containers.push({
				id: row.id,
				name: row.name,
				state: row.state,
				exitCode: row.exitCode,
				ports: row.ports,
				inspected: null,
				at: [row.at],
			});
	}
	const at = [...listings, ...inspects].flatMap(({ artifact }) => ({
		artifact: artifact.id,
		from: artifact.from,
		to: artifact.to,
		line: 1,
		lastLine: Math.max(1, artifact.lines.length),
	}));
	return known(containers, at);
}

function isSame(
	a: { readonly id: string | null; readonly name: string | null },
	b: { readonly id: string | null; readonly name: string | null },
): boolean {
	if (a.id && b.id) return a.id.startsWith(b.id) || b.id.startsWith(a.id);
	return a.name !== null && a.name === b.name;
}

/** Whether dockerd answers: docker's own word first, then its log, then what could not be had without it. */
export function gatherRunning(
	readings: readonly Reading[],
	failures: readonly FoldedFailure[],
	events: readonly LogEvent[],
	log: HostFacts["log"],
): Fact<boolean> {
	for (const { parsed } of readingsOf(readings, "docker-info")) {
		if (parsed.daemonAnswered) return known(parsed.daemonAnswered.value, [parsed.daemonAnswered.at]);
	}
	const rows = readingsOf(readings, "docker-ps").flatMap(({ parsed }) => parsed.containers);
	if (rows[0]) return known(true, [rows[0].at]);
	const refused = failures.filter((failure) => failure.complaint.kind === "daemon-unreachable" && failure.current);
	const failedStart = failures.filter(
		(failure) => failure.current && failure.best.weight === "fatal" && failure.best.during === "daemon-start",
	);
	if (refused[0] || failedStart[0])
		return known(
			false,
			[...refused, ...failedStart].flatMap((failure) => failure.at),
		);
	const server = readingsOf(readings, "docker-version").find(({ parsed }) => parsed.serverVersion);
	if (server?.parsed.serverVersion) return known(true, [server.parsed.serverVersion.at]);
	for (const { parsed } of readingsOf(readings, "unit-status")) {
		const unit = parsed.units.find((one) => /^(?:docker|snap\.docker\.dockerd)\.service$/.test(one.unit));
		if (unit) return known(unit.active === "active", [unit.at]);
	}
	if (log.known && log.value.lastRunReady !== null) {
		const last = events.findLast((event) => event.kind === "daemon-ready" || event.kind === "daemon-stopping");
		if (last) return known(last.kind === "daemon-ready", [last.at]);
	}
	// A container that dockerd refused to start proves that dockerd answers.
	const answered = failures.find(
		(failure) =>
			failure.current &&
			failure.best.fromDockerd &&
			["container-start", "endpoint-create", "network-create"].includes(failure.best.during),
	);
	return answered ? known(true, answered.at) : unknown("docker-info");
}

/** The settings of dockerd, wherever they were shown. */
export type Configuration = ReturnType<typeof gatherConfig>;

/** How much of dockerd's log was shown, and whether its last run came up. */
export function gatherLog(readings: readonly Reading[], events: readonly LogEvent[]): HostFacts["log"] {
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

/** Networks of `docker network ls` and `inspect`, one entry each. */
export function gatherNetworks(readings: readonly Reading[]): HostFacts["networks"] {
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

/** Whether the host is part of a swarm. */
export function swarmFact(readings: readonly Reading[]): Fact<boolean> {
	const state = first(readingsOf(readings, "docker-info").map(({ parsed }) => parsed.swarm));
	return state ? known(state.value === "active", [state.at]) : unknown("docker-info");
}

/** Which of its two firewall backends Docker 29 uses; `iptables` for all before. */
export function backendSetting(
	shown: Found<string> | null,
	configured: Fact<unknown>,
): HostFacts["docker"]["firewallBackend"] {
	if (shown) return known(shown.value.startsWith("nftables") ? "nftables" : "iptables", [shown.at]);
	if (configured.known) return known(configured.value === "nftables" ? "nftables" : "iptables", configured.at);
	return unknown("docker-info");
}

/**
 * Whether docker-proxy is used: by the setting, else because one was seen, else by the form of Docker's own rule. With
 * the proxy on, the jump in OUTPUT leaves loopback out (`! -d 127.0.0.0/8`), because docker-proxy serves it (moby
 * libnetwork/drivers/bridge/setup_ip_tables_linux.go, all versions; both forms listed on real hosts).
 */
export function userlandProxy(configured: Fact<unknown>, proxy: Span | null, nat: DockerRules["nat"]): Fact<boolean> {
	if (configured.known && typeof configured.value === "boolean") return known(configured.value, configured.at);
	if (proxy) return known(true, [proxy]);
	const output = nat.kind === "shown" ? nat.table?.chains.find((chain) => chain.name === "OUTPUT") : undefined;
	const jump = output?.rules.find((rule) => rule.verdict.kind === "jump" && rule.verdict.chain === "DOCKER");
	if (!jump) return unknown("daemon-json");
	return known(
		jump.matches.some((match) => match.kind === "daddr" && match.negated),
		[jump.at],
	);
}

/**
 * `docker info` never tells (moby daemon/info.go), so: the setting where it was shown; otherwise Docker's own chains in
 * any table prove that dockerd writes rules, and so does a failure that dockerd met while writing one.
 */
export function iptablesEnabled(
	configuration: Configuration,
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

/** moby's environment variable (28.0.2 and later, `docker info` warns of it) and `allow-direct-routing` (28.2 and later). */
export function rawSkipped(
	readings: readonly Reading[],
	directRouting: Fact<unknown>,
): HostFacts["docker"]["rawSkipped"] {
	const name = "DOCKER_INSECURE_NO_IPTABLES_RAW";
	const warned = readingsOf(readings, "docker-info").flatMap(({ parsed }) =>
		parsed.warnings.filter(({ value }) => value.includes(name)),
	)[0];
	if (warned) return known(true, [warned.at]);
	const set = readingsOf(readings, "unit-file")
		.flatMap(({ parsed }) => parsed.files.flatMap(({ settings }) => settings))
		.find(({ key, value }) => key === "Environment" && new RegExp(`\\b${name}=["']?1`).test(value.slice(0, 500)));
	if (set) return known(true, [set.at]);
	if (directRouting.known && directRouting.value === true) return known(true, directRouting.at);
	return unknown("docker-info");
}

/** Services and containers that ask for ports without a network of their own, as compose files and inspections show them. */
export function gatherUnpublished(readings: readonly Reading[]): HostFacts["unpublished"] {
	const written = readingsOf(readings, "compose").flatMap(({ parsed }) => parsed.unpublished);
	const running = readingsOf(readings, "docker-inspect").flatMap(({ parsed }) =>
		parsed.containers.flatMap(({ name, networkMode, wantedPorts, at }): HostFacts["unpublished"] => {
			const shared = /^container:(.{1,80})$/.exec(networkMode ?? "")?.[1] ?? null;
			const mode = networkMode === "host" || networkMode === "none" ? networkMode : shared ? "container" : null;
			if (!mode || wantedPorts.length === 0) return [];
			return [{ service: name ?? "?", mode, of: shared, hostPorts: wantedPorts.map(({ hostPort }) => hostPort), at }];
		}),
	);
	return [...running, ...written];
}
