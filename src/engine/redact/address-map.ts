import type { Address, Prefix } from "../netfilter/address";
import { formatAddress, inRange, parsePrefix, rangeOf } from "../netfilter/address";

/**
 * Addresses to addresses, so that every subnet relation of the paste still holds: two addresses share their first n bits
 * before exactly when they share their first n bits after.
 *
 * Inside its class an address is a path through a binary tree. At a node that is met for the first time the bit that
 * comes becomes the bit of a fixed key; its sibling becomes the other one. So the result depends on nothing but the
 * order of appearance, there is no secret seed, and a second pass meets the key's bits first and changes nothing.
 *
 * Network and broadcast addresses of the prefixes that the paste declares (`10.20.0.0/16`) stay what they are: below a
 * declared prefix the way of all zeros and of all ones is not bent. So `.1` stays `.1`, a gateway looks like one.
 *
 * Classes: private stays in its own private block. Public becomes documentation space: each /24 (or wider declared
 * prefix) takes the next block of 198.51.100.0/24 (RFC 5737), then 198.18.0.0/15 (RFC 2544), then 240.0.0.0/4; each
 * public IPv6 /48 takes the next of 2001:db8:100::/40 and up (RFC 3849). 203.0.113.0/24, 192.0.2.0/24 and
 * 2001:db8::/40 hold what the paste itself has there and nobody else: the packet trace takes its example hosts from
 * them, and a rule for somebody's network must not begin to match an example.
 *
 * Kept as they are: loopback, link-local, multicast, unspecified, broadcast, netmasks, Docker's first bridge network
 * 172.17.0.0/16, the resolvers everybody knows.
 */
export type AddressMap = {
	/**
	 * The stand-in; the same object when the address stays. `length` is the prefix length written behind it, null for a
	 * bare address. `interfaceId` gives another low half of an IPv6 address.
	 */
	readonly of: (address: Address, length: number | null, interfaceId?: bigint) => Address;
	/** Whether the address tells nothing about its owner. */
	readonly stays: (address: Address) => boolean;
};

const KEPT = [
	"0.0.0.0/8",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.17.0.0/16",
	"224.0.0.0/4",
	"255.255.255.255",
	"8.8.8.8",
	"8.8.4.4",
	"1.1.1.1",
	"1.0.0.1",
	"9.9.9.9",
	"::/127",
	"ff00::/8",
	"2001:4860:4860::8888",
	"2001:4860:4860::8844",
	"2606:4700:4700::1111",
	"2606:4700:4700::1001",
	"::ffff:0:0/112",
].map(range);
const PRIVATE = ["10.0.0.0/8", "192.168.0.0/16", "100.64.0.0/10", "172.16.0.0/12"].map(prefix);
const CLASSES = [
	...PRIVATE,
	...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.17.0.0/16", "224.0.0.0/4"].map(prefix),
];
const LINK_LOCAL = prefix("fe80::/10");
const UNIQUE_LOCAL = prefix("fc00::/7");
const SIX_TO_FOUR = prefix("2002::/16");
const MAPPED = range("::ffff:0:0/96");
const TRANSLATED = range("64:ff9b::/96");

// The bits that a first-seen address takes. Third octets 213 and 171 are rare in the wild, so a stand-in seldom equals
// what it stands for.
const KEY4 = 0x00d5ab56n;
const KEY6 = 0x00ed_5eed_5eedn;
const KEY6_LOW = 0x5eed_5eed_5eed_5eedn;
const DOCUMENTATION = 0xc6336400n;
// Documentation blocks that stand for themselves.
const OWN_BLOCKS: ReadonlySet<bigint> = new Set([0xcb007100n, 0xc0000200n]);
const FIRST_BLOCK6 = 0x100;

function prefix(text: string): Prefix {
	return parsePrefix(text) ?? { address: { family: 4, value: 0n }, length: 32 };
}

function range(text: string) {
	return rangeOf(prefix(text));
}

/** `declared`: every prefix the paste writes, host bits allowed. */
export function createAddressMap(declared: readonly Prefix[]): AddressMap {
	const networks = declared.map((one) => ({ ...one, address: rangeOf(one).from })).filter((one) => !holdsClass(one));
	const straight = straightNodes(networks);
	const wide = networks
		.filter(({ address, length }) => address.family === 4 && length >= 8 && length < 24 && isPublic4(address))
		.sort((a, b) => a.length - b.length);
	const bent = new Map<string, bigint>();
	const blocks = new Map<string, bigint>();
	const done = new Map<string, Address>();
	let narrow = 0;
	let wideSix = 0;
	let nextWide = 0xf0000000n;

	/** Walks bits `from`..`to` (counted from the top) of `value` below `image`, the stand-in of the bits before. */
	function walk(family: 4 | 6, value: bigint, image: bigint, from: number, to: number, key: bigint): bigint {
		const bits = family === 4 ? 32 : 128;
		let out = image;
		for (let depth = from; depth < to; depth++) {
			const shift = BigInt(bits - 1 - depth);
			const bit = (value >> shift) & 1n;
			const node = `${family}/${depth}/${(value >> (shift + 1n)).toString(36)}`;
			let flip = bent.get(node);
			if (flip === undefined) {
				flip = straight.has(node) ? 0n : bit ^ ((key >> shift) & 1n);
				bent.set(node, flip);
			}
			out |= (bit ^ flip) << shift;
		}
		return out;
	}

	function map4(value: bigint): bigint {
		const address: Address = { family: 4, value };
		const home = PRIVATE.find((one) => inRange(rangeOf(one), address));
		const low = value & 0xffn;
		if (home) {
			const top = (value >> BigInt(32 - home.length)) << BigInt(32 - home.length);
			return walk(4, value, top, home.length, 24, KEY4) | low;
		}
		const block = wide.find((one) => inRange(rangeOf(one), address));
		const length = block?.length ?? 24;
		const size = BigInt(32 - length);
		const id = `${length}/${value >> size}`;
		let base = blocks.get(id);
		if (base === undefined) {
			base = length === 24 && OWN_BLOCKS.has(value - low) ? value - low : nextBlock(length);
			blocks.set(id, base);
		}
		return walk(4, value, base, length, 32, KEY4);
	}

	function nextBlock(length: number): bigint {
		if (length === 24) {
			const at = narrow++;
			if (at === 0) return DOCUMENTATION;
			if (at <= 512) return 0xc6120000n + (BigInt(at - 1) << 8n);
		}
		const size = 1n << BigInt(32 - length);
		const base = ((nextWide + size - 1n) / size) * size;
		// 240.0.0.0/4 holds a million /24s. Past that blocks are shared: still nobody's, no longer told apart.
		if (base + size > 0xff000000n) return 0xf0000000n;
		nextWide = base + size;
		return base;
	}

	function map6(value: bigint, interfaceId: bigint | undefined): bigint {
		const high = value >> 64n;
		const top = inRange(rangeOf(LINK_LOCAL), { family: 6, value }) ? high << 64n : mapPrefix6(value);
		const low = value & 0xffffffffffffffffn;
		if (interfaceId !== undefined) return top | interfaceId;
		// Small numbers are given by hand or by docker, like the last octet of IPv4; the rest is a device's own mark.
		if (low < 0x10000n) return top | low;
		return walk(6, value, top, 64, 128, KEY6_LOW);
	}

	function mapPrefix6(value: bigint): bigint {
		if (inRange(rangeOf(UNIQUE_LOCAL), { family: 6, value }))
			return walk(6, value, (value >> 120n) << 120n, 8, 64, KEY6 << 64n);
		const id = `6/${value >> 80n}`;
		let base = blocks.get(id);
		if (base === undefined) {
			const own = value >> 88n === 0x20010db800n;
			base = own ? (value >> 80n) << 80n : (0x20010db8n << 96n) | (BigInt(FIRST_BLOCK6 + (wideSix++ % 0xff00)) << 80n);
			blocks.set(id, base);
		}
		return walk(6, value, base, 48, 64, KEY6 << 64n);
	}

	function stays({ family, value }: Address): boolean {
		const address = { family, value };
		if (KEPT.some((one) => inRange(one, address))) return true;
		if (family === 6) return false;
		// 255.255.240.0 and its inverse 0.0.15.255 are masks.
		return value >= 0xff000000n;
	}

	return {
		stays,
		of(address, length, interfaceId) {
			const { family, value } = address;
			if (stays(address)) return address;
			// `10.0.0.0/8` is a class, `10.20.30.40/8` is somebody's address in it.
			const bits = family === 4 ? 32 : 128;
			if (length !== null && length <= bits && rangeOf({ address, length }).from.value === value) {
				if (isWholeClass(address, length)) return address;
				if (family === 6 && length < 48 && !isLocal6(address)) return inDocumentation6(length);
			}
			const key = `${family}/${value.toString(36)}`;
			const known = done.get(key);
			if (known) return known;
			let image: Address;
			if (family === 4) image = { family, value: map4(value) };
			else if (inRange(MAPPED, address) || inRange(TRANSLATED, address)) {
				const inner: Address = { family: 4, value: value & 0xffffffffn };
				image = { family, value: ((value >> 32n) << 32n) | (stays(inner) ? inner.value : map4(inner.value)) };
			} else image = { family, value: map6(value, interfaceId) };
			done.set(key, image);
			return image;
		},
	};
}

/** Nodes on the way of all zeros and of all ones below each declared prefix and below each /24 and /64. */
function straightNodes(networks: readonly Prefix[]): { has: (node: string) => boolean } {
	const nodes = new Set<string>();
	for (const { address, length } of networks) {
		const bits = address.family === 4 ? 32 : 128;
		// The class itself (10.0.0.0/8) bends nothing: else every low address would stay.
		if (
			length >= bits ||
			length < 8 ||
			PRIVATE.some((one) => one.length === length && one.address.value === address.value)
		)
			continue;
		if (address.family === 6 && length < 16) continue;
		const last = address.family === 4 ? 32 : 64;
		const zeros = address.value;
		const ones = rangeOf({ address, length }).to.value;
		for (let depth = length; depth < last; depth++) {
			const shift = BigInt(bits - depth);
			nodes.add(`${address.family}/${depth}/${(zeros >> shift).toString(36)}`);
			nodes.add(`${address.family}/${depth}/${(ones >> shift).toString(36)}`);
		}
	}
	return {
		has(node) {
			if (nodes.has(node)) return true;
			const [family, depth, path] = node.split("/");
			return family === "4"
				? isStraight4(Number(depth), Number.parseInt(path ?? "0", 36))
				: isStraight6(Number(depth), path ?? "0");
		},
	};
}

// Below any /24 the host bits .0, .1, .254 and .255 keep their meaning; below docker's /16s the low subnets do.
function isStraight4(depth: number, path: number): boolean {
	if (depth >= 24) {
		const tail = path % 2 ** (depth - 24);
		return tail === 0 || tail === 2 ** (depth - 24) - 1;
	}
	// 172.17.0.0/16 stays, so the way to it is not bent either: else another network could be sent there.
	if (depth >= 12 && depth < 16) return path === Math.floor(0xac11 / 2 ** (16 - depth));
	if (depth < 16 || Math.floor(path / 2 ** (depth - 12)) !== 0xac1) return false;
	const tail = path % 2 ** (depth - 16);
	return tail === 0 || tail === 2 ** (depth - 16) - 1;
}

function isStraight6(depth: number, path: string): boolean {
	if (depth < 64) return false;
	let value = 0n;
	for (const digit of path) value = value * 36n + BigInt(Number.parseInt(digit, 36));
	return (value & ((1n << BigInt(depth - 64)) - 1n)) === 0n;
}

function isPublic4(address: Address): boolean {
	return !PRIVATE.some((one) => inRange(rangeOf(one), address)) && !KEPT.some((one) => inRange(one, address));
}

/** A prefix wider than a class that it holds (172.0.0.0/8) tells nothing, and no stand-in could hold the class. */
function holdsClass({ address, length }: Prefix): boolean {
	const whole = rangeOf({ address, length });
	return address.family === 4 && CLASSES.some((one) => one.length > length && inRange(whole, one.address));
}

/** A prefix as wide as its class or wider (10.0.0.0/8, 192.168.0.0/16, 128.0.0.0/1, 2000::/3) is nobody's. */
function isWholeClass(address: Address, length: number): boolean {
	if (holdsClass({ address, length })) return true;
	if (address.family === 6) {
		if (inRange(rangeOf(UNIQUE_LOCAL), address)) return length < 9;
		// firewalld rejects 6to4 of private IPv4, `2002:c0a8::/32` and its like, on every host (RFC 3964).
		return length < (inRange(rangeOf(SIX_TO_FOUR), address) ? 33 : 32);
	}
	const home = PRIVATE.find((one) => inRange(rangeOf(one), address));
	return length <= (home?.length ?? 7);
}

function isLocal6(address: Address): boolean {
	return inRange(rangeOf(UNIQUE_LOCAL), address) || inRange(rangeOf(LINK_LOCAL), address);
}

// A provider's /32 holds every block we give out; between /32 and /48 the nesting is not kept.
function inDocumentation6(length: number): Address {
	return rangeOf({ address: { family: 6, value: 0x20010db8n << 96n }, length }).from;
}

/** As the original was written: mapped IPv4 dotted, eight full groups full, else RFC 5952. */
export function formatLike(original: string, image: Address): string {
	if (image.family === 4) return formatAddress(image);
	if (original.includes("."))
		return `${original.slice(0, original.lastIndexOf(":") + 1)}${formatAddress({ family: 4, value: image.value & 0xffffffffn })}`;
	if (/^(?:[0-9A-Fa-f]{4}:){7}[0-9A-Fa-f]{4}$/.test(original)) {
		return Array.from({ length: 8 }, (_, i) =>
			((image.value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16).padStart(4, "0"),
		).join(":");
	}
	return formatAddress(image);
}
