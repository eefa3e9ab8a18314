import { createParser } from "eventsource-parser";
import { errorTextOf, readEvent } from "./events";
import type { Ending, Failure, Outgoing, Step } from "./exchange";

/** Where an answer is ended for its sender: nothing a model writes to a person is longer. */
export const LIMITS = {
	/** Characters of an answer. */
	text: 200_000,
	/** Bytes of a stream: what does not show (pings, a model's thoughts) counts too. */
	bytes: 20_000_000,
	/** Characters of one event. */
	event: 1_000_000,
	/** Milliseconds without a byte; a local model may load for minutes before the first. */
	silence: 180_000,
	/** Characters of an error body that are read. */
	error: 20_000,
} as const;

export type Io = {
	readonly fetch: typeof fetch;
	/** Fires when the person stops the answer. */
	readonly signal: AbortSignal;
	readonly isOnline: () => boolean;
	readonly silence?: number;
};

/**
 * Sends one request and reads its answer as it comes. Tells steps in order; the last is always `end` or `failed`, also
 * for an answer that is cut, silent, endless, malformed or no stream at all. Never rejects.
 */
export async function talk(
	request: Outgoing,
	{ fetch: send, signal, isOnline, silence }: Io,
	tell: (step: Step) => void,
) {
	const reading = createReading(request.protocol, tell);
	// One controller for the person's stop, for silence and for our own limits: the reason says which.
	const abort = new AbortController();
	const stop = () => abort.abort(STOPPED);
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const heard = () => {
		clearTimeout(timer);
		timer = setTimeout(() => abort.abort(SILENT), silence ?? LIMITS.silence);
	};
	try {
		heard();
		const response = await send(request.url, {
			method: "POST",
			headers: request.headers.map(([name, value]): [string, string] => [name, value]),
			body: request.body,
			signal: abort.signal,
			// Nothing but what the page showed: no cookies, no address of ours, no copy kept, no other address.
			credentials: "omit",
			referrerPolicy: "no-referrer",
			cache: "no-store",
			redirect: "error",
		});
		await readAnswer(response, reading, heard);
		reading.close();
	} catch {
		if (abort.signal.reason === STOPPED) reading.end("stopped");
		else if (abort.signal.reason === SILENT) reading.fail({ kind: "silent" });
		else if (!isOnline()) reading.fail({ kind: "offline" });
		else reading.fail({ kind: reading.begun() ? "cut" : "unreachable" });
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
		abort.abort();
	}
}

const STOPPED = "stopped";
const SILENT = "silent";

/** Reads a response to its end, or to the point where the reading has had enough. */
async function readAnswer(response: Response, reading: Reading, heard: () => void): Promise<void> {
	if (!response.ok) {
		const body = await bodyOf(response, heard);
		return reading.fail({ kind: "status", status: response.status, says: errorTextOf(body) });
	}
	const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
	if (type !== "text/event-stream") return reading.fail({ kind: "not-a-stream", type: type.slice(0, 80) });
	for await (const text of textOf(response, heard)) {
		reading.feed(text);
		if (reading.isOver()) break;
	}
}

/** The beginning of an error's body; what there is of it where it is cut. */
async function bodyOf(response: Response, heard: () => void): Promise<string> {
	let body = "";
	try {
		for await (const text of textOf(response, heard)) {
			body += text;
			if (body.length > LIMITS.error) break;
		}
	} catch {
		// The status says enough.
	}
	return body.slice(0, LIMITS.error);
}

async function* textOf(response: Response, heard: () => void): AsyncGenerator<string> {
	const reader = response.body?.getReader();
	if (!reader) return;
	const decoder = new TextDecoder();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			heard();
			yield decoder.decode(value, { stream: true });
		}
	} finally {
		// Also when the reading has had enough: the rest is not waited for.
		void reader.cancel().catch(() => undefined);
	}
}

type Reading = ReturnType<typeof createReading>;

/** Turns text of a stream into steps, counts what it takes, and says the end exactly once. */
function createReading(protocol: Outgoing["protocol"], tell: (step: Step) => void) {
	let over = false;
	let begun = false;
	let length = 0;
	let bytes = 0;
	let ending: Ending | null = null;
	const finish = (step: Step) => {
		if (!over) tell(step);
		over = true;
	};
	const fail = (failure: Failure) => finish({ kind: "failed", failure });
	const take = (step: Step) => {
		if (over) return;
		if (step.kind === "failed") return fail(step.failure);
		// The usage may come after it: the end is told when nothing more follows.
		if (step.kind === "end") ending = step.ending;
		else if (step.kind === "usage") tell(step);
		else {
			tell({ kind: "text", text: step.text.slice(0, LIMITS.text - length) });
			length += step.text.length;
			if (length > LIMITS.text) fail({ kind: "too-long" });
		}
	};
	const parser = createParser({
		maxBufferSize: LIMITS.event,
		onEvent: ({ data }) => {
			if (over || data === "") return;
			begun = true;
			const { steps, finished } = readEvent(protocol, data);
			for (const step of steps) take(step);
			if (finished && !over) finish({ kind: "end", ending: ending ?? "complete" });
		},
		onError: ({ type }) => {
			if (type === "max-buffer-size-exceeded") fail({ kind: "malformed" });
		},
	});
	return {
		feed: (text: string) => {
			bytes += text.length;
			if (bytes > LIMITS.bytes) fail({ kind: "too-long" });
			else if (!over) parser.feed(text);
		},
		fail,
		end: (how: Ending) => finish({ kind: "end", ending: how }),
		/** The connection has ended. Some servers send no `[DONE]`; one that gave a reason to end was not cut. */
		close: () => (ending === null ? fail({ kind: begun ? "cut" : "malformed" }) : finish({ kind: "end", ending })),
		isOver: () => over,
		begun: () => begun,
	};
}
