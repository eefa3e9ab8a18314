import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type FileText, readFile } from "../engine";
import type { Evidence, Source } from "../engine/text/evidence";

/** One host of a fleet, by the name of its folder; null for what was given directly. */
export type Host = { readonly name: string | null; readonly evidence: Evidence };

/** What is redacted is held whole; a larger file is refused, in words. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Bytes read at a time. */
const PIECE = 1 << 20;

/** Hears of a file that was read in part: its name, and what was kept of it. */
export type Aside = (says: string) => void;

/** A file or folder that can't be read, said so that a person can act on it. */
export class Unreadable extends Error {}

/**
 * The hosts that paths name. Files, standard input and folders of files are one host together; each folder inside a
 * folder is a host of its own.
 */
export function readHosts(paths: readonly string[], aside: Aside): readonly Host[] {
	const own: Source[] = [];
	const fleet: Host[] = [];
	for (const path of paths.length > 0 ? paths : ["-"]) {
		if (path === "-") {
			own.push(sourceOf("standard input", readPieces(0), own.length, aside));
			continue;
		}
		const kind = kindOf(path);
		if (kind === "file") own.push(source(path, own.length, aside));
		else {
			const { files, folders } = entries(path);
			for (const file of files) own.push(source(file, own.length, aside));
			for (const folder of folders) fleet.push({ name: basename(folder), evidence: readFolder(folder, aside) });
		}
	}
	return own.length > 0 || fleet.length === 0 ? [{ name: null, evidence: own }, ...fleet] : fleet;
}

/** A host's folder: all files in it, and in folders below it. */
function readFolder(path: string, aside: Aside): Evidence {
	const { files, folders } = entries(path);
	const below = [
		...files.map((file, index) => source(file, index, aside)),
		...folders.flatMap((folder) => readFolder(folder, aside)),
	];
	return below.map((one, index) => ({ ...one, id: `s${index + 1}` }));
}

/** The text of one file, or of standard input for `-`. */
export function readText(path: string): string {
	if (path === "-") return decode(readFileSync(0));
	return reading(path, () => {
		if (statSync(path).size > MAX_BYTES)
			throw new Unreadable(`${path}: larger than ${MAX_BYTES / 1024 / 1024} MB; give the part around the failure`);
		return decode(readFileSync(path));
	});
}

function kindOf(path: string): "file" | "folder" {
	try {
		return statSync(path).isDirectory() ? "folder" : "file";
	} catch (error) {
		throw new Unreadable(`${path}: ${reason(error)}`);
	}
}

function entries(path: string): { readonly files: readonly string[]; readonly folders: readonly string[] } {
	const all = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.name.startsWith("."));
	const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return {
		files: sorted.filter((entry) => entry.isFile()).map((entry) => join(path, entry.name)),
		folders: sorted.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name)),
	};
}

function source(path: string, index: number, aside: Aside): Source {
	return reading(path, () => {
		const file = openSync(path, "r");
		try {
			return sourceOf(path, readPieces(file), index, aside);
		} finally {
			closeSync(file);
		}
	});
}

/** Reads an open file to its end, a piece at a time. */
function readPieces(file: number): FileText {
	const reader = readFile((encoding) => new TextDecoder(encoding));
	const piece = new Uint8Array(PIECE);
	for (;;) {
		const read = readSome(file, piece);
		if (read === 0 || !reader.push(piece.slice(0, read))) return reader.end();
	}
}

/** A pipe that its writer opened without blocking has nothing yet: that is waited for. */
function readSome(file: number, piece: Uint8Array): number {
	for (;;) {
		try {
			return readSync(file, piece, 0, piece.length, null);
		} catch (error) {
			if (codeOf(error) !== "EAGAIN") throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
		}
	}
}

function sourceOf(path: string, file: FileText, index: number, aside: Aside): Source {
	const base = { id: `s${index + 1}`, name: basename(path).replace(/\.(?:gz|zst)$/, "") };
	if (file.kind === "refused") throw new Unreadable(`${path}: ${file.says}`);
	if (file.kind === "whole") return { ...base, text: file.text };
	const { lines, kept, repeats, text, numbers } = file.excerpt;
	aside(`${path}: ${lines} lines read, ${kept} kept as telling or as samples, ${repeats} repeats folded`);
	return { ...base, text, numbers };
}

/** Does what reads a file; what goes wrong is said with its path. */
function reading<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof Unreadable) throw error;
		throw new Unreadable(`${path}: ${reason(error)}`);
	}
}

/** Windows programs write UTF-16 with a mark; everything else is read as UTF-8, with odd bytes replaced and never lost from the line count. */
function decode(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
	return new TextDecoder("utf-8").decode(bytes);
}

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "no such file or directory",
	EACCES: "permission denied",
	EISDIR: "is a directory",
};

const codeOf = (error: unknown): string =>
	error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

function reason(error: unknown): string {
	return REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}
