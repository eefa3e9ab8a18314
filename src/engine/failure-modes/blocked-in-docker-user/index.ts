import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, mainTrace, ruleWords } from "../../diagnose/main-trace";
import { reaches } from "../../facts/docker-rules";
import { deadProbes } from "../../facts/engine-state";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision } from "../../packet-path/trace";
import { byHand, habits } from "../../remedy/steps";

type Params = { readonly decision: Decision | null; readonly by: "fail2ban" | "ufw-docker" | "you" };

export default failureMode<"blocked-in-docker-user", Params>({
	id: "blocked-in-docker-user",
	title: "A rule in DOCKER-USER blocks the port on purpose",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 5,
	explains: [],

	detect(facts) {
		const blocks = complaints(facts.failures, "packet-blocked").filter(
			({ complaint }) => complaint.by === "ufw-docker",
		);
		const block = blockOf(mainTrace(facts));
		if (block && comesFromDockerUser(facts, block.decision)) {
			const by =
				block.owner === "fail2ban" ? "fail2ban" : block.owner === "ufw" || blocks.length > 0 ? "ufw-docker" : "you";
			const dead = deadProbes(facts);
			const signs = [
				sign(
					`A packet from outside is ${block.trace.outcome} by ${ruleWords(block.decision)} which stands before Docker’s own rules`,
					block.at,
				),
				...(dead.length > 0
					? [
							sign(
								"The port does not answer",
								dead.map((probe) => probe.at),
							),
						]
					: []),
			];
			return {
				kind: "present",
				confidence: dead.length > 0 ? "certain" : "likely",
				params: { decision: block.decision, by },
				signs,
			};
		}
		if (blocks.length > 0)
			return {
				kind: "present",
				confidence: "certain",
				params: { decision: null, by: "ufw-docker" },
				signs: [sign("The kernel log shows packets that the rules of ufw-docker dropped", placesOfFailures(blocks))],
			};
		const user = facts.netfilter.tables.flatMap((table) =>
			table.chains.filter((chain) => chain.name === "DOCKER-USER"),
		);
		const harmless = user.find((chain) =>
			chain.rules.every((rule) => rule.verdict.kind === "return" || rule.verdict.kind === "accept"),
		);
		if (harmless) return absent("`DOCKER-USER` blocks nothing", [harmless.at]);
		const trace = mainTrace(facts);
		if (trace && trace.outcome !== "unknown")
			return absent(
				"the packet is not stopped in `DOCKER-USER`",
				trace.steps.flatMap((step) => step.at ?? []).slice(0, 1),
			);
		return undecided("rule-set");
	},

	explain({ decision, by }) {
		const who =
			by === "fail2ban"
				? "fail2ban banned the address"
				: by === "ufw-docker"
					? "The block of ufw-docker lets in only what `ufw route` allows"
					: "Somebody put it there";
		return `${decision ? `${ruleWords(decision)} stops the packet` : "The packet is dropped in `DOCKER-USER`"}. This chain belongs to the administrator, and Docker asks it before its own rules; it sees the packet after translation, with the container’s address and port. ${who}.`;
	},

	fix({ decision, by }) {
		return {
			summary: "Add the exception above the rule; do not flush the chain.",
			before: [],
			steps: [
				byHand(
					"The rule is there on purpose, so what may pass is yours to say.",
					by === "fail2ban"
						? "Lift the ban: `fail2ban-client unban ADDRESS`."
						: by === "ufw-docker"
							? "Allow it: `ufw route allow proto tcp from any to any port CONTAINER_PORT` (the container’s port, not the host’s)."
							: `See the chain: \`iptables -w 5 -nvL DOCKER-USER --line-numbers\`${decision && decision.rule !== "policy" ? `; rule ${decision.rule} of \`${decision.chain}\` decides` : ""}.`,
					"To let one published port in from everywhere: `iptables -w 5 -I DOCKER-USER -p tcp -m conntrack --ctorigdstport HOST_PORT -j RETURN`.",
					"Save your rules the way they were made, or the next boot brings the old ones back.",
				),
			],
			after: [],
			instead: habits("flush-docker-user", "forward-accept", "disable-ufw"),
			proveFromOutside: "Open the port from the machine that could not.",
		};
	},

	prevent() {
		return {
			summary: "Write down what DOCKER-USER is to let in.",
			before: [],
			steps: [
				byHand(
					"Rules in it outlive the person who made them.",
					"Keep them in one file with comments (`-m comment --comment …`) and load it with `iptables-restore -n` after docker.service.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

function comesFromDockerUser(facts: HostFacts, decision: Decision): boolean {
	if (decision.chain === "DOCKER-USER") return true;
	if (decision.rule === "policy") return false;
	const table = facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	);
	return table !== undefined && reaches(table, "DOCKER-USER", decision.chain) !== null;
}
