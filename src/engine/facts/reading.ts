import type { Parsed } from "../parse/parsed";
import type { Artifact } from "../text/evidence";

/** An artifact and what its parser read in it. */
export type Reading = { readonly artifact: Artifact; readonly parsed: Parsed };

/** All readings whose parser returned the given kind, in order of the paste. */
export function readingsOf<K extends Parsed["kind"]>(
	readings: readonly Reading[],
	kind: K,
): readonly { readonly artifact: Artifact; readonly parsed: Extract<Parsed, { kind: K }> }[] {
	const found: { artifact: Artifact; parsed: Extract<Parsed, { kind: K }> }[] = [];
	for (const { artifact, parsed } of readings) {
		if (isKind(parsed, kind)) found.push({ artifact, parsed });
	}
	return found;
}

function isKind<K extends Parsed["kind"]>(parsed: Parsed, kind: K): parsed is Extract<Parsed, { kind: K }> {
	return parsed.kind === kind;
}
