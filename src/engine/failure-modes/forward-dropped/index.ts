import { bansOf, banWords } from "../../diagnose/bans";
import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Block, blockOf, mainTrace, ruleWords, ruleWordsFirst } from "../../diagnose/main-trace";
import { missing, reaches } from "../../facts/docker-rules";
import { deadProbes, publishing, strayProbes } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Decision, Trace } from "../../packet-path/trace";
import type { Action, Plan } from "../../remedy/plan";
import { alerts, byHand, habits, ruleChoice } from "../../remedy/steps";
import { chainName, ruleWords as checkedWords, interfaceName, tableName } from "../../remedy/validate";
import { isArrival, spareOnArrival } from "./on-arrival";

type Params = {
	readonly decision: Decision | null;
	/** In a table made with nft, beside those of iptables. */
	readonly native: boolean;
	/** The rule takes everything, and the policy behind it is ACCEPT: with the rule goes the host's protection. */
	readonly guardsAlone: boolean;
	readonly owner: string | null;
	/** The bridge that the packet should have left by. */
	readonly bridge: string;
	readonly nftablesBackend: boolean;
	/** It stands where packets come in, before anything is translated. */
	readonly arrival?: true;
	/** It stops single sources, and whether the client is one of them was not shown. */
	readonly ban?: true;
};

export default failureMode<"forward-dropped", Params>({
	id: "forward-dropped",
	title: "A rule outside of Docker’s chains stops forwarded packets",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 10,
	explains: [],

	headline({ decision, native, nftablesBackend, ban, arrival }) {
		if (arrival && decision)
			return `A rule in \`${decision.chain}\` drops the packet as it comes in, before Docker’s rules see it`;
		if (ban) return "A rule outside of Docker’s chains stops single addresses on their way to containers";
		if (native && decision)
			return `Table ${decision.family} ${decision.table} drops forwarded packets that Docker’s own table accepts`;
		if (nftablesBackend) return "`FORWARD` still has the policy `DROP` of Docker’s iptables backend";
		if (decision?.rule === "policy")
			return "Nothing in `FORWARD` accepts what Docker translated, and its policy is `DROP`";
		return "A rule that stands before Docker’s in `FORWARD` stops packets to published ports";
	},

	detect(facts) {
		const trace = mainTrace(facts);
		const block = blockOf(trace);
		const warned = complaints(facts.failures, "forward-policy-drop");
		const nftablesBackend = isKnownToBe(facts.docker.firewallBackend, "nftables");
		const arrival = block !== null && isArrival(facts, block);
		if (block && (arrival || isForward(facts, block))) {
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
				guardsAlone: !arrival && guardsAlone(facts, block.decision),
				owner: block.owner,
				bridge: bridgeOf(block.trace),
				...(arrival ? { arrival: true as const } : {}),
				nftablesBackend: nftablesBackend && block.decision.rule === "policy" && !isNative(facts, block.decision),
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
				// Only the nftables backend says so (moby daemon/libnetwork/drivers/bridge, 29.0).
				params: {
					decision: null,
					native: false,
					guardsAlone: false,
					owner: null,
					bridge: "docker0",
					nftablesBackend: true,
				},
				signs: [
					sign(
						"dockerd warns that `FORWARD` has the policy DROP, left from its iptables rules",
						placesOfFailures(warned),
					),
				],
				ask: ["rule-set", "nft-rule-set"],
			};
		const ban = trace?.outcome === "delivered" ? banElsewhere(facts) : null;
		if (trace && ban)
			return {
				kind: "present",
				confidence: ban.hits > 0 ? "likely" : "possible",
				params: {
					decision: ban.decision,
					native: isNative(facts, ban.decision),
					guardsAlone: false,
					owner: null,
					bridge: bridgeOf(trace),
					nftablesBackend: false,
					ban: true,
				},
				signs: [sign(`${ruleWordsFirst(ban.decision)} ${banWords(ban)}`, [ban.at])],
				ask: ["probe-outside"],
			};
		if (trace && trace.outcome !== "unknown")
			return absent(
				"the packet is not stopped on its way through `FORWARD`",
				trace.steps.flatMap((step) => step.at ?? []).slice(-1),
			);
		return undecided("rule-set", "nft-rule-set");
	},

	explain({ decision, native, owner, nftablesBackend, ban, arrival }) {
		if (arrival && decision) {
			const whose = owner && owner !== "you" && owner !== "docker" ? ` It belongs to ${owner}.` : "";
			return `${ruleWordsFirst(decision)} drops the packet as it comes in.${whose} Nothing was translated by then, so Docker’s rules never see it, and no rule in \`DOCKER-USER\` can let it through. From the host itself the port may still answer, because that traffic does not come in by an interface.`;
		}
		if (ban && decision)
			return `Packets from outside arrive by these rules, unless they come from an address that ${ruleWords(decision)} names. A try from outside got no answer; whether it was made from such an address was not shown.`;
		if (nftablesBackend || !decision)
			return "Docker filters with its own nftables tables here. The policy `DROP` of `FORWARD` is left from the time when it used iptables, and a drop in any table is final, whatever Docker’s own accepts. From the host itself the port may still answer, because that traffic does not pass `FORWARD`.";
		const who = owner && owner !== "you" && owner !== "docker" ? ` It belongs to ${owner}.` : "";
		const local = " From the host itself the port may still answer, because that traffic does not pass `FORWARD`.";
		if (native)
			return `${ruleWordsFirst(decision)} drops the packet.${who} The table was made with nft and stands beside Docker’s: an accept ends only the chain it is in, a drop in any chain is final.${local}`;
		return decision.rule === "policy"
			? `The packet is translated, and then nothing in \`${decision.chain}\` accepts it, so that the policy decides.${who}${local}`
			: `The packet is translated, and then ${ruleWords(decision)} stops it before Docker’s rules can accept it.${who}${local}`;
	},

	fix(params) {
		return {
			...planOf(params),
			instead: params.nftablesBackend
				? habits("flush-everything", "iptables-false", "network-host")
				: habits("forward-accept", "flush-everything", "disable-firewalld", "restart-docker-for-a-foreign-rule"),
			proveFromOutside:
				"Open the published port from another machine: traffic of the host itself does not pass `FORWARD`.",
		};
	},

	prevent({ native, nftablesBackend }) {
		if (nftablesBackend)
			return {
				summary: "Keep the old policy out of saved rules.",
				before: [],
				steps: [
					byHand(
						"A reboot leaves `ACCEPT`, which is the kernel’s own; a saved rule set can bring `DROP` back.",
						"Look for `:FORWARD DROP` in /etc/iptables/rules.v4 (RHEL: /etc/sysconfig/iptables).",
					),
				],
				after: [],
				instead: [],
				proveFromOutside: null,
			};
		if (native)
			return {
				summary: "Keep Docker’s bridges in the rules that the file makes.",
				before: [],
				steps: [
					byHand(
						"Each new network is a new bridge, which the forward chain does not know.",
						'Accept by what the connection is: `ct status dnat accept` lets in what was published on any bridge, `iifname "docker0" accept` and `iifname "br-*" accept` let containers out.',
						"No `flush ruleset` in that file: it takes Docker’s rules with it. `table inet filter; delete table inet filter` before the table is enough.",
					),
				],
				after: [],
				keep: [{ kind: "own-nft-table" }],
				instead: habits("nft-flush-ruleset"),
				proveFromOutside: null,
			};
		return {
			summary: "Keep rules for forwarded packets in DOCKER-USER.",
			before: [],
			steps: [
				byHand(
					"A rule put into `FORWARD` later stands before or behind Docker’s by chance.",
					"Your own rules belong into `DOCKER-USER`: it comes first, and dockerd does not change what you put there.",
					"RHEL: `iptables.service` loads `-A FORWARD -j REJECT --reject-with icmp-host-prohibited` at boot; take the line out of /etc/sysconfig/iptables.",
				),
			],
			after: [],
			keep: alerts("published-port"),
			instead: habits("ufw-forward-accept"),
			proveFromOutside: null,
		};
	},
});

function planOf({
	decision,
	native,
	guardsAlone,
	owner,
	bridge: bridgeName,
	nftablesBackend,
	ban,
	arrival,
}: Params): Omit<Plan, "instead" | "proveFromOutside"> {
	if (ban)
		return {
			summary: "Find out whether the client is banned, and lift that ban alone.",
			before: [],
			steps: [
				byHand(
					"Somebody put the addresses there on purpose, so which of them may pass is yours to say.",
					"Compare the client’s address, as the host sees it, with those of the rule or its set: `nft list ruleset`, `ipset list`.",
					"Take that one address out where it was put in, so that a reload does not bring it back.",
				),
			],
			after: [],
		};
	const table = decision ? tableName(decision.table) : null;
	const chain = decision ? chainName(decision.chain) : null;
	const bridge = interfaceName(bridgeName);
	if (native && decision && arrival) return spareOnArrival(decision, table, chain);
	if (native && decision && table && chain && bridge && (decision.family === "inet" || decision.family === "ip")) {
		return {
			summary: `Let Docker’s traffic pass the chain ${decision.chain} of table ${decision.family} ${decision.table}.`,
			before: [],
			steps: [
				{
					action: { kind: "admit-in-nft-chain", family: decision.family, table, chain, bridge },
					why: "Established connections, translated ones and what leaves the bridge; everything else stays dropped.",
					risk: "low",
					interrupts: "nothing",
				},
				byHand(
					"The chain is loaded from a file at boot, and what the script did is gone then.",
					`Put the same into the file that makes the chain, usually /etc/nftables.conf: \`ct state established,related accept\`, \`oifname "${bridge}" ct status dnat accept\`, \`iifname "${bridge}" accept\`.`,
				),
			],
			after: [],
		};
	}
	const yours = owner === null || owner === "you";
	if (decision && decision.rule !== "policy" && table && chain && !native && yours) {
		const spec = checkedWords(decision.text.split(" ").slice(2));
		const family: 4 | 6 = decision.family === "ip6" ? 6 : 4;
		if (spec) {
			return {
				summary: arrival
					? "Remove the rule that drops the port on arrival."
					: "Remove the rule that stands before Docker’s.",
				before: [
					{
						check: {
							kind: "rule-exists",
							backend: decision.backend,
							family,
							table,
							chain,
							spec,
						},
						holds: true,
						otherwise: "The rule is not there any more.",
					},
				],
				steps: [
					...(guardsAlone
						? [
								{
									action: {
										kind: "set-forward-policy" as const,
										backend: decision.backend,
										family,
										policy: "DROP" as const,
									},
									why: "The policy is `ACCEPT`, so the rule alone keeps the rest of the network from being forwarded; a policy says the same behind Docker’s rules.",
									risk: "low" as const,
									interrupts: "nothing" as const,
								},
							]
						: []),
					{
						action: {
							kind: "delete-rule",
							backend: decision.backend,
							family,
							table,
							chain,
							spec,
						},
						why: arrival
							? "It drops the port before Docker’s rules see it. If it was to keep some clients out, put them into `DOCKER-USER`, which sees the port as `--ctorigdstport`."
							: "Docker accepts only what is published; what else the rule kept out meets the policy of `FORWARD`. Rules for published ports belong into `DOCKER-USER`.",
						risk: "medium",
						interrupts: "nothing",
					},
					byHand(
						"The rule comes back with whatever made it.",
						"Look for it in /etc/sysconfig/iptables, /etc/iptables/rules.v4, ufw’s before.rules and deployment scripts.",
					),
				],
				after: [
					{
						kind: "rule-absent",
						backend: decision.backend,
						family,
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
					why: "dockerd set `DROP` when it used iptables; its nftables tables filter by themselves now. Anywhere else this would open the host.",
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
				decision ? `The deciding place is ${ruleWords(decision)}.` : "Look at the policy and the rules of `FORWARD`.",
				decision?.rule === "policy"
					? "If Docker’s jumps are missing from `FORWARD`, restart docker: it puts them back and accepts what is published."
					: "Move it behind Docker’s jumps, or accept what is published before it.",
				`The accepts: \`iptables -w 5 -I FORWARD -o ${bridge ?? "docker0"} -m conntrack --ctstate DNAT,ESTABLISHED,RELATED -j ACCEPT\` and \`iptables -w 5 -I FORWARD -i ${bridge ?? "docker0"} -j ACCEPT\`.`,
			),
		],
		after: [],
		...(decision && !native ? { choices: [acceptsOf(decision, bridge ?? "docker0")] } : {}),
	};
}

/** The two accepts that the step by hand names. */
function acceptsOf({ backend, family }: Decision, bridge: string): readonly Action[] {
	const of = { backend, family: family === "ip6" ? 6 : 4 } as const;
	const place = { table: "filter", chain: "FORWARD" };
	const states = "DNAT,ESTABLISHED,RELATED";
	return [
		...ruleChoice("insert-rule", of, place, ["-o", bridge, "-m", "conntrack", "--ctstate", states, "-j", "ACCEPT"]),
		...ruleChoice("insert-rule", of, place, ["-i", bridge, "-j", "ACCEPT"]),
	];
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

/** A ban that does not stand below DOCKER-USER, where a try from outside got no answer. */
function banElsewhere(facts: HostFacts) {
	const strays = strayProbes(facts);
	const tried = deadProbes(facts).some((probe) => !probe.fromContainer && !strays.includes(probe));
	return tried ? (bansOf(facts).find(({ decision }) => !belongsToDockerUser(facts, decision)) ?? null) : null;
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

/** Whether the packet would be accepted by the policy if only this rule, which asks no condition, were not there. */
function guardsAlone(facts: HostFacts, decision: Decision): boolean {
	const chain = facts.netfilter.tables
		.find((one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend)
		?.chains.find((one) => one.name === decision.chain);
	return (
		chain?.base?.policy === "accept" &&
		chain.rules.some((rule) => rule.number === decision.rule && rule.matches.length === 0)
	);
}

/** The interface station behind the place where the packet stops. */
function bridgeOf(trace: Trace): string {
	const stopped = trace.steps.findIndex((step) => step.state === "stopped");
	return trace.steps.find((step, at) => at > stopped && step.kind === "interface")?.station ?? "docker0";
}

function isNative(facts: HostFacts, decision: Decision): boolean {
	return facts.netfilter.tables.some(
		(table) => table.native && table.name === decision.table && table.family === decision.family,
	);
}
