import type { Part, Plan, Report } from "./messages";
import { opening } from "./prompt";
import type { Message } from "./request";
import { cut, fromProvider, type Sendable } from "./sendable";
import type { Ending, Failure, Step } from "./talk/exchange";

/** A question and what came of it, in stand-ins. `ending` and `failure` are null while it is coming. */
export type Turn = {
	readonly question: Sendable;
	/** Whom it went to. */
	readonly origin: string;
	readonly answer: string;
	readonly ending: Ending | null;
	readonly failure: Failure | null;
	/** Tokens as the provider counted them; null where it did not. */
	readonly input: number | null;
	readonly output: number | null;
};

/** A part of the report, and what the person left of it. */
export type KeptPart = { readonly part: Part; readonly kept: Sendable; readonly isSent: boolean };

export type Stage =
	| { readonly kind: "writing" }
	| { readonly kind: "redacting" }
	/** Shown letter by letter, and not sent yet. */
	| { readonly kind: "reviewing"; readonly question: Sendable }
	| { readonly kind: "answering" };

export type Conversation = {
	readonly parts: readonly KeptPart[];
	readonly plans: readonly Plan[];
	readonly turns: readonly Turn[];
	readonly stage: Stage;
};

export const EMPTY: Conversation = { parts: [], plans: [], turns: [], stage: { kind: "writing" } };

export type Deed =
	| { readonly kind: "report"; readonly report: Report }
	| { readonly kind: "send-part"; readonly id: string; readonly isSent: boolean }
	/** `left`: what is left of the part after the person's cut. */
	| { readonly kind: "cut-part"; readonly id: string; readonly left: string }
	| { readonly kind: "restore-part"; readonly id: string }
	| { readonly kind: "redact" }
	| { readonly kind: "review"; readonly question: Sendable }
	| { readonly kind: "cut-question"; readonly left: string }
	| { readonly kind: "back" }
	| { readonly kind: "sent"; readonly origin: string }
	| { readonly kind: "step"; readonly step: Step };

/** The one writer of the conversation. */
export function advance(now: Conversation, deed: Deed): Conversation {
	const { stage } = now;
	switch (deed.kind) {
		case "report":
			// The same tab says hello again after a reload of the page; what was cut stays cut.
			if (now.parts.length > 0) return now;
			return {
				...now,
				parts: deed.report.parts.map((part) => ({ part, kept: part.text, isSent: true })),
				plans: deed.report.plans,
			};
		case "send-part":
			return withPart(now, deed.id, (part) => ({ ...part, isSent: deed.isSent }));
		case "cut-part":
			return withPart(now, deed.id, (part) => ({ ...part, kept: cut(part.kept, deed.left) ?? part.kept }));
		case "restore-part":
			return withPart(now, deed.id, (part) => ({ ...part, kept: part.part.text }));
		case "redact":
			return { ...now, stage: { kind: "redacting" } };
		case "review":
			return stage.kind === "redacting" ? { ...now, stage: { kind: "reviewing", question: deed.question } } : now;
		case "cut-question": {
			if (stage.kind !== "reviewing") return now;
			return { ...now, stage: { kind: "reviewing", question: cut(stage.question, deed.left) ?? stage.question } };
		}
		case "back":
			return stage.kind === "answering" ? now : { ...now, stage: { kind: "writing" } };
		case "sent": {
			if (stage.kind !== "reviewing") return now;
			const { question } = stage;
			const { origin } = deed;
			const turn: Turn = { question, origin, answer: "", ending: null, failure: null, input: null, output: null };
			return { ...now, turns: [...now.turns, turn], stage: { kind: "answering" } };
		}
		case "step":
			return stage.kind === "answering" ? withStep(now, deed.step) : now;
		default:
			return deed satisfies never;
	}
}

function withPart(now: Conversation, id: string, change: (part: KeptPart) => KeptPart): Conversation {
	return { ...now, parts: now.parts.map((one) => (one.part.id === id ? change(one) : one)) };
}

function withStep(now: Conversation, step: Step): Conversation {
	const turn = now.turns.at(-1);
	if (!turn) return now;
	const turns = (changed: Turn) => [...now.turns.slice(0, -1), changed];
	switch (step.kind) {
		case "text":
			return { ...now, turns: turns({ ...turn, answer: turn.answer + step.text }) };
		case "usage":
			return {
				...now,
				turns: turns({ ...turn, input: step.input ?? turn.input, output: step.output ?? turn.output }),
			};
		case "end":
			return { ...now, turns: turns({ ...turn, ending: step.ending }), stage: { kind: "writing" } };
		case "failed":
			return { ...now, turns: turns({ ...turn, failure: step.failure }), stage: { kind: "writing" } };
		default:
			return step satisfies never;
	}
}

/**
 * Everything that goes with a question: the report first, then what was said. A question without an answer is left out:
 * both protocols want the two to take turns.
 */
export function messagesOf({ parts, plans, turns }: Conversation, question: Sendable): readonly Message[] {
	const said = turns
		.filter(({ answer }) => answer.trim() !== "")
		.flatMap(({ question: asked, answer }): readonly Message[] => [
			{ by: "person", text: asked },
			{ by: "model", text: fromProvider(answer) },
		]);
	const [first, ...rest] = [...said, { by: "person" as const, text: question }];
	const sent = parts.filter(({ isSent }) => isSent).map(({ part, kept }) => ({ ...part, text: kept }));
	return first ? [{ by: "person", text: opening(sent, plans, first.text) }, ...rest] : [];
}
