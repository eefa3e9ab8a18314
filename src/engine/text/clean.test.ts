import { describe, expect, it } from "vitest";
import { cleanLine } from "./clean";
import { rawLines } from "./lines";

const cleaned = (raw: string) => cleanLine(raw, 0, raw.length).text;

describe("cleanLine", () => {
	it.each([
		["colours", "\u001b[1;31mERROR\u001b[0m done", "ERROR done"],
		["a window title", "\u001b]0;root@host: ~\u0007root@host:~# ", "root@host:~# "],
		["a hyperlink", "\u001b]8;;http://x\u001b\\x\u001b]8;;\u001b\\", "x"],
		["a charset switch", "\u001b(Bplain", "plain"],
		["a stray escape at the end", "end\u001b", "end"],
		["overstrike", "N\bNA\bAME", "NAME"],
		["underline by backspace", "_\bf_\bi", "fi"],
		["NUL bytes", "-\u0000A\u0000", "-A"],
		["a byte order mark", "\ufeff*nat", "*nat"],
		["zero-width characters", "do\u200bcker", "docker"],
		["no-break spaces", "a\u00a0b\u202fc", "a b c"],
		["smart quotes", "table \u2018nat\u2019 \u201cx\u201d", "table 'nat' \"x\""],
		["a dash that was two", "iptables \u2014wait", "iptables --wait"],
		["entities", "a &lt;b&gt; &amp;&amp; &#39;c&#x27; &quot;&nbsp;", "a <b> && 'c' \" "],
	])("undoes %s", (_, raw, text) => {
		expect(cleaned(raw)).toBe(text);
	});

	it.each([
		["typographic quotes within plain ones", 'msg="it \u201cis\u201d"'],
		["a dash between words", "docker.service \u2013 Docker"],
		["an ampersand that begins no entity", "a && b & c; d&x;"],
		["a character reference to a control character", "&#27;[0m"],
		["tabs", "\tchain DOCKER {"],
		["letters of any language", "Mär größer 日本 ✔"],
	])("keeps %s", (_, raw) => {
		expect(cleaned(raw)).toBe(raw);
	});
});

describe("rawLines", () => {
	it.each<[string, string[]]>([
		["a\nb", ["a", "b"]],
		["a\r\nb\r\n", ["a", "b"]],
		["a\rb", ["a", "b"]],
		["a\r\r\nb", ["a", "b"]],
		["a\n\nb", ["a", "", "b"]],
		["", []],
		["\n", [""]],
	])("%j", (text, lines) => {
		expect(rawLines(text).map(({ from, to }) => text.slice(from, to))).toEqual(lines);
	});
});
