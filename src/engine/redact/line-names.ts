import { commandNames } from "./command-names";
import type { Place } from "./detector";
import type { NameKind } from "./name-detectors";
import { looseRow, type Table, tableHeader, tableRow } from "./table-names";
import { TRADE_WORDS } from "./vocabulary";

/** Called for every name that the shape of a line or of a table shows. */
export type NameFound = (kind: NameKind | "engine-id" | "id", place: Place, sweep: boolean) => void;

/**
 * Names that stand at a place of their line: prompts, journal and syslog columns, `uname -a`, the columns of docker's
 * tables, `docker info`'s name and labels, docker command lines. One walk over the lines, each looked at by its first
 * 2,000 characters.
 */
export function scanLineNames(raw: string, found: NameFound): void {
	let table: Table | null = null;
	let labels = false;
	let section: ComposeSection | null = null;
	let before = "";
	for (let at = 0; at <= raw.length; ) {
		const newline = raw.indexOf("\n", at);
		const end = newline < 0 ? raw.length : newline;
		const line = raw.slice(at, Math.min(end, at + 2000));
		const quote = line.startsWith(">") ? (/^(?:> ?){0,4}/.exec(line)?.[0].length ?? 0) : 0;
		const text = line.slice(quote, line.endsWith("\r") ? -1 : undefined);
		const base = at + quote;

		const header = tableHeader(text);
		if (header) table = header;
		else if (table && (text.trim() === "" || isPromptLike(text) || !tableRow(text, base, table, found))) table = null;
		looseRow(text, base, found);
		hostsFile(text, base, found);

		promptNames(text, base, found);
		loginNames(text, base, found);
		section = composeName(text, base, section, found);
		logNames(text, base, found);
		uname(text, base, found);
		if (text.includes("docker ")) commandNames(text, base, found);
		labels = labelLine(text, base, labels, found);
		dockerInfoName(text, base, before, () => raw.slice(end + 1, end + 80), found);
		before = text;
		at = end + 1;
	}
}

// `alice@web01:~/app$ `, `[root@db1 ~]# `, `(venv) bob@host %`, `alice@web01 ~> `
const PROMPT =
	/^\s{0,8}(?:\([\w.-]{1,40}\) {0,2})?\[?([A-Za-z_][\w.-]{0,31})@([A-Za-z0-9][A-Za-z0-9.-]{0,62})(?:[: ][^#$%>❯\n]{0,120})?\]? ?[#$%>❯](?= |$)/d;
// busybox and containers: `web01:~# `, `web01:/etc$ `
const BARE_PROMPT = /^\s{0,8}([A-Za-z0-9][A-Za-z0-9.-]{0,62}):[~/][^#$\n]{0,100}[#$](?= |$)/d;

function isPromptLike(text: string): boolean {
	return PROMPT.test(text) || BARE_PROMPT.test(text) || /^[#$] \S/.test(text);
}

function promptNames(text: string, base: number, found: NameFound): void {
	// Most lines are no prompt, and the whole pattern costs more than a look for its signs.
	const prompt = text.includes("@") ? PROMPT.exec(text) : null;
	if (prompt?.indices) {
		placeOf(prompt, 1, base, (place) => found("user", place, true));
		placeOf(prompt, 2, base, (place) => found("host", place, true));
		return;
	}
	const bare = text.includes(":~") || text.includes(":/") ? BARE_PROMPT.exec(text) : null;
	if (bare) placeOf(bare, 1, base, (place) => found("host", place, true));
}

// who, /etc/group, a web server's access log, a line of authorized_keys
const LOGINS: readonly { readonly sign: string; readonly pattern: RegExp }[] = [
	...["pts/", " tty", " :"].map((sign) => ({
		sign,
		pattern: /^([A-Za-z_][\w.-]{0,31}) {1,20}(?:pts\/\d{1,4}|tty\w{1,6}|:\d) /d,
	})),
	{
		sign: " [",
		pattern:
			/^(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-fA-F:]{2,39}) \S{1,64} ([A-Za-z_][\w.@-]{0,63}) \[\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:/d,
	},
	{
		sign: "@",
		pattern: /(?:ssh-[a-z0-9]{2,10}|ecdsa-sha2-nistp\d{3}|sk-\S{10,40}) \S{8,900} ([A-Za-z_][\w.-]{0,31})@/d,
	},
];
const KEY_HOST =
	/(?:ssh-[a-z0-9]{2,10}|ecdsa-sha2-nistp\d{3}|sk-\S{10,40}) \S{8,900} [A-Za-z_][\w.-]{0,31}@([A-Za-z0-9][\w.-]{0,62})/d;
const GROUP = /^[a-z_][a-z0-9_-]{0,31}:[x!*]{0,2}:\d{1,6}:([A-Za-z_][\w.,-]{0,400})$/d;

function loginNames(text: string, base: number, found: NameFound): void {
	for (const { sign, pattern } of LOGINS) {
		const match = text.includes(sign) ? pattern.exec(text) : null;
		if (match) placeOf(match, 1, base, (place) => found("user", place, true));
	}
	const host = text.includes("@") ? KEY_HOST.exec(text) : null;
	if (host) placeOf(host, 1, base, (place) => found("host", place, true));
	const members = GROUP.exec(text)?.indices?.[1];
	if (!members) return;
	let at = members[0];
	for (const name of text.slice(...members).split(",")) {
		if (name !== "") found("user", { from: base + at, to: base + at + name.length }, true);
		at += name.length + 1;
	}
}

/** A block of a compose file whose keys are names, and how deep they stand (0 before the first). */
type ComposeSection = { readonly kind: NameKind; readonly depth: number };

const SECTIONS: ReadonlyMap<string, NameKind> = new Map([
	["services", "container"],
	["networks", "net"],
	["volumes", "volume"],
	["secrets", "name"],
	["configs", "name"],
]);

/** `services:` at the margin, and below it one key for each service. */
function composeName(text: string, base: number, open: ComposeSection | null, found: NameFound): ComposeSection | null {
	const head = /^(services|networks|volumes|secrets|configs):\s{0,2}(?:#.{0,200})?$/.exec(text)?.[1];
	if (head) {
		const kind = SECTIONS.get(head);
		return kind ? { kind, depth: 0 } : null;
	}
	if (open === null || /^\s{0,200}(?:#|$)/.test(text)) return open;
	const key = /^( {1,8})["']?([A-Za-z0-9][\w.-]{0,127})["']?:(?: |$)/d.exec(text);
	const depth = key?.[1]?.length ?? /^ {0,200}/.exec(text)?.[0].length ?? 0;
	if (depth === 0) return null;
	if (!key || (open.depth !== 0 && depth !== open.depth)) return open;
	placeOf(key, 2, base, (place) => found(open.kind, place, true));
	return { ...open, depth };
}

// RFC 3164 and journalctl's short, short-iso and short-full forms; the month may be in any language.
const JOURNAL =
	/^(?:<\d{1,3}>)?\s{0,4}(?:[^\s\d]{3,9}\.? {1,2}\d{1,2}|\d{1,2}\.? [^\s\d]{3,9}\.?|[^\s\d]{2,4} \d{4}-\d\d-\d\d) \d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: [A-Z]{2,5})? ([A-Za-z0-9][\w.-]{0,62}) [^\s:[]{1,64}(?:\[\d{1,10}\])?:/d;
const JOURNAL_ISO =
	/^(?:<\d{1,3}>1 )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d) ([A-Za-z0-9][\w.-]{0,62}) [^\s:[]{1,64}(?:\[\d{1,10}\])?(?::| \d)/d;

function logNames(text: string, base: number, found: NameFound): void {
	if (!/\d\d:\d\d:\d\d/.test(text.slice(0, 60))) return;
	const match = JOURNAL.exec(text) ?? JOURNAL_ISO.exec(text);
	if (match) placeOf(match, 1, base, (place) => found("host", place, true));
}

function uname(text: string, base: number, found: NameFound): void {
	const at = text.indexOf("Linux ");
	if (at < 0 || at > 120 || (at > 0 && !/[#$%>] $/.test(text.slice(0, at)) && text.slice(0, at).trim() !== "")) return;
	const match = /Linux (?!version )([A-Za-z0-9][\w.-]{0,63}) \d{1,3}\.\d{1,3}/d.exec(text.slice(at, at + 120));
	if (match) placeOf(match, 1, base + at, (place) => found("host", place, true));
}

/** A line of /etc/hosts: an address and nothing but names, none of them a word that `ip` prints. */
function hostsFile(text: string, base: number, found: NameFound): void {
	if (!/^\s{0,4}(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f:]{2,39}:[0-9a-f:]{0,39})[ \t]{1,20}[A-Za-z]/.test(text))
		return;
	const words = [...text.matchAll(/\S+/g)].slice(1, 12);
	if (!words.every((word) => /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(word[0]) && !TRADE_WORDS.has(word[0]))) return;
	for (const word of words) found("host", { from: base + word.index, to: base + word.index + word[0].length }, true);
}

/** ` Name: docker01` stands between ` Total Memory:` and ` ID:`; other tools print other names so. */
function dockerInfoName(text: string, base: number, before: string, after: () => string, found: NameFound): void {
	if (!/^\s{0,8}[A-Z]/.test(text)) return;
	const name = /^\s{0,8}Name: {1,4}([A-Za-z0-9][\w.-]{0,252})\s{0,2}$/d.exec(text);
	if (name && (/Total Memory:|CPUs:/.test(before) || /^\s{0,8}(?:> ?)?\s{0,8}ID:/.test(after())))
		placeOf(name, 1, base, (place) => found("host", place, true));
	const id = /^\s{0,8}ID: {1,4}([0-9A-Z]{4}(?::[0-9A-Z]{4}){11})\s{0,2}$/d.exec(text);
	if (id) placeOf(id, 1, base, (place) => found("engine-id", place, true));
	const swarm = /^\s{0,8}(?:NodeID|ClusterID): {1,4}([0-9a-z]{20,30})\s{0,2}$/d.exec(text);
	if (swarm) placeOf(swarm, 1, base, (place) => found("id", place, true));
}

// ` Labels:` of docker info, then `  key=value` lines deeper than it.
function labelLine(text: string, base: number, open: boolean, found: NameFound): boolean {
	if (/^\s{0,4}Labels:\s{0,2}$/.test(text)) return true;
	if (!open) return false;
	const label = /^\s{2,8}([A-Za-z0-9._/-]{1,128})=(\S[^\r\n]{0,200})$/d.exec(text);
	if (!label) return false;
	if (!isPlainLabel(label[1] ?? "", label[2] ?? "")) placeOf(label, 2, base, (place) => found("label", place, false));
	return true;
}

/** Labels that tools set for all alike, and values that tell nothing. */
export function isPlainLabel(key: string, value: string): boolean {
	if (/^(?:true|false|yes|no|\d{1,6}|v?\d{1,4}(?:\.\d{1,6}){1,3}(?:[-+~][\w.]{0,30})?|)$/i.test(value)) return true;
	return /^(?:com\.docker\.network\.|org\.opencontainers\.image\.(?:version|licenses|created)|com\.docker\.compose\.(?:version|oneoff|container-number|service|network|volume|config-hash|depends_on)$)/.test(
		key,
	);
}

function placeOf(match: RegExpExecArray, group: number, base: number, use: (place: Place) => void): void {
	const range = match.indices?.[group];
	if (range && range[1] > range[0]) use({ from: base + range[0], to: base + range[1] });
}
