import { describe, expect, it } from "vitest";
import { PHRASES } from "./phrase-detectors";
import { redact } from "./redact";
import { NAMES } from "./system-names";
import { TOKENS } from "./token-detectors";

const DETECTORS = [...TOKENS, ...PHRASES, ...NAMES];

describe("detector patterns", () => {
	it.each(DETECTORS.map((detector, index) => [`${index} ${detector.id}`, detector] as const))(
		"%s is sticky, bounded and free of nested quantifiers",
		(_, detector) => {
			expect(detector.pattern.flags).toContain("y");
			expect(detector.pattern.flags).toContain("d");
			const source = detector.pattern.source.replace(/\[(?:[^\]\\]|\\.)*\]/g, "C").replace(/\\./g, "c");
			// A group with a quantifier inside may be optional, never repeated.
			expect(source).not.toMatch(/\([^()]*(?:[*+]|\{\d+,\d*\})[^()]*\)(?:[*+]|\{)/);
			// Nothing without an upper bound: the window is short, and so is the work.
			expect(source).not.toMatch(/[^\\](?:\*|\+(?!\+)|\{\d+,\})/);
			for (const literal of detector.literals) {
				expect(literal).toBe(literal.toLowerCase());
				expect(literal.length).toBeGreaterThanOrEqual(1);
			}
		},
	);
});

describe("work", () => {
	const HOSTILE = [
		"password=",
		'password="',
		"://",
		"https://a:b@",
		"eyJ",
		"%3A",
		"%",
		"-----BEGIN RSA PRIVATE KEY-----\n",
		"-----END RSA PRIVATE KEY-----\n",
		"MIIabcABC012",
		"docker login -p ",
		"mysql -p",
		"echo a | docker login --password-stdin\n",
		"@tcp(",
		"10.0.0.1.",
		"::",
		"a:b:c:",
		"02:42:",
		"endpoint ",
		'"Labels":{"a":"b",',
		'"Labels":',
		"\\",
		'\\"',
		'"Name": "/',
		"=",
		"a=",
		" ",
		"\t",
		"SWMTKN-",
		"ghp_aaaaaaaaaaaaaaaa",
		"x.",
		"a-",
		"a_b.",
		"<",
		"{",
		"root@host:~# ",
		"Cookie: a=",
		"authorization: ",
		"image: ",
		"\n",
		"NAMES  IMAGE\n",
		"a".repeat(60),
	];

	it.each(HOSTILE)("grows with the text and no faster: %j", (unit) => {
		const steps = (times: number): number => {
			const meter = { steps: 0 };
			redact([{ id: "s", name: "s", text: unit.repeat(times) }], {}, meter);
			return meter.steps;
		};
		const times = Math.ceil(6000 / unit.length);
		const small = steps(times);
		const large = steps(times * 4);
		expect(large).toBeLessThanOrEqual(small * 4.4 + 40_000);
	});
});
