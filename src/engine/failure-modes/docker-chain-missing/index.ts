import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { dnatRulesFor, type Expectation, findChain, missing } from "../../facts/docker-rules";
import { publishing, whyNoChainsExpected } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import { habits, rebuildRules } from "../../remedy/steps";
import type { Span } from "../../text/span";
import { culpritOf, culpritPlace, stopTheFlush } from "./culprit";
import { explainLoss, type Loss } from "./explain-loss";
import { nativeLoss, nativeSigns, remakeNativeTables } from "./native-tables";
import { rewritePorts } from "./rewrite-ports";

export default failureMode<"docker-chain-missing", Loss>({
	id: "docker-chain-missing",
	title: "Docker’s chain is gone from the nat table",
	effect: "Published ports fail",
	impact: "high",
	minutes: 5,
	explains: ["docker-filter-chain-missing", "forward-dropped", "local-path-blocked", "dnat-target-stale"],

	headline: ({ gone, emptied, native }) => {
		if (native) return "Docker’s own nftables tables were flushed";
		if (emptied) return "Docker’s chain in the nat table is empty";
		const structural = gone.length === 0 || gone.some((one) => one.kind === "chain");
		if (structural) return "Docker’s chain is gone from the nat table";
		if (gone.some((one) => one.kind === "jump")) return "Nothing leads to Docker’s chain in the nat table";
		return gone.every((one) => one.kind === "masquerade")
			? "Docker’s MASQUERADE rules are gone from the nat table"
			: "Docker’s rules are gone from the nat table";
	},

	effectHere: ({ gone, native }) =>
		!native && gone.length > 0 && gone.every((one) => one.kind === "masquerade")
			? "Containers have no way out; published ports may work"
			: null,

	detect(facts) {
		const refusals = natRefusals(facts);
		const { nat } = facts.rules;
		const gone = missing(nat);
		const nativeGone = nativeLoss(facts);
		if (nativeGone)
			return {
				kind: "present",
				confidence: "likely",
				params: { gone: nativeGone, refused: false, emptied: false, native: true },
				signs: nativeSigns(nativeGone),
				ask: ["dockerd-log"],
			};
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
		const refused = refusals.length > 0;
		if (nat.kind === "unknown") {
			const listed = listedInVain(facts);
			if (!refused && listed.length === 0) return undecided("nat-table");
			return {
				kind: "present",
				confidence: refused ? "likely" : "possible",
				params: { gone, refused, emptied: false },
				signs: [...said, ...listed],
				ask: refused ? ["rule-set", "both-backends"] : ["rule-set", "docker-ps", "both-backends"],
			};
		}
		if (gone.length === 0) {
			const bare = bareDockerChain(facts);
			if (bare && !refused)
				return {
					kind: "present",
					confidence: "likely",
					params: { gone, refused, emptied: true },
					signs: [sign("Chain `DOCKER` translates no port at all, although containers run and a port is dead", bare)],
					ask: ["docker-ps", "rule-set"],
				};
			if (!refused)
				return absent("the nat table holds chain `DOCKER`, the jump to it and a rule for each published port", nat.at);
			return {
				kind: "present",
				confidence: "possible",
				params: { gone, refused, emptied: false },
				signs: said,
				against: [
					sign(
						"The nat table pasted here holds what dockerd could not find; it may have been listed after a repair",
						nat.at,
					),
				],
				ask: ["both-backends", "dockerd-log"],
			};
		}
		const signs = [...said, ...listedInVain(facts), ...listingSigns(gone), ...eventSigns(facts)];
		const params: Loss = { gone, refused, emptied: gone.every((one) => one.kind === "dnat") };
		const enabled = isKnownToBe(facts.docker.iptablesEnabled, true);
		const otherSide = facts.rules.otherBackend;
		const settled = otherSide !== null && otherSide.chains.length === 0;
		// The rules may stand in legacy tables that iptables-nft does not show.
		if (facts.netfilter.legacyTablesPresent && otherSide === null)
			return { kind: "present", confidence: "possible", params, signs, ask: ["both-backends"] };
		if (refused || (enabled && isWholesale(nat, gone))) {
			return settled
				? { kind: "present", confidence: "certain", params, signs }
				: { kind: "present", confidence: "likely", params, signs, ask: ["both-backends"] };
		}
		if (enabled) return { kind: "present", confidence: "likely", params, signs, ask: ["docker-ps", "both-backends"] };
		// Nothing of Docker's and no error: a flush looks like this, and so does `iptables: false`. After a flush
		// docker-proxy still answers; where nothing answers the setting is as good an explanation.
		const answers = facts.probes.some((probe) => probe.outcome === "answered");
		const dead = facts.probes.some((probe) => probe.outcome !== "answered");
		// A reset of iptables leaves the policy DROP that dockerd set; where FORWARD is bare and accepts, both are as good.
		const { filter } = facts.rules;
		const forward = filter.kind === "shown" ? findChain(filter.table, "FORWARD") : null;
		const open =
			filter.kind === "shown" && (!forward || (forward.rules.length === 0 && forward.base?.policy === "accept"));
		const likely = facts.docker.running.known && (answers || !dead) && !open;
		return {
			kind: "present",
			confidence: likely ? "likely" : "possible",
			params,
			signs,
			ask: ["rule-set", "daemon-json", "both-backends"],
		};
	},

	explain: explainLoss,

	fix({ gone, emptied, native }, facts) {
		if (native) return remakeNativeTables();
		if (emptied) return rewritePorts(containersWithoutRule(facts));
		const chainGone = gone.length === 0 || gone.some((one) => one.kind === "chain");
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
				"Only the start of dockerd makes its chains, the jumps to them and the MASQUERADE rules together.",
			),
			after: [
				{ kind: "docker-chains-whole", table: "nat" },
				{ kind: "docker-chains-whole", table: "filter" },
				{ kind: "daemon-running" },
			],
			instead: chainGone
				? habits("create-chain-by-hand", "restart-container", "reload-docker", "iptables-false")
				: habits("restart-container-unreached", "reload-docker", "flush-everything", "iptables-false"),
			proveFromOutside:
				"Open the published port. `curl localhost` on the host proves nothing: docker-proxy answers there without any rule.",
		};
	},

	prevent: (_, facts) => stopTheFlush(facts),
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

/** Names of running containers of whose published ports at least one has no translation in the nat table shown. */
function containersWithoutRule(facts: HostFacts): readonly string[] {
	const { nat } = facts.rules;
	const table = nat.kind === "shown" ? nat.table : null;
	if (!table) return [];
	return publishing(facts).flatMap((one) =>
		one.name && one.ports?.some((port) => dnatRulesFor(table, port.hostPort, port.protocol).length === 0)
			? [one.name]
			: [],
	);
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

/** A person's own `iptables -t nat -L DOCKER` that found no such chain, in the words of whatever version. */
function listedInVain(facts: HostFacts): readonly Sign[] {
	const listed = complaints(facts.failures, "chain-missing").filter(
		({ complaint, best }) => !best.fromDockerd && complaint.table === "nat" && complaint.chain === "DOCKER",
	);
	const old = listed.find(({ best }) => best.backend === "nf_tables" && /^1\.8\.[4-9]$/.test(best.version ?? ""));
	if (listed.length === 0) return [];
	return [
		sign(
			`A listing of chain \`DOCKER\` finds no such chain${old ? `: iptables ${old.best.version} calls a missing chain \`incompatible\`` : ""}`,
			placesOfFailures(listed),
		),
	];
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
			signs.push(
				sign(
					one.chain === "PREROUTING"
						? "`PREROUTING` has no jump to `DOCKER`: no packet from outside reaches its rules"
						: "`OUTPUT` has no jump to `DOCKER`: the host’s own packets do not reach its rules",
					one.at,
				),
			);
	for (const one of gone.filter((other) => other.kind === "dnat").slice(0, 3))
		signs.push(sign(`The nat table lacks ${one.what}, which a running container publishes`, one.at));
	for (const one of gone.filter((other) => other.kind === "masquerade").slice(0, 2))
		signs.push(sign(`The nat table lacks ${one.what}: its containers have no way out`, one.at));
	return signs;
}

function eventSigns(facts: HostFacts): readonly Sign[] {
	const culprit = culpritOf(facts);
	const place = culpritPlace(facts);
	if (culprit && place) return [sign(culprit, [place])];
	const ready = facts.events.findLast((one) => one.kind === "daemon-ready");
	return ready && placesOf(facts.log).length > 0
		? [sign("dockerd came up without an error, so its rules were there then and went later", [ready.at])]
		: [];
}
