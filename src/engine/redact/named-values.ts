import type { Meter, Place } from "./detector";
import { runOn } from "./detector";
import { isOurs, isPlaceholder } from "./token-detectors";

/**
 * Values that a telling name gives away: `POSTGRES_PASSWORD=…`, `"identitytoken": "…"`, `--splunk-token …`,
 * `client-key-data: …`, `<password>…</password>`, in shell, JSON (also escaped), YAML, ini, URLs and logfmt.
 *
 * Not read: a name and its value on two lines, but for a wrapped value.
 */

/** A telling name holds one of these. */
export const VALUE_LITERALS: readonly string[] = [
	"pass",
	"pwd",
	"secret",
	"token",
	"api_key",
	"apikey",
	"api-key",
	"access_key",
	"access-key",
	"accesskey",
	"account_key",
	"account-key",
	"accountkey",
	"private_key",
	"private-key",
	"privatekey",
	"shared_key",
	"shared-key",
	"sharedkey",
	"sharedaccess",
	"preshared",
	"psk",
	"auth",
	"credential",
	"key-data",
	"certificate-authority-data",
	"client-certificate-data",
	"encryption_key",
	"encryption-key",
	"encryptionkey",
	"signing_key",
	"signing-key",
	"signingkey",
	"master_key",
	"master-key",
	"masterkey",
	"secret_key",
	"unlock",
	"unseal",
	"cookie",
	"session",
	"signature",
	"sig=",
	"sig:",
	"salt",
	"webhook",
	"licen",
	"join_key",
	"machine_key",
	"_key",
	".key",
	"key=",
	"-key",
];

// Any value after such a name is a secret, even `postgres` or `1234`.
const STRONG =
	/(?:^|[_.-])(?:pass|passwd|password|passphrase|passcode|pwd|secret|token|apikey|api_key|access_key|accesskey|account_key|accountkey|private_key|privatekey|shared_key|sharedkey|sharedaccesskey|sharedaccesssignature|presharedkey|preshared_key|psk|encryption_key|encryptionkey|signing_key|signingkey|master_key|masterkey|secretkey|secret_key|key_data|certificate_authority_data|client_certificate_data|unlock_key|unseal_key|credential|credentials|auth_key|authkey)$/;
const STRONG_END =
	/(?:requirepass|masterauth|password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|secretkey|authkey)$/;
// These are secrets only when the value looks like one.
const SOFT = /(?:^|[_.-])(?:auth|key|cookie|session|sessionid|signature|sig|salt|webhook|license|licence)$/;
// What a name means with such an end is no secret: a file, a limit, a kind.
const ABOUT =
	/(?:^|[_.-])(?:file|files|path|dir|directory|name|names|url|uri|endpoint|ttl|expiry|expires|expiration|expire|length|len|size|type|kind|count|policy|stdin|prompt|ref|required|enabled|disabled|min|max|age|rotation|method|mode|server|realm|header|env|version|algorithm|alg|provider|driver|plugin|plugins|plugins_dir|field|label|user|username|hint|reset|change|id|failed|failure|error|issuer|scope|source|config|store|helper|helpers)$/;

/** Splits `dbPassword` and `DB-Password` alike into `db_password`. */
function normalised(name: string): string {
	return name
		.replace(/([a-z0-9])([A-Z])/g, "$1_$2")
		.toLowerCase()
		.replace(/[-.]+/g, "_")
		.replace(/^_+|_+$/g, "");
}

type Telling = "strong" | "soft" | null;

function tellingOf(name: string): Telling {
	const plain = normalised(name);
	if (ABOUT.test(plain)) return null;
	if (STRONG.test(plain) || STRONG_END.test(plain)) return "strong";
	return SOFT.test(plain) ? "soft" : null;
}

/** Whether a value reads as drawn from a random source rather than written by a person. */
export function looksRandom(value: string): boolean {
	if (value.length < 12 || value.startsWith("/") || /\s/.test(value)) return false;
	const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((set) => set.test(value)).length;
	if (classes < 2 || !/[0-9+/=]/.test(value)) return false;
	return entropy(value.slice(0, 128)) >= (value.length >= 20 ? 3.2 : 2.8);
}

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
	const counts = new Map<string, number>();
	for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
	let bits = 0;
	for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
	return bits;
}

/** The value beside the name in which a literal stands at `at`; null where the name or the value tells nothing. */
export function valueAfterName(raw: string, at: number, meter?: Meter): (Place & { id: string }) | null {
	let begin = at;
	while (begin > 0 && at - begin < 64 && isNamePart(raw.charCodeAt(begin - 1))) begin--;
	let end = at;
	while (end < raw.length && end - at < 64 && isNamePart(raw.charCodeAt(end))) end++;
	if (meter) meter.steps += end - begin;
	// `\npassword=` in JSON text: the n belongs to the escape, not to the name.
	if (raw[begin - 1] === "\\" && /[nrt]/.test(raw.charAt(begin))) begin++;
	const name = raw.slice(begin, end);
	const telling = tellingOf(name);
	if (!telling) return null;
	const start = valueStart(raw, begin, end);
	if (start === null) return null;
	const value = valueAt(raw, start.at, start.quote, meter);
	if (!value) return null;
	const word = raw.slice(value.from, value.to);
	// A key block keeps its frame, see `key-blocks.ts`.
	if (word.startsWith("-----BEGIN ")) return null;
	if (isPlaceholder(word) || /^(?:redacted-\d+[,;&]?)+(?:\s|$)/.test(word)) return null;
	if (!accepts(name, word, telling, start.json)) return null;
	return { ...value, id: /pass|pwd/i.test(name) ? "password" : "named-secret" };
}

function accepts(name: string, word: string, telling: "strong" | "soft", json: boolean): boolean {
	// Paths stand where a program reads its key from a file; a password may begin with a slash.
	if (/^(?:~?\/|\.\/|[A-Z]:\\)[A-Za-z0-9._/-]+$/.test(word) && !/pass|pwd/i.test(name) && word.includes("/", 1))
		return false;
	// Docker's config.json: `"auth": "dTpw"` is base64 of user:password, however short.
	if (json && /^auth$/i.test(name) && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(word)) return true;
	// Test output says `PASS: TestX`; a C struct says `token, …`.
	if (/^(?:PASS|pass|Pass)$/.test(name) && !json) return /[0-9!@#$%^&*]/.test(word);
	if (telling === "strong")
		return !/^(?:required|invalid|incorrect|missing|expired|denied|failed|error|unexpected)$/i.test(word);
	return looksRandom(word);
}

function isNamePart(code: number): boolean {
	return (
		(code >= 48 && code <= 57) ||
		(code >= 65 && code <= 90) ||
		(code >= 97 && code <= 122) ||
		code === 95 ||
		code === 45 ||
		code === 46
	);
}

// `\u0022` is how Go and PHP write a quote inside JSON.
const SEPARATOR =
	/^(?:[\\]{0,4}["']?|\\{1,2}u0022)\]?(?:[ \t]{0,8}(?:=>|:=|==|=|:)[ \t]{0,8}|>)(?:\\{1,2}u0022)?(?=[^\s])/;
// `define('DB_PASSWORD', 'x')`, `["redis-server", "--requirepass", "x"]`
const NEXT_STRING = /^\\{0,4}["'],\s{0,24}(?=\\{0,4}["'][^\s"'])/;
const BLANK = /^[ \t]{1,8}(?=[^\s=:|;&<>-])/;

/** Where the value begins, and the quote that may already be open around the whole pair (`"PASSWORD=a b"`). */
function valueStart(raw: string, begin: number, end: number): { at: number; quote: string; json: boolean } | null {
	const after = raw.slice(end, end + 32);
	if (raw.slice(begin - 2, begin) === "${") {
		// `${DB_PASSWORD:-changeme}` has a value, `${DB_PASSWORD:?missing}` and `${DB_PASSWORD}` have none.
		const fallback = /^:?[-=]/.exec(after);
		return fallback ? { at: end + fallback[0].length, quote: "", json: false } : null;
	}
	const separator = SEPARATOR.exec(after);
	if (separator) {
		const sign = separator[0];
		const at = end + sign.length;
		if (sign === ">") return { at, quote: "<", json: false };
		const around = /=/.test(sign) && !/["']/.test(sign) ? openQuoteBefore(raw, begin) : "";
		return { at, quote: around, json: /["']/.test(sign) };
	}
	const next = NEXT_STRING.exec(raw.slice(end, end + 40));
	if (next && (raw[begin] === "-" || raw.slice(begin - 8, begin - 1) === "define("))
		return { at: end + next[0].length, quote: "", json: true };
	// `--password VALUE`, `ENV DB_PASSWORD value`, `aws configure set x_secret_key value`.
	const blank = BLANK.exec(after);
	if (!blank) return null;
	const before = raw.slice(Math.max(0, begin - 24), begin);
	const isFlag = /^-{1,2}[a-z]/i.test(raw.slice(begin, begin + 3));
	if (!isFlag && !/(?:^|[\s"'])(?:ENV|ARG|configure set|config set)[ \t]{1,4}$/.test(before)) return null;
	return { at: end + blank[0].length, quote: "", json: false };
}

/** `"` or `\"` right before the name: then the pair is one string and its value may hold blanks. */
function openQuoteBefore(raw: string, begin: number): string {
	return /\\{0,4}["']$/.exec(raw.slice(Math.max(0, begin - 5), begin))?.[0] ?? "";
}

/** A value from where it begins to where its own syntax ends it; never past the line, but for a wrapped token. */
function valueAt(raw: string, at: number, open: string, meter: Meter | undefined): Place | null {
	const quote = open === "" ? (/^\\{0,4}["'`]/.exec(raw.slice(at, at + 5))?.[0] ?? "") : "";
	const from = at + quote.length;
	if (/^[[{(]/.test(raw.slice(from, from + 1)) && quote === "") return null;
	const close = open === "" ? quote : open;
	let to = from;
	const slashes = close.length - 1;
	while (to < raw.length) {
		const character = raw.charAt(to);
		if (character === "\n" || character === "\r") break;
		if (close === "<" ? character === "<" : close !== "" ? closes(raw, to, close, slashes) : endsBare(raw, to)) break;
		to++;
	}
	// Before the closing quote stand its own backslashes.
	if (close !== "" && close !== "<" && raw[to] === close.at(-1)) to -= slashes;
	if (meter) meter.steps += to - at;
	// Without a closing quote a value ends with its last word.
	if (close === "<" || raw[to] !== close.at(-1)) while (to > from && /[ \t]/.test(raw.charAt(to - 1))) to--;
	if (to <= from) return null;
	if (isOurs(raw.slice(from, to))) return null;
	const wrapped = /[A-Za-z0-9+/=_.-]/.test(raw.charAt(to - 1))
		? runOn(raw, /[A-Za-z0-9+/=_.-]/, 0, from, to, meter)
		: to;
	return { from, to: raw[to] === "\n" || raw[to] === "\r" ? wrapped : to };
}

function closes(raw: string, at: number, close: string, slashes: number): boolean {
	if (raw[at] !== close.at(-1)) return false;
	let before = 0;
	while (before < 8 && raw[at - 1 - before] === "\\") before++;
	return slashes === 0 ? before % 2 === 0 : before === slashes;
}

// A bare value ends at a blank or a quote; at `,` `;` `&` only where another pair or a blank follows: passwords hold them.
function endsBare(raw: string, at: number): boolean {
	const character = raw.charAt(at);
	if (/[\s"'`<>]/.test(character)) return true;
	if (character === "\\") return /^\\+(?:["'nrt]|u00)/.test(raw.slice(at, at + 6));
	if (character === "," || character === ";" || character === "&") {
		return /^[,;&](?:$|\s|["'\\]|[A-Za-z_][\w .-]{0,40}[=:])/.test(raw.slice(at, at + 48));
	}
	if (character === ")" || character === "]" || character === "}")
		return /^[)\]}]+(?:$|[\s"',;.:\\])/.test(raw.slice(at, at + 8));
	return false;
}
