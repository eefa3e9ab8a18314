import type { Place } from "./detector";

/**
 * What a text is made of, found in one walk over its characters: the finders of names, ids and addresses then look at
 * these few places, and not each at the whole text.
 */
export type Shape = {
	/** Every longest run of letters, digits, `_`, `.` and `-` that begins with a letter or digit: `from`, `to`, dots, dashes. */
	readonly words: Int32Array;
	/** Every longest run of 8 and more letters and digits: `from`, `to`. */
	readonly runs: readonly Place[];
	/** Every longest run of 20 and more characters of either base64 alphabet, without padding. */
	readonly base64: readonly Place[];
	/** Every longest run of hex digits and colons with five colons and more: MACs, and IPv6 in full. */
	readonly colons: readonly Place[];
};

// Numbers for one word in `Shape.words`.
const WORD_SIZE = 4;

const ALNUM = 1;
const HEX = 2;
const IN_WORD = 4;
const IN_BASE64 = 8;
const COLON = 16;

const CLASS = new Uint8Array(128);
for (let code = 48; code < 58; code++) CLASS[code] = ALNUM | HEX | IN_WORD | IN_BASE64;
for (let code = 65; code < 91; code++) CLASS[code] = ALNUM | IN_WORD | IN_BASE64;
for (let code = 97; code < 123; code++) CLASS[code] = ALNUM | IN_WORD | IN_BASE64;
for (const letter of "abcdefABCDEF") CLASS[letter.charCodeAt(0)] = ALNUM | HEX | IN_WORD | IN_BASE64;
for (const [sign, is] of [
	["_", IN_WORD | IN_BASE64],
	["-", IN_WORD | IN_BASE64],
	[".", IN_WORD],
	["+", IN_BASE64],
	["/", IN_BASE64],
	[":", COLON],
] as const)
	CLASS[sign.charCodeAt(0)] = is;

const DOT = 46;
const DASH = 45;

/** One walk; what it finds rises. */
export function shapeOf(raw: string): Shape {
	let words = new Int32Array(Math.max(96, raw.length >> 1));
	let count = 0;
	const runs: Place[] = [];
	const base64: Place[] = [];
	const colons: Place[] = [];
	let word = -1;
	let dots = 0;
	let dashes = 0;
	let run = -1;
	let base = -1;
	let hex = -1;
	let colon = 0;
	for (let at = 0; at <= raw.length; at++) {
		const code = at < raw.length ? raw.charCodeAt(at) : 0;
		const is = code < 128 ? (CLASS[code] ?? 0) : 0;
		if ((is & ALNUM) !== 0) {
			if (run < 0) run = at;
			if (word < 0) {
				word = at;
				dots = 0;
				dashes = 0;
			}
		} else {
			if (run >= 0) {
				if (at - run >= 8) runs.push({ from: run, to: at });
				run = -1;
			}
			if (word >= 0) {
				if (code === DOT) dots++;
				else if (code === DASH) dashes++;
				else if ((is & IN_WORD) === 0) {
					if (count + WORD_SIZE > words.length) {
						const more = new Int32Array(words.length * 2);
						more.set(words);
						words = more;
					}
					words[count] = word;
					words[count + 1] = at;
					words[count + 2] = dots;
					words[count + 3] = dashes;
					count += WORD_SIZE;
					word = -1;
				}
			}
		}
		if ((is & IN_BASE64) !== 0) {
			if (base < 0) base = at;
		} else if (base >= 0) {
			if (at - base >= 20) base64.push({ from: base, to: at });
			base = -1;
		}
		if ((is & (HEX | COLON)) !== 0) {
			if (hex < 0) {
				hex = at;
				colon = 0;
			}
			if (is === COLON) colon++;
		} else if (hex >= 0) {
			if (colon >= 5) colons.push({ from: hex, to: at });
			hex = -1;
		}
	}
	return { words: words.subarray(0, count), runs, base64, colons };
}

/** Calls `use` for every word, with how many dots and dashes it holds. */
export function eachWord(
	{ words }: Shape,
	use: (from: number, to: number, dots: number, dashes: number) => void,
): void {
	for (let at = 0; at < words.length; at += WORD_SIZE)
		use(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
}
