/**
 * What dockerd keeps in its own nftables tables, held against `nft list ruleset`.
 *
 *     table ip docker-bridges { chain nat-PREROUTING { type nat hook prerouting … } chain filter-FORWARD … }
 *
 * moby 29 daemon/libnetwork/drivers/bridge/internal/nftabler, documents in integration/network/bridge/nftablesdoc. After
 * `nft flush ruleset` dockerd 29.7.2 puts back only the chains that the next container touches: the table is there again
 * without its base chains and with empty maps, and nothing is logged.
 */
import type { Table } from "../netfilter/ruleset";
import { dnatRulesFor, type Expectation, type NatNeeds } from "./docker-rules";
import type { NetfilterFacts } from "./host-facts";

const TABLE = "docker-bridges";

/** Base chains that carry a published port, and what each is for. */
const BASE_CHAINS = [
	["nat-PREROUTING", "prerouting"],
	["filter-FORWARD", "forward"],
	["nat-POSTROUTING", "postrouting"],
] as const;

/** What is expected of table `ip docker-bridges`; null where native tables were not listed. */
export function nativeRules(netfilter: NetfilterFacts, needs: NatNeeds): readonly Expectation[] | null {
	const listed = netfilter.native.find((one) => one.family === 4);
	const table = netfilter.tables.find((one) => one.native && one.family === "ip" && one.name === TABLE);
	if (!listed && !table?.complete) return null;
	const at = table ? [table.at] : (listed?.at ?? []);
	const expected: Expectation[] = BASE_CHAINS.map(([name, hook]) => {
		const chain = table?.chains.find((one) => one.name === name && one.base?.hook === hook);
		const acts = chain !== undefined && chain.rules.length > 0;
		return {
			table: TABLE,
			kind: "chain",
			chain: name,
			what: `chain \`${name}\``,
			state: acts ? "there" : "missing",
			at: chain ? [chain.at] : at,
		};
	});
	for (const map of emptyMaps(table)) {
		expected.push({
			table: TABLE,
			kind: "jump",
			chain: map.name,
			what: `every entry of map \`${map.name}\``,
			state: "missing",
			at: [map.at],
		});
	}
	for (const { hostPort, protocol } of needs.ports) {
		const rules = table ? dnatRulesFor(table, hostPort, protocol).map(({ rule }) => rule.at) : [];
		expected.push({
			table: TABLE,
			kind: "dnat",
			chain: "nat-prerouting-and-output",
			what: `the \`dnat\` rule of port ${hostPort}/${protocol}`,
			state: rules.length > 0 ? "there" : "missing",
			at: rules.length > 0 ? rules : at,
		});
	}
	return expected;
}

/** The maps that lead from `filter-FORWARD` to the chains of each bridge. docker0 alone fills them. */
function emptyMaps(table: Table | undefined) {
	return (table?.sets ?? []).filter((set) => /^filter-forward-(?:in|out)-jumps$/.test(set.name) && !filled(set));
}

const filled = ({ elements, verdicts }: Table["sets"][number]) =>
	(elements?.length ?? 0) > 0 || (verdicts?.length ?? 0) > 0;
