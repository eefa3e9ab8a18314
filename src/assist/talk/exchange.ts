/**
 * What passes between the assistant's page and the frame that talks to a provider, over one MessagePort. The frame gets
 * what is to be sent, letter by letter, and nothing else; the page gets text.
 */

/** How a provider streams: Anthropic's messages, or OpenAI's chat completions, which Ollama, vLLM and llama.cpp speak too. */
export type Protocol = "anthropic" | "openai";

/** One request, exactly as it goes out. The key is in the headers, and only there. */
export type Outgoing = {
	readonly protocol: Protocol;
	readonly url: string;
	readonly headers: readonly (readonly [name: string, value: string])[];
	readonly body: string;
};

/** Why an answer ended. `length`: the limit of tokens; `refused`: by the model or a filter; `stopped`: by the person. */
export type Ending = "complete" | "length" | "refused" | "stopped";

/** What went wrong, for `wording.ts` to say. `says`: the provider's own words, a line of text at most 500 long. */
export type Failure =
	| { readonly kind: "offline" | "unreachable" | "cut" | "silent" | "too-long" | "malformed" | "no-frame" }
	| { readonly kind: "status"; readonly status: number; readonly says: string }
	/** An error that came within the stream. */
	| { readonly kind: "provider"; readonly says: string }
	/** The answer was no stream of events. */
	| { readonly kind: "not-a-stream"; readonly type: string };

/** One step of an answer. A count of tokens that the provider did not give is null. */
export type Step =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "usage"; readonly input: number | null; readonly output: number | null }
	| { readonly kind: "end"; readonly ending: Ending }
	| { readonly kind: "failed"; readonly failure: Failure };
