/**
 * Kernel settings: `sysctl`, `/proc/sys` files with their path, and files below /etc/sysctl.d and /etc/ufw.
 *
 *     net.ipv4.ip_forward = 1
 *     sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory
 *
 * Seen: procps 3.3 and 4.0, busybox (`sysctl: error: 'net.x' is an unknown key`), `net/ipv4/ip_forward=1`
 * (ufw's sysctl.conf), `grep . /proc/sys/…`. A key that does not exist has the value null: for net.bridge.* that means
 * that br_netfilter is not loaded. Not read: keys that may not be read (permission), which say nothing.
 */
import type { Artifact, Line } from "../text/evidence";
import { programNotFound, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedSysctl } from "./parsed";

const ASSIGNMENT = /^-?\s*((?:[A-Za-z0-9_*-]{1,64}[./]){1,12}[A-Za-z0-9_*-]{1,64})\s*=\s*(\S.{0,1000})?$/;
const PROC_PATH = /\/proc\/sys\/([A-Za-z0-9_./*-]{1,200})/;

/** Reads keys and values. */
export function parseSysctl(artifact: Artifact): ParsedSysctl {
	const values: { key: string; value: string | null; at: ParsedSysctl["values"][number]["at"] }[] = [];
	const unread: Line[] = [];
	const written = writtenLines(artifact.lines);
	const asked = keysAsked(artifact.command ?? "");
	let isFile = isSettingsFile(artifact);
	let bare = 0;
	for (const line of written) {
		const text = textOf(line).trim();
		const at = spanOfText(artifact, line);
		const assignment = ASSIGNMENT.exec(text);
		const path = PROC_PATH.exec(text)?.[1];
		const quoted = /^(?:sysctl: )?(?:error: )?['"]([\w./-]{3,200})['"] is an unknown key/.exec(text)?.[1];
		if (assignment?.[1]) {
			// ufw writes its file with slashes; the kernel's own listing never does.
			if (assignment[1].includes("/") && !assignment[1].includes(".")) isFile = true;
			values.push({ key: dotted(assignment[1]), value: (assignment[2] ?? "").trim(), at });
		} else if (quoted) values.push({ key: dotted(quoted), value: null, at });
		else if (path && /^\/proc\/sys\/\S+?[:=]\s*\S/.test(text)) {
			// `grep . /proc/sys/net/ipv4/ip_forward /proc/sys/…`
			const cut = text.indexOf(":") >= 0 ? text.indexOf(":") : text.indexOf("=");
			values.push({ key: dotted(text.slice("/proc/sys/".length, cut)), value: text.slice(cut + 1).trim(), at });
		} else if (path && /^(?:sysctl|cat|head|grep|error)\b/.test(text)) {
			// In any language; but what may not be read does exist.
			if (!/denied|not permitted|read-only/i.test(text))
				values.push({ key: dotted(path.replace(/[:.]+$/, "")), value: null, at });
		} else if (/^[#;]/.test(text)) {
			// After `sysctl …; nstat` the head `#kernel` of the second stands below the first: no comment of a file.
			if (!/^(?:sudo )?sysctl\b/.test(artifact.command ?? "")) isFile = true;
		} else if (/^-?\d[\d\s]{0,100}$/.test(text) && asked[bare])
			values.push({ key: asked[bare++] ?? "", value: text, at });
		else if (!/^\* Applying|^sysctl: |^(?:\$|#) |permission denied/i.test(text) && !programNotFound(text))
			unread.push(line);
	}
	return {
		kind: "sysctl",
		live: !isFile,
		values,
		remarks: remarksOnLines(artifact, unread, "Not a kernel setting, skipped"),
	};
}

/** A key in dots. In a path the two separators change places: `net/ipv4/conf/eth0.5/rp_filter` (sysctl.d(5)). */
function dotted(key: string): string {
	const first = /[./]/.exec(key)?.[0];
	if (first !== "/") return key;
	return key.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

/** Keys of a command that prints bare values: `cat /proc/sys/net/ipv4/ip_forward`, `sysctl -n net.ipv4.ip_forward`. */
function keysAsked(command: string): readonly string[] {
	const words = command.slice(0, 2000).trim().split(/\s+/);
	if (words[0] === "cat" || words[0] === "head") {
		return words.flatMap((word) => (word.startsWith("/proc/sys/") ? [dotted(word.slice("/proc/sys/".length))] : []));
	}
	return words[0]?.endsWith("sysctl") && words.some((word) => /^-\w*n/.test(word))
		? words.slice(1).filter((word) => /^\w[\w./-]+$/.test(word))
		: [];
}

function isSettingsFile(artifact: Artifact): boolean {
	const command = artifact.command ?? "";
	if (/\/(?:etc|usr\/lib|run)\/(?:sysctl|ufw)/.test(command.slice(0, 1000))) return true;
	return !artifact.command && /(?:^|\/)(?:\d\d-[\w.-]{1,80}|sysctl)\.conf$/.test(artifact.name.slice(-120));
}
