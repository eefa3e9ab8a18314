import * as v from "valibot";
import type { AskPart, AskPlan } from "../engine/ask-report";
import { fromReport, type Sendable } from "./sendable";

/**
 * What passes between the report's tab (the desk) and the assistant's page, over a BroadcastChannel whose name only the
 * two know. Every message is checked by origin and by schema, and one with anything more in it is dropped whole.
 */
export const LIMITS = {
	/** Characters of all parts together: no model reads more. */
	report: 2_000_000,
	parts: 100,
	plans: 60,
	title: 400,
	question: 20_000,
	answer: 200_000,
	/** Real names may be longer than their stand-ins. */
	named: 800_000,
} as const;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const ID = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,80}(?:\/(?:fix|prevent))?$/));
const NUMBER = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9));

const PART = v.strictObject({ id: ID, title: text(LIMITS.title), text: text(LIMITS.report) });
const PLAN = v.strictObject({ id: ID, title: text(LIMITS.title), summary: text(4 * LIMITS.title) });
const REPORT = v.strictObject({
	schema: v.literal("stackengine.ask/1"),
	parts: v.pipe(
		v.array(PART),
		v.maxLength(LIMITS.parts),
		v.check((parts) => parts.reduce((sum, part) => sum + part.text.length, 0) <= LIMITS.report),
	),
	plans: v.pipe(v.array(PLAN), v.maxLength(LIMITS.plans)),
});

const TO_PAGE = v.variant("kind", [
	v.strictObject({ kind: v.literal("report"), report: REPORT }),
	v.strictObject({ kind: v.literal("too-long") }),
	v.strictObject({ kind: v.literal("question"), id: NUMBER, text: text(2 * LIMITS.question) }),
	v.strictObject({ kind: v.literal("named"), id: NUMBER, text: text(LIMITS.named) }),
	v.strictObject({ kind: v.literal("failed"), id: NUMBER }),
	v.strictObject({ kind: v.literal("gone") }),
]);

const TO_DESK = v.variant("kind", [
	v.strictObject({ kind: v.literal("hello") }),
	v.strictObject({ kind: v.literal("redact"), id: NUMBER, text: text(LIMITS.question) }),
	v.strictObject({ kind: v.literal("name"), id: NUMBER, text: text(LIMITS.answer) }),
]);

export type ToPage = v.InferOutput<typeof TO_PAGE>;
export type ToDesk = v.InferOutput<typeof TO_DESK>;

/** A part of the report as the page has it. */
export type Part = Omit<AskPart, "text" | "title"> & { readonly title: Sendable; readonly text: Sendable };
export type Plan = { readonly [Key in keyof AskPlan]: Sendable };
export type Report = { readonly parts: readonly Part[]; readonly plans: readonly Plan[] };

type Incoming = { readonly origin: string; readonly data: unknown };

/** A message to the assistant's page; null for what came from elsewhere or is none. */
export function readToPage({ origin, data }: Incoming, here: string): ToPage | null {
	const read = origin === here ? v.safeParse(TO_PAGE, data) : null;
	return read?.success ? read.output : null;
}

/** A message to the report's tab. */
export function readToDesk({ origin, data }: Incoming, here: string): ToDesk | null {
	const read = origin === here ? v.safeParse(TO_DESK, data) : null;
	return read?.success ? read.output : null;
}

/** Whether a report passes the schema: asked before it is sent, so that the person hears why nothing came. */
export const fits = (report: unknown): boolean => v.is(REPORT, report);

/** The report of a checked message, whose every word may leave. */
export function reportOf({ report }: Extract<ToPage, { kind: "report" }>): Report {
	return {
		parts: report.parts.map((part) => ({ ...part, title: fromReport(part.title), text: fromReport(part.text) })),
		plans: report.plans.map(({ id, title, summary }) => ({
			id: fromReport(id),
			title: fromReport(title),
			summary: fromReport(summary),
		})),
	};
}

/** The question of a checked message: in stand-ins. */
export const questionOf = (message: Extract<ToPage, { kind: "question" }>): Sendable => fromReport(message.text);

/** The channel that the two ends share. `key` is drawn at random for each opening. */
export const channelName = (key: string): string => `stackengine-ask-${key}`;
