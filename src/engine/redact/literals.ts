/** A set of literals that is looked for in one walk over a text, however many there are. */
export type LiteralIndex<T> = {
	/** By the first two characters, `c0 * 128 + c1`. */
	readonly byStart: ReadonlyMap<number, readonly { readonly literal: string; readonly value: T }[]>;
	/** 1 where some literal begins with these two characters. */
	readonly starts: Uint8Array;
};

/** Literals must be ASCII, lower-case and at least two long. */
export function indexLiterals<T>(entries: Iterable<readonly [literal: string, value: T]>): LiteralIndex<T> {
	const byStart = new Map<number, { literal: string; value: T }[]>();
	const starts = new Uint8Array(128 * 128);
	for (const [literal, value] of entries) {
		const start = literal.charCodeAt(0) * 128 + literal.charCodeAt(1);
		const same = byStart.get(start);
		if (same) same.push({ literal, value });
		else byStart.set(start, [{ literal, value }]);
		starts[start] = 1;
	}
	return { byStart, starts };
}

/** Calls `found` for every place where a literal stands, from left to right. */
export function eachLiteral<T>(lower: string, index: LiteralIndex<T>, found: (value: T, at: number) => void): void {
	let first = lower.charCodeAt(0);
	for (let at = 0; at + 1 < lower.length; at++) {
		const second = lower.charCodeAt(at + 1);
		if (first < 128 && second < 128 && index.starts[first * 128 + second] === 1) {
			for (const { literal, value } of index.byStart.get(first * 128 + second) ?? []) {
				if (lower.startsWith(literal, at)) found(value, at);
			}
		}
		first = second;
	}
}
