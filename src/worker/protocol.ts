import type { Analysis } from "../engine/diagnose/analysis";
import type { Impact } from "../engine/diagnose/failure-mode";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { Plan, Platform } from "../engine/remedy/plan";
import type { Evidence } from "../engine/text/evidence";

/**
 * Everything that passes between the page and the engine's worker. Plain data only: it has to survive
 * `structuredClone`, so no functions, no classes, no symbols.
 */

/** One line of the diff-style view. `-` is what habit says and should not be run; `note` is the reason. */
export type DiffLine = { readonly sign: " " | "+" | "-"; readonly text: string; readonly note: string | null };

/** The printed forms of a plan that are made when they are asked for. */
export type PrintFormat = "bash" | "ansible" | "cloud-init" | "markdown";

/** A plan to print, and what for. */
export type Printable = {
	readonly plan: Plan;
	readonly platform: Platform;
	readonly about: { readonly failure: string; readonly title: string };
};

/** An analysis with the repair of its first finding as a diff. Null where that finding has no such plan. */
export type Diagnosed = {
	readonly analysis: Analysis;
	readonly fix: readonly DiffLine[] | null;
	readonly prevent: readonly DiffLine[] | null;
};

/** One value that does not leave the tab, and what stands in its place. */
export type Replacement = {
	/** `password`, `address`, `host name`… */
	readonly kind: string;
	readonly pseudonym: string;
	readonly count: number;
	/** `secret` or `identity`, as the redactor calls them. */
	readonly category: string;
};

/** What a link would carry. `fragment` has no leading `#`. */
export type Shared = {
	readonly fragment: string;
	readonly replaced: readonly Replacement[];
	/** The whole redacted evidence, for the preview beside the original. */
	readonly redactedSources: Evidence;
	/** Exactly what the link carries of it. */
	readonly linkedSources: Evidence;
	/** Lines that the verdict does not need and the link leaves out. */
	readonly omittedLines: number;
	/** How long the whole link is; `short` passes everywhere, some mail and chat programs cut a `long` one. */
	readonly length: { readonly characters: number; readonly fits: "short" | "long" | "file" };
};

/** A link read back, or why it can't be. */
export type OpenedLink =
	| { readonly kind: "ok"; readonly evidence: Evidence; readonly omittedLines: number }
	| { readonly kind: "damaged"; readonly says: string };

/** One failure mode as the catalogue lists it. */
export type CatalogueEntry = {
	readonly id: string;
	readonly title: string;
	readonly effect: string;
	readonly impact: Impact;
};

export type Ask =
	| { readonly type: "analyse"; readonly evidence: Evidence }
	| { readonly type: "print"; readonly of: Printable; readonly format: PrintFormat }
	/** `address` is what stands before the `#` of the link. */
	| { readonly type: "share"; readonly evidence: Evidence; readonly address: string }
	| { readonly type: "open"; readonly fragment: string }
	| { readonly type: "report"; readonly evidence: Evidence }
	| { readonly type: "trace"; readonly evidence: Evidence; readonly flow: Flow }
	| { readonly type: "catalogue" }
	| { readonly type: "collector" }
	/** Loads the part of the engine that prints, so that no later question waits for it. */
	| { readonly type: "prepare" };

export type Answer =
	| { readonly type: "analyse"; readonly diagnosed: Diagnosed }
	| { readonly type: "print"; readonly text: string }
	| { readonly type: "share"; readonly shared: Shared }
	| { readonly type: "open"; readonly opened: OpenedLink }
	| { readonly type: "report"; readonly markdown: string }
	| { readonly type: "trace"; readonly trace: Trace }
	| { readonly type: "catalogue"; readonly entries: readonly CatalogueEntry[] }
	| { readonly type: "collector"; readonly script: string }
	| { readonly type: "prepare" };

/** The one thing that can go wrong in the engine: a bug of ours. Pasted text is never a reason to fail. */
export type EngineFailure = { readonly says: string; readonly version: string };

export type Request = { readonly id: number; readonly ask: Ask };

export type Reply = {
	readonly id: number;
	readonly outcome:
		| { readonly kind: "answered"; readonly answer: Answer }
		| { readonly kind: "failed"; readonly failure: EngineFailure };
	/** Requests the worker itself has made since it started, by its own resource timing; its own code not counted. */
	readonly requests: number;
};
