import { Inflate, strFromU8, strToU8 } from "fflate";
import * as v from "valibot";
import type { Evidence } from "../text/evidence";
import { decodeBase64Url } from "./base64url";
import { crc32 } from "./crc32";
import { DICTIONARY_V1 } from "./dictionary-v1";
import { evidenceOf, LIMITS, PAYLOAD, type SharedIds } from "./payload";

/** What came out of a link. The evidence is foreign: it is diagnosed afresh, and redacted again before it leaves. */
export type OpenedLink =
	| ({ readonly kind: "ok"; readonly version: 1; readonly evidence: Evidence } & SharedIds)
	| { readonly kind: "damaged"; readonly says: string };

/**
 * Reads a link's fragment, with or without its `#`. Total: whatever it is given, it answers within the limits of
 * `LIMITS`, and only evidence and ids that passed the schema come out. `most` characters are read: a file may hold more
 * than a link.
 */
export function decodeLink(fragment: string, most: number = LIMITS.fragment): OpenedLink {
	const text = fragment.startsWith("#") ? fragment.slice(1) : fragment;
	if (text === "") return damaged("The link is empty.");
	if (text.length > most) return damaged("The link is longer than a report can be.");
	const version = /^v(\d{1,4})\./.exec(text);
	if (!version) return damaged("This is no report link.");
	if (version[1] !== "1")
		return damaged(
			`The link is of version ${version[1]}, which this page does not know. Reload to get the newest page.`,
		);
	const bytes = decodeBase64Url(text.slice(version[0].length));
	if (!bytes || bytes.length < 6)
		return damaged("The link is damaged: it holds characters that no link has, or it was cut off.");
	const payload = inflateWithin(bytes.subarray(4), LIMITS.inflated);
	if (payload === "too-large") return damaged("The link unpacks to more than a report can be.");
	if (!payload) return damaged("The link is damaged: it can't be unpacked.");
	const checksum = (((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) >>> 0;
	if (crc32(payload) !== checksum) return damaged("The link is damaged: a part of it is missing or changed.");
	const parsed = v.safeParse(PAYLOAD, parseJson(strFromU8(payload)));
	if (!parsed.success) return damaged("The link does not hold a report.");
	const [failures, omittedLines, sources] = parsed.output;
	return { kind: "ok", version: 1, evidence: evidenceOf(sources), failures, omittedLines };
}

function damaged(says: string): OpenedLink {
	return { kind: "damaged", says };
}

// Small bites: what one bite unpacks to (DEFLATE makes 1,032 bytes of one at most) bounds how far past the cap we get.
const BITE = 256;

/** Raw DEFLATE with the dictionary of version 1; stops as soon as more than `most` bytes came out. */
function inflateWithin(packed: Uint8Array, most: number): Uint8Array | "too-large" | null {
	const chunks: Uint8Array[] = [];
	let size = 0;
	let ended = false;
	const inflate = new Inflate({ dictionary: strToU8(DICTIONARY_V1) }, (chunk, final) => {
		size += chunk.length;
		chunks.push(chunk);
		ended = final;
	});
	try {
		for (let at = 0; at < packed.length; at += BITE) {
			inflate.push(packed.subarray(at, at + BITE), at + BITE >= packed.length);
			if (size > most) return "too-large";
		}
	} catch {
		// fflate throws on what is no DEFLATE stream; that is a damaged link and no bug of ours.
		return null;
	}
	if (!ended) return null;
	const whole = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		whole.set(chunk, at);
		at += chunk.length;
	}
	return whole;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
