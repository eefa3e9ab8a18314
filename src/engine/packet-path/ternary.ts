/** Three answers: `maybe` is what cannot be told from what was shown, or what is true for some packets only. */
export type Ternary = "yes" | "no" | "maybe";

/** Both must hold. */
export function both(a: Ternary, b: Ternary): Ternary {
	if (a === "no" || b === "no") return "no";
	return a === "yes" && b === "yes" ? "yes" : "maybe";
}

/** One is enough. */
export function either(a: Ternary, b: Ternary): Ternary {
	if (a === "yes" || b === "yes") return "yes";
	return a === "no" && b === "no" ? "no" : "maybe";
}

/** The opposite, if told to. */
export function inverted(a: Ternary, negated: boolean): Ternary {
	if (!negated || a === "maybe") return a;
	return a === "yes" ? "no" : "yes";
}

/** A plain truth. */
export function certain(claim: boolean): Ternary {
	return claim ? "yes" : "no";
}
