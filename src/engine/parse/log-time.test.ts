import { describe, expect, it } from "vitest";
import { clockTime, readIsoTime, unixTime } from "./log-time";

describe("times", () => {
	const T = Date.UTC(2026, 10, 23, 7, 8, 21);
	it.each([
		["2026-11-23T07:08:21Z", T, 20],
		["2026-11-23T07:08:21.869789766Z rest", T + 869, 30],
		["2026-11-23 07:08:21,869 ERROR", T + 869, 23],
		["2026-11-23T08:08:21+0100 host", T, 24],
		["2026-11-23T08:08:21+01:00 host", T, 25],
		["2026-11-23T02:38:21.000-04:30", T, 29],
		["2026-11-23 07:08:21 UTC host", T, 23],
		["2026-11-23 07:08:21 host", T, 19],
		["2026-11-23T07:08:21", T, 19],
	])("%s", (text, time, length) => {
		expect(readIsoTime(text)).toEqual({ time, length });
	});
	it.each([["2026-11-23"], ["Nov 23 07:08:21"], ["x 2026-11-23T07:08:21Z"], [""]])("%s is none", (text) => {
		expect(readIsoTime(text)).toBeNull();
	});
	it("takes a missing year for 2000 and a foreign month for no time", () => {
		expect(clockTime("Nov", "3", "07:08:21", null)).toBe(Date.UTC(2000, 10, 3, 7, 8, 21));
		expect(clockTime("Nov", "23", "07:08:21", "2026")).toBe(T);
		expect(clockTime("märz", "3", "07:08:21", null)).toBeNull();
	});
	it("takes only seconds of this century for unix time", () => {
		expect(unixTime("1795417701.869789")).toBe(1_795_417_701_870);
		expect(unixTime("12345.678")).toBeNull();
	});
});
