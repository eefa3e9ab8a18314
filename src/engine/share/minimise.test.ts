import { describe, expect, it } from "vitest";
import { redact } from "../redact/redact";
import type { Evidence } from "../text/evidence";
import { minimise } from "./minimise";

const LINES = Array.from({ length: 200 }, (_, i) => (i === 120 ? "the failure\n" : `line ${i}\n`));
const EVIDENCE = redact([
	{ id: "log", name: "log", text: LINES.join("") },
	{ id: "small", name: "small", text: "one\ntwo\n" },
	{ id: "large", name: "large", text: "x\n".repeat(500) },
]).evidence;
const AT = LINES.slice(0, 120).join("").length;
const POINT = { source: "log", from: AT, to: AT + 11 };
const PIECES = EVIDENCE.map((source) => ({ source: source.id, from: 0, to: source.text.length }));
const size = (evidence: Evidence): number => evidence.reduce((sum, source) => sum + source.text.length, 0);
const holds = (evidence: Evidence): boolean => evidence.some((source) => source.text.includes("the failure"));

describe("minimise", () => {
	it("leaves all of it where all of it is short enough", () => {
		expect(
			minimise(EVIDENCE, { points: [POINT], pieces: PIECES, keepsVerdict: () => false, isShortEnough: () => true }),
		).toEqual({ evidence: EVIDENCE, omittedLines: 0 });
	});

	it("keeps the lines of the signs with their neighbours, then what else has room, smallest first", () => {
		const { evidence, omittedLines } = minimise(EVIDENCE, {
			points: [POINT],
			pieces: PIECES,
			keepsVerdict: holds,
			isShortEnough: (part) => size(part) <= 120,
		});
		expect(evidence.map((source) => source.id)).toEqual(["log", "small"]);
		expect(evidence[0]?.text).toContain("line 119\nthe failure\nline 121\n");
		expect(evidence[1]?.text).toBe("one\ntwo\n");
		expect(omittedLines).toBe(702 - (evidence[0]?.text.split("\n").length ?? 0) - 2 + 1);
	});

	it("never gives a part that changes the verdict", () => {
		// Needs three far lines together, none of which a sign points at.
		const needs = (evidence: Evidence): boolean =>
			["line 3\n", "line 77\n", "line 199\n"].every((line) => evidence.some((source) => source.text.includes(line)));
		const { evidence } = minimise(EVIDENCE, {
			points: [],
			pieces: PIECES,
			keepsVerdict: needs,
			isShortEnough: (part) => size(part) <= 200,
			tries: 200,
		});
		expect(needs(evidence)).toBe(true);
		expect(size(evidence)).toBeLessThan(size(EVIDENCE) / 4);
	});

	it("gives all of it back where no part gives the verdict, and asks no more often than it may", () => {
		let asked = 0;
		const { evidence, omittedLines } = minimise(EVIDENCE, {
			points: [POINT],
			pieces: PIECES,
			keepsVerdict: () => {
				asked++;
				return false;
			},
			isShortEnough: () => false,
			tries: 30,
		});
		expect(evidence).toEqual(EVIDENCE);
		expect(omittedLines).toBe(0);
		expect(asked).toBeLessThanOrEqual(30);
	});
});
