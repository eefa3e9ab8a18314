import type { Failure } from "./talk/exchange";

/** A failure for the person: what was wrong, and what to do. The provider's own words stand beside it. */
export type Words = { readonly what: string; readonly do: string; readonly says: string | null };

/** `origin`: whom the request went to. */
export function wordsOf(failure: Failure, origin: string): Words {
	switch (failure.kind) {
		case "offline":
			return { what: "This machine is offline.", do: "Connect it and send again. Nothing was lost.", says: null };
		case "unreachable":
			return {
				what: `The browser got no answer from ${origin}.`,
				do: "Either nothing listens there, or the server does not answer web pages (CORS). The frame that talks has no origin of its own, so a server has to allow any: start Ollama with OLLAMA_ORIGINS=*, vLLM and llama.cpp do it by themselves. For an address on your machine or network, Chrome also asks for permission.",
				says: null,
			};
		case "cut":
			return { what: "The connection ended in the middle of the answer.", do: "Send the question again.", says: null };
		case "silent":
			return {
				what: "Nothing came for three minutes, so the connection was closed.",
				do: "A model that is still being loaded answers sooner the second time.",
				says: null,
			};
		case "too-long":
			return {
				what: "The answer did not end, so it was cut off.",
				do: "Ask for something shorter, or lower the limit of tokens.",
				says: null,
			};
		case "malformed":
			return {
				what: "The server sent something that is no answer in this protocol.",
				do: "Check that the protocol and the address belong together.",
				says: null,
			};
		case "no-frame":
			return {
				what: "The frame that talks could not be loaded.",
				do: "It comes from this page's own host: is that still reachable?",
				says: null,
			};
		case "not-a-stream":
			return {
				what: `The server answered with ${failure.type === "" ? "something without a type" : failure.type} instead of a stream of events.`,
				do: "Check the address: it may lead to a login page, or to a server that does not stream.",
				says: null,
			};
		case "provider":
			return {
				what: "The provider ended the answer with an error.",
				do: "Send the question again later.",
				says: failure.says || null,
			};
		case "status":
			return { ...ofStatus(failure.status, failure.says), says: failure.says || null };
		default:
			return failure satisfies never;
	}
}

function ofStatus(status: number, says: string): Omit<Words, "says"> {
	// OpenAI tells an empty account by the status of "too many", and Anthropic by that of a bad request.
	if (status === 402 || /insufficient_quota|exceeded your current quota|credit balance/i.test(says))
		return { what: `No credit is left (${status}).`, do: "Look at the billing page of your provider." };
	switch (status) {
		case 401:
			return { what: "The key was refused (401).", do: "Check that it is whole, not revoked, and of this provider." };
		case 403:
			return {
				what: "The key may not do this (403).",
				do: "Its project or account may not use this model, or this address refuses web pages.",
			};
		case 404:
			return { what: "Not found (404).", do: "Check the name of the model and the address." };
		case 413:
			return { what: "The request is too long (413).", do: "Leave parts of the report out." };
		case 429:
			return { what: "Too many requests or tokens (429).", do: "Wait a minute, or leave parts of the report out." };
		case 529:
			return { what: "The provider is overloaded (529).", do: "Send the question again later." };
		default:
			if (status >= 500) return { what: `The server failed (${status}).`, do: "Send the question again later." };
			return {
				what: `The server refused the request (${status}).`,
				do: "Its own words say what it did not like; a report that is too long for the model is the commonest.",
			};
	}
}
