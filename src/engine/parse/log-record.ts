import type { Line } from "../text/evidence";
import { type Level, levelOfSeverity, programName, readLevel, readLogHeader } from "./log-header";
import { readIsoTime } from "./log-time";
import { readLogfmt } from "./logfmt";
import { windowOf } from "./message-text";

/**
 * One log line: who says it, when, how loud, and the message with its error fields.
 *
 * Bodies read: logfmt (dockerd, containerd; any version), logrus on a terminal (`INFO[0000] …`, `ERRO[2026-06-03T…] …`), JSON
 * lines (dockerd 25+ with --log-format json, journald -o json and json-sse/-seq with MESSAGE as string, bytes or null,
 * Docker's json-file, an API answer `{"message": …}`), and plain text. Headers: see log-header.ts.
 *
 * Not read: records that take several lines; log-entry.ts and journal-fields.ts put those together.
 */
export type LogRecord = {
	readonly first: Line;
	readonly last: Line;
	readonly time: number | null;
	readonly program: string | null;
	readonly pid: string | null;
	readonly level: Level | null;
	/** Message and error fields, `: ` between them. Escapes are not undone. */
	readonly text: string;
	/** Keys of logfmt or JSON; empty for plain text. */
	readonly fields: ReadonlyMap<string, string>;
	readonly shape: "logfmt" | "terminal" | "json" | "plain" | "prompt" | "blank";
	/** A time or a speaker stood before the message. */
	readonly headed: boolean;
	/** A quoted value goes on in the next line. */
	readonly open: boolean;
};

type Body = Pick<LogRecord, "text" | "fields" | "shape" | "open"> & {
	readonly time: number | null;
	readonly level: Level | null;
	readonly program: string | null;
};

const NO_FIELDS: ReadonlyMap<string, string> = new Map();
const TERMINAL = /^(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]]{1,40})\]\s?/;
/** The longest JSON line we parse whole. */
const LONGEST_JSON = 262_144;

/** Reads one line. Never fails: what is no known form is plain text. */
export function readRecord(line: Line): LogRecord {
	const text = line.text;
	if (text.trim() === "") return { ...blankRecord(line) };
	const prompt = readPrompt(text);
	if (prompt !== null) return { ...blankRecord(line), shape: "prompt", text: prompt };
	const header = readLogHeader(text);
	const body = readBody(text.slice(header.body));
	return {
		first: line,
		last: line,
		time: body.time ?? header.time,
		program: body.program ?? header.program,
		pid: header.pid,
		level: body.level ?? header.level,
		text: body.text,
		fields: body.fields,
		shape: body.shape,
		headed: header.body > 0,
		open: body.open,
	};
}

function blankRecord(line: Line): LogRecord {
	return {
		first: line,
		last: line,
		time: null,
		program: null,
		pid: null,
		level: null,
		text: "",
		fields: NO_FIELDS,
		shape: "blank",
		headed: false,
		open: false,
	};
}

/** A record from journald fields that stood on lines of their own (-o verbose, export, json-pretty). */
export function recordOfFields(fields: ReadonlyMap<string, string>, first: Line, last: Line): LogRecord {
	const pid = fields.get("_PID") ?? fields.get("SYSLOG_PID") ?? null;
	return { ...readJournal(fields), first, last, pid, shape: "json", headed: true };
}

/** journald's fields of one record, and the body of its MESSAGE. */
function readJournal(fields: ReadonlyMap<string, string>): Body {
	const pid = fields.get("_PID") ?? fields.get("SYSLOG_PID") ?? null;
	const name = fields.get("SYSLOG_IDENTIFIER") ?? fields.get("_COMM") ?? fields.get("_SYSTEMD_UNIT") ?? null;
	const stamp = fields.get("_SOURCE_REALTIME_TIMESTAMP") ?? fields.get("__REALTIME_TIMESTAMP");
	const micros = stamp !== undefined && /^\d{12,17}$/.test(stamp) ? Math.floor(Number(stamp) / 1000) : null;
	const body = readBody(fields.get("MESSAGE") ?? "");
	return {
		...body,
		time: body.time ?? micros,
		program: body.program ?? (name === null ? null : programName(name, pid)),
		// dockerd's stderr reaches journald as PRIORITY 6 whatever it says, so the body's own level goes first.
		level: body.level ?? (fields.has("PRIORITY") ? levelOfSeverity(Number(fields.get("PRIORITY"))) : null),
	};
}

/** The message behind any header. */
function readBody(text: string): Body {
	const start = text.search(/\S/);
	const trimmed = start > 0 ? text.slice(start) : text;
	const brace = /^(?:data: |\x1e)?\{/.exec(trimmed);
	if (brace !== null) {
		const json = readJson(trimmed.slice(brace[0].length - 1).trimEnd());
		if (json !== null) return json;
	}
	const terminal = TERMINAL.exec(trimmed);
	if (terminal !== null) {
		return {
			text: windowOf(trimmed.slice(terminal[0].length)),
			fields: NO_FIELDS,
			shape: "terminal",
			open: false,
			time: readIsoTime(terminal[2] ?? "")?.time ?? null,
			level: readLevel(terminal[1] ?? ""),
			program: "dockerd",
		};
	}
	const level = trimmed.slice(0, 160).indexOf("level=");
	if (level >= 0 && (level === 0 || trimmed[level - 1] === " ")) {
		const time = trimmed.lastIndexOf("time=", level);
		const read = readLogfmt(trimmed, time >= 0 ? time : level);
		const message = read.fields.get("msg");
		if (message !== undefined || read.open) {
			return {
				text: windowOf(withErrors(message ?? "", read.fields)),
				fields: read.fields,
				shape: "logfmt",
				open: read.open,
				time: readIsoTime(read.fields.get("time") ?? "")?.time ?? null,
				level: readLevel(read.fields.get("level") ?? ""),
				program: null,
			};
		}
	}
	return {
		text: windowOf(text),
		fields: NO_FIELDS,
		shape: "plain",
		open: false,
		time: null,
		level: null,
		program: null,
	};
}

/** dockerd puts the cause in error= (`failed to find iptables`), 29.x in error-response=. */
function withErrors(message: string, fields: ReadonlyMap<string, string>): string {
	let text = message;
	for (const key of ["error-response", "error", "err"]) {
		const value = fields.get(key);
		if (value !== undefined && value !== "" && value !== "<nil>") text = text === "" ? value : `${text}: ${value}`;
	}
	return text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON value as text: strings as they are, journald's byte arrays decoded, null as nothing. */
export function jsonText(value: unknown): string | null {
	if (typeof value === "string") return value;
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	if (!Array.isArray(value)) return value === null || value === undefined ? null : JSON.stringify(value).slice(0, 4096);
	let encoded = "";
	for (const byte of value.slice(0, 65_536)) {
		if (typeof byte !== "number" || byte < 0 || byte > 255) return null;
		encoded += `%${Math.trunc(byte).toString(16).padStart(2, "0")}`;
	}
	try {
		return decodeURIComponent(encoded);
	} catch {
		return encoded.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
	}
}

function readJson(text: string): Body | null {
	if (!text.endsWith("}") || text.length >= LONGEST_JSON) return null;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	if (!isObject(value)) return null;
	const fields = new Map<string, string>();
	for (const [key, field] of Object.entries(value)) {
		const read = jsonText(field);
		if (read !== null) fields.set(key, read);
	}
	if (fields.has("MESSAGE") || fields.has("__REALTIME_TIMESTAMP")) return readJournal(fields);
	const time = readIsoTime(fields.get("time") ?? fields.get("ts") ?? "")?.time ?? null;
	const log = fields.get("log");
	if (log !== undefined && fields.has("stream")) {
		const inner = readBody(log.trimEnd());
		return { ...inner, time: inner.time ?? time };
	}
	const message = fields.get("msg") ?? fields.get("message") ?? fields.get("stderr") ?? fields.get("error");
	if (message === undefined) return null;
	const errors = fields.has("msg") || fields.has("message") ? withErrors(message, fields) : message;
	const level = readLevel(fields.get("level") ?? "") ?? (fields.has("level") ? null : "error");
	return { text: windowOf(errors), fields, shape: "json", open: false, time, level, program: null };
}

// `root@docker01:~# iptables …`, `[root@host ~]$ sudo docker run …`, `$ docker …`, `docker01:~# …`, `+ iptables …`, `PS C:\> docker …`
const PROMPT =
	/^(?:\++|[^"'=|]{0,120}?[$#%>❯➜»])\s+((?:sudo\s+(?:-\S+\s+){0,3})?(?:[\w/.-]{0,60}\/)?(?:ip6?tables|docker|nft|modprobe|systemctl|service|rc-service|ufw|firewall-cmd|journalctl|dmesg|lsmod|curl|podman|nerdctl|snap|sysctl|fuser|lsof)\S{0,30}(?:\s[^\n]{0,2000})?)$/;

const PROMPT_MARK = /[$#%>❯➜»]\s|^\+/;

/** The command typed at a prompt, without `sudo`; null for any other line. */
export function readPrompt(text: string): string | null {
	if (text.length > 3000 || !PROMPT_MARK.test(text)) return null;
	const read = PROMPT.exec(text);
	if (read === null) return null;
	return (read[1] ?? "").replace(/^sudo\s+(?:-\S+\s+){0,3}/, "").trim();
}
