import type { Fact } from "../facts/fact";
import type { Container, HostFacts } from "../facts/host-facts";
import type { Span } from "../text/span";
import type { Change } from "./comparison";

const plain = (says: string, at: readonly Span[]): Change => ({ says, tone: "plain", at });
/** Pasted words inside a sentence: back-ticks would end the code that they stand in. */
const code = (text: string) => `\`${text.replaceAll("`", "'").slice(0, 120)}\``;

/** A value that both pastes know and that is another one now. */
function changed<T>(what: string, before: Fact<T>, after: Fact<T>, print: (value: T) => string): readonly Change[] {
	if (!before.known || !after.known) return [];
	const [first, second] = [print(before.value), print(after.value)];
	return first === second ? [] : [plain(`${what}: was ${first}, is ${second}`, after.at)];
}

/** Docker, iptables, kernel, distribution. */
export function versionChanges(before: HostFacts, after: HostFacts): readonly Change[] {
	return [
		...changed("Docker", before.docker.version, after.docker.version, ({ text }) => code(text)),
		...changed("iptables", before.iptables.version, after.iptables.version, code),
		...changed("the backend of iptables", before.iptables.backend, after.iptables.backend, code),
		...changed("the kernel", before.kernel, after.kernel, code),
		...changed("the distribution", before.distribution, after.distribution, ({ name }) => code(name)),
	];
}

const yes = (value: boolean) => (value ? "on" : "off");

/** Kernel settings, daemon.json, modules, firewalls and interfaces. */
export function settingChanges(before: HostFacts, after: HostFacts): readonly Change[] {
	const sysctls = [...after.sysctls].flatMap(([key, { value, at }]) => {
		const old = before.sysctls.get(key);
		// Counts and ids of the moment are no settings; an interface's own come and go with it.
		if (!old || old.value === value || /_count$|^kernel\.random\.|^net\.ipv[46]\.(?:conf|neigh)\.veth/.test(key))
			return [];
		return [plain(`${code(key)}: was ${old.value ?? "not there"}, is ${value ?? "not there"}`, [at])];
	});
	return [
		...sysctls,
		...configChanges(before, after),
		...changed("live-restore", before.docker.liveRestore, after.docker.liveRestore, yes),
		...changed("ufw", before.ufw, after.ufw, ({ active }) => (active ? "active" : "inactive")),
		...changed("firewalld", before.firewalld, after.firewalld, ({ running }) => (running ? "running" : "not running")),
		...cameAndWent("the module", before.loadedModules, after.loadedModules, (names) => [...names]),
		...cameAndWent("the interface", before.interfaces, after.interfaces, (all) =>
			all.map(({ name }) => name).filter((name) => !/^veth|@/.test(name)),
		),
	];
}

function configChanges(before: HostFacts, after: HostFacts): readonly Change[] {
	const [first, second] = [before.docker.config, after.docker.config];
	if (!second.known) return [];
	// A collector prints daemon.json where there is one: then a first paste without it had none, or did not ask.
	const old = first.known ? first.value : new Map<string, unknown>();
	const keys = [...new Set([...old.keys(), ...second.value.keys()])].slice(0, 100);
	return keys.flatMap((key) => {
		const [was, is] = [old, second.value].map((all) => (all.has(key) ? JSON.stringify(all.get(key)) : null));
		if (was === is || (!first.known && is === null)) return [];
		return [
			plain(
				`daemon.json, ${code(key)}: was ${was == null ? "not set" : code(was)}, is ${is == null ? "not set" : code(is)}`,
				second.at,
			),
		];
	});
}

function cameAndWent<T>(
	what: string,
	before: Fact<T>,
	after: Fact<T>,
	names: (value: T) => readonly string[],
): readonly Change[] {
	if (!before.known || !after.known) return [];
	const [first, second] = [new Set(names(before.value)), new Set(names(after.value))];
	return [
		...[...second].filter((name) => !first.has(name)).map((name) => plain(`${what} ${code(name)} is new`, [])),
		...[...first].filter((name) => !second.has(name)).map((name) => plain(`${what} ${code(name)} is gone`, [])),
	];
}

/** dockerd, containers, who listens and who holds the lock. */
export function processChanges(before: HostFacts, after: HostFacts): readonly Change[] {
	const [was, is] = [before.docker.running, after.docker.running];
	const daemon: readonly Change[] =
		was.known && is.known && was.value !== is.value
			? [
					{
						says: is.value ? "dockerd answers again" : "dockerd does not answer any more",
						tone: is.value ? "whole" : "fault",
						at: is.at,
					},
				]
			: [];
	return [
		...daemon,
		...containerChanges(before, after),
		...lockChanges(before, after),
		...socketChanges(before, after),
	];
}

const nameOf = ({ name, id }: Container) => name ?? id?.slice(0, 12) ?? "";
const portsOf = ({ ports }: Container) =>
	ports === null
		? null
		: [...new Set(ports.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`))].sort().join(", ");

function containerChanges({ containers: before }: HostFacts, { containers: after }: HostFacts): readonly Change[] {
	if (!before.known || !after.known) return [];
	const old = new Map(before.value.map((one) => [nameOf(one), one]));
	const changes = after.value.flatMap((one): readonly Change[] => {
		const name = nameOf(one);
		const earlier = old.get(name);
		old.delete(name);
		if (!earlier) return [plain(`container ${code(name)} is new${one.state ? `, ${one.state}` : ""}`, one.at)];
		const state =
			earlier.state && one.state && earlier.state !== one.state
				? [
						{
							says: `container ${code(name)} was ${earlier.state}, is ${one.state}`,
							tone: one.state === "running" ? ("whole" as const) : ("plain" as const),
							at: one.at,
						},
					]
				: [];
		const made =
			earlier.id && one.id && earlier.id.slice(0, 12) !== one.id.slice(0, 12)
				? [plain(`container ${code(name)} was made anew`, one.at)]
				: [];
		const [was, is] = [portsOf(earlier), portsOf(one)];
		const ports =
			was !== null && is !== null && was !== is
				? [plain(`container ${code(name)} publishes ${is || "nothing"}, published ${was || "nothing"}`, one.at)]
				: [];
		return [...made, ...state, ...ports];
	});
	return [
		...changes,
		...[...old.keys()].map((name) => plain(`container ${code(name)} is not listed any more`, after.at)),
	];
}

function lockChanges({ lock: before }: HostFacts, { lock: after }: HostFacts): readonly Change[] {
	if (!before.known || !after.known) return [];
	const [first, second] = [before, after].map(({ value }) => new Map(value.map((one) => [one.pid, one.command])));
	if (!first || !second) return [];
	const call = (pid: number, command: string) => (command === "" ? `pid ${pid}` : `${code(command)} (pid ${pid})`);
	return [
		...[...first]
			.filter(([pid]) => !second.has(pid))
			.map(
				([pid, command]): Change => ({
					says: `${call(pid, command)} has let go of the xtables lock`,
					tone: "whole",
					at: after.at,
				}),
			),
		...[...second]
			.filter(([pid]) => !first.has(pid))
			.map(
				([pid, command]): Change => ({
					says: `${call(pid, command)} holds the xtables lock now`,
					tone: "fault",
					at: after.at,
				}),
			),
	];
}

function socketChanges({ sockets: before }: HostFacts, { sockets: after }: HostFacts): readonly Change[] {
	if (!before.known || !after.known) return [];
	const call = ({ protocol, address, port, process }: (typeof after.value)[number]) =>
		`${code(`${address}:${port}/${protocol}`)}${process ? ` by ${code(process)}` : ""}`;
	const [first, second] = [before, after].map(({ value }) => new Map(value.map((one) => [call(one), one.at])));
	if (!first || !second) return [];
	return [
		...[...second]
			.filter(([one]) => !first.has(one))
			.map(([one, at]) => plain(`something listens on ${one} now`, [at])),
		...[...first.keys()]
			.filter((one) => !second.has(one))
			.map((one) => plain(`nothing listens any more on ${one}`, [])),
	];
}

/** The kernel's own counters and connection tracking, where they rose. */
export function kernelCounterChanges(before: HostFacts, after: HostFacts): readonly Change[] {
	const rose = [...after.counters].flatMap(([name, { value, at }]) => {
		const old = before.counters.get(name);
		// nstat without `-a` counts since its last run: only a rise tells anything.
		return old && value > old.value ? [plain(`${code(name)} rose by ${value - old.value}`, [at])] : [];
	});
	const [first, second] = [before.conntrack.dropped, after.conntrack.dropped];
	return first && second && second.value > first.value
		? [
				...rose,
				{
					says: `connection tracking dropped ${second.value - first.value} packets more`,
					tone: "fault",
					at: [second.at],
				},
			]
		: rose;
}
