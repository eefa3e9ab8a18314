import type { Meter, Place, Scanned } from "./detector";
import { isPseudonym } from "./pseudonym";

/**
 * PEM, OpenSSH and PGP blocks: everything between the frame lines goes, the frame stays. Whole, cut off at either end,
 * on one line with `\n` written out, indented, or quoted in a mail.
 */
export function scanKeyBlocks(text: Scanned, found: (place: Place) => void, meter?: Meter): void {
	const { raw, lower } = text;
	let at = lower.indexOf("-----begin ");
	let end = lower.indexOf("-----end ");
	let covered = 0;
	while (at >= 0) {
		const head = /^-----BEGIN [A-Z0-9 ]{3,40}-----/.exec(raw.slice(at, at + 64));
		const begin = at + (head?.[0].length ?? 11);
		const next = lower.indexOf("-----begin ", begin);
		while (end >= 0 && end < begin) {
			if (end >= covered) headless(raw, end, covered, found, meter);
			end = lower.indexOf("-----end ", end + 9);
		}
		if (head) {
			const limit = next < 0 ? raw.length : next;
			const whole = end >= 0 && end <= limit && end - begin <= LONGEST;
			covered = whole ? end + 9 : cutOffEnd(raw, begin, Math.min(limit, begin + LONGEST), meter);
			report(raw, begin, whole ? end : covered, found);
		}
		at = next;
	}
	for (; end >= 0; end = lower.indexOf("-----end ", end + 9)) {
		if (end >= covered) headless(raw, end, covered, found, meter);
	}
}

function headless(
	raw: string,
	end: number,
	floor: number,
	found: (place: Place) => void,
	meter: Meter | undefined,
): void {
	const begin = headlessBegin(raw, end, floor, meter);
	if (begin < end) report(raw, begin, end, found);
}

const LONGEST = 16_384;

function report(raw: string, begin: number, end: number, found: (place: Place) => void): void {
	const body = raw.slice(begin, end);
	const lead = /^(?:\s|\\[nr]|\\|>|["'+])*/.exec(body)?.[0].length ?? 0;
	const tail = tailOf(body);
	const from = begin + lead;
	// A stand-in of an earlier pass ends where key text does not: at its hyphen.
	const number = /redacted$/.test(body.slice(0, body.length - tail))
		? (/^-\d{1,6}/.exec(raw.slice(end - tail, end + 8))?.[0].length ?? 0)
		: 0;
	const to = end - tail + number;
	if (to - from < 4) return;
	const stillKey = raw
		.slice(from, to)
		.split(/(?:[\s>]|\\[nr])+/)
		.some((line) => line !== "" && !isPseudonym(line));
	if (stillKey) found({ from, to });
}

/** How much at the end of a body is line ends, indent and quoting, also written out as `\n`. */
function tailOf(body: string): number {
	let at = body.length;
	while (at > 0) {
		if (/[\s>"'+\\-]/.test(body.charAt(at - 1))) at--;
		else if (/[nr]/.test(body.charAt(at - 1)) && body[at - 2] === "\\") at -= 2;
		else break;
	}
	return body.length - at;
}

function cutOffEnd(raw: string, begin: number, limit: number, meter: Meter | undefined): number {
	let at = begin;
	while (at < limit) {
		const lineEnd = raw.indexOf("\n", at);
		const end = Math.min(lineEnd < 0 ? raw.length : lineEnd + 1, limit);
		const line = raw.slice(at, end);
		if (meter) meter.steps += line.length;
		const bare = line.replace(/^[\s>]{0,16}/, "").replace(/[\s"',\\]{0,16}$/, "");
		const isKey = /^[A-Za-z0-9+/=\\]*$/.test(bare) && (bare.length >= 12 || bare === "" || at === begin);
		const isHeader = /^(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset):/.test(bare);
		// All on one line, cut off: key text as far as it goes.
		if (!isKey && !isHeader) return at === begin ? begin + (/^[A-Za-z0-9+/=\\ ]*/.exec(line)?.[0].length ?? 0) : at;
		at = end;
	}
	return at;
}

/** A block whose beginning was not pasted: base64 lines right above the end line. */
function headlessBegin(raw: string, end: number, floor: number, meter: Meter | undefined): number {
	let begin = end;
	if (raw[end - 1] !== "\n") return end;
	for (let lines = 0; lines < 200 && begin > floor; lines++) {
		const lineStart = raw.lastIndexOf("\n", begin - 2) + 1;
		if (lineStart < floor || begin - lineStart > 200) break;
		const bare = raw
			.slice(lineStart, begin)
			.trim()
			.replace(/^[\s>]{0,16}/, "");
		if (meter) meter.steps += begin - lineStart;
		if (!/^[A-Za-z0-9+/=]+$/.test(bare) || (bare.length < 32 && lines > 0)) break;
		begin = lineStart;
	}
	return begin;
}
