import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Block, blockOf, hasRules, portInQuestion, ruleWords, traceOf } from "../../diagnose/main-trace";
import { deadProbes, strayProbes } from "../../facts/engine-state";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision, Trace } from "../../packet-path/trace";
import { byHand, habits } from "../../remedy/steps";
import { interfaceName } from "../../remedy/validate";

type Params = {
	readonly from: "host" | "container";
	readonly decision: Decision;
	readonly port: number;
	/** The bridge that the container asks by, or that the host's packet leaves by. */
	readonly bridge: string;
	readonly owner: Block["owner"];
};

export default failureMode<"local-path-blocked", Params>({
	id: "local-path-blocked",
	title: "The host’s own rules block the way between the host and its containers",
	effect: "The port is dead from the host or from containers on it",
	impact: "medium",
	minutes: 10,
	explains: [],

	detect(facts) {
		const port = portInQuestion(facts);
		if (!port || !hasRules(facts)) return undecided("rule-set");
		const outside = traceOf(facts, { from: "outside", ...port });
		if (outside.outcome !== "delivered")
			return outside.outcome === "unknown"
				? undecided("rule-set")
				: absent(
						"the packet does not arrive from outside either",
						outside.steps.flatMap((step) => step.at ?? []).slice(-1),
					);
		let blocked = false;
		for (const from of ["host", "container"] as const) {
			const block = blockOf(traceOf(facts, { from, ...port }));
			if (!block) continue;
			const dead = deadLocal(facts, from);
			// A host that keeps its containers from its own ports is nothing unusual; without a try that failed it is no fault.
			blocked = true;
			if (dead.length === 0) continue;
			const signs: Sign[] = [
				sign(
					`A packet from ${from === "host" ? "the host itself" : "a container"} is ${block.trace.outcome} by ${ruleWords(block.decision)}, while one from outside arrives`,
					block.at,
				),
				sign(
					`The port does not answer from ${from === "host" ? "the host" : "the container"}`,
					dead.map((probe) => probe.at),
				),
			];
			return {
				kind: "present",
				confidence: "likely",
				params: {
					from,
					decision: block.decision,
					port: port.port,
					bridge: bridgeOf(block.trace),
					owner: block.owner,
				},
				signs,
			};
		}
		if (blocked) return undecided("firewalls");
		return absent(
			"nothing stops packets between the host and its containers",
			outside.steps.flatMap((step) => step.at ?? []).slice(-1),
		);
	},

	explain({ from, decision, bridge, owner }) {
		const whose = owner && owner !== "you" && owner !== "docker" ? `, which is ${owner}’s,` : "";
		return from === "container"
			? `Other machines reach the port, a container on the same host does not: ${ruleWords(decision)}${whose} stops it. A container that asks the host’s own address comes in by \`${bridge}\`; Docker’s translation lets such packets be, so that they are for the host itself and meet \`INPUT\`. Packets from outside are translated and never do.`
			: `Other machines reach the port, the host itself does not: ${ruleWords(decision)}${whose} stops what the host sends to its own bridge, or the answer to it. Packets from outside are forwarded and pass neither \`OUTPUT\` nor \`INPUT\`.`;
	},

	fix({ from, decision, port, bridge, owner }) {
		const name = interfaceName(bridge) ?? "docker0";
		const admit =
			owner === "ufw"
				? `\`ufw allow in on ${name} to any port ${port} proto tcp\``
				: owner === "firewalld"
					? `Put the bridge where Docker keeps it, into the zone \`docker\`: \`firewall-cmd --zone=docker --change-interface=${name}\``
					: `\`iptables -w 5 -I INPUT -i ${name} -p tcp --dport ${port} -j ACCEPT\``;
		return {
			summary: from === "container" ? "Let the bridge reach the host’s port." : "Let the host reach its bridge.",
			before: [],
			steps: [
				byHand(
					"How far the host opens itself to its containers is yours to say.",
					`The deciding place is ${ruleWords(decision)}.`,
					...(from === "container"
						? [
								`${admit}.`,
								"On a network of their own (`docker network create`) containers reach each other by name and the container’s port, without the host’s.",
							]
						: [
								decision.chain === "INPUT"
									? "Accept answers: `iptables -w 5 -I INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`."
									: `Accept what the host sends to its bridge: \`iptables -w 5 -I OUTPUT -o ${name} -j ACCEPT\`.`,
							]),
					...(owner === "ufw" || owner === "firewalld"
						? []
						: ["Write the same into the file that your rules are loaded from, or the next boot drops it."]),
				),
			],
			after: [],
			instead: habits("disable-ufw", "disable-firewalld", "network-host", "flush-everything"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});

/**
 * Tries of this kind that got nothing. From the host: to its loopback address, or from where somebody else's prompt got
 * an answer; a client outside that gets none says nothing of the local path.
 */
function deadLocal(facts: HostFacts, from: Params["from"]) {
	const dead = deadProbes(facts).filter((probe) => probe.outcome !== "failed");
	const strays = strayProbes(facts);
	if (from === "container") return dead.filter((probe) => probe.fromContainer || strays.includes(probe));
	return dead.filter(
		(probe) =>
			!probe.fromContainer &&
			(/^(?:127\.|localhost$|\[?::1)/.test(probe.address ?? "") ||
				facts.probes.some((one) => one.outcome === "answered" && one.host !== probe.host && one.port === probe.port)),
	);
}

/** A container's packet comes in by its bridge, the host's leaves by it. */
function bridgeOf(trace: Trace): string {
	const names = trace.steps.filter((step) => step.kind === "interface").map((step) => step.station);
	return names.find((name) => /^(?:docker|br-)/.test(name)) ?? "docker0";
}
