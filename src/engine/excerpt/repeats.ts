/** A line of a log and its number there, from 1. */
export type Kept = { readonly number: number; readonly text: string };

/** Keeps of messages that are alike the first and the last few, and counts the others. */
export type Repeats = {
	/** A message: its telling line first, then the lines around it in any order. */
	readonly add: (message: readonly Kept[]) => void;
	/** All lines of the messages that were kept, in no order. */
	readonly kept: () => readonly Kept[];
	/** How many lines of messages were let go. */
	readonly dropped: () => number;
	/** How many messages were let go after the last of the first ones, by the number of the last line of that one. */
	readonly droppedAfter: () => ReadonlyMap<number, number>;
};

/** Messages of one kind that are kept at either end: the first say when it began, the last whether it goes on. */
const EACH = 12;
/** Kinds that are told apart. A log with more of them has no kinds: further ones share a place. */
const KINDS = 2_000;
/** Characters after which further kinds share a place as well, so that memory has an end. */
const MOST = 16_000_000;

type Kind = { readonly first: (readonly Kept[])[]; readonly last: (readonly Kept[])[]; next: number; dropped: number };

const OTHERS = "";

/** An empty list. */
export function repeatsOf(): Repeats {
	const kinds = new Map<string, Kind>();
	let dropped = 0;
	let size = 0;
	const kindOf = (text: string): Kind => {
		const likeness = likenessOf(text);
		const name = kinds.has(likeness) || (kinds.size < KINDS && size < MOST) ? likeness : OTHERS;
		const known = kinds.get(name);
		if (known) return known;
		const kind: Kind = { first: [], last: [], next: 0, dropped: 0 };
		kinds.set(name, kind);
		return kind;
	};
	return {
		add: (message) => {
			const kind = kindOf(message[0]?.text ?? "");
			if (kind.first.length < EACH) {
				kind.first.push(message);
				for (const { text } of message) size += text.length;
			} else if (kind.last.length < EACH) {
				kind.last.push(message);
				for (const { text } of message) size += text.length;
			} else {
				// A ring: the oldest of the last ones makes room.
				dropped += kind.last[kind.next]?.length ?? 0;
				kind.last[kind.next] = message;
				kind.next = (kind.next + 1) % EACH;
				kind.dropped += 1;
			}
		},
		kept: () => [...kinds.values()].flatMap(({ first, last }) => [...first.flat(), ...last.flat()]),
		dropped: () => dropped,
		droppedAfter: () =>
			new Map(
				[...kinds.values()]
					.filter((kind) => kind.dropped > 0)
					.map(({ first, dropped: more }) => [Math.max(...(first.at(-1) ?? []).map(({ number }) => number)), more]),
			),
	};
}

/** What two lines have in common that differ in times, ids, addresses and counts only. */
function likenessOf(text: string): string {
	return text.slice(0, 2_000).replace(/[0-9][0-9a-f.:]*|\b[0-9a-f]{6,64}\b/g, "#");
}
