import type { Failure } from "../parse/failure";
import type { Parsed } from "../parse/parsed";
import type { Artifact } from "../text/evidence";
import type { Span } from "../text/span";
import type { CommandId } from "./commands";
import { type Fact, known, unknown } from "./fact";

/** An artifact and what its parser read in it. */
export type Reading = {
	readonly artifact: Artifact;
	readonly parsed: Parsed;
	/** Failures that stand in it although it is no error text. */
	readonly strays: readonly Failure[];
};

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

/** A value of an artifact and where it stands there. */
export type Found<T> = { readonly value: T; readonly at: Span };

/** The first of several places that may tell. */
export const first = <T>(found: readonly (Found<T> | null)[]): Found<T> | null =>
	found.find((one) => one !== null) ?? null;

/** One value as a fact. */
export const factOf = <T>(found: Found<T> | null, ask: CommandId): Fact<T> =>
	found ? known(found.value, [found.at]) : unknown(ask);

/** Values as one fact; none at all is unknown. */
export const listOf = <T>(found: readonly Found<T>[], ask: CommandId): Fact<readonly T[]> =>
	found.length > 0
		? known(
				found.map((one) => one.value),
				found.map((one) => one.at),
			)
		: unknown(ask);

/** Things that know their own place as one fact; none at all is unknown. */
export const spanned = <T extends { readonly at: Span }>(items: readonly T[], ask: CommandId): Fact<readonly T[]> =>
	items.length > 0
		? known(
				items,
				items.map((item) => item.at),
			)
		: unknown(ask);

/** The whole artifact as a place, for what its listing as such says. */
export const whole = (artifact: Artifact): readonly Span[] => [
	{
		artifact: artifact.id,
		from: artifact.from,
		to: artifact.to,
		line: 1,
		lastLine: Math.max(1, artifact.lines.length),
	},
];

/** A listing as a fact: known, even when empty, as soon as one artifact of the kind was read. */
export function listing<P, T>(
	found: readonly { readonly artifact: Artifact; readonly parsed: P }[],
	values: (parsed: P) => readonly T[],
	ask: CommandId,
): Fact<readonly T[]> {
	if (found.length === 0) return unknown(ask);
	return known(
		found.flatMap(({ parsed }) => values(parsed)),
		found.flatMap(({ artifact }) => whole(artifact)),
	);
}
