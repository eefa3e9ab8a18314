import type { Prefix } from "../netfilter/address";
import type { Evidence, Source } from "../text/evidence";
import { type AddressFound, declaredPrefixes, findIpv4, findIpv6, findMacs, type MacFound } from "./addresses";
import { type Edit, keepColumns } from "./columns";
import { shiftDates } from "./dates";
import type { Category, Meter, Place, Scanned } from "./detector";
import { scanned } from "./detector";
import { encodeBase64, percentEncodedWords } from "./encoded";
import { findIdentities } from "./identities";
import { type LearnedName, learnName } from "./learned-names";
import { editsOf, kindInWords, type Ledger, type ReplacedThing } from "./ledger";
import { type Mark, withoutOverlaps, withWords } from "./marks";
import { createNaming } from "./naming";
import { isPseudonym } from "./pseudonym";
import { type Redacted, seal } from "./redacted";
import { BESIDE_SECRETS, OF_FORM, scanSecrets } from "./secrets";
import { sweepNames } from "./sweep";
import { COMMON_NAMES, isPublicDomain, TRADE_WORDS } from "./vocabulary";

/** One replaced word, for the preview: where it stood and where its stand-in stands. */
export type ReplacedSpan = {
	/** Id of the source. */
	readonly source: string;
	readonly kind: string;
	readonly category: Category;
	readonly pseudonym: string;
	/** Offsets in the raw text. */
	readonly from: number;
	readonly to: number;
	/** Offsets in the redacted text. */
	readonly redactedFrom: number;
	readonly redactedTo: number;
	/** The whole thing in the raw text: more than `from` to `to` where it goes over several lines. */
	readonly wholeFrom: number;
	readonly wholeTo: number;
};

export type { ReplacedThing } from "./ledger";

export type Redaction = {
	readonly evidence: Redacted<Evidence>;
	/** In the order of first appearance. */
	readonly replaced: readonly ReplacedThing[];
	readonly spans: readonly ReplacedSpan[];
	/** Stand-in to original. Stays in memory: never stored, never sent, and JSON makes `{}` of it. */
	readonly originals: ReadonlyMap<string, string>;
};

export type RedactOptions = {
	/** Words that go wherever they stand, whatever they are, in capitals or not. */
	readonly alwaysHide?: readonly string[];
	/** Words that stay although a detector found them; the person has looked at them. */
	readonly show?: readonly string[];
	/** Weeks by which every date is moved, see `dates.ts`; drawn by the caller, for the engine knows no chance. */
	readonly shiftWeeks?: number;
};

/**
 * Replaces every secret and identity by a stand-in that keeps what a diagnosis reads. Pure: the same evidence gives the
 * same stand-ins, and what comes out comes out unchanged of a second pass.
 */
export function redact(evidence: Evidence, options: RedactOptions = {}, meter?: Meter): Redaction {
	// File names are identities too (`alice-web01.log`), so they go through the same detectors as one more text.
	const texts = [...evidence.map((source) => scanned(source.text)), ...evidence.map((source) => scanned(source.name))];
	const names = new Map<string, LearnedName>();
	const ids = new Set<string>();
	const shown = new Set(options.show ?? []);
	const found = texts.map((text) => collect(text, names, ids, meter));
	const prefixes: Prefix[] = texts.flatMap((text) => declaredPrefixes(text));
	const naming = createNaming(texts, prefixes);
	const secrets = secretWords(texts, found);
	const ledger: Ledger = { naming, originals: new Map(), things: new Map(), names };
	const results = texts.map((text, index) => {
		const marks = [...(found[index]?.marks ?? [])];
		for (const mark of sweepNames(text, names)) marks.push({ ...mark, category: "identity", rank: 3 });
		for (const place of occurrences(text.raw, secrets, true))
			marks.push({ ...place, kind: "repeated-secret", category: "secret", rank: 2 });
		marks.push(...idPrefixes(text, ids));
		const detected = withoutOverlaps(marks).filter((mark) => !shown.has(text.raw.slice(mark.from, mark.to)));
		const chosen = withWords(detected, wordsIn(text.raw, options.alwaysHide ?? []));
		return { text: text.raw, edits: editsOf(ledger, text.raw, chosen, found[index]?.addresses ?? new Map()), index };
	});
	const shift = options.shiftWeeks ? shiftDates(texts, options.shiftWeeks) : null;
	const spans: ReplacedSpan[] = [];
	let dates = 0;
	const rewritten = results.map(({ text, edits: names, index }) => {
		const source = evidence[index];
		const moved = apart(shift?.edits[index] ?? [], names);
		dates += moved.length;
		const edits: readonly (Edit & { readonly mark?: Mark })[] =
			moved.length === 0 ? names : [...names, ...moved].sort((a, b) => a.from - b.from);
		// Names of files have no columns to keep and no place in the preview.
		return rewrite(text, source ? keepColumns(text, edits) : edits, source?.id ?? null, spans);
	});
	const sources: Source[] = evidence.map((source, index) => ({
		...source,
		name: rewritten[evidence.length + index] ?? source.name,
		text: rewritten[index] ?? "",
	}));
	const replaced = [...ledger.things.values()];
	if (shift && dates > 0) replaced.push(movedDates(shift.weeks, dates));
	return { evidence: seal(sources), replaced, spans, originals: ledger.originals };
}

function movedDates(weeks: number, count: number): ReplacedThing {
	const far = Math.abs(weeks);
	const pseudonym =
		far === 0
			? "not moved: without a year they reach over New Year"
			: `moved ${far} week${far === 1 ? "" : "s"} ${weeks < 0 ? "back" : "on"}`;
	return { kind: "date", pseudonym, count, category: "identity" };
}

/** Edits of dates that stand in nothing that is replaced. Both rise. */
function apart(dates: readonly Edit[], names: readonly Edit[]): readonly Edit[] {
	let next = 0;
	return dates.filter(({ from, to }) => {
		while (next < names.length && (names[next]?.to ?? 0) <= from) next++;
		const name = names[next];
		return name === undefined || name.from >= to;
	});
}

/** For a pipe: the text without anybody in it. */
export function redactText(text: string, options: RedactOptions = {}): string {
	return redact([{ id: "text", name: "", text }], options).evidence[0]?.text ?? "";
}

type Collected = { readonly marks: readonly Mark[]; readonly addresses: ReadonlyMap<number, AddressFound | MacFound> };

function collect(
	text: Scanned,
	names: Map<string, LearnedName>,
	ids: Set<string>,
	meter: Meter | undefined,
): Collected {
	const marks: Mark[] = [];
	const { raw } = text;
	scanSecrets(
		text,
		(kind, place) => {
			if (!BESIDE_SECRETS.has(kind))
				marks.push({ ...place, kind, category: "secret", rank: OF_FORM.has(kind) ? 0 : 1 });
			else if (tellsSomebody(kind, raw.slice(place.from, place.to))) {
				marks.push({ ...place, kind, category: "identity", rank: 2 });
				learnName(names, kind === "host" ? "host" : "user", raw.slice(place.from, place.to), true);
			}
		},
		meter,
	);
	const identities = findIdentities(text, names, ids, meter);
	for (const mark of identities.marks) marks.push({ ...mark, category: "identity", rank: 2 });
	const addresses = new Map<number, AddressFound | MacFound>();
	const inWords: (AddressFound | MacFound)[] = [];
	percentEncodedWords(text, (word) => {
		const decoded = scanned(word.text);
		for (const one of [...findIpv4(decoded), ...findIpv6(decoded), ...findMacs(decoded)])
			inWords.push({ ...one, from: word.rawAt(one.from), to: word.rawAt(one.to) });
	});
	for (const one of [...identities.addresses, ...inWords]) {
		addresses.set(one.from, one);
		marks.push({ from: one.from, to: one.to, kind: one.kind, category: "identity", rank: 1 });
	}
	return { marks, addresses };
}

function tellsSomebody(kind: string, word: string): boolean {
	if (isPseudonym(word) || COMMON_NAMES.has(word.toLowerCase()) || !/^[A-Za-z0-9][A-Za-z0-9_.@-]*$/.test(word))
		return false;
	if (kind !== "host") return true;
	return (
		!isPublicDomain(word) &&
		!/^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(word) &&
		/[A-Za-z]/.test(word) &&
		!TRADE_WORDS.has(word.toLowerCase())
	);
}

/** Found secrets that may stand somewhere else bare, or in base64; not those that are words of the trade. */
function secretWords(texts: readonly Scanned[], found: readonly Collected[]): readonly string[] {
	const words = new Set<string>();
	for (const [index, { marks }] of found.entries()) {
		for (const mark of marks) {
			if (mark.category !== "secret" || mark.to - mark.from > 512) continue;
			const word = texts[index]?.raw.slice(mark.from, mark.to) ?? "";
			const telling = word.length >= 16 || (word.length >= 6 && /[0-9!@#$%^&*?]/.test(word) && /[A-Za-z]/.test(word));
			if (!telling || /\s/.test(word) || isPseudonym(word) || TRADE_WORDS.has(word.toLowerCase())) continue;
			words.add(word);
			if (word.length >= 8 && word.length <= 64) words.add(encodeBase64(word));
			// 256 are more than any paste holds; past that each would cost one more walk over the text.
			if (words.size >= 256) return [...words];
		}
	}
	return [...words];
}

function occurrences(raw: string, words: readonly string[], whole: boolean): readonly Place[] {
	const places: Place[] = [];
	for (const word of words) {
		if (word.length < 2 || isPseudonym(word)) continue;
		for (let at = raw.indexOf(word); at >= 0; at = raw.indexOf(word, at + word.length)) {
			const to = at + word.length;
			if (whole && (/[A-Za-z0-9]/.test(raw.charAt(at - 1)) || /[A-Za-z0-9]/.test(raw.charAt(to)))) continue;
			places.push({ from: at, to });
		}
	}
	return places;
}

/** Every place of a word that the person wants hidden, also as a part of longer words. */
function wordsIn(raw: string, words: readonly string[]): readonly Place[] {
	// A few letters become longer or shorter in lower case; in such a text only the word as typed is looked for.
	const lower = raw.toLowerCase();
	const alike = lower.length === raw.length;
	return words.flatMap((word) => {
		const wanted = alike ? word.toLowerCase() : word;
		return occurrences(alike ? lower : raw, [wanted], false).filter(
			({ from, to }) => !isPseudonym(raw.slice(from, to)),
		);
	});
}

/** `docker logs 86582682f3` and log lines shorten ids: 8 to 63 digits that begin a known id. */
function idPrefixes({ raw, shape }: Scanned, ids: ReadonlySet<string>): readonly Mark[] {
	if (ids.size === 0) return [];
	const marks: Mark[] = [];
	const heads = new Set([...ids].map((id) => id.slice(0, 8)));
	for (const { from, to } of shape.runs) {
		if (to - from > 63 || !heads.has(raw.slice(from, from + 8))) continue;
		const word = raw.slice(from, to);
		if (!/^[0-9a-z]+$/.test(word) || isPseudonym(word)) continue;
		const fits = word.length >= 12 ? ids.has(word.slice(0, 12)) : [...ids].some((id) => id.startsWith(word));
		if (fits) marks.push({ kind: "id", category: "identity", rank: 2, from, to });
	}
	return marks;
}

function rewrite(
	raw: string,
	edits: readonly (Edit & { readonly mark?: Mark })[],
	source: string | null,
	spans: ReplacedSpan[],
): string {
	const pieces: string[] = [];
	let at = 0;
	let length = 0;
	for (const edit of edits) {
		pieces.push(raw.slice(at, edit.from), edit.with);
		const redactedFrom = length + edit.from - at;
		length = redactedFrom + edit.with.length;
		if (edit.mark && source !== null) {
			const { kind, category } = edit.mark;
			spans.push({
				source,
				kind: kindInWords(kind),
				category,
				pseudonym: edit.with,
				from: edit.from,
				to: edit.to,
				redactedFrom,
				redactedTo: length,
				wholeFrom: edit.mark.from,
				wholeTo: edit.mark.to,
			});
		}
		at = edit.to;
	}
	pieces.push(raw.slice(at));
	return pieces.join("");
}
