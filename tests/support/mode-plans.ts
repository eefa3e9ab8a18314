import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "../../src/engine";
import { OUTCOMES } from "../../src/engine/diagnose/diagnose";
import { failureModes } from "../../src/engine/failure-modes";
import type { About, Plan, Platform } from "../../src/engine/remedy/plan";

const MODES = "src/engine/failure-modes";
const outcomes: readonly string[] = OUTCOMES;

/** Ids of the modes that can be repaired. */
export const REPAIRABLE: readonly string[] = failureModes.map((mode) => mode.id).filter((id) => !outcomes.includes(id));

export type ModePlans = {
	readonly about: About;
	readonly plan: Plan;
	readonly prevent: Plan | null;
	readonly platform: Platform;
	/** The case that it comes from. */
	readonly slug: string;
};

/** Repair and prevention of every mode, for one real case of each kind of plan that the mode has. */
export const MODE_PLANS: readonly ModePlans[] = REPAIRABLE.flatMap((id) => {
	const folder = join(MODES, id, "cases");
	const kinds = new Map<string, ModePlans>();
	for (const slug of readdirSync(folder)) {
		const text = readFileSync(join(folder, slug, "evidence.txt"), "utf8");
		const analysis = analyse([{ id: "s1", name: "paste", text }]);
		const finding = analysis.findings.find((one) => one.failure === id);
		if (!finding?.plan) continue;
		const { plan, prevent, title } = finding;
		const steps = [plan, prevent].map((one) => [
			...(one?.steps.map(({ action }) => action.kind) ?? []),
			...(one?.keep ?? []).map(({ kind }) => kind),
		]);
		const key = JSON.stringify(steps);
		if (!kinds.has(key))
			kinds.set(key, { about: { failure: id, title }, plan, prevent, platform: analysis.platform, slug });
	}
	return [...kinds.values()];
});
