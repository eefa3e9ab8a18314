import { type Address, formatAddress, parseAddress, rangeOf } from "../netfilter/address";
import { createAddressMap } from "./address-map";
import { findIpv4, findIpv6, findMacs } from "./addresses";
import { type Place, scanned } from "./detector";

/** A word that only stands for something, where it stands in a text of ours (a plan, a sentence). */
export type StandInFound = Place & {
	/** Of what: `container`, `host`, `interface`, `address`, `id`… */
	readonly kind: string;
	readonly word: string;
};

// The forms of pseudonym.ts, also inside longer words: a composed name is as little real as its part.
const NAMED =
	/(?<![A-Za-z0-9])(redacted|host|user|mail|container|image|net|volume|project|label|serial|ssid|word|name)-\d{1,6}(?:@mail\.example|\.example)?(?![A-Za-z0-9])/g;
const HEX = /(?<![A-Za-z0-9])(br-)?ed[0-9a-f]{4}00(?:00(?:[0-9a-f]{2}0{0,52})?)?(?![0-9A-Za-z])/g;
const SWARM = /(?<![A-Za-z0-9])sw[0-9a-f]{6}0{4,17}(?![0-9A-Za-z])/g;
const UUID = /(?<![A-Za-z0-9-])00000000-0000-4000-8000-[0-9a-f]{12}(?![0-9A-Za-z-])/g;

const addresses = createAddressMap([]);

/**
 * The stand-ins in a text that was made from redacted evidence, rising. Names and ids have forms of their own. Addresses
 * have none, so every address counts that redaction would not have left as it is: better one question too many than a
 * stand-in passed off as real. `known` may except addresses that did not come from the evidence.
 */
export function findStandIns(text: string, known: (address: string) => boolean = () => false): readonly StandInFound[] {
	const found: StandInFound[] = [];
	const add = (kind: string, from: number, to: number): void => {
		found.push({ kind, from, to, word: text.slice(from, to) });
	};
	for (const match of text.matchAll(NAMED)) add(kindOf(match[1] ?? ""), match.index, match.index + match[0].length);
	for (const match of text.matchAll(HEX))
		add(match[1] === undefined ? "id" : "interface", match.index, match.index + match[0].length);
	for (const pattern of [SWARM, UUID])
		for (const match of text.matchAll(pattern)) add("id", match.index, match.index + match[0].length);
	const whole = scanned(text);
	for (const { from, to, address, length } of [...findIpv4(whole), ...findIpv6(whole)])
		if (!isPlain(address, length) && !known(text.slice(from, to))) add("address", from, to);
	for (const { from, to } of findMacs(whole)) add("mac", from, to);
	found.sort((a, b) => a.from - b.from || b.to - a.to);
	return found.filter((one, index) => index === 0 || one.from >= (found[index - 1]?.to ?? 0));
}

// Forms that nobody writes by chance; `container-1` alone may be somebody's own name.
const UNMISTAKABLE =
	/(?<![A-Za-z0-9])(?:redacted-\d{1,6}|host-\d{1,6}\.example|mail-\d{1,6}@mail\.example|ed[0-9a-f]{4}0{4}[0-9a-f]{2}0*|sw[0-9a-f]{6}0{4,17}|00000000-0000-4000-8000-[0-9a-f]{12}|00:00:5e:00:53:[0-9a-f]{2})(?![A-Za-z0-9])/;

/** Whether texts came out of a redaction, so that names in them are stand-ins: by one unmistakable form, or two kinds of names. */
export function looksRedacted(texts: readonly string[]): boolean {
	if (texts.some((text) => UNMISTAKABLE.test(text))) return true;
	const kinds = new Set(texts.flatMap((text) => Array.from(text.matchAll(NAMED), (match) => match[1])));
	return kinds.size >= 2;
}

/** Tells addresses that no evidence speaks of, not even of their network: those are a repair's own suggestions. */
export function addressesOutside(texts: readonly string[]): (address: string) => boolean {
	const heads = new Set<string>();
	for (const text of texts.map(scanned))
		for (const { address } of [...findIpv4(text), ...findIpv6(text)]) heads.add(headOf(address));
	return (text) => {
		const address = parseAddress(text);
		return address !== null && !heads.has(headOf(address));
	};
}

// The first half of IPv4, the first 32 bits of IPv6: a network that is computed from an address shares them.
function headOf({ family, value }: Address): string {
	const bits = family === 4 ? 16n : 96n;
	return formatAddress({ family, value: (value >> bits) << bits });
}

/** Redaction leaves it as it is: loopback, docker0's range, a whole class. */
function isPlain(address: Address, length: number | null): boolean {
	if (addresses.stays(address)) return true;
	if (length === null) return false;
	const bits = address.family === 4 ? 32 : 128;
	if (length > bits || rangeOf({ address, length }).from.value !== address.value) return false;
	return createAddressMap([]).of(address, length).value === address.value && length <= 16;
}

function kindOf(prefix: string): string {
	if (prefix === "redacted") return "secret";
	return prefix === "net" ? "network" : prefix;
}
