import type { Category, Place } from "./detector";

/** Something that must go, before it has a stand-in. */
export type Mark = Place & {
	readonly kind: string;
	readonly category: Category;
	/** Lower goes first where two overlap. */
	readonly rank: number;
};

/**
 * One mark for each piece of text, rising. Secrets that overlap become one that covers both: better too much than the
 * tail of a token. An identity inside a secret, or across its edge, goes with it; of two identities the lower rank
 * wins, then the longer.
 */
export function withoutOverlaps(marks: readonly Mark[]): readonly Mark[] {
	const secrets = merged(marks.filter((mark) => mark.category === "secret"));
	const identities = marks
		.filter((mark) => mark.category === "identity")
		.sort((a, b) => a.rank - b.rank || b.to - b.from - (a.to - a.from) || a.from - b.from);
	const taken: Mark[] = [];
	// Places in buckets of text, so that a lookup costs the same however many there are.
	const buckets = new Map<number, Mark[]>();
	const put = (mark: Mark): void => {
		taken.push(mark);
		for (const bucket of bucketsOf(mark)) {
			const marks = buckets.get(bucket);
			if (marks) marks.push(mark);
			else buckets.set(bucket, [mark]);
		}
	};
	for (const mark of secrets) put(mark);
	for (const mark of identities) {
		const free = bucketsOf(mark).every(
			(bucket) => !buckets.get(bucket)?.some((other) => other.from < mark.to && mark.from < other.to),
		);
		if (free) put(mark);
	}
	return taken.sort((a, b) => a.from - b.from);
}

/**
 * Adds words that go whatever they are. One inside a mark is gone already; one that crosses an edge takes the whole
 * mark with it, so that no rest of a longer name stays behind. `marks` must rise and not overlap; so does the result.
 */
export function withWords(marks: readonly Mark[], words: readonly Place[]): readonly Mark[] {
	if (words.length === 0) return marks;
	const all = [
		...marks,
		...words.map((place): Mark => ({ ...place, kind: "word", category: "identity", rank: -1 })),
	].sort((a, b) => a.from - b.from || b.to - a.to || b.rank - a.rank);
	const out: Mark[] = [];
	for (const mark of all) {
		const last = out.at(-1);
		if (!last || mark.from >= last.to) out.push(mark);
		else if (mark.to > last.to) {
			const secret = [last, mark].find(({ category }) => category === "secret");
			const kind = secret ?? { kind: "word", category: "identity", rank: -1 };
			out[out.length - 1] = { ...kind, from: last.from, to: mark.to };
		}
	}
	return out;
}

function bucketsOf(place: Place): readonly number[] {
	const first = place.from >> 9;
	return Array.from({ length: (place.to >> 9) - first + 1 }, (_, index) => first + index);
}

function merged(secrets: readonly Mark[]): readonly Mark[] {
	const rising = [...secrets].sort((a, b) => a.from - b.from || b.to - a.to || a.rank - b.rank);
	const out: Mark[] = [];
	for (const mark of rising) {
		const last = out.at(-1);
		if (last && mark.from < last.to) {
			if (mark.to > last.to) out[out.length - 1] = { ...last, to: mark.to };
		} else out.push(mark);
	}
	return out;
}
