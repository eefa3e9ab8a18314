import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import { takeExcerpt } from "../src/engine/excerpt/excerpt";
import { readFile } from "../src/engine/excerpt/read-file";
import type { Source } from "../src/engine/text/evidence";
import { recognise } from "../src/engine/text/recognise";

/** A log too large to be held gets the verdict that the whole of it would get, with the same lines as signs. */
const FOLDER = "src/engine/failure-modes";
const LOGS = ["dockerd-log", "kernel-log", "firewalld-log"];

/** Every log of three lines or more that stands in a case. */
const logs = readdirSync(FOLDER, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(FOLDER, entry.name, "cases")))
	.flatMap((entry) =>
		readdirSync(join(FOLDER, entry.name, "cases")).flatMap((slug) => {
			const text = readFileSync(join(FOLDER, entry.name, "cases", slug, "evidence.txt"), "utf8");
			return recognise([{ id: "s1", name: "paste", text }])
				.filter(({ kind, lines }) => LOGS.includes(kind) && lines.length >= 3)
				.map(({ id, from, to }) => ({ title: `${entry.name}/${slug}/${id}`, text: `${text.slice(from, to)}\n` }));
		}),
	);

function excerptOf(text: string, ends?: number): Source {
	const taker = takeExcerpt(ends);
	taker.push(text);
	const excerpt = taker.soFar();
	return { id: "s1", name: "journal.log", text: excerpt.text, numbers: excerpt.numbers };
}

function verdictOf(source: Source) {
	const { findings, artifacts } = analyse([source]);
	const first = new Map(artifacts.map(({ id, firstLine }) => [id, firstLine]));
	return findings.map(({ failure, confidence, signs }) => ({
		failure,
		confidence,
		signs: signs.map((sign) => sign.at.map(({ artifact, line }) => (first.get(artifact) ?? 0) + line - 1)),
	}));
}

const ZSTD =
	"KLUv/QRYFQIAlANOb3YgMjIgMTA6MDA6MDEgd2ViMSBhcHBbNzddOiBJTkZPIGhhbmRsZWQgcGF0aD0vaXRlbXMvMQoBAGku7isoQWKSGg==";

const decoderOf = (encoding: string) => new TextDecoder(encoding);

describe("the excerpt of a log", () => {
	it("has logs to be held against", () => expect(logs.length).toBeGreaterThan(60));

	it.each(logs)("says the same as the whole: $title", ({ text }) => {
		const whole = verdictOf({ id: "s1", name: "journal.log", text });
		expect(verdictOf(excerptOf(text, 1))).toEqual(whole);
	});

	it("finds a needle, and what healed it, among half a million lines", () => {
		const quiet = Array.from(
			{ length: 60_000 },
			(_, index) =>
				`Nov 22 10:00:${String(index % 60).padStart(2, "0")} web1 app[77]: INFO handled path=/items/${index}`,
		).join("\n");
		const failed =
			'Nov 22 11:05:01 web1 dockerd[812]: time="2026-11-22T11:05:01.1Z" level=error msg="Handler for POST /v1.47/containers/3f4e/start returned error: driver failed programming external connectivity on endpoint web: Unable to enable DNAT rule: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\n (exit status 1))"';
		const many = Array.from({ length: 5_000 }, () => failed).join("\n");
		const sick = `${quiet}\n${many}\n${quiet}\n`;
		const found = excerptOf(sick);
		expect(found.text.length).toBeLessThan(40_000);
		expect(found.text).toContain("the message above came 4976 more times --");
		const [verdict] = verdictOf(found);
		expect(verdict?.failure).toBe("docker-chain-missing");
		expect(verdict?.signs[0]?.[0]).toBe(60_001);

		const healed = `${sick}Nov 22 12:00:00 web1 dockerd[990]: time="2026-11-22T12:00:00.1Z" level=info msg="Starting up"
Nov 22 12:00:02 web1 dockerd[990]: time="2026-11-22T12:00:02.1Z" level=info msg="Daemon has completed initialization"
${quiet}\n`;
		expect(verdictOf(excerptOf(healed))[0]?.failure).not.toBe("docker-chain-missing");
	});

	it("does not depend on where the pieces of the file are cut", () => {
		const text = logs.map((log) => log.text).join("");
		const whole = takeExcerpt(2);
		whole.push(text);
		const cuts = fc.uniqueArray(fc.nat(text.length), { maxLength: 12 });
		fc.assert(
			fc.property(cuts, (places) => {
				const taker = takeExcerpt(2);
				let from = 0;
				for (const to of [...places.toSorted((a, b) => a - b), text.length]) {
					taker.push(text.slice(from, to));
					from = to;
				}
				expect(taker.soFar()).toEqual(whole.soFar());
			}),
			{ numRuns: 30 },
		);
	});
});

describe("a file", () => {
	const line = "Nov 22 10:00:01 web1 app[77]: INFO handled path=/items/1\n";
	const large = line.repeat(100_000);
	const bytesOf = (text: string) => new TextEncoder().encode(text);
	const read = (bytes: Uint8Array, step = 60_000) => {
		const reader = readFile(decoderOf);
		for (let at = 0; at < bytes.length; at += step) if (!reader.push(bytes.subarray(at, at + step))) break;
		return reader.end();
	};

	it("that is small is taken as it is", () => {
		expect(read(bytesOf(line))).toEqual({ kind: "whole", text: line });
		expect(read(new Uint8Array())).toEqual({ kind: "whole", text: "" });
	});

	it("that is a large log becomes an excerpt", () => {
		const got = read(bytesOf(large));
		expect(got).toMatchObject({ kind: "excerpt", excerpt: { lines: 100_000, kept: 40 } });
	});

	it("that is large and no log is held whole", () => {
		const rules = `*filter\n${"-A INPUT -s 192.0.2.1/32 -j DROP\n".repeat(150_000)}COMMIT\n`;
		expect(read(bytesOf(rules))).toEqual({ kind: "whole", text: rules });
	});

	it.each([1, 7, 4096])("packed by gzip reads like the plain one, %i bytes at a time", (step) => {
		expect(read(gzipSync(line.repeat(50)), step)).toEqual({ kind: "whole", text: line.repeat(50) });
		const twice = Buffer.concat([gzipSync(line), gzipSync(line)]);
		expect(read(twice, step), "two members, as logrotate and cat make them").toEqual({
			kind: "whole",
			text: line + line,
		});
	});

	it("packed by zstd reads like the plain one", () => {
		// Made by zstd 1.5.7 of `line`, fifty times.
		const packed = Buffer.from(ZSTD, "base64");
		expect(read(packed, 5)).toEqual({ kind: "whole", text: line.repeat(50) });
	});

	it("with letters of several bytes is not torn by the pieces", () => {
		expect(read(bytesOf("Nov 22 10:00:01 wéb1 ünit — ✘\n"), 1)).toEqual({
			kind: "whole",
			text: "Nov 22 10:00:01 wéb1 ünit — ✘\n",
		});
	});

	it("of Windows is read by its mark", () => {
		const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("docker info\r\n", "utf16le")]);
		expect(read(bytes)).toEqual({ kind: "whole", text: "docker info\r\n" });
	});

	it.each([
		["is not text", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0])],
		[
			"is packed by gzip and damaged or cut off",
			Buffer.concat([gzipSync(large).subarray(0, 300), Buffer.alloc(50, 7)]),
		],
		["is packed by zstd and damaged or cut off", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 9, 9, 9, 9, 9, 9])],
	])("that %s is refused in words", (says, bytes) => {
		expect(read(bytes)).toEqual({ kind: "refused", says });
	});
});
