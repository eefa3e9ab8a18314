import type { RuleTexts } from "../rules";

/** A rule set in parts that can be left out one by one. */
export type Draft = {
	/** Has conditions that no listing decides, so that the walk may leave more than one answer open. */
	readonly isOpen: boolean;
	readonly ipsets: readonly IpsetDraft[];
	readonly legacy: readonly IptablesTable[];
	readonly nft: readonly IptablesTable[];
	readonly native: readonly NativeTable[];
};

/** An ipset of the kernel. */
export type IpsetDraft = { readonly name: string; readonly type: string; readonly elements: readonly string[] };

/** A table for one of the two iptables-restore. */
export type IptablesTable = {
	readonly name: string;
	readonly chains: readonly { readonly name: string /** `-` for a chain of one's own. */; readonly policy: string }[];
	/** `-A CHAIN …` */
	readonly rules: readonly string[];
};

/** A table for `nft -f`. */
export type NativeTable = {
	readonly family: "ip" | "inet";
	readonly name: string;
	/** `set s { … }`, `map m { … }` */
	readonly sets: readonly string[];
	readonly chains: readonly {
		readonly name: string;
		readonly base: string | null;
		readonly rules: readonly string[];
	}[];
};

/** The draft as the programs read it. */
export function textsOf(draft: Draft): RuleTexts {
	return {
		ipsets: draft.ipsets.map(({ name, type, elements }) => ({
			command: [
				`create ${name} ${type}${type === "hash:ip,port" || type === "hash:net" || type === "hash:ip" ? " family inet" : ""}`,
				...elements.map((element) => `add ${name} ${element}`),
			].join("\n"),
			set: {
				name,
				type: type.split(" ", 1)[0] ?? type,
				elements,
				verdicts: null,
				at: { artifact: "ipset", from: 0, to: 0, line: 1, lastLine: 1 },
			},
		})),
		legacy: draft.legacy.map(iptablesText).join(""),
		nft: draft.nft.map(iptablesText).join(""),
		native: draft.native.map(nativeText).join("\n"),
	};
}

function iptablesText({ name, chains, rules }: IptablesTable): string {
	return [`*${name}`, ...chains.map((chain) => `:${chain.name} ${chain.policy} [0:0]`), ...rules, "COMMIT", ""].join(
		"\n",
	);
}

function nativeText({ family, name, sets, chains }: NativeTable): string {
	// A chain is named before any rule jumps to it.
	const chainText = ({ name: chain, base, rules }: NativeTable["chains"][number]) =>
		`\tchain ${chain} {\n${[...(base ? [base] : []), ...rules].map((line) => `\t\t${line}\n`).join("")}\t}`;
	return `table ${family} ${name} {\n${[...sets.map((set) => `\t${set}`), ...chains.toReversed().map(chainText)].join("\n")}\n}`;
}

/** How many rules there are in all. */
export function ruleCount(draft: Draft): number {
	const iptables = [...draft.legacy, ...draft.nft].reduce((sum, table) => sum + table.rules.length, 0);
	return draft.native.reduce(
		(sum, table) => sum + table.chains.reduce((rules, chain) => rules + chain.rules.length, 0),
		iptables,
	);
}

/** Every draft that has one thing less: a table, a rule, a set, a policy of DROP. */
export function* smaller(draft: Draft): Generator<Draft> {
	for (const program of ["legacy", "nft"] as const) {
		const tables = draft[program];
		for (const [at, table] of tables.entries()) {
			const replaced = (by: readonly IptablesTable[]) => ({ ...draft, [program]: tables.toSpliced(at, 1, ...by) });
			yield replaced([]);
			for (const rule of table.rules.keys()) yield replaced([{ ...table, rules: table.rules.toSpliced(rule, 1) }]);
			for (const [index, chain] of table.chains.entries()) {
				if (chain.policy !== "DROP") continue;
				const chains = table.chains.toSpliced(index, 1, { ...chain, policy: "ACCEPT" });
				yield replaced([{ ...table, chains }]);
			}
		}
	}
	for (const [at, table] of draft.native.entries()) {
		const replaced = (by: readonly NativeTable[]) => ({ ...draft, native: draft.native.toSpliced(at, 1, ...by) });
		yield replaced([]);
		for (const [index, chain] of table.chains.entries()) {
			const chains = (by: readonly NativeTable["chains"][number][]) =>
				replaced([{ ...table, chains: table.chains.toSpliced(index, 1, ...by) }]);
			yield chains([]);
			for (const rule of chain.rules.keys()) yield chains([{ ...chain, rules: chain.rules.toSpliced(rule, 1) }]);
		}
		for (const set of table.sets.keys()) yield replaced([{ ...table, sets: table.sets.toSpliced(set, 1) }]);
	}
	for (const at of draft.ipsets.keys()) yield { ...draft, ipsets: draft.ipsets.toSpliced(at, 1) };
}
