/**
 * Times as logs print them, in milliseconds since 1970.
 *
 *     2026-11-23T07:08:21.869789766Z    2026-11-23 07:08:21,869    2026-11-23T07:08:21+0100
 *     Nov 23 07:08:21    Mon 2026-11-23 07:08:21 UTC    Mon Nov 23 07:08:21 2026    1795417701.869789
 *
 * A missing year counts as 2000 and a missing zone as UTC, so two times compare only within one log. Not read: seconds since
 * boot or start (`[12345.678]`, `INFO[0042]`), and month names other than English.
 */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const ISO =
	/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(?:(Z|UTC|GMT)\b|([+-])(\d\d):?(\d\d)(?!\d))?/;

/** Time at the start of `text` and how many characters it took. Null when there is none. */
export function readIsoTime(text: string): { readonly time: number; readonly length: number } | null {
	const read = ISO.exec(text);
	if (read === null) return null;
	const [whole, year, month, day, hour, minute, second, fraction, , sign, zoneHour, zoneMinute] = read;
	const milliseconds = Math.floor(Number(`0.${fraction ?? "0"}`) * 1000);
	const utc = Date.UTC(
		Number(year),
		Number(month) - 1,
		Number(day),
		Number(hour),
		Number(minute),
		Number(second),
		milliseconds,
	);
	const offset = sign === undefined ? 0 : (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
	const time = sign === "-" ? utc + offset : utc - offset;
	return Number.isFinite(time) ? { time, length: whole.trimEnd().length } : null;
}

/** `Nov 23 07:08:21.869` and its year, if one was shown. Null for a month that is not English. */
export function clockTime(month: string, day: string, clock: string, year: string | null): number | null {
	const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
	const read = /^(\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/.exec(clock);
	if (index < 0 || read === null) return null;
	const milliseconds = Math.floor(Number(`0.${read[4] ?? "0"}`) * 1000);
	return Date.UTC(
		year === null ? 2000 : Number(year),
		index,
		Number(day),
		Number(read[1]),
		Number(read[2]),
		Number(read[3]),
		milliseconds,
	);
}

/** Seconds since 1970 with a fraction. Null when it is no time of this century. */
export function unixTime(text: string): number | null {
	const seconds = Number(text);
	return seconds > 946_684_800 && seconds < 4_102_444_800 ? Math.round(seconds * 1000) : null;
}
