import type { Shell } from "../shell-quote";

/** One function (or a few that belong together) of the fix script; only those that a plan needs are printed. */
export type Fragment = {
	readonly name: string;
	/** Fragments that this one calls. */
	readonly needs: readonly string[];
	readonly shell: Shell;
};

/** The named fragments and all that they need, in the order of the library. */
export function collect(library: readonly Fragment[], names: Iterable<string>): readonly Fragment[] {
	const known = new Map(library.map((fragment) => [fragment.name, fragment]));
	const wanted = new Set<string>();
	const open = [...names];
	for (let name = open.pop(); name !== undefined; name = open.pop()) {
		if (wanted.has(name)) continue;
		wanted.add(name);
		open.push(...(known.get(name)?.needs ?? []));
	}
	return library.filter((fragment) => wanted.has(fragment.name));
}
