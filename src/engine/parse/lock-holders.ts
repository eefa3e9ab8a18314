/**
 * Who has /run/xtables.lock open: `lsof`, `fuser -v`, `lslocks`, `grep <inode> /proc/locks`.
 *
 *     COMMAND  PID USER FD   TYPE DEVICE SIZE/OFF NODE NAME
 *     flock    251 root 3rW  REG  0,106        0   20 /run/xtables.lock
 *     iptables 262 root 3r   REG  0,106        0   20 /run/xtables.lock
 *
 *                          USER        PID ACCESS COMMAND
 *     /run/xtables.lock:   root        251 f.... flock
 *
 * Who merely has the file open waits for the lock or inherited it; lsof's `W` or `w` after the descriptor is the lock
 * itself (lsof(8), FD). Seen: lsof 4.93 to 4.99, psmisc 23. Not read: rows of other files in a list of all locks.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { programNotFound, remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { LockHolder, ParsedLockHolders } from "./parsed";

const FUSER = /^(?:(\/\S{1,200}):)?\s+(\S{1,64})\s+(\d{1,10})\s+([a-zA-Z.]{5})\s+(\S.{0,100})$/;
const PROC_LOCKS =
	/^\d{1,10}:\s+(->\s+)?(?:FLOCK|POSIX|OFDLCK)\s+\S{1,20}\s+(READ|WRITE)\s+(-?\d{1,10})\s+[0-9a-f]{1,4}:[0-9a-f]{1,4}:(\d{1,20})\s/;

/** Reads the processes that have the lock file open. */
export function parseLockHolders(artifact: Artifact): ParsedLockHolders {
	const holders = new Map<number, LockHolder>();
	const inodes = new Set<string>();
	const unread: Line[] = [];
	const remarks: Remark[] = [];
	let file: string | null = /(\/[^\s;|&]*xtables[^\s;|&]*)/.exec((artifact.command ?? "").slice(0, 1000))?.[1] ?? null;
	let silent = false;
	let answered = false;
	const add = (holder: LockHolder) => {
		const before = holders.get(holder.pid);
		// lsof knows who locks, fuser does not: keep what says more.
		if (!before) holders.set(holder.pid, holder);
		else if (before.locks === null || before.command === "") {
			const locks = before.locks ?? holder.locks;
			holders.set(holder.pid, {
				...(before.locks === null ? holder : before),
				command: before.command || holder.command,
				locks,
			});
		}
	};
	const written = writtenLines(artifact.lines);
	for (const line of written) {
		const text = textOf(line).trimEnd();
		const at = spanOfText(artifact, line);
		const lsof = lsofRow(text);
		if (lsof) {
			if (file && lsof.path !== file) continue;
			file ??= lsof.path;
			inodes.add(lsof.inode);
			add({ command: lsof.command, pid: lsof.pid, locks: lsof.lock === "W" || lsof.lock === "w", at });
			answered = true;
			continue;
		}
		const fuser = FUSER.exec(text);
		if (fuser?.[2] !== undefined && fuser[2] !== "USER") {
			file ??= fuser[1] ?? null;
			add({ command: (fuser[5] ?? "").trim(), pid: Number(fuser[3]), locks: null, at });
			answered = true;
			continue;
		}
		const list = lslocksRow(text);
		if (list) {
			answered = true;
			if (!/xtables/.test(list.path)) continue;
			file ??= list.path;
			add({ command: list.command, pid: list.pid, locks: list.mode === "WRITE", at });
			continue;
		}
		const lock = PROC_LOCKS.exec(text);
		if (lock) {
			answered = true;
			// Every lock of the machine is in that file: only one that was picked by its inode says something.
			const picked = inodes.has(lock[4] ?? "") || /\bgrep\b/.test(artifact.command ?? "");
			if (picked && Number(lock[3]) > 0)
				add({ command: "", pid: Number(lock[3]), locks: !lock[1] && lock[2] === "WRITE", at });
			else if (!picked) silent = true;
			continue;
		}
		// `fuser /run/xtables.lock` without -v: the name on standard error, the numbers after it.
		const bare = /^(\/\S{1,200}):((?:\s{1,10}\d{1,10}[a-zA-Z]{0,5}){1,50})\s*$/.exec(text);
		if (bare?.[2]) {
			file ??= bare[1] ?? null;
			for (const pid of bare[2].trim().split(/\s+/))
				add({ command: "", pid: Number.parseInt(pid, 10), locks: null, at });
			answered = true;
			continue;
		}
		const absent =
			/(?:status error on|Specified filename) (\/\S{1,200}?):? (?:No such file|does not exist)|^(?:fuser|lsof|ls): .{0,40}?(\/\S{1,100}xtables\S{0,20})/.exec(
				text,
			);
		if (absent) {
			file ??= (absent[1] ?? absent[2] ?? "").replace(/['"’:]+$/, "") || null;
			answered = true;
		} else if (programNotFound(text)) remarks.push(remark(artifact, line, "The tool is not installed: nobody looked"));
		else if (!isFrame(text)) unread.push(line);
	}
	if (silent) {
		const line = written.find((one) => PROC_LOCKS.test(textOf(one)));
		if (line)
			remarks.push(
				remark(artifact, line, "Locks of every file: without the inode of /run/xtables.lock none can be told apart"),
			);
	}
	// No output at all is an answer too: nobody has the file open.
	return {
		kind: "lock-holders",
		file,
		holders: [...holders.values()],
		answered: answered || written.length === 0,
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not a process that has the lock open, skipped")],
	};
}

// Headings, warnings about file systems, and the usage text that old versions print after an error.
function isFrame(text: string): boolean {
	return /^\s*(?:COMMAND\s+PID|USER\s+PID|lsof\b|usage:|latest |Use the|\[-|\[\+|Output information may be incomplete)/.test(
		text,
	);
}

/** `COMMAND PID [TID TASKCMD] USER FD TYPE DEVICE SIZE/OFF NODE NAME`. */
function lsofRow(text: string) {
	const words = text.trim().split(/\s+/, 24);
	const [command, pid] = words;
	const at = words.findIndex((word, index) => index >= 2 && /^\d{1,6}[ruw-][A-Za-z]?$/.test(word));
	const path = words.findIndex((word, index) => index > at && word.startsWith("/"));
	if (!command || !pid || !/^\d{1,10}$/.test(pid) || at < 0 || path < at + 3) return null;
	return {
		command,
		pid: Number(pid),
		lock: /[ruw-]([A-Za-z]?)$/.exec(words[at] ?? "")?.[1] ?? "",
		inode: words[path - 1] ?? "",
		path: words[path] ?? "",
	};
}

/** `COMMAND PID TYPE [SIZE] MODE M START END PATH`; a waiting lock has the mode `WRITE*`. */
function lslocksRow(text: string) {
	const words = text.trim().split(/\s+/, 16);
	const [command, pid, type] = words;
	const mode = words.find((word) => /^(?:READ|WRITE)\*?$/.test(word));
	const path = words.find((word) => word.startsWith("/"));
	if (
		!command ||
		!pid ||
		!/^\d{1,10}$/.test(pid) ||
		!/^(?:FLOCK|POSIX|OFDLCK|LEASE)$/.test(type ?? "") ||
		!mode ||
		!path
	)
		return null;
	return { command, pid: Number(pid), mode, path };
}
