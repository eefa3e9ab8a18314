/**
 * A list that a flood cannot drown: of things that are alike it keeps the first and the last ones, in their order.
 *
 * A log holds ten thousand blocked packets and one failed start. The first of a kind tell when it began, and the last whether it
 * still goes on (a later start of the daemon may have healed it), so both ends stay.
 */
export type Flood<T> = {
	readonly add: (kind: string, item: T) => void;
	/** What was kept, in the order it was added. */
	readonly kept: () => readonly T[];
	/** How many were let go. */
	readonly dropped: () => number;
};

/** `each`: how many of one kind are kept at either end. `most`: how many kinds there may be; further kinds are let go. */
export function floodOf<T>(each: number, most: number): Flood<T> {
	type Kind = { readonly first: [number, T][]; readonly last: [number, T][]; next: number };
	const kinds = new Map<string, Kind>();
	let added = 0;
	let dropped = 0;
	return {
		add: (kind, item) => {
			let list = kinds.get(kind);
			if (list === undefined) {
				if (kinds.size >= most) {
					dropped += 1;
					return;
				}
				list = { first: [], last: [], next: 0 };
				kinds.set(kind, list);
			}
			const entry: [number, T] = [added, item];
			added += 1;
			if (list.first.length < each) list.first.push(entry);
			else if (list.last.length < each) list.last.push(entry);
			else {
				// A ring: the oldest of the last ones makes room.
				list.last[list.next] = entry;
				list.next = (list.next + 1) % each;
				dropped += 1;
			}
		},
		kept: () =>
			[...kinds.values()]
				.flatMap((list) => [...list.first, ...list.last])
				.sort(([one], [other]) => one - other)
				.map(([, item]) => item),
		dropped: () => dropped,
	};
}
