import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const SUMS = "SHA256SUMS";

/** Lists every built file with its SHA-256, as `sha256sum` prints them, so that two builds can be compared. */
export function checksums(): Plugin {
	let folder = "";
	return {
		name: "checksums",
		apply: "build",
		configResolved: ({ build }) => {
			folder = build.outDir;
		},
		closeBundle() {
			const files = readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
				.filter((name) => name !== SUMS)
				.sort();
			const sum = (name: string) =>
				createHash("sha256")
					.update(readFileSync(join(folder, name)))
					.digest("hex");
			writeFileSync(join(folder, SUMS), files.map((name) => `${sum(name)}  ${name}\n`).join(""));
		},
	};
}
