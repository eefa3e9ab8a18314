import type { Evidence, Source } from "../text/evidence";

declare const redacted: unique symbol;

/**
 * Something in which every secret and identity that was found stands replaced. `redact()` alone makes the first one of a
 * paste; what is only computed from such evidence (`fromRedacted`) or is a part of it (`keepParts`) is redacted too.
 */
export type Redacted<T> = T & { readonly [redacted]: true };

/** For `redact()` only; a test holds that no module outside this folder imports it. */
export function seal<T>(value: T): Redacted<T> {
	// The one place where the brand is put on; a brand has no run-time value to check.
	return value as Redacted<T>;
}

/** What a pure function reads out of redacted evidence (an analysis, a report) holds nothing but redacted words. */
export function fromRedacted<T>(evidence: Redacted<Evidence>, read: (evidence: Evidence) => T): Redacted<T> {
	return seal(read(evidence));
}

/** A half-open piece of a source's text. */
export type Part = { readonly from: number; readonly to: number };

/** Only these pieces of each source, in order; a source without any is left out. Parts must rise and not overlap. */
export function keepParts(
	evidence: Redacted<Evidence>,
	partsOf: (source: Source) => readonly Part[],
): Redacted<Evidence> {
	const kept: Source[] = [];
	for (const source of evidence) {
		const parts = partsOf(source);
		if (parts.length === 0) continue;
		kept.push({ ...source, text: parts.map((part) => source.text.slice(part.from, part.to)).join("") });
	}
	return seal(kept);
}
