/**
 * `ufw status`, `ufw status verbose`, `ufw status numbered`.
 *
 *     Status: active
 *     Default: deny (incoming), allow (outgoing), deny (routed)
 *     To                         Action      From
 *     --                         ------      ----
 *     22/tcp                     ALLOW IN    Anywhere
 *
 * and ufw's own files, /etc/default/ufw and /etc/ufw/ufw.conf:
 *
 *     DEFAULT_FORWARD_POLICY="DROP"
 *     ENABLED=yes
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
/** The keys of the two files that say what `ufw status` says; see ufw(8) and ufw-framework(8). */
const SETTING = /^(DEFAULT_(?:INPUT|OUTPUT|FORWARD)_POLICY|ENABLED|[A-Z][A-Z0-9_]{1,40})\s?=\s?["']?([\w/ .-]{0,200})/;
const POLICIES: ReadonlyMap<string, string> = new Map([
	["accept", "allow"],
	["drop", "deny"],
	["reject", "reject"],
]);
const DIRECTIONS: ReadonlyMap<string, "incoming" | "outgoing" | "routed"> = new Map([
	["DEFAULT_INPUT_POLICY", "incoming"],
	["DEFAULT_OUTPUT_POLICY", "outgoing"],
	["DEFAULT_FORWARD_POLICY", "routed"],
]);
const STATUS = /^(?:Status|État|Etat|Estado|Stato|Stav|Статус|Состояние|状态|狀態|状態)\s?[:：]\s*(\S.{0,40})$/;

/** Reads ufw's state, its defaults and its rules. */
export function parseUfwStatus(artifact: Artifact): ParsedUfwStatus {
	let active: Read<boolean> | null = null;
	let defaults: ParsedUfwStatus["defaults"] = null;
	const policies = new Map<"incoming" | "outgoing" | "routed", string>();
	let policyLine: Line | null = null;
	const rules: Read<string>[] = [];
	const remarks: Remark[] = [];
	const unread: Line[] = [];
	const complaints: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		if (text.startsWith("#")) continue;
		const setting = SETTING.exec(text);
		if (setting) {
			const [, key = "", value = ""] = setting;
			const direction = DIRECTIONS.get(key);
			const policy = POLICIES.get(value.trim().toLowerCase());
			if (direction && policy) {
				policies.set(direction, policy);
				policyLine = line;
			}
			if (key === "ENABLED") active ??= readFrom(artifact, line, value.trim().toLowerCase() === "yes");
			continue;
		}
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
	const of = (direction: "incoming" | "outgoing" | "routed") => policies.get(direction) ?? "";
	const set = { incoming: of("incoming"), outgoing: of("outgoing"), routed: of("routed") };
	return {
		kind: "ufw-status",
		active,
		defaults: defaults ?? (policyLine && readFrom(artifact, policyLine, set)),
		rules,
		failures: parseFailures(artifact, complaints),
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not read as a line of `ufw status`, skipped")],
	};
}
