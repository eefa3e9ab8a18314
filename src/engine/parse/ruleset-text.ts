import type { Line } from "../text/evidence";
import type { Remark } from "../text/span";
import type { ParsedRuleset } from "./parsed";

/** What a reader of one rule-set format gives to `parseRuleset`: its answer, and the lines that are no part of a listing. */
export type RulesetText = Pick<ParsedRuleset, "tables" | "version" | "family" | "allTables"> & {
	/** Warnings, error messages, anything else: not blank, in order. */
	readonly unread: readonly Line[];
	readonly remarks: readonly Remark[];
};
