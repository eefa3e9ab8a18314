import { describe, expect, it } from "vitest";
import { changedLines, splitAtPseudonyms } from "./changed-lines";

const source = (text: string) => [{ id: "s", name: "info", text }];

describe("the redaction preview", () => {
	it("shows the lines that differ, with their numbers, and no other", () => {
		expect(changedLines(source("a\nName: web7\nb"), source("a\nName: host-1\nb"))).toEqual([
			{ source: "info", line: 2, before: "Name: web7", after: "Name: host-1" },
		]);
	});

	it("cuts a line at pseudonyms, the longer of two first", () => {
		const parts = splitAtPseudonyms("from host-12 to host-1", ["host-1", "host-12"]);
		expect(parts.filter(({ isPseudonym }) => isPseudonym).map(({ text }) => text)).toEqual(["host-12", "host-1"]);
		expect(parts.map(({ text }) => text).join("")).toBe("from host-12 to host-1");
	});

	it("takes an empty pseudonym for none", () => {
		expect(splitAtPseudonyms("abc", [""])).toEqual([{ at: 0, text: "abc", isPseudonym: false }]);
	});
});
