import type { Ending, Failure, Protocol, Step } from "./exchange";

/** What one event of a stream says. `finished`: nothing more is to come, so a connection that ends here was not cut. */
export type Read = { readonly steps: readonly Step[]; readonly finished: boolean };

const NOTHING: Read = { steps: [], finished: false };
const MALFORMED: Failure = { kind: "malformed" };

/** Reads the data of one server-sent event. Total: what is unknown says nothing, and what is no JSON is a failure. */
export function readEvent(protocol: Protocol, data: string): Read {
	if (protocol === "openai" && data.trim() === "[DONE]") return { steps: [], finished: true };
	let event: unknown;
	try {
		event = JSON.parse(data);
	} catch {
		return failed(MALFORMED);
	}
	if (!isObject(event)) return failed(MALFORMED);
	// Both report an error that happens after the first word in this form, OpenAI's servers without a `type`.
	if (isObject(event["error"]) || event["type"] === "error")
		return failed({ kind: "provider", says: errorText(event) });
	return protocol === "anthropic" ? readAnthropic(event) : readOpenAi(event);
}

/**
 * https://docs.anthropic.com/en/docs/build-with-claude/streaming
 *
 *     {"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}
 *     {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}
 *     {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}
 *     {"type":"message_stop"}
 */
function readAnthropic(event: Fields): Read {
	switch (event["type"]) {
		case "message_start": {
			const usage = fields(fields(event["message"])["usage"]);
			return said({ kind: "usage", input: count(usage["input_tokens"]), output: null });
		}
		case "content_block_delta": {
			const { type, text } = fields(event["delta"]);
			return type === "text_delta" && typeof text === "string" ? said({ kind: "text", text }) : NOTHING;
		}
		case "message_delta": {
			const usage: Step = { kind: "usage", input: null, output: count(fields(event["usage"])["output_tokens"]) };
			const ending = ANTHROPIC_ENDINGS.get(fields(event["delta"])["stop_reason"]);
			return { steps: ending ? [usage, { kind: "end", ending }] : [usage], finished: false };
		}
		case "message_stop":
			return { steps: [], finished: true };
		default:
			return NOTHING;
	}
}

const ANTHROPIC_ENDINGS: ReadonlyMap<unknown, Ending> = new Map([
	["end_turn", "complete"],
	["stop_sequence", "complete"],
	["tool_use", "complete"],
	["pause_turn", "complete"],
	["max_tokens", "length"],
	["model_context_window_exceeded", "length"],
	["refusal", "refused"],
]);

/**
 * https://platform.openai.com/docs/api-reference/chat-streaming
 *
 *     {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}
 *     {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
 *     {"choices":[],"usage":{"prompt_tokens":25,"completion_tokens":15}}
 *     [DONE]
 */
function readOpenAi(event: Fields): Read {
	const steps: Step[] = [];
	const { choices } = event;
	const choice = fields(Array.isArray(choices) ? choices[0] : null);
	const { content, refusal } = fields(choice["delta"]);
	for (const text of [content, refusal])
		if (typeof text === "string" && text !== "") steps.push({ kind: "text", text });
	const ending = OPENAI_ENDINGS.get(choice["finish_reason"]);
	if (isObject(event["usage"])) {
		const { prompt_tokens, completion_tokens } = event["usage"];
		steps.push({ kind: "usage", input: count(prompt_tokens), output: count(completion_tokens) });
	}
	if (ending) steps.push({ kind: "end", ending });
	return { steps, finished: false };
}

const OPENAI_ENDINGS: ReadonlyMap<unknown, Ending> = new Map([
	["stop", "complete"],
	["tool_calls", "complete"],
	["function_call", "complete"],
	["length", "length"],
	["content_filter", "refused"],
]);

/**
 * The words of an error body or event, as one short line: `{"error":{"message":"…"}}` of all three, `{"error":"…"}` of
 * Ollama, `{"detail":"…"}` and `{"message":"…"}` of some servers and gateways, else the beginning of the text.
 */
export function errorText(body: unknown): string {
	const whole = fields(body);
	const inner = fields(whole["error"]);
	const says = [inner["message"], whole["error"], whole["message"], whole["detail"], inner["type"], body].find(
		(one): one is string => typeof one === "string" && one.trim() !== "",
	);
	return oneLine(says ?? "");
}

/** The same of a body that may be JSON or a page of a proxy. */
export function errorTextOf(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		return errorText(parsed);
	} catch {
		// A proxy's page says nothing that its status does not.
		return /^\s*</.test(body) ? "" : oneLine(body);
	}
}

const oneLine = (text: string): string =>
	text
		.slice(0, 2_000)
		.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
		.trim()
		.slice(0, 500);

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isObject(value) ? value : {});
const count = (value: unknown): number | null =>
	typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
const said = (step: Step): Read => ({ steps: [step], finished: false });
const failed = (failure: Failure): Read => ({ steps: [{ kind: "failed", failure }], finished: true });
