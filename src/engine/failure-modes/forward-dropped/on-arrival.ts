import { type Block, ruleWords } from "../../diagnose/main-trace";
import { reaches } from "../../facts/docker-rules";
import type { HostFacts } from "../../facts/host-facts";
import { inRange, parseAddress } from "../../netfilter/address";
import type { Decision } from "../../packet-path/trace";
import type { ChainName, Plan, TableName } from "../../remedy/plan";
import { byHand } from "../../remedy/steps";

/** A rule that drops or rejects, and not Docker's own for what is published on loopback, in a chain that every packet meets as it comes in. */
export function isArrival(facts: HostFacts, { decision }: Block): boolean {
	const table = facts.netfilter.tables.find(
		(one) => one.name === decision.table && one.family === decision.family && one.backend === decision.backend,
	);
	const rule = table?.chains
		.find((chain) => chain.name === decision.chain)
		?.rules.find((one) => one.number === decision.rule);
	if (!table || !rule || (rule.verdict.kind !== "drop" && rule.verdict.kind !== "reject")) return false;
	const loopback = parseAddress("127.0.0.1");
	const forLoopback = rule.matches.some(
		(match) =>
			match.kind === "daddr" && !match.negated && loopback && match.ranges.some((range) => inRange(range, loopback)),
	);
	return (
		!forLoopback &&
		table.chains.some(
			(chain) =>
				chain.base?.hook === "prerouting" &&
				(chain.name === decision.chain || reaches(table, chain.name, decision.chain) !== null),
		)
	);
}

/** For a rule made with nft, whose own table nobody but its owner can judge. */
export function spareOnArrival(
	decision: Decision,
	table: TableName | null,
	chain: ChainName | null,
): Omit<Plan, "instead" | "proveFromOutside"> {
	return {
		summary: "Take the port out of the rule that drops it on arrival.",
		before: [],
		steps: [
			byHand(
				"Somebody put the rule there on purpose, and what it keeps out is yours to say.",
				`The rule is ${ruleWords(decision)}. An accept elsewhere does not help: a drop is final.`,
				`\`nft -a list chain ${decision.family} ${table ?? "TABLE"} ${chain ?? "CHAIN"}\` shows its handle, \`nft delete rule ${decision.family} ${table ?? "TABLE"} ${chain ?? "CHAIN"} handle N\` takes it out.`,
				"Mend the file that makes it as well, usually /etc/nftables.conf, or it is back after a reload.",
			),
		],
		after: [],
	};
}
