import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { analyse, renderDiff, renderFix } from "../src/engine";
import { OUTCOMES } from "../src/engine/diagnose/diagnose";
import { failureModes } from "../src/engine/failure-modes";
import { ensureProgram } from "./support/machine";

/** Every failure mode's repair and prevention, printed for a real case in every form, is read by what will read it. */
const MODES = "src/engine/failure-modes";
const outcomes: readonly string[] = OUTCOMES;

const plans = failureModes
	.map((mode) => mode.id)
	.filter((id) => !outcomes.includes(id))
	.flatMap((id) => {
		const folder = join(MODES, id, "cases");
		for (const slug of readdirSync(folder)) {
			const analysis = analyse([
				{ id: "s1", name: "paste", text: readFileSync(join(folder, slug, "evidence.txt"), "utf8") },
			]);
			const finding = analysis.findings.find((one) => one.failure === id);
			if (!finding?.plan) continue;
			const about = { failure: id, title: finding.title };
			const { plan, prevent } = finding;
			const both = [
				{ name: `${id}: repair`, plan },
				...(prevent ? [{ name: `${id}: prevention`, plan: prevent }] : []),
			];
			return both.map((one) => ({ ...one, about, platform: analysis.platform }));
		}
		return [];
	});

let folder = "";
let shellcheck: string | null = null;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "stackengine-fixes-"));
	shellcheck = ensureProgram("shellcheck");
}, 300_000);

function complaintsOf(program: string, ...words: readonly string[]): string {
	const { status, stdout, stderr } = spawnSync(program, words, { encoding: "utf8" });
	return status === 0 ? "" : `${stdout}${stderr}`;
}

describe("what is printed for every failure mode", () => {
	it("covers the whole catalogue", () => {
		const ids = new Set(plans.map((one) => one.about.failure));
		expect(failureModes.map((mode) => mode.id).filter((id) => !ids.has(id) && !outcomes.includes(id))).toEqual([]);
	});

	it.each(plans.map((one) => [one.name, one] as const))(
		"%s",
		(name, { plan, platform, about }) => {
			const script = renderFix(plan, platform, about, "bash");
			const path = join(folder, `${name.replaceAll(/\W+/g, "-")}.sh`);
			writeFileSync(path, script);
			expect(complaintsOf("bash", "-n", path)).toBe("");
			expect(complaintsOf("sh", "-n", path)).toBe("");
			if (!shellcheck) throw new Error("shellcheck is missing and could not be installed: apt-get install shellcheck");
			expect(complaintsOf(shellcheck, "-o", "all", "-s", "sh", path)).toBe("");

			expect(() => loadAll(renderFix(plan, platform, about, "ansible"))).not.toThrow();
			const userData = renderFix(plan, platform, about, "cloud-init");
			expect(userData.startsWith("#cloud-config\n")).toBe(true);
			expect(() => loadAll(userData)).not.toThrow();
			expect(renderFix(plan, platform, about, "markdown")).toContain("- [ ]");
			const lines = renderDiff(plan, platform);
			expect(
				lines.some((line) => line.sign === "+") || plan.steps.every((step) => step.action.kind === "by-hand"),
			).toBe(true);
			for (const line of lines) if (line.sign === "-") expect(line.note, "what is struck out says why").not.toBeNull();
		},
		60_000,
	);
});
