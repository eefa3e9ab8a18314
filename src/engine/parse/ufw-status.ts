/**
 * `ufw status`, `ufw status verbose`, `ufw status numbered`.
 *
 *     Status: active
 *     Default: deny (incoming), allow (outgoing), deny (routed)
 *     To                         Action      From
 *     --                         ------      ----
 *     22/tcp                     ALLOW IN    Anywhere
 *
 * Seen: ufw 0.36 (Debian, Ubuntu), with its translations of the word after `Status:`. `disabled (routed)` is what an
 * `ACCEPT` policy with forwarding off prints. Not read: logging, application profiles.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { programNotFound, readFrom, remark, remarksOnLines, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedUfwStatus, Read } from "./parsed";

const INACTIVE = /^(?:in|non|nicht|не|不|비)|未|inaktiv|неакт/i;
const STATUS = /^(?:Status|État|Etat|Estado|Stato|Stav|Статус|Состояние|状态|狀態|状態)\s?[:：]\s*(\S.{0,40})$/;

/** Reads ufw's state, its defaults and its rules. */
export function parseUfwStatus(artifact: Artifact): ParsedUfwStatus {
	let active: Read<boolean> | null = null;
	let defaults: ParsedUfwStatus["defaults"] = null;
	const rules: Read<string>[] = [];
	const remarks: Remark[] = [];
	const unread: Line[] = [];
	const complaints: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const status = STATUS.exec(text)?.[1];
		const directions = [...text.slice(0, 300).matchAll(/([^\s:,(]{2,30}) \(([^)]{2,30})\)/g)];
		// Before the defaults: an error quotes iptables, brackets and all.
		if (/^(?:ERROR|WARN|FEHLER)\b/i.test(text) || programNotFound(text)) {
			complaints.push(line);
			remarks.push(remark(artifact, line, "`ufw` did not answer"));
		} else if (status) active ??= readFrom(artifact, line, !INACTIVE.test(status));
		else if (directions.length >= 2 && /:/.test(text)) {
			const word = (name: RegExp, index: number) =>
				(directions.find((one) => name.test(one[2] ?? "")) ?? directions[index])?.[1] ?? "";
			defaults ??= readFrom(artifact, line, {
				incoming: word(/^incoming/, 0),
				outgoing: word(/^outgoing/, 1),
				routed: word(/^routed/, 2),
			});
		} else if (/\b(?:ALLOW|DENY|REJECT|LIMIT)\b/.test(text)) rules.push(readFrom(artifact, line, text));
		// Headings, the rule below them, and the two lines about logging and profiles.
		else if (!/^-{2,}[\s-]*$|^[^\s:]{3,30}( [^\s:]{2,20})?\s?: |\s{3,}\S{1,20}\s{3,}/.test(text)) unread.push(line);
	}
	return {
		kind: "ufw-status",
		active,
		defaults,
		rules,
		failures: parseFailures(artifact, complaints),
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not read as a line of `ufw status`, skipped")],
	};
}
