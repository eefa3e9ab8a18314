import type { Finding } from "../diagnose/analysis";
import type { Comparison, ExpectedChange, Identity, Outcome } from "./comparison";
import { newErrors } from "./error-changes";
import { faultsOf, type Side } from "./side";

type Said = Pick<Comparison, "outcome" | "headline" | "says">;

const HEADLINES: Readonly<Record<Outcome, string>> = {
	waiting: "Waiting for the second paste",
	fixed: "Fixed",
	better: "Better",
	unchanged: "Unchanged",
	worse: "Worse",
	different: "Something else is wrong now",
	unclear: "Can't tell yet",
	"another-host": "Another host",
};

const said = (outcome: Outcome, says: string): Said => ({ outcome, headline: HEADLINES[outcome], says });

/** What became of the faults that the first paste showed. */
export function outcomeOf(before: Side, after: Side, identity: Identity, expected: readonly ExpectedChange[]): Said {
	if (after.readings.length === 0)
		return said(
			"waiting",
			"Run the repair on the host, then paste or collect once more: the first paste is kept beside it.",
		);
	if (identity.answer === "another")
		return said(
			"another-host",
			"The two pastes are not of one machine, so nothing is compared. The verdict below is of this one.",
		);
	const [was, is] = [faultsOf(before), faultsOf(after)];
	const head = after.analysis.findings[0]?.failure;
	if (was.length === 0) return fromNothing(before, is, head);
	const present = is.filter((one) => !isHistory(one, before, after, expected));
	if (present.length === 0 && is.length > 0)
		return said(
			"fixed",
			"Every check of the repair holds and nothing new was refused; what the log still says of it is from before.",
		);
	if (present.length > 0) return betweenFaults(was, present, before, after);
	if (head === "healthy") {
		const left = expected.filter(({ state }) => state === "not-done").length;
		const rest =
			left === 0
				? ""
				: ` ${left} of the changes that were expected ${left === 1 ? "is" : "are"} not there; the host is well without.`;
		return said("fixed", `No longer so: ${titleOf(was[0])}. The host is as it should be.${rest}`);
	}
	return withoutFaults(was, after, expected);
}

function fromNothing(before: Side, is: readonly Finding[], head: string | undefined): Said {
	const wasHealthy = before.analysis.findings[0]?.failure === "healthy";
	if (is[0])
		return wasHealthy
			? said("worse", `The first paste showed a healthy host; now: ${titleOf(is[0])}.`)
			: said(
					"unclear",
					"The first paste did not show enough to tell what has changed; the verdict below is of this one.",
				);
	if (head === "healthy" && wasHealthy) return said("unchanged", "Healthy in both pastes.");
	return said("unclear", "The first paste did not name a fault, so there is nothing to hold this one against.");
}

const titleOf = (finding: Finding | undefined) => finding?.title ?? "";

/**
 * An answer that is no more than possible after the repair, of a fault that was more than that or with what speaks
 * against it, with every check done and nothing refused since: the log still tells of before.
 */
function isHistory(finding: Finding, before: Side, after: Side, expected: readonly ExpectedChange[]): boolean {
	const earlier = before.analysis.findings.find(({ failure }) => failure === finding.failure);
	const settled = expected.filter(({ state }) => state !== "by-hand");
	return (
		finding.confidence === "possible" &&
		earlier?.confidence !== "possible" &&
		(earlier !== undefined || finding.against.length > 0) &&
		settled.length > 0 &&
		settled.every(({ state }) => state === "done") &&
		newErrors(before, after).every((one) => !one.current)
	);
}

function betweenFaults(was: readonly Finding[], is: readonly Finding[], before: Side, after: Side): Said {
	const old = new Set(was.map(({ failure }) => failure));
	const now = new Set(is.map(({ failure }) => failure));
	// A fault that stands folded under another one is not gone.
	const folded = new Set(is.flatMap(({ consequences }) => consequences.map(({ failure }) => failure)));
	const gone = was.filter(({ failure }) => !now.has(failure) && !folded.has(failure));
	const added = is.filter(({ failure }) => !old.has(failure));
	const stays = is.filter(({ failure }) => old.has(failure));
	if (gone.length > 0 && added.length > 0) return said("different", `Gone: ${titles(gone)}. New: ${titles(added)}.`);
	if (added.length > 0)
		return said("worse", `Still there: ${titles(stays.length > 0 ? stays : was)}. New: ${titles(added)}.`);
	if (gone.length > 0) return said("better", `Gone: ${titles(gone)}. Still there: ${titles(stays)}.`);
	return sameFaults(stays, before, after);
}

const titles = (findings: readonly Finding[]) => findings.map(titleOf).join("; ");

/** The same faults: how much of Docker's rules is missing tells whether anything moved. */
function sameFaults(stays: readonly Finding[], before: Side, after: Side): Said {
	const missing = ({ analysis }: Side) => analysis.expected.filter(({ state }) => state === "missing").length;
	const [first, second] = [missing(before), missing(after)];
	const bothShown = before.analysis.expected.length > 0 && after.analysis.expected.length > 0;
	if (bothShown && second < first)
		return said(
			"better",
			`${titles(stays)}: still so, but ${first - second} of the ${first} rules of Docker's that were missing are there again.`,
		);
	if (bothShown && second > first)
		return said("worse", `${titles(stays)}: still so, and ${second - first} more of Docker's rules are missing.`);
	return said("unchanged", `${titles(stays)}: still so.`);
}

/** No fault is found now, and the host is not called healthy: ruled out with what was shown, or not shown. */
function withoutFaults(was: readonly Finding[], { analysis }: Side, expected: readonly ExpectedChange[]): Said {
	const out = new Set(analysis.ruledOut.map(({ failure }) => failure));
	const notDone = expected.some(({ state }) => state === "not-done");
	if (!notDone && was.every(({ failure }) => out.has(failure)))
		return said("better", `${titles(was)}: ruled out by this paste. It does not show enough to call the host healthy.`);
	return said(
		"unclear",
		"This paste does not show what the first one did, so nobody can say from it whether the repair worked.",
	);
}
