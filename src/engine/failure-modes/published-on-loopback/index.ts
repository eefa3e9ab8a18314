import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { portInQuestion } from "../../diagnose/main-trace";
import { dnatRulesFor } from "../../facts/docker-rules";
import { deadProbes, publishing } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import { inRange, parseAddress, parsePrefix, rangeOf } from "../../netfilter/address";
import { byHand, habits } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = { readonly port: number; readonly container: string | null };

export default failureMode<"published-on-loopback", Params>({
	id: "published-on-loopback",
	title: "The port is published on 127.0.0.1 only",
	effect: "The port is dead from outside",
	impact: "medium",
	minutes: 5,
	explains: ["container-not-listening", "outside-host"],

	detect(facts) {
		const question = portInQuestion(facts);
		const found = onLoopback(facts, question?.port ?? null);
		if (!found) {
			const open = publishing(facts).find((one) =>
				one.ports?.some((published) => published.hostPort === question?.port),
			);
			if (open) return absent("the port is published on every address", open.at.slice(0, 1));
			return facts.containers.known
				? absent("no port is published on loopback alone", placesOf(facts.containers).slice(0, 1))
				: undecided("docker-ps");
		}
		const dead = deadProbes(facts).filter(
			(probe) => !probe.address?.startsWith("127.") && (probe.port === null || probe.port === found.port),
		);
		const signs: Sign[] = [sign(`Port ${found.port} is bound to 127.0.0.1`, found.at)];
		if (dead.length > 0)
			signs.push(
				sign(
					"By another address the port does not answer",
					dead.map((probe) => probe.at),
				),
			);
		// A compose file says what was wanted; what runs may be older.
		const onlyWritten = !facts.containers.known && facts.rules.nat.kind === "unknown";
		if (dead.length > 0 && onlyWritten)
			return { kind: "present", confidence: "likely", params: found, signs, ask: ["docker-ps"] };
		return dead.length > 0
			? { kind: "present", confidence: "certain", params: found, signs }
			: {
					kind: "present",
					confidence: "possible",
					params: found,
					signs,
					ask: facts.containers.known ? ["probe-outside"] : ["docker-ps", "probe-outside"],
				};
	},

	explain({ port, container }) {
		return `Port ${port}${container ? ` of \`${container}\`` : ""} was published with \`-p 127.0.0.1:${port}:…\`, or without an address where \`ip\` in daemon.json, or the network’s own option, says 127.0.0.1. Docker then translates and serves the port for 127.0.0.1 alone: programs on this host reach it, other machines do not. That is what the setting is for, and often it is meant.`;
	},

	fix({ port }) {
		return {
			summary: "Publish it on an address that others reach, if they should.",
			before: [],
			steps: [
				byHand(
					"The container must be made anew: the ports of a container can’t be changed.",
					`Run it with \`-p ${port}:CONTAINER_PORT\`, or with one address of the host: \`-p ADDRESS:${port}:CONTAINER_PORT\` (compose: \`ports\`).`,
					"Or leave it as it is and put a reverse proxy on the host in front.",
					'If every container of the default bridge is affected, look for `"ip": "127.0.0.1"` in daemon.json.',
					"On every address it is open to all who reach the host; ufw does not filter it.",
				),
			],
			after: [],
			instead: habits("forward-accept", "network-host", "disable-ufw"),
			proveFromOutside: "Open the port from another machine.",
		};
	},

	prevent: () => null,
});

const isLoopback = (address: string | null) =>
	address !== null && (address.startsWith("127.") || address === "::1" || address === "localhost");

function onLoopback(facts: HostFacts, wanted: number | null): (Params & { readonly at: readonly Span[] }) | null {
	for (const container of publishing(facts)) {
		const ports = (container.ports ?? []).filter((one) => wanted === null || one.hostPort === wanted);
		const first = ports[0];
		if (first && ports.every((one) => one.hostAddress.startsWith("127.") || one.hostAddress === "::1"))
			return { port: first.hostPort, container: container.name, at: container.at.slice(0, 1) };
	}
	if (valueOr(facts.containers, []).length > 0) return null;
	const written = facts.composePorts.filter(({ hostPort }) => hostPort === wanted);
	const [entry] = written;
	if (entry && written.every(({ hostAddress }) => isLoopback(hostAddress)))
		return { port: entry.hostPort, container: entry.service, at: written.map((one) => one.at) };
	// Without `docker ps`: Docker's DNAT rule itself names the loopback address.
	const loopback = parsePrefix("127.0.0.0/8");
	const table = facts.rules.nat.kind === "shown" ? facts.rules.nat.table : null;
	if (!loopback || !table) return null;
	const all =
		wanted === null
			? table.chains.flatMap((chain) => chain.rules.filter((rule) => rule.verdict.kind === "dnat"))
			: dnatRulesFor(table, wanted, "tcp").map(({ rule }) => rule);
	const only = all.filter((rule) =>
		rule.matches.some(
			(match) =>
				match.kind === "daddr" &&
				!match.negated &&
				match.ranges.some((range) => inRange(rangeOf(loopback), range.from)),
		),
	);
	const port = only[0]?.matches.flatMap((match) => (match.kind === "dport" ? match.ranges : []))[0]?.from;
	return only.length > 0 && only.length === all.length && port !== undefined && parseAddress("127.0.0.1")
		? { port, container: null, at: only.map((rule) => rule.at) }
		: null;
}
