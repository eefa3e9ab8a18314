import type { Table } from "../netfilter/ruleset";
import type { Visit } from "./chain-walk";
import { ownerOf } from "./owner";
import type { Decision, Step } from "./trace";

/** A station that is not a chain. */
export function station(name: string, kind: Step["kind"], says: string, state: Step["state"] = "passed"): Step {
	return { station: name, kind, state, says, chain: null, rule: null, at: null };
}

/** A visited chain as a station; `taken` is the rule by which the packet left it, or the policy. */
export function chainStation(
	visit: Visit,
	state: Step["state"],
	says: string,
	policy: "accept" | "drop" | null = null,
): Step {
	const { table, chain, rule } = visit;
	const taken = rule
		? { number: rule.number, text: rule.text, owner: ownerOf(table, chain, rule) }
		: policy
			? { number: "policy" as const, text: policyText(visit, policy), owner: ownerOf(table, chain, "policy") }
			: null;
	return {
		station: stationName(visit),
		kind: "chain",
		state,
		says,
		chain: { backend: table.backend, family: table.family, table: table.name, chain: chain.name },
		rule: taken,
		at: (rule ?? chain).at,
	};
}

/** `nat PREROUTING`, `FORWARD`, `DOCKER`, `inet myfw forward`. */
export function stationName({ table, chain }: Pick<Visit, "table" | "chain">): string {
	if (!chain.base) return chain.name;
	if (table.native) return `${table.family} ${table.name} ${chain.name}`;
	return table.name === "filter" ? chain.name : `${table.name} ${chain.name}`;
}

/** The rule or policy as what decided. */
export function decisionOf({ table, chain, rule }: Visit, policy: "accept" | "drop" | null): Decision | null {
	if (!rule && !policy) return null;
	return {
		backend: table.backend,
		family: table.family,
		table: table.name,
		chain: chain.name,
		rule: rule ? rule.number : "policy",
		text: rule ? rule.text : policyText({ table, chain }, policy ?? "accept"),
	};
}

function policyText({ table, chain }: Pick<Visit, "table" | "chain">, policy: "accept" | "drop"): string {
	return table.native ? `policy ${policy};` : `-P ${chain.name} ${policy.toUpperCase()}`;
}

/** `table nat`, `table inet myfw`; with the backend where two stand side by side. */
export function tableName(table: Table): string {
	return table.native
		? `table ${table.family} ${table.name}`
		: `table ${table.name}${table.backend === "legacy" ? " (iptables-legacy)" : ""}`;
}

/** What a rule does to the packet, in one sentence. `whose` is `The packet` or `The answer`. */
export function ruleSentence({ table, chain, rule }: Visit, whose: string): string {
	if (!rule) return `${whose} passes: no rule of \`${chain.name}\` takes it.`;
	const place = `Rule ${rule.number} of \`${chain.name}\` in ${tableName(table)}`;
	switch (rule.verdict.kind) {
		case "accept":
			return `${place} accepts it.`;
		case "drop":
			return `${place} drops it without a word: \`${rule.text}\`.`;
		case "reject":
			return `${place} rejects it with an error to the sender: \`${rule.text}\`.`;
		case "jump":
		case "goto":
			return `Rule ${rule.number} sends it to chain \`${rule.verdict.chain}\`.`;
		case "vmap":
			return `Rule ${rule.number} asks a map where to go on.`;
		case "dnat":
		case "redirect":
			return `${place} changes the destination.`;
		case "snat":
		case "masquerade":
			return `${place} changes the source.`;
		default:
			return `${whose} meets rule ${rule.number} of \`${chain.name}\`: \`${rule.text}\`.`;
	}
}

/** A chain that let the packet pass, and the rule that named its port but wanted something else of it. */
export function passedBySentence({ chain }: Visit, port: number): string {
	const near = chain.rules.find(
		(rule) =>
			rule.verdict.kind === "dnat" &&
			rule.matches.some(
				(match) => match.kind === "dport" && match.ranges.some((range) => range.from <= port && port <= range.to),
			),
	);
	return near
		? `Rule ${near.number} of \`${chain.name}\` names port ${port}, but not this packet: \`${near.text}\`.`
		: `No rule of \`${chain.name}\` takes the packet.`;
}

/** What a policy does to the packet. */
export function policySentence({ table, chain }: Pick<Visit, "table" | "chain">, policy: "accept" | "drop"): string {
	return policy === "drop"
		? `No rule of \`${chain.name}\` in ${tableName(table)} accepts it, and the policy of \`${chain.name}\` is DROP.`
		: `No rule of \`${chain.name}\` stops it, and the policy is ACCEPT.`;
}
