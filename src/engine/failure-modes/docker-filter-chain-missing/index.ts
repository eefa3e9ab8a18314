import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { type Expectation, isWhole, missing } from "../../facts/docker-rules";
import { listWords, whyNoChainsExpected } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import { alerts, byHand, FIREWALL_UNITS, habits, rebuildRules, startAfter } from "../../remedy/steps";

type Params = { readonly gone: readonly Expectation[]; readonly refused: boolean };

export default failureMode<"docker-filter-chain-missing", Params>({
	id: "docker-filter-chain-missing",
	title: "Docker’s chains are gone from the filter table",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 5,
	explains: ["forward-dropped"],

	headline({ gone }) {
		if (gone.length === 0 || gone.some((one) => one.kind === "chain"))
			return "Docker’s chains are gone from the filter table";
		return gone.some((one) => one.kind === "jump")
			? "Nothing leads from FORWARD to Docker’s chains"
			: "The filter table lacks the rule that accepts a published port";
	},

	detect(facts) {
		const refusals = filterRefusals(facts);
		const { filter } = facts.rules;
		const gone = missing(filter);
		const unexpected = whyNoChainsExpected(facts);
		if (unexpected && (refusals.length === 0 || isKnownToBe(facts.docker.running, false)))
			return absent(unexpected.says, unexpected.at);

		const said: Sign[] =
			refusals.length > 0
				? [
						sign(
							`dockerd could not find its own chain ${refusals[0]?.chain ? `\`${refusals[0].chain}\` ` : ""}in table filter`,
							placesOfFailures(refusals.map(({ failure }) => failure)),
						),
					]
				: [];
		const params = { gone, refused: refusals.length > 0 };
		if (filter.kind === "unknown") {
			if (refusals.length === 0) return undecided("rule-set", "filter-table");
			return { kind: "present", confidence: "likely", params, signs: said, ask: ["rule-set", "both-backends"] };
		}
		if (gone.length === 0) {
			if (refusals.length === 0)
				return absent("the filter table holds Docker’s chains and the way from `FORWARD` to them", filter.at);
			return {
				kind: "present",
				confidence: "possible",
				params,
				signs: said,
				against: [
					sign("the filter table pasted here holds Docker’s chains; it may have been listed after a repair", filter.at),
				],
				ask: ["both-backends", "dockerd-log"],
			};
		}
		const signs = [...said, ...gone.slice(0, 4).map((one) => sign(`The filter table lacks ${one.what}`, one.at))];
		const structural = gone.some((one) => one.kind === "chain" || one.kind === "jump");
		// A nat table that still holds Docker's part proves that dockerd writes rules and that this backend is the right one.
		const proven = params.refused || isWhole(facts.rules.nat) || isKnownToBe(facts.docker.iptablesEnabled, true);
		const settled = isWhole(facts.rules.nat) || facts.rules.otherBackend?.chains.length === 0;
		if (structural && proven && settled) return { kind: "present", confidence: "certain", params, signs };
		if (structural && proven) return { kind: "present", confidence: "likely", params, signs, ask: ["both-backends"] };
		return {
			kind: "present",
			confidence: "possible",
			params,
			signs,
			ask: ["rule-set", "both-backends", "daemon-json"],
		};
	},

	explain({ gone, refused }, facts) {
		const shown = gone.length > 4 ? [...gone.slice(0, 3).map(words), `${gone.length - 3} more rules`] : gone.map(words);
		const what =
			gone.length > 0
				? `The filter table lacks ${listWords(shown)}.`
				: "The filter table lacked the chain that dockerd asked for.";
		const portsOnly = gone.length > 0 && gone.every((one) => one.kind === "accept");
		if (portsOnly)
			return `${what} Chain and jumps are there, so a packet for this port is translated and then finds nothing that accepts it. The rule is written when the container starts.`;
		const fails = refused ? " New containers with a published port fail to start." : "";
		return `${what} ${fateOf(facts)}${fails} dockerd makes its chains and the jumps to them only when it starts, and never looks again.`;
	},

	fix({ gone }) {
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
				"Only the start of dockerd makes its chains and the jumps from FORWARD again; restarting a container does not.",
			),
			after: [
				{ kind: "docker-chains-whole", table: "filter" },
				{ kind: "docker-chains-whole", table: "nat" },
				{ kind: "daemon-running" },
			],
			instead: habits(
				"forward-accept",
				chainGone ? "restart-container" : "restart-container-unreached",
				"flush-everything",
				"reload-docker",
			),
			proveFromOutside: "Open the published port: traffic of the host itself does not pass `FORWARD`.",
		};
	},

	prevent() {
		return {
			summary: "Stop what flushes the filter table.",
			before: [],
			steps: [
				byHand(
					"The chains vanish again with the next flush.",
					"Look for `iptables -F` in firewall scripts, cron jobs and `PostUp` lines of WireGuard.",
					"ufw: set `MANAGE_BUILTINS=no` in /etc/default/ufw.",
					"Your own rules for containers belong in `DOCKER-USER`, which dockerd leaves alone.",
				),
				...startAfter(...FIREWALL_UNITS),
			],
			after: [],
			keep: alerts("published-port"),
			instead: habits("flush-everything"),
			proveFromOutside: null,
		};
	},
});

const words = (one: Expectation) => one.what;

/** What the policy of FORWARD does with a packet that no rule of Docker's accepts any more. */
function fateOf(facts: HostFacts): string {
	const { filter } = facts.rules;
	const forward = filter.kind === "shown" ? filter.table?.chains.find((chain) => chain.name === "FORWARD") : undefined;
	switch (forward?.base?.policy) {
		case "drop":
			return "A packet for a published port is translated and then dropped by the policy `DROP` of `FORWARD`; containers lose their way out with it. The host itself still reaches the port, because its packets do not pass `FORWARD`.";
		case "accept":
			return "The policy of `FORWARD` is `ACCEPT`, so running containers may still be reached; what kept their networks and their unpublished ports apart is gone.";
		default:
			return "A packet for a published port is translated and then left to the policy of `FORWARD`, which is `DROP` wherever dockerd switched forwarding on. From the host itself the port may answer all the same.";
	}
}

type Refusal = { readonly failure: FoldedFailure; readonly chain: string | null };

function filterRefusals(facts: HostFacts): readonly Refusal[] {
	const chains = complaints(facts.failures, "chain-missing").filter(
		({ complaint }) => complaint.table === "filter" && complaint.chain?.startsWith("DOCKER") === true,
	);
	const targets = complaints(facts.failures, "jump-target-missing").filter(
		({ complaint }) => complaint.table === "filter" && complaint.chain.startsWith("DOCKER"),
	);
	return [...chains, ...targets]
		.filter((failure) => failure.best.fromDockerd)
		.map((failure) => ({ failure, chain: failure.complaint.chain }));
}
