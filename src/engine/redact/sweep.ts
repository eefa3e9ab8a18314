import type { IdentityMark } from "./identities";
import type { LearnedName } from "./learned-names";
import type { NameKind } from "./name-detectors";
import { isPseudonym } from "./pseudonym";
import { isDomainName, isPublicDomain } from "./vocabulary";

/** Domain names that stand free in a text, for what they tell beside themselves. */
export function findDomains(raw: string): readonly string[] {
	const domains = new Set<string>();
	for (const match of raw.matchAll(/[A-Za-z0-9][A-Za-z0-9_.-]*/g)) {
		const word = withoutPort(raw, match.index, match[0].replace(/[._-]+$/, ""));
		if (!word.includes(".") || domains.has(word) || isPseudonym(word)) continue;
		if (isDomainName(word) && !isPublicDomain(word) && domainMayStand(raw, word, match.index)) domains.add(word);
	}
	return [...domains];
}

/** Words of free text: names that were learned anywhere, and domain names. */
export function sweepNames(raw: string, names: ReadonlyMap<string, LearnedName>): readonly IdentityMark[] {
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
	for (const match of raw.matchAll(/[A-Za-z0-9][A-Za-z0-9_.-]*/g)) {
		let from = match.index;
		let word = match[0];
		// `\nweb01` in JSON text
		if (raw[from - 1] === "\\" && /^[nrt][A-Za-z0-9]/.test(word) && !names.has(word)) {
			from++;
			word = word.slice(1);
		}
		word = withoutPort(raw, from, word.replace(/[._-]+$/, ""));
		const mark = sweptWord(raw, word, from, names, inWords);
		if (mark) marks.push(...mark);
	}
	return marks;
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
	raw: string,
	word: string,
	from: number,
	names: ReadonlyMap<string, LearnedName>,
	inWords: ReadonlyMap<string, NameKind>,
): readonly IdentityMark[] | null {
	if (word.length < 2 || isPseudonym(word)) return null;
	const known = names.get(word);
	if (known?.sweep) return [{ kind: known.kind, from, to: from + word.length }];
	if (word.includes(".")) {
		const first = word.slice(0, word.indexOf("."));
		const host = names.get(first);
		if (host?.sweep && host.kind === "host" && !FILE_END.test(word))
			return [{ kind: "host", from, to: from + word.length }];
		if (isDomainName(word) && !isPublicDomain(word) && domainMayStand(raw, word, from))
			return [{ kind: "host", from, to: from + word.length }];
	}
	return inWords.size > 0 && word.length <= 128 && /[_.-]/.test(word) ? partsOfWord(word, from, inWords) : null;
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

/** Host, user and project names are looked for inside compounds too; shorter ones than four would be found by chance. */
function namesInWords(names: ReadonlyMap<string, LearnedName>): ReadonlyMap<string, NameKind> {
	const inWords = new Map<string, NameKind>();
	for (const [name, { kind, sweep }] of names) {
		if (sweep && name.length >= 4 && (kind === "host" || kind === "user" || kind === "project" || kind === "name"))
			inWords.set(name, kind);
	}
	return inWords;
}

/** `web01-dockerd.log`, `shop_frontend_1`. */
function partsOfWord(word: string, from: number, names: ReadonlyMap<string, NameKind>): readonly IdentityMark[] | null {
	const cuts = [0, ...[...word.matchAll(/[_.-]/g)].map((match) => match.index + 1), word.length + 1].slice(0, 10);
	const marks: IdentityMark[] = [];
	for (let begin = 0; begin < cuts.length - 1; begin++) {
		for (let end = cuts.length - 1; end > begin; end--) {
			const start = cuts[begin] ?? 0;
			const part = word.slice(start, (cuts[end] ?? word.length + 1) - 1);
			const kind = names.get(part);
			if (kind === undefined) continue;
			marks.push({ kind, from: from + start, to: from + start + part.length });
			begin = end - 1;
			break;
		}
	}
	return marks.length > 0 ? marks : null;
}
