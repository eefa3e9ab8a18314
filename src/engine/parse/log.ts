import type { Artifact, Line } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import { spanOfLine, spanOfLines } from "../text/span-of";
import { type Unwrapped, unwrap } from "./error-chain";
import type { Failure } from "./failure";
import { addToFieldBlock, beginsFieldBlock, closeFieldBlock, type FieldBlock, openFieldBlock } from "./journal-fields";
import { joinEntries, type LogEntry } from "./log-entry";
import { readEvent } from "./log-event";
import { type LogRecord, readRecord } from "./log-record";
import { isNoAnswer, secondsWaited } from "./no-answer";
import type { LogEvent, ParsedLog, Read } from "./parsed";

/**
 * Logs and error output: dockerd's, containerd's, systemd's, firewalld's and the kernel's, in any form in which journald, syslog,
 * Docker Desktop, a CI runner or a person hands them on, and what docker, compose and iptables print at a prompt.
 *
 *     time="2026-11-23T07:09:26.684Z" level=warning msg="failed to find iptables" error="exec: \"iptables\": …"
 *     Nov 23 08:00:38 docker01 dockerd[499]: failed to start daemon: Error initializing network controller: …
 *     docker: Error response from daemon: driver failed programming external connectivity on endpoint web2 (…): …
 *
 * Most lines of a log tell nothing: those are passed over after one look for a few literals. Not read: what applications in
 * containers log.
 */

/** More failures than this are not kept; the log then says so in a remark. */
const MOST_FAILURES = 5000;
const MOST_EVENTS = 5000;

// A record at info or debug level is worth reading only with one of these.
const INFO_WORDS =
	/Starting up|completed initialization|Docker daemon|rocessing signal|hutdown complete|xlock|TaskDelete|contention|FORWARD has policy|Firewalld|IPv4 forwarding|failed to start daemon/;

/** A record of dockerd or containerd that tells nothing, judged without taking it apart. */
export function isRoutine(text: string): boolean {
	const level = text.indexOf("level=");
	if (level === 0 || (level > 0 && level < 200 && text.lastIndexOf('time="', level) >= 0)) {
		if (!text.startsWith("info", level + 6) && !text.startsWith("debug", level + 6)) return false;
		return !INFO_WORDS.test(text);
	}
	if (text.startsWith("INFO[") || text.startsWith("DEBU[")) return !INFO_WORDS.test(text);
	if (text.startsWith('{"level":"info"') || text.startsWith('{"level":"debug"')) return !INFO_WORDS.test(text);
	return false;
}

/** Reads a log or error output. */
export function parseLog(artifact: Artifact): ParsedLog {
	return read(artifact, artifact.lines);
}

/** What a program complained about in these lines of an artifact, such as the errors that stand in place of a listing. */
export function parseFailures(artifact: Artifact, lines: readonly Line[]): readonly Failure[] {
	return read(artifact, lines).failures;
}

type Reading = {
	readonly artifact: Artifact;
	readonly failures: Failure[];
	readonly events: LogEvent[];
	readonly speakers: Map<ParsedLog["of"], number>;
	errors: number;
	warnings: number;
	runs: number;
	/** systemd said `Starting docker.service`, and dockerd has not spoken since. */
	announced: boolean;
	version: Read<string> | null;
	typed: string | null;
	dropped: Line | null;
	first: number | null;
	last: number | null;
};

function read(artifact: Artifact, lines: readonly Line[]): ParsedLog {
	const reading: Reading = {
		artifact,
		failures: [],
		events: [],
		speakers: new Map(),
		errors: 0,
		warnings: 0,
		runs: 0,
		announced: false,
		version: null,
		typed: artifact.command ?? null,
		dropped: null,
		first: null,
		last: null,
	};
	let records = 0;
	let routine = 0;
	let lastRoutine: Line | null = null;
	let block: FieldBlock | null = null;
	const joiner = joinEntries((entry) => readEntry(reading, entry));
	const take = (record: LogRecord): void => {
		if (record.shape === "prompt") {
			joiner.flush();
			reading.typed = record.text;
			return;
		}
		if (record.shape !== "blank") records += 1;
		noteTime(reading, record.time);
		joiner.take(record);
	};
	for (const line of lines) {
		if (block !== null) {
			if (addToFieldBlock(block, line)) continue;
			const record = closeFieldBlock(block);
			block = null;
			if (record !== null) take(record);
		}
		if (isRoutine(line.text)) {
			joiner.flush();
			records += 1;
			routine += 1;
			lastRoutine = line;
			if (routine === 1) noteTime(reading, readRecord(line).time);
			continue;
		}
		if (beginsFieldBlock(line.text)) {
			joiner.flush();
			block = openFieldBlock(line);
			continue;
		}
		take(readRecord(line));
	}
	const rest = block === null ? null : closeFieldBlock(block);
	if (rest !== null) take(rest);
	joiner.flush();
	if (lastRoutine !== null) noteTime(reading, readRecord(lastRoutine).time);
	count(reading, "dockerd", routine);
	return {
		kind: "log",
		of: mainSpeaker(reading),
		recordCount: records,
		errorCount: reading.errors,
		warningCount: reading.warnings,
		runs: reading.runs,
		dockerVersion: reading.version,
		failures: reading.failures,
		events: reading.events,
		firstTime: reading.first,
		lastTime: reading.last,
		remarks: remarksOf(reading),
	};
}

function noteTime(reading: Reading, time: number | null): void {
	if (time === null) return;
	reading.first = reading.first === null ? time : Math.min(reading.first, time);
	reading.last = reading.last === null ? time : Math.max(reading.last, time);
}

function count(reading: Reading, speaker: ParsedLog["of"], records: number): void {
	if (records > 0) reading.speakers.set(speaker, (reading.speakers.get(speaker) ?? 0) + records);
}

function spanOf(reading: Reading, entry: LogEntry): Span {
	if (entry.lineCount === 1 && entry.first === entry.last) return spanOfLine(reading.artifact, entry.first);
	return spanOfLines(reading.artifact, entry.first, entry.last);
}

function readEntry(reading: Reading, entry: LogEntry): void {
	if (entry.level === "error" || entry.level === "fatal") reading.errors += 1;
	if (entry.level === "warning") reading.warnings += 1;
	count(reading, speakerOf(entry), 1);
	noteVersion(reading, entry);
	const event = readEvent(entry);
	if (event !== null) noteEvent(reading, entry, event);
	const silence = isNoAnswer(entry.text, reading.typed);
	const found = silence ? [noAnswer(entry.text, reading.typed)] : unwrapEntry(reading, entry);
	for (const failure of found) {
		if (reading.failures.length >= MOST_FAILURES) {
			reading.dropped ??= entry.first;
			return;
		}
		const run = reading.runs > 0 || isDaemonLog(reading) ? reading.runs : null;
		reading.failures.push({ ...failure, at: spanOf(reading, entry), time: entry.time, run });
	}
}

function unwrapEntry(reading: Reading, entry: LogEntry): readonly Unwrapped[] {
	const said = {
		level: entry.level,
		program: entry.program,
		structured: entry.shape === "logfmt" || entry.shape === "terminal" || entry.fields.has("level"),
		typed: reading.typed,
	};
	const found = unwrap({ ...said, text: entry.text });
	const vague = found.length === 0 || found[0]?.complaint.kind === "unrecognised";
	if (!vague || entry.glued === null) return found;
	// A terminal may have cut a word in two.
	const glued = unwrap({ ...said, text: entry.glued });
	return glued.length > 0 && glued[0]?.complaint.kind !== "unrecognised" ? glued : found;
}

function noAnswer(text: string, typed: string | null): Unwrapped {
	return {
		speaker: typed !== null && /^\S{0,60}ip6?tables/.test(typed) ? "iptables" : "docker-cli",
		fromDockerd: false,
		during: typed !== null && /tables.{0,80} -\w{0,4}[LS]\b/.test(typed) ? "listing" : "unknown",
		weight: "error",
		command: null,
		version: null,
		backend: null,
		exit: null,
		complaint: { kind: "no-answer", seconds: secondsWaited(text) },
		words: text.trim().slice(0, 500),
		subject: null,
	};
}

function isDaemonLog(reading: Reading): boolean {
	return reading.artifact.kind === "dockerd-log";
}

function noteEvent(
	reading: Reading,
	entry: LogEntry,
	event: { readonly kind: LogEvent["kind"]; readonly detail: string },
): void {
	if (event.kind === "daemon-starting") {
		// systemd announces the start, then dockerd says "Starting up" (not with a bad daemon.json): one run.
		const announcement = entry.program === "systemd";
		if (announcement || !reading.announced) reading.runs += 1;
		reading.announced = announcement;
	}
	if (reading.events.length >= MOST_EVENTS) return;
	const run = reading.runs > 0 || isDaemonLog(reading) ? reading.runs : null;
	reading.events.push({ ...event, time: entry.time, run, at: spanOf(reading, entry) });
}

function noteVersion(reading: Reading, entry: LogEntry): void {
	if (!entry.text.startsWith("Docker daemon")) return;
	const version = entry.fields.get("version") ?? /\bversion="?([\w.+~-]{1,60})/.exec(entry.text)?.[1];
	if (version !== undefined) reading.version = { value: version, at: spanOf(reading, entry) };
}

function speakerOf(entry: LogEntry): ParsedLog["of"] {
	switch (entry.program) {
		case "dockerd":
		case "containerd":
			return "dockerd";
		case "kernel":
			return "kernel";
		case "firewalld":
			return "firewalld";
		case "systemd":
			return "systemd";
		case null:
			return entry.shape === "logfmt" || entry.fields.has("level") ? "dockerd" : "client";
		default:
			return "mixed";
	}
}

function mainSpeaker(reading: Reading): ParsedLog["of"] {
	let total = 0;
	let most: ParsedLog["of"] = "client";
	let records = 0;
	for (const [speaker, said] of reading.speakers) {
		total += said;
		if (said > records) {
			most = speaker;
			records = said;
		}
	}
	if (total === 0) return reading.artifact.kind === "docker-error" ? "client" : "mixed";
	return records * 2 >= total ? most : "mixed";
}

function remarksOf(reading: Reading): readonly Remark[] {
	if (reading.dropped === null) return [];
	const line = reading.dropped;
	return [
		{
			says: `line ${line.number}: more than ${MOST_FAILURES} errors; those from here on are not listed`,
			at: spanOfLine(reading.artifact, line),
		},
	];
}
