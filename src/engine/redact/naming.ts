import type { Prefix } from "../netfilter/address";
import { formatAddress, parseAddress } from "../netfilter/address";
import { createAddressMap, formatLike } from "./address-map";
import { macBytes } from "./addresses";
import type { Scanned } from "./detector";
import { engineIdPseudonym, hexPseudonym, isPseudonym, numbersInUse, swarmPseudonym, uuidPseudonym } from "./pseudonym";

/** Gives every original its stand-in, the same one each time it is asked. Numbers follow the order of asking. */
export type Naming = {
	readonly secret: (original: string) => string;
	readonly name: (kind: string, original: string) => string;
	readonly id: (original: string) => string;
	readonly uuid: (original: string) => string;
	readonly engineId: (original: string) => string;
	readonly address: (original: string, length: number | null) => string;
	readonly mac: (original: string) => string;
};

/** `texts` and `declared` are those of the whole paste: numbers and prefixes in use there. */
export function createNaming(texts: readonly Scanned[], declared: readonly Prefix[]): Naming {
	const used = numbersInUse(texts);
	const addresses = createAddressMap(declared);
	const given = new Map<string, string>();
	const hosts = new Map<string, number>();
	// Addresses as they are written, with their length: a listing repeats few of them many times.
	const written = new Map<string, string>();

	function next(prefix: string): number {
		const n = (used.get(prefix) ?? 0) + 1;
		used.set(prefix, n);
		return n;
	}

	function once(kind: string, original: string, make: () => string): string {
		const key = `${kind} ${original}`;
		const known = given.get(key);
		if (known !== undefined) return known;
		const made = isPseudonym(original) ? original : make();
		given.set(key, made);
		return made;
	}

	/** `web01` is `host-1`, `web01.corp.lan` is `host-1.example`; another domain with a `web01` gets its own number. */
	function host(original: string): string {
		const plain = original.toLowerCase();
		const dot = plain.indexOf(".");
		if (dot < 0) {
			const n = hosts.get(plain) ?? next("host");
			hosts.set(plain, n);
			return `host-${n}`;
		}
		const known = hosts.get(plain);
		if (known !== undefined) return `host-${known}.example`;
		const short = plain.slice(0, dot);
		const shared = hosts.get(short);
		const n = shared !== undefined && !hosts.has(`${short}.`) ? shared : next("host");
		// A host that is later named without its domain is the same one.
		if (shared === undefined) hosts.set(short, n);
		hosts.set(`${short}.`, n);
		hosts.set(plain, n);
		return `host-${n}.example`;
	}

	function macOf(bytes: string): string {
		const parts = bytes.split(":");
		const local = (Number.parseInt(parts[0] ?? "0", 16) & 2) !== 0;
		// Docker up to 27 makes 02:42 and the container's IPv4 address; a reader compares the two.
		if (bytes.startsWith("02:42:")) {
			const inner = parseAddress(
				parts
					.slice(2)
					.map((byte) => Number.parseInt(byte, 16))
					.join("."),
			);
			if (inner && isDockerLike(inner.value)) {
				const image = addresses.of(inner, null);
				return `02:42:${[24n, 16n, 8n, 0n].map((shift) => ((image.value >> shift) & 255n).toString(16).padStart(2, "0")).join(":")}`;
			}
		}
		if (!local) {
			// 00:00:5e:00:53:00–ff is for documentation (RFC 7042).
			if (/^00:00:5e:00:53:/.test(bytes)) return bytes;
			const n = next("mac-vendor");
			return `00:00:5e:00:53:${(n % 256).toString(16).padStart(2, "0")}`;
		}
		if (/^02:(?:00|42):00:00:/.test(bytes)) return bytes;
		const n = next("mac-local");
		return `02:${bytes.startsWith("02:42:") ? "42" : "00"}:00:00:${((n >> 8) % 256).toString(16).padStart(2, "0")}:${(n % 256).toString(16).padStart(2, "0")}`;
	}

	function mac(original: string): string {
		const bytes = macBytes(original);
		const image = once("mac", bytes, () => macOf(bytes));
		const dashed = original.includes("-")
			? image.replace(/:/g, "-")
			: original.includes(".")
				? (image.replace(/:/g, "").match(/.{4}/g) ?? []).join(".")
				: image;
		return /[A-F]/.test(original) ? dashed.toUpperCase() : dashed;
	}

	/** The low half that a kernel makes of the interface's MAC (RFC 4291 appendix A) follows the MAC's stand-in. */
	function interfaceIdOf(value: bigint): bigint | undefined {
		const low = value & 0xffffffffffffffffn;
		if (((low >> 24n) & 0xffffn) !== 0xfffen) return undefined;
		const bytes = [56n, 48n, 40n, 16n, 8n, 0n].map((shift, i) => Number((low >> shift) & 255n) ^ (i === 0 ? 2 : 0));
		const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
		const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac(text)
			.split(":")
			.map((byte) => Number.parseInt(byte, 16));
		return [a ^ 2, b, c, 0xff, 0xfe, d, e, f].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
	}

	function addressOf(original: string, length: number | null): string {
		const address = parseAddress(original);
		if (!address) return original;
		const image = addresses.of(address, length, address.family === 6 ? interfaceIdOf(address.value) : undefined);
		return image === address || formatAddress(image) === formatAddress(address)
			? original
			: formatLike(original, image);
	}

	return {
		secret: (original) => once("secret", original, () => `redacted-${next("redacted")}`),
		name: (kind, original) =>
			once(kind, kind === "host" ? original.toLowerCase() : original, () =>
				kind === "host"
					? host(original)
					: kind === "mail"
						? `mail-${next("mail")}@mail.example`
						: `${kind}-${next(kind)}`,
			),
		id(original) {
			const head = original.slice(0, 12);
			const hex = /^[0-9a-f]+$/.test(head);
			const n = once(hex ? "hex" : "swarm", head, () => String(next(hex ? "hex" : "swarm")));
			if (!/^\d+$/.test(n)) return original;
			return hex ? hexPseudonym(Number(n), original.length) : swarmPseudonym(Number(n), original.length);
		},
		uuid: (original) => once("uuid", original.toLowerCase(), () => uuidPseudonym(next("uuid"))),
		engineId: (original) => once("engine-id", original, () => engineIdPseudonym(next("uuid"))),
		address(original, length) {
			const key = `${original}/${length}`;
			const known = written.get(key) ?? addressOf(original, length);
			written.set(key, known);
			return known;
		},
		mac,
	};
}

/** Whether the last four bytes read as an address a container can have, rather than as random ones. */
function isDockerLike(value: bigint): boolean {
	const first = Number(value >> 24n);
	const second = Number((value >> 16n) & 255n);
	return first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
}
