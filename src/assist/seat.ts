import { channelName, questionOf, type Report, readToPage, reportOf, type ToDesk, type ToPage } from "./messages";
import type { Sendable } from "./sendable";

/** An answer with real names put back. No text, so that it can't be sent by mistake. */
export type Named = { readonly shown: string };

/** The page's end: what it may ask of the tab with the report. */
export type Seat = {
	/** A question in stand-ins; null when the report's tab does not answer. */
	redact(question: string): Promise<Sendable | null>;
	/** An answer with real names; null when the report's tab does not answer. */
	name(answer: string): Promise<Named | null>;
};

export type SeatEvents = {
	readonly onReport: (report: Report) => void;
	readonly onTooLong: () => void;
	/** The report's tab forgot its evidence. */
	readonly onGone: () => void;
};

type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener">;
export type SeatOptions = {
	readonly origin: string;
	readonly open?: (name: string) => Channel;
	/** Milliseconds to wait for an answer: redacting a large log takes seconds. */
	readonly patience?: number;
};

/** Takes the seat and asks for the report. */
export function takeSeat(
	key: string,
	events: SeatEvents,
	{ origin, open = (name) => new BroadcastChannel(name), patience = 30_000 }: SeatOptions,
): Seat {
	const channel = open(channelName(key));
	const say = (message: ToDesk) => channel.postMessage(message);
	const waiting = new Map<number, (answer: ToPage | null) => void>();
	let lastId = 0;
	channel.addEventListener("message", (event: MessageEvent<unknown>) => {
		const message = readToPage(event, origin);
		if (message === null) return;
		if (message.kind === "report") events.onReport(reportOf(message));
		else if (message.kind === "too-long") events.onTooLong();
		else if (message.kind === "gone") events.onGone();
		else waiting.get(message.id)?.(message);
	});
	const ask = (kind: "redact" | "name", text: string): Promise<ToPage | null> =>
		new Promise((resolve) => {
			lastId += 1;
			const id = lastId;
			const settle = (answer: ToPage | null) => {
				clearTimeout(timer);
				waiting.delete(id);
				resolve(answer);
			};
			const timer = setTimeout(() => settle(null), patience);
			waiting.set(id, settle);
			say({ kind, id, text });
		});
	say({ kind: "hello" });
	return {
		redact: async (question) => {
			const answer = await ask("redact", question);
			return answer?.kind === "question" ? questionOf(answer) : null;
		},
		name: async (text) => {
			const answer = await ask("name", text);
			return answer?.kind === "named" ? { shown: answer.text } : null;
		},
	};
}
