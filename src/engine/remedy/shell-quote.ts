import { MARK } from "./blanks";

/**
 * Shell text, made so that a value can only ever be a word. `sh` is a template tag: what stands in the template is
 * our own text, what is interpolated is quoted, and only another piece made by `sh` goes in as it is.
 */
export type Shell = { readonly kind: "shell"; readonly text: string };

/**
 * One word for any POSIX shell: bare when every character is plainly harmless, else in single quotes. What has a single
 * quote or a dollar sign itself stands in double quotes with all four of their special characters escaped: as safe,
 * easier to read, and shellcheck sees that the dollar is meant (SC2016). NUL cannot be passed and is dropped.
 *
 * A word with the mark of a blank stands in double quotes too: the mark becomes a variable in the finished text.
 */
export function shq(value: string): string {
	const word = value.replaceAll("\0", "");
	if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word;
	return /['$]/.test(word) || MARK.test(word) ? `"${word.replaceAll(/[\\"$`]/g, "\\$&")}"` : `'${word}'`;
}

/** Several words. */
export function shqWords(values: readonly string[]): string {
	return values.map(shq).join(" ");
}

/**
 * Template tag for shell text. The template is taken raw (a backslash is a backslash), `$name` becomes `${name}` (a
 * template literal cannot hold that; `\${name:-x}` may be written where it must), tabs before the first line are taken off all lines, and a piece of several
 * lines keeps the indentation of the place where it is put in.
 */
export function sh(
	parts: TemplateStringsArray,
	...values: readonly (Shell | string | number | readonly string[])[]
): Shell {
	const margin = /^\n(\t*)/.exec(parts.raw[0] ?? "")?.[1] ?? "";
	let text = "";
	for (const [index, raw] of parts.raw.entries()) {
		const own = margin === "" ? raw : raw.replaceAll(`\n${margin}`, "\n");
		text += own.replaceAll(/\$([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => `\${${name}}`).replaceAll("\\${", "${");
		const value = values[index];
		if (value === undefined) continue;
		const indent = /(?:^|\n)(\t*)$/.exec(text)?.[1] ?? "";
		// A quoted value is never indented: its line ends are its own.
		text += typeof value === "object" && "kind" in value ? word(value).replaceAll("\n", `\n${indent}`) : word(value);
	}
	return { kind: "shell", text: text.replace(/^\n/, "").replace(/\n\t*$/, "\n") };
}

function word(value: Shell | string | number | readonly string[]): string {
	if (typeof value === "string") return shq(value);
	if (typeof value === "number") return String(value);
	if ("kind" in value) return value.text.replace(/\n$/, "");
	return shqWords(value);
}

/** Pieces one under the other. */
export function lines(pieces: readonly Shell[]): Shell {
	return { kind: "shell", text: pieces.map((piece) => piece.text.replace(/\n$/, "")).join("\n") };
}

/**
 * Prose for a comment, a message or a YAML name: one line, no control characters, none of the invisible characters
 * that make text read in another order than it runs (bidirectional controls, zero-width characters).
 */
export function onePlainLine(prose: string): string {
	return prose.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, " ").trim();
}

/** Prose for a terminal, where a back-tick has no meaning: code stands between single quotes, and quotes are plain. */
export function forTerminal(prose: string): string {
	return onePlainLine(prose).replaceAll(/[`’‘]/g, "'").replaceAll(/[“”]/g, '"');
}
