import { parse } from "../../../src/engine/parse";
import type { Source } from "../../../src/engine/text/evidence";
import { recognise } from "../../../src/engine/text/recognise";

/** A rule or policy that ends packets, and how many it ended. */
export type Decider = { readonly key: string; readonly text: string; readonly packets: number };

/** Every rule with a counter that drops or rejects, and every policy of DROP that counts, in the listings. */
export function decidersWithCounters(sources: readonly Source[]): readonly Decider[] {
	const found = new Map<string, Decider>();
	for (const artifact of recognise(sources)) {
		const parsed = parse(artifact);
		if (parsed.kind !== "ruleset") continue;
		for (const { backend, family, name, chains } of parsed.tables) {
			for (const chain of chains) {
				const add = (rule: number | "policy", text: string, packets: number) => {
					const key = [backend, family, name, chain.name, rule].join(" ");
					if (!found.has(key)) found.set(key, { key, text: `${name} ${chain.name}: ${text}`, packets });
				};
				if (chain.base?.policy === "drop" && chain.counters) add("policy", "policy DROP", chain.counters.packets);
				for (const { number, text, verdict, counters } of chain.rules) {
					if (counters && (verdict.kind === "drop" || verdict.kind === "reject")) add(number, text, counters.packets);
				}
			}
		}
	}
	return [...found.values()];
}
