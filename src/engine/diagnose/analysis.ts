import type { Trace } from "../packet-path/trace";
import type { Plan, Platform } from "../remedy/plan";
import type { ArtifactKind } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import type { CommandId, Confidence, Impact, Sign } from "./failure-mode";

/** What the page and the command line show. Plain data: survives structuredClone and JSON. */

/** One recognised artifact, for its header: `nat table, 4 chains, no DOCKER chain`. */
export type ArtifactSummary = {
	readonly id: string;
	readonly kind: ArtifactKind;
	readonly name: string;
	readonly source: string;
	/** Offsets in the source text. */
	readonly from: number;
	readonly to: number;
	readonly firstLine: number;
	readonly lines: number;
	readonly summary: string;
	/** `fault`: shows something wrong; `whole`: shows that something is as it should be. */
	readonly tone: "plain" | "fault" | "whole";
	readonly remarks: readonly Remark[];
};

export type Finding = {
	readonly failure: string;
	readonly confidence: Confidence;
	readonly title: string;
	readonly effect: string;
	readonly explanation: string;
	readonly impact: Impact;
	readonly minutes: number | null;
	/** What the fix interrupts, as a phrase; null where there is no fix. */
	readonly interrupts: string | null;
	readonly signs: readonly Sign[];
	readonly against: readonly Sign[];
	/** Ids of findings that go away with this one. */
	readonly consequences: readonly { readonly failure: string; readonly title: string }[];
	readonly plan: Plan | null;
	readonly prevent: Plan | null;
};

export type RuledOut = {
	readonly failure: string;
	readonly title: string;
	readonly why: string;
	readonly at: readonly Span[];
};
/** `id`: the key of the command among those that a diagnosis may ask for; `command` as it is typed on this host. */
export type NextCommand = { readonly id: CommandId; readonly command: string; readonly why: string };
/** A failure that no finding explains: shown first in the list of what to look at. */
export type Unexplained = { readonly says: string; readonly at: Span };

/** One step of what happened, as a log or a prompt tells it. */
export type Moment = {
	/** Milliseconds since 1970 as far as the line tells; a missing year counts as 2000, a missing zone as UTC. */
	readonly time: number | null;
	/** How to call the time: `08:12:44` as the line prints it, with the day where the story takes longer than one. */
	readonly clock: string | null;
	/** Sentence without a full stop. */
	readonly says: string;
	/** `fault`: a refusal, or what took the rules; `whole`: what healed it. */
	readonly tone: "plain" | "fault" | "whole";
	readonly at: Span;
};

/** One thing that dockerd keeps in the tables, and whether the listing has it. */
export type Expected = {
	readonly table: string;
	/** The chain it stands in, or the chain itself. */
	readonly chain: string;
	/** Words with code in back-ticks: "the jump from `PREROUTING` to `DOCKER`". */
	readonly what: string;
	readonly state: "there" | "missing";
	/** The rule, else the chain or the table that lacks it. */
	readonly at: readonly Span[];
};

export type Analysis = {
	readonly schema: "stackengine.analysis/1";
	readonly artifacts: readonly ArtifactSummary[];
	/** Best first; never empty: `healthy`, `not-networking` or `insufficient-evidence` stand alone. */
	readonly findings: readonly Finding[];
	readonly ruledOut: readonly RuledOut[];
	readonly next: readonly NextCommand[];
	readonly unexplained: readonly Unexplained[];
	/** The story of the present trouble in order of time, at most eight moments; empty where nothing tells one. */
	readonly timeline: readonly Moment[];
	/** What Docker of this generation keeps in the tables that were listed, chain by chain; empty where none is expected. */
	readonly expected: readonly Expected[];
	/** What a plan must know of the host it will run on. */
	readonly platform: Platform;
	/** The flow that matters most: outside to the published port in question. Null without any rule set. */
	readonly trace: Trace | null;
};
