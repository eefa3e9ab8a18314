import type { Address } from "./providers";
import { join, ours, type Sendable, type SendableJson, toJson } from "./sendable";
import type { Outgoing, Protocol } from "./talk/exchange";

/** One thing said. The first is the person's, and they alternate. */
export type Message = { readonly by: "person" | "model"; readonly text: Sendable };

export type Asking = {
	readonly protocol: Protocol;
	/** `own`: a server that may not know OpenAI's newest field names. */
	readonly isOpenAi: boolean;
	readonly address: Extract<Address, { kind: "ok" }>;
	readonly model: Sendable;
	/** Most tokens of the answer. */
	readonly most: number;
	readonly system: Sendable;
	readonly messages: readonly Message[];
};

/** A request but for its key. */
export type Unsigned = Omit<Outgoing, "body"> & {
	readonly origin: string;
	readonly body: Sendable;
	/** The header that the key goes into, and what stands before it there. */
	readonly keyHeader: { readonly name: string; readonly before: string };
};

/** The request, letter by letter, as it is shown and sent. */
export function requestOf({ protocol, isOpenAi, address, model, most, system, messages }: Asking): Unsigned {
	const said = messages.map(({ by, text }) => ({
		role: by === "person" ? ours("user") : ours("assistant"),
		content: text,
	}));
	const body: SendableJson =
		protocol === "anthropic"
			? { model, max_tokens: most, stream: true, system, messages: said }
			: {
					model,
					...(isOpenAi ? { max_completion_tokens: most } : { max_tokens: most }),
					stream: true,
					stream_options: { include_usage: true },
					messages: [{ role: ours("system"), content: system }, ...said],
				};
	return {
		protocol,
		url: address.url,
		origin: address.origin,
		headers:
			protocol === "anthropic"
				? [
						["content-type", "application/json"],
						["anthropic-version", "2023-06-01"],
						// Without it the API answers no browser. What it warns of is a key in a page that others open; this one is typed.
						["anthropic-dangerous-direct-browser-access", "true"],
					]
				: [["content-type", "application/json"]],
		keyHeader:
			protocol === "anthropic" ? { name: "x-api-key", before: "" } : { name: "authorization", before: "Bearer " },
		body: toJson(body),
	};
}

/** A key as all providers make them: one word of ASCII. */
export const isKey = (text: string): boolean => /^[\x21-\x7e]{1,1000}$/.test(text);

/** The request with its key, as the frame gets it. Without a key there is no header for it: many local servers want none. */
export function sign({ protocol, url, headers, keyHeader, body }: Unsigned, key: string): Outgoing {
	const signed = key === "" ? headers : [...headers, [keyHeader.name, `${keyHeader.before}${key}`] as const];
	return { protocol, url, headers: signed, body };
}

/** The headers as they are shown: the key is never drawn. */
export function shownHeaders(
	{ headers, keyHeader }: Unsigned,
	hasKey: boolean,
): readonly (readonly [string, string])[] {
	return hasKey
		? [...headers, [keyHeader.name, `${keyHeader.before}\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022`]]
		: headers;
}

/** Everything that a question sends in one text, to be read before. */
export const readable = (system: Sendable, messages: readonly Message[]): Sendable =>
	join([system, ...messages.map(({ text }) => text)], "\n\n");
