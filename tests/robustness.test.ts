import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { analyse, share } from "../src/engine";
import type { Analysis } from "../src/engine/diagnose/analysis";

/**
 * Whatever is pasted: an answer, places that are inside the text, and work that grows with the text only. That nothing
 * pasted is lost is held where it is cut, in engine/text/recognise.test.ts.
 */

const SAMPLES = "src/ui/evidence/samples";
const texts = readdirSync(SAMPLES, { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.flatMap((entry) =>
		readdirSync(join(SAMPLES, entry.name)).map((file) => readFileSync(join(SAMPLES, entry.name, file), "utf8")),
	);

const paste = (...sources: readonly string[]) =>
	sources.map((text, index) => ({ id: `s${index + 1}`, name: "paste", text }));

function expectSound(analysis: Analysis, sources: readonly string[]): void {
	expect(analysis.findings.length).toBeGreaterThan(0);
	const length = new Map(sources.map((text, index) => [`s${index + 1}`, text.length]));
	const artifacts = new Map(analysis.artifacts.map((artifact) => [artifact.id, artifact]));
	expect(artifacts.size).toBe(analysis.artifacts.length);
	const places = [
		...analysis.findings.flatMap((finding) => [...finding.signs, ...finding.against].flatMap((sign) => sign.at)),
		...analysis.unexplained.map((one) => one.at),
		...analysis.timeline.map((one) => one.at),
		...analysis.expected.flatMap((one) => one.at),
		...analysis.ruledOut.flatMap((one) => one.at),
		...analysis.artifacts.flatMap((artifact) => artifact.remarks.map((remark) => remark.at)),
	];
	for (const at of places) {
		const artifact = artifacts.get(at.artifact);
		expect(artifact).toBeDefined();
		expect(at.from).toBeGreaterThanOrEqual(0);
		expect(at.from).toBeLessThanOrEqual(at.to);
		expect(at.to).toBeLessThanOrEqual(length.get(artifact?.source ?? "") ?? -1);
	}
}

const piece = fc
	.record({
		text: fc.constantFrom(...texts),
		from: fc.double({ min: 0, max: 1, noNaN: true }),
		share: fc.double({ min: 0, max: 1, noNaN: true }),
	})
	.map(({ text, from, share: part }) => {
		const start = Math.floor(from * text.length);
		return text.slice(start, start + Math.floor(part * 6000));
	});
const noise = fc.oneof(
	fc.string({ maxLength: 400 }),
	fc.string({ unit: "binary", maxLength: 400 }),
	fc.constantFrom(
		"\u0000",
		"\u001b[31m",
		"```",
		"> > ",
		"{".repeat(300),
		"-A ".repeat(100),
		"\r\n\r",
		"\ud800",
		"Chain DOCKER (",
		'time="',
		"*nat\n:DOCKER",
		'{"a":',
		"__proto__\n",
		"constructor = 1\n",
	),
);

describe("any paste", () => {
	it("is answered, with places inside the text", () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, noise), { minLength: 1, maxLength: 6 }), (pieces) => {
				const whole = pieces.join("\n");
				expectSound(analyse(paste(whole)), [whole]);
			}),
			{ numRuns: 120, seed: 11 },
		);
	});

	it("is answered when two outputs are mixed line by line, and when it is cut anywhere", () => {
		fc.assert(
			fc.property(piece, piece, fc.integer({ min: 0, max: 6000 }), (a, b, cut) => {
				const other = b.split("\n");
				const mixed = a
					.split("\n")
					.flatMap((line, index) => [line, other[index] ?? ""])
					.join("\n")
					.slice(0, cut);
				expectSound(analyse(paste(mixed, b)), [mixed, b]);
			}),
			{ numRuns: 60, seed: 12 },
		);
	});

	it("gives the same answer each time", () => {
		const all = texts.slice(0, 6);
		expect(analyse(paste(...all))).toEqual(analyse(paste(...all)));
	});

	it("can be shared, whatever it is", () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, noise), { minLength: 1, maxLength: 3 }), (pieces) => {
				expect(share(paste(pieces.join("\n"))).fragment).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
			}),
			{ numRuns: 15, seed: 13 },
		);
	});
});

afterEach(() => {
	vi.restoreAllMocks();
});

/** Characters that patterns and searches are given while a text is diagnosed: the work that could grow out of hand. */
function work(text: string): number {
	let characters = 0;
	const { exec } = RegExp.prototype;
	const { indexOf } = String.prototype;
	vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, seen: string) {
		characters += (this.global || this.sticky ? Math.max(0, seen.length - this.lastIndex) : seen.length) + 1;
		return exec.call(this, seen);
	});
	vi.spyOn(String.prototype, "indexOf").mockImplementation(function (this: string, search: string, from?: number) {
		const found = indexOf.call(this, search, from);
		characters += (found < 0 ? this.length : found) - (from ?? 0) + 1;
		return found;
	});
	analyse(paste(text));
	vi.restoreAllMocks();
	return characters;
}

const LOG = 'time="2026-11-23T07:08:21.869789766Z" level=info msg="Loading containers: start."\n';
const ERROR =
	'time="2026-11-23T07:08:21.869789766Z" level=error msg="Handler for POST /v1.41/containers/ab/start returned error: driver failed programming external connectivity on endpoint web (0123): (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\\n (exit status 1))"\n';
const GROWING: readonly (readonly [string, (times: number) => string])[] = [
	["a log", (times) => LOG.repeat(times)],
	["a log of errors", (times) => ERROR.repeat(times)],
	[
		"rules",
		(times) =>
			`*nat\n:DOCKER - [0:0]\n${Array.from({ length: times }, (_, i) => `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${(i % 60000) + 1} -j DNAT --to-destination 172.17.${i & 255}.2:80\n`).join("")}COMMIT\n`,
	],
	["prose", (times) => "I restarted it twice and the port is still dead, any idea?\n".repeat(times)],
	[
		"everything by turns",
		(times) => Array.from({ length: times }, (_, i) => texts[i % texts.length]?.split("\n")[i % 20] ?? "").join("\n"),
	],
	["one long line", (times) => "x".repeat(times * 60)],
	["open brackets", (times) => '{"a":['.repeat(times)],
];

describe("the work of a diagnosis", () => {
	it.each(GROWING)(
		"grows with the text only: %s",
		(_, make) => {
			const once = work(make(500));
			const four = work(make(2000));
			expect(once).toBeGreaterThan(0);
			expect(four / once).toBeLessThan(5.5);
		},
		60_000,
	);

	it("takes 20 MB and answers", () => {
		const bulk = Array.from({ length: 220_000 }, (_, i) => (i % 5000 === 4999 ? ERROR : LOG)).join("");
		expect(bulk.length).toBeGreaterThan(18e6);
		const analysis = analyse(paste(bulk + LOG.repeat(22_000)));
		expect(analysis.findings[0]?.failure).toBe("docker-chain-missing");
	}, 120_000);
});
