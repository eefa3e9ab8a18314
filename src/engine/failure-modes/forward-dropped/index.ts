import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Block, blockOf, mainTrace, ruleWords } from "../../diagnose/main-trace";
import { missing, reaches } from "../../facts/docker-rules";
import { deadProbes, publishing } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision } from "../../packet-path/trace";
import type { Plan } from "../../remedy/plan";
import { byHand, habits } from "../../remedy/steps";
import { chainName, ruleWords as checkedWords, interfaceName, tableName } from "../../remedy/validate";

type Params = {
	readonly decision: Decision | null;
	readonly native: boolean;
	readonly owner: string | null;
	readonly nftablesBackend: boolean;
};

export default failureMode<"forward-dropped", Params>({
	id: "forward-dropped",
	title: "A rule outside of Docker’s chains stops forwarded packets",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const trace = mainTrace(facts);
		const block = blockOf(trace);
		const warned = complaints(facts.failures, "forward-policy-drop");
		const nftablesBackend = isKnownToBe(facts.docker.firewallBackend, "nftables");
		if (block && isForward(facts, block)) {
			if (belongsToDockerUser(facts, block.decision))
				return absent("the packet is stopped in `DOCKER-USER`, before anything else", block.at);
			const dead = deadProbes(facts);
			const signs: Sign[] = [
				sign(`A packet from outside is ${block.trace.outcome} by ${ruleWords(block.decision)}`, block.at),
			];
			if (dead.length > 0)
				signs.push(
					sign(
						"The port does not answer",
						dead.map((probe) => probe.at),
					),
				);
			if (warned.length > 0)
				signs.push(sign("dockerd warns that `FORWARD` drops what it does not know", placesOfFailures(warned)));
			const params: Params = {
				decision: block.decision,
				native: isNative(facts, block.decision),
				owner: block.owner,
				nftablesBackend,
			};
			const structural = missing(facts.rules.filter).some((one) => one.kind === "chain" || one.kind === "jump");
			if (dead.length > 0) return { kind: "present", confidence: structural ? "likely" : "certain", params, signs };
			return {
				kind: "present",
				confidence: publishing(facts).length > 0 ? "likely" : "possible",
				params,
				signs,
				ask: ["probe-outside"],
			};
		}
		if (warned.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params: { decision: null, native: false, owner: null, nftablesBackend },
				signs: [
					sign(
						"dockerd warns that `FORWARD` has the policy DROP, left from its iptables rules",
						placesOfFailures(warned),
					),
				],
				ask: ["rule-set", "nft-rule-set"],
			};
		if (trace && trace.outcome !== "unknown")
			return absent(
				"the packet is not stopped on its way through `FORWARD`",
				trace.steps.flatMap((step) => step.at ?? []).slice(-1),
			);
		return undecided("rule-set", "nft-rule-set");
	},

	explain({ decision, native, owner }) {
		if (!decision) return "`FORWARD` has the policy `DROP`, and nothing accepts what Docker’s own tables translate.";
		const who = owner && owner !== "you" && owner !== "docker" ? ` It is a rule of ${owner}.` : "";
		return native
			? `${ruleWords(decision)} drops the packet.${who} It stands in a table of its own, made with nft: an accept in Docker’s table ends only that table’s chain, a drop in any is final.`
			: `The packet is translated, and then ${ruleWords(decision)} stops it before Docker’s rules can accept it.${who} From the host itself the port answers, because that traffic does not pass \`FORWARD\`.`;
	},

	fix(params) {
		return {
			...planOf(params),
			instead: habits("forward-accept", "flush-everything", "disable-firewalld", "restart-container"),
			proveFromOutside:
				"Open the published port from another machine: traffic of the host itself does not pass `FORWARD`.",
		};
	},

	prevent() {
		return {
			summary: "Keep rules for forwarded packets in DOCKER-USER.",
			before: [],
			steps: [
				byHand(
					"Rules put into FORWARD later stand before or after Docker’s by chance.",
					"Your own rules belong into `DOCKER-USER`: it comes first, and dockerd leaves it alone.",
					"RHEL: `iptables.service` loads `-A FORWARD -j REJECT` at boot; take the line out of /etc/sysconfig/iptables.",
					"nft: no `policy drop` in a forward chain without accepts for Docker’s bridges.",
				),
			],
			after: [],
			instead: habits("ufw-forward-accept"),
			proveFromOutside: null,
		};
	},
});

function planOf({ decision, native, nftablesBackend }: Params): Omit<Plan, "instead" | "proveFromOutside"> {
	const table = decision ? tableName(decision.table) : null;
	const chain = decision ? chainName(decision.chain) : null;
	const bridge = interfaceName("docker0");
	if (native && decision && table && chain && bridge && (decision.family === "inet" || decision.family === "ip")) {
		return {
			summary: "Let Docker’s traffic pass the native forward chain.",
			before: [],
			steps: [
				{
					action: { kind: "admit-in-nft-chain", family: decision.family, table, chain, bridge },
					why: "Established connections, translated ones and what leaves the bridge; everything else stays dropped.",
					risk: "low",
					interrupts: "nothing",
				},
				byHand(
					"The chain is loaded from a file at boot.",
					"Put the same accepts into the file that makes the chain, usually /etc/nftables.conf.",
				),
			],
			after: [],
		};
	}
	if (decision && decision.rule !== "policy" && table && chain && !native) {
		const spec = checkedWords(decision.text.split(" ").slice(2));
		if (spec) {
			return {
				summary: "Remove the rule that stands before Docker’s.",
				before: [
					{
						check: {
							kind: "rule-exists",
							backend: decision.backend,
							family: decision.family === "ip6" ? 6 : 4,
							table,
							chain,
							spec,
						},
						holds: true,
						otherwise: "The rule is not there any more.",
					},
				],
				steps: [
					{
						action: {
							kind: "delete-rule",
							backend: decision.backend,
							family: decision.family === "ip6" ? 6 : 4,
							table,
							chain,
							spec,
						},
						why: "Docker accepts only what is published; what else the rule was to keep out stays with the policy of FORWARD and with DOCKER-USER.",
						risk: "medium",
						interrupts: "nothing",
					},
					byHand(
						"It comes back with whatever made it.",
						"Find it: /etc/sysconfig/iptables, /etc/iptables/rules.v4, ufw’s before.rules, deployment scripts.",
					),
				],
				after: [
					{
						kind: "rule-absent",
						backend: decision.backend,
						family: decision.family === "ip6" ? 6 : 4,
						table,
						chain,
						spec,
					},
				],
			};
		}
	}
	if (nftablesBackend) {
		return {
			summary: "Set the policy that the iptables backend left behind to ACCEPT.",
			before: [],
			steps: [
				{
					action: { kind: "set-forward-policy", backend: null, family: 4, policy: "ACCEPT" },
					why: "Docker itself set DROP when it used iptables; its nftables tables do their own filtering now. In any other case this would open the host.",
					risk: "medium",
					interrupts: "nothing",
				},
			],
			after: [{ kind: "forward-policy-is", family: 4, policy: "ACCEPT" }],
		};
	}
	return {
		summary: "Let Docker’s traffic pass the rule that stops it.",
		before: [],
		steps: [
			byHand(
				"What may be forwarded is yours to say.",
				decision ? `The deciding place is ${ruleWords(decision)}` : "Look at the policy and the rules of `FORWARD`.",
				"Move it behind Docker’s jumps, or add accepts for the bridges of Docker before it.",
				"If Docker’s own chains are missing from `FORWARD`, restart docker instead.",
			),
		],
		after: [],
	};
}

function isForward(facts: HostFacts, { decision }: Block): boolean {
	const table = facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	);
	if (!table) return decision.chain === "FORWARD";
	return table.chains.some(
		(chain) =>
			chain.base?.hook === "forward" &&
			(chain.name === decision.chain || reaches(table, chain.name, decision.chain) !== null),
	);
}

function belongsToDockerUser(facts: HostFacts, decision: Decision): boolean {
	if (decision.chain === "DOCKER-USER") return true;
	const table = facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	);
	return (
		table !== undefined &&
		decision.rule !== "policy" &&
		decision.chain !== "FORWARD" &&
		reaches(table, "DOCKER-USER", decision.chain) !== null
	);
}

function isNative(facts: HostFacts, decision: Decision): boolean {
	return facts.netfilter.tables.some(
		(table) => table.native && table.name === decision.table && table.family === decision.family,
	);
}
