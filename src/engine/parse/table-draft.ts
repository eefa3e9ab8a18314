import {
	type Backend,
	type BaseChain,
	builtinBase,
	type Chain,
	type Counters,
	type Family,
	type NamedSet,
	type Policy,
	type Rule,
	type Table,
} from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { spanOfLines } from "../text/span-of";
import type { TableEvidence } from "./table-inference";

/** A chain while its lines are read. */
export type ChainDraft = {
	readonly name: string;
	base: BaseChain | null;
	/** `ACCEPT`, `DROP` of an iptables chain; null for a user chain. */
	policy: string | null;
	references: number | null;
	counters: Counters | null;
	readonly rules: Rule[];
	at: Span;
};

/** A table while its lines are read. */
export type TableDraft = {
	/** Null until it is inferred. */
	name: string | null;
	/** Which program printed it: nft names the hooks of its base chains, iptables' follow from their names. */
	readonly format: "iptables" | "nft";
	family: Family;
	backend: Backend | null;
	native: boolean;
	complete: boolean;
	interfacesShown: boolean;
	readonly chains: Map<string, ChainDraft>;
	/** Names of the chains that showed a policy, in order. */
	readonly builtins: string[];
	readonly sets: NamedSet[];
	first: Line;
	last: Line;
};

/** A table that begins on a line. */
export function newTable(format: "iptables" | "nft", name: string | null, family: Family, first: Line): TableDraft {
	return {
		name,
		format,
		family,
		backend: null,
		native: false,
		complete: false,
		interfacesShown: true,
		chains: new Map(),
		builtins: [],
		sets: [],
		first,
		last: first,
	};
}

/** The chain of that name, made when it is not there yet. */
export function chainOf(table: TableDraft, name: string, at: Span): ChainDraft {
	const found = table.chains.get(name);
	if (found) return found;
	const chain: ChainDraft = { name, base: null, policy: null, references: null, counters: null, rules: [], at };
	table.chains.set(name, chain);
	return chain;
}

/** Notes the policy of a chain of iptables. */
export function setPolicy(table: TableDraft, chain: ChainDraft, policy: string): void {
	chain.policy = policy;
	table.builtins.push(chain.name);
}

/** The finished table. Built-in chains of iptables get their hooks here, since those depend on the table's name. */
export function finishTable(artifact: Artifact, draft: TableDraft, name: string): Table {
	const chains = [...draft.chains.values()].map((chain): Chain => {
		// A listing through grep may have lost the policy line; no chain made by hand has a built-in chain's name.
		const base =
			chain.base ?? (draft.format === "nft" ? null : builtinBase(name, chain.name, policyOf(chain.policy ?? "")));
		const shown = chain.counters ? { counters: chain.counters } : {};
		return { name: chain.name, base, rules: chain.rules, references: chain.references, ...shown, at: chain.at };
	});
	return {
		family: draft.family,
		name,
		backend: draft.backend,
		native: draft.native,
		complete: draft.complete,
		interfacesShown: draft.interfacesShown,
		chains,
		sets: draft.sets,
		at: spanOfLines(artifact, draft.first, draft.last),
	};
}

/** Null for `-` and for words that are no policy. */
export function policyOf(word: string): Policy | null {
	return word === "ACCEPT" ? "accept" : word === "DROP" ? "drop" : null;
}

/** What the table shows of which table it is. */
export function evidenceOf(draft: TableDraft): TableEvidence {
	const chains = [...draft.chains.values()];
	return {
		builtins: draft.builtins,
		chains: chains.map((chain) => chain.name),
		rules: chains.flatMap((chain) => chain.rules.map((rule) => ({ chain: chain.name, rule }))),
	};
}
