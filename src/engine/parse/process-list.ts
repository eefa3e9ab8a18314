/**
 * Lines of `ps aux`, `ps -ef`, `pgrep -a` and busybox `ps` that show dockerd and the flags it was started with.
 *
 *     root       812  0.3  1.0 1523456 83456 ?  Ssl  Mar07   2:11 /usr/bin/dockerd -H fd:// --iptables=false
 *     UID          PID    PPID  C STIME TTY          TIME CMD
 *     812 /usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
 *
 * Read with procps 3.3 and 4.0 and busybox 1.36 in mind. Not read: every other process, and the columns before the command.
 */
import type { Artifact, Line } from "../text/evidence";
import { readFrom, remarksOnLines, textOf, writtenLines } from "./line-text";
import type { ParsedProcessList, Read } from "./parsed";

const DOCKERD = /(?:^|\s)((?:\/[\w.+/-]{1,120}\/)?dockerd(?:\s.{0,2000})?)$/;

/** Reads the command lines of dockerd. */
export function parseProcessList(artifact: Artifact): ParsedProcessList {
	const daemons: Read<string>[] = [];
	const unread: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trimEnd();
		const command = DOCKERD.exec(text)?.[1];
		if (command && !/\bgrep\b/.test(text)) daemons.push(readFrom(artifact, line, command));
		else if (!/^\s*(?:(?:USER|UID)\s+)?PID\b|\bgrep\b/.test(text)) unread.push(line);
	}
	return {
		kind: "process-list",
		daemons,
		remarks: remarksOnLines(artifact, unread, "Not a process of Docker’s, skipped"),
	};
}
