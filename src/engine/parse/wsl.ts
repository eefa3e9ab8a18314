/**
 * `wsl --version`, `wsl --status`, `wsl -l -v`.
 *
 *     WSL version: 2.4.13.0                       NAME              STATE           VERSION
 *     Kernel version: 5.15.167.4-1              * Ubuntu-22.04      Running         2
 *
 * Seen: WSL 2.0 to 2.6, English and German. The kernel's number is not what `uname -r` prints there (that ends in
 * `-microsoft-standard-WSL2`), so it is no release to compare with /lib/modules. Not read: the other versions.
 */
import type { Artifact } from "../text/evidence";
import { readFrom, textOf, writtenLines } from "./line-text";
import type { ParsedWsl, Read } from "./parsed";

/** Reads WSL's version, its kernel's, and which distributions run. */
export function parseWsl(artifact: Artifact): ParsedWsl {
	let version: Read<string> | null = null;
	let kernel: Read<string> | null = null;
	const distributions: ParsedWsl["distributions"][number][] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 200);
		const row = /^\*?\s{0,6}([\w.-]{1,60})\s{1,40}(\S.{0,30}?)\s{1,40}[12]$/.exec(text);
		const number = /(\d{1,5}(?:\.\d{1,5}){2,3}(?:-\d{1,3})?)$/.exec(text)?.[1];
		if (row?.[1]) {
			const running = /^(?:Running|Wird ausgeführt)$/.test(row[2] ?? "");
			distributions.push(readFrom(artifact, line, { name: row[1], running }));
		} else if (number && /^WSL[- ](?!g)/.test(text)) version ??= readFrom(artifact, line, number);
		else if (number && /kernel/i.test(text)) kernel ??= readFrom(artifact, line, number);
	}
	return { kind: "wsl", version, kernel, distributions, remarks: [] };
}
