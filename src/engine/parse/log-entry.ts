import type { Line } from "../text/evidence";
import type { LogRecord } from "./log-record";

/**
 * One message put together from the records it was cut into.
 *
 *     Nov 23 08:00:38 docker01 dockerd[499]: failed to start daemon: … can't initialize iptables table `nat': Table does not exist (do you need to insmod?)
 *     Nov 23 08:00:38 docker01 dockerd[499]: Perhaps iptables or your kernel needs to be upgraded.
 *     Nov 23 08:00:38 docker01 dockerd[499]:  (exit status 3)
 *
 * Also lines that a terminal wrapped, and blank lines within an error (``Couldn't load match `addrtype'`` has one). What follows
 * an error without belonging to it (`Run 'docker run --help' for more information`, a prompt, the next record) is left out.
 */
export type LogEntry = LogRecord & {
	/** The same text with nothing between its lines: for words that a terminal cut in two. Null for one line. */
	readonly glued: string | null;
	readonly lineCount: number;
};

const LONGEST_ENTRY = 12;

// How the rest of an error begins, in the words of iptables, dockerd and modprobe.
const CONTINUES =
	/^\s{0,40}(?:\(exit status|perhaps ip6?tables|try ['`‘]?ip6?tables|see 'dockerd|stopped waiting|\(do you need|ip6?tables[\w-]{0,20}(?: v\d|: )|another app |warning: extension|can't initialize|\^-{0,40}|\)+[.)]{0,3}$)/i;
// What only follows another line of the same failure.
const NEEDS_OPENING = /^\s{0,40}(?:ip6?tables[\w-]{0,20}(?: v\d|: )|another app |can't initialize)/i;
const OPENING = /^\s{0,40}(?:modprobe: |can't lock |warning: extension|insmod: )|tables failed: |command_failed/i;
const BEGINS =
	/^\s{0,8}(?:docker: |[✘✔✖] |.{0,120}error response from daemon|error: |error:|failed to start|warning|time=|level=|\{|\[|[#$+] |curl: |nc: |run 'docker|see '\/|see "|container id|job for |exit \d|-- (?:boot|reboot|logs|journal|no )|[0-9a-f]{12,64}\s{0,4}$|[\w.-]{1,40}:~?\S{0,40}[#$] |\(no answer|\(waits|\^c|chain [a-z-]{1,64} \(|hint:|░░|internal:\d|command_failed|\S{1,64} exited with code|unable to find image|status: |digest: |[\w./-]{1,60}: pulling)/i;

// Only an error that quotes another is long enough to be wrapped; what iptables says itself fits a line.
const QUOTES_ANOTHER =
	/from daemon: |start(?:ing)? daemon: |programming\s|tables failed: |command_failed|server error|failed!|cannot start|unable to|failed to/i;

function isUnfinished(text: string): boolean {
	const lower = text.slice(-6000).toLowerCase();
	const quoted = lower.lastIndexOf("tables failed: ");
	if (quoted >= 0) return !lower.includes("exit status", quoted);
	if (/[:,]\s{0,4}$/.test(text)) return true;
	// Cut on purpose, and compose's clock behind it.
	if (/(?:\.{3}|…)\s{0,8}(?:\d[\d.]{0,8}s)?\s{0,8}$/.test(text)) return false;
	// As wide as a terminal or a mail, and no end of a sentence.
	const narrow = /from daemon: |start daemon: |programming /.test(lower) ? 40 : 60;
	return text.length >= narrow && !/[.!?)\]"'}>]\s{0,4}$/.test(text);
}

function tellsFailure(text: string): boolean {
	return /error|failed|fatal|cannot|unable|tables|unknown (?:shorthand )?flag/i.test(text.slice(0, 400));
}

/** Whether `record` goes on with the message of `entry`. `blanks` lines without text stand between them. */
function continues(entry: LogEntry, record: LogRecord, blanks: number): boolean {
	if (entry.lineCount >= LONGEST_ENTRY || blanks > 2) return false;
	if (record.shape !== "plain") return false;
	if (entry.open) return !record.headed;
	if (entry.shape !== "plain" && entry.shape !== "terminal") return false;
	if (record.program !== null && record.program !== entry.program) return false;
	if (record.pid !== null && entry.pid !== null && record.pid !== entry.pid) return false;
	if (record.headed && !entry.headed) return false;
	if (record.time !== null && entry.time !== null && Math.abs(record.time - entry.time) > 2000) return false;
	if (CONTINUES.test(record.text))
		return NEEDS_OPENING.test(record.text)
			? OPENING.test(entry.text)
			: tellsFailure(entry.text) || OPENING.test(entry.text);
	// Whose flag it was, the next line tells: dockerd's or the client's own.
	if (/^\s{0,4}see 'docker [a-z]/i.test(record.text)) return /unknown (?:shorthand )?flag/.test(entry.text);
	if (BEGINS.test(record.text)) return false;
	if (blanks > 0) return false;
	// journalctl indents the later lines of one message under the first.
	if (!record.headed && entry.headed) return /^\s{8,}\S/.test(record.text) && tellsFailure(entry.text);
	return !record.headed && QUOTES_ANOTHER.test(entry.text) && isUnfinished(entry.text);
}

function extend(entry: LogEntry, record: LogRecord): LogEntry {
	const text = `${entry.text}\n${record.text}`;
	return {
		...entry,
		text,
		glued: `${entry.glued ?? entry.text}${record.text}`,
		last: record.last,
		lineCount: entry.lineCount + 1,
		open: entry.open && !/(?:^|[^\\])"/.test(record.text),
	};
}

/** Takes records in order and hands on each message once it is whole. */
export type EntryJoiner = {
	readonly take: (record: LogRecord) => void;
	/** The message so far ends here. */
	readonly flush: () => void;
	/** Whether a line that tells nothing by itself could belong to the message so far. */
	readonly expectsMore: () => boolean;
};

export function joinEntries(emit: (entry: LogEntry) => void): EntryJoiner {
	let entry: LogEntry | null = null;
	let blanks = 0;
	const flush = (): void => {
		const whole = entry;
		entry = null;
		blanks = 0;
		if (whole !== null) emit(whole);
	};
	const take = (record: LogRecord): void => {
		if (record.shape === "blank" || (record.shape === "plain" && record.headed && record.text.trim() === "")) {
			blanks += 1;
			return;
		}
		if (entry !== null && continues(entry, record, blanks)) {
			entry = extend(entry, record);
			blanks = 0;
			return;
		}
		flush();
		entry = { ...record, glued: null, lineCount: 1 };
	};
	const expectsMore = (): boolean => entry !== null && (entry.open || tellsFailure(entry.text));
	return { take, flush, expectsMore };
}

/** First and last line of an entry. */
export function linesOf(entry: LogEntry): { readonly first: Line; readonly last: Line } {
	return { first: entry.first, last: entry.last };
}
