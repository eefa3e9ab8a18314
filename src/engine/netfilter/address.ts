/** An IP address. Kept as a number so that order, ranges and prefixes are plain arithmetic. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };

/** Inclusive on both ends; a single address has `from` equal to `to`. */
export type AddressRange = { readonly from: Address; readonly to: Address };

/** A prefix as written: `address` may have host bits (`172.17.0.1/16`). */
export type Prefix = { readonly address: Address; readonly length: number };

const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** Strict dotted quad or RFC 4291 text; null for anything else. `010.0.0.1`, `127.1` and zone ids are refused: they mean different things to different programs. */
export function parseAddress(text: string): Address | null {
	if (text.includes(":")) return parseIpv6(text);
	const value = parseIpv4(text);
	return value === null ? null : { family: 4, value };
}

function parseIpv4(text: string): bigint | null {
	const parts = text.split(".", 5);
	if (parts.length !== 4) return null;
	let value = 0n;
	for (const part of parts) {
		if (!OCTET.test(part)) return null;
		const octet = Number(part);
		if (octet > 255) return null;
		value = (value << 8n) | BigInt(octet);
	}
	return value;
}

function parseIpv6(text: string): Address | null {
	if (text.length > 45) return null;
	const halves = text.split("::", 3);
	if (halves.length > 2) return null;
	const groups = halves.map((half) => groupsOf(half));
	const head = groups[0];
	const tail = groups[1] ?? [];
	if (!head || groups.includes(null)) return null;
	const missing = 8 - head.length - (tail?.length ?? 0);
	if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
	let value = 0n;
	for (const group of [...head, ...new Array<bigint>(halves.length === 2 ? missing : 0).fill(0n), ...(tail ?? [])]) {
		value = (value << 16n) | group;
	}
	return { family: 6, value };
}

function groupsOf(half: string): bigint[] | null {
	if (half === "") return [];
	const groups: bigint[] = [];
	const parts = half.split(":", 9);
	for (const [index, part] of parts.entries()) {
		if (index === parts.length - 1 && part.includes(".")) {
			const v4 = parseIpv4(part);
			if (v4 === null) return null;
			groups.push(v4 >> 16n, v4 & 0xffffn);
		} else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
		else return null;
	}
	return groups;
}

/** `10.0.0.0/8`, `fd00::/8`, `10.0.0.0/255.0.0.0`, or a bare address (full length); null for anything else. */
export function parsePrefix(text: string): Prefix | null {
	const slash = text.indexOf("/");
	const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
	if (!address) return null;
	const bits = address.family === 4 ? 32 : 128;
	if (slash < 0) return { address, length: bits };
	const tail = text.slice(slash + 1);
	if (/^\d{1,3}$/.test(tail)) {
		const length = Number(tail);
		return length <= bits ? { address, length } : null;
	}
	const mask = parseAddress(tail);
	if (!mask || mask.family !== address.family) return null;
	const inverse = mask.value ^ ((1n << BigInt(bits)) - 1n);
	if ((inverse & (inverse + 1n)) !== 0n) return null;
	return { address, length: bits - inverse.toString(2).replace(/^0$/, "").length };
}

/** First to last address of a prefix. */
export function rangeOf(prefix: Prefix): AddressRange {
	const { family, value } = prefix.address;
	const host = BigInt((family === 4 ? 32 : 128) - prefix.length);
	const from = (value >> host) << host;
	return { from: { family, value: from }, to: { family, value: from + (1n << host) - 1n } };
}

/** Whether the address lies in the range; false across families. */
export function inRange(range: AddressRange, address: Address): boolean {
	return range.from.family === address.family && range.from.value <= address.value && address.value <= range.to.value;
}

/** Whether two ranges share an address. */
export function overlap(a: AddressRange, b: AddressRange): boolean {
	return a.from.family === b.from.family && a.from.value <= b.to.value && b.from.value <= a.to.value;
}

/** Dotted quad, or RFC 5952 text. */
export function formatAddress({ family, value }: Address): string {
	if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
	const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
	let best = { at: -1, length: 1 };
	for (let at = 0; at < 8; at++) {
		let length = 0;
		while (at + length < 8 && groups[at + length] === "0") length++;
		if (length > best.length) best = { at, length };
	}
	if (best.at < 0) return groups.join(":");
	return `${groups.slice(0, best.at).join(":")}::${groups.slice(best.at + best.length).join(":")}`;
}

/** `a.b.c.d/len`, host bits kept. */
export function formatPrefix(prefix: Prefix): string {
	return `${formatAddress(prefix.address)}/${prefix.length}`;
}
