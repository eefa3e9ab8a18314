import type { Asked, RealNames } from "../engine/ask-report";
import type { Comparison } from "../engine/compare/comparison";
import type { Analysis } from "../engine/diagnose/analysis";
import type { Impact } from "../engine/diagnose/failure-mode";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { MoreFormat, Offered } from "../engine/printing";
import type { WhoReaches } from "../engine/reach";
import type { ReplacedSpan } from "../engine/redact/redact";
import type { Redacted } from "../engine/redact/redacted";
import type { Plan, Platform } from "../engine/remedy/plan";
import type { Evidence } from "../engine/text/evidence";

/**
 * Everything that passes between the page and the engine's worker. Plain data only: it has to survive
 * `structuredClone`, so no functions, no classes, no symbols.
 */

/** One line of the diff-style view. `-` is what habit says and should not be run; `note` is the reason. */
export type DiffLine = { readonly sign: " " | "+" | "-"; readonly text: string; readonly note: string | null };

/** The printed forms of a plan that are made when they are asked for. */
export type PrintFormat = "bash" | "ansible" | "cloud-init" | "markdown" | MoreFormat;

export type { Offered };

/** A plan to print, and what for. */
export type Printable = {
	readonly plan: Plan;
	readonly platform: Platform;
	readonly about: { readonly failure: string; readonly title: string };
	/** What keeps it from coming back; goes along in every form that lasts. */
	readonly prevent?: Plan | null;
	/** The evidence that came out of a link: its names are stand-ins, and the printed form asks for the real ones. */
	readonly report?: Evidence;
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

/** What the person decided about what leaves. Kept in memory only. */
export type RedactionChoices = {
	/** Words that go wherever they stand. */
	readonly alwaysHide: readonly string[];
	/** Words that stay although they would be replaced. */
	readonly show: readonly string[];
	/** Weeks by which every date is moved; none is where this is missing or 0. */
	readonly shiftWeeks?: number;
};

/** One replaced word, as the redactor tells of it. */
export type { ReplacedSpan as ReplacedPlace };

/** A word of the redacted text that may be a secret still. Offsets in its source. */
export type Suspicion = { readonly source: string; readonly from: number; readonly to: number; readonly word: string };

/** What a link would carry. `fragment` has no leading `#`. */
export type Shared = {
	readonly fragment: string;
	readonly replaced: readonly Replacement[];
	readonly spans: readonly ReplacedSpan[];
	/** The whole redacted evidence, for the preview beside the original. */
	readonly redactedSources: Evidence;
	/** Exactly what the link carries of it. */
	readonly linkedSources: Evidence;
	/** Lines that the verdict does not need and the link leaves out. */
	readonly omittedLines: number;
	/** How long the whole link is; `short` passes everywhere, some mail and chat programs cut a `long` one. */
	readonly length: Length;
	/** What the engine's own second look warns of. */
	readonly suspects: readonly Suspicion[];
	/** False: what was hidden or shown by hand changes the verdict that the reader sees. */
	readonly sameVerdict: boolean;
	/** False: more than a link or a file can hold. */
	readonly opens: boolean;
};

/** Of a whole link, address and all. */
export type Length = { readonly characters: number; readonly fits: "short" | "long" | "file" };

/** A link read back, or why it can't be. */
export type OpenedLink =
	| { readonly kind: "ok"; readonly evidence: Evidence; readonly omittedLines: number }
	| { readonly kind: "damaged"; readonly says: string };

/** A question for the person's own model in stand-ins, and what those stand for. */
export type RedactedQuestion = { readonly question: Redacted<string>; readonly names: RealNames };

export type { Asked, RealNames };

/** One failure mode as the catalogue lists it. */
export type CatalogueEntry = {
	readonly id: string;
	readonly title: string;
	readonly effect: string;
	readonly impact: Impact;
	/** Minutes that the repair takes; null where there is nothing to repair. */
	readonly minutes: number | null;
};

/** The collector as a file, as one paste for a host to which none can be copied, and as an Ansible play that runs the file. */
export type Collector = { readonly script: string; readonly paste: string; readonly play: string };

export type Ask =
	/** `isReport`: the evidence came out of a link, see `Printable.report`. */
	| { readonly type: "analyse"; readonly evidence: Evidence; readonly isReport?: boolean }
	| { readonly type: "print"; readonly of: Printable; readonly format: PrintFormat }
	/** Which further formats say something of it. */
	| { readonly type: "offered"; readonly of: Printable }
	/** `address` is what stands before the `#` of the link. */
	| {
			readonly type: "share";
			readonly evidence: Evidence;
			readonly address: string;
			readonly choices: RedactionChoices;
			/** Every line goes along, not only what the verdict needs. */
			readonly whole: boolean;
	  }
	/** A file may hold more than a link. */
	| { readonly type: "open"; readonly fragment: string; readonly from: "link" | "file" }
	| { readonly type: "report"; readonly evidence: Evidence; readonly choices: RedactionChoices }
	/** What the person's own model may be told; `whole` as for a link. */
	| {
			readonly type: "ask-report";
			readonly evidence: Evidence;
			readonly choices: RedactionChoices;
			readonly whole: boolean;
	  }
	| {
			readonly type: "ask-question";
			readonly evidence: Evidence;
			readonly choices: RedactionChoices;
			readonly question: string;
	  }
	/** Puts real names into an answer, to be shown and nothing else. */
	| { readonly type: "real-names"; readonly text: string; readonly names: RealNames }
	| { readonly type: "trace"; readonly evidence: Evidence; readonly flow: Flow }
	/** Every published port and every network, from everywhere. */
	| { readonly type: "reach"; readonly evidence: Evidence }
	| { readonly type: "catalogue" }
	/** `topics`: ids of the commands to collect for; null for everything. */
	| { readonly type: "collector"; readonly topics: readonly string[] | null }
	/** A second paste beside the first; an empty one is waited for. */
	| { readonly type: "compare"; readonly before: Evidence; readonly after: Evidence }
	/** Loads the part of the engine that prints, so that no later question waits for it. */
	| { readonly type: "prepare" };

export type Answer =
	| { readonly type: "analyse"; readonly diagnosed: Diagnosed }
	| { readonly type: "print"; readonly text: string }
	| { readonly type: "offered"; readonly formats: readonly Offered[] }
	| { readonly type: "share"; readonly shared: Shared }
	| { readonly type: "open"; readonly opened: OpenedLink }
	| { readonly type: "report"; readonly markdown: string }
	| { readonly type: "ask-report"; readonly asked: Asked }
	| { readonly type: "ask-question"; readonly redacted: RedactedQuestion }
	| { readonly type: "real-names"; readonly text: string }
	| { readonly type: "trace"; readonly trace: Trace }
	| { readonly type: "reach"; readonly reach: WhoReaches }
	| { readonly type: "catalogue"; readonly entries: readonly CatalogueEntry[] }
	| { readonly type: "collector"; readonly collector: Collector }
	| { readonly type: "compare"; readonly comparison: Comparison }
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
