import type { Artifact, Line } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import { spanOfLine, spanOfLines } from "../text/span-of";
import { type Unwrapped, unwrap } from "./error-chain";
import type { Failure } from "./failure";
import { type Flood, floodOf } from "./flood";
import { addToFieldBlock, beginsFieldBlock, closeFieldBlock, type FieldBlock, openFieldBlock } from "./journal-fields";
import { joinEntries, type LogEntry } from "./log-entry";
import { kindOfCommand, readEvent } from "./log-event";
import { type LogRecord, readRecord } from "./log-record";
import { readMessageText } from "./message-text";
import { isNoAnswer, secondsWaited } from "./no-answer";
import type { LogEvent, ParsedLog, Read } from "./parsed";
import { isQuiet, isRoutine } from "./routine-line";

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

/** How many failures of one complaint, and events of one kind, are kept at either end of a log. */
const ALIKE = 250;
/** How many different complaints are told apart; a port scan in a kernel log has thousands. */
const COMPLAINTS = 2000;

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
	readonly failures: Flood<Failure>;
	readonly events: Flood<LogEvent>;
	/** Texts of failures that could be read, to tell when a cut one says the same. */
	readonly told: string[];
	readonly speakers: Map<ParsedLog["of"], number>;
	errors: number;
	warnings: number;
	runs: number;
	/** systemd said `Starting docker.service`, and dockerd has not spoken since. */
	announced: boolean;
	version: Read<string> | null;
	typed: string | null;
	first: number | null;
	last: number | null;
};

function read(artifact: Artifact, lines: readonly Line[]): ParsedLog {
	const reading: Reading = {
		artifact,
		failures: floodOf(ALIKE, COMPLAINTS),
		events: floodOf(ALIKE, 64),
		told: [],
		speakers: new Map(),
		errors: 0,
		warnings: 0,
		runs: 0,
		announced: false,
		version: null,
		typed: artifact.command ?? null,
		first: null,
		last: null,
	};
	let records = 0;
	let passed = 0;
	let lastPassed: Line | null = null;
	let block: FieldBlock | null = null;
	const joiner = joinEntries((entry) => readEntry(reading, entry));
	const take = (record: LogRecord): void => {
		if (record.shape === "prompt") {
			joiner.flush();
			reading.typed = record.text;
			noteTyped(reading, record);
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
		const routine = isRoutine(line.text);
		if (routine || (!joiner.expectsMore() && isQuiet(line.text))) {
			joiner.flush();
			records += 1;
			passed += 1;
			lastPassed = line;
			// Who speaks is judged by some of the lines that tell nothing; dockerd's routine is known at sight.
			if (routine) count(reading, "dockerd", 1);
			if (passed === 1 || (!routine && (passed < 64 || passed % 64 === 0)))
				noteSample(reading, readRecord(line), routine);
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
	if (lastPassed !== null) noteTime(reading, readRecord(lastPassed).time);
	return {
		kind: "log",
		of: mainSpeaker(reading),
		recordCount: records,
		errorCount: reading.errors,
		warningCount: reading.warnings,
		runs: reading.runs,
		dockerVersion: reading.version,
		failures: withoutEchoes(reading),
		events: reading.events.kept(),
		firstTime: reading.first,
		lastTime: reading.last,
		remarks: remarksOf(reading),
	};
}

function noteSample(reading: Reading, record: LogRecord, counted: boolean): void {
	noteTime(reading, record.time);
	if (!counted && record.shape !== "blank") count(reading, speakerOf(record), 1);
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
	const run = reading.runs > 0 || isDaemonLog(reading) ? reading.runs : null;
	for (const failure of found) {
		const whole = { ...failure, at: spanOf(reading, entry), time: entry.time, run };
		reading.failures.add(`${failure.weight} ${JSON.stringify(failure.complaint)}`, whole);
		if (failure.complaint.kind !== "unrecognised" && failure.weight !== "noise" && reading.told.length < 500)
			reading.told.push(readMessageText(entry.text).lower);
	}
}

/**
 * Without the failures that only repeat, cut short, what another line tells whole: compose prints
 * `✘ Network web_default  Error Error response from daemon: Failed to Setup IP tables: … (iptables fai...  0.0s` and then all of it.
 */
function withoutEchoes(reading: Reading): readonly Failure[] {
	return reading.failures.kept().filter((failure) => {
		if (failure.complaint.kind !== "unrecognised") return true;
		const words = readMessageText(failure.words).lower;
		const cut = words.search(/\.{3}|…/);
		const head = (cut < 0 ? words : words.slice(0, cut)).trim();
		return head.length < 24 || !reading.told.some((told) => told.includes(head));
	});
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
	const run = reading.runs > 0 || isDaemonLog(reading) ? reading.runs : null;
	reading.events.add(event.kind, { ...event, time: entry.time, run, at: spanOf(reading, entry) });
}

/** A command typed at a prompt, such as `iptables -t nat -F` or `systemctl restart firewalld`, is an event as well. */
function noteTyped(reading: Reading, record: LogRecord): void {
	const kind = kindOfCommand(record.text);
	if (kind === null) return;
	const detail = record.text.slice(0, 200);
	reading.events.add(kind, { kind, detail, time: null, run: null, at: spanOfLine(reading.artifact, record.first) });
}

function noteVersion(reading: Reading, entry: LogEntry): void {
	if (!entry.text.startsWith("Docker daemon")) return;
	const version = entry.fields.get("version") ?? /\bversion="?([\w.+~-]{1,60})/.exec(entry.text)?.[1];
	if (version !== undefined) reading.version = { value: version, at: spanOf(reading, entry) };
}

function speakerOf(entry: LogRecord): ParsedLog["of"] {
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
			// journalctl -x explains systemd's records.
			if (entry.text.trimStart().startsWith("░░")) return "systemd";
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
	const dropped = reading.failures.dropped() + reading.events.dropped();
	const last = reading.artifact.lines.at(-1);
	if (dropped === 0 || last === undefined) return [];
	const says = `${dropped} more entries say the same as those listed and are left out`;
	return [{ says, at: spanOfLine(reading.artifact, last) }];
}
