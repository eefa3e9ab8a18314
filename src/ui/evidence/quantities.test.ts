import { expect, it } from "vitest";
import { bytes, count, seconds } from "./quantities";

it.each([
	[0, "0 bytes"],
	[999, "999 bytes"],
	[1_000, "1.0 KB"],
	[9_949, "9.9 KB"],
	[999_499, "999 KB"],
	[999_500, "1.0 MB"],
	[1_234_567_890, "1.2 GB"],
	[5e15, "5000 TB"],
])("says %d bytes as %s", (amount, said) => expect(bytes(amount)).toBe(said));

it.each([
	[7, "7"],
	[1_000, "1\u2009000"],
	[12_345_678, "12\u2009345\u2009678"],
])("groups %d", (amount, said) => expect(count(amount)).toBe(said));

it.each([
	[0, "0 s"],
	[2_100, "3 s"],
	[99_000, "99 s"],
	[100_000, "2 min"],
])("says %d ms as %s", (amount, said) => expect(seconds(amount)).toBe(said));
