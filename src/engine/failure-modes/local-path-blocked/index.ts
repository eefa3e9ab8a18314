import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, hasRules, portInQuestion, ruleWords, traceOf } from "../../diagnose/main-trace";
import { deadProbes } from "../../facts/engine-state";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision } from "../../packet-path/trace";
import { byHand, habits } from "../../remedy/steps";

type Params = { readonly from: "host" | "container"; readonly decision: Decision };

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
		for (const from of ["host", "container"] as const) {
			const block = blockOf(traceOf(facts, { from, ...port }));
			if (!block) continue;
			const dead = deadLocal(facts);
			const signs: Sign[] = [
				sign(
					`A packet from ${from === "host" ? "the host itself" : "a container"} is ${block.trace.outcome} by ${ruleWords(block.decision)} while one from outside arrives`,
					block.at,
				),
			];
			if (dead.length > 0)
				signs.push(
					sign(
						`The port does not answer from ${from === "host" ? "the host" : "there"}`,
						dead.map((probe) => probe.at),
					),
				);
			return {
				kind: "present",
				confidence: dead.length > 0 ? "likely" : "possible",
				params: { from, decision: block.decision },
				signs,
			};
		}
		return absent(
			"nothing stops packets between the host and its containers",
			outside.steps.flatMap((step) => step.at ?? []).slice(-1),
		);
	},

	explain({ from, decision }) {
		return from === "container"
			? `Other machines reach the port, a container on the same host does not: ${ruleWords(decision)} stops it. A container that goes to the host’s address enters by the bridge and meets INPUT, which traffic from outside never does.`
			: `Other machines reach the port, the host itself does not: ${ruleWords(decision)} stops what the host sends to its own bridge, or the answer.`;
	},

	fix({ from, decision }) {
		return {
			summary: from === "container" ? "Let the bridge reach the host’s port." : "Let the host reach its bridge.",
			before: [],
			steps: [
				byHand(
					"How far the host opens itself to its containers is yours to say.",
					from === "container"
						? "ufw: `ufw allow in on docker0 to any port PORT proto tcp`. firewalld: put the bridge into zone `docker`. Plain: `iptables -w 5 -I INPUT -i docker0 -p tcp --dport PORT -j ACCEPT`."
						: "Accept what the host sends to its bridges: `iptables -w 5 -I OUTPUT -o docker0 -j ACCEPT`, and answers: `-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT` in INPUT.",
					`The deciding place is ${ruleWords(decision)}`,
					"Containers of one network reach each other by name without the host’s port at all.",
				),
			],
			after: [],
			instead: habits("disable-ufw", "disable-firewalld", "network-host", "flush-everything"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});

const deadLocal = (facts: HostFacts) =>
	deadProbes(facts).filter(
		(probe) => probe.outcome === "timed-out" || probe.outcome === "unreachable" || probe.outcome === "refused",
	);
