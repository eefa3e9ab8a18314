import { isPlainlyCommand, kindsOfCommand, kindsOfName, maybeCommand } from "./commands";
import type { ArtifactKind } from "./evidence";
import { promptOf, withoutSudo } from "./prompts";

/** What a line is before anybody asks which program printed it. */
export type Mark =
	| {
			readonly is: "text" /** Columns of tags before and after the text. */;
			readonly skip: number;
			readonly end: number;
			readonly boundary: boolean;
	  }
	| { readonly is: "blank" }
	/** A fence, a tag, a rule of `=====`: separates, says nothing. */
	| { readonly is: "separator" }
	/** A pager's last line, a password prompt: no separation, no text. */
	| { readonly is: "noise" }
	| {
			readonly is: "prompt";
			readonly command: string;
			readonly host: string | null;
			readonly kinds: readonly ArtifactKind[];
	  }
	/** A heading that names a command or a file. */
	| { readonly is: "heading"; readonly command: string | null; readonly kinds: readonly ArtifactKind[] };

const BLANK: Mark = { is: "blank" };
const SEPARATOR: Mark = { is: "separator" };
const NOISE: Mark = { is: "noise" };

/** Judges one cleaned line by itself. */
export function markOf(text: string): Mark {
	// Records of a log, the most of any large paste, are told at once.
	if (text.startsWith('time="')) return { is: "text", skip: 0, end: text.length, boundary: false };
	const flat = text.slice(0, 600).trim();
	if (flat === "") return BLANK;
	if (/^(?:`{3,}|~{3,})[\w+#. {}-]{0,40}$/.test(flat)) return SEPARATOR;
	const ticks = /^\s*`{3,}/.exec(text)?.[0].length ?? 0;
	if (ticks > 0) return withinTicks(text, ticks);
	if (PAGER.test(flat) || PASSWORD.test(flat)) return NOISE;
	if (flat.startsWith("<")) {
		const tagged = taggedLine(text);
		if (tagged !== null) return tagged;
	}
	const prompt = promptOf(text.slice(0, LONGEST_TYPED).trim());
	if (prompt !== null) {
		const command = withoutSudo(prompt.typed);
		return { is: "prompt", command, host: prompt.host, kinds: kindsOfCommand(command) };
	}
	const heading = headingOf(flat.startsWith("=====") ? text.slice(0, LONGEST_TYPED).trim() : flat);
	if (heading !== null) return heading;
	return { is: "text", skip: 0, end: closingTags(text), boundary: false };
}

/** A fence that opens on the same line as its text: ` ```$ docker run… `. */
function withinTicks(text: string, ticks: number): Mark {
	const inner = markOf(text.slice(ticks));
	if (inner.is === "text") return { ...inner, skip: inner.skip + ticks, end: inner.end + ticks, boundary: true };
	return inner.is === "blank" || inner.is === "noise" ? SEPARATOR : inner;
}

/** A longer line was not typed. */
const LONGEST_TYPED = 4000;

// `lines 1-23`, `lines 1-23/45 (END)`, `(END)`, `--More--`, `[1]+  Stopped`
const PAGER = /^(?:lines \d+-\d+(?:\/\d+)?(?: \(END\)| \d+%)?|\(END\)|--More--(?:\(\d+%\))?|:|~)$/;
// `[sudo] password for joe: `, `[sudo] Passwort für joe: `, `Password:`; what follows the colon was not typed on this line.
const PASSWORD = /^(?:\[sudo\][^:]{1,80}:|(?:Password|Passwort|Mot de passe|Contrase\u00f1a)(?: for \S+)? ?:)$/i;

const TAG =
	"</?(?:pre|code|details|summary|p|div|span|blockquote|br|hr|b|i|em|strong|tt|kbd|samp|ul|ol|li|h[1-6])(?: [^<>]{0,200})? ?/?>";
const OPENING_TAGS = new RegExp(`^\\s*(?:${TAG}\\s*){1,8}`, "i");
const CLOSING_TAGS = /(?:<\/(?:pre|code|details|summary|p|div|span|blockquote|li|h[1-6])>\s*){1,8}$/i;

function taggedLine(text: string): Mark | null {
	const head = text.slice(0, 600);
	const opening = OPENING_TAGS.exec(head);
	if (opening === null) return null;
	const skip = opening[0].length;
	const end = closingTags(text);
	if (skip >= end) return SEPARATOR;
	const inner = text.slice(skip, end).trim();
	if (inner === "") return SEPARATOR;
	if (/<(?:summary|h[1-6])\b/i.test(opening[0])) {
		return headingOf(inner) ?? { is: "heading", command: null, kinds: kindsOfName(inner.slice(0, 120)) };
	}
	return { is: "text", skip, end, boundary: true };
}

function closingTags(text: string): number {
	const ticks = /`{3,}$/.exec(text.slice(-40).trimEnd());
	if (ticks !== null) return text.trimEnd().length - ticks[0].length;
	if (!text.trimEnd().endsWith(">")) return text.length;
	const tail = text.slice(-200);
	const closing = CLOSING_TAGS.exec(tail);
	return closing === null ? text.length : text.length - tail.length + closing.index;
}

/** `### iptables-save ###`, `===== docker info =====`, `## docker info`, ``Output of `docker info`:``, `==> /var/log/syslog <==`, `docker info` alone on a line. */
function headingOf(flat: string): Mark | null {
	// Our collector's, however long the command is.
	const collected = /^={5} (\S.*) ={5}$/.exec(flat)?.[1];
	if (collected !== undefined) {
		const kinds = kindsOfCommand(collected);
		const command = kinds.length > 0 || isPlainlyCommand(collected) ? withoutSudo(collected) : null;
		return { is: "heading", command, kinds: command === null ? kindsOfName(collected) : kinds };
	}
	if (flat.length > 200) return null;
	const tail = /^==> (\S{1,160}) <==$/.exec(flat)?.[1];
	if (tail !== undefined) return { is: "heading", command: null, kinds: kindsOfName(tail) };
	const decorated = /^[#=*_+~>\u2500\u2550-]{2,}\s*([^\s#=*_~].{0,120})$/.exec(flat)?.[1];
	if (decorated !== undefined) {
		const inner = decorated.replace(/[#=*_+~<\u2500\u2550-]{2,}$/, "").trim();
		const closed = inner.length < decorated.trim().length;
		const command = commandIn(inner);
		if (command !== null) return { is: "heading", command, kinds: kindsOfCommand(command) };
		// `-- Boot …` is the journal's own. A heading that names nothing known may be a comment of a rules file
		// (`### RULES ###` in ufw's user.rules): it separates nothing.
		// Closed bars of `=` are in no program's output: `===== what failed =====` ends what the heading above it promised.
		const barred = /^={3,} .{1,160} ={3,}$/.test(flat);
		const wordy = inner.split(" ").length > 6;
		if (!barred && ((!closed && !/^#{2,6} /.test(flat)) || /^--? ?\w/.test(flat) || wordy)) return null;
		const kinds = wordy ? [] : kindsOfName(inner);
		return barred || kinds.length > 0 ? { is: "heading", command: null, kinds } : null;
	}
	const command = commandIn(flat);
	return command === null ? null : { is: "heading", command, kinds: kindsOfCommand(command) };
}

/** The command that a label names: `docker info`, `` `docker info` ``, `Output of docker info:`, `1. docker info`, `**docker info**`. */
function commandIn(label: string): string | null {
	// Most lines of a paste end here.
	if (!label.includes("`") && !maybeCommand(label)) return null;
	const ticked =
		/^[^`]{0,60}`(?:[$#] )?([^`]{2,120})`(?: (?:output|shows|says|gives|prints|returns)[^`]{0,30})?[:.]?$/.exec(
			label,
		)?.[1];
	const plain = label
		.replace(/^\d{1,2}[.)] +/, "")
		.replace(/^(?:the )?(?:output|result)s? (?:of|from):? /i, "")
		.replace(/^[`*_]+|[`*_:]+$/g, "")
		.replace(/ (?:output|says|shows|gives|prints|returns)$/i, "")
		.replace(/^[$#] /, "");
	for (const candidate of [ticked, plain]) {
		if (candidate === undefined) continue;
		const command = withoutSudo(candidate.trim());
		// A command that lists nothing is a line of a script.
		if (isPlainlyCommand(command) && kindsOfCommand(command).some((kind) => kind !== "docker-error")) return command;
	}
	return null;
}

/** Whether a line is nothing but a rule, as `=====` above and below a heading. */
export function isRule(text: string): boolean {
	return /^([=*#_+~\u2500\u2550-])\1{2,}$/.test(text.slice(0, 300).trim());
}
