import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Expectation, missing } from "../../facts/docker-rules";
import { listWords, whyNoChainsExpected } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import { byHand, habits, rebuildRules } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Params = {
	readonly gone: readonly Expectation[];
	readonly refused: boolean;
	/** The chain is there and holds no translation. */
	readonly emptied?: boolean;
	readonly culprit: string | null;
};

export default failureMode<"docker-chain-missing", Params>({
	id: "docker-chain-missing",
	title: "Docker’s chain is gone from the nat table",
	effect: "Published ports are dead",
	impact: "high",
	minutes: 5,
	explains: ["docker-filter-chain-missing", "forward-dropped", "local-path-blocked", "dnat-target-stale"],

	detect(facts) {
		const refusals = natRefusals(facts);
		const { nat } = facts.rules;
		const gone = missing(nat);
		const unexpected = whyNoChainsExpected(facts);
		if (unexpected && refusals.length === 0) return absent(unexpected.says, unexpected.at);
		if (unexpected && isKnownToBe(facts.docker.running, false)) return absent(unexpected.says, unexpected.at);

		const said: Sign[] =
			refusals.length > 0
				? [
						sign(
							"dockerd could not add a rule to `DOCKER` in table nat: the chain does not exist",
							placesOfFailures(refusals),
						),
					]
				: [];
		if (nat.kind === "unknown") {
			if (refusals.length === 0) return undecided("nat-table");
			return {
				kind: "present",
				confidence: "likely",
				params: { gone, refused: true, culprit: culpritOf(facts) },
				signs: said,
				ask: ["rule-set", "both-backends"],
			};
		}
		if (gone.length === 0) {
			const bare = bareDockerChain(facts);
			if (bare && refusals.length === 0)
				return {
					kind: "present",
					confidence: "likely",
					params: { gone, refused: false, emptied: true, culprit: culpritOf(facts) },
					signs: [sign("Chain `DOCKER` translates no port at all, although containers run and a port is dead", bare)],
					ask: ["docker-ps", "rule-set"],
				};
			if (refusals.length === 0)
				return absent("the nat table holds chain `DOCKER`, the jump to it and a rule for each published port", nat.at);
			return {
				kind: "present",
				confidence: "possible",
				params: { gone, refused: true, culprit: culpritOf(facts) },
				signs: said,
				against: [
					sign(
						"the nat table pasted here holds what dockerd could not find; it may have been listed after a repair",
						nat.at,
					),
				],
				ask: ["both-backends", "dockerd-log"],
			};
		}
		const signs = [...said, ...listingSigns(gone), ...eventSigns(facts)];
		const params = { gone, refused: refusals.length > 0, culprit: culpritOf(facts) };
		const enabled = isKnownToBe(facts.docker.iptablesEnabled, true);
		const otherSide = facts.rules.otherBackend;
		const settled = otherSide !== null && otherSide.chains.length === 0;
		if (params.refused || (enabled && isWholesale(nat, gone))) {
			return settled
				? { kind: "present", confidence: "certain", params, signs }
				: { kind: "present", confidence: "likely", params, signs, ask: ["both-backends"] };
		}
		if (enabled) return { kind: "present", confidence: "likely", params, signs, ask: ["docker-ps", "both-backends"] };
		// Nothing of Docker's and no error: a flush looks like this, and so does `iptables: false`. After a flush
		// docker-proxy still answers; where nothing answers the setting is as good an explanation.
		const answers = facts.probes.some((probe) => probe.outcome === "answered");
		const dead = facts.probes.some((probe) => probe.outcome !== "answered");
		const likely = facts.docker.running.known && (answers || !dead);
		return {
			kind: "present",
			confidence: likely ? "likely" : "possible",
			params,
			signs,
			ask: ["rule-set", "daemon-json", "both-backends"],
		};
	},

	explain({ gone, refused, emptied, culprit }) {
		if (emptied)
			return `Chain \`DOCKER\` is in the nat table and translates nothing. ${culprit ?? "Something emptied it"} after dockerd had made its rules. dockerd adds the rule of a port when its container starts and never looks again: outside packets for the port go to the host itself, where only docker-proxy may take them.`;
		const what =
			gone.length > 0
				? `The nat table lacks ${listWords(gone.slice(0, 4).map((one) => one.what))}${gone.length > 4 ? " and more" : ""}.`
				: "The nat table lacked `DOCKER` when dockerd asked for it.";
		const who = culprit ?? "Something flushed the nat table";
		const then = refused
			? "every start of a container with a published port fails"
			: "docker-proxy may still answer, and the next start of a container with `-p` fails";
		return `${what} ${who} after dockerd had made its rules. dockerd makes chains only when it starts and never looks again: ${then}.`;
	},

	fix({ gone, emptied: bare }) {
		const emptied = bare || (gone.length > 0 && gone.every((one) => one.kind === "dnat"));
		return {
			summary: "Let dockerd write its rules again.",
			before: [
				{
					check: { kind: "daemon-running" },
					holds: true,
					otherwise: "dockerd is not running: its start is what fails, see its log.",
				},
			],
			steps: rebuildRules(
				emptied
					? "dockerd writes the rule of every published port when it starts."
					: "Only the start of dockerd makes its chains, the jumps to them and the MASQUERADE rules together.",
			),
			after: [
				{ kind: "docker-chains-whole", table: "nat" },
				{ kind: "docker-chains-whole", table: "filter" },
				{ kind: "daemon-running" },
			],
			instead: habits("create-chain-by-hand", "restart-container", "reload-docker", "iptables-false"),
			proveFromOutside:
				"Open the published port from another machine. `curl localhost` proves nothing: docker-proxy answers there without any rule.",
		};
	},

	prevent() {
		return {
			summary: "Stop what flushes the tables, or let dockerd start after it.",
			before: [],
			steps: [
				byHand(
					"The rules vanish again with the next flush.",
					"Look for what ran when they went: `journalctl -u nftables -u netfilter-persistent -u firewalld -u ufw -n 50`, cron jobs, deployment scripts with `iptables -F`.",
					"nftables.service: take `flush ruleset` out of /etc/nftables.conf and declare your own table only.",
					"netfilter-persistent: remove Docker's lines from /etc/iptables/rules.v4 and set `IPTABLES_RESTORE_NOFLUSH=yes`.",
					"Your own rules for containers belong into `DOCKER-USER`.",
				),
			],
			after: [],
			instead: habits("flush-everything", "nft-flush-ruleset"),
			proveFromOutside: null,
		};
	},
});

/** Chain, jump, or every translation at once: what a flush takes. One port's missing rule may have a reason of its own. */
function isWholesale(nat: HostFacts["rules"]["nat"], gone: readonly Expectation[]): boolean {
	if (gone.some((one) => one.kind === "chain" || one.kind === "jump")) return true;
	const ports = nat.kind === "shown" ? nat.expected.filter((one) => one.kind === "dnat") : [];
	return ports.length > 0 && ports.every((one) => one.state === "missing");
}

/** Where `DOCKER` stands without a single translation while containers run and a port is dead; null otherwise. */
function bareDockerChain(facts: HostFacts): readonly Span[] | null {
	const { nat } = facts.rules;
	const chain = nat.kind === "shown" ? nat.table?.chains.find((one) => one.name === "DOCKER") : undefined;
	if (!chain || chain.rules.some((rule) => rule.verdict.kind === "dnat")) return null;
	if (isKnownToBe(facts.docker.swarm, true) || facts.containers.known) return null;
	const runs = facts.docker.containersRunning;
	const dead = facts.probes.filter((probe) => probe.outcome === "timed-out" || probe.outcome === "refused");
	return runs.known && runs.value > 0 && dead.length > 0 ? [chain.at, ...dead.map((probe) => probe.at)] : null;
}

/** What dockerd was refused for lack of `DOCKER` in nat, as the chain itself or as the target of a jump. */
function natRefusals(facts: HostFacts): readonly FoldedFailure[] {
	const chains = complaints(facts.failures, "chain-missing").filter(
		({ complaint }) => complaint.table === "nat" && (complaint.chain === null || complaint.chain.startsWith("DOCKER")),
	);
	const targets = complaints(facts.failures, "jump-target-missing").filter(
		({ complaint }) => complaint.table === "nat" && complaint.chain.startsWith("DOCKER"),
	);
	return [...chains, ...targets].filter((failure) => failure.best.fromDockerd);
}

function listingSigns(gone: readonly Expectation[]): readonly Sign[] {
	const chain = gone.filter((one) => one.kind === "chain");
	const jumps = gone.filter((one) => one.kind === "jump");
	const signs: Sign[] = [];
	if (chain.length > 0 && jumps.length > 0)
		signs.push(
			sign(
				"The nat listing has no `DOCKER` chain, and `PREROUTING` has no jump to it",
				[...chain, ...jumps].flatMap((one) => one.at).slice(0, 2),
			),
		);
	else if (chain.length > 0)
		signs.push(
			sign(
				"The nat listing has no `DOCKER` chain",
				chain.flatMap((one) => one.at),
			),
		);
	else
		for (const one of jumps)
			signs.push(sign(`The ${one.what} is gone: nothing reaches the rules in \`DOCKER\``, one.at));
	for (const one of gone.filter((other) => other.kind === "dnat").slice(0, 3))
		signs.push(sign(`The nat table lacks ${one.what}, which a running container publishes`, one.at));
	for (const one of gone.filter((other) => other.kind === "masquerade").slice(0, 2))
		signs.push(sign(`The nat table lacks ${one.what}: its containers have no way out`, one.at));
	return signs;
}

const CULPRITS: Readonly<Record<string, string>> = {
	"firewalld-reloaded": "A reload of firewalld flushed it",
	"firewalld-started": "firewalld flushed it as it started",
	"firewalld-stopped": "firewalld flushed it as it stopped",
	"nftables-service": "nftables.service flushed it",
	"netfilter-persistent": "netfilter-persistent restored a saved rule set over it",
	"ufw-reloaded": "A reload of ufw flushed it",
};

const culprit = (facts: HostFacts) => facts.events.findLast((event) => CULPRITS[event.kind] !== undefined) ?? null;

function culpritOf(facts: HostFacts): string | null {
	const event = culprit(facts);
	return event ? (CULPRITS[event.kind] ?? null) : null;
}

function eventSigns(facts: HostFacts): readonly Sign[] {
	const event = culprit(facts);
	if (event) return [sign(`${CULPRITS[event.kind] ?? "Something flushed it"}`, [event.at])];
	const ready = facts.events.findLast((one) => one.kind === "daemon-ready");
	return ready && placesOf(facts.log).length > 0
		? [sign("dockerd came up without an error, so the chain was there then and went later", [ready.at])]
		: [];
}
