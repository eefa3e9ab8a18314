import { anyOf, COMPLAINT_ANCHORS } from "./complaint-tables";
import { EVENT_ANCHORS } from "./log-event";
import { LONGEST_TEXT } from "./message-text";

/**
 * Lines that tell nothing, judged without taking them apart: nine in ten of a log. What follows here must let through every
 * line that a complaint, an event, a prompt or a field block could be read from; a test holds that for every table.
 */

// A record at info or debug level is worth reading only with one of these.
const INFO_WORDS =
	/Starting up|completed initialization|Docker daemon|rocessing signal|hutdown complete|xlock|TaskDelete|contention|FORWARD has policy|Firewalld|IPv4 forwarding|failed to start daemon|rror starting daemon/;

/** A record of dockerd or containerd at info or debug level that tells nothing. */
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

// Prompts, blank lines, fields on lines of their own, text as bytes, and what a hung command leaves.
const OTHER_MARKS = [
	"message",
	'"msg"',
	"docker daemon",
	"[s=",
	"no answer",
	"without a word",
	"waits",
	"hangs",
	"hung",
	"stuck",
	"nothing happens",
	"no output",
	"never ",
	"^c",
	"interrupt",
	"cancel",
];
const MARKS = anyOf([...COMPLAINT_ANCHORS, ...EVENT_ANCHORS, ...OTHER_MARKS], "i");
const SHAPES =
	/level=(?:warn|err|fat|crit|panic)|^(?:WARN|ERRO|FATA|PANI)\[|^\s{0,8}"?_{0,2}[A-Z][A-Z0-9_]{1,63}"?\s?[=:]|[$#%>❯➜»]\s|^\+|^\s{0,8}$/;
// Escapes and odd quote marks may hide a literal: such a line is read properly.
const DISGUISED = /\\(?:["'\\]|u00)|&(?:#|quot|apos|amp)|[`´‘’“”]/;
const LOOSE_BLANKS = /\s\s|[^\S ]/;

/** A line of any form that none of our tables could read anything from. */
export function isQuiet(text: string): boolean {
	// What is said on a line of this length stands anywhere in it; windowOf finds it.
	if (text.length > LONGEST_TEXT) return false;
	if (SHAPES.test(text) || DISGUISED.test(text)) return false;
	return !MARKS.test(LOOSE_BLANKS.test(text) ? text.replace(/\s{1,1000}/g, " ") : text);
}
