import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Evidence, Source } from "../engine/text/evidence";

/** One host of a fleet, by the name of its folder; null for what was given directly. */
export type Host = { readonly name: string | null; readonly evidence: Evidence };

/** Larger files are refused, in words: the engine holds a whole artifact in memory. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A file or folder that can't be read, said so that a person can act on it. */
export class Unreadable extends Error {}

/**
 * The hosts that paths name. Files, standard input and folders of files are one host together; each folder inside a
 * folder is a host of its own.
 */
export function readHosts(paths: readonly string[]): readonly Host[] {
	const own: Source[] = [];
	const fleet: Host[] = [];
	for (const path of paths.length > 0 ? paths : ["-"]) {
		if (path === "-") {
			own.push({ id: `s${own.length + 1}`, name: "standard input", text: decode(readFileSync(0)) });
			continue;
		}
		const kind = kindOf(path);
		if (kind === "file") own.push(source(path, own.length));
		else {
			const { files, folders } = entries(path);
			for (const file of files) own.push(source(file, own.length));
			for (const folder of folders) fleet.push({ name: basename(folder), evidence: readFolder(folder) });
		}
	}
	return own.length > 0 || fleet.length === 0 ? [{ name: null, evidence: own }, ...fleet] : fleet;
}

/** A host's folder: all files in it, and in folders below it. */
function readFolder(path: string): Evidence {
	const { files, folders } = entries(path);
	const below = [
		...files.map((file, index) => source(file, index)),
		...folders.flatMap((folder) => readFolder(folder)),
	];
	return below.map((one, index) => ({ ...one, id: `s${index + 1}` }));
}

/** The text of one file, or of standard input for `-`. */
export function readText(path: string): string {
	return path === "-" ? decode(readFileSync(0)) : source(path, 0).text;
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

function source(path: string, index: number): Source {
	try {
		const { size } = statSync(path);
		if (size > MAX_BYTES)
			throw new Unreadable(`${path}: larger than ${MAX_BYTES / 1024 / 1024} MB; give the part around the failure`);
		return { id: `s${index + 1}`, name: basename(path), text: decode(readFileSync(path)) };
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

function reason(error: unknown): string {
	const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
	return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
