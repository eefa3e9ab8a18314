declare const sendable: unique symbol;

/**
 * Text that may leave for a provider: words of ours, a redacted report or question, what is left of one after a cut, and
 * what the provider itself has said. This file alone makes it; an answer with real names put back is none.
 */
export type Sendable = string & { readonly [sendable]: true };

/** JSON made of nothing else. Keys are ours. */
export type SendableJson =
	| Sendable
	| number
	| boolean
	| readonly SendableJson[]
	| { readonly [key: string]: SendableJson };

// The one place where the brand is put on; it has no run-time value to check.
const may = (text: string): Sendable => text as Sendable;

/** A text that stands in our source. What is only known when the page runs has the type `string`, and is refused. */
export function ours<const Text extends string>(text: string extends Text ? never : Text): Sendable {
	return may(text);
}

/** For `messages.ts` only: the report's tab sends redacted text alone, by type. */
export const fromReport = may;

/** For `conversation.ts` only: what a provider wrote may go back to it. */
export const fromProvider = may;

/** What is left of a text after the person took something out; null where something was put in. */
export function cut(whole: Sendable, left: string): Sendable | null {
	let at = 0;
	for (let next = 0; next < left.length; next++, at++) {
		at = whole.indexOf(left.charAt(next), at);
		if (at < 0) return null;
	}
	return may(left);
}

/** A model's name as all providers write them: `claude-x-1`, `llama3.2:3b`, `org/model@v1`. Null for anything else. */
export function modelName(text: string): Sendable | null {
	return /^[\w.:/@+-]{1,200}$/.test(text.trim()) ? may(text.trim()) : null;
}

export function join(texts: readonly Sendable[], between: "" | "\n" | "\n\n"): Sendable {
	return may(texts.join(between));
}

/** The very bytes of a request. */
export function toJson(value: SendableJson): Sendable {
	return may(JSON.stringify(value, null, 1));
}
