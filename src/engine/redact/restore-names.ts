/**
 * Puts the real names back into a text of ours (a script, a plan) for the person who has the raw evidence. Secrets stay
 * out: no repair needs one. Only whole words are put back, so `host-1` never touches `host-12`.
 */
export function restoreNames(text: string, originals: ReadonlyMap<string, string>): string {
	const byLength = new Map<number, Map<string, string>>();
	for (const [pseudonym, original] of originals) {
		if (/^redacted-\d+$/.test(pseudonym)) continue;
		const same = byLength.get(pseudonym.length) ?? new Map<string, string>();
		same.set(pseudonym, original);
		byLength.set(pseudonym.length, same);
	}
	const lengths = [...byLength.keys()].sort((a, b) => b - a);
	const pieces: string[] = [];
	let kept = 0;
	for (let at = 0; at < text.length; ) {
		const hit = isWordStart(text, at) ? longestAt(text, at, lengths, byLength) : null;
		if (!hit) {
			at++;
			continue;
		}
		pieces.push(text.slice(kept, at), hit.original);
		at += hit.length;
		kept = at;
	}
	pieces.push(text.slice(kept));
	return pieces.join("");
}

function longestAt(
	text: string,
	at: number,
	lengths: readonly number[],
	byLength: ReadonlyMap<number, ReadonlyMap<string, string>>,
): { readonly original: string; readonly length: number } | null {
	for (const length of lengths) {
		const original = byLength.get(length)?.get(text.slice(at, at + length));
		if (original !== undefined && isWordEnd(text, at + length)) return { original, length };
	}
	return null;
}

// `br-ed0001000000` holds an id behind a hyphen; `203.0.113.1` must not be found in `203.0.113.14` or in `1.203.0.113.1`.
function isWordStart(text: string, at: number): boolean {
	const before = text.charAt(at - 1);
	return !/[A-Za-z0-9]/.test(before) && !(before === "." && /\d/.test(text.charAt(at)));
}

function isWordEnd(text: string, at: number): boolean {
	const after = text.slice(at, at + 2);
	return !/^[A-Za-z0-9]/.test(after) && !/^\.\d/.test(after);
}
