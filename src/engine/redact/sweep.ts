import type { Scanned } from "./detector";
import type { IdentityMark } from "./identities";
import type { LearnedName } from "./learned-names";
import type { NameKind } from "./name-detectors";
import { isPseudonym } from "./pseudonym";
import { eachWord } from "./shape";
import { isDomainName, isPublicDomain } from "./vocabulary";

/** Domain names that stand free in a text, for what they tell beside themselves. */
export function findDomains({ raw, shape }: Scanned): readonly string[] {
	const domains = new Set<string>();
	eachWord(shape, (from, end, dots) => {
		if (dots === 0) return;
		const word = withoutPort(raw, from, raw.slice(from, withoutTail(raw, from, end)));
		if (domains.has(word) || isPseudonym(word)) return;
		if (isOwnDomain(raw, word, from)) domains.add(word);
		else {
			const part = domainBefore(word);
			if (part !== null) domains.add(part);
		}
	});
	return [...domains];
}

/** Words of free text: names that were learned anywhere, and domain names. */
export function sweepNames({ raw, shape }: Scanned, names: ReadonlyMap<string, LearnedName>): readonly IdentityMark[] {
	const marks: IdentityMark[] = [];
	const inWords = namesInWords(names);
	const images = [...names].some(([name, { kind, sweep }]) => kind === "image" && sweep && name.includes("/"));
	if (images) {
		for (const match of raw.matchAll(/[a-z0-9][a-z0-9._/-]*\/[a-z0-9._-]+/g)) {
			for (let from = 0; from >= 0; from = nextPart(match[0], from)) {
				const word = match[0].slice(from).replace(/[._-]+$/, "");
				if (names.get(word)?.kind === "image") {
					marks.push({ kind: "image", from: match.index + from, to: match.index + from + word.length });
					break;
				}
			}
		}
	}
	const begin = beginnings(names.keys());
	eachWord(shape, (start, end, dots) => {
		let from = start;
		// `\nweb01` in JSON text
		if (raw[from - 1] === "\\" && /[nrt]/.test(raw.charAt(from)) && isAlnum(raw.charCodeAt(from + 1))) {
			if (!names.has(raw.slice(from, withoutTail(raw, from, end)))) from++;
		}
		// Most words begin like no name.
		if (dots === 0 && !mayHold(raw, from, end, begin)) return;
		const word = withoutPort(raw, from, raw.slice(from, withoutTail(raw, from, end)));
		const mark = sweptWord(word, from, names, inWords);
		if (mark) marks.push(...mark);
		else if (from > start && isOwnDomain(raw, word, from)) marks.push({ kind: "host", from, to: from + word.length });
	});
	return marks;
}

/** Ends a word before the punctuation behind it. */
function withoutTail(raw: string, from: number, end: number): number {
	let to = end;
	while (to > from && !isAlnum(raw.charCodeAt(to - 1))) to--;
	return to;
}

function isLetter(code: number): boolean {
	return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isAlnum(code: number): boolean {
	return isLetter(code) || (code >= 48 && code <= 57);
}

const BEGINNINGS = 1 << 14;

function beginning(first: number, second: number): number {
	return ((first & 127) << 7) | (second & 127);
}

/** Marks the first two characters of every name. */
function beginnings(names: Iterable<string>): Uint8Array {
	const begin = new Uint8Array(BEGINNINGS);
	for (const name of names) begin[beginning(name.charCodeAt(0), name.charCodeAt(1))] = 1;
	return begin;
}

/** Whether a name may begin at the word's own beginning or at one of its parts. */
function mayHold(raw: string, from: number, end: number, begin: Uint8Array): boolean {
	let isStart = true;
	for (let at = from; at + 1 < end; at++) {
		const code = raw.charCodeAt(at);
		if (isStart && begin[beginning(code, raw.charCodeAt(at + 1))] === 1) return true;
		isStart = isJoint(code);
	}
	return false;
}

/** tcpdump writes `web01.corp.lan.8080 >` and `web01.corp.lan.https: `. */
function withoutPort(raw: string, from: number, word: string): string {
	const dot = word.lastIndexOf(".");
	if (dot < 1) return word;
	const isPort = /^\.(?:\d{1,5}|https?|ssh|domain)$/.test(word.slice(dot));
	return isPort &&
		/^(?: > |: )/.test(raw.slice(from + word.length, from + word.length + 3)) &&
		/ (?:IP6?|>) $/.test(raw.slice(Math.max(0, from - 5), from))
		? word.slice(0, dot)
		: word;
}

function nextPart(word: string, from: number): number {
	const slash = word.indexOf("/", from);
	return slash < 0 ? -1 : slash + 1;
}

const FILE_END =
	/\.(?:service|socket|slice|scope|mount|target|timer|path|device|swap|log|txt|json|conf|cfg|pid|sock|yml|yaml|toml|gz|xz|zip|tar|sh|py|md|pem|crt|key|csv|html|out|err|old|bak|\d+)$/;

function sweptWord(
	word: string,
	from: number,
	names: ReadonlyMap<string, LearnedName>,
	inWords: Parts,
): readonly IdentityMark[] | null {
	if (word.length < 2 || isPseudonym(word)) return null;
	const known = names.get(word);
	if (known?.sweep) return [{ kind: known.kind, from, to: from + word.length }];
	if (word.includes(".")) {
		const first = word.slice(0, word.indexOf("."));
		const host = names.get(first);
		if (host?.sweep && host.kind === "host" && !FILE_END.test(word))
			return [{ kind: "host", from, to: from + word.length }];
	}
	const domain = word.includes(".") ? domainBefore(word) : null;
	if (domain !== null && names.has(domain)) return [{ kind: "host", from, to: from + domain.length }];
	return inWords.names.size > 0 && word.length <= 128 ? partsOfWord(word, from, inWords) : null;
}

/**
 * `web01.acme.corp-docker.log`: the domain that a longer word begins with. Three labels and more, for a package's version
 * has a dash behind its dots too.
 */
export function domainBefore(word: string): string | null {
	for (const match of word.matchAll(/\.([A-Za-z]{2,12})(?=[-_])/g)) {
		const part = word.slice(0, match.index + match[0].length);
		if (
			part.split(".").length >= 3 &&
			isDomainName(part) &&
			!isPublicDomain(part) &&
			!/(?<![A-Za-z0-9])\w+-\d+\.example$/.test(part)
		)
			return part;
	}
	return null;
}

function isOwnDomain(raw: string, word: string, from: number): boolean {
	return (
		word.includes(".") &&
		!/^redacted-\d/.test(word) &&
		isDomainName(word) &&
		!isPublicDomain(word) &&
		domainMayStand(raw, word, from)
	);
}

/** `registry.corp.lan` below a path is a host; `cmd/app.dev` is more likely a file. */
function domainMayStand(raw: string, word: string, from: number): boolean {
	const before = raw.charAt(from - 1);
	// `192.168.7.9/20-x.acme.corp`: what stands behind a prefix length is no host.
	if (before === "/" && /\d/.test(raw.charAt(from - 2))) return false;
	// `NO_PROXY=.corp.lan`, `CN = *.corp.lan`
	if (before === ".") return from < 2 || /[\s=,:"'*@|]/.test(raw.charAt(from - 2));
	if (before === "_" || before === "-" || before === "@" || before === "$") return before === "@";
	if (before !== "/" || raw.charAt(from - 2) === "/") return true;
	return /\.(?:lan|local|corp|internal|intra|intranet|home|localdomain)$/i.test(word) || word.split(".").length >= 3;
}

/** Names that are looked for inside compounds, and how they begin. */
type Parts = { readonly names: ReadonlyMap<string, NameKind>; readonly begin: Uint8Array };

/** Host, user and project names are looked for inside compounds too; shorter ones than four would be found by chance. */
function namesInWords(names: ReadonlyMap<string, LearnedName>): Parts {
	const inWords = new Map<string, NameKind>();
	for (const [name, { kind, sweep }] of names) {
		if (sweep && name.length >= 4 && (kind === "host" || kind === "user" || kind === "project" || kind === "name"))
			inWords.set(name, kind);
	}
	return { names: inWords, begin: beginnings(inWords.keys()) };
}

/** `web01-dockerd.log`, `shop_frontend_1`: the longest name that begins at each of the first ten parts. */
function partsOfWord(word: string, from: number, { names, begin }: Parts): readonly IdentityMark[] | null {
	const cuts = [0];
	for (let at = 0; at < word.length && cuts.length < 10; at++) if (isJoint(word.charCodeAt(at))) cuts.push(at + 1);
	if (cuts.length === 1) return null;
	if (cuts.length < 10) cuts.push(word.length + 1);
	const marks: IdentityMark[] = [];
	for (let first = 0; first < cuts.length - 1; first++) {
		const start = cuts[first] ?? 0;
		if (begin[beginning(word.charCodeAt(start), word.charCodeAt(start + 1))] === 0) continue;
		for (let last = cuts.length - 1; last > first; last--) {
			const part = word.slice(start, (cuts[last] ?? word.length + 1) - 1);
			const kind = names.get(part);
			if (kind === undefined) continue;
			marks.push({ kind, from: from + start, to: from + start + part.length });
			first = last - 1;
			break;
		}
	}
	return marks.length > 0 ? marks : null;
}

function isJoint(code: number): boolean {
	return code === 95 || code === 45 || code === 46;
}
