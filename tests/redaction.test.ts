import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import type { Analysis } from "../src/engine/diagnose/analysis";
import { read } from "../src/engine/read";
import { redact } from "../src/engine/redact/redact";
import { restoreNames } from "../src/engine/redact/restore-names";
import type { Evidence } from "../src/engine/text/evidence";

/**
 * The law of redaction: what is diagnosed, which lines say so, where the packet stops and what is to be run are the same
 * before and after, up to the names; and a second pass changes nothing. Held over every case of every failure mode.
 */
const FOLDER = "src/engine/failure-modes";

const cases = readdirSync(FOLDER, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(FOLDER, entry.name, "cases")))
	.flatMap((entry) =>
		readdirSync(join(FOLDER, entry.name, "cases")).map((slug) => ({
			title: `${entry.name}/${slug}`,
			file: join(FOLDER, entry.name, "cases", slug, "evidence.txt"),
		})),
	);

/** What must not change at all. */
function verdictOf(analysis: Analysis): unknown {
	return {
		findings: analysis.findings.map(({ failure, confidence, signs, against, consequences, title, impact }) => ({
			failure,
			confidence,
			title,
			impact,
			signs: signs.map((sign) => sign.at.map(({ artifact, line }) => `${artifact}:${line}`)),
			against: against.map((sign) => sign.at.map(({ artifact, line }) => `${artifact}:${line}`)),
			consequences: consequences.map((consequence) => consequence.failure),
		})),
		ruledOut: analysis.ruledOut.map(({ failure }) => failure),
		// A command may name the host's own address.
		next: analysis.next.map(({ id }) => id),
		unexplained: analysis.unexplained.map(({ at }) => `${at.artifact}:${at.line}`),
		artifacts: analysis.artifacts.map(({ id, kind, firstLine, lines, tone }) => ({ id, kind, firstLine, lines, tone })),
		outcome: analysis.trace?.outcome ?? null,
		stations: analysis.trace?.steps.map(({ kind, state, rule }) => `${kind} ${state} ${rule?.number}`) ?? null,
	};
}

/** What may change in nothing but names. */
function repairOf(analysis: Analysis): string {
	return JSON.stringify([
		// A trace makes up addresses in a subnet where the paste shows none; those have no original.
		analysis.trace?.steps.map(({ station, says }) => `${station} ${says}`.replace(/\d+\.\d+\.\d+\.\d+/g, "(address)")),
		analysis.findings.map(({ plan, prevent, explanation, effect }) => ({ plan, prevent, explanation, effect })),
	]);
}

/** Milliseconds from each point of the timeline to the next. */
function distances({ timeline }: Analysis): readonly (number | null)[] {
	return timeline.map(({ time }, index) => {
		const before = timeline[index - 1]?.time ?? null;
		return time === null || before === null ? null : time - before;
	});
}

function withoutDates(text: string): string {
	return text.replace(/\b(?:[A-Z][a-z]{2} {1,2}\d{1,2}|\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2})\b/g, "(date)");
}

describe("redaction and diagnosis", () => {
	it.each(cases)("$title", ({ file }) => {
		const evidence: Evidence = [{ id: "s1", name: "paste", text: readFileSync(file, "utf8") }];
		const redaction = redact(evidence);
		const raw = analyse(evidence);
		const redacted = analyse(redaction.evidence);
		expect(verdictOf(redacted)).toEqual(verdictOf(raw));
		expect(restoreNames(repairOf(redacted), redaction.originals)).toBe(repairOf(raw));

		const again = redact(redaction.evidence);
		expect(again.evidence).toEqual(redaction.evidence);

		const rules = (of: Evidence) =>
			read(of).map(({ parsed }) =>
				parsed.kind === "ruleset"
					? parsed.tables.map((table) => [table.name, table.chains.map((chain) => chain.rules.length)])
					: parsed.kind,
			);
		expect(rules(redaction.evidence)).toEqual(rules(evidence));
	});

	it.each(cases)("$title, with every date moved", ({ file }) => {
		const evidence: Evidence = [{ id: "s1", name: "paste", text: readFileSync(file, "utf8") }];
		for (const shiftWeeks of [17, -9]) {
			const moved = redact(evidence, { shiftWeeks });
			const raw = analyse(evidence);
			const redacted = analyse(moved.evidence);
			expect(verdictOf(redacted)).toEqual(verdictOf(raw));
			expect(distances(redacted)).toEqual(distances(raw));
			expect(restoreNames(withoutDates(repairOf(redacted)), moved.originals)).toBe(withoutDates(repairOf(raw)));
			expect(redact(moved.evidence).evidence).toEqual(moved.evidence);
			expect(moved.evidence[0]?.text.split("\n").length).toBe(evidence[0]?.text.split("\n").length);
		}
	});

	it("has cases to hold over", () => {
		expect(cases.length).toBeGreaterThan(100);
	});
});
