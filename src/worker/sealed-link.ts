/**
 * A link behind a passphrase. Randomness is no business of the engine's, so this stands outside of it:
 *
 *     v1e.<base64url of: salt (16 bytes), IV (12 bytes), AES-256-GCM ciphertext with its tag>
 *
 * The plaintext is the bytes that a version 1 link carries behind its `v1.`; the key is PBKDF2-HMAC-SHA-256 of the
 * passphrase (NFC, UTF-8) with 600,000 rounds, as OWASP's Password Storage Cheat Sheet asks; `v1e` is authenticated
 * along with it. What this means never changes: links live for ever.
 */
const PREFIX = "v1e.";
const ROUNDS = 600_000;
const SALT = 16;
const IV = 12;
const TAG = 16;
/** Of a version 1 link in a file: see LIMITS of the engine's `share/payload.ts`; a third more than its bytes. */
const LONGEST = 6_000_100;

/** Fewer are guessed too soon: whoever has the link may try for ever. */
export const SHORTEST_PASSPHRASE = 10;

export type Unsealed =
	| { readonly kind: "ok"; readonly fragment: string }
	| { readonly kind: "wrong" }
	| { readonly kind: "damaged"; readonly says: string };

/** Whether a fragment is one that asks for a passphrase. */
export function isSealed(fragment: string): boolean {
	return fragment.startsWith(PREFIX);
}

/** False where the browser gives no cryptography: on pages that came over plain http. */
export function canSeal(): boolean {
	return globalThis.crypto?.subtle !== undefined;
}

/** The fragment of a version 1 link, encrypted. Rejects what is no such fragment. */
export async function sealLink(fragment: string, passphrase: string): Promise<string> {
	const bytes = fragment.startsWith("v1.") ? decode(fragment.slice(3)) : null;
	if (!bytes) throw new TypeError("Only a link of version 1 can be sealed");
	const salt = crypto.getRandomValues(new Uint8Array(SALT));
	const iv = crypto.getRandomValues(new Uint8Array(IV));
	const key = await keyOf(passphrase, salt, "encrypt");
	const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters(iv), key, bytes));
	const whole = new Uint8Array(SALT + IV + sealed.length);
	whole.set(salt);
	whole.set(iv, SALT);
	whole.set(sealed, SALT + IV);
	return `${PREFIX}${encode(whole)}`;
}

/** The version 1 fragment inside. A wrong passphrase and a changed character can't be told apart; both are `wrong`. */
export async function openSealed(fragment: string, passphrase: string): Promise<Unsealed> {
	if (!isSealed(fragment)) return { kind: "damaged", says: "This is no link with a passphrase." };
	if (fragment.length > LONGEST) return { kind: "damaged", says: "The link is longer than a report can be." };
	const bytes = decode(fragment.slice(PREFIX.length));
	if (!bytes || bytes.length < SALT + IV + TAG + 6)
		return { kind: "damaged", says: "The link is damaged: it holds characters that no link has, or it was cut off." };
	if (!canSeal())
		return { kind: "damaged", says: "This browser gives no cryptography here: open the page over https." };
	try {
		const key = await keyOf(passphrase, bytes.slice(0, SALT), "decrypt");
		const iv = bytes.slice(SALT, SALT + IV);
		const plain = new Uint8Array(await crypto.subtle.decrypt(parameters(iv), key, bytes.slice(SALT + IV)));
		return { kind: "ok", fragment: `v1.${encode(plain)}` };
	} catch {
		// OperationError: the tag does not fit.
		return { kind: "wrong" };
	}
}

/** A passphrase that nobody guesses: 25 letters and digits without look-alikes, 125 bits. */
export function makePassphrase(): string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789";
	const drawn = crypto.getRandomValues(new Uint8Array(25));
	const signs = Array.from(drawn, (byte) => letters.charAt(byte & 31));
	return [0, 5, 10, 15, 20].map((at) => signs.slice(at, at + 5).join("")).join("-");
}

const parameters = (iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
	name: "AES-GCM",
	iv,
	additionalData: new TextEncoder().encode("v1e"),
	tagLength: TAG * 8,
});

async function keyOf(
	passphrase: string,
	salt: Uint8Array<ArrayBuffer>,
	use: "encrypt" | "decrypt",
): Promise<CryptoKey> {
	const words = new TextEncoder().encode(passphrase.normalize("NFC"));
	const base = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
	return crypto.subtle.deriveKey(
		{ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS },
		base,
		{ name: "AES-GCM", length: 256 },
		false,
		[use],
	);
}

// RFC 4648 section 5 without padding, as the engine writes it; its code stays off the main thread.
function encode(bytes: Uint8Array): string {
	const pieces: string[] = [];
	// Every piece a multiple of three bytes, so that none but the last has padding.
	for (let at = 0; at < bytes.length; at += 24_576)
		pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 24_576))));
	return pieces.join("").replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
	if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}
