import type { RedactionChoices } from "../worker/protocol";

/** What the person decided about what leaves. Lives in memory, and goes with the evidence. */
export type Choices = RedactionChoices & {
	/** Those of `show` that were replaced as secrets: the page goes on warning of them. */
	readonly shownSecrets: readonly string[];
};

export const NO_CHOICES: Choices = { alwaysHide: [], show: [], shownSecrets: [] };

/** Redaction passes over shorter words: a letter stands in every line. */
const SHORTEST = 2;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Hides a word wherever it stands; one that was shown by hand is shown no more. */
export function hideWord(choices: Choices, word: string): Choices {
	const plain = word.trim();
	if (plain.length < SHORTEST) return choices;
	const { alwaysHide, show, shownSecrets } = choices;
	return {
		...choices,
		alwaysHide: alwaysHide.some((one) => same(one, plain)) ? alwaysHide : [...alwaysHide, plain],
		show: show.filter((one) => one !== plain),
		shownSecrets: shownSecrets.filter((one) => one !== plain),
	};
}

/** Takes words off the list of hidden ones; detectors may replace them still. */
export function unhideWords(choices: Choices, within: string): Choices {
	const text = within.toLowerCase();
	return { ...choices, alwaysHide: choices.alwaysHide.filter((one) => !text.includes(one.toLowerCase())) };
}

/** Shows what a detector would replace. */
export function showWord(choices: Choices, word: string, isSecret: boolean): Choices {
	const { show, shownSecrets } = unhideWords(choices, word);
	return {
		...choices,
		alwaysHide: unhideWords(choices, word).alwaysHide,
		show: [...show.filter((one) => one !== word), word],
		shownSecrets: isSecret ? [...shownSecrets.filter((one) => one !== word), word] : shownSecrets,
	};
}

/** Leaves a word to the detectors again. */
export function coverWord(choices: Choices, word: string): Choices {
	return {
		...choices,
		show: choices.show.filter((one) => one !== word),
		shownSecrets: choices.shownSecrets.filter((one) => one !== word),
	};
}

/**
 * Moves every date by weeks that nobody knows, 4 to 51 into the past, or leaves dates as they are. Into the past, since
 * a log out of the future makes a reader look for a broken clock.
 */
export function moveDates(choices: Choices, isMoved: boolean): Choices {
	const { shiftWeeks: _, ...rest } = choices;
	return isMoved ? { ...rest, shiftWeeks: -(4 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 48)) } : rest;
}
