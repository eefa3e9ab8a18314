import type { Meter, Place, Scanned } from "./detector";
import { isPlaceholder } from "./token-detectors";

/** What a URL's authority gives away. */
export type UrlPart = "url-password" | "url-user" | "url-host";

/**
 * `scheme://user:password@host:port/…` in any text, also with JSON's escaped slashes. A password may hold `/`, `#` or
 * `@` as people do paste them raw; then the last `@` of the word ends it.
 */
export function scanUrls(text: Scanned, found: (part: UrlPart, place: Place) => void, meter?: Meter): void {
	for (const literal of ["://", ":\\/\\/"]) {
		let at = text.lower.indexOf(literal);
		while (at >= 0) {
			const begin = at + literal.length;
			const end = scanAuthority(text.raw, begin, found);
			if (meter) meter.steps += end - begin;
			at = text.lower.indexOf(literal, begin);
		}
	}
}

const LONGEST = 1024;

function scanAuthority(raw: string, begin: number, found: (part: UrlPart, place: Place) => void): number {
	let end = begin;
	while (end < raw.length && end - begin < LONGEST && !/[\s"'`<>|]/.test(raw.charAt(end))) {
		if (raw[end] === "\\" && raw[end + 1] !== "/") break;
		end++;
	}
	const word = raw.slice(begin, end);
	const slash = firstOf(word, /[/?#\\]/);
	const authority = word.slice(0, slash);
	const at = credentialsEnd(word, authority);
	if (at >= 0) {
		const colon = word.indexOf(":");
		const user = word.slice(0, colon >= 0 && colon < at ? colon : at);
		if (colon >= 0 && colon < at) {
			if (user !== "" && !isPlaceholder(user)) found("url-user", { from: begin, to: begin + colon });
			const password = word.slice(colon + 1, at);
			if (password !== "" && !isPlaceholder(password))
				found("url-password", { from: begin + colon + 1, to: begin + at });
		} else if (user !== "" && !isPlaceholder(user)) {
			// A lone long word before the @ is a token (`https://<token>@github.com`), a short one a user.
			const token = user.length >= 16 && /[0-9]/.test(user);
			found(token ? "url-password" : "url-user", { from: begin, to: begin + at });
		}
	}
	const host = /^\[?([^\s:/?#\\,()\]]{1,253})/.exec(word.slice(at + 1, at + 300));
	if (host?.[1]) {
		const from = begin + at + 1 + (host[0].length - host[1].length);
		found("url-host", { from, to: from + host[1].length });
	}
	return end;
}

/** Offset of the `@` that ends the credentials, -1 without any. */
function credentialsEnd(word: string, authority: string): number {
	const last = authority.lastIndexOf("@");
	if (last >= 0) {
		// `p@ss/word@host`: what follows the first @ still is not the host when another one comes before a blank.
		const later = word.lastIndexOf("@");
		const colon = authority.indexOf(":");
		if (later > last && colon >= 0 && colon < last && /^[A-Za-z0-9.[\]:_-]+(?:[/?#\\,]|$)/.test(word.slice(later + 1)))
			return later;
		return last;
	}
	// `user:pa/ss@host`: a port would be digits.
	const colon = authority.indexOf(":");
	if (colon <= 0 || /^\d{0,5}$/.test(authority.slice(colon + 1))) return -1;
	const later = word.lastIndexOf("@");
	return later > authority.length && /^[A-Za-z0-9.[\]_-]+(?::\d{1,5})?(?:[/?#\\,]|$)/.test(word.slice(later + 1))
		? later
		: -1;
}

function firstOf(word: string, set: RegExp): number {
	const at = word.search(set);
	return at < 0 ? word.length : at;
}
