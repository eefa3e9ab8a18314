/**
 * `ls /lib/modules`, alone or after `uname -r`: which kernels have their modules on disk.
 *
 *     7.2.12+deb14-amd64        <- uname -r: the running kernel
 *     7.2.99+deb14-amd64        <- ls /lib/modules
 *
 * Whether the first line is the running kernel is told by the command where it was shown. Where it was not, the same
 * release twice proves it; else the first of several lines is taken for it and a remark says so, for collectors print
 * the two together and a terminal prints a bare `ls` on one line. Not read: the content of one release's folder.
 *
 * Modules as `find` below that folder, `modules.builtin` and modinfo show them (kmod 26 to 34):
 *
 *     /lib/modules/6.1.0-50-amd64/kernel/net/netfilter/nf_nat.ko.xz      a file: it can be loaded
 *     kernel/net/netfilter/xt_addrtype.ko                                modules.builtin: it is part of the kernel
 *     filename:       (builtin)                                          modinfo: the same
 *     modinfo: ERROR: Module iptable_nat not found.                      there is none for the running kernel
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { readFrom, remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import { parseLog } from "./log";
import type { ModuleFile, ParsedLibModules, ParsedLog, Read } from "./parsed";

const RELEASE = /^\d{1,3}\.\d{1,4}[\w.+~-]{0,100}$/;

/** Reads the folders of /lib/modules. */
export function parseLibModules(artifact: Artifact): ParsedLibModules {
	const found: Read<string>[] = [];
	const remarks: Remark[] = [];
	const unread: Line[] = [];
	const files: ModuleFile[] = [];
	let running: Read<string> | null = null;
	let inColumns = false;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const file = fileIn(artifact, line, text);
		if (file) {
			files.push(file);
			continue;
		}
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
	const [anyLine] = unread.length > 0 ? unread : writtenLines(artifact.lines);
	if (asked && anyLine && found.length === 0 && !running) releases = [readFrom(artifact, anyLine, asked)];
	return {
		kind: "lib-modules",
		releases,
		files,
		running,
		remarks: asked ? remarks : [...remarks, ...remarksOnLines(artifact, unread, "Not a kernel release, skipped")],
	};
}

const PATH = /^(?:\/(?:usr\/)?lib\/modules\/([\w.+~-]{1,100})\/)?(\S{0,200}\/)?([\w-]{1,60})\.ko(?:\.(?:gz|xz|zst))?$/;

/** One line of find, of modules.builtin, or of a grep in it. */
function fileIn(artifact: Artifact, line: Line, text: string): ModuleFile | null {
	const listed = /^(?:\/(?:usr\/)?lib\/modules\/([\w.+~-]{1,100})\/)?modules\.builtin:(.{1,300})$/.exec(text);
	const found = PATH.exec((listed?.[2] ?? text).slice(0, 400));
	if (!found?.[3]) return null;
	const release = listed?.[1] ?? found[1] ?? null;
	// modules.builtin has paths below the release's folder, find those it was given.
	const isBuiltin = listed !== null || text.startsWith("kernel/");
	return {
		module: found[3].replaceAll("-", "_"),
		state: isBuiltin ? "builtin" : "file",
		release,
		at: spanOfText(artifact, line),
	};
}

/** Reads what modinfo knows of modules; modprobe's and depmod's messages are a log's. */
export function parseModprobe(artifact: Artifact): ParsedLog | ParsedLibModules {
	const asked = /^modinfo (?:-\S{1,20} ){0,4}([\w-]{1,60})$/.exec(artifact.command ?? "")?.[1];
	const files: ModuleFile[] = [];
	let open: { readonly path: string; readonly line: Line } | null = null;
	const add = (line: Line, module: string, state: ModuleFile["state"], release: string | null) =>
		files.push({ module: module.replaceAll("-", "_"), state, release, at: spanOfText(artifact, line) });
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 400);
		const absent = /^modinfo: (?:ERROR: )?(?:Module |module ')([\w-]{1,60})'? not found/.exec(text)?.[1];
		const path = /^filename: {1,20}(\S{1,300})$/.exec(text)?.[1];
		const name = /^name: {1,20}([\w-]{1,60})$/.exec(text)?.[1];
		const file = fileIn(artifact, line, path ?? text);
		if (absent) add(line, absent, "absent", null);
		else if (file) files.push(file);
		else if (path === "(builtin)") open = { path, line };
		else if (text === "(builtin)" && asked) add(line, asked, "builtin", null);
		else if (name && open) {
			add(open.line, name, "builtin", null);
			open = null;
		}
	}
	if (open && asked) add(open.line, asked, "builtin", null);
	return files.length > 0
		? { kind: "lib-modules", releases: [], files, running: null, remarks: [] }
		: parseLog(artifact);
}
