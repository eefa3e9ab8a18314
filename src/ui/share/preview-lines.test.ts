import { describe, expect, it } from "vitest";
import { redact } from "../../engine/redact/redact";
import { countLines, lineAt, pickableWords, previewLines } from "./preview-lines";

const source = (text: string) => [{ id: "s", name: "info", text }];

function preview(text: string, alwaysHide: readonly string[] = []) {
	const { evidence, spans } = redact(source(text), { alwaysHide });
	return previewLines(source(text), evidence, spans);
}

describe("the preview", () => {
	it("stands every line beside what leaves in its place, and marks what was replaced on both sides", () => {
		const lines = preview(" Name: web7\n CPUs: 4\n[bob@web7 ~]$ id");
		expect(lines.map(({ line, isChanged }) => [line, isChanged])).toEqual([
			[1, true],
			[2, false],
			[3, true],
		]);
		const marked = (side: "before" | "after") =>
			lines.map((line) => line[side].flatMap(({ text, place }) => (place ? [text] : [])));
		expect(marked("before")).toEqual([["web7"], [], ["bob", "web7"]]);
		expect(marked("after")).toEqual([["host-1"], [], ["user-1", "host-1"]]);
		expect(lines.map(({ after }) => after.map(({ text }) => text).join(""))).toEqual([
			" Name: host-1",
			" CPUs: 4",
			"[user-1@host-1 ~]$ id",
		]);
	});

	it("keeps pace over keys of several lines and empty lines", () => {
		const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAA\n".repeat(2)}-----END OPENSSH PRIVATE KEY-----`;
		const lines = preview(`a\n\n${key}\nfalcon`, ["falcon"]);
		expect(lines.at(-1)?.after.map(({ text }) => text)).toEqual(["word-1"]);
		expect(lines[1]?.before).toEqual([]);
	});

	it("offers words to pick, without the points behind them", () => {
		const words = pickableWords("to shop.example.org, at 5.").filter(({ isWord }) => isWord);
		expect(words.map(({ text }) => text)).toEqual(["to", "shop.example.org", "at"]);
		const all = pickableWords("(a) bc::d.  ");
		expect(all.map(({ text }) => text).join("")).toBe("(a) bc::d.  ");
	});

	it("counts lines as an editor does", () => {
		expect([countLines(""), countLines("a"), countLines("a\nb\n")]).toEqual([0, 1, 2]);
		expect(lineAt("a\nb\nc", 4)).toBe(3);
	});
});
