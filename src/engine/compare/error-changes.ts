import type { FoldedFailure } from "../facts/host-facts";
import type { Failure } from "../parse/failure";
import type { Change } from "./comparison";
import { type Side, timeOf } from "./side";

const isError = ({ best }: FoldedFailure) => best.weight === "fatal" || best.weight === "error";
const wordsOf = ({ words }: Failure) => words.replace(/\s+/g, " ").trim();
const said = (words: string) => `\`${words.replaceAll("`", "'").slice(0, 240)}\``;

/** An error that was said between the two pastes. `current` false: a later start of dockerd made it history. */
export type Fresh = { readonly failure: Failure; readonly often: number; readonly current: boolean };

/** The collector notes whole seconds and a log parts of them. */
const SECOND = 1000;

/** Errors that the first paste does not have: said after it was made, or, where no time tells, in words that it lacks. */
export function newErrors(before: Side, after: Side): readonly Fresh[] {
	const until = timeOf(before);
	const all = before.facts.failures.flatMap((one) => one.all);
	const words = new Set(all.map(wordsOf));
	const moments = new Set(all.map((failure) => `${failure.time} ${wordsOf(failure)}`));
	const isNew = (failure: Failure) =>
		failure.time !== null && until !== null
			? failure.time > until + SECOND && !moments.has(`${failure.time} ${wordsOf(failure)}`)
			: !words.has(wordsOf(failure));
	return after.facts.failures.filter(isError).flatMap((one) => {
		const fresh = one.all.filter(isNew);
		const [first] = fresh;
		return first ? [{ failure: first, often: fresh.length, current: one.current }] : [];
	});
}

/** New errors, and those of the first paste that are history or not said any more where they would be. */
export function errorChanges(before: Side, after: Side): readonly Change[] {
	const since = newErrors(before, after);
	const fresh = since.map(
		({ failure, often, current }): Change => ({
			says: `${current ? "new" : "said meanwhile, before dockerd started anew"}: ${said(failure.words)}${often > 1 ? `, ${often} times` : ""}`,
			tone: current ? "fault" : "plain",
			at: [failure.at],
		}),
	);
	// Without a log nobody can say that an error is not there any more.
	if (!after.facts.log.known) return fresh;
	const repeated = new Set(since.map(({ failure }) => wordsOf(failure)));
	const still = new Set([
		...after.facts.failures.filter(({ current }) => current).map(({ complaint }) => JSON.stringify(complaint)),
	]);
	const gone = before.facts.failures
		.filter((one) => one.current && isError(one) && one.best.fromDockerd)
		.filter(({ best, complaint }) => !still.has(JSON.stringify(complaint)) && !repeated.has(wordsOf(best)))
		.map(({ best }): Change => ({ says: `not said again: ${said(best.words)}`, tone: "whole", at: [] }));
	return [...fresh, ...gone];
}
