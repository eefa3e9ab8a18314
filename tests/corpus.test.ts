import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import type { Confidence } from "../src/engine/diagnose/failure-mode";
import { failureModes } from "../src/engine/failure-modes";

/**
 * Pastes as people make them, each through the whole engine, against an answer written by hand. They are no examples of
 * one mode: noise that is none of them, two faults at once, errors cut off, quoted or told in prose, whole hosts.
 *
 * A new paste is `captures/SLUG.txt` and its line in `captures/truth.json`: `origin` (how it came about), `headline` (the
 * right first finding), `alsoAcceptable` (others that would not mislead), `notCertain` (the paste can't prove it).
 */
const FOLDER = join(import.meta.dirname, "captures");

type Truth = {
	readonly origin: string;
	readonly headline: string;
	readonly alsoAcceptable: readonly string[];
	readonly notCertain: boolean;
};

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function readTruth(): ReadonlyMap<string, Truth> {
	const table: unknown = JSON.parse(readFileSync(join(FOLDER, "truth.json"), "utf8"));
	const entries = typeof table === "object" && table !== null ? Object.entries(table) : [];
	return new Map(
		entries.map(([slug, entry]: [string, unknown]): [string, Truth] => {
			const { origin, headline, alsoAcceptable, notCertain } = Object(entry);
			if (!isText(origin) || !isText(headline))
				throw new Error(`truth.json: ${slug} needs "origin" and "headline", as sentences and as an id`);
			const also = Array.isArray(alsoAcceptable) ? alsoAcceptable.filter(isText) : [];
			return [slug, { origin, headline, alsoAcceptable: also, notCertain: notCertain === true }];
		}),
	);
}

const truths = readTruth();
const results = [...truths].map(([slug, truth]) => {
	const text = readFileSync(join(FOLDER, `${slug}.txt`), "utf8");
	const analysis = analyse([{ id: "s1", name: "paste", text }]);
	const first = analysis.findings[0];
	return {
		slug,
		truth,
		text,
		analysis,
		first: first?.failure ?? "none",
		confidence: first?.confidence ?? "possible",
		right: first !== undefined && [truth.headline, ...truth.alsoAcceptable].includes(first.failure),
	};
});

describe("the corpus of pastes", () => {
	it("has an answer for each paste and a paste for each answer", () => {
		const files = readdirSync(FOLDER).filter((file) => file.endsWith(".txt"));
		expect(files.map((file) => file.replace(/\.txt$/, "")).toSorted()).toEqual([...truths.keys()].toSorted());
	});

	it("names only failure modes of the catalogue", () => {
		const ids = new Set(failureModes.map((mode) => mode.id));
		const named = results.flatMap(({ truth }) => [truth.headline, ...truth.alsoAcceptable]);
		expect(named.filter((id) => !ids.has(id))).toEqual([]);
	});

	it.each(results.map((result) => [result.slug, result] as const))("answers %s", (_, result) => {
		const { truth, first, confidence } = result;
		expect([truth.headline, ...truth.alsoAcceptable], truth.origin).toContain(first);
		if (truth.notCertain) expect(confidence, `${truth.origin}: it can’t be told for sure`).not.toBe("certain");
	});

	it("shows every sign and every unexplained error within the text", () => {
		for (const { text, analysis } of results) {
			const places = [
				...analysis.findings.flatMap((finding) => [...finding.signs, ...finding.against].flatMap((sign) => sign.at)),
				...analysis.unexplained.map((one) => one.at),
			];
			for (const { from, to } of places) expect(from >= 0 && to >= from && to <= text.length).toBe(true);
		}
	});
});

describe("the words of confidence", () => {
	const share = (word: Confidence) => {
		const said = results.filter((result) => result.confidence === word);
		return { said: said.length, right: said.filter((result) => result.right).length / said.length };
	};

	it("are right 98 times in 100 where they say certain", () => {
		const { said, right } = share("certain");
		expect(said).toBeGreaterThan(20);
		expect(right).toBeGreaterThanOrEqual(0.98);
	});

	it("are right 85 times in 100 where they say likely", () => {
		const { said, right } = share("likely");
		expect(said).toBeGreaterThan(15);
		expect(right).toBeGreaterThanOrEqual(0.85);
	});
});
