import { describe, expect, it } from "vitest";
import { forTerminal, lines, onePlainLine, sh, shq } from "./shell-quote";

describe("sh", () => {
	it("quotes what is interpolated and takes its own pieces as they are", () => {
		expect(sh`run ${"a b"} ${"plain-1"} ${3} ${["x", "y z"]} ${sh`$name`}`.text).toBe(
			// biome-ignore lint/suspicious/noTemplateCurlyInString: shell, not JavaScript
			"run 'a b' plain-1 3 x 'y z' ${name}",
		);
	});

	it("takes the margin off, keeps backslashes, and indents a piece but never a value", () => {
		const piece = lines([sh`one`, sh`two`]);
		const text = sh`
			begin
				${piece}
			end ${"first\nsecond"} \n
		`.text;
		expect(text).toBe("begin\n\tone\n\ttwo\nend 'first\nsecond' \\n\n");
	});
});

describe("shq", () => {
	it.each([
		["plain", "plain"],
		["", "''"],
		["a b", "'a b'"],
		["it's", '"it\'s"'],
		["$HOME", '"\\$HOME"'],
		["`id`", "'`id`'"],
		["'`\"\\$", '"\'\\`\\"\\\\\\$"'],
		["a\0b", "ab"],
	])("%j becomes %s", (value, word) => {
		expect(shq(value)).toBe(word);
	});
});

describe("prose", () => {
	it("is one line without control, bidirectional and zero-width characters", () => {
		expect(onePlainLine("a\nb\u001b[31m\u202ec\u200bd")).toBe("a b [31m c d");
		expect(forTerminal("chain `DOCKER`")).toBe("chain 'DOCKER'");
		// shellcheck takes a typographic quote for a mistyped one (SC1112), and not every console has it.
		expect(forTerminal("Docker’s “nat”")).toBe('Docker\'s "nat"');
	});
});
