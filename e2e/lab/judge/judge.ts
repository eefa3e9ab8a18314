import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../../src/engine/text/evidence";
import type { Comparison, Pair } from "./compare";
import { compare } from "./compare";
import { describe } from "./describe";
import { type Draft, ruleCount, smaller, textsOf } from "./generate/draft";
import { flows } from "./generate/flows";
import { randomFrom } from "./generate/random";
import { randomDraft } from "./generate/random-draft";
import { type Sent, sentBy } from "./outcome";
import { buildRig, type Rig } from "./rig";

/** What a run of random rule sets found. */
export type Judged = {
	readonly ruleSets: number;
	readonly pairs: number;
	/** Among rule sets that a listing decides. */
	readonly unknown: number;
	/** Pairs in rule sets with rates, chance, lengths or owners, and how many of them are unknown. */
	readonly open: number;
	readonly openUnknown: number;
	readonly refused: number;
	readonly miscounted: number;
	readonly failures: readonly string[];
	readonly seconds: number;
	readonly outcomes: ReadonlyMap<string, number>;
};

const PUBLISHED = [
	{ container: "web", hostAddress: "0.0.0.0", hostPort: 8080 },
	{ container: "db", hostAddress: "0.0.0.0", hostPort: 8081 },
] as const;

const FLOWS_A_SET = 12;

/** Random rule sets from `seed` on until there are enough pairs. Several rigs work at once. */
export async function judgeRandom(options: {
	readonly agentFile: string;
	readonly seed: number;
	readonly pairs: number;
	readonly rigs: number;
	readonly maxFailures: number;
	readonly print: (line: string) => void;
}): Promise<Judged> {
	const started = performance.now();
	let next = options.seed;
	const found = { ruleSets: 0, pairs: 0, unknown: 0, open: 0, openUnknown: 0, refused: 0, miscounted: 0 };
	const failures: string[] = [];
	const outcomes = new Map<string, number>();
	const work = async (number: number): Promise<void> => {
		const rig = await buildRig(number, options.agentFile);
		try {
			while (found.pairs < options.pairs && failures.length < options.maxFailures) {
				const seed = next++;
				const { draft, sent } = fromSeed(seed);
				const result = await compare(rig, textsOf(draft), sent, { published: PUBLISHED });
				found.ruleSets++;
				if (result.refusedBy !== null) {
					found.refused++;
					options.print(`seed ${seed}: not loaded, ${result.refusedBy.trim()}`);
				}
				found.pairs += result.pairs.length;
				for (const { kernel, trace } of result.pairs) {
					outcomes.set(kernel, (outcomes.get(kernel) ?? 0) + 1);
					if (draft.isOpen) found.open++;
					if (trace.outcome === "unknown") found[draft.isOpen ? "openUnknown" : "unknown"]++;
				}
				for (const pair of result.pairs.filter((one) => !one.agrees)) {
					if (failures.length >= options.maxFailures) break;
					const text = await reported(rig, seed, draft, pair);
					if (text === null) continue;
					failures.push(text);
					options.print(text);
				}
				if (result.miscounts.length > 0) {
					const text = await miscountReported(rig, seed, draft, sent);
					if (text !== null) {
						found.miscounted++;
						failures.push(text);
						options.print(text);
					}
				}
				if (found.ruleSets % 50 === 0)
					options.print(`${found.pairs} pairs, ${failures.length} failures, ${found.unknown} unknown`);
			}
		} finally {
			await rig.end();
		}
	};
	await Promise.all(Array.from({ length: options.rigs }, (_, number) => work(number)));
	return { ...found, failures, outcomes, seconds: (performance.now() - started) / 1000 };
}

function fromSeed(seed: number): { readonly draft: Draft; readonly sent: readonly Sent[] } {
	const random = randomFrom(seed);
	return { draft: randomDraft(random, process.argv.includes("--open")), sent: flows(random, FLOWS_A_SET).map(sentBy) };
}

/** The smallest rule set on which the flow still disagrees, as text. Null: it did not disagree when asked again. */
async function reported(rig: Rig, seed: number, draft: Draft, pair: Pair): Promise<string | null> {
	const found = await minimised(draft, (tried) => disagreement(rig, tried, pair.sent));
	if (!found) return null;
	const { pair: still, sources } = found.still;
	const folder = join(".cache", "lab", "failures", `seed-${seed}`);
	mkdirSync(folder, { recursive: true });
	for (const { name, text } of sources) writeFileSync(join(folder, name), text);
	return `seed ${seed}, ${ruleCount(found.draft)} rules left (evidence in ${folder}): ${describe(still)}\n${textOf(found.draft)}`;
}

/** Leaves out one thing after the other as long as what is asked for stays. Null: it was not there when asked again. */
async function minimised<T>(
	draft: Draft,
	ask: (tried: Draft) => Promise<T | null>,
): Promise<{ readonly draft: Draft; readonly still: T } | null> {
	let still = (await ask(draft)) ?? (await ask(draft));
	if (!still) return null;
	let best = draft;
	for (let progress = true; progress; ) {
		progress = false;
		for (const tried of smaller(best)) {
			const kept = await ask(tried);
			if (!kept) continue;
			best = tried;
			still = kept;
			progress = true;
			break;
		}
	}
	return { draft: best, still };
}

type Disagreement = { readonly pair: Pair; readonly sources: readonly Source[] };

async function disagreement(rig: Rig, draft: Draft, sent: Sent): Promise<Disagreement | null> {
	const { pairs, sources } = await compare(rig, textsOf(draft), [sent], { published: PUBLISHED });
	const pair = pairs.find((one) => !one.agrees);
	return pair ? { pair, sources } : null;
}

function textOf(draft: Draft): string {
	const texts = textsOf(draft);
	const parts = [
		["ipset", texts.ipsets.map(({ command }) => command).join("\n")],
		["iptables-legacy-restore", compact(texts.legacy)],
		["iptables-nft-restore", compact(texts.nft)],
		["nft -f", texts.native],
	] as const;
	return parts
		.filter(([, text]) => text !== "")
		.map(([program, text]) => `--- ${program}\n${text}`)
		.join("\n");
}

/** Without the chains that are as they always are. */
function compact(text: string): string {
	return text
		.split("\n")
		.filter((line) => !/^:[A-Z]+ ACCEPT|^COMMIT|^$/.test(line))
		.join("\n");
}

async function miscountReported(rig: Rig, seed: number, draft: Draft, sent: readonly Sent[]): Promise<string | null> {
	const ask = async (tried: Draft, flows: readonly Sent[]): Promise<Comparison | null> => {
		const result = await compare(rig, textsOf(tried), flows, { published: PUBLISHED });
		return result.miscounts.length > 0 ? result : null;
	};
	for (const flow of sent) {
		const found = await minimised(draft, (tried) => ask(tried, [flow]));
		if (found) return miscountText(seed, found.draft, found.still);
	}
	const whole = await ask(draft, sent);
	return whole && miscountText(seed, draft, whole);
}

function miscountText(seed: number, draft: Draft, { miscounts, pairs }: Comparison): string {
	const lines = miscounts.map(
		({ decider, walked }) => `  counted ${decider.packets}, walked ${walked}: ${decider.key} ${decider.text}`,
	);
	const ends = pairs.map((pair) => `  ${describe(pair)}`);
	return `seed ${seed}: counters differ\n${lines.join("\n")}\n${ends.join("\n")}\n${textOf(draft)}`;
}
