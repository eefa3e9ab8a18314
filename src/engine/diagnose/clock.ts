import type { Artifact } from "../text/evidence";
import type { Placed } from "./time-order";

const PRINTED = /(?<![\d:])([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?!\d)/;
/** A journal's or syslog's time, which names no zone: `Nov 23 08:12:44 web01 …`, `2026-11-23 08:12:44 …`. */
const ZONELESS =
	/^(?:\S{1,4} )?(?:[A-Z][a-z]{2} {1,2}\d{1,2}|\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?! ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))/;
/** dockerd's own time within such a line, in UTC or with its zone. */
const OWN_TIME = /\btime="?\d{4}-/;

const DAY = 1440;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const lineOf = ({ at }: Placed, artifacts: readonly Artifact[]) =>
	artifacts
		.find(({ id }) => id === at.artifact)
		?.lines.find(({ number }) => number === at.line)
		?.text.slice(0, 200) ?? "";

/**
 * The minutes by which the host's clock stands before UTC, as lines show it that have a zoneless time of the journal and
 * dockerd's own time behind it. The journal's other lines are read as UTC and stand off by so much. 0 where nothing tells.
 */
export function hostZone(items: readonly Placed[], artifacts: readonly Artifact[]): number {
	for (const item of items) {
		const text = lineOf(item, artifacts);
		const shift = item.time === null || !ZONELESS.test(text) || !OWN_TIME.test(text) ? null : shiftOf(text, item.time);
		if (shift !== null) return shift > DAY / 2 ? shift - DAY : shift;
	}
	return 0;
}

/** A time that was read as UTC for want of a zone, in UTC. */
export function inUtc<T extends Placed>(item: T, zone: number, artifacts: readonly Artifact[]): number | null {
	const text = lineOf(item, artifacts);
	return item.time !== null && ZONELESS.test(text) && !OWN_TIME.test(text) ? item.time - zone * 60_000 : item.time;
}

/**
 * How each moment's time is called: as its own line prints it, so that a person finds it there. Where lines of two zones
 * would then seem out of order, all are told in UTC; where the story takes more than a day, with the day.
 */
export function clocksOf(moments: readonly Placed[], artifacts: readonly Artifact[]): readonly (string | null)[] {
	const times = moments.flatMap(({ time }) => (time === null ? [] : [time]));
	const longer = times.length > 0 && Math.max(...times) - Math.min(...times) >= DAY * 60_000;
	const texts = moments.map((moment) => lineOf(moment, artifacts));
	const shifts = new Set(
		moments.flatMap(({ time }, index) => (time === null ? [] : (shiftOf(texts[index] ?? "", time) ?? []))),
	);
	const oneZone = shifts.size <= 1;
	const shift = (oneZone ? [...shifts][0] : undefined) ?? 0;
	return moments.map(({ time }, index) => {
		if (time === null) return null;
		const date = new Date(time + shift * 60_000);
		const printed = oneZone ? PRINTED.exec(texts[index] ?? "")?.[0] : undefined;
		const day = longer ? `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCDate()} ` : "";
		return `${day}${printed ?? date.toISOString().slice(11, 19)}${oneZone ? "" : " UTC"}`;
	});
}

/** Minutes between the first clock on a line and UTC, from 0 up to a day; null for a line without a clock. */
function shiftOf(text: string, time: number): number | null {
	const [whole, hours, minutes, seconds] = PRINTED.exec(text) ?? [];
	if (whole === undefined) return null;
	const printed = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
	const ahead = printed - (Math.floor(time / 1000) % 86_400);
	// A journal's second and dockerd's own may differ by one; zones differ by quarters of an hour.
	return (((Math.round(ahead / 900) * 15) % DAY) + DAY) % DAY;
}
