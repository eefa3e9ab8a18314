import type { Impact } from "./diagnose/failure-mode";
import { failureModes } from "./failure-modes";

export type CatalogueEntry = {
	readonly id: string;
	readonly title: string;
	readonly effect: string;
	readonly impact: Impact;
	readonly minutes: number | null;
};

/** Every failure mode, in the order of precedence. */
export const catalogue: readonly CatalogueEntry[] = failureModes.map(({ id, title, effect, impact, minutes }) => ({
	id,
	title,
	effect,
	impact,
	minutes,
}));
