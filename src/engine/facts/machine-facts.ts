import { isNoise } from "../parse/noise";
import type { ListeningSocket } from "../parse/parsed";
import type { Artifact } from "../text/evidence";
import type { Span } from "../text/span";
import { type Fact, known, unknown } from "./fact";
import type { HostFacts } from "./host-facts";
import { first, listing, listOf, type Reading, readingsOf, whole } from "./reading";

/** Interfaces of `ip addr`; a listing of one interface alone is not the list. */
export function gatherInterfaces(readings: readonly Reading[]): HostFacts["interfaces"] {
	const found = readingsOf(readings, "ip-addr").filter(({ parsed }) => parsed.complete);
	return listing(found, (parsed) => parsed.interfaces, "addresses");
}

/** Who has the lock file open; only a tool that answered can say that nobody has. */
export function gatherLock(readings: readonly Reading[]): HostFacts["lock"] {
	const found = readingsOf(readings, "lock-holders").filter(
		({ parsed }) => parsed.answered || parsed.holders.length > 0,
	);
	const holders = listing(found, (parsed) => parsed.holders, "lock-holders");
	if (!holders.known) return holders;
	// lsof and fuser name the same process; the one that knows who locks is kept.
	const byPid = new Map(
		holders.value
			.toSorted((a, b) => Number(a.locks === true) - Number(b.locks === true))
			.map((holder) => [holder.pid, holder]),
	);
	return known([...byPid.values()], holders.at);
}

/** Names of `lsmod`. What is built in is not among them, so absence here proves nothing by itself. */
export function gatherModules(readings: readonly Reading[]): HostFacts["loadedModules"] {
	const found = readingsOf(readings, "lsmod").filter(({ parsed }) => parsed.modules !== null && parsed.complete);
	const names = listing(found, (parsed) => (parsed.modules ?? []).map((one) => one.value), "lsmod");
	return names.known ? known(new Set(names.value), names.at) : names;
}

/** A kernel without loadable modules: what it has is built in, and no module can be missing. */
export function gatherModuleless(readings: readonly Reading[]): HostFacts["withoutModules"] {
	const at = readingsOf(readings, "lsmod").flatMap(({ parsed }) => parsed.withoutModules ?? []);
	return at.length > 0 ? known(true, at) : unknown("modules");
}

/** Modules by name; a file or a built-in one stands against modinfo's "not found", which older kmod says of built-in ones. */
export function gatherModuleFiles(readings: readonly Reading[]): HostFacts["moduleFiles"] {
	const files = readingsOf(readings, "lib-modules").flatMap(({ parsed }) => parsed.files);
	const sorted = files.toSorted((a, b) => Number(b.state === "absent") - Number(a.state === "absent"));
	return new Map(sorted.map((file) => [file.module, file]));
}

/** Kernels that packages installed; a list without any kernel says nothing of kernels. */
export function gatherPackagedKernels(readings: readonly Reading[]): HostFacts["packagedKernels"] {
	return listOf(
		readingsOf(readings, "packages").flatMap(({ parsed }) => parsed.kernels),
		"modules",
	);
}

/** What conntrack counted. */
export function gatherConntrack(readings: readonly Reading[]): HostFacts["conntrack"] {
	const found = readingsOf(readings, "conntrack").map(({ parsed }) => parsed);
	return { count: first(found.map((one) => one.count)), dropped: first(found.map((one) => one.dropped)) };
}

/** Distribution by os-release, else as docker info names the system. */
export function distribution(readings: readonly Reading[]): HostFacts["distribution"] {
	for (const { parsed } of readingsOf(readings, "os-release")) {
		const name = parsed.prettyName ?? parsed.id;
		if (name) return known({ id: parsed.id?.value ?? null, name: name.value }, [name.at]);
	}
	const system = first(readingsOf(readings, "docker-info").map(({ parsed }) => parsed.operatingSystem));
	return system ? known({ id: null, name: system.value }, [system.at]) : unknown("docker-info");
}

/** The system as docker info names it; the checks of Docker Desktop are run nowhere else. */
export function operatingSystem(readings: readonly Reading[]): HostFacts["operatingSystem"] {
	const named = first(readingsOf(readings, "docker-info").map(({ parsed }) => parsed.operatingSystem));
	if (named) return known(named.value, [named.at]);
	const checks = first(
		readingsOf(readings, "desktop-checks").map(({ parsed: { at } }) => at && { value: "Docker Desktop", at }),
	);
	return checks ? known(checks.value, [checks.at]) : unknown("docker-info");
}

/** Whether systemd runs the host: it showed a unit or spoke itself. False where its own program says that it does not. */
export function systemd(readings: readonly Reading[]): Fact<boolean> {
	const shown = [
		...readingsOf(readings, "unit-file").map(({ artifact, parsed }) => ({ artifact, shows: parsed.files.length > 0 })),
		...readingsOf(readings, "unit-status").map(({ artifact, parsed }) => ({
			artifact,
			shows: parsed.units.length > 0,
		})),
	].find(({ shows, artifact }) => shows && !artifact.lines.some(({ text }) => NO_SYSTEMD.test(text.slice(0, 300))));
	if (shown) return known(true, whole(shown.artifact));
	const said = readingsOf(readings, "log")
		.flatMap(({ parsed }) => parsed.failures)
		.find((failure) => failure.speaker === "systemd");
	if (said) return known(true, [said.at]);
	for (const { artifact } of readings) {
		const line = artifact.lines.find(({ text }) => NO_SYSTEMD.test(text.slice(0, 300)));
		if (line)
			return known(false, [
				{ artifact: artifact.id, from: line.from, to: line.to, line: line.number, lastLine: line.number },
			]);
	}
	return unknown("unit");
}

/** The collector's own words, a shell's, and those of systemctl where another init runs (systemd src/systemctl/systemctl-util.c). */
const NO_SYSTEMD =
	/^\(not found: systemctl\)|\bsystemctl: (?:command )?not found|System has not been booted with systemd|"systemd" is not running in this container/;

/** Live values of `sysctl`; what a file under /etc says is a wish, not the state. */
export function gatherSysctls(readings: readonly Reading[]): HostFacts["sysctls"] {
	const live = readingsOf(readings, "sysctl").filter(({ parsed }) => parsed.live);
	return new Map(live.flatMap(({ parsed }) => parsed.values.map((one) => [one.key, { value: one.value, at: one.at }])));
}

/** Listening sockets of the host, and apart from them those inside containers whose own listing was shown. */
export function gatherSockets(readings: readonly Reading[]): Pick<HostFacts, "sockets" | "containerSockets"> {
	const found = readingsOf(readings, "sockets");
	const host = found.filter(
		({ artifact, parsed }) =>
			parsed.complete &&
			containerAsked(artifact) === null &&
			parsed.sockets.every((socket) => socket.container === null),
	);
	const inside = new Map<string, { readonly sockets: readonly ListeningSocket[]; readonly at: readonly Span[] }>();
	for (const { artifact, parsed } of found) {
		const asked = containerAsked(artifact);
		for (const name of new Set([
			...(asked ? [asked] : []),
			...parsed.sockets.flatMap((socket) => socket.container ?? []),
		])) {
			const sockets = parsed.sockets.filter(
				(socket) => socket.container === name || (asked === name && socket.container === null),
			);
			inside.set(name, { sockets, at: sockets.length > 0 ? sockets.map((socket) => socket.at) : whole(artifact) });
		}
	}
	return {
		sockets: listing(host, (parsed) => parsed.sockets, "sockets"),
		containerSockets:
			inside.size > 0
				? known(
						inside,
						[...inside.values()].flatMap(({ at }) => at),
					)
				: unknown("container-sockets"),
	};
}

/** The container of `docker exec NAME netstat …`; null for a command on the host. */
function containerAsked({ command, name }: Artifact): string | null {
	return (
		/^(?:sudo )?docker exec (?:-[a-z-]{1,20} ){0,4}\/?([A-Za-z0-9][\w.-]{0,127}) /.exec(command ?? name)?.[1] ?? null
	);
}

/** What an error sounds like in any program's words; used only to be less sure, never to accuse. */
const ERROR_WORDS =
	/\b(?:error|fail(?:ed|ure)?|fatal|panic|cannot|can't|could not|couldn't|unable|denied|refused|no such file|not found|not exist|no space left|invalid)\b/i;

/** systemctl's word that a unit did not start, docker's that a container did not: why, other lines say. */
const UNIT_FAILED =
	/^(?:Error: failed to \w{4,8} containers?: |\S{1,80}\.(?:service|socket): (?:Failed with result|Main process exited|Start request repeated|Scheduled restart|Unit entered)|Failed to start (?:\S{1,80}\.service|Docker Application)|Job for \S{1,80} (?:failed|canceled)|A dependency job for \S{1,80} failed|See "?systemctl)/;

/** A program's message has a label, a key or brackets; a sentence that somebody wrote about it has none of them. */
const LABELLED = /[:=[\]]/;

/** What a line about Docker's network or the host's packet filter has in it. */
const NETWORK_WORDS =
	/\b(?:ip6?tables|ip6?_tables|nft(?:ables)?|netfilter|firewall\w*|ufw|fail2ban|bridge\w*|docker0|br-[\da-f]{6,12}|veth\w*|networks?|ip_forward|bridge-nf\w*|conntrack|netavark|cni|masquerade|ports?|sandbox)\b/i;

/** Lines of programs that nobody could read and that sound like an error. */
export function unreadErrors(readings: readonly Reading[]): HostFacts["unreadErrors"] {
	return readings
		.filter(
			({ artifact, parsed }) =>
				artifact.kind === "unrecognised" ||
				(artifact.kind === "docker-error" && parsed.kind === "log" && parsed.failures.length === 0),
		)
		.flatMap(({ artifact }) =>
			artifact.lines
				.filter(({ text }) => {
					const head = text.slice(0, 2000);
					if (!ERROR_WORDS.test(head) || !LABELLED.test(head)) return false;
					return !UNIT_FAILED.test(head.trimStart()) && !isNoise(head.toLowerCase());
				})
				.map((line) => ({
					at: {
						artifact: artifact.id,
						from: line.from,
						to: line.to,
						line: line.number,
						lastLine: line.number,
					},
					namesNetwork: NETWORK_WORDS.test(line.text.slice(0, 2000)),
				})),
		)
		.slice(0, 20);
}
