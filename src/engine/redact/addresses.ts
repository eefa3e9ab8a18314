import type { Address, Prefix } from "../netfilter/address";
import { parseAddress, parsePrefix } from "../netfilter/address";
import type { Place, Scanned } from "./detector";
import { eachWord } from "./shape";

/** An address where it stands. */
export type AddressFound = Place & {
	readonly kind: "ipv4" | "ipv6";
	readonly address: Address /** Written behind it, `/16`; null for a bare address. */;
	readonly length: number | null;
};
export type MacFound = Place & { readonly kind: "mac"; readonly bytes: string };

const QUAD = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/g;
const DASHED_OR_COLON_MAC =
	/(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}(?![0-9A-Fa-f]|[:-][0-9A-Fa-f])/g;
// Cisco's form, 3ca6.f62a.3b4c
const DOTTED_MAC = /(?<![0-9A-Za-z.:-])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z.:-])/g;
// The kernel's MAC= field: destination, source, type in one run of fourteen bytes.
const FRAME =
	/MAC=([0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}):([0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}):[0-9a-f]{2}:[0-9a-f]{2}/y;

/** IPv4 addresses of a text. Versions, kernel releases, OIDs and user agents look alike and are left out. */
export function findIpv4(text: Scanned): readonly AddressFound[] {
	const found: AddressFound[] = [];
	const { raw } = text;
	const parsed = new Map<string, Address | null>();
	for (const { from, to } of quadsOf(text)) {
		if (!standsAlone(raw, from, to) || isVersion(raw, from, to)) continue;
		const word = raw.slice(from, to);
		const known = parsed.get(word);
		const address = known === undefined ? parseAddress(word) : known;
		if (known === undefined) parsed.set(word, address);
		if (address) found.push({ kind: "ipv4", from, to, address, length: lengthBehind(raw, to) });
	}
	return found;
}

/** Four numbers with dots between, whatever they mean. */
function quadsOf({ raw, shape }: Scanned): readonly Place[] {
	const quads: Place[] = [];
	eachWord(shape, (from, to, dots) => {
		if (dots < 3) return;
		for (const match of raw.slice(from, to).matchAll(QUAD))
			quads.push({ from: from + match.index, to: from + match.index + match[0].length });
	});
	return quads;
}

function lengthBehind(raw: string, to: number): number | null {
	const behind = /^\/(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\d{1,3})(?![0-9A-Za-z_]|[.-]\d)/.exec(
		raw.slice(to, to + 24),
	)?.[1];
	if (!behind) return null;
	return behind.includes(".") ? (parsePrefix(`0.0.0.0/${behind}`)?.length ?? null) : Number(behind);
}

function standsAlone(raw: string, from: number, to: number): boolean {
	const before = raw.slice(Math.max(0, from - 3), from);
	const after = raw.slice(to, to + 2);
	// tcpdump joins the port with a dot: `IP 10.0.0.5.51514 > 10.0.0.6.80: Flags [S]`
	if (/^\.\d/.test(after) && !isTcpdump(raw, from, to)) return false;
	// 5.15.167.4-microsoft-standard, 1.2.3.4.5, 1.2.3.4~rc1, 1.2.3.4_5
	if (after[0] !== "." && /^(?:\d|\.\d|[-+~][A-Za-z]|_|[A-Za-z])/.test(after)) return false;
	if (before === "") return true;
	// `\n10.0.0.1` in JSON, `%2F10.0.0.1` in a URL
	if (/\\[nrtfbv]$/.test(before) || /%[0-9A-Fa-f]{2}$/.test(before)) return true;
	// `web01-10.4.5.6.txt` names a host, `docker-20.10.24.1` a version.
	if (/[A-Za-z0-9][-_]$/.test(before) && /^\.(?:txt|log|json|out|pcap|conf)(?![A-Za-z0-9])/.test(raw.slice(to, to + 7)))
		return true;
	return !/[0-9A-Za-z_.]$/.test(before) && !/[A-Za-z0-9]-$/.test(before.replace(/(?<=\.)\d{1,3}-$/, ""));
}

function isTcpdump(raw: string, from: number, to: number): boolean {
	if (!/^\.\d{1,5}(?: >|: |:?\r?\n|:?$)/.test(raw.slice(to, to + 9))) return false;
	return / (?:IP|> )$|\bIP $| > $/.test(raw.slice(Math.max(0, from - 5), from));
}

/** `Version: 5.15.167.4`, `Chrome/120.0.0.0`, `v4.18.0.1`, `release 8.1.0.2` */
function isVersion(raw: string, from: number, to: number): boolean {
	const before = raw.slice(Math.max(0, from - 24), from);
	if (/\b(?:version|release|ver\.?)["']?[\s:=]{0,4}["'v]{0,2}$/i.test(before)) return true;
	if (
		/(?:Chrome|Chromium|Safari|Edg|Edge|OPR|Firefox|Version|Mozilla|AppleWebKit|Trident|curl|Go-http-client)\/$/.test(
			before,
		)
	)
		return true;
	return /^-\d+(?:\.|-)?[A-Za-z.]/.test(raw.slice(to, to + 8)) && !/^-\d{1,3}\./.test(raw.slice(to, to + 8));
}

/** IPv6 addresses of a text: with `::` or of eight groups. A time, a MAC, a C++ name is none. */
export function findIpv6({ raw, shape }: Scanned): readonly AddressFound[] {
	const found: AddressFound[] = [];
	let covered = 0;
	const add = (from: number, to: number): void => {
		const word = raw.slice(from, to);
		const address = parseAddress(word);
		if (address?.family !== 6 || from < covered) return;
		found.push({ kind: "ipv6", from, to, address, length: lengthBehind(raw, to) });
		covered = to;
	};
	const places: Place[] = [];
	for (let at = raw.indexOf("::"); at >= 0; at = raw.indexOf("::", at + 2)) {
		let from = at;
		while (from > 0 && at - from < 40 && /[0-9A-Fa-f:]/.test(raw.charAt(from - 1))) from--;
		let to = at + 2;
		while (to < raw.length && to - at < 46 && /[0-9A-Fa-f:.]/.test(raw.charAt(to))) to++;
		// `\nfe80::1` in JSON text, and prose before a colon: `addr:fe80::1`
		if (
			/[G-Zg-z_.]/.test(raw.charAt(from - 1)) &&
			raw.charAt(from - 2) !== "\\" &&
			!/%[0-9A-Fa-f]?$/.test(raw.slice(from - 2, from))
		)
			continue;
		places.push({ from, to });
	}
	for (const run of shape.colons) places.push(...matchesIn(raw, run.from, run.to, EIGHT_GROUPS));
	places.sort((a, b) => a.from - b.from);
	for (const place of places) {
		let { from, to } = place;
		while (/[.]/.test(raw.charAt(to - 1))) to--;
		if (raw.charAt(from) === ":" && raw.charAt(from + 1) !== ":") from++;
		// `redacted-1::` and `x-1::y` are words with colons behind them.
		if (/[G-Zg-z_]/.test(raw.charAt(to)) || /[A-Za-z0-9]-$/.test(raw.slice(Math.max(0, from - 2), from))) continue;
		const word = raw.slice(from, to);
		if (!/\d/.test(word) && !/^f[cde]/i.test(word)) continue;
		const port = joinedPort(raw, from, to);
		if (port > 0) add(from, port);
		else if (parseAddress(word)) add(from, to);
		// `2001:db8::1:` at the end of a phrase
		else if (word.endsWith(":") && !word.endsWith("::")) add(from, to - 1);
	}
	return found;
}

const EIGHT_GROUPS = /(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])/g;

/** Where a pattern that looks at most two characters around itself matches in a piece of the text. */
function matchesIn(raw: string, from: number, to: number, pattern: RegExp): readonly Place[] {
	const begin = Math.max(0, from - 2);
	return Array.from(raw.slice(begin, to + 2).matchAll(pattern), (match) => ({
		from: begin + match.index,
		to: begin + match.index + match[0].length,
	}));
}

/** netstat and older `docker ps` write `2001:db8::1:443` with the port after the last colon; its offset, or 0. */
function joinedPort(raw: string, from: number, to: number): number {
	const word = raw.slice(from, to);
	const colon = word.lastIndexOf(":");
	if (colon <= 1 || !/^\d{1,5}$/.test(word.slice(colon + 1)) || word.slice(0, colon + 1).endsWith("::")) return 0;
	if (!parseAddress(word.slice(0, colon))) return 0;
	const lineStart = raw.lastIndexOf("\n", from) + 1;
	const isNetstat = /^\s{0,8}(?:tcp|udp)6? +\d+ +\d+ /.test(raw.slice(lineStart, lineStart + 40));
	return raw.startsWith("->", to) || isNetstat ? from + colon : 0;
}

/** A hardware address in any of its forms, as six pairs in lower case with colons. */
export function macBytes(text: string): string {
	return (text.toLowerCase().replace(/[-:.]/g, "").match(/../g) ?? []).join(":");
}

/** Hardware addresses; all zeros, broadcast and multicast are nobody's. */
export function findMacs({ raw, shape }: Scanned): readonly MacFound[] {
	const found: MacFound[] = [];
	const add = (from: number, text: string): void => {
		const bytes = macBytes(text);
		const first = Number.parseInt(bytes.slice(0, 2), 16);
		if (bytes === "00:00:00:00:00:00" || (first & 1) === 1) return;
		found.push({ kind: "mac", from, to: from + text.length, bytes });
	};
	for (let at = raw.indexOf("MAC="); at >= 0; at = raw.indexOf("MAC=", at + 4)) {
		FRAME.lastIndex = at;
		const match = FRAME.exec(raw);
		if (!match) continue;
		add(at + 4, match[1] ?? "");
		add(at + 22, match[2] ?? "");
	}
	for (const run of shape.colons)
		for (const { from, to } of matchesIn(raw, run.from, run.to, DASHED_OR_COLON_MAC)) add(from, raw.slice(from, to));
	eachWord(shape, (from, to, dots, dashes) => {
		const pattern = dashes >= 5 ? DASHED_OR_COLON_MAC : dots >= 2 && to - from >= 14 ? DOTTED_MAC : null;
		if (pattern === null) return;
		for (const place of matchesIn(raw, from, to, pattern)) {
			const text = raw.slice(place.from, place.to);
			if (pattern !== DOTTED_MAC || /[a-f]/i.test(text)) add(place.from, text);
		}
	});
	return found;
}

const V4 = "\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}";
// What may stand behind an address to make a prefix of it: `/16`, `/255.255.0.0`, ` netmask 255.255.0.0`.
const LENGTH = new RegExp(`/(${V4}|\\d{1,2})(?![0-9A-Za-z_]|[.-]\\d)`, "y");
const MASK = new RegExp(` {1,4}(?:net)?mask:? {1,4}(${V4})`, "iy");
// `route -n`: destination, gateway, mask
const ROUTE = new RegExp(` {1,12}${V4} {1,12}(255\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})`, "y");

/** Every prefix that the text writes: `a/len`, `a/mask`, `a netmask m`, and the rows of `route -n`. */
export function declaredPrefixes(text: Scanned): readonly Prefix[] {
	const { raw } = text;
	const found = new Map<string, Prefix>();
	const add = (prefix: string): void => {
		if (found.has(prefix) || found.size >= 20_000) return;
		const parsed = parsePrefix(prefix);
		if (parsed) found.set(prefix, parsed);
	};
	const behind = (pattern: RegExp, at: number): string | null => {
		pattern.lastIndex = at;
		return pattern.exec(raw)?.[1] ?? null;
	};
	for (const { from, to } of quadsOf(text)) {
		const next = raw.charAt(to);
		if (next !== "/" && next !== " ") continue;
		const length =
			next === "/" ? behind(LENGTH, to) : (behind(MASK, to) ?? (raw[from - 1] === "\n" ? behind(ROUTE, to) : null));
		if (length !== null) add(`${raw.slice(from, to)}/${length}`);
	}
	for (let at = raw.indexOf("/"); at >= 0; at = raw.indexOf("/", at + 1)) {
		if (!/[0-9A-Fa-f:]/.test(raw.charAt(at - 1)) || !/\d/.test(raw.charAt(at + 1))) continue;
		let from = at;
		while (from > 0 && at - from < 40 && /[0-9A-Fa-f:]/.test(raw.charAt(from - 1))) from--;
		const address = raw.slice(from, at);
		const length = /^\d{1,3}(?![0-9A-Za-z_])/.exec(raw.slice(at + 1, at + 5))?.[0];
		if (length && address.includes(":") && !/[0-9A-Za-z:]/.test(raw.charAt(from - 1))) add(`${address}/${length}`);
	}
	return [...found.values()];
}
