import type { CommandId } from "../facts/commands";
import type { HostFacts } from "../facts/host-facts";
import type { Plan } from "../remedy/plan";
import type { Span } from "../text/span";

/** `certain`: at least 98 in 100 such answers are right; `likely`: 85; `possible`: the rest. Measured over the corpus by a test. */
export type Confidence = "certain" | "likely" | "possible";

/** One observation for or against an answer, with the pasted text that shows it. Sentences mark code with back-ticks. */
export type Sign = { readonly says: string; readonly at: readonly Span[] };

/** A command whose output would decide. */
export type { CommandId };

export type Detection<Params> =
	| {
			readonly kind: "present";
			readonly confidence: Confidence;
			readonly params: Params;
			readonly signs: readonly Sign[];
			/** Observations that speak against it, shown and not averaged away. */
			readonly against?: readonly Sign[];
			/** Commands that would raise the confidence. */
			readonly ask?: readonly CommandId[];
	  }
	| { readonly kind: "absent"; readonly because: Sign }
	| { readonly kind: "unknown"; readonly ask: readonly CommandId[] };

export type Impact = "high" | "medium" | "low" | "none";

/** One thing that can be wrong and be repaired, as its folder states it. */
export type ModeStatement<Id extends string, Params> = {
	/** Kebab-case; equals the folder name, the URL and the id in links. Never reused. */
	readonly id: Id;
	/** The headline: what is wrong, as a plain sentence without a full stop. */
	readonly title: string;
	/** What the user sees break, in a few words, without naming the cause. */
	readonly effect: string;
	readonly impact: Impact;
	/** Minutes a person needs for the fix, from the lab; null where there is nothing to fix here. */
	readonly minutes: number | null;
	/** Modes that go away when this one is repaired; shown as consequences, not as rivals. */
	readonly explains: readonly string[];
	/** Pure. Looks at facts, never at text. */
	detect(facts: HostFacts): Detection<Params>;
	/** The headline for this host, where it can say more exactly than `title` what is wrong. */
	headline?(params: Params): string;
	/** What breaks on this host, where it is not what the mode breaks as a rule. */
	effectHere?(params: Params): string | null;
	/** One paragraph with this host's own names in it. */
	explain(params: Params, facts: HostFacts): string;
	/** Repairs it now. */
	fix(params: Params, facts: HostFacts): Plan;
	/** Keeps it from coming back; null only where nothing on the host can. */
	prevent(params: Params, facts: HostFacts): Plan | null;
};

/** A mode's answer about one host, with the sentences and plans that fit it. */
export type Answer =
	| {
			readonly kind: "present";
			readonly confidence: Confidence;
			readonly signs: readonly Sign[];
			readonly against: readonly Sign[];
			readonly ask: readonly CommandId[];
			readonly headline: string;
			readonly effect: string;
			readonly explanation: string;
			readonly fix: Plan;
			readonly prevent: Plan | null;
	  }
	| { readonly kind: "absent"; readonly because: Sign }
	| { readonly kind: "unknown"; readonly ask: readonly CommandId[] };

/** A mode as the rest of the engine sees it: what it found out about a host stays inside. */
export type FailureMode = Omit<
	ModeStatement<string, never>,
	"detect" | "headline" | "effectHere" | "explain" | "fix" | "prevent"
> & {
	examine(facts: HostFacts): Answer;
};

/** Ties what `detect` finds out to the sentences and plans made of it, without showing its type to anyone. */
export function failureMode<const Id extends string, Params>(statement: ModeStatement<Id, Params>): FailureMode {
	const { id, title, effect, impact, minutes, explains } = statement;
	const examine = (facts: HostFacts): Answer => {
		const detection = statement.detect(facts);
		if (detection.kind !== "present") return detection;
		const { confidence, signs, against = [], ask = [], params } = detection;
		return {
			kind: "present",
			confidence,
			signs,
			against,
			ask,
			headline: statement.headline?.(params) ?? title,
			effect: statement.effectHere?.(params) ?? effect,
			explanation: statement.explain(params, facts),
			fix: statement.fix(params, facts),
			prevent: statement.prevent(params, facts),
		};
	};
	return { id, title, effect, impact, minutes, explains, examine };
}

/** A sign at the places of one or more facts. */
export function sign(says: string, at: readonly Span[]): Sign {
	return { says, at };
}

/** The answer "it is not this", with the observation that rules it out. */
export function absent(says: string, at: readonly Span[]): { readonly kind: "absent"; readonly because: Sign } {
	return { kind: "absent", because: { says, at } };
}

/** The answer "can't tell", with what to paste. */
export function undecided(...ask: readonly CommandId[]): {
	readonly kind: "unknown";
	readonly ask: readonly CommandId[];
} {
	return { kind: "unknown", ask };
}
