import { describe, expect, it } from "vitest";
import type { Line } from "./evidence";
import { artifactFromText, rawOffset, spanInLine, spanOfLine, spanOfLines } from "./span-of";

const at = <T>(list: readonly T[], index: number): T => {
	const item = list[index];
	if (item === undefined) throw new Error(`nothing at ${index}`);
	return item;
};

describe("artifactFromText", () => {
	it("numbers lines from 1 and leaves line ends out", () => {
		const artifact = artifactFromText("iptables-save", "*nat\r\nCOMMIT\n");
		expect(artifact.lines).toEqual([
			{ number: 1, text: "*nat", from: 0, to: 4 },
			{ number: 2, text: "COMMIT", from: 6, to: 12 },
		]);
		expect(artifact.id).toBe("iptables-save");
	});

	it("keeps empty lines between others and makes none of an empty text", () => {
		expect(artifactFromText("sysctl", "a\n\nb").lines.map((line) => line.text)).toEqual(["a", "", "b"]);
		expect(artifactFromText("sysctl", "").lines).toEqual([]);
	});
});

describe("spans of a line", () => {
	const text = "first\n:DOCKER - [0:0]\nlast";
	const artifact = artifactFromText("iptables-save", text, { id: "iptables-save-2" });

	it("points at the piece of the raw text that the columns name", () => {
		const span = spanInLine(artifact, at(artifact.lines, 1), 1, 7);
		expect(text.slice(span.from, span.to)).toBe("DOCKER");
		expect(span).toMatchObject({ artifact: "iptables-save-2", line: 2, lastLine: 2 });
	});

	it("clamps columns that lie outside the line", () => {
		const span = spanInLine(artifact, at(artifact.lines, 0), -3, 99);
		expect(text.slice(span.from, span.to)).toBe("first");
	});

	it("covers several lines, whichever is named first", () => {
		const span = spanOfLines(artifact, at(artifact.lines, 2), at(artifact.lines, 0));
		expect(text.slice(span.from, span.to)).toBe(text);
		expect([span.line, span.lastLine]).toEqual([1, 3]);
	});
});

describe("a line that was cleaned", () => {
	// "> \u001b[31mERR\u001b[0m or": a quote and two colours are gone from the cleaned text.
	const raw = "> \u001b[31mERR\u001b[0m or";
	const line: Line = {
		number: 1,
		text: "ERR or",
		from: 0,
		to: raw.length,
		map: [
			[0, 7],
			[3, 14],
		],
	};
	const artifact = { ...artifactFromText("docker-error", ""), lines: [line] };

	it("starts at the first cleaned column, not at the quote", () => {
		const span = spanOfLine(artifact, line);
		expect(raw.slice(span.from, span.to)).toBe("ERR\u001b[0m or");
	});

	it("ends before the colour that follows the last column", () => {
		const span = spanInLine(artifact, line, 0, 3);
		expect(raw.slice(span.from, span.to)).toBe("ERR");
	});

	it("answers the end of the line for a column past the end", () => {
		expect(rawOffset(line, 99)).toBe(raw.length);
	});
});
