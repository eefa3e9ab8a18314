import type { Artifact, Line } from "../text/evidence";
import type { Remark, Span } from "../text/span";
import { spanInLine } from "../text/span-of";
import type { Read } from "./parsed";

/** No pattern ever sees more of a line than this. Printed formats other than JSON and logs have far shorter lines. */
export const LONGEST_LINE = 8192;

/** The text of a line as patterns may see it: without blanks at its end, cut at {@link LONGEST_LINE}. */
export function textOf(line: Line): string {
	return line.text.slice(0, LONGEST_LINE).trimEnd();
}

/** Lines that are not blank. */
export function writtenLines(lines: readonly Line[]): readonly Line[] {
	return lines.filter((line) => textOf(line).trim() !== "");
}

/** From the first to the last character of a line that is not blank. */
export function spanOfText(artifact: Artifact, line: Line): Span {
	const text = line.text.trimEnd();
	return spanInLine(artifact, line, text.length - text.trimStart().length, text.length);
}

/** A value, read from a whole line. */
export function readFrom<T>(artifact: Artifact, line: Line, value: T): Read<T> {
	return { value, at: spanOfText(artifact, line) };
}

/** A remark about a line. */
export function remark(artifact: Artifact, line: Line, says: string): Remark {
	return { says, at: spanOfText(artifact, line) };
}

/** At most this many remarks of one sort: after a few the reader has understood. */
const MOST_REMARKS = 5;

/** One remark a line for lines that fit nothing; many of them become one remark over all. */
export function remarksOnLines(artifact: Artifact, lines: readonly Line[], says: string): readonly Remark[] {
	const [first] = lines;
	const last = lines.at(-1);
	if (!first || !last || lines.length <= MOST_REMARKS) return lines.map((line) => remark(artifact, line, says));
	const at = { ...spanOfText(artifact, first), to: spanOfText(artifact, last).to, lastLine: last.number };
	return [{ says: `${says} (${lines.length} lines)`, at }];
}

// What a shell says in place of an answer: `bash: lsof: command not found`, `/bin/sh: 1: iptables: not found`,
// `zsh: command not found: ufw`, `Command 'ufw' not found, but …`, and the same in the languages people paste most.
// Not `Module ip_tables not found in directory …` and not `Unit docker.service not found.`: no colon before the words.
const NOT_FOUND =
	/(?:^|[\s:])([\w.+/-]{1,80}): (?:(?:command )?not found|Kommando nicht gefunden|Befehl nicht gefunden|commande introuvable|orden no encontrada|comando não encontrado|comando non trovato|команда не найдена|未找到命令)|Command '([\w.+-]{1,40})' not found|command not found: ([\w.+/-]{1,80})/;

/** The program that a shell did not find, or null. */
export function programNotFound(text: string): string | null {
	const found = NOT_FOUND.exec(text);
	const path = found?.[1] ?? found?.[2] ?? found?.[3];
	return path === undefined ? null : path.slice(path.lastIndexOf("/") + 1);
}
