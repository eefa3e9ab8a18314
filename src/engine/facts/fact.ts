import type { Span } from "../text/span";
import type { CommandId } from "./commands";

/** Something known, with every place that says so, or not shown, with the command that would show it. "Not shown" is never "not there". */
export type Fact<T> =
	| { readonly known: true; readonly value: T; readonly at: readonly Span[] }
	| { readonly known: false; readonly ask: CommandId };

/** A fact that was read. */
export function known<T>(value: T, at: readonly Span[]): Fact<T> {
	return { known: true, value, at };
}

/** A fact that was not shown; `ask` would show it. */
export function unknown<T>(ask: CommandId): Fact<T> {
	return { known: false, ask };
}

/** The value, or `otherwise` where it is not known. */
export function valueOr<T, U>(fact: Fact<T>, otherwise: U): T | U {
	return fact.known ? fact.value : otherwise;
}

/** True only when the fact is known and equals the value. */
export function isKnownToBe<T>(fact: Fact<T>, value: T): boolean {
	return fact.known && fact.value === value;
}

/** Where a fact was read; nothing for an unknown one. */
export function placesOf<T>(fact: Fact<T>): readonly Span[] {
	return fact.known ? fact.at : [];
}
