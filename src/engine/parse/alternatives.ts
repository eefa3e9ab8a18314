/**
 * `update-alternatives --display`, `--query`, `--list` and `--config`, and Red Hat's `alternatives --display`.
 *
 *     iptables - manual mode
 *       link best version is /usr/sbin/iptables-nft
 *       link currently points to /usr/sbin/iptables-legacy
 *       slave iptables-restore is /usr/sbin/iptables-restore
 *     /usr/sbin/iptables-legacy - priority 10
 *
 * Seen: Debian 10 to sid, RHEL 8. In other languages the layout is the same: choices start in the first column, and
 * the second indented line that names a program is the current one (dpkg, utils/update-alternatives.c).
 */
import type { Artifact } from "../text/evidence";
import type { Remark } from "../text/span";
import { programNotFound, readFrom, remark, remarksOnLines, textOf, writtenLines } from "./line-text";
import type { ParsedAlternatives, Read } from "./parsed";

/** Reads which program a name stands for, and what else it could stand for. */
export function parseAlternatives(artifact: Artifact): ParsedAlternatives {
	let name: string | null = null;
	let current: Read<string> | null = null;
	let automatic: boolean | null = null;
	const choices = new Set<string>();
	const indented: Read<string>[] = [];
	const remarks: Remark[] = [];
	const unread: (typeof artifact.lines)[number][] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const heading = /^(\S{1,60}) - (\S.{0,80})$/.exec(text);
		if (/^update-alternatives: (?:warning|error)|^alternatives: /.test(text)) {
			// `alternative /usr/sbin/iptables-nft (part of link group iptables) doesn't exist; removing from list`
			remarks.push(remark(artifact, line, text.replace(/^(?:update-)?alternatives: (?:warning: |error: )?/, "")));
		} else if (heading?.[1]?.startsWith("/")) {
			choices.add(heading[1]);
		} else if (heading?.[1] && heading[2]) {
			name ??= heading[1];
			automatic ??= /\bauto/i.test(heading[2]) ? true : /man[ou]|manuel/i.test(heading[2]) ? false : null;
		} else if (/^\s+(?:slave|follower) /.test(text)) {
			// The names that follow the master link.
		} else if (readQuery(text)) {
			const [key, value] = readQuery(text) ?? ["", ""];
			if (key === "Name") name ??= value;
			if (key === "Status") automatic ??= value === "auto";
			if (key === "Value") current ??= value === "none" ? null : readFrom(artifact, line, value);
			if (key === "Alternative") choices.add(value);
		} else if (/^\s*[*+ ]{0,3}\s*\d{1,3}\s{1,20}(?:\S{1,60} \()?\/\S/.test(text)) {
			const row = /^\s*([*+ ]{0,3})\s*\d{1,3}\s+(?:\S{1,60} \()?(\/[^\s)]{1,200})\)?\s*\d{0,6}\s*(\S.{0,40})?$/.exec(
				text,
			);
			const path = row?.[2];
			if (!path) continue;
			choices.add(path);
			// Debian marks the current choice with `*`; Red Hat marks the best with `*` and the current with `+`.
			const marks = row[1] ?? "";
			if (marks.includes("+") || (marks.includes("*") && !current)) {
				current = readFrom(artifact, line, path);
				if (row[3]) automatic = /auto/.test(row[3]);
			}
		} else if (/^\s.*\s\/\S+$/.test(text)) {
			const path = text.slice(text.lastIndexOf("/", text.lastIndexOf(" ") + 1));
			if (/points to|pointed to/.test(text)) current ??= readFrom(artifact, line, path);
			else if (!/^\s+(?:link|lien|Link) \S+ (?:is|est|ist) /.test(text)) indented.push(readFrom(artifact, line, path));
		} else if (/^\/\S+$/.test(text)) choices.add(text);
		else if (/only one alternative.{0,200}: (\/\S+)$/.test(text)) {
			const path = text.slice(text.lastIndexOf(" ") + 1);
			choices.add(path);
			current ??= readFrom(artifact, line, path);
		} else if (!isFrame(text)) unread.push(line);
	}
	// Localised: best version first, then the current one.
	current ??= indented.filter(({ value }) => choices.size === 0 || choices.has(value))[1] ?? null;
	return {
		kind: "alternatives",
		name,
		current,
		choices: [...choices],
		automatic,
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not read as an alternative, skipped")],
	};
}

function readQuery(text: string): readonly [string, string] | null {
	const found = /^(Name|Link|Status|Best|Value|Alternative|Priority|Slaves|Followers):\s*(\S{0,200})/.exec(text);
	return found?.[1] ? [found[1], found[2] ?? ""] : null;
}

// Headings, rules, prompts and `link best version not available`.
function isFrame(text: string): boolean {
	return (
		/^\s*Selection\b|^-{5,}|^There (?:are|is)|^Press |^Enter to keep|^\s+link best version|^Current `best'|^Nothing to configure/i.test(
			text,
		) ||
		/^ \S+ \/\S+$/.test(text) ||
		programNotFound(text) !== null
	);
}
