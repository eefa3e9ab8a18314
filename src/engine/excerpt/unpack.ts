import { Gunzip } from "fflate";
import { Decompress } from "fzstd";

/** `TextDecoder`, which the engine's own library does not have: whoever reads the file brings it. */
export type Decoder = { decode(bytes?: Uint8Array, options?: { stream?: boolean }): string };
export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** Takes the bytes of a file as they come and hands on its text. */
export type Unpacker = {
	/** What is wrong with the file, in words, or null. After a word nothing more is read. */
	readonly push: (bytes: Uint8Array) => string | null;
	/** The file ends here. */
	readonly end: () => string | null;
};

/** No log and no listing has a NUL in its beginning; archives, images and core files do. */
const LOOKED_AT = 65_536;

/**
 * Reads a file that may be packed by gzip (RFC 1952, several members too, as logrotate makes and `cat a.gz b.gz`) or zstd
 * (RFC 8878), which its first bytes tell. Windows programs write UTF-16 with a mark; everything else is read as UTF-8, odd
 * bytes replaced. One pass, and no more in memory than a piece of it.
 */
export function unpack(decoderOf: (encoding: Encoding) => Decoder, onText: (text: string) => void): Unpacker {
	let decoder: Decoder | null = null;
	let seen = 0;
	let problem: string | null = null;
	let packed: { readonly push: (bytes: Uint8Array, final: boolean) => void; readonly by: string } | null = null;
	let begun = false;
	let start: Uint8Array = new Uint8Array();

	const text = (bytes: Uint8Array) => {
		if (problem !== null) return;
		decoder ??= decoderOf(encodingOf(bytes));
		const words = decoder.decode(bytes, { stream: true });
		if (seen < LOOKED_AT && words.slice(0, LOOKED_AT - seen).includes("\0")) {
			problem = "is not text";
			return;
		}
		seen += words.length;
		onText(words);
	};

	const begin = (bytes: Uint8Array) => {
		begun = true;
		if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
			const gunzip = new Gunzip(text);
			packed = { by: "gzip", push: (some, final) => gunzip.push(some, final) };
		} else if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) {
			const zstd = new Decompress(text);
			packed = { by: "zstd", push: (some, final) => zstd.push(some, final) };
		}
	};

	const take = (bytes: Uint8Array, final: boolean): string | null => {
		if (problem !== null) return problem;
		try {
			if (packed) packed.push(bytes, final);
			else if (bytes.length > 0) text(bytes);
		} catch {
			problem = `is packed by ${packed?.by ?? "something"} and damaged or cut off`;
		}
		return problem;
	};

	return {
		push: (bytes) => {
			if (begun) return take(bytes, false);
			start = start.length === 0 ? bytes : joined(start, bytes);
			// Four bytes tell how it is packed.
			if (start.length < 4) return null;
			begin(start);
			return take(start, false);
		},
		end: () => {
			if (!begun) {
				begin(start);
				take(start, false);
			}
			if (packed) take(new Uint8Array(), true);
			const last = problem === null ? (decoder?.decode() ?? "") : "";
			if (last !== "") onText(last);
			return problem;
		},
	};
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
	const both = new Uint8Array(one.length + other.length);
	both.set(one);
	both.set(other, one.length);
	return both;
}

function encodingOf(bytes: Uint8Array): Encoding {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
	return "utf-8";
}
