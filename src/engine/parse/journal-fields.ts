import type { Line } from "../text/evidence";
import { jsonText, type LogRecord, recordOfFields } from "./log-record";
import { readIsoTime } from "./log-time";

/**
 * journald records that take a line per field.
 *
 *     Mon 2026-11-23 07:08:21.869789 UTC [s=6a3…;i=1f;…]        journalctl -o verbose
 *         _TRANSPORT=stdout
 *         MESSAGE=failed to start daemon: …
 *
 *     __REALTIME_TIMESTAMP=1795417701869789                      -o export, records parted by an empty line
 *     MESSAGE=…                                                  or `MESSAGE`, and then 8 bytes of length and the text
 *
 *     {                                                          -o json-pretty
 *             "MESSAGE" : "…",
 *
 * systemd.journal-fields(7), systemd's JOURNAL_EXPORT_FORMATS. Not read: the length of a binary field (a paste has lost it).
 */
export type FieldBlock = {
	readonly fields: Map<string, string>;
	readonly first: Line;
	last: Line;
	/** Field whose value goes on in the next line. */
	growing: string | null;
};

const VERBOSE_HEADER = /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d [^[]{5,60}\[s=/;
const FIRST_FIELD = /^\s{0,8}(?:MESSAGE|PRIORITY|SYSLOG_[A-Z_]{1,40}|CODE_[A-Z]{1,10}|__?[A-Z][A-Z0-9_]{1,60})=/;
const FIELD = /^\s{0,8}(_{0,2}[A-Z][A-Z0-9_]{0,63})=(.*)$/s;
const PRETTY_FIELD = /^\s{0,8}"(_{0,2}[A-Z][A-Z0-9_]{0,63})"\s?:\s?(.*)$/s;

const MAYBE_FIELD = /^\s{0,8}"?_{0,2}[A-Z][A-Z0-9_]{1,63}"?\s?[=:]|^[A-Z][a-z]{2} \d{4}-/;

/** Whether this line begins a record of the kind above. */
export function beginsFieldBlock(text: string): boolean {
	if (!MAYBE_FIELD.test(text)) return false;
	const head = text.slice(0, 200);
	return VERBOSE_HEADER.test(head) || FIRST_FIELD.test(head) || PRETTY_FIELD.test(head);
}

export function openFieldBlock(line: Line): FieldBlock {
	const block: FieldBlock = { fields: new Map(), first: line, last: line, growing: null };
	if (VERBOSE_HEADER.test(line.text.slice(0, 200))) {
		const time = readIsoTime(line.text.slice(4));
		if (time !== null) block.fields.set("__REALTIME_TIMESTAMP", String(time.time * 1000));
	} else addToFieldBlock(block, line);
	return block;
}

/** Adds a line. False when the line is not part of the record any more. */
export function addToFieldBlock(block: FieldBlock, line: Line): boolean {
	const text = line.text;
	if (text.trim() === "" || VERBOSE_HEADER.test(text.slice(0, 200))) return false;
	const pretty = PRETTY_FIELD.exec(text);
	const field = pretty ?? FIELD.exec(text);
	if (field !== null) {
		const key = field[1] ?? "";
		if (key === "MESSAGE" && block.fields.has("MESSAGE")) return false;
		const value = field[2] ?? "";
		if (!block.fields.has(key)) block.fields.set(key, pretty === null ? value : prettyValue(value));
		block.growing = pretty === null && key === "MESSAGE" ? key : null;
		block.last = line;
		return true;
	}
	if (text.trim() === "MESSAGE") {
		block.fields.set("MESSAGE", "");
		block.growing = "MESSAGE";
		block.last = line;
		return true;
	}
	if (block.growing !== null) {
		const before = block.fields.get(block.growing) ?? "";
		// The length stands before a binary value: low byte first, and mostly zero bytes.
		const value = before === "" ? text.replace(/^[^\0]{0,4}\0{1,8}/, "") : text;
		if (before.length < 65_536) block.fields.set(block.growing, before === "" ? value : `${before}\n${value}`);
		block.last = line;
		return true;
	}
	// Brackets of json-pretty.
	return /^\s{0,8}[\]})[{(],?\s{0,4}$/.test(text) && !/^\}/.test(text);
}

function prettyValue(text: string): string {
	try {
		return jsonText(JSON.parse(text.replace(/,\s{0,4}$/, ""))) ?? "";
	} catch {
		return text;
	}
}

/** The record, or null when no message was among its fields. */
export function closeFieldBlock(block: FieldBlock): LogRecord | null {
	return block.fields.has("MESSAGE") ? recordOfFields(block.fields, block.first, block.last) : null;
}
