import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LONGEST_TEXT, readMessageText, unescapeOnce, windowOf } from "./message-text";

describe("a message freed of its wrappings", () => {
	it.each([
		["`nat'", "`nat'", "'nat'"],
		["&#39;nat&#39; &lt;ip&gt; &amp;quot;x&amp;quot;", "'nat' <ip> \"x\"", "'nat' <ip> \"x\""],
		["can’t “nat”", "can’t “nat”", 'can\'t "nat"'],
		['\\"web\\" failed\\n (exit status 1)', '"web" failed (exit status 1)', '"web" failed (exit status 1)'],
		['\\\\\\"web\\\\\\"', '"web"', '"web"'],
		["a#012b#011c", "a b c", "a b c"],
		["  a \t\n  b\u00a0c ", "a b c", "a b c"],
		["100 % &unknown; #99", "100 % &unknown; #99", "100 % &unknown; #99"],
	])("%j", (raw, shown, plain) => {
		expect(readMessageText(raw)).toMatchObject({ shown, plain, lower: plain.toLowerCase() });
	});

	it("keeps the three forms column by column", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), (raw) => {
				const { shown, plain, lower } = readMessageText(raw);
				expect(plain.length).toBe(shown.length);
				expect(lower.length).toBe(shown.length);
				expect(shown.length).toBeLessThanOrEqual(LONGEST_TEXT);
				expect(shown).not.toMatch(/\s\s|[\n\t]/);
			}),
		);
	});

	it("leaves İ alone, whose small form is longer", () => {
		expect(readMessageText("İPTABLES Failed").lower).toBe("İptables failed");
	});

	it("knows the escapes of Go and JSON and no others", () => {
		expect(unescapeOnce('\\x41\\u0042\\"\\q\\n')).toBe('AB"\\q ');
	});
});

describe("the window of a long line", () => {
	it("is the line when that is short", () => {
		expect(windowOf("short")).toBe("short");
	});
	it("lies around the first sign of an error", () => {
		const long = `${"x".repeat(50_000)} iptables failed: iptables -L: no`;
		expect(windowOf(long)).toContain("iptables failed: iptables -L: no");
		expect(windowOf(long).length).toBeLessThanOrEqual(LONGEST_TEXT);
	});
	it("is the start without one", () => {
		expect(windowOf(`start${"x".repeat(50_000)}`).startsWith("start")).toBe(true);
	});
});
