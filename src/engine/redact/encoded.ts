import type { Meter, Place, Scanned } from "./detector";

/**
 * Text inside text: percent-encoded words and base64 runs, decoded so that the same detectors can look into them.
 * Nothing here decides what is secret.
 */

/** A percent-encoded word, decoded, with the way back to the raw offsets. */
export type DecodedWord = { readonly text: string; readonly rawAt: (offset: number) => number };

const LONGEST_WORD = 4096;
const LONGEST_RUN = 65_536;

/** Words with `%3A`, `%40`, `%2F`, `%3D` or `%20` in them; the ones that can hide a pair or a URL. */
export function percentEncodedWords(text: Scanned, found: (word: DecodedWord) => void, meter?: Meter): void {
	const { raw } = text;
	let at = raw.indexOf("%");
	while (at >= 0) {
		if (!/^%[0-9A-Fa-f]{2}/.test(raw.slice(at, at + 3))) {
			at = raw.indexOf("%", at + 1);
			continue;
		}
		let begin = at;
		while (begin > 0 && at - begin < LONGEST_WORD && !/[\s"'<>]/.test(raw.charAt(begin - 1))) begin--;
		let end = at;
		while (end < raw.length && end - at < LONGEST_WORD && !/[\s"'<>]/.test(raw.charAt(end))) end++;
		if (meter) meter.steps += end - begin;
		found(decodePercent(raw, begin, end));
		at = raw.indexOf("%", end);
	}
}

function decodePercent(raw: string, begin: number, end: number): DecodedWord {
	const offsets: number[] = [];
	let text = "";
	for (let at = begin; at < end; ) {
		const hex = raw[at] === "%" ? /^%[0-7][0-9A-Fa-f]/.exec(raw.slice(at, at + 3)) : null;
		// `%253A` hides `%3A`, which hides `:`; two levels are what double encoding makes.
		const twice = hex?.[0] === "%25" ? /^%25[0-7][0-9A-Fa-f]/.exec(raw.slice(at, at + 5)) : null;
		const code = twice?.[0] ?? hex?.[0];
		text += code ? String.fromCharCode(Number.parseInt(code.slice(-2), 16)) : raw.charAt(at);
		offsets.push(at);
		at += code?.length ?? 1;
	}
	return { text, rawAt: (offset) => offsets[offset] ?? end };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SIXTET: ReadonlyMap<number, number> = new Map([
	...Array.from(ALPHABET, (character, value): [number, number] => [character.charCodeAt(0), value]),
	["-".charCodeAt(0), 62],
	["_".charCodeAt(0), 63],
]);

/** A base64 run and what it says when it is text. */
export type Base64Run = Place & { readonly decoded: string | null };

/** Every base64 run of 20 characters and more, joined over line ends where it fills its lines. */
export function base64Runs(text: Scanned, found: (run: Base64Run) => void, meter?: Meter): void {
	const { raw } = text;
	let covered = 0;
	for (const { from, to: end } of text.shape.base64) {
		if (from < covered) continue;
		let padded = Math.min(end, from + LONGEST_RUN);
		while (padded < end + 2 && raw[padded] === "=") padded++;
		const to = wrappedEnd(raw, from, padded);
		if (meter) meter.steps += to - from;
		covered = to;
		// A path is a run too, and so is a long word; neither decodes to text.
		found({ from, to, decoded: decodeBase64(raw.slice(from, to).replace(/\s+(?:> ?)?/g, "")) });
	}
}

function wrappedEnd(raw: string, from: number, end: number): number {
	const lineStart = raw.lastIndexOf("\n", from - 1) + 1;
	const width = end - lineStart;
	if (width < 60 || raw[end - 1] === "=") return end;
	let to = end;
	for (let lines = 0; lines < 512; lines++) {
		const next = /^\r?\n([ \t>]{0,16})([A-Za-z0-9+/_-]{1,400}={0,2})(?=\r?\n|\s{0,2}$)/.exec(raw.slice(to, to + 420));
		if (!next?.[2] || next[2].length > width || /^[a-z]{1,12}$/.test(next[2])) return to;
		to += next[0].length;
		if (next[2].length < width - 20) return to;
	}
	return to;
}

/** The text that a base64 run says; null when its bytes are no printable text. */
export function decodeBase64(run: string): string | null {
	let text = "";
	let bits = 0;
	let held = 0;
	for (let at = 0; at < run.length; at++) {
		const value = SIXTET.get(run.charCodeAt(at));
		if (value === undefined) break;
		held = ((held << 6) | value) & 0xffff;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		const byte = (held >> bits) & 0xff;
		const printable = (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9;
		if (!printable) return null;
		text += String.fromCharCode(byte);
	}
	return text;
}

/** Standard base64 of a text's low bytes, without padding; for finding a known secret's encoded twin. */
export function encodeBase64(text: string): string {
	let out = "";
	let held = 0;
	let bits = 0;
	for (let at = 0; at < text.length; at++) {
		held = ((held << 8) | (text.charCodeAt(at) & 0xff)) & 0xffffff;
		bits += 8;
		while (bits >= 6) {
			bits -= 6;
			out += ALPHABET.charAt((held >> bits) & 63);
		}
	}
	return bits > 0 ? out + ALPHABET.charAt((held << (6 - bits)) & 63) : out;
}
