import { applyEdits, modify, type ParseError, parse } from "jsonc-parser";
import type { Action } from "./plan";

/**
 * daemon.json with an edit made in its text: order, indentation and everything else stay as they are. Null where the
 * text is not a JSON object, which must be repaired by hand first. An absent or empty file is an empty object, as it
 * is for dockerd.
 */
export function editDaemonJson(text: string, action: Extract<Action, { kind: "edit-daemon-json" }>): string | null {
	const old = text.trim() === "" ? "{}\n" : text;
	const errors: ParseError[] = [];
	// dockerd reads strict JSON: no comments and no trailing comma (encoding/json).
	const value: unknown = parse(old, errors, { disallowComments: true, allowTrailingComma: false });
	if (errors.length > 0 || typeof value !== "object" || value === null || Array.isArray(value)) return null;
	const indent = /\n([ \t]+)"/.exec(old)?.[1] ?? "  ";
	const formattingOptions = {
		tabSize: indent.length,
		insertSpaces: !indent.startsWith("\t"),
		eol: old.includes("\r\n") ? "\r\n" : "\n",
	};
	let edited = old;
	for (const { key, value: wanted } of action.set) {
		edited = applyEdits(edited, modify(edited, [key], wanted, { formattingOptions }));
	}
	for (const key of action.remove) edited = applyEdits(edited, modify(edited, [key], undefined, { formattingOptions }));
	return edited;
}
