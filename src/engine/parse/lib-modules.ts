/**
 * `ls /lib/modules`, alone or after `uname -r`: which kernels have their modules on disk.
 *
 *     7.2.12+deb14-amd64        <- uname -r: the running kernel
 *     7.2.99+deb14-amd64        <- ls /lib/modules
 *
 * Whether the first line is the running kernel is told by the command where it was shown. Where it was not, the same
 * release twice proves it; else the first of several lines is taken for it and a remark says so, for collectors print
 * the two together and a terminal prints a bare `ls` on one line. Not read: the content of one release's folder.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { readFrom, remark, remarksOnLines, textOf, writtenLines } from "./line-text";
import type { ParsedLibModules, Read } from "./parsed";

const RELEASE = /^\d{1,3}\.\d{1,4}[\w.+~-]{0,100}$/;

/** Reads the folders of /lib/modules. */
export function parseLibModules(artifact: Artifact): ParsedLibModules {
	const found: Read<string>[] = [];
	const remarks: Remark[] = [];
	const unread: Line[] = [];
	let running: Read<string> | null = null;
	let inColumns = false;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const words = text.split(/\s+/, 60);
		// `ls: cannot access '/lib/modules/6.1.0-49-amd64': No such file or directory`, in any language: $(uname -r) has none.
		const absent = /^ls: .{0,80}\/lib\/modules\/(\d[\w.+~-]{0,100})/.exec(text)?.[1];
		const labelled = /^(?:running|uname(?: -r)?|kernel)\s?[:=]\s?(\S{1,100})$/i.exec(text)?.[1];
		const listed = /^d[rwxst-]{9}[.+]?\s/.test(text) ? words.at(-1) : undefined;
		if (absent) running ??= readFrom(artifact, line, absent.replace(/[.'’]+$/, ""));
		else if (labelled && RELEASE.test(labelled)) running ??= readFrom(artifact, line, labelled);
		else if (listed && RELEASE.test(listed)) found.push(readFrom(artifact, line, listed));
		else if (words.every((word) => RELEASE.test(word.replace(/\/$/, "")))) {
			// Columns from the first line on are one `ls`; one release alone and columns after it are uname and ls.
			inColumns ||= words.length > 1 && found.length === 0;
			for (const word of words) found.push(readFrom(artifact, line, word.replace(/\/$/, "")));
		} else if (
			!/^total \d|^insgesamt \d|^\S{1,12} \d{1,8}$|^\/(?:usr\/)?lib\/modules\/?:?$|^ls: |^d[rwxst-]{9}/.test(text)
		)
			unread.push(line);
	}
	const [first, ...rest] = found;
	const command = (artifact.command ?? (/^ls\b/.test(artifact.name) ? artifact.name : "")).slice(0, 500);
	let releases = found;
	if (!running && first && rest.length > 0 && !inColumns && !/^ls\b/.test(command)) {
		const repeated = rest.some(({ value }) => value === first.value);
		running = first;
		releases = rest;
		const [line] = writtenLines(artifact.lines);
		if (line && !repeated && !/uname/.test(command))
			remarks.push(remark(artifact, line, "The first line is taken for the output of `uname -r`"));
	} else if (running && /\buname\b/.test(command) && releases[0]?.value === running.value) releases = rest;
	// `ls /lib/modules/6.1.0-50-amd64` shows that this folder is there.
	const asked = /\/lib\/modules\/(\d[\w.+~-]{0,100})/.exec(command)?.[1];
	const [anyLine] = unread;
	if (asked && anyLine && found.length === 0 && !running) releases = [readFrom(artifact, anyLine, asked)];
	return {
		kind: "lib-modules",
		releases,
		running,
		remarks: asked ? remarks : [...remarks, ...remarksOnLines(artifact, unread, "Not a kernel release, skipped")],
	};
}
