import type { CommandId } from "../facts/commands";
import { failedStart } from "../facts/engine-state";
import { isKnownToBe } from "../facts/fact";
import type { FoldedFailure, HostFacts } from "../facts/host-facts";
import type { Span } from "../text/span";
import type { Finding, NextCommand, RuledOut, Unexplained } from "./analysis";
import type { Answer, Confidence, FailureMode } from "./failure-mode";
import { interruptsPhrase } from "./interrupts";
import { nextCommand } from "./next-command";
import { isShown } from "./shown";

/** Outcomes are no faults: they stand alone, when nothing else does. */
export const OUTCOMES = ["healthy", "not-networking", "insufficient-evidence"] as const;

export type Diagnosis = {
	readonly findings: readonly Finding[];
	readonly ruledOut: readonly RuledOut[];
	readonly next: readonly NextCommand[];
	readonly unexplained: readonly Unexplained[];
};

type Present = Extract<Answer, { kind: "present" }>;
type Examined = { readonly mode: FailureMode; readonly detection: Answer; readonly order: number };
type Candidate = { readonly mode: FailureMode; readonly detection: Present; readonly order: number };

const RANK: Readonly<Record<Confidence, number>> = { certain: 3, likely: 2, possible: 1 };

/**
 * Makes one verdict of what every mode answers alone. `modes` is in order of precedence: a cause stands before what
 * it causes, so that of two equally sure answers the deeper one is the headline.
 */
export function diagnose(facts: HostFacts, modes: readonly FailureMode[]): Diagnosis {
	const answers = modes.map((mode, order): Examined => ({ mode, detection: mode.examine(facts), order }));
	const faults = answers.filter(isPresent).filter((one) => !isOutcome(one.mode.id));
	const roots = faults.filter((one) => !faults.some((other) => other !== one && foldsInto(one, other)));
	const sorted = roots.toSorted(
		(a, b) => RANK[b.detection.confidence] - RANK[a.detection.confidence] || a.order - b.order,
	);
	const sure = sorted.filter((one) => one.detection.confidence !== "possible");
	const outcome = outcomeOf(answers);
	// A whole path that answers, or a failure that is plainly something else, says more than a guess.
	const settled = outcome.some((one) => one.detection.confidence === "certain");
	const chosen = sure.length > 0 ? sure : settled ? [] : sorted.slice(0, 3);
	const named = chosen.length > 0 ? chosen : outcome;
	const findings = named.map((one) => findingOf(one, facts, faults));
	return {
		findings,
		ruledOut: ruledOut(answers, named[0]),
		next: nextCommands(answers, named, facts),
		unexplained: unexplained(facts, [...named.filter((one) => one.mode.id !== "insufficient-evidence"), ...faults]),
	};
}

/** What it is not, the headline's nearest rivals first: causes and consequences of it, then what shows in the same way. */
function ruledOut(answers: readonly Examined[], head: Candidate | undefined): readonly RuledOut[] {
	const distance = ({ mode }: Examined) => {
		if (!head) return 2;
		if (head.mode.explains.includes(mode.id) || mode.explains.includes(head.mode.id)) return 0;
		return mode.effect === head.mode.effect ? 1 : 2;
	};
	return answers
		.toSorted((a, b) => distance(a) - distance(b) || a.order - b.order)
		.flatMap(({ mode, detection }) =>
			detection.kind === "absent" && !isOutcome(mode.id)
				? [{ failure: mode.id, title: mode.title, why: detection.because.says, at: detection.because.at }]
				: [],
		);
}

function isPresent(answer: Examined): answer is Candidate {
	return answer.detection.kind === "present";
}

const isOutcome = (id: string) => OUTCOMES.some((outcome) => outcome === id);

/** A consequence goes under its cause when the cause is at least likely; of two that explain each other the first listed is the cause. */
function foldsInto(consequence: Candidate, cause: Candidate): boolean {
	if (cause.detection.confidence === "possible" && consequence.detection.confidence !== "possible") return false;
	if (!cause.mode.explains.includes(consequence.mode.id)) return false;
	return !consequence.mode.explains.includes(cause.mode.id) || cause.order < consequence.order;
}

function outcomeOf(answers: readonly Examined[]): readonly Candidate[] {
	const outcomes = answers.filter(isPresent).filter((one) => isOutcome(one.mode.id));
	const best = outcomes.toSorted((a, b) => a.order - b.order)[0];
	return best ? [best] : [];
}

function findingOf({ mode, detection }: Candidate, facts: HostFacts, faults: readonly Candidate[]): Finding {
	const plan = mode.minutes === null ? null : detection.fix;
	const consequences = faults.filter((other) => other.mode !== mode && mode.explains.includes(other.mode.id));
	return {
		failure: mode.id,
		confidence: detection.confidence,
		title: detection.headline,
		effect: detection.effect,
		explanation: detection.explanation,
		impact: mode.impact,
		minutes: mode.minutes,
		interrupts: plan ? interruptsPhrase(plan, facts) : null,
		signs: detection.signs,
		against: detection.against,
		consequences: consequences.map((other) => ({ failure: other.mode.id, title: other.mode.title })),
		plan,
		prevent: mode.minutes === null ? null : detection.prevent,
	};
}

const OF_THE_HOST: ReadonlySet<CommandId> = new Set([
	"sysctls",
	"reverse-path",
	"conntrack",
	"firewalls",
	"lock-holders",
	"rule-set",
	"nat-table",
	"filter-table",
	"both-backends",
	"nft-rule-set",
	"iptables-version",
]);

/** The commands that decide most, best first, at most four; none once the headline is certain and nothing asks. */
function nextCommands(
	answers: readonly Examined[],
	named: readonly Candidate[],
	facts: HostFacts,
): readonly NextCommand[] {
	const head = named[0];
	if (head?.detection.confidence === "certain" && head.detection.ask.length === 0) return [];
	// The host's tables say nothing of a Docker that has its network elsewhere.
	const ownTables = isKnownToBe(facts.docker.rootless, true) || isKnownToBe(facts.operatingSystem, "Docker Desktop");
	const votes = new Map<CommandId, number>();
	const vote = (ask: readonly CommandId[], weight: number) => {
		for (const [place, id] of ask.entries()) {
			// The first command a mode names is the one that decides it; the others only help.
			if (!isShown(id, facts) && !(OF_THE_HOST.has(id) && ownTables))
				votes.set(id, (votes.get(id) ?? 0) + weight / (place + 1));
		}
	};
	for (const { detection } of named) vote(detection.ask, 100);
	// Once something is likely, a healthy host among them, only its own questions matter.
	if (!head || head.mode.id === "insufficient-evidence" || head.detection.confidence === "possible") {
		for (const { mode, detection } of answers) {
			if (detection.kind === "unknown") vote(detection.ask, mode.impact === "high" ? 3 : 1);
			else if (detection.kind === "present" && !named.some((one) => one.mode === mode)) vote(detection.ask, 6);
		}
	}
	return [...votes]
		.toSorted(([, a], [, b]) => b - a)
		.slice(0, 4)
		.map(([id]) => nextCommand(id, facts));
}

/** What everybody sees once dockerd did not start: explained by whatever explains the start. */
const FOLLOWS_A_FAILED_START: ReadonlySet<string> = new Set(["daemon-unreachable", "start-limit-hit", "no-answer"]);

/** Failures of the present that no finding points at. */
function unexplained(facts: HostFacts, findings: readonly Candidate[]): readonly Unexplained[] {
	const covered = new Set(findings.flatMap(({ detection }) => detection.signs.flatMap((one) => one.at.map(placeKey))));
	const isCovered = (failure: FoldedFailure) => failure.at.some((at) => covered.has(placeKey(at)));
	const startExplained = failedStart(facts).some(isCovered);
	return facts.failures
		.filter(
			(failure) =>
				failure.current &&
				(failure.best.weight === "fatal" || failure.best.weight === "error") &&
				!(startExplained && FOLLOWS_A_FAILED_START.has(failure.complaint.kind)) &&
				!isCovered(failure),
		)
		.map((failure) => ({ says: failure.best.words, at: failure.best.at }));
}

const placeKey = (at: Span) => `${at.artifact}:${at.line}`;
