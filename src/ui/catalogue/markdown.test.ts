import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, parseInline, parseMarkdown } from "./markdown";

describe("an article", () => {
	it("is read into headings, paragraphs, lists, fences, tables and cases", () => {
		const text = [
			"## What you see",
			"`docker run -p` fails",
			"at once.",
			"",
			"- one",
			"  and more",
			"- two",
			"",
			"1. first",
			"```sh",
			"# not a heading",
			"```",
			"| a | b |",
			"|---|---|",
			"| 1 | `2` |",
			"{{case:nat-flushed}}",
		].join("\n");
		expect(parseMarkdown(text)).toEqual([
			{ kind: "heading", level: 2, inline: [{ kind: "text", text: "What you see" }] },
			{
				kind: "paragraph",
				inline: [
					{ kind: "code", text: "docker run -p" },
					{ kind: "text", text: " fails at once." },
				],
			},
			{
				kind: "list",
				ordered: false,
				items: [[{ kind: "text", text: "one and more" }], [{ kind: "text", text: "two" }]],
			},
			{ kind: "list", ordered: true, items: [[{ kind: "text", text: "first" }]] },
			{ kind: "fence", language: "sh", text: "# not a heading" },
			{
				kind: "table",
				rows: [
					[[{ kind: "text", text: "a" }], [{ kind: "text", text: "b" }]],
					[[{ kind: "text", text: "1" }], [{ kind: "code", text: "2" }]],
				],
			},
			{ kind: "case", slug: "nat-flushed" },
		] satisfies Block[]);
	});

	it.each([
		["[x](https://docs.docker.com/)", { kind: "link", text: "x", to: "https://docs.docker.com/" }],
		["[x](#/failure-modes/healthy)", { kind: "link", text: "x", to: "#/failure-modes/healthy" }],
		["[x](javascript:alert(1))", { kind: "text", text: "[x](javascript:alert(1))" }],
		["[x](//evil.example)", { kind: "text", text: "[x](//evil.example)" }],
		["**strong**", { kind: "strong", text: "strong" }],
		["`a * b`", { kind: "code", text: "a * b" }],
		["a * b * c", { kind: "text", text: "a * b * c" }],
		["<b>no</b>", { kind: "text", text: "<b>no</b>" }],
		["`open", { kind: "text", text: "`open" }],
	])("reads %s", (text, part) => {
		expect(parseInline(text)).toEqual([part]);
	});

	it("keeps every character of a paragraph that has no mark in it, and never loops", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom("a", "*", "`", "[", "]", "(", ")", "#", "|", "-", " ", "\n", "{", ">") }),
				(text) => {
					expect(Array.isArray(parseMarkdown(text))).toBe(true);
				},
			),
		);
	});
});
