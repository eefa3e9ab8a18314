import type { Backend, BaseChain, Family, NamedSet, Rule, Table } from "../../src/engine/netfilter/ruleset";
import { read } from "../../src/engine/read";
import type { Span } from "../../src/engine/text/span";

const NOWHERE: Span = { artifact: "test", from: 0, to: 0, line: 1, lastLine: 1 };

/** Tables out of iptables-save text, for tests of what comes after parsing. */
export function saveTables(text: string, backend: Backend = "nf_tables", family: Family = "ip"): Table[] {
	const save = text
		.split("\n")
		.map((line) => line.trim())
		.join("\n");
	const name = family === "ip6" ? "ip6tables-save.txt" : "iptables-save.txt";
	const parsed = read([{ id: "test", name, text: save }]).map((reading) => reading.parsed);
	const tables = parsed.flatMap((one) => (one.kind === "ruleset" ? one.tables : []));
	if (tables.length !== save.split("\n").filter((line) => line.startsWith("*")).length)
		throw new Error(`no save text: ${save.slice(0, 200)}`);
	return tables.map((table) => ({ ...table, backend, family, complete: true }));
}

/** One rule of any table from its iptables words. */
function ruleOf(line: string, number: number): Rule {
	const chain = line.split(" ")[1] ?? "";
	const [rule] = saveTables(`*filter\n:${chain} -\n${line}\nCOMMIT\n`)[0]?.chains[0]?.rules ?? [];
	if (!rule) throw new Error(`no rule: ${line}`);
	return { ...rule, number, text: line, at: NOWHERE };
}

/** A table of the nft program itself. A rule is written in iptables' words, or as `vmap KEY { key : target, … }`. */
export function nativeTable(
	family: Family,
	name: string,
	chains: readonly { readonly name: string; readonly base?: BaseChain; readonly rules: readonly string[] }[],
	sets: readonly NamedSet[] = [],
): Table {
	return {
		family,
		name,
		backend: "nf_tables",
		native: true,
		complete: true,
		interfacesShown: true,
		sets,
		at: NOWHERE,
		chains: chains.map((chain) => ({
			name: chain.name,
			base: chain.base ?? null,
			references: null,
			at: NOWHERE,
			rules: chain.rules.map((line, index) => nativeRule(chain.name, line, index + 1)),
		})),
	};
}

function nativeRule(chain: string, line: string, number: number): Rule {
	const map = /^vmap (.+?) \{ (.+) \}$/.exec(line);
	if (!map) return { ...ruleOf(`-A ${chain} ${line}`, number), text: line };
	const elements = (map[2] ?? "").split(", ").map((element) => {
		const [key = "", verdict = ""] = element.split(" : ");
		return { key, verdict: ruleOf(`-A ${chain} -j ${verdict}`, number).verdict };
	});
	return {
		...ruleOf(`-A ${chain}`, number),
		text: line,
		verdict: { kind: "vmap", key: map[1] ?? "", map: "", elements },
	};
}

/** A set of nft or an ipset. */
export function namedSet(name: string, type: string, elements: readonly string[] | null): NamedSet {
	return { name, type, elements, verdicts: null, at: NOWHERE };
}
