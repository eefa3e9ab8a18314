import { type CommandId, failureMode } from "../../diagnose/failure-mode";
import { hasRules } from "../../diagnose/main-trace";
import { deadProbes, pressingFailures } from "../../facts/engine-state";
import { placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure } from "../../facts/host-facts";
import { NARROWED_TITLES, NARROWED_WORDS, type Narrowed, narrowed } from "./narrowed";

type Params = {
	readonly narrowed: Narrowed | null;
	readonly dead: boolean;
	readonly failures: boolean;
	readonly rules: boolean;
};

export default failureMode<"insufficient-evidence", Params>({
	id: "insufficient-evidence",
	title: "What was pasted cannot decide it",
	effect: "Not decided",
	impact: "none",
	minutes: null,
	explains: [],

	headline: ({ narrowed: to }) => (to ? NARROWED_TITLES[to] : "What was pasted cannot decide it"),

	detect(facts) {
		const dead = deadProbes(facts);
		const rest = narrowed(facts);
		const failures = pressingFailures(facts);
		const signs = [
			...(rest?.signs ?? []),
			...(dead.length > 0 && !rest
				? [{ says: "The port does not answer, and nothing else says why", at: dead.map((probe) => probe.at) }]
				: []),
			...(failures.length > 0
				? [{ says: "This failed, and nothing here explains it", at: placesOfFailures(failures) }]
				: []),
		];
		// The fallback is always there; how sure it is has no meaning, so it never claims to be.
		return {
			kind: "present",
			confidence: "possible",
			params: {
				narrowed: failures.length > 0 ? null : (rest?.to ?? null),
				dead: dead.length > 0,
				failures: failures.length > 0,
				rules: hasRules(facts),
			},
			signs,
			ask: questionsOf(failures),
		};
	},

	explain({ narrowed: to, dead, failures, rules }) {
		if (to) return NARROWED_WORDS[to];
		if (dead && rules)
			return "The port is dead, and the rules that were pasted do not show where the packet stops. Unknown is not the same as absent, so there is no verdict yet.";
		if (dead)
			return "The port is dead, but the rules that would show where the packet stops are not among what was pasted. Unknown is not the same as absent, so there is no verdict yet.";
		if (failures) return "Something failed that does not point to one cause. The command below would tell most.";
		return "Nothing here shows an error of Docker’s, and not enough of the host to call it whole. The command below would tell most.";
	},

	fix: () => ({
		summary: "Nothing to repair yet.",
		before: [],
		steps: [],
		after: [],
		instead: [],
		proveFromOutside: null,
	}),
	prevent: () => null,
});

/** What would tell more of an error than the rules do. */
function questionsOf(failures: readonly FoldedFailure[]): readonly CommandId[] {
	const kinds = new Set(failures.map(({ complaint }) => complaint.kind));
	if (failures.some(({ complaint, best }) => complaint.kind === "unrecognised" && best.during === "daemon-start"))
		return ["dockerd-log"];
	return kinds.has("permission") ? ["docker-info"] : [];
}
