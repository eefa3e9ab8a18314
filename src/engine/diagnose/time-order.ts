import type { Artifact } from "../text/evidence";
import type { Span } from "../text/span";

/** Something with a place in the evidence and perhaps a time. */
export type Placed = { readonly time: number | null; readonly at: Span };

/** What a missing year is read as (parse/log-time.ts). */
const NO_YEAR = 2000;

/**
 * Moves times without a year into the year that the others speak of, so that syslog's `Nov 23` compares with dockerd's
 * `2026-11-23`. Where no time names a year they stay as they are, and compare among themselves.
 */
export function inOneYear(times: readonly (number | null)[]): (time: number | null) => number | null {
	let year: number | null = null;
	for (const time of times) {
		const named = time === null ? NO_YEAR : new Date(time).getUTCFullYear();
		if (named !== NO_YEAR) year = Math.max(year ?? named, named);
	}
	return (time) => {
		if (time === null || year === null) return time;
		const date = new Date(time);
		return date.getUTCFullYear() === NO_YEAR ? date.setUTCFullYear(year) : time;
	};
}

/**
 * By time, across all sources; within one second as pasted, because a journal counts whole seconds and dockerd's own
 * times beside it are finer. What has no time keeps its place between its neighbours in the same artifact; where nothing
 * there has a time it comes last, as pasted: it is what a person met now.
 */
export function inOrder<T extends Placed>(items: readonly T[], artifacts: readonly Artifact[]): readonly T[] {
	const order = new Map(artifacts.map(({ id }, index) => [id, index]));
	const indexOf = (item: T) => order.get(item.at.artifact) ?? artifacts.length;
	const placed = items.toSorted((a, b) => indexOf(a) - indexOf(b) || a.at.from - b.at.from);
	const above = secondsPassed(placed);
	const below = secondsPassed(placed.toReversed()).toReversed();
	return placed
		.map((item, index) => ({ item, second: above[index] ?? below[index] ?? Number.POSITIVE_INFINITY }))
		.toSorted((a, b) => (a.second === b.second ? 0 : a.second - b.second))
		.map(({ item }) => item);
}

/** The second of each item, or of the nearest one passed on the way in the same artifact. */
function secondsPassed(placed: readonly Placed[]): readonly (number | null)[] {
	const passed = new Map<string, number>();
	return placed.map(({ time, at }) => {
		if (time !== null) passed.set(at.artifact, Math.floor(time / 1000));
		return passed.get(at.artifact) ?? null;
	});
}
