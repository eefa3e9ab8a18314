import { deflateSync, strToU8 } from "fflate";
import type { Redacted } from "../redact/redacted";
import type { Evidence } from "../text/evidence";
import { encodeBase64Url } from "./base64url";
import { crc32 } from "./crc32";
import { DICTIONARY_V1 } from "./dictionary-v1";
import { LIMITS, plainName, plainText, type SharedIds } from "./payload";

/**
 * Redacted evidence as the text behind a link's `#`:
 *
 *     v1.<base64url of: CRC-32 of the payload (4 bytes, big-endian), raw DEFLATE of the payload>
 *
 * The payload is the JSON of `PAYLOAD`, compressed with the preset dictionary of this version. What version 1 means
 * never changes: links live for ever.
 */
export function encodeLink(evidence: Redacted<Evidence>, ids: SharedIds): string {
	const payload = strToU8(
		JSON.stringify([
			ids.failures.slice(0, LIMITS.failures),
			Math.min(Math.max(0, Math.floor(ids.omittedLines)), 1e9),
			evidence.slice(0, LIMITS.sources).map((source) => [plainName(source.name), plainText(source.text)]),
		]),
	);
	const packed = deflateSync(payload, { level: 9, mem: 12, dictionary: strToU8(DICTIONARY_V1) });
	const bytes = new Uint8Array(packed.length + 4);
	const checksum = crc32(payload);
	bytes.set([checksum >>> 24, (checksum >>> 16) & 255, (checksum >>> 8) & 255, checksum & 255]);
	bytes.set(packed, 4);
	return `v1.${encodeBase64Url(bytes)}`;
}

/** How long a link is, and whether it will pass where people paste it. */
export type LinkLength = {
	readonly characters: number;
	/** `short`: passes everywhere. `long`: mail and some chats cut it. `file`: longer than a link may be; save a file. */
	readonly fits: "short" | "long" | "file";
};

/** The meter beside the copy button; `origin` is what stands before the `#`. */
export function linkLength(fragment: string, origin = ""): LinkLength {
	const characters = origin.length + 1 + fragment.length;
	if (fragment.length > LIMITS.fragment) return { characters, fits: "file" };
	// Slack, Teams and Discord take 4,000 characters a message and more; many mail programs break at 2,000.
	return { characters, fits: characters <= 2000 ? "short" : "long" };
}
