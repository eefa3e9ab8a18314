import { describe, expect, it } from "vitest";
import { coverWord, hideWord, moveDates, NO_CHOICES, showWord, unhideWords } from "./redaction-choices";

describe("what the person decides about what leaves", () => {
	it("hides a word once, whatever its capitals, and none that stands in every line", () => {
		const choices = ["Falcon", "falcon ", " falcon", "x", ""].reduce(hideWord, NO_CHOICES);
		expect(choices.alwaysHide).toEqual(["Falcon"]);
	});

	it("lets the newest word count: hidden after shown, shown after hidden", () => {
		const shown = showWord(hideWord(NO_CHOICES, "falcon"), "falcon", true);
		expect(shown).toEqual({ alwaysHide: [], show: ["falcon"], shownSecrets: ["falcon"] });
		expect(hideWord(shown, "falcon")).toEqual({ alwaysHide: ["falcon"], show: [], shownSecrets: [] });
		expect(coverWord(shown, "falcon")).toEqual(NO_CHOICES);
	});

	it("moves dates back by weeks that differ from one report to the next, and keeps to them", () => {
		const moved = moveDates(NO_CHOICES, true);
		expect(moved.shiftWeeks).toBeLessThanOrEqual(-4);
		expect(moved.shiftWeeks).toBeGreaterThanOrEqual(-51);
		expect(showWord(hideWord(moved, "falcon"), "prod", false).shiftWeeks).toBe(moved.shiftWeeks);
		expect(moveDates(moved, false)).toEqual(NO_CHOICES);
		expect(new Set(Array.from({ length: 60 }, () => moveDates(NO_CHOICES, true).shiftWeeks)).size).toBeGreaterThan(5);
	});

	it("gives back all hidden words that make up a longer one", () => {
		const choices = ["falcon", "prod", "other"].reduce(hideWord, NO_CHOICES);
		expect(unhideWords(choices, "Falcon-PROD-7").alwaysHide).toEqual(["other"]);
	});
});
