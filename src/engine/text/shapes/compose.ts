import { LIKELY, NONE, type Shape, SURE, type View } from "../shape";

const TOP = /^(?:services|networks|volumes|configs|secrets|include|x-[\w-]+)\s*:(?:\s|$)/;
const TOP_SCALAR = /^(?:version|name):\s*\S/;

function opens(view: View) {
	const flat = view(0)?.flat ?? "";
	if (/^services\s*:\s*(?:#.*)?$/.test(flat)) return (view(1)?.indent ?? 0) > (view(0)?.indent ?? 0) ? SURE : LIKELY;
	if (!TOP_SCALAR.test(flat) && !TOP.test(flat) && !flat.startsWith("#") && flat !== "---") return NONE;
	for (let ahead = 1; ahead < 12; ahead++) {
		const next = view(ahead);
		if (next === null) return NONE;
		if (/^services\s*:\s*$/.test(next.flat)) return LIKELY;
		if (
			next.indent === (view(0)?.indent ?? 0) &&
			!TOP.test(next.flat) &&
			!TOP_SCALAR.test(next.flat) &&
			!next.flat.startsWith("#")
		)
			return NONE;
	}
	return NONE;
}

/** compose.yaml: everything below its top-level keys. */
export const compose: Shape = {
	kind: "compose-file",
	opens,
	reader: (first) => {
		const base = first(0)?.indent ?? 0;
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				if (seen.indent > base || TOP.test(seen.flat) || TOP_SCALAR.test(seen.flat)) return "own";
				if (/^(?:#|---$|- )/.test(seen.flat)) return "own";
				return !afterBlank && /^[\w.-]{1,60}:(?: |$)/.test(seen.flat) ? "may" : "no";
			},
		};
	},
};
