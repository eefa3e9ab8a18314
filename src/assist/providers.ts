import type { Protocol } from "./talk/exchange";
import { policyOrigin } from "./talk/origin";

export type ProviderId = "anthropic" | "openai" | "own";

/** US dollars for a million tokens, as they were published on that day. */
export type Price = { readonly input: number; readonly output: number; readonly asOf: string };

export type Provider = {
	readonly id: ProviderId;
	readonly label: string;
	readonly protocol: Protocol;
	/** Null: the person says where. */
	readonly address: string | null;
	readonly models: readonly { readonly name: string; readonly price: Price }[];
};

/** Names and prices are suggestions of that day; both can be written over on the page. */
export const PROVIDERS: readonly Provider[] = [
	{
		id: "anthropic",
		label: "Anthropic",
		protocol: "anthropic",
		address: "https://api.anthropic.com",
		models: [
			{ name: "claude-sonnet-4-5", price: { input: 3, output: 15, asOf: "2025-11-25" } },
			{ name: "claude-haiku-4-5", price: { input: 1, output: 5, asOf: "2025-11-25" } },
		],
	},
	{
		id: "openai",
		label: "OpenAI",
		protocol: "openai",
		address: "https://api.openai.com/v1",
		models: [
			{ name: "gpt-5", price: { input: 1.25, output: 10, asOf: "2026-03-21" } },
			{ name: "gpt-5-mini", price: { input: 0.25, output: 2, asOf: "2026-01-31" } },
		],
	},
	{ id: "own", label: "Another address", protocol: "openai", address: null, models: [] },
];

/** Where a request goes. */
export type Address =
	| {
			readonly kind: "ok";
			/** The whole address of the endpoint. */
			readonly url: string;
			readonly origin: string;
			/** Goes over a network unencrypted. */
			readonly isPlain: boolean;
	  }
	| { readonly kind: "wrong"; readonly says: string };

const wrong = (says: string): Address => ({ kind: "wrong", says });
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|.{1,200}\.localhost)$/;

/** Reads an address as a person writes it: `http://localhost:11434`, with or without `/v1`, or the endpoint itself. */
export function addressOf(text: string, protocol: Protocol): Address {
	const typed = text.trim();
	if (typed === "") return wrong("Write the address of the server, such as http://localhost:11434/v1.");
	let url: URL;
	try {
		url = new URL(typed);
	} catch {
		return wrong("This is no address: it begins with http:// or https://.");
	}
	if (url.protocol !== "https:" && url.protocol !== "http:")
		return wrong("An address begins with http:// or https://.");
	if (url.username !== "" || url.password !== "")
		return wrong("A name or password in an address ends up in logs. Put the key in its field.");
	if (url.search !== "" || url.hash !== "") return wrong("Leave out what stands behind the ? or the #.");
	const origin = policyOrigin(typed);
	if (origin === null)
		return wrong("A browser's policy can't name this host. Use its name; for [::1] write localhost.");
	const base = url.pathname.replace(/\/(?:chat\/completions|messages)\/?$/, "").replace(/\/+$/, "");
	const versioned = base === "" || (protocol === "anthropic" && !base.endsWith("/v1")) ? `${base}/v1` : base;
	const endpoint = protocol === "anthropic" ? "messages" : "chat/completions";
	return {
		kind: "ok",
		url: `${origin}${versioned}/${endpoint}`,
		origin,
		isPlain: url.protocol === "http:" && !LOOPBACK.test(url.hostname),
	};
}

/** The frame that may talk to this origin: one whose own policy names it, or the one that narrows itself to any. */
export function frameFor(origin: string): string {
	const known = PROVIDERS.find(({ address }) => address !== null && policyOrigin(address) === origin);
	const isHere = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/.test(origin);
	return `talk-${known?.id ?? (isHere ? "local" : "own")}.html`;
}
