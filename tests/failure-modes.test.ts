import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import { OUTCOMES } from "../src/engine/diagnose/diagnose";
import type { Confidence } from "../src/engine/diagnose/failure-mode";
import { gatherFacts } from "../src/engine/facts/gather";
import { failureModes } from "../src/engine/failure-modes";
import { read } from "../src/engine/read";

/**
 * What every failure mode owes its reader, checked in words that say what to do. Each case of each mode goes through
 * the whole engine, so a mode that steals another's case fails here.
 */
const FOLDER = "src/engine/failure-modes";
const HEADINGS = [
	"What you see",
	"What happened",
	"How far it reaches",
	"How to tell",
	"Fix it now",
	"Keep it fixed",
	"When it is something else",
	"Sources",
];
/** Ids that were published once and are no more: never to be used again. */
const RETIRED: readonly string[] = [];

type Case = {
	readonly mode: string;
	readonly slug: string;
	readonly text: string;
	/** Distribution, versions, and what broke it. */
	readonly origin: string;
	/** What the mode itself answers. */
	readonly expect: "present" | "absent" | "unknown";
	readonly confidence?: Confidence;
	/** First finding of the whole engine; the mode's own id when it is present and nothing else is said. */
	readonly headline?: string;
};

const folders = readdirSync(FOLDER, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
	.map((entry) => entry.name);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}

function isOneOf<T extends string>(value: unknown, ...allowed: readonly T[]): value is T {
	return allowed.some((one) => one === value);
}

function readCase(mode: string, slug: string): Case {
	const folder = join(FOLDER, mode, "cases", slug);
	const parsed: unknown = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
	const { origin, expect: expected, confidence, headline } = isRecord(parsed) ? parsed : {};
	if (typeof origin !== "string" || !isOneOf(expected, "present", "absent", "unknown")) {
		throw new Error(`${folder}/case.json: needs "origin" (a sentence) and "expect": "present", "absent" or "unknown"`);
	}
	return {
		mode,
		slug,
		text: readFileSync(join(folder, "evidence.txt"), "utf8"),
		origin,
		expect: expected,
		...(isOneOf(confidence, "certain", "likely", "possible") ? { confidence } : {}),
		...(typeof headline === "string" ? { headline } : {}),
	};
}

const cases = folders.flatMap((mode) => {
	const folder = join(FOLDER, mode, "cases");
	const slugs = existsSync(folder) ? readdirSync(folder) : [];
	return slugs.map((slug) => readCase(mode, slug));
});
const analysed = new Map(cases.map((one) => [one, analyse([{ id: "s1", name: "paste", text: one.text }])] as const));
const outcomes: readonly string[] = OUTCOMES;

describe("the catalogue", () => {
	it("lists every folder once, and every mode has a folder of its name", () => {
		const ids = failureModes.map((mode) => mode.id);
		expect([...ids].sort(), `${FOLDER}/index.ts must list exactly the folders`).toEqual([...folders].sort());
		expect(ids.filter((id) => RETIRED.includes(id))).toEqual([]);
	});

	it("explains only modes that exist, and never in a circle that leaves no cause", () => {
		const ids = new Set(failureModes.map((mode) => mode.id));
		const unknown = failureModes.flatMap((mode) =>
			mode.explains.filter((id) => !ids.has(id)).map((id) => `${mode.id} explains ${id}`),
		);
		expect(unknown).toEqual([]);
		const explains = new Map(failureModes.map((mode) => [mode.id, mode.explains]));
		const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
			(explains.get(from) ?? []).some(
				(next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))),
			);
		expect(failureModes.filter((mode) => reaches(mode.id, mode.id, new Set())).map((mode) => mode.id)).toEqual([]);
	});
});

describe.each(folders)("%s", (id) => {
	const own = cases.filter((one) => one.mode === id);
	const isFault = !outcomes.includes(id);

	it("has an article with the fixed headings", () => {
		const path = join(FOLDER, id, "article.md");
		expect(existsSync(path), `${path} is missing: copy _template/article.md`).toBe(true);
		const article = readFileSync(path, "utf8");
		const headings = [...article.matchAll(/^## (.+)$/gm)].map((found) => found[1]);
		expect(headings, `${path}: headings must be, in order: ${HEADINGS.join(" · ")}`).toEqual(HEADINGS);
		const named = [...article.matchAll(/\{\{case:([a-z0-9-]+)\}\}/g)].map((found) => found[1]);
		expect(named.length, `${path}: show at least one case with {{case:slug}}`).toBeGreaterThan(0);
		expect(
			named.filter((slug) => !own.some((one) => one.slug === slug)),
			`${path}: names cases that do not exist`,
		).toEqual([]);
	});

	it("has cases of every kind", () => {
		const count = (kind: Case["expect"]) => own.filter((one) => one.expect === kind).length;
		expect(count("present"), "at least one case with expect: present").toBeGreaterThanOrEqual(1);
		if (!isFault) return;
		expect(count("absent"), "at least two near misses: expect: absent").toBeGreaterThanOrEqual(2);
		expect(count("unknown"), "at least one case without the decisive command: expect: unknown").toBeGreaterThanOrEqual(
			1,
		);
	});

	it.each(own.map((one) => [one.slug, one] as const))("%s", (_, one) => {
		const mode = failureModes.find((candidate) => candidate.id === id);
		const analysis = analysed.get(one);
		if (!mode || !analysis) throw new Error(`${id} is not listed in ${FOLDER}/index.ts`);
		const answer = mode.examine(gatherFacts(read([{ id: "s1", name: "paste", text: one.text }])));
		expect(answer.kind, `${id} answers ${answer.kind === "absent" ? answer.because.says : answer.kind}`).toBe(
			one.expect,
		);
		if (answer.kind === "present" && one.confidence) expect(answer.confidence).toBe(one.confidence);
		const headline = one.headline ?? (one.expect === "present" ? id : null);
		if (headline)
			expect(
				analysis.findings[0]?.failure,
				`the whole engine says: ${analysis.findings.map((finding) => `${finding.failure} (${finding.confidence})`).join(", ")}`,
			).toBe(headline);
		if (one.expect !== "present") expect(analysis.findings.map((finding) => finding.failure)).not.toContain(id);
	});
});

describe("all cases together", () => {
	it("never have two certain causes of which neither explains the other, unless the case has several faults", () => {
		const rivals = cases.flatMap((one) => {
			const certain = (analysed.get(one)?.findings ?? []).filter((finding) => finding.confidence === "certain");
			return certain.length > 1 && !one.origin.includes("several faults")
				? [`${one.mode}/${one.slug}: ${certain.map((finding) => finding.failure).join(" and ")}`]
				: [];
		});
		expect(rivals).toEqual([]);
	});

	it("give confidence its measured meaning: certain 98 in 100, likely 85 in 100", () => {
		const judged = cases.filter((one) => one.headline !== undefined || one.expect === "present");
		const share = (word: Confidence) => {
			const said = judged.flatMap((one) => {
				const head = analysed.get(one)?.findings[0];
				return head?.confidence === word && !outcomes.includes(head.failure)
					? [head.failure === (one.headline ?? one.mode)]
					: [];
			});
			return { said: said.length, right: said.filter(Boolean).length };
		};
		const certain = share("certain");
		const likely = share("likely");
		expect(certain.said).toBeGreaterThan(20);
		expect(certain.right / certain.said).toBeGreaterThanOrEqual(0.98);
		expect(likely.said === 0 ? 1 : likely.right / likely.said).toBeGreaterThanOrEqual(0.85);
	});

	it("point every sign at text that is there", () => {
		const lost = [...analysed].flatMap(([one, analysis]) =>
			analysis.findings.flatMap((finding) =>
				finding.signs.flatMap((sign) =>
					sign.at
						.filter(
							(at) =>
								at.from < 0 ||
								at.to > one.text.length ||
								at.from > at.to ||
								!analysis.artifacts.some((artifact) => artifact.id === at.artifact),
						)
						.map(() => `${one.mode}/${one.slug}: ${sign.says}`),
				),
			),
		);
		expect(lost).toEqual([]);
	});
});
