/** Questions that many modes ask of the same facts, answered in one place. */
import type { Span } from "../text/span";
import { isKnownToBe, placesOf, valueOr } from "./fact";
import type { Container, FoldedFailure, HostFacts } from "./host-facts";

/** A reason why Docker's iptables chains are not expected on this host at all; null where they are. */
export function whyNoChainsExpected(facts: HostFacts): { readonly says: string; readonly at: readonly Span[] } | null {
	const { docker } = facts;
	if (isKnownToBe(docker.running, false))
		return { says: "dockerd is not running; it makes its chains when it starts", at: placesOf(docker.running) };
	if (isKnownToBe(docker.firewallBackend, "nftables"))
		return { says: "Docker uses its own nftables tables here, not iptables", at: placesOf(docker.firewallBackend) };
	if (isKnownToBe(docker.rootless, true))
		return { says: "rootless Docker publishes ports without the host's tables", at: placesOf(docker.rootless) };
	if (facts.operatingSystem.known && facts.operatingSystem.value === "Docker Desktop")
		return {
			says: "Docker Desktop keeps its rules in a virtual machine of its own, not in this host's tables",
			at: facts.operatingSystem.at,
		};
	const podman = podmansChain(facts);
	if (podman)
		return {
			says: "the containers here are podman's: its chains stand in the nat table, and no dockerd spoke",
			at: [podman],
		};
	if (isKnownToBe(docker.iptablesEnabled, false))
		return { says: "dockerd is told not to touch iptables", at: placesOf(docker.iptablesEnabled) };
	return null;
}

/** netavark's chain where nothing shows a dockerd: `docker` is podman's stand-in then. */
function podmansChain({ docker, log, rules, failures }: HostFacts): Span | null {
	if (docker.version.known || log.known || failures.some((failure) => failure.best.fromDockerd)) return null;
	if (rules.nat.kind !== "shown" || rules.nat.anyDockerChain) return null;
	return rules.nat.table?.chains.find((chain) => chain.name.startsWith("NETAVARK-"))?.at ?? null;
}

/** Running containers that publish a port. */
export function publishing(facts: HostFacts): readonly Container[] {
	return valueOr(facts.containers, []).filter((one) => one.state === "running" && (one.ports?.length ?? 0) > 0);
}

/** Containers that end by themselves and are started again and again, or ended with an error: nothing stays behind their port. */
export function crashing(facts: HostFacts): readonly Container[] {
	return valueOr(facts.containers, []).filter(
		(one) => one.state === "restarting" || isLooping(one) || (one.state === "exited" && isOwnFailure(one.exitCode)),
	);
}

/** Docker restarted it more than once, whatever it is doing at this instant. */
export function isLooping(container: Container): boolean {
	return (container.inspected?.restartCount ?? 0) >= 2;
}

/** Exit codes of the program itself: not 0, not a start that Docker refused (128 and 125), not a signal of `docker stop`. */
function isOwnFailure(code: number | null): boolean {
	return code !== null && ![0, 125, 128, 130, 137, 143].includes(code);
}

/** Tries to reach a port that did not get an answer and should have got one. */
export function deadProbes(facts: HostFacts) {
	return facts.probes.filter((probe) => probe.outcome !== "answered" && !isPublishedElsewhere(facts, probe));
}

/** A refusal by 127.0.0.1 where each container that has the port publishes it on one other address of the host. */
function isPublishedElsewhere(facts: HostFacts, probe: HostFacts["probes"][number]): boolean {
	if (probe.outcome !== "refused" || !/^(?:127\.|localhost$)/.test(probe.address ?? "")) return false;
	const bindings = publishing(facts)
		.flatMap((one) => one.ports ?? [])
		.filter((port) => port.hostPort === probe.port);
	return (
		bindings.length > 0 && bindings.every(({ hostAddress }) => !/^(?:0\.0\.0\.0|::|127\..*|::1)$/.test(hostAddress))
	);
}

/**
 * Dead tries of which nothing tells that they were made from outside to a port of this host, where every other try was
 * answered: `nc: timed out` under a `docker exec` that was not copied with it, or a try to another machine.
 */
export function strayProbes(facts: HostFacts) {
	const own = new Set(
		valueOr(facts.interfaces, []).flatMap((one) => one.addresses.map((address) => address.split("/", 1)[0])),
	);
	const unplaced = facts.probes.filter(
		(probe) =>
			!probe.fromContainer &&
			probe.host === null &&
			probe.port === null &&
			(probe.address === null || (own.size > 0 && !own.has(probe.address))),
	);
	const placed = facts.probes.filter((probe) => !unplaced.includes(probe));
	if (placed.length === 0 || placed.some((probe) => probe.outcome !== "answered")) return [];
	return unplaced.filter((probe) => probe.outcome !== "answered");
}

/** Failures of the present that something must explain: not warnings, not noise, not a person's own listing of a missing chain. */
export function pressingFailures(facts: HostFacts): readonly FoldedFailure[] {
	return facts.failures.filter(
		(failure) => failure.current && (failure.best.weight === "fatal" || failure.best.weight === "error"),
	);
}

/** Whether dockerd failed to come up in its last run, with where it says so. */
export function failedStart(facts: HostFacts): readonly FoldedFailure[] {
	return facts.failures.filter(
		(failure) => failure.current && failure.best.during === "daemon-start" && failure.best.weight === "fatal",
	);
}

/**
 * Where the evidence would show that dockerd was refused something as it started: its log, what it said, or that it
 * answers at all. Null when none of these was pasted: then "nothing was refused" is not known.
 */
export function whereStartShows({ docker, log, failures }: HostFacts): readonly Span[] | null {
	if (isKnownToBe(docker.running, true)) return placesOf(docker.running).slice(0, 1);
	const said = failures.find((failure) => failure.best.fromDockerd);
	if (said) return said.at.slice(0, 1);
	return log.known ? log.at.slice(0, 1) : null;
}

/** Where the evidence would show that dockerd refused a request: its log or what it said. Null when neither was pasted. */
export function whereRefusalShows({ log, failures }: HostFacts): readonly Span[] | null {
	if (log.known) return log.at.slice(0, 1);
	return failures.find((failure) => failure.best.fromDockerd)?.at.slice(0, 1) ?? null;
}

/** Joins words as a sentence does: `a`, `b` and `c`. */
export function listWords(words: readonly string[]): string {
	if (words.length < 2) return words.join("");
	return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
