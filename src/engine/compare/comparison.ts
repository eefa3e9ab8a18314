import type { NextCommand } from "../diagnose/analysis";
import type { Span } from "../text/span";

/** What a second paste says beside the first. Plain data: survives structuredClone and JSON. Spans are of the second paste. */
export type Comparison = {
	readonly schema: "stackengine.comparison/1";
	readonly outcome: Outcome;
	/** One or two words: `Fixed`. */
	readonly headline: string;
	/** One sentence on why that is the outcome; code in back-ticks. */
	readonly says: string;
	readonly identity: Identity;
	/** What the first paste's repair and checks should have changed, in the order of the plan. */
	readonly expected: readonly ExpectedChange[];
	/** What differs, group by group; nothing of another host. */
	readonly changes: readonly ChangeGroup[];
	/** What the first paste showed and this one does not, so that it can't be compared. */
	readonly notShown: readonly NextCommand[];
};

/**
 * `waiting`: the second paste is empty. `unclear`: it does not show enough to say. `different`: what was wrong is gone,
 * and something else is wrong now. `another-host`: the two are not of one machine.
 */
export type Outcome = "waiting" | "fixed" | "better" | "unchanged" | "worse" | "different" | "unclear" | "another-host";

/** Whether both pastes are of one machine. */
export type Identity = {
	readonly answer: "same" | "another" | "cannot-tell";
	readonly signs: readonly { readonly says: string; readonly speaksFor: "same" | "another" }[];
	/** Minutes from the first to the second, below zero where this paste is the older one; null where no time is shown. */
	readonly minutesLater: number | null;
};

/** One thing that the repair should have changed. `by-hand`: only a person can say. */
export type ExpectedChange = {
	/** A claim with code in back-ticks: `Docker's chains and jumps in table nat are whole`. */
	readonly what: string;
	readonly state: "done" | "not-done" | "cannot-tell" | "by-hand";
	readonly at: readonly Span[];
};

export type ChangeGroup = {
	readonly title: string;
	readonly changes: readonly Change[];
	/** How many more there are than are listed. */
	readonly more: number;
};

export type Change = {
	/** Sentence without a full stop, with code in back-ticks. */
	readonly says: string;
	/** `fault`: something wrong is new; `whole`: something is as it should be again. */
	readonly tone: "plain" | "fault" | "whole";
	readonly at: readonly Span[];
};
