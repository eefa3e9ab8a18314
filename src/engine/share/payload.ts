import * as v from "valibot";
import type { Evidence } from "../text/evidence";

/** What a link may hold, at most. Larger reports are for a file. */
export const LIMITS = {
	/** Characters of the fragment. */
	fragment: 262_144,
	/** Characters of the same text when it comes in a file: what the payload below can become at most. */
	file: 6_000_000,
	/** Bytes after inflating, and the text of all sources together. */
	inflated: 4_194_304,
	sources: 64,
	nameLength: 80,
	failures: 16,
} as const;

/** Failure ids and what the sharer's engine left out; everything else the reader's own engine works out. */
export type SharedIds = {
	/** Failure-mode ids of the sharer's verdict, best first: a newer engine can say when it disagrees. */
	readonly failures: readonly string[];
	/** Lines that were left out because the verdict does not need them. */
	readonly omittedLines: number;
};

// Arrays only: a link has no keys, so it can name none (`__proto__`, `constructor`).
const NAME = v.pipe(v.string(), v.maxLength(LIMITS.nameLength), v.regex(/^[\p{L}\p{N} _.:@()+,-]*$/u));
const SOURCE = v.strictTuple([NAME, v.pipe(v.string(), v.maxLength(LIMITS.inflated))]);
const FAILURE = v.pipe(v.string(), v.maxLength(64), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/));

/** Version 1: `[failures, omitted lines, [[name, text], …]]`. */
export const PAYLOAD = v.strictTuple([
	v.pipe(v.array(FAILURE), v.maxLength(LIMITS.failures)),
	v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9)),
	v.pipe(v.array(SOURCE), v.minLength(1), v.maxLength(LIMITS.sources)),
]);

/** A source's name as a link carries it: letters, digits and a few signs. */
export function plainName(name: string): string {
	return name.replace(/[^\p{L}\p{N} _.:@()+,-]/gu, "_").slice(0, LIMITS.nameLength);
}

/**
 * Characters that a terminal or a screen would obey instead of show, and half surrogates, become U+FFFD. Tabs, line ends
 * and ANSI colours stay: the clean-up of pastes knows them.
 */
export function plainText(text: string): string {
	return text
		.replace(
			/[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
			"\ufffd",
		)
		.replace(/\u001b(?!\[[0-9;]{0,16}[mK])/g, "\ufffd")
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** Sources of a payload, with ids of our own making. */
export function evidenceOf(sources: readonly (readonly [string, string])[]): Evidence {
	return sources.map(([name, text], index) => ({ id: `s${index + 1}`, name, text: plainText(text) }));
}
