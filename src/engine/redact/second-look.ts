import type { Evidence } from "../text/evidence";
import { isPseudonym } from "./pseudonym";
import type { Redacted } from "./redacted";

/** A word that reads as drawn at random and was not replaced. */
export type Suspect = { readonly source: string; readonly from: number; readonly to: number; readonly word: string };

/**
 * A second look at redacted text by another method than the detectors': no names, no prefixes, no tables. It asks of
 * every long word whether a person or a program could have composed it of words and numbers; where not, the person is
 * asked before it leaves. It warns and replaces nothing: a digest is as random as a key.
 *
 * At most 50 suspects; more than that is a file of digests.
 */
export function secondLook(evidence: Redacted<Evidence>): readonly Suspect[] {
	const suspects: Suspect[] = [];
	const seen = new Set<string>();
	for (const source of evidence) {
		for (const match of source.text.matchAll(/[A-Za-z0-9+/_=~!#$%^&*-]{12,512}/g)) {
			const word = match[0];
			if (seen.has(word) || !isRandom(word)) continue;
			seen.add(word);
			suspects.push({ source: source.id, from: match.index, to: match.index + word.length, word });
			if (suspects.length >= 50) return suspects;
		}
	}
	return suspects;
}

function isRandom(word: string): boolean {
	// Every part between separators by itself: a long option or a path is made of words.
	return word.split(/[-_/=.]+/).some((part) => part.length >= 12 && !isPseudonym(part) && isRandomPart(part));
}

function isRandomPart(part: string): boolean {
	// Addresses of the kernel, commits of git, numbers and dates are no secrets.
	if (/^(?:(?:0x)?[0-9a-f]{16}|[0-9a-f]{40})$/.test(part) || /^\d+$/.test(part) || /^[0-9]{8}T[0-9]{6}Z?$/.test(part))
		return false;
	if (/^ed[0-9a-f]{4}0{4}/.test(part) || /^sw[0-9a-f]{6}0{4}/.test(part) || /^[A-Z]+$/.test(part)) return false;
	// How often the kind of character changes: `DockerEngine29` three times, `aB3kX9q` at every step.
	let changes = 0;
	let kinds = 0;
	for (let at = 0; at < part.length; at++) {
		const kind = kindOf(part.charCodeAt(at));
		kinds |= 1 << kind;
		const before = at > 0 ? kindOf(part.charCodeAt(at - 1)) : kind;
		// A capital that begins a word is no change.
		if (kind !== before && !(before === 1 && kind === 0 && at > 1 && kindOf(part.charCodeAt(at - 2)) !== 1)) changes++;
	}
	const digits = part.replace(/[^0-9]/g, "").length;
	// `IPv6PrefixLen` has one digit, a random word of this length three and more; letters alone must be very mixed.
	if (digits < 3 && changes / part.length < 0.5) return false;
	if ((kinds & 3) === 0) return false;
	const hex = /^[0-9a-f]+$/.test(part);
	return changes / part.length >= (hex ? 0.35 : 0.3) && new Set(part).size >= Math.min(10, part.length * 0.5);
}

/** 0 lower, 1 upper, 2 digit, 3 other. */
function kindOf(code: number): number {
	if (code >= 97 && code <= 122) return 0;
	if (code >= 65 && code <= 90) return 1;
	return code >= 48 && code <= 57 ? 2 : 3;
}
