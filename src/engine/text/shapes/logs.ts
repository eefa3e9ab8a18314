import type { ArtifactKind } from "../evidence";
import { quoteOpenAfter } from "../logfmt-quote";
import { LIKELY, NONE, type Reader, type Score, type Shape, SURE, type View } from "../shape";
import { isBrokenCommand, isContinued } from "./errors";

/**
 * Logs of dockerd, the kernel, firewalld and systemd in every form they are printed: bare, by journalctl, by a syslog
 * daemon, by Docker Desktop. A journal that mixes programs is one log; which kind is known when it ends.
 *
 * Formats: systemd journalctl(1) `-o`, RFC 3164 and 5424, moby docker-v29.7.2 containerd/log (logfmt, terminal, JSON),
 * dmesg(1).
 */

type Speaker = "dockerd" | "kernel" | "firewalld" | "other";

const CLOCK = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?";
const DAY = "\\d{4}-\\d\\d-\\d\\d";
// `11\u6708` in Chinese, Japanese and Korean locales has the number before the word.
const MONTH = "(?:\\p{L}{3,5}\\.?|\\d{1,2}(?:\u6708|\uc6d4))";
const IDENT =
	"(?<host>[^\\s:]{1,255}) (?:(?:kern|user|daemon|auth|syslog|local\\d|cron)\\.\\w{3,7} )?(?<ident>[^\\s:[\\]]{1,80})(?:\\[\\d*\\])?:(?: |$)";

/** Prefixes that name host and program, before the message. */
const RECORDS: readonly RegExp[] = [
	// short, short-precise, RFC 3164, busybox; a year after the clock (journalctl on other calendars, some syslogs)
	new RegExp(`^(?:<\\d{1,3}>)?${MONTH} {1,2}\\d{1,2} ${CLOCK} (?:\\d{4} )?${IDENT}`, "u"),
	new RegExp(`^(?:<\\d{1,3}>)?\\d{1,2}\\.? ${MONTH} ${CLOCK} ${IDENT}`, "u"),
	// short-iso, short-iso-precise, rsyslog
	new RegExp(`^(?:<\\d{1,3}>)?${DAY}[T ]${CLOCK}(?:Z|[+-]\\d\\d:?\\d\\d)? ${IDENT}`, "u"),
	// short-full, with-unit
	new RegExp(`^\\p{L}{2,4}\\.? ${DAY} ${CLOCK} \\S{1,8} ${IDENT}`, "u"),
	// short-unix, short-monotonic
	new RegExp(`^\\d{9,11}\\.\\d{3,9} ${IDENT}`, "u"),
	/^\[ {0,10}\d{1,10}\.\d{3,9}\] (?<host>[^\s:]{1,255}) (?<ident>kernel(?=:)|[^\s:[\]]{1,80}(?=\[\d+\]:))/u,
	// RFC 5424
	/^<\d{1,3}>1 \S{1,40} (?<host>\S{1,255}) (?<ident>\S{1,80}) \S{1,40} \S{1,40} /u,
];

const LOGFMT =
	/^time="?\d{4}-\d\d-\d\dT|^level=(?:trace|debug|info|warning|warn|error|fatal|panic) msg=|^time=\S{10,40} level=/;
const TERMINAL = /^(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[(?:\d{4,}|\d{4}-[^\]]{5,40})\] /;
const JSON_LOG = /^\{"(?:level|time|msg|error|module|container|id|spanID|traceID)":.{0,1900}"(?:msg|level)":/;
const JSON_JOURNAL =
	/^(?:data: |\u001e)?\{.{0,1900}"(?:__CURSOR|__REALTIME_TIMESTAMP|_SYSTEMD_UNIT|SYSLOG_IDENTIFIER|_BOOT_ID)"\s?:/;
// Docker Desktop: [2026-11-23T07:08:21.869789766Z][dockerd] …   2026-11-23 07:08:21.869 [dockerd][I] …
const DESKTOP = /^\[?\d{4}-\d\d-\d\d[T ][\d:.]{8,20}Z?\]? ?\[(dockerd|[\w.-]{2,40})\](?:\[[A-Z]\])? /;
const ROOTLESS = /^\[rootlesskit:(?:parent|child ?)\] /;
const FIREWALLD = /^(?:\d\d:\d\d )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:FATAL|ERROR|WARNING|INFO|DEBUG)\d*: /;
// dmesg, dmesg -x, dmesg -T, dmesg --time-format iso
const KERNEL =
	/^(?:<\d{1,2}>|[a-z]{2,8} {0,2}: ?[a-z]{2,8} {0,2}: ?)?\[ {0,10}\d{1,10}\.\d{3,9}(?:<.{1,12}>)?\] ?|^\[\p{L}{2,4}\.? \p{L}{3,5}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}\] |^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{6}[+-]\d\d:\d\d /u;
// Export and verbose records are one field a line.
const FIELD =
	/^(?:__CURSOR|__REALTIME_TIMESTAMP|__MONOTONIC_TIMESTAMP|_BOOT_ID|_MACHINE_ID|_HOSTNAME|_TRANSPORT|_SYSTEMD_UNIT|SYSLOG_IDENTIFIER|SYSLOG_FACILITY)=/;
const VERBOSE = /^\p{L}{2,4}\.? \d{4}-\d\d-\d\d .{8,40} \[s=[\da-f]+;/u;
const ANY_FIELD = /^_{0,2}[A-Z][A-Z\d_]{1,60}=/;
const JOURNAL_MARK =
	/^No journal files were (?:found|opened)|^-- (?:Boot [\da-f]{8}|Logs begin at|Journal begins at|Journal start|No entries|Reboot|Subject:|.{0,60} --$)/;
const JOURNAL_NOTE = /^(?:-- |\u2591\u2591|Hint: You are currently not seeing messages)/;
/** dockerd and Go say these without any prefix (failed start, panic), and the next lines go on. */
const PLAIN =
	/^(?:failed to start daemon|failed to start cluster|unable to configure the Docker daemon|Status: |See 'dockerd|\(exit status|\(iptables failed|Perhaps iptables|panic: |fatal error: |goroutine \d|created by |runtime\.|main\.main|github\.com\/|\/go\/src|\/usr\/l|exit status|\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d |insmod \/lib|modprobe: )/;

const DOCKER_IDENT =
	/^(?:dockerd|docker|docker\.dockerd|containerd|moby|docker\.service|dockerd-rootless\.sh|rootlesskit|snap\.docker\.\S+)$/;

/** Who says this record; null when the line begins no record. */
function speakerOf(flat: string): Speaker | null {
	const first = flat.charCodeAt(0);
	// A logfmt line is by far the commonest: one comparison before all patterns.
	if (first === 0x74 && LOGFMT.test(flat)) return "dockerd";
	for (const pattern of RECORDS) {
		const ident = pattern.exec(flat.slice(0, 500))?.groups?.["ident"];
		if (ident === undefined) continue;
		if (ident === "kernel") return "kernel";
		if (ident === "firewalld" || ident === "firewalld.service") return "firewalld";
		return DOCKER_IDENT.test(ident) ? "dockerd" : "other";
	}
	if (LOGFMT.test(flat) || TERMINAL.test(flat) || JSON_LOG.test(flat) || ROOTLESS.test(flat)) return "dockerd";
	if (KERNEL.test(flat)) return "kernel";
	if (FIREWALLD.test(flat)) return "firewalld";
	const desktop = DESKTOP.exec(flat)?.[1];
	if (desktop !== undefined) return "dockerd";
	if (JSON_JOURNAL.test(flat)) {
		const ident = /"(?:SYSLOG_IDENTIFIER|_COMM)"\s?:\s?"([^"]{1,60})"/.exec(flat)?.[1];
		return ident === "kernel"
			? "kernel"
			: ident === "firewalld"
				? "firewalld"
				: ident === undefined || DOCKER_IDENT.test(ident)
					? "dockerd"
					: "other";
	}
	return null;
}

function opens(view: View): Score {
	const flat = view(0)?.flat ?? "";
	const speaker = speakerOf(flat);
	if (speaker !== null) return speaker === "other" ? LIKELY : SURE;
	if (JOURNAL_MARK.test(flat) || FIELD.test(flat) || VERBOSE.test(flat)) return SURE;
	return flat.startsWith("\u2591\u2591") ? LIKELY : NONE;
}

/** A field of an export or verbose record that tells who speaks. */
function fieldSpeaker(flat: string): Speaker | null {
	const ident = /^(?:SYSLOG_IDENTIFIER|_COMM)=(\S+)$/.exec(flat)?.[1];
	if (ident !== undefined)
		return ident === "kernel"
			? "kernel"
			: ident === "firewalld"
				? "firewalld"
				: DOCKER_IDENT.test(ident)
					? "dockerd"
					: "other";
	return flat === "_TRANSPORT=kernel" ? "kernel" : null;
}

const ABSORBED: readonly ArtifactKind[] = [
	"docker-error",
	"modprobe",
	"iptables-version",
	"probe",
	"sysctl",
	"uname",
	"os-release",
	"lib-modules",
	"unit-file",
	"package-list",
	"unrecognised",
];

/** One log, of whoever speaks in it. */
export const log: Shape = {
	kind: "dockerd-log",
	opens,
	absorbs: new Set(ABSORBED),
	reader: (first): Reader => {
		const heard = new Set<Speaker>();
		let fields = false;
		let quoteOpen = quoteOpenAfter(first(0)?.text ?? "", false);
		const note = (flat: string, speaker: Speaker | null) => {
			if (speaker !== null) heard.add(speaker);
			if (FIELD.test(flat) || VERBOSE.test(flat)) fields = true;
		};
		const head = first(0)?.flat ?? "";
		note(head, speakerOf(head) ?? fieldSpeaker(head));
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				const speaker = speakerOf(seen.flat) ?? (fields ? fieldSpeaker(seen.flat) : null);
				note(seen.flat, speaker);
				const broken = !afterBlank && (quoteOpen || isBrokenCommand(seen.flat, view(-1)));
				quoteOpen = quoteOpenAfter(seen.text, speaker === null && broken && quoteOpen);
				if (speaker === null && broken) return "own";
				if (speaker !== null || JOURNAL_NOTE.test(seen.flat) || FIELD.test(seen.flat) || VERBOSE.test(seen.flat))
					return "own";
				if (fields && (ANY_FIELD.test(seen.flat) || !afterBlank)) return "own";
				if (PLAIN.test(seen.flat) || isContinued(seen.flat)) return "own";
				if (afterBlank) return "no";
				// A record of several lines is indented below its first.
				return seen.indent >= 8 ? "own" : "may";
			},
			kind: () => {
				if (heard.has("dockerd") || heard.has("other")) return "dockerd-log";
				if (heard.has("kernel") && heard.has("firewalld")) return "dockerd-log";
				return heard.has("kernel") ? "kernel-log" : heard.has("firewalld") ? "firewalld-log" : "dockerd-log";
			},
		};
	},
};

/** Whether a line is a record of a log: the tail of `systemctl status` is made of such. */
export const isLogRecord = (flat: string): boolean => speakerOf(flat) !== null;
