import fc from "fast-check";
import { deflateSync, strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { redact } from "../redact/redact";
import type { Evidence } from "../text/evidence";
import { decodeBase64Url, encodeBase64Url } from "./base64url";
import { crc32 } from "./crc32";
import { DICTIONARY_V1 } from "./dictionary-v1";
import { encodeLink, linkLength } from "./encode";
import { LIMITS } from "./payload";
import { decodeLink } from "./restore";

const EVIDENCE: Evidence = [
	{
		id: "a",
		name: "dockerd.log",
		text: "Nov 23 07:59:53 shopsrv dockerd[324]: Starting up\r\n\u001b[31mred\u001b[0m größe 鯨 🐳\n",
	},
	{ id: "b", name: "iptables-save", text: "*nat\n:PREROUTING ACCEPT [0:0]\n-A DOCKER -i docker0 -j RETURN\nCOMMIT\n" },
];
const IDS = { failures: ["docker-chain-missing", "forward-dropped"], omittedLines: 12 };
const LINK = encodeLink(redact(EVIDENCE).evidence, IDS);

/** A link made by somebody who does not use our encoder. */
function forged(payload: unknown, options: { readonly text?: string; readonly checksum?: number } = {}): string {
	const bytes = strToU8(options.text ?? JSON.stringify(payload));
	const packed = deflateSync(bytes, { level: 9, dictionary: strToU8(DICTIONARY_V1) });
	const checksum = options.checksum ?? crc32(bytes);
	const whole = new Uint8Array(packed.length + 4);
	whole.set([checksum >>> 24, (checksum >>> 16) & 255, (checksum >>> 8) & 255, checksum & 255]);
	whole.set(packed, 4);
	return `v1.${encodeBase64Url(whole)}`;
}

describe("a link", () => {
	it("opens to the redacted evidence, the ids and the count of lines left out, and to nothing raw", () => {
		const opened = decodeLink(LINK);
		expect(opened).toEqual({
			kind: "ok",
			version: 1,
			failures: IDS.failures,
			omittedLines: 12,
			evidence: [
				{
					id: "s1",
					name: "dockerd.log",
					text: "Nov 23 07:59:53 host-1 dockerd[324]: Starting up\r\n\u001b[31mred\u001b[0m größe 鯨 🐳\n",
				},
				{ id: "s2", name: "iptables-save", text: EVIDENCE[1]?.text },
			],
		});
	});

	it("is made of characters that a fragment may hold, and opens with and without its #", () => {
		expect(LINK).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
		expect(decodeLink(`#${LINK}`)).toEqual(decodeLink(LINK));
	});

	it("is the same for the same evidence", () => {
		expect(encodeLink(redact(EVIDENCE).evidence, IDS)).toBe(LINK);
	});

	it("comes back whole for any text", () => {
		fc.assert(
			fc.property(
				fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { minLength: 1, maxLength: 4 }),
				(texts) => {
					const { evidence } = redact(texts.map((text, index) => ({ id: `x${index}`, name: `n ${index}`, text })));
					const opened = decodeLink(encodeLink(evidence, { failures: [], omittedLines: 0 }));
					expect(opened.kind).toBe("ok");
					if (opened.kind === "ok") expect(opened.evidence.length).toBe(texts.length);
				},
			),
			{ numRuns: 100, seed: 23 },
		);
	});

	it("carries nothing that a terminal or a screen would obey", () => {
		const { evidence } = redact([
			{ id: "x", name: "<img src=x onerror=1>", text: "a\u0000b\u202ec\u001b]0;title\u0007\u0085d\u001b[2J\ud800" },
		]);
		const opened = decodeLink(encodeLink(evidence, { failures: [], omittedLines: 0 }));
		expect(opened.kind === "ok" && opened.evidence[0]?.name).toBe("_img src_x onerror_1_");
		expect(opened.kind === "ok" && opened.evidence[0]?.text).toBe(
			"a\ufffdb\ufffdc\ufffd]0;title\ufffd\ufffdd\ufffd[2J\ufffd",
		);
	});

	it("says how long it is", () => {
		expect(linkLength("x".repeat(500), "https://example.org/")).toEqual({ characters: 521, fits: "short" });
		expect(linkLength("x".repeat(5000)).fits).toBe("long");
		expect(linkLength("x".repeat(LIMITS.fragment + 1)).fits).toBe("file");
	});
});

describe("base64url", () => {
	it("comes back for any bytes and refuses what no encoder makes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
			}),
			{ seed: 23 },
		);
		expect(decodeBase64Url("a")).toBeNull();
		expect(decodeBase64Url("ab=c")).toBeNull();
		expect(decodeBase64Url("ab+c")).toBeNull();
	});
});

describe("a hostile link", () => {
	const flipped = Array.from({ length: 80 }, (_, i) => {
		const at = 3 + Math.floor(((LINK.length - 3) * i) / 80);
		const other = LINK[at] === "A" ? "B" : "A";
		return [`character ${at} changed`, LINK.slice(0, at) + other + LINK.slice(at + 1)] as const;
	});
	const cut = Array.from({ length: 60 }, (_, i) => {
		const length = Math.floor((LINK.length * i) / 60);
		return [`cut to ${length} characters`, LINK.slice(0, length)] as const;
	});
	const bomb = (megabytes: number) =>
		[
			`${megabytes} MB of blanks`,
			forged(null, { text: `[[],0,[["x","${" ".repeat(megabytes * 1_048_576)}"]]]` }),
		] as const;
	const shapes: readonly (readonly [string, unknown])[] = [
		["null", null],
		["a number", 7],
		["a string", "x"],
		["an object", { failures: [], sources: [] }],
		["an empty list", []],
		["no sources", [[], 0, []]],
		["a fourth part", [[], 0, [["x", "y"]], 1]],
		["a source of three", [[], 0, [["x", "y", "z"]]]],
		["a source that is an object", [[], 0, [{ name: "x", text: "y" }]]],
		["a text that is a number", [[], 0, [["x", 1]]]],
		["a text that is a list", [[], 0, [["x", ["y"]]]]],
		["a name that is null", [[], 0, [[null, "y"]]]],
		["a name with markup", [[], 0, [["<script>alert(1)</script>", "y"]]]],
		["a name with a path", [[], 0, [["../../etc/passwd", "y"]]]],
		["a name with a line end", [[], 0, [["a\nb", "y"]]]],
		["a name with back-ticks", [[], 0, [["`id`", "y"]]]],
		["a name with a dollar", [[], 0, [["$(id)", "y"]]]],
		["a name that turns the text round", [[], 0, [["a\u202eb", "y"]]]],
		["a long name", [[], 0, [["x".repeat(81), "y"]]]],
		["65 sources", [[], 0, Array.from({ length: 65 }, () => ["x", "y"])]],
		["17 failures", [Array.from({ length: 17 }, () => "healthy"), 0, [["x", "y"]]]],
		["a failure with markup", [["<b>"], 0, [["x", "y"]]]],
		["a failure with a command", [["x; rm -rf /"], 0, [["x", "y"]]]],
		["a failure that is a path", [["../x"], 0, [["x", "y"]]]],
		["a failure named __proto__", [["__proto__"], 0, [["x", "y"]]]],
		["a failure of 65 characters", [["x".repeat(65)], 0, [["x", "y"]]]],
		["a count below nothing", [[], -1, [["x", "y"]]]],
		["a count with a fraction", [[], 0.5, [["x", "y"]]]],
		["a count that is no number", [[], "1", [["x", "y"]]]],
		["a count past counting", [[], 1e300, [["x", "y"]]]],
	];
	const texts: readonly (readonly [string, string])[] = [
		["keys of a prototype", '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
		["a list with keys of a prototype", '[[],0,[["x",{"__proto__":{"polluted":1}}]]]'],
		["deep nesting", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
		["deep objects", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
		["half a JSON text", '[[],0,[["x"'],
		["no JSON", "not json"],
		["nothing", ""],
		["NaN", "[[],NaN,[]]"],
		["a comment", '[[],0,[["x","y"]]] // x'],
		["two values", '[[],0,[["x","y"]]] [[],0,[["x","y"]]]'],
	];
	const versions = [
		"",
		"#",
		"v",
		"v.",
		"v1",
		"v0.AAAA",
		"v2.AAAA",
		"v10.AAAA",
		"v99999.AAAA",
		"V1.AAAA",
		"1.AAAA",
		" v1.AAAA",
		"v1 .AAAA",
		"v1.",
		"v1.A",
		"v1.AAAAAAAA",
		"v1.====",
		"v1.%20%20",
		"v1.<script>",
		"javascript:alert(1)",
		"data:text/html,x",
		"../v1.AAAA",
		"v1.AAAA\n",
		"\u0000",
		"__proto__",
		"v1.__proto__",
		"v1.constructor",
	];
	const corpus: readonly (readonly [string, string])[] = [
		...flipped,
		...cut,
		...shapes.map(([title, payload]) => [`shape: ${title}`, forged(payload)] as const),
		...texts.map(([title, text]) => [`text: ${title}`, forged(null, { text })] as const),
		...versions.map((text) => [`prefix: ${JSON.stringify(text)}`, text] as const),
		bomb(5),
		bomb(64),
		["a wrong checksum", forged([[], 0, [["x", "y"]]], { checksum: 1 })],
		["a link of a million characters", `v1.${"A".repeat(1_000_000)}`],
		["a link in a link", forged(null, { text: LINK })],
		["no DEFLATE at all", `v1.${encodeBase64Url(new Uint8Array(64).fill(255))}`],
		["something behind the end", `${LINK}AAAA`],
	];

	it("stands in a corpus of at least 200", () => {
		expect(corpus.length).toBeGreaterThanOrEqual(200);
	});

	it.each(corpus)("gets one clear sentence and nothing else: %s", (_, fragment) => {
		const opened = decodeLink(fragment);
		// A changed character in what DEFLATE ignores may leave the payload as it was: then, and only then, it opens.
		if (opened.kind === "ok") expect(opened).toEqual(decodeLink(LINK));
		else {
			expect(Object.keys(opened).sort()).toEqual(["kind", "says"]);
			expect(opened.says).toMatch(/^(?:The link|This is)[^<>]+\.$/);
			expect(opened.says.length).toBeLessThan(120);
		}
		expect(Reflect.get({}, "polluted")).toBeUndefined();
	});

	it("is refused before it has unpacked much more than a report may hold", () => {
		const [, link] = bomb(64);
		expect(decodeLink(link)).toEqual({ kind: "damaged", says: "The link unpacks to more than a report can be." });
	});
});
