/**
 * What a second paste needs: a third part of the engine, loaded by the page's worker beside `printing.ts`.
 */
import { examine } from "./analyse";
import { compare } from "./compare/compare";
import type { Comparison } from "./compare/comparison";
import type { Evidence } from "./text/evidence";

/** Holds a second paste beside the first. Pure; an empty second paste is one that is waited for. */
export function compareEvidence(before: Evidence, after: Evidence): Comparison {
	return compare(examine(before), examine(after));
}
