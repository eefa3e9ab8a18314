import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../../tests/support/model-server";
import { parseAnswer } from "./answer-text";

describe("a model's answer", () => {
	it("has headings, paragraphs, lists, fences and two marks", () => {
		const answer =
			"## Why\nThe `nat` table was **flushed**,\nsee below.\n\n1. one\n2. two\n   more\n\n- a\n* b\n```sh\nls\n```\nend";
		expect(parseAnswer(answer)).toEqual([
			{ kind: "heading", inline: [{ kind: "text", text: "Why" }] },
			{
				kind: "paragraph",
				inline: [
					{ kind: "text", text: "The " },
					{ kind: "code", text: "nat" },
					{ kind: "text", text: " table was " },
					{ kind: "strong", text: "flushed" },
					{ kind: "text", text: ",\nsee below." },
				],
			},
			{ kind: "list", ordered: true, items: [[{ kind: "text", text: "one" }], [{ kind: "text", text: "two more" }]] },
			{ kind: "list", ordered: false, items: [[{ kind: "text", text: "a" }], [{ kind: "text", text: "b" }]] },
			{ kind: "fence", language: "sh", text: "ls" },
			{ kind: "paragraph", inline: [{ kind: "text", text: "end" }] },
		]);
	});

	it("that is still coming reaches to its end", () => {
		expect(parseAnswer("```sh\niptables -L")).toEqual([{ kind: "fence", language: "sh", text: "iptables -L" }]);
		expect(parseAnswer("**bold")).toEqual([{ kind: "paragraph", inline: [{ kind: "text", text: "**bold" }] }]);
		expect(parseAnswer("")).toEqual([]);
	});

	it("gives repairs as the ids they are", () => {
		expect(parseAnswer("```repairs\na/fix\n\n a/fix\nrm -rf /\n```")).toEqual([
			{ kind: "repairs", ids: ["a/fix", "rm -rf /"] },
		]);
	});

	it("keeps what is markup elsewhere as text, and drops what a screen would obey", () => {
		const text = JSON.stringify(parseAnswer(HOSTILE));
		expect(text).toContain("<img src=x onerror");
		expect(text).toContain("](javascript:");
		expect(text).not.toMatch(/[\u202a-\u202e]/);
		expect(parseAnswer(HOSTILE).map(({ kind }) => kind)).toEqual(["paragraph", "heading", "fence", "repairs"]);
	});

	it("never throws and loses no word", () => {
		const piece = fc.constantFrom("word", "`", "**", "```", "\n", "# ", "- ", "1. ", " ", "\n\n", "x`y");
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				const answer = pieces.join("");
				const words = (text: string) => text.match(/word/g)?.length ?? 0;
				// A fence's own line may hold a word as its language.
				const found = words(JSON.stringify(parseAnswer(answer)));
				expect(found).toBeLessThanOrEqual(words(answer));
				if (!answer.includes("```")) expect(found).toBe(words(answer));
			}),
		);
	});

	it.each([
		"`".repeat(4_001),
		"**".repeat(40_000),
		"- x\n".repeat(20_000),
		"[".repeat(200_000),
		"```\n".repeat(30_000),
		"1.".repeat(99_999),
	])("of any shape is read to its end", (answer) => {
		expect(parseAnswer(answer).length).toBeGreaterThan(0);
	});
});
