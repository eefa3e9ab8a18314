import type { Place } from "./detector";
import type { NameKind } from "./name-detectors";

/** Called for every name that the shape of a line or of a table shows. */
export type NameFound = (kind: NameKind | "engine-id" | "id", place: Place, sweep: boolean) => void;

/**
 * Names that stand at a place of their line: prompts, journal and syslog columns, `uname -a`, the columns of docker's
 * tables, `docker info`'s name and labels, docker command lines. One walk over the lines, each looked at by its first
 * 400 characters.
 */
export function scanLineNames(raw: string, found: NameFound): void {
	let table: readonly Column[] | null = null;
	let labels = false;
	let before = "";
	for (let at = 0; at <= raw.length; ) {
		const newline = raw.indexOf("\n", at);
		const end = newline < 0 ? raw.length : newline;
		const line = raw.slice(at, Math.min(end, at + 400));
		const quote = /^(?:> ?){0,4}/.exec(line)?.[0].length ?? 0;
		const text = line.slice(quote).replace(/\r$/, "");
		const base = at + quote;

		const header = tableHeader(text);
		if (header) table = header;
		else if (table && (text.trim() === "" || isPromptLike(text))) table = null;
		else if (table) tableRow(text, base, table, found);

		promptNames(text, base, found);
		logNames(text, base, found);
		uname(text, base, found);
		if (text.includes("docker")) commandNames(text, base, found);
		labels = labelLine(text, base, labels, found);
		dockerInfoName(text, base, before, raw.slice(end + 1, end + 80), found);
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
	const prompt = PROMPT.exec(text);
	if (prompt?.indices) {
		placeOf(prompt, 1, base, (place) => found("user", place, true));
		placeOf(prompt, 2, base, (place) => found("host", place, true));
		return;
	}
	const bare = BARE_PROMPT.exec(text);
	if (bare) placeOf(bare, 1, base, (place) => found("host", place, true));
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

/** ` Name: docker01` stands between ` Total Memory:` and ` ID:`; other tools print other names so. */
function dockerInfoName(text: string, base: number, before: string, after: string, found: NameFound): void {
	const name = /^\s{0,8}Name: {1,4}([A-Za-z0-9][\w.-]{0,252})\s{0,2}$/d.exec(text);
	if (name && (/Total Memory:|CPUs:/.test(before) || /^\s{0,8}(?:> ?)?\s{0,8}ID:/.test(after)))
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

type Column = { readonly kind: NameKind | "id" | null; readonly from: number; readonly to: number };

const COLUMNS = new Map<string, NameKind | "id">([
	["CONTAINER ID", "id"],
	["NETWORK ID", "id"],
	["IMAGE ID", "id"],
	["NAMES", "container"],
	["IMAGE", "image"],
	["REPOSITORY", "image"],
	["VOLUME NAME", "volume"],
	["HOSTNAME", "host"],
	["NODE", "host"],
	["USER", "user"],
]);

/** The columns of a table that docker, compose or lsof heads with capitals; null for any other line. */
function tableHeader(text: string): readonly Column[] | null {
	if (!/^\s{0,8}[A-Z][A-Z/_ -]{1,30}(?:\s{1,60}[A-Z(])/.test(text) || /[a-z:=]/.test(text)) return null;
	const heads = [...text.matchAll(/[A-Z]+(?: [A-Z]+)*/g)].map((match) => ({ head: match[0], from: match.index }));
	if (heads.length < 2) return null;
	const networks = heads[0]?.head === "NETWORK ID";
	const docker = heads.some(({ head }) =>
		["CONTAINER ID", "NETWORK ID", "IMAGE ID", "NAMES", "VOLUME NAME", "REPOSITORY", "HOSTNAME"].includes(head),
	);
	const compose =
		heads[0]?.head === "NAME" && heads.some(({ head }) => ["IMAGE", "STATUS", "SERVICE", "CPU %"].includes(head));
	const owners =
		heads.some(({ head }) => head === "PID" || head === "COMMAND") && heads.some(({ head }) => head === "USER");
	if (!docker && !compose && !owners) return null;
	const kinds = heads.map(({ head }): NameKind | "id" | null => {
		if (head === "NAME") return networks ? "net" : compose || docker ? "container" : null;
		if (head === "USER") return owners ? "user" : null;
		return docker || compose ? (COLUMNS.get(head) ?? null) : null;
	});
	return heads.map(({ from }, index) => ({
		kind: kinds[index] ?? null,
		from,
		to: heads[index + 1]?.from ?? Number.POSITIVE_INFINITY,
	}));
}

/** A row's cells. A wide cell pushes the next ones to the right, so cells are cut at runs of blanks near the columns. */
function tableRow(text: string, base: number, columns: readonly Column[], found: NameFound): void {
	for (const column of columns) {
		if (column.kind === null) continue;
		let from = column.from;
		if (from >= text.length) continue;
		// Inside a word: the cell before was too wide, or this one begins earlier (right-aligned).
		while (from > 0 && !/\s/.test(text.charAt(from)) && !/\s/.test(text.charAt(from - 1))) from--;
		const cell = /^\s{0,40}(\S{1,200})/.exec(text.slice(from, Math.min(text.length, from + 240)));
		const word = cell?.[1];
		if (!cell || !word) continue;
		let at = base + from + cell[0].length - word.length;
		// `db,shop-db-1` lists names of links; `shop_db.1.x7…` is a task of a service.
		for (const name of word.split(",")) {
			const bare = name.startsWith("/") ? 1 : 0;
			if (/^[A-Za-z0-9][A-Za-z0-9_.:/@-]*$/.test(name.slice(bare)))
				found(column.kind, { from: at + bare, to: at + name.length }, column.kind !== "user");
			at += name.length + 1;
		}
	}
}

const TARGETS = new Set([
	"logs",
	"exec",
	"start",
	"stop",
	"restart",
	"rm",
	"inspect",
	"kill",
	"port",
	"top",
	"stats",
	"attach",
	"update",
	"pause",
	"unpause",
	"wait",
	"rename",
	"diff",
	"export",
	"commit",
]);
const MANY = new Set(["start", "stop", "restart", "rm", "inspect", "kill", "pause", "unpause", "wait", "stats"]);
const VALUELESS =
	/^-(?:d|i|t|it|ti|itd|dit|td|dt|id|P|q|a|f|v|l|s|h|n|rm|-rm|-detach|-interactive|-tty|-privileged|-init|-publish-all|-read-only|-quiet|-all|-force|-volumes|-follow|-timestamps|-details|-no-stream|-no-healthcheck|-sig-proxy|-disable-content-trust|-oom-kill-disable)$/;
const RUN_VALUELESS =
	/^-(?:[ditP]{1,4}|-rm|-detach|-interactive|-tty|-privileged|-init|-publish-all|-read-only|-quiet|-no-healthcheck|-sig-proxy|-disable-content-trust|-oom-kill-disable)$/;

// A command line, not prose about one: after a prompt, or all there is on its line.
const DOCKER_COMMAND =
	/(?:^|[#$%>❯] {1,2}|^\+ {0,2})(?:sudo {1,2}(?:-[A-Za-z]{1,3} {1,2})?)?docker {1,2}(?:container {1,2}|network {1,2}|volume {1,2}|image {1,2})?([a-z]{2,10})(?= |$)/d;

function commandNames(text: string, base: number, found: NameFound): void {
	const match = DOCKER_COMMAND.exec(text);
	const verb = match?.[1];
	if (!match || !verb) return;
	const start = match.index + match[0].length;
	const isNetwork = match[0].includes("docker network");
	const isVolume = match[0].includes("docker volume");
	const isImage = match[0].includes("docker image");
	const words = wordsOf(text, start);
	const runs = verb === "run" || verb === "create";
	if (isNetwork || isVolume) {
		const rest = operands(words, verb === "create" ? /^(?!)/ : VALUELESS);
		for (const [index, word] of rest.entries()) {
			const kind = isVolume ? "volume" : index > 0 && /^(?:dis)?connect$/.test(verb) ? "container" : "net";
			if (["create", "inspect", "rm", "connect", "disconnect"].includes(verb)) found(kind, at(word, base), false);
		}
		return;
	}
	if (isImage || verb === "pull" || verb === "push") {
		const [image] = operands(words, VALUELESS);
		if (image && (verb === "pull" || verb === "push")) found("image", at(image, base), true);
		return;
	}
	if (runs) {
		const [image] = operands(words, RUN_VALUELESS);
		if (image && /^[a-z0-9]/.test(image.word)) found("image", at(image, base), true);
		mounts(words, base, found);
		return;
	}
	if (!TARGETS.has(verb)) return;
	const names = operands(words, VALUELESS);
	for (const name of MANY.has(verb) ? names : names.slice(0, 1)) {
		if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name.word)) found("container", at(name, base), false);
	}
}

type Word = { readonly word: string; readonly from: number };

function at(word: Word, base: number): Place {
	return { from: base + word.from, to: base + word.from + word.word.length };
}

function wordsOf(text: string, start: number): readonly Word[] {
	const words: Word[] = [];
	for (const match of text.slice(start).matchAll(/\S+/g)) {
		if (/^(?:\||&&|\|\||;|&|>|<|#|2>)/.test(match[0])) break;
		words.push({ word: match[0], from: start + match.index });
	}
	return words;
}

/** Words that are neither options nor values of options. An option without `=` takes the next word unless it is known to take none. */
function operands(words: readonly Word[], valueless: RegExp): readonly Word[] {
	const rest: Word[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (!word) break;
		if (!word.word.startsWith("-")) rest.push(word);
		else if (!word.word.includes("=") && !valueless.test(word.word) && !/^-[a-z]\S/.test(word.word.replace(/^--/, "")))
			index++;
	}
	return rest;
}

/** `-v data:/var/lib/x`: what has no slash before the colon is a volume's name. */
function mounts(words: readonly Word[], base: number, found: NameFound): void {
	for (const [index, word] of words.entries()) {
		if (word.word !== "-v" && word.word !== "--volume") continue;
		const value = words[index + 1];
		const name = value ? /^([A-Za-z0-9][A-Za-z0-9_.-]{0,127}):\//.exec(value.word)?.[1] : undefined;
		if (value && name) found("volume", { from: base + value.from, to: base + value.from + name.length }, true);
	}
}

function placeOf(match: RegExpExecArray, group: number, base: number, use: (place: Place) => void): void {
	const range = match.indices?.[group];
	if (range && range[1] > range[0]) use({ from: base + range[0], to: base + range[1] });
}
