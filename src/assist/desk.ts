import type { AskReport } from "../engine/ask-report";
import type { Redacted } from "../engine/redact/redacted";
import { channelName, fits, readToDesk, type ToPage } from "./messages";

/** What the report's tab does for the assistant's page. By type nothing but redacted text can be handed over. */
export type DeskWork = {
	report(): Promise<Redacted<AskReport>>;
	/** What the person typed, in the report's stand-ins. */
	redact(question: string): Promise<Redacted<string>>;
	/** An answer with real names: to be shown and nothing else. */
	name(answer: string): Promise<string>;
};

export type Desk = {
	/** Behind the `#` of the page's address. */
	readonly key: string;
	/** Ends it and tells the page so. */
	close(): void;
};

type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener" | "close">;
export type DeskOptions = { readonly origin: string; readonly open?: (name: string) => Channel };

/**
 * The report's end. The evidence and the table of names stay on this side; each answer is made on request, for a page
 * that knows the key.
 */
export function openDesk(work: DeskWork, { origin, open = (name) => new BroadcastChannel(name) }: DeskOptions): Desk {
	const key = [...crypto.getRandomValues(new Uint8Array(16))]
		.map((byte) => byte.toString(16).padStart(2, "0"))
		.join("");
	const channel = open(channelName(key));
	const say = (message: ToPage) => channel.postMessage(message);
	const sayReport = (report: Redacted<AskReport>) =>
		say(fits(report) ? { kind: "report", report: plain(report) } : { kind: "too-long" });
	channel.addEventListener("message", (event: MessageEvent<unknown>) => {
		const asked = readToDesk(event, origin);
		if (asked === null) return;
		// A page that hears nothing says itself that the report did not come.
		if (asked.kind === "hello") return void work.report().then(sayReport, () => undefined);
		const { id, text } = asked;
		const failed = () => say({ kind: "failed", id });
		if (asked.kind === "redact")
			void work.redact(text).then((question) => say({ kind: "question", id, text: question }), failed);
		else void work.name(text).then((named) => say({ kind: "named", id, text: named }), failed);
	});
	return {
		key,
		close: () => {
			say({ kind: "gone" });
			channel.close();
		},
	};
}

type ReportMessage = Extract<ToPage, { kind: "report" }>["report"];

/** The schema's lists are not readonly. */
function plain({ schema, parts, plans }: Redacted<AskReport>): ReportMessage {
	return { schema, parts: [...parts], plans: [...plans] };
}
