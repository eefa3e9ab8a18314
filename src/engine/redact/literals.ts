/** A set of literals that is looked for in one walk over a text, however many there are. */
export type LiteralIndex<T> = {
	/** By the key of the first three characters, see `keyOf`. */
	readonly byStart: ReadonlyMap<number, readonly { readonly literal: string; readonly value: T }[]>;
	/** 1 where some literal begins with characters of this key. */
	readonly starts: Uint8Array;
};

const KEYS = 1 << 15;

/**
 * Five bits of each of three characters: letters alike in both cases, so that the walk needs no lower-case twin. Three
 * characters, since with two every fifth place of a log is the beginning of some literal, with three every fiftieth.
 */
function keyOf(a: number, b: number, c: number): number {
	return ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);
}

/** Literals must be ASCII, lower-case and at least two long. */
export function indexLiterals<T>(entries: Iterable<readonly [literal: string, value: T]>): LiteralIndex<T> {
	const byStart = new Map<number, { literal: string; value: T }[]>();
	const starts = new Uint8Array(KEYS);
	for (const [literal, value] of entries) {
		// Of two characters: whatever the third may be, or the end of the text, which counts as 0.
		const thirds = literal.length > 2 ? [literal.charCodeAt(2)] : Array.from({ length: 32 }, (_, third) => third);
		for (const third of thirds) {
			const key = keyOf(literal.charCodeAt(0), literal.charCodeAt(1), third);
			const same = byStart.get(key);
			if (same) same.push({ literal, value });
			else byStart.set(key, [{ literal, value }]);
			starts[key] = 1;
		}
	}
	return { byStart, starts };
}

/** Calls `found` for every place where a literal stands, from left to right. `lower` is the text in lower case. */
export function eachLiteral<T>(lower: string, index: LiteralIndex<T>, found: (value: T, at: number) => void): void {
	const { starts, byStart } = index;
	const { length } = lower;
	let key = keyOf(0, lower.charCodeAt(0), lower.charCodeAt(1));
	for (let at = 0; at + 1 < length; at++) {
		key = ((key << 5) & (KEYS - 1)) | (at + 2 < length ? lower.charCodeAt(at + 2) & 31 : 0);
		if (starts[key] === 0) continue;
		for (const { literal, value } of byStart.get(key) ?? []) {
			if (lower.startsWith(literal, at)) found(value, at);
		}
	}
}
