import { type Columns, columnWriter } from "./columns";

/**
 * What a terminal, a mail program or a web page did to a line is undone: colours and other escape sequences, control
 * characters, overstrikes, byte order marks, zero-width and non-breaking characters, smart quotes, HTML entities.
 * Every column still knows its place in the raw text. Tabs stay tabs.
 */
export function cleanLine(source: string, from: number, to: number): Columns {
	const raw = source.slice(from, to);
	if (!NEEDS_CLEANING.test(raw)) return { text: raw, from, to, map: null };
	const writer = columnWriter(from, to);
	// “ and ” stand for " only where the writer has no plain one: inside msg="…" they are the message's own.
	const plainQuotes = raw.includes('"');
	let kept = 0;
	let at = 0;
	while (at < raw.length) {
		const step = change(raw, at, plainQuotes);
		if (step === null) {
			at++;
			continue;
		}
		const end = step.overstrike ? at - 1 : at;
		if (end > kept) writer.add(raw.slice(kept, end), from + kept, end - kept);
		writer.add(step.text, from + at, step.length);
		at += step.length;
		kept = Math.max(kept, at);
	}
	if (raw.length > kept) writer.add(raw.slice(kept), from + kept, raw.length - kept);
	return writer.done();
}

type Change = { readonly length: number; readonly text: string; readonly overstrike?: true };

// Controls but tab, DEL, C1, the no-break and zero-width family, smart quotes, dashes, BOM, `&`.
const NEEDS_CLEANING =
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2007\u2013\u2014\u2018-\u201f\u202a-\u202f\u2060\u2066-\u2069\ufeff&]/;

const ESC = "\u001b";

function change(raw: string, at: number, plainQuotes: boolean): Change | null {
	const code = raw.charCodeAt(at);
	if (code === 0x26) return entity(raw, at);
	if (code > 0x20 && code < 0x7f) return null;
	if (code === 0x20 || code === 0x09) return null;
	if (code === 0x1b || code === 0x9b || code === 0x9d) return { length: escapeLength(raw, at), text: "" };
	// `N\bN` and `_\bN`: how man and less print bold and underlined.
	if (code === 0x08)
		return { length: 1, text: "", ...(at > 0 && raw.charCodeAt(at - 1) > 0x20 ? { overstrike: true } : {}) };
	if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return { length: 1, text: "" };
	switch (code) {
		case 0xa0:
		case 0x2007:
		case 0x202f:
			return { length: 1, text: " " };
		case 0x2018:
		case 0x2019:
		case 0x201a:
		case 0x201b:
			return { length: 1, text: "'" };
		case 0x201c:
		case 0x201d:
		case 0x201e:
		case 0x201f:
			return plainQuotes ? null : { length: 1, text: '"' };
		case 0x2013:
		case 0x2014:
			// `--wait` that a word processor made one dash: a dash between a blank and a letter is no punctuation.
			return /^(?:^|\s)[\u2013\u2014][a-z]/.test(raw.slice(Math.max(0, at - 1), at + 2))
				? { length: 1, text: "--" }
				: null;
	}
	if (code === 0xad || code === 0xfeff || code === 0x2060) return { length: 1, text: "" };
	if ((code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) {
		return { length: 1, text: "" };
	}
	return null;
}

/** The longest escape sequence that is taken for one; a longer one is text after a stray ESC. */
const ESCAPE_LIMIT = 1024;

/** ECMA-48: CSI (parameters, then a final byte @…~), OSC/DCS/APC/PM/SOS up to BEL or ST, and two-byte sequences. */
function escapeLength(raw: string, at: number): number {
	const first = raw[at];
	const introducer = first === ESC ? raw[at + 1] : first === "\u009b" ? "[" : "]";
	const body = first === ESC ? at + 2 : at + 1;
	const limit = Math.min(raw.length, body + ESCAPE_LIMIT);
	if (introducer === undefined) return 1;
	if (introducer === "[") {
		for (let end = body; end < limit; end++) {
			const code = raw.charCodeAt(end);
			if (code >= 0x40 && code <= 0x7e) return end + 1 - at;
			if (code < 0x20 || code > 0x7e) return end - at;
		}
		return limit - at;
	}
	if ("]PX^_".includes(introducer)) {
		for (let end = body; end < limit; end++) {
			if (raw[end] === "\u0007" || raw[end] === "\u009c") return end + 1 - at;
			if (raw[end] === ESC && raw[end + 1] === "\\") return end + 2 - at;
		}
		return body - at;
	}
	// Charset designation `ESC ( B` has three bytes.
	if ("()*+#% ".includes(introducer)) return Math.min(3, raw.length - at);
	return 2;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
	["lt", "<"],
	["gt", ">"],
	["amp", "&"],
	["quot", '"'],
	["apos", "'"],
	["nbsp", " "],
	["lsquo", "'"],
	["rsquo", "'"],
	["ldquo", '"'],
	["rdquo", '"'],
]);

function entity(raw: string, at: number): Change | null {
	const length = raw.slice(at, at + 9).indexOf(";");
	if (length < 0) return null;
	const end = at + length;
	const name = raw.slice(at + 1, end);
	const named = ENTITIES.get(name);
	if (named !== undefined) return { length: end + 1 - at, text: named };
	const number = /^#(?:x([0-9a-f]{1,4})|([0-9]{1,5}))$/i.exec(name);
	if (number === null) return null;
	const code = number[1] !== undefined ? Number.parseInt(number[1], 16) : Number(number[2]);
	// Only printable ASCII: that is what web pages escape, and a control character must not come in this way.
	return code >= 0x20 && code < 0x7f ? { length: end + 1 - at, text: String.fromCharCode(code) } : null;
}
