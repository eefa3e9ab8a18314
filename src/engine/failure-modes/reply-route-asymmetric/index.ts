import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace } from "../../diagnose/main-trace";
import { deadProbes } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import { parseAddress } from "../../netfilter/address";
import type { Step } from "../../remedy/plan";
import { byHand, habits } from "../../remedy/steps";
import { prefixText, routeTable } from "../../remedy/validate";
import type { Span } from "../../text/span";

type SourceRule = { readonly from: string; readonly table: string; readonly at: Span };
type Params = { readonly rules: readonly SourceRule[]; readonly subnet: string | null };

export default failureMode<"reply-route-asymmetric", Params>({
	id: "reply-route-asymmetric",
	title: "Answers of containers leave by another interface than the question came in",
	effect: "The port answers on one of the host’s addresses only",
	impact: "medium",
	minutes: 15,
	explains: ["outside-host"],

	detect(facts) {
		const rules = sourceRules(facts);
		if (!facts.policyRules.known) return undecided("routes");
		if (rules.length === 0)
			return absent("no routing rule looks at the source address", facts.policyRules.at.slice(0, 1));
		const subnet = valueOr(facts.networks, []).find((network) => network.bridge === "docker0")?.subnets[0] ?? null;
		const dead = deadProbes(facts).filter((probe) => probe.outcome === "timed-out" || probe.outcome === "unreachable");
		const signs: Sign[] = rules
			.slice(0, 3)
			.map((rule) =>
				sign(`Packets from ${rule.from} take table ${rule.table}; those of containers have another source and do not`, [
					rule.at,
				]),
			);
		if (dead.length > 0)
			signs.push(
				sign(
					"The port does not answer by the address that this table belongs to",
					dead.map((probe) => probe.at),
				),
			);
		const arrives = mainTrace(facts)?.outcome === "delivered";
		if (dead.length > 0 && arrives) return { kind: "present", confidence: "likely", params: { rules, subnet }, signs };
		return { kind: "present", confidence: "possible", params: { rules, subnet }, signs, ask: ["probe-outside"] };
	},

	explain({ rules }) {
		const one = rules[0];
		return `The host has more than one uplink, and \`ip rule\` chooses by source address${one ? `: ${one.from} uses table ${one.table}` : ""}. When the routing decision for an answer is made, its source is still the container’s address, which no rule names; so the answer takes the default route of the main table, and the client’s side throws it away.`;
	},

	fix({ rules, subnet }) {
		const one = rules[0];
		const from = subnet ? prefixText(subnet) : null;
		const table = one ? routeTable(one.table) : null;
		const simple: readonly Step[] =
			from && table
				? [
						byHand(
							"If containers should always use the second uplink.",
							`\`ip rule add from ${from} lookup ${table}\` sends every answer of docker0 that way, and what the containers start themselves too.`,
						),
					]
				: [];
		return {
			summary: "Mark connections by the interface they came in, and route their answers by the mark.",
			before: [],
			steps: [
				byHand(
					"A rule by mark is right for both uplinks; one by subnet only for one of them.",
					"Mark what comes in: `iptables -w 5 -t mangle -A PREROUTING -i SECOND_INTERFACE -m conntrack --ctstate NEW -j CONNMARK --set-mark 2`.",
					"Give answers the mark: `iptables -w 5 -t mangle -A PREROUTING -i docker0 -m connmark --mark 2 -j CONNMARK --restore-mark`.",
					`Route by it: \`ip rule add fwmark 2 lookup ${table ?? "TABLE"}\`.`,
					"Set `rp_filter` to 2 on the second interface, or the incoming packet is dropped first.",
				),
				...simple,
			],
			after: [],
			instead: habits("rp-filter-off", "network-host"),
			proveFromOutside: "Open the port on each of the host’s addresses, from a network behind each uplink.",
		};
	},

	prevent: () => null,
});

/** Rules that choose a table by an address of the host, as for a second uplink. */
function sourceRules(facts: HostFacts): readonly SourceRule[] {
	return valueOr(facts.policyRules, []).flatMap((rule) => {
		const own = rule.from !== null && rule.from !== "all" && parseAddress(rule.from.split("/")[0] ?? "") !== null;
		return own && rule.from && !["local", "main", "default"].includes(rule.table)
			? [{ from: rule.from, table: rule.table, at: rule.at }]
			: [];
	});
}
