/** Numbers that are the same for the same seed: a failing pair must come back. */
export type Random = {
	/** From 0 up to, not including, `n`. */
	readonly below: (n: number) => number;
	readonly pick: <T>(items: readonly [T, ...T[]]) => T;
	readonly chance: (probability: number) => boolean;
};

/** mulberry32 (public domain, Tommy Ettinger). */
export function randomFrom(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	};
	const below = (n: number) => Math.floor(next() * n);
	return {
		below,
		pick: (items) => items[below(items.length)] ?? items[0],
		chance: (probability) => next() < probability,
	};
}
