import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Block, blockOf, mainTrace, portInQuestion, ruleWords, ruleWordsFirst } from "../../diagnose/main-trace";
import { missing, reaches } from "../../facts/docker-rules";
import { deadProbes } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { ufwOnPort } from "../../facts/firewall-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision } from "../../packet-path/trace";
import type { Check, Step } from "../../remedy/plan";
import { alerts, byHand, habits, restartDocker } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = {
	/** True: the packet is for the host itself, because nothing translates it. */
	readonly input: boolean;
	/** Why nothing does: the setting, or a nat table that lost Docker's part. */
	readonly why: "iptables-false" | "nat-gone" | "unknown";
	readonly decision: Decision | null;
	readonly port: number | null;
	readonly jumpsGone: boolean;
};

export default failureMode<"ufw-conflict", Params>({
	id: "ufw-conflict",
	title: "ufw’s rules stop what should reach a container",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 10,
	explains: ["forward-dropped"],

	headline({ input }) {
		return input
			? "ufw’s INPUT rules decide over the published port, and do not allow it"
			: "ufw’s forward rules stop what should reach a container";
	},

	detect(facts) {
		const logged = complaints(facts.failures, "packet-blocked").filter(({ complaint }) => complaint.by === "ufw");
		const toContainers = logged.filter(
			({ complaint }) => complaint.out !== null && /^(?:docker|br-)/.test(complaint.out),
		);
		const trace = mainTrace(facts);
		const block = blockOf(trace);
		const dead = deadProbes(facts);
		const chains = ufwChains(facts);
		const port = portInQuestion(facts)?.port ?? null;
		const jumpsGone = missing(facts.rules.filter).some((one) => one.kind === "chain" || one.kind === "jump");
		const why = isKnownToBe(facts.docker.iptablesEnabled, false)
			? "iptables-false"
			: missing(facts.rules.nat).some((one) => one.kind !== "masquerade")
				? "nat-gone"
				: "unknown";
		const unanswered: readonly Sign[] =
			dead.length > 0
				? [
						sign(
							"The port does not answer",
							dead.map((probe) => probe.at),
						),
					]
				: [];

		if (block && isDockerUsers(facts, block.decision))
			return absent("the packet is stopped in `DOCKER-USER`, before ufw is asked", block.at);
		if (block && isUfws(facts, block)) {
			const input = isInput(facts, block.decision);
			const signs: Sign[] = [
				sign(`A packet from outside is ${block.trace.outcome} by ufw: ${ruleWords(block.decision)}`, block.at),
			];
			if (input)
				signs.push(
					sign(
						"It meets INPUT because no rule of Docker’s translates it: docker-proxy is the only way to the container",
						[...placesOf(facts.docker.iptablesEnabled), ...chains].slice(0, 1),
					),
				);
			if (logged.length > 0) signs.push(sign("The kernel log shows what ufw blocked", placesOfFailures(logged)));
			const settled = dead.length > 0 || (input && why === "iptables-false");
			return {
				kind: "present",
				confidence: settled ? "likely" : "possible",
				params: { input, why, decision: block.decision, port, jumpsGone },
				signs: [...signs, ...unanswered],
			};
		}
		if (toContainers.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params: { input: false, why, decision: null, port, jumpsGone },
				signs: [sign("ufw blocked packets on their way to a container", placesOfFailures(toContainers)), ...unanswered],
				ask: ["rule-set"],
			};
		// Without Docker's rules a published port is a port of the host, and ufw closes those that it does not allow.
		if (why === "iptables-false" && facts.ufw.known && facts.ufw.value.active && !block) {
			const { incoming, rules } = facts.ufw.value;
			const said = port === null ? "open" : ufwOnPort(rules, port);
			if (incoming === "allow" || said === "allowed")
				return absent(said === "allowed" ? `ufw allows port ${port}` : "ufw lets in what no rule names", facts.ufw.at);
			if (port !== null || dead.length > 0)
				return {
					kind: "present",
					confidence: said === "not-named" || dead.length > 0 ? "likely" : "possible",
					params: { input: true, why, decision: null, port, jumpsGone: false },
					signs: [
						sign(
							`ufw is active${said === "not-named" ? ` and does not allow port ${port}` : ""}; with \`iptables: false\` docker-proxy is the only way in, through ufw’s INPUT`,
							[...placesOf(facts.ufw), ...placesOf(facts.docker.iptablesEnabled)],
						),
						...unanswered,
					],
					ask: dead.length > 0 ? ["rule-set"] : ["rule-set", "probe-outside"],
				};
		}
		if (facts.ufw.known && !facts.ufw.value.active) return absent("ufw is not active", facts.ufw.at);
		if (trace && trace.outcome !== "unknown")
			return absent(
				chains.length > 0
					? "ufw’s chains are there, and it is not one of them that stops the packet"
					: "no chain of ufw’s in what was listed",
				chains.length > 0 ? chains.slice(0, 1) : trace.steps.flatMap((step) => step.at ?? []).slice(0, 1),
			);
		return undecided("rule-set", "firewalls");
	},

	explain({ input, why, decision, port }) {
		const place = decision ? ` ${ruleWordsFirst(decision)} decides.` : "";
		if (!input)
			return `ufw’s forward chains stop the packet.${place} That happens only where Docker’s jumps do not come first in \`FORWARD\`: ufw manages the built-in chains (\`MANAGE_BUILTINS=yes\`) and took them out, or something else did. ufw’s own rules for ports (\`ufw allow\`) are for the host and do not count here.`;
		const cause =
			why === "iptables-false"
				? "With `iptables: false` Docker translates nothing"
				: why === "nat-gone"
					? "Docker’s part of the nat table is gone, so nothing is translated"
					: "Nothing translates the packet";
		return `${cause}: ${port === null ? "a published port" : `port ${port}`} is a port of the host then, where docker-proxy listens, and ufw’s INPUT rules decide over it.${place} What ufw does not allow is dropped. With Docker’s own rules in place a published port never passes INPUT, which is why ufw seems to be ignored on other hosts.`;
	},

	fix({ input, why, port, jumpsGone }) {
		const whole: readonly Check[] = jumpsGone ? [{ kind: "docker-chains-whole", table: "filter" }] : [];
		const either: readonly Step[] = [
			byHand(
				"Either Docker translates, or ufw decides: which one is yours to say.",
				why === "iptables-false"
					? 'To have Docker’s rules back take `"iptables": false` out of daemon.json and restart docker. Then filter published ports in `DOCKER-USER`, since ufw does not see them.'
					: "To have Docker’s rules back restart docker; then published ports do not pass ufw’s INPUT any more.",
				`To keep it as it is and open the one port: \`ufw allow ${port ?? "PORT"}/tcp\`. Containers see the bridge as their client then.`,
			),
		];
		const forward: readonly Step[] = [
			{
				action: { kind: "set-option", option: "ufw-manage-builtins-no" },
				why: "With `yes` each reload of ufw takes Docker’s jumps out of `FORWARD`.",
				risk: "low",
				interrupts: "nothing",
			},
			...restartDocker("dockerd puts its jumps back at the head of `FORWARD`."),
		];
		return {
			summary: input
				? "Give Docker its rules back, or allow the port in ufw."
				: "Let Docker’s jumps come first in FORWARD again.",
			before: [],
			steps: [
				...(input ? either : forward),
				byHand(
					"To filter published ports use the chain that is made for it.",
					"Rules in `DOCKER-USER`, or the block of ufw-docker with `ufw route allow proto tcp from any to any port CONTAINER_PORT`.",
				),
			],
			after: input ? [] : whole,
			instead: habits(
				"ufw-forward-accept",
				"disable-ufw-that-blocks",
				"ufw-nat-block",
				...(why === "iptables-false" ? [] : (["iptables-false"] as const)),
			),
			proveFromOutside: "Open the port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Know what ufw sees.",
			before: [],
			steps: [
				byHand(
					"Where Docker makes its rules, `ufw deny` does not close a published port and `ufw allow` does not open one.",
					"Publish on 127.0.0.1 what should stay inside, or filter in `DOCKER-USER`.",
					"Keep `MANAGE_BUILTINS=no` in /etc/default/ufw, and no `*nat` block with `-F` in before.rules: it wipes Docker’s rules at each reload.",
				),
			],
			after: [],
			keep: [{ kind: "ufw-in-docker-user" }, ...alerts("published-port")],
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

const tableOf = (facts: HostFacts, decision: Decision) =>
	facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	) ?? null;

/** A chain of ufw's, or the policy of a built-in chain that leads to ufw's: a policy alone could be anybody's. */
function isUfws(facts: HostFacts, { decision, owner }: Block): boolean {
	if (decision.rule !== "policy") return owner === "ufw";
	const leads = tableOf(facts, decision)
		?.chains.find((chain) => chain.name === decision.chain)
		?.rules.some((rule) => rule.verdict.kind === "jump" && rule.verdict.chain.startsWith("ufw"));
	return leads ?? false;
}

function isInput(facts: HostFacts, decision: Decision): boolean {
	return decision.chain === "INPUT" || reaches(tableOf(facts, decision), "INPUT", decision.chain) !== null;
}

/** ufw-docker sends packets from `DOCKER-USER` to chains of ufw's. */
function isDockerUsers(facts: HostFacts, decision: Decision): boolean {
	if (decision.chain === "DOCKER-USER") return true;
	const table = tableOf(facts, decision);
	return (
		decision.rule !== "policy" && reaches(table, "DOCKER-USER", decision.chain) !== null && !isInput(facts, decision)
	);
}
