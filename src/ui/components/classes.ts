/** Looks class names up in a CSS module: `const c = classes(styles)`, then `c("card", open && "open")`. */
export function classes(module: Readonly<Record<string, string>>) {
	return (...names: readonly (string | false | null | undefined)[]): string =>
		names
			.filter((name) => typeof name === "string")
			.map((name) => module[name] ?? name)
			.join(" ");
}
