import type { Analysis, Finding } from "../diagnose/analysis";
import { OUTCOMES } from "../diagnose/diagnose";
import type { HostFacts } from "../facts/host-facts";
import type { Reading } from "../facts/reading";

/** One of the two pastes, read and diagnosed. */
export type Side = { readonly readings: readonly Reading[]; readonly facts: HostFacts; readonly analysis: Analysis };

/** The findings that are faults, not outcomes such as `healthy`. */
export function faultsOf({ analysis }: Side): readonly Finding[] {
	return analysis.findings.filter(({ failure }) => !OUTCOMES.some((outcome) => outcome === failure));
}

/** `date -u +%Y-%m-%dT%H:%M:%SZ` of the collector. Milliseconds since 1970, null where it is not in the paste. */
function collectedAt({ readings }: Side): number | null {
	for (const { artifact } of readings) {
		if (artifact.kind !== "unrecognised") continue;
		for (const line of artifact.lines.slice(0, 20)) {
			if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(line.text.trim())) return Date.parse(line.text.trim());
		}
	}
	return null;
}

/** When a paste was made: as the collector says, else the latest time that its logs tell. */
export function timeOf(side: Side): number | null {
	const told = collectedAt(side);
	if (told !== null) return told;
	const { events, failures } = side.facts;
	const times = [...events, ...failures.flatMap(({ all }) => all)].flatMap(({ time }) => (time === null ? [] : [time]));
	return times.length === 0 ? null : times.reduce((latest, time) => Math.max(latest, time));
}
