const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SIXTET: ReadonlyMap<number, number> = new Map(
	Array.from(ALPHABET, (character, value): [number, number] => [character.charCodeAt(0), value]),
);

/** RFC 4648 section 5, without padding: every character may stand in a URL fragment as it is. */
export function encodeBase64Url(bytes: Uint8Array): string {
	const pieces: string[] = [];
	for (let at = 0; at < bytes.length; at += 3) {
		const a = bytes[at] ?? 0;
		const b = bytes[at + 1] ?? 0;
		const c = bytes[at + 2] ?? 0;
		const length = Math.min(3, bytes.length - at) + 1;
		const four =
			ALPHABET.charAt(a >> 2) +
			ALPHABET.charAt(((a & 3) << 4) | (b >> 4)) +
			ALPHABET.charAt(((b & 15) << 2) | (c >> 6)) +
			ALPHABET.charAt(c & 63);
		pieces.push(four.slice(0, length));
	}
	return pieces.join("");
}

/** Null when a character is none of the 64, or when the length can be no such text. */
export function decodeBase64Url(text: string): Uint8Array | null {
	if (text.length % 4 === 1) return null;
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	let held = 0;
	let bits = 0;
	let at = 0;
	for (let index = 0; index < text.length; index++) {
		const value = SIXTET.get(text.charCodeAt(index));
		if (value === undefined) return null;
		held = ((held << 6) | value) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (held >> bits) & 0xff;
		}
	}
	return bytes;
}
