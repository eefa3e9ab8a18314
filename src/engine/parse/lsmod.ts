/**
 * `lsmod`, `lsmod | grep …` and /proc/modules.
 *
 *     Module                  Size  Used by
 *     br_netfilter           36864  0
 *     bridge                319488  1 br_netfilter
 *
 * Seen: kmod 27 to 34, busybox (`Used by    Not tainted`). A module that is built into the kernel is not listed, so a
 * missing line is no proof. On a kernel without modules there is no /proc/modules, and lsmod says so. Not read: sizes and users.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { programNotFound, readFrom, remarksOnLines, textOf, writtenLines } from "./line-text";
import type { ParsedLsmod, Read } from "./parsed";

const ROW = /^\s*([A-Za-z0-9_-]{1,64})\s+\d{1,10}\s+-?\d{1,6}(?:\s|$)/;

/** Reads the loaded modules. */
export function parseLsmod(artifact: Artifact): ParsedLsmod {
	const modules: Read<string>[] = [];
	const unread: Line[] = [];
	let complete = false;
	let failed = false;
	let withoutModules: Span | null = null;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const name = ROW.exec(text)?.[1];
		if (/^\s*Module\s+Size\s+Used by/.test(text)) complete = true;
		else if (name) modules.push(readFrom(artifact, line, name.replaceAll("-", "_")));
		else if (/\/proc\/modules'?: No such file/.test(text)) {
			failed = true;
			withoutModules ??= readFrom(artifact, line, null).at;
		} else if (/\/proc\/modules|get list of modules|^lsmod:|libkmod/.test(text) || programNotFound(text)) failed = true;
		else unread.push(line);
	}
	return {
		kind: "lsmod",
		withoutModules,
		modules: failed && modules.length === 0 ? null : modules,
		complete: complete && !failed,
		remarks: remarksOnLines(artifact, unread, "Not a module, skipped"),
	};
}
