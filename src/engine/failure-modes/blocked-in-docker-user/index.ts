import { bansOf, banWords } from "../../diagnose/bans";
import { absent, failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, mainTrace, portInQuestion, ruleWords, ruleWordsFirst } from "../../diagnose/main-trace";
import { reaches } from "../../facts/docker-rules";
import { deadProbes, strayProbes } from "../../facts/engine-state";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Chain, Table } from "../../netfilter/ruleset";
import type { Decision, Trace } from "../../packet-path/trace";
import type { Action } from "../../remedy/plan";
import { byHand, habits, ruleChoice } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = {
	readonly decision: Decision | null;
	readonly by: "fail2ban" | "ufw-docker" | "you";
	/** The published port, and the container's, as far as known. */
	readonly port: number | null;
	readonly inside: number | null;
	readonly protocol: "tcp" | "udp";
};

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
		const trace = mainTrace(facts);
		const block = blockOf(trace);
		const ports = portsOf(facts, trace);
		const dead = deadProbes(facts);
		if (block && comesFromDockerUser(facts, block.decision)) {
			const by =
				block.owner === "fail2ban" ? "fail2ban" : block.owner === "ufw" || blocks.length > 0 ? "ufw-docker" : "you";
			const signs = [
				sign(
					`A packet from outside is ${block.trace.outcome} by ${ruleWords(block.decision)}, before Docker’s own rules are asked`,
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
				params: { decision: block.decision, by, ...ports },
				signs,
			};
		}
		// It drops scans as well: only a block of the port that was tried says why that one is dead.
		const sought = blocks.some(
			({ complaint }) => ports.inside === null || complaint.port === null || complaint.port === ports.inside,
		);
		if (blocks.length > 0)
			return {
				kind: "present",
				confidence: dead.length > 0 && sought ? "certain" : "likely",
				params: {
					decision: null,
					by: "ufw-docker",
					port: null,
					inside: blocks[0]?.complaint.port ?? null,
					protocol: "tcp",
				},
				signs: [sign("The kernel log shows packets that the rules of ufw-docker dropped", placesOfFailures(blocks))],
			};
		const user = facts.netfilter.tables.flatMap((table) =>
			table.chains.filter((chain) => chain.name === "DOCKER-USER").map((chain) => ({ ...chain, table })),
		);
		const suspect = trace === null || trace.outcome === "unknown" ? suspectOf(user) : null;
		if (suspect)
			return {
				kind: "present",
				confidence: dead.length > 0 ? "likely" : "possible",
				params: { decision: suspect.decision, by: "you", ...ports },
				signs: [
					sign(`${ruleWordsFirst(suspect.decision)} stops what comes in from outside, as far as was shown`, [
						suspect.at,
					]),
					...(dead.length > 0
						? [
								sign(
									"The port does not answer",
									dead.map((probe) => probe.at),
								),
							]
						: []),
				],
				ask: ["rule-set", "addresses"],
			};
		const tried = dead.filter((probe) => !probe.fromContainer && !strayProbes(facts).includes(probe));
		const open = trace === null || trace.outcome === "delivered" || trace.outcome === "unknown";
		const ban =
			open && tried.length > 0 ? bansOf(facts).find(({ decision }) => comesFromDockerUser(facts, decision)) : undefined;
		if (ban)
			return {
				kind: "present",
				confidence: ban.hits > 0 ? "likely" : "possible",
				params: { decision: ban.decision, by: /f2b|fail2ban/.test(ban.decision.chain) ? "fail2ban" : "you", ...ports },
				signs: [
					sign(`${ruleWordsFirst(ban.decision)} ${banWords(ban)}`, [ban.at]),
					sign(
						"The port does not answer from outside",
						tried.map((probe) => probe.at),
					),
				],
				ask: ["probe-outside"],
			};
		const harmless = user.find((chain) =>
			chain.rules.every((rule) => rule.verdict.kind === "return" || rule.verdict.kind === "accept"),
		);
		if (harmless) return absent("`DOCKER-USER` blocks nothing", [harmless.at]);
		if (trace && trace.outcome !== "unknown")
			return absent(
				"the packet is not stopped in `DOCKER-USER`",
				trace.steps.flatMap((step) => step.at ?? []).slice(0, 1),
			);
		return undecided("rule-set");
	},

	explain({ decision, by }) {
		const what = decision
			? `${ruleWordsFirst(decision)} stops the packet`
			: "The packet is dropped in `DOCKER-USER`, or in a chain it jumps to";
		const who =
			by === "fail2ban"
				? "fail2ban banned the address that asks"
				: by === "ufw-docker"
					? "The rules are those of ufw-docker: they let in only what `ufw route` allows, and a plain `ufw allow` does not count here"
					: "dockerd put nothing there but perhaps a final `RETURN`; this rule is from a person or a program of the host";
		return `${what}. \`DOCKER-USER\` belongs to the administrator, and \`FORWARD\` asks it before Docker’s own rules; a packet for a published port gets there after translation, with the container’s address and port. ${who}.`;
	},

	fix({ decision, by, port, inside, protocol }) {
		const toInside = inside ?? "CONTAINER_PORT";
		return {
			summary:
				by === "fail2ban"
					? "Lift the ban; do not flush the chain."
					: by === "ufw-docker"
						? "Allow the container’s port with `ufw route`; do not flush the chain."
						: "Add an exception above the rule; do not flush the chain.",
			before: [],
			steps: [
				byHand(
					"The rule is there on purpose, so what may pass is yours to say.",
					...(by === "fail2ban"
						? ["`fail2ban-client status` names the jails, `fail2ban-client unban ADDRESS` lifts the ban."]
						: by === "ufw-docker"
							? [
									`\`ufw route allow proto tcp from any to any port ${toInside}\`: the container’s port, not the host’s, because the packet is translated by then.`,
								]
							: [
									`See the chain: \`iptables -w 5 -nvL DOCKER-USER --line-numbers\`${decision && decision.rule !== "policy" ? `; rule ${decision.rule} of \`${decision.chain}\` decides` : ""}.`,
									`To let port ${port ?? "HOST_PORT"} in from everywhere: \`iptables -w 5 -I DOCKER-USER -p ${protocol} -m conntrack --ctorigdstport ${port ?? "HOST_PORT"} -j RETURN\`. Add \`-s NETWORK\` to let in one network only.`,
									"If the rule was a mistake, delete it by its words: the same line with `-D` instead of `-A`.",
									"Change it where it is made too (rules.v4, a script, a role), or the next boot brings the old one back.",
								]),
				),
			],
			after: [],
			instead: habits(
				"flush-docker-user",
				"forward-accept",
				...(by === "ufw-docker" ? (["disable-ufw"] as const) : []),
			),
			proveFromOutside: "Open the port from the machine that could not.",
			...(by === "you" && decision && port !== null ? { choices: choicesOf(decision, port, protocol) } : {}),
		};
	},

	prevent({ by }) {
		return {
			summary: "Write down what DOCKER-USER is to let in.",
			before: [],
			steps: [
				byHand(
					"Rules in this chain outlive the person who made them, and dockerd never removes them.",
					by === "fail2ban"
						? "Put your own addresses into `ignoreip` of the jail."
						: by === "ufw-docker"
							? "With each published port goes one `ufw route allow`; `ufw status` lists them as ALLOW FWD."
							: "Keep them in one file, each with `-m comment --comment …`, and load it with `iptables-restore -n` after docker.service.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** The two ways that the step by hand names: an exception for the port, or the rule taken out. */
function choicesOf(decision: Decision, port: number, protocol: "tcp" | "udp"): readonly (readonly Action[])[] {
	const { backend, table } = decision;
	const of = { backend, family: decision.family === "ip6" ? 6 : 4 } as const;
	const exception = ["-p", protocol, "-m", "conntrack", "--ctorigdstport", String(port), "-j", "RETURN"];
	const choices = [ruleChoice("insert-rule", of, { table, chain: "DOCKER-USER" }, exception)];
	if (decision.rule !== "policy")
		choices.push(ruleChoice("delete-rule", of, decision, decision.text.split(" ").slice(2)));
	return choices.filter((actions) => actions.length > 0);
}

/** The host's port of the packet, and the container's port it becomes. */
function portsOf(
	facts: HostFacts,
	trace: Trace | null,
): { readonly port: number | null; readonly inside: number | null; readonly protocol: "tcp" | "udp" } {
	const translated = /:(\d{1,5})$/.exec(trace?.translatedTo ?? "")?.[1];
	return {
		port: trace?.flow.port ?? portInQuestion(facts)?.port ?? null,
		inside: translated ? Number(translated) : null,
		protocol: trace?.flow.protocol ?? portInQuestion(facts)?.protocol ?? "tcp",
	};
}

/**
 * The first rule of `DOCKER-USER` that stops what comes from outside by anything but the packet's own address or port.
 * It speaks where the way there was not shown whole, so that the packet could not be followed.
 */
function suspectOf(chains: readonly (Chain & { readonly table: Table })[]): { decision: Decision; at: Span } | null {
	for (const { table, name, rules } of chains) {
		const rule = rules.find(
			({ verdict, matches }) =>
				(verdict.kind === "drop" || verdict.kind === "reject") &&
				matches.every(
					(match) =>
						match.kind === "protocol" ||
						(match.kind === "iif" && !match.negated && match.names.every((one) => OUTER.test(one))) ||
						(match.kind === "saddr" && match.negated) ||
						(match.kind === "ctstate" && match.states.includes("new") && !match.negated),
				),
		);
		// An accept or return before it may be for this very packet.
		const before = rules.slice(0, rule ? rules.indexOf(rule) : 0);
		if (
			rule &&
			before.every(({ matches }) => matches.some((match) => match.kind === "ctstate" || match.kind === "saddr"))
		)
			return {
				decision: {
					backend: table.backend,
					family: table.family,
					table: table.name,
					chain: name,
					rule: rule.number,
					text: rule.text,
				},
				at: rule.at,
			};
	}
	return null;
}

/** Names that the way out usually has: Ethernet and wireless, by the kernel and by systemd (systemd.net-naming-scheme(7)). */
const OUTER = /^(?:eth\d|en[opsxa]\w|wl|ww|bond\d|team\d|venet|ens)/;

function comesFromDockerUser(facts: HostFacts, decision: Decision): boolean {
	if (decision.chain === "DOCKER-USER") return true;
	if (decision.rule === "policy") return false;
	const table = facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	);
	return table !== undefined && reaches(table, "DOCKER-USER", decision.chain) !== null;
}
