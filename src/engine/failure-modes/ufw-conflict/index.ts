import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, mainTrace, ruleWords } from "../../diagnose/main-trace";
import { deadProbes } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = { readonly input: boolean; readonly where: string | null; readonly port: number | null };

export default failureMode<"ufw-conflict", Params>({
	id: "ufw-conflict",
	title: "ufw’s rules stop what should reach a container",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 10,
	explains: ["forward-dropped"],

	detect(facts) {
		const logged = complaints(facts.failures, "packet-blocked").filter(({ complaint }) => complaint.by === "ufw");
		const toContainers = logged.filter(
			({ complaint }) => complaint.out !== null && /^(?:docker|br-)/.test(complaint.out),
		);
		const trace = mainTrace(facts);
		const block = blockOf(trace);
		const dead = deadProbes(facts);
		const chains = ufwChains(facts);
		if (block && (block.owner === "ufw" || (block.decision.rule === "policy" && chains.length > 0))) {
			const input =
				block.decision.chain === "INPUT" ||
				/^ufw6?-(?:before|after|user|reject|skip-to-policy)?-?.*input|^ufw-not-local/.test(block.decision.chain);
			const signs: Sign[] = [
				sign(`A packet from outside is ${block.trace.outcome} by ufw: ${ruleWords(block.decision)}`, block.at),
			];
			if (input)
				signs.push(
					sign(
						"It meets INPUT because no rule of Docker’s translates it: docker-proxy is the only way to the container",
						chains.slice(0, 1),
					),
				);
			if (logged.length > 0) signs.push(sign("The kernel log shows what ufw blocked", placesOfFailures(logged)));
			if (dead.length > 0)
				signs.push(
					sign(
						"The port does not answer",
						dead.map((probe) => probe.at),
					),
				);
			return {
				kind: "present",
				confidence: dead.length > 0 ? "likely" : "possible",
				params: { input, where: ruleWords(block.decision), port: trace?.flow.port ?? null },
				signs,
			};
		}
		if (toContainers.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params: { input: false, where: null, port: toContainers[0]?.complaint.port ?? null },
				signs: [sign("ufw blocked packets on their way to a container", placesOfFailures(toContainers))],
				ask: ["rule-set"],
			};
		if (
			isKnownToBe(facts.docker.iptablesEnabled, false) &&
			facts.ufw.known &&
			facts.ufw.value.active &&
			dead.length > 0
		) {
			return {
				kind: "present",
				confidence: "likely",
				params: { input: true, where: null, port: null },
				signs: [
					sign("ufw is active, and with `iptables: false` docker-proxy is the only way in, through ufw’s INPUT", [
						...placesOf(facts.ufw),
						...placesOf(facts.docker.iptablesEnabled),
					]),
				],
				ask: ["rule-set"],
			};
		}
		if (facts.ufw.known && !facts.ufw.value.active) return absent("ufw is not active", facts.ufw.at);
		if (trace && trace.outcome !== "unknown")
			return absent(
				chains.length > 0
					? "ufw’s chains are there, and the packet passes Docker’s rules before them"
					: "no chain of ufw’s in what was listed",
				chains.length > 0 ? chains.slice(0, 1) : trace.steps.flatMap((step) => step.at ?? []).slice(0, 1),
			);
		return undecided("rule-set", "firewalls");
	},

	explain({ input, where }) {
		return input
			? `Docker’s translation does not take place here, so the packet is for the host itself and meets ufw’s INPUT${where ? ` (${where})` : ""}: a port that ufw does not allow is dropped, although docker-proxy listens. With Docker’s own rules in place published ports never pass INPUT.`
			: `ufw’s forward chains stop the packet${where ? `: ${where}` : ""}. That happens only where Docker’s jumps do not come first in \`FORWARD\`: they are missing, or ufw manages the built-in chains (\`MANAGE_BUILTINS=yes\`).`;
	},

	fix({ input, port }) {
		return {
			summary: input
				? "Give Docker its rules back, or allow the port in ufw."
				: "Let Docker’s rules come first, and filter with `ufw route`.",
			before: [],
			steps: [
				...(input
					? [
							byHand(
								"Either Docker translates, or ufw decides.",
								'Remove `"iptables": false` from daemon.json (or repair Docker’s nat chains), then restart docker: published ports no longer pass ufw’s INPUT.',
								`If docker-proxy alone is to serve the port: \`ufw allow ${port ?? "PORT"}/tcp\`.`,
							),
						]
					: [
							{
								action: { kind: "set-option" as const, option: "ufw-manage-builtins-no" as const },
								why: "With `yes` each reload of ufw takes Docker’s jumps out of FORWARD.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
							{
								action: { kind: "restart-docker" as const },
								why: "dockerd puts its jumps back at the head of FORWARD.",
								risk: "medium" as const,
								interrupts: "containers-unless-live-restore" as const,
							},
							{
								action: { kind: "start-stopped-containers" as const },
								why: "A restart of dockerd leaves containers without a restart policy stopped.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
						]),
				byHand(
					"To filter published ports use the chain that is made for it.",
					"`DOCKER-USER`, or the block of ufw-docker with `ufw route allow proto tcp from any to any port CONTAINER_PORT`.",
				),
			],
			after: [],
			instead: habits("ufw-forward-accept", "disable-ufw", "ufw-nat-block", "iptables-false"),
			proveFromOutside: "Open the port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Know what ufw sees.",
			before: [],
			steps: [
				byHand(
					"`ufw deny` does not close a published port, and `ufw allow` does not open one: Docker’s rules come first.",
					"Publish on 127.0.0.1 what should stay inside, or filter in `DOCKER-USER`.",
					"No `*nat` block with `-F` in before.rules: it wipes Docker’s rules at each reload.",
				),
			],
			after: [],
			instead: habits("ufw-forward-accept"),
			proveFromOutside: null,
		};
	},
});

function ufwChains(facts: HostFacts): readonly Span[] {
	return facts.netfilter.tables.flatMap((table) =>
		table.chains.filter((chain) => chain.name.startsWith("ufw-")).map((chain) => chain.at),
	);
}
