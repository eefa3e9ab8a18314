/**
 * /etc/docker/daemon.json.
 *
 *     { "userland-proxy": false, "default-address-pools": [ { "base": "10.99.0.0/23", "size": 24 } ] }
 *
 * dockerd reads it with Go's encoding/json: no comments, no comma before a closing bracket, no typographic quotes; a
 * key given twice counts the second time; an empty file is fine (moby daemon/config/config.go, v1.10 to v29.7.2). A
 * byte order mark is accepted from 23.0 and skipped here. Not judged here: whether a key or its type is known.
 */
import type { Node } from "jsonc-parser";
import type { Artifact, Line } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import { isShallow, type JoinedText, joinLines, readTree } from "./json-text";
import { remark, textOf, writtenLines } from "./line-text";
import type { ParsedDaemonJson } from "./parsed";

/** Reads the daemon's configuration file; its error says what a person would look for on that line. */
export function parseDaemonJson(artifact: Artifact): ParsedDaemonJson {
	const remarks: Remark[] = [];
	const lines = contentLines(artifact, remarks);
	const joined = joinLines(artifact, lines);
	// One U+FEFF at the start; a JSON reader would refuse it, dockerd does not.
	const text = joined.text.replace(/^\uFEFF/, " ");
	const done = (values: ParsedDaemonJson["values"], error: ParsedDaemonJson["error"]): ParsedDaemonJson => ({
		kind: "daemon-json",
		values,
		error,
		text: joined.text,
		remarks,
	});
	if (text.trim() === "") return done([], null);
	if (!isShallow(text))
		return done(null, {
			says: "The file is nested too deep to be a configuration of dockerd",
			at: joined.spanAt(0, 1),
		});
	const { root, errors } = readTree(text);
	const whole = isValid(text);
	const tail = root && !whole ? text.slice(root.offset + root.length) : "";
	// Something pasted along after the file (a prompt, the next command) is no fault of the file.
	const onlyTail =
		root?.type === "object" &&
		tail !== "" &&
		/^[ \t]*\n\s*[^\s{}[\],:"]/.test(tail) &&
		isValid(text.slice(0, root.offset + root.length));
	if (root && onlyTail) {
		const from = root.offset + root.length + (tail.length - tail.trimStart().length);
		remarks.push({ says: "Text after the object was left out", at: joined.spanAt(from, from + tail.trim().length) });
	}
	if (!root || (!whole && !onlyTail))
		return done(null, errorAt(text, joined, errors[0]?.offset ?? 0, errors[0]?.length ?? 1));
	if (root.type !== "object")
		return done(null, {
			says: "The file holds no object: it must start with `{`",
			at: joined.spanAt(root.offset, root.offset + 1),
		});
	return done(topLevel(root, text, joined, remarks), null);
}

/** Lines of the file itself: without the name that `head`, `tail` or a person put above it. */
function contentLines(artifact: Artifact, remarks: Remark[]): readonly Line[] {
	const lines = artifact.lines;
	const start = lines.findIndex((line) => /^\uFEFF?\s*[[{"]/.test(line.text.slice(0, 200)));
	const head = start < 0 ? writtenLines(lines) : writtenLines(lines.slice(0, start));
	const absent = head.find((line) =>
		/No such file or directory|cannot (?:access|open|stat)|^(?:cat|less|more|ls|jq): /.test(textOf(line)),
	);
	if (absent && start < 0) {
		remarks.push(remark(artifact, absent, "The file was not shown: it does not exist, or could not be read"));
		return [];
	}
	const names = head.filter((line) => /daemon\.json|dockerd\.json/.test(textOf(line)));
	return names.length > 0 && names.length === head.length ? lines.filter((line) => !names.includes(line)) : lines;
}

function isValid(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function topLevel(
	root: Node,
	text: string,
	joined: JoinedText,
	remarks: Remark[],
): NonNullable<ParsedDaemonJson["values"]> {
	const values = new Map<string, { key: string; value: unknown; at: Span }>();
	for (const property of root.children ?? []) {
		const [key, value] = property.children ?? [];
		if (!key || !value || typeof key.value !== "string") continue;
		const at = joined.spanAt(key.offset, value.offset + value.length);
		const before = values.get(key.value);
		if (before)
			remarks.push({
				says: `\`${key.value}\` is given again on line ${at.line}; only the last one counts`,
				at: before.at,
			});
		// JSON.parse makes own properties of every name, `__proto__` too; the reader's tree is only for the places.
		values.set(key.value, {
			key: key.value,
			value: JSON.parse(text.slice(value.offset, value.offset + value.length)),
			at,
		});
	}
	return [...values.values()];
}

/** The first error, in the words of the file and not of a grammar. */
function errorAt(text: string, joined: JoinedText, offset: number, length: number): { says: string; at: Span } {
	const before = text.slice(Math.max(0, offset - 4096), offset);
	const rest = text.slice(offset, offset + 4096);
	const last = before.trimEnd().at(-1) ?? "";
	const next = rest.trimStart()[0] ?? "";
	const start = offset + (rest.length - rest.trimStart().length);
	const at = next === "" ? endOf(text, joined) : joined.spanAt(start, start + Math.max(1, Math.min(length, 40)));
	if (next === "") return { says: "The text ends before the object is closed", at };
	if (rest.trimStart().startsWith("//") || rest.trimStart().startsWith("/*") || next === "#")
		return { says: "JSON has no comments", at };
	if (/[“”„‟″‘’‚]/.test(next) || /[“”„‟″]/.test(rest.slice(0, 2)))
		return { says: `\`${next}\` is a typographic quote; JSON needs \`"\``, at };
	if (next === "'") return { says: "Strings need double quotes", at };
	if ((next === "}" || next === "]") && last === ",") return { says: `A comma stands before \`${next}\``, at };
	if (next === '"' && /["\d\]}el]/.test(last)) return { says: "A comma is missing before this", at };
	if (next === "=") return { says: "A colon is needed here, not `=`", at };
	if (next === ",") return { says: "A comma stands where a value or a key is needed", at };
	if (/^(?:True|False|None|yes|no|on|off)\b/i.test(rest.trimStart()))
		return { says: "Only `true`, `false` and `null` are words of JSON, in small letters", at };
	return { says: `\`${next}\` is not expected here`, at };
}

function endOf(text: string, joined: JoinedText): Span {
	const end = text.trimEnd().length;
	return joined.spanAt(Math.max(0, end - 1), end);
}
