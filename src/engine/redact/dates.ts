import type { Edit } from "./columns";
import type { Scanned } from "./detector";

/**
 * Dates moved by whole weeks, all by the same number: order, distances, weekdays and times of day stay what they are, so
 * the diagnosis does too, and nobody can look up what happened that day. A time without a date needs no change, and so
 * do times since boot (dmesg's `[12345.67]`, `Up 3 minutes`, `uptime`): they are distances.
 *
 * Read: journalctl's short, precise, full and ISO forms, RFC 3164 and 5424, `time="…Z"` of dockerd, docker's JSON, dmesg
 * -T, `date`, klog, audit's epoch seconds, access logs, `ls -l`, `YYYYMMDDThhmmssZ`. Months in English and German.
 * Not read: a bare `2026-11-23`, which may be a version, and when a program or kernel was built.
 */
export type Shift = {
	/** How far all dates were moved: the wanted weeks or fewer, see `shiftDates`. */
	readonly weeks: number;
	/** For each text, rising. */
	readonly edits: readonly (readonly Edit[])[];
};

const WEEK = 7;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const GERMAN = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];

/** What `parse/log-time.ts` reads a missing year as. */
const NO_YEAR = 2000;

/** A date where it stands: each of its parts by offsets in the text. Days since 1970 for epoch seconds. */
type Stamp = {
	readonly year: number | null;
	readonly month: number;
	readonly day: number;
	/** The edits that write another date here. */
	readonly write: (year: number, month: number, day: number, style: Style) => readonly Edit[];
};

/** How a text writes its dates, where one date alone does not tell. */
type Style = { readonly months: readonly string[]; readonly pad: " " | "0" };

/**
 * Edits that move every date of a paste by `wanted` weeks (whole, may be negative). Fewer, or the other way, where
 * dates without a year would come out of order at a turn of the year; none where any week would.
 */
export function shiftDates(texts: readonly Scanned[], wanted: number): Shift {
	const stamps = texts.map((text) => stampsOf(text.raw));
	const all = stamps.flat();
	const named = all.flatMap(({ year }) => (year === null ? [] : [year]));
	const year = named.length > 0 ? named.reduce((a, b) => Math.max(a, b)) : NO_YEAR;
	const weeks = fitting(all, year, Math.trunc(wanted));
	const days = weeks * WEEK;
	const edits = texts.map((text, index) => {
		const style = styleOf(text.raw);
		const dates = (stamps[index] ?? []).flatMap((stamp) => {
			const [y, m, d] = civil(dayNumber(stamp.year ?? year, stamp.month, stamp.day) + days);
			return stamp.write(y, m, d, style);
		});
		return [...dates, ...epochs(text.raw, days)].sort((a, b) => a.from - b.from);
	});
	return { weeks, edits };
}

/** The wanted number of weeks, or the next smaller one, or one the other way, that leaves all dates without a year in one year. */
function fitting(stamps: readonly Stamp[], year: number, weeks: number): number {
	const bare = stamps.filter((stamp) => stamp.year === null).map(({ month, day }) => dayNumber(year, month, day));
	if (bare.length === 0) return weeks;
	const first = bare.reduce((a, b) => Math.min(a, b));
	const last = bare.reduce((a, b) => Math.max(a, b));
	const named = stamps.flatMap(({ year: y, month, day }) => (y === null ? [] : [dayNumber(y, month, day)]));
	const latest = named.length > 0 ? named.reduce((a, b) => Math.max(a, b)) : null;
	const towards = Array.from({ length: Math.abs(weeks) }, (_, index) => weeks - index * Math.sign(weeks));
	// A log of January that may not go back goes forward.
	for (const n of [...towards, ...towards.map((one) => -one)]) {
		const reads = latest === null ? NO_YEAR : civil(latest + n * WEEK)[0];
		if (civil(first + n * WEEK)[0] === reads && civil(last + n * WEEK)[0] === reads) return n;
	}
	return 0;
}

/** Days since 1970-01-01. */
function dayNumber(year: number, month: number, day: number): number {
	return Date.UTC(year, month - 1, day) / 86_400_000;
}

function civil(days: number): readonly [year: number, month: number, day: number] {
	const date = new Date(days * 86_400_000);
	return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

/** `Mär`, `Okt` tell that `Nov` is German too; `Nov  3` tells that blanks pad. */
function styleOf(raw: string): Style {
	return {
		months: /(?<!\p{L})(?:Mär|Mai|Okt|Dez)\.? /u.test(raw) ? GERMAN : MONTHS,
		pad: /(?<!\p{L})\p{Lu}\p{Ll}{2}\.? {2}\d \d\d:\d\d/u.test(raw) ? " " : "0",
	};
}

const two = (n: number): string => String(n).padStart(2, "0");

// What stands before `hh:mm`, each up to its end.
const ISO = /(?<![0-9A-Za-z])(\d{4})([-/.])(\d\d)\2(\d\d)(?:[T_]| {1,2})$/d;
const ACCESS = /(?<![0-9A-Za-z])(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):$/d;
const MONTH_FIRST = /(?<!\p{L})(\p{Lu}\p{Ll}{2})\.?( {1,2}\d{1,2})(?: (\d{4}))? $/du;
const DAY_FIRST = /(?<![0-9A-Za-z.])( \d|\d{1,2})\.? (\p{Lu}\p{Ll}{2})\.?(?: (\d{4}))? $/du;
const KLOG = /(?:^|[\s"'])[IWEF](\d\d)(\d\d) $/d;
// `Nov 23 07:59:53 UTC 2026`, `[Mon Nov 23 07:59:53 2026]`
const YEAR_BEHIND = /^\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: [AP]M)?(?: [A-Z]{2,5})? (\d{4})(?![0-9A-Za-z:.])/d;
const COMPACT = /(?<![0-9A-Za-z])(\d{4})(\d\d)(\d\d)T\d{6}Z/dg;
// When a program was built tells its version, not when something happened.
const BUILT = /(?:\bBuilt|BuildTime|build[_-]?date|SMP|PREEMPT)\b.{0,60}$/i;

function stampsOf(raw: string): readonly Stamp[] {
	const stamps: Stamp[] = [];
	let behind = 0;
	for (let at = raw.indexOf(":"); at >= 0; at = raw.indexOf(":", at + 1)) {
		const begin = at - 2;
		if (begin < behind || !/^[0-2]\d:[0-5]\d(?!\d)/.test(raw.slice(begin, at + 4))) continue;
		// `23/Nov/2026:07:59:53`
		if (/\d/.test(raw.charAt(begin - 1))) continue;
		behind = at + 3;
		const start = Math.max(0, begin - 100, raw.lastIndexOf("\n", begin) + 1);
		const before = raw.slice(start, begin);
		if (BUILT.test(before)) continue;
		const stamp = stampBefore(before, start, raw, begin);
		if (stamp && isDate(stamp)) stamps.push(stamp);
	}
	for (const match of raw.matchAll(COMPACT)) {
		const [, year, month, day] = match;
		const stamp = dateOf(Number(year), Number(month), Number(day), (y, m, d) => [
			{ from: match.index, to: match.index + 8, with: `${y}${two(m)}${two(d)}` },
		]);
		if (isDate(stamp)) stamps.push(stamp);
	}
	return stamps;
}

function dateOf(year: number | null, month: number, day: number, write: Stamp["write"]): Stamp {
	return { year, month, day, write };
}

/** Zero dates (`0001-01-01T00:00:00Z`) mean never. */
function isDate({ year, month, day }: Stamp): boolean {
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (year === null || (year > 1970 && year < 2200));
}

function stampBefore(before: string, start: number, raw: string, clock: number): Stamp | null {
	const iso = ISO.exec(before);
	if (iso) {
		const from = start + iso.index;
		const sign = iso[2] ?? "-";
		return dateOf(Number(iso[1]), Number(iso[3]), Number(iso[4]), (y, m, d) => [
			{ from, to: from + 10, with: `${y}${sign}${two(m)}${sign}${two(d)}` },
		]);
	}
	const access = ACCESS.exec(before);
	if (access) {
		const month = monthOf(access[2] ?? "");
		const from = start + access.index;
		return dateOf(Number(access[3]), month, Number(access[1]), (y, m, d) => [
			{ from, to: from + 11, with: `${two(d)}/${MONTHS[m - 1]}/${y}` },
		]);
	}
	const klog = KLOG.exec(before);
	if (klog) {
		const from = start + before.length - 5;
		return dateOf(null, Number(klog[1]), Number(klog[2]), (_, m, d) => [{ from, to: from + 4, with: two(m) + two(d) }]);
	}
	const first = MONTH_FIRST.exec(before);
	const match = first ?? DAY_FIRST.exec(before);
	const [monthGroup, dayGroup] = first ? [1, 2] : [2, 1];
	const month = monthOf(match?.[monthGroup] ?? "");
	if (!match || month === 0) return null;
	const place = (group: number) => ({
		from: start + (match.indices?.[group]?.[0] ?? 0),
		to: start + (match.indices?.[group]?.[1] ?? 0),
	});
	const behind = match[3] === undefined ? YEAR_BEHIND.exec(raw.slice(clock, clock + 40)) : null;
	const yearAt = match[3] !== undefined ? place(3) : null;
	const yearFrom = yearAt?.from ?? (behind?.indices?.[1] ? clock + behind.indices[1][0] : null);
	const year = match[3] ?? behind?.[1];
	const dayText = match[dayGroup] ?? "";
	return dateOf(year === undefined ? null : Number(year), month, Number(dayText), (y, m, d, { months, pad }) => [
		{ ...place(monthGroup), with: months[m - 1] ?? "" },
		{ ...place(dayGroup), with: likeDay(dayText, d, pad) },
		...(yearFrom === null ? [] : [{ from: yearFrom, to: yearFrom + 4, with: String(y) }]),
	]);
}

/** In the same width; only a lone digit without a pad becomes two where it must. */
function likeDay(was: string, day: number, pad: " " | "0"): string {
	const lead = /^ */.exec(was)?.[0].length ?? 0;
	const width = was.length - lead > 1 ? 2 : Math.min(2, lead);
	const blanks = " ".repeat(lead - (was.length - lead > 1 ? 0 : Math.max(0, width - 1)));
	return blanks + (width === 2 ? String(day).padStart(2, pad) : String(day));
}

/** From 1; 0 for no month. */
function monthOf(word: string): number {
	return Math.max(MONTHS.indexOf(word), GERMAN.indexOf(word)) + 1;
}

/** `audit(1763884793.123:456)` */
function epochs(raw: string, days: number): readonly Edit[] {
	return Array.from(raw.matchAll(/audit\((\d{10})(?=\.\d{3}:\d)/g), (match) => ({
		from: match.index + 6,
		to: match.index + 16,
		with: String(Number(match[1]) + days * 86_400),
	}));
}
