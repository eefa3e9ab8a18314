import { isLogRecord } from "../text/shapes/logs";
import { type Excerpt, type ExcerptTaker, takeExcerpt } from "./excerpt";
import { type Decoder, type Encoding, unpack } from "./unpack";

/** What a file came to: all of it, an excerpt of a large log, or the reason why it is not read. */
export type FileText =
	| { readonly kind: "whole"; readonly text: string }
	| { readonly kind: "excerpt"; readonly excerpt: Excerpt }
	| { readonly kind: "refused"; readonly says: string };

/** Takes a file in pieces. */
export type FileReader = {
	/** False once it is clear that the file will not be read: the rest need not be fetched. */
	readonly push: (bytes: Uint8Array) => boolean;
	/** What there is of it now. */
	readonly soFar: () => FileText;
	readonly end: () => FileText;
};

/** Characters up to which a file is taken as it is. */
const WHOLE = 4_000_000;
/** Characters of a file that is no log: a listing this long is held whole or not at all. */
const MOST = 128_000_000;

/** Reads a file of any size: a log of gigabytes in the memory of its excerpt. `decoderOf` makes a `TextDecoder`. */
export function readFile(decoderOf: (encoding: Encoding) => Decoder): FileReader {
	let parts: string[] = [];
	let size = 0;
	let excerpt: ExcerptTaker | null = null;
	let refused: string | null = null;
	const unpacker = unpack(decoderOf, (text) => {
		if (excerpt) return excerpt.push(text);
		parts.push(text);
		size += text.length;
		if (size <= WHOLE) return;
		if (parts.length > 1) parts = [parts.join("")];
		if (isLog(parts[0] ?? "")) {
			excerpt = takeExcerpt();
			excerpt.push(parts[0] ?? "");
			parts = [];
		} else if (size > MOST) refused = `is no log and larger than ${MOST / 1_000_000} MB`;
	});
	const soFar = (): FileText => {
		if (refused !== null) return { kind: "refused", says: refused };
		return excerpt ? { kind: "excerpt", excerpt: excerpt.soFar() } : { kind: "whole", text: parts.join("") };
	};
	return {
		push: (bytes) => {
			refused ??= unpacker.push(bytes);
			return refused === null;
		},
		soFar,
		end: () => {
			refused ??= unpacker.end();
			return soFar();
		},
	};
}

/** Whether most of the first lines are records of a log. */
function isLog(text: string): boolean {
	const lines = text
		.slice(0, 200_000)
		.split("\n", 400)
		.filter((line) => line.trim() !== "");
	const records = lines.filter((line) => isLogRecord(line.slice(0, 2_000))).length;
	return records * 2 > lines.length;
}
