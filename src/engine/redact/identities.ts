import type { AddressFound, MacFound } from "./addresses";
import { findIpv4, findIpv6, findMacs } from "./addresses";
import type { Meter, Place, Scanned } from "./detector";
import { indexDetectors, scan } from "./detector";
import { type LearnedName, learnMail, learnName } from "./learned-names";
import { isPlainLabel, scanLineNames } from "./line-names";
import type { NameKind } from "./name-detectors";
import { isPseudonym } from "./pseudonym";
import { domainBefore, findDomains } from "./sweep";
import { NAMES } from "./system-names";
import { isOurs } from "./token-detectors";
import { COMMON_NAMES, isDomainName, isPublicDomain, isPublicImage } from "./vocabulary";

const NAME_INDEX = indexDetectors(NAMES);

/** What an identity is; `id` is hex or base 36 as docker and swarm make them. */
export type IdentityKind = NameKind | "id" | "uuid" | "engine-id" | "mail" | "word";

/** An identity where it stands. */
export type IdentityMark = Place & { readonly kind: IdentityKind };

export type Identities = {
	readonly marks: readonly IdentityMark[];
	readonly addresses: readonly (AddressFound | MacFound)[];
};

/** What one source shows at the places where names stand; fills `names` for the sweep over all sources. */
export function findIdentities(
	text: Scanned,
	names: Map<string, LearnedName>,
	ids: Set<string>,
	meter?: Meter,
): Identities {
	const marks: IdentityMark[] = [];
	const { raw } = text;
	const learn = (kind: NameKind | "engine-id" | "id", place: Place, sweep: boolean): void => {
		for (const mark of placesOf(raw, kind, place)) {
			const word = raw.slice(mark.from, mark.to);
			if (mark.kind === "id") {
				if (isId(word)) {
					ids.add(word.slice(0, 12));
					marks.push(mark);
				}
				continue;
			}
			marks.push(mark);
			if (mark.kind === "engine-id" || mark.kind === "uuid" || mark.kind === "mail" || mark.kind === "word") continue;
			learnName(names, mark.kind, word, sweep);
		}
	};
	scan(text, NAME_INDEX, (detector, place) => learn(detector.kind, place, detector.sweep), meter);
	scanLineNames(raw, learn);
	scanJsonLists(text, learn, meter);
	if (meter) meter.steps += raw.length;
	const mails = findMails(raw);
	for (const { from, to } of mails) learnMail(names, raw.slice(from, to));
	for (const domain of findDomains(text)) learnName(names, "host", domain, true);
	marks.push(...findIds(text, ids), ...mails);
	return { marks, addresses: [...findIpv4(text), ...findIpv6(text), ...findMacs(text)] };
}

/** Splits what stands at a name's place into the parts that identify; nothing where the word tells nothing. */
function placesOf(raw: string, kind: NameKind | "engine-id" | "id", place: Place): readonly IdentityMark[] {
	let { from, to } = place;
	while (to > from && /[.,:;-]/.test(raw.charAt(to - 1))) to--;
	const word = raw.slice(from, to);
	// A secret's stand-in with what stood around it.
	if (isOurs(word) || /redacted-\d/.test(word)) return [];
	if (kind === "image") return imageParts(word, from);
	// With more behind it: what an earlier pass left of a string without an end.
	if (word === "" || isPseudonym(/^\S{0,64}/.exec(word)?.[0] ?? "")) return [];
	if (kind === "id") return [{ kind, from, to }];
	if (kind === "engine-id") return [{ kind, from, to }];
	if (COMMON_NAMES.has(word.toLowerCase()) || /^\d{1,9}$/.test(word)) return [];
	if (kind === "label" && /^(?:[0-9a-f]{64}|(?=.{0,24}\d)[0-9a-z]{25})$/.test(word)) return [{ kind: "id", from, to }];
	if (kind === "label" || kind === "serial" || kind === "ssid") return [{ kind, from, to }];
	// A hex id stands for the container, network or host; ids have their own stand-ins.
	if (isHexId(word) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(word)) return isHexId(word) ? [{ kind: "id", from, to }] : [];
	if (kind === "host" && (word === "mail.example" || isPublicDomain(word) || !/^[A-Za-z0-9]/.test(word))) return [];
	if (kind === "user" && word.includes("@")) {
		from = place.from;
		return [{ kind: "mail", from, to }];
	}
	return [{ kind, from, to }];
}

/** `registry.corp.lan:5000/team/app:1.2@sha256:…` is a host, a name, and a tag that stays. */
function imageParts(word: string, from: number): readonly IdentityMark[] {
	const digest = word.indexOf("@");
	const named = digest < 0 ? word : word.slice(0, digest);
	const slash = named.indexOf("/");
	const first = slash < 0 ? "" : named.slice(0, slash);
	const marks: IdentityMark[] = [];
	let path = 0;
	if (/^(?:localhost|[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.-]{1,190}|[A-Za-z0-9-]{1,63}(?=:))(?::\d{1,5})?$/.test(first)) {
		path = slash + 1;
		const host = first.replace(/:\d{1,5}$/, "");
		const tells =
			!COMMON_NAMES.has(host) && !isPublicDomain(host) && !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) && !isPseudonym(host);
		if (tells) marks.push({ kind: "host", from, to: from + host.length });
	}
	const colon = named.indexOf(":", path);
	const name = named.slice(path, colon < 0 ? undefined : colon);
	if (
		name === "" ||
		name === "sha256" ||
		isPseudonym(name) ||
		isPublicImage(path > 0 ? named.slice(0, path + name.length) : name)
	)
		return marks;
	if (isHexId(name)) return [{ kind: "id", from: from + path, to: from + path + name.length }];
	if (path === 0 && COMMON_NAMES.has(name)) return marks;
	return [...marks, { kind: "image", from: from + path, to: from + path + name.length }];
}

function isHexId(word: string): boolean {
	return /^(?:[0-9a-f]{12}|[0-9a-f]{64})$/.test(word) && !/^[a-f]{12}$/.test(word);
}

function isId(word: string): boolean {
	return /^(?:[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-z]{12}|[0-9a-z]{25})$/.test(word);
}

const UUID = /[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])/y;
// What AWS calls an instance, a network, a disk: `i-0f1e2d3c4b5a69788`
const CLOUD_ID = /(?<![0-9A-Za-z-])(?:i|vpc|subnet|eni|sg|vol|ami|rtb|igw|nat|lt|eipalloc|eipassoc|snap|acl)-$/;
// systemd's EFI vendor id and Microsoft's and Apple's are the same everywhere.
const WELL_KNOWN_UUIDS = new Set([
	"8cf2644b-4b0b-428f-9387-6d876050dc67",
	"4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
	"8be4df61-93ca-11d2-aa0d-00e098032b8c",
]);

/** Ids that are known by their form. Fills `ids` with the first twelve digits of each. */
function findIds({ raw, shape }: Scanned, ids: Set<string>): readonly IdentityMark[] {
	const marks: IdentityMark[] = [];
	for (const { from, to } of shape.runs) {
		const length = to - from;
		if (length === 8 && raw[to] === "-") {
			UUID.lastIndex = from;
			if (UUID.test(raw) && !WELL_KNOWN_UUIDS.has(raw.slice(from, from + 36).toLowerCase()))
				marks.push({ kind: "uuid", from, to: from + 36 });
			continue;
		}
		if (length !== 64 && length !== 32 && length !== 25 && length !== 17 && length !== 12) continue;
		const word = raw.slice(from, to);
		if (isPseudonym(word)) continue;
		// `85c0b1ea90ac.acme.corp` is a host, whatever its first label is made of.
		if (raw[to] === "." && isDomainName(/^[A-Za-z0-9_.-]{0,200}[A-Za-z0-9]/.exec(raw.slice(from, to + 200))?.[0] ?? ""))
			continue;
		if (isIdByForm(word, raw.slice(Math.max(0, from - 12), from))) {
			ids.add(word.slice(0, 12));
			marks.push({ kind: "id", from, to });
		}
	}
	return marks.filter(({ from, to }) => !isPseudonym(raw.slice(from, to)));
}

/** 64 digits: container, network, endpoint, layer, image. 32: machine and boot ids. 12: docker's short form. 25: swarm's. */
function isIdByForm(word: string, before: string): boolean {
	if (word.length === 25)
		return /^[0-9a-z]+$/.test(word) && /\d/.test(word) && /[g-z]/.test(word) && !/^[a-z]{8}/.test(word);
	if (!/^[0-9a-f]+$/.test(word)) return false;
	if (word.length === 17) return CLOUD_ID.test(before);
	return /\d/.test(word) && /[a-f]/.test(word) && (word.length > 12 || !/(?<!\bbr)-$/.test(before));
}

function findMails(raw: string): readonly IdentityMark[] {
	const marks: IdentityMark[] = [];
	for (let at = raw.indexOf("@"); at >= 0; at = raw.indexOf("@", at + 1)) {
		const local = /[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}$/.exec(raw.slice(Math.max(0, at - 64), at))?.[0];
		const behindAt = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}/.exec(raw.slice(at + 1, at + 254))?.[0].replace(/[.-]+$/, "");
		const domain = behindAt && !isDomainName(behindAt) ? (domainBefore(behindAt) ?? behindAt) : behindAt;
		if (!local || !domain?.includes(".") || local === "git" || /^redacted-\d/.test(local)) continue;
		// A prompt (`marie@web01.acme.corp:~$`) and a URL (`https://marie@git.acme.com/`) name a user and a host.
		const behind = raw.slice(at + 1 + domain.length, at + 80 + domain.length);
		if (
			/^:[~/]|^ [^\s\]]{1,60}\][#$]/.test(behind) ||
			raw.slice(Math.max(0, at - local.length - 3), at - local.length) === "://"
		)
			continue;
		const mail = `${local}@${domain}`;
		if (isPseudonym(mail) || isPseudonym(domain) || !(isDomainName(domain) || isPublicDomain(domain))) continue;
		// `\nalice@…` in JSON text
		const escaped = raw[at - local.length - 1] === "\\" && /^[nrt]/.test(local) ? 1 : 0;
		marks.push({ kind: "mail", from: at - local.length + escaped, to: at + 1 + domain.length });
	}
	return marks;
}

/** `"Labels": {…}`, `"Aliases": […]` and `"DNSNames": […]` of inspect output. */
function scanJsonLists(
	text: Scanned,
	learn: (kind: NameKind, place: Place, sweep: boolean) => void,
	meter: Meter | undefined,
): void {
	for (const literal of ['"labels":', '"aliases":', '"dnsnames":']) {
		let at = text.lower.indexOf(literal);
		while (at >= 0) {
			const begin = at + literal.length;
			const end = jsonStrings(text.raw, begin, (key, value) => {
				if (key === null) learn("container", value, true);
				else {
					const name = text.raw.slice(key.from, key.to);
					const word = text.raw.slice(value.from, value.to);
					if (name === "com.docker.compose.project") learn("project", value, true);
					else if (!isPlainLabel(name, word)) learn("label", value, false);
				}
			});
			if (meter) meter.steps += end - begin;
			at = text.lower.indexOf(literal, Math.max(begin, end));
		}
	}
}

/** Strings of the flat object or list that begins here; returns the offset behind it. */
function jsonStrings(raw: string, begin: number, use: (key: Place | null, value: Place) => void): number {
	const open = /^\s{0,8}([[{])/.exec(raw.slice(begin, begin + 10));
	if (!open) return begin;
	const close = open[1] === "{" ? "}" : "]";
	let key: Place | null = null;
	let at = begin + open[0].length;
	for (; at < raw.length && raw[at] !== close; at++) {
		if (raw[at] === "{" || raw[at] === "[") return at;
		if (raw[at] !== '"') continue;
		const from = at + 1;
		for (at = from; at < raw.length && raw[at] !== '"' && raw[at] !== "\n"; at++) if (raw[at] === "\\") at++;
		let to = Math.min(at, raw.length);
		// Cut off before its closing quote, a string ends with its last word.
		while (raw[at] !== '"' && to > from && /\s/.test(raw.charAt(to - 1))) to--;
		let begun = from;
		while (begun < to && raw[begun] === " ") begun++;
		const value = { from: begun, to };
		if (close === "]") use(null, value);
		else if (key === null) key = value;
		else {
			use(key, value);
			key = null;
		}
	}
	return at;
}
