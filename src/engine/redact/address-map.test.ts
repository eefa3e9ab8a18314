import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type Address,
	formatAddress,
	inRange,
	type Prefix,
	parseAddress,
	parsePrefix,
	rangeOf,
} from "../netfilter/address";
import { createAddressMap } from "./address-map";

function address(text: string): Address {
	const parsed = parseAddress(text);
	if (!parsed) throw new Error(text);
	return parsed;
}
function prefix(text: string): Prefix {
	const parsed = parsePrefix(text);
	if (!parsed) throw new Error(text);
	return parsed;
}
function mapped(declared: readonly string[], ...texts: readonly string[]): readonly string[] {
	const map = createAddressMap(declared.map(prefix));
	return texts.map((text) => formatAddress(map.of(address(text), null)));
}

/** How many leading bits two addresses share. */
function shared(a: bigint, b: bigint, bits: number): number {
	const difference = a ^ b;
	return difference === 0n ? bits : bits - difference.toString(2).length;
}

const privateV4 = fc.oneof(
	fc.integer({ min: 0, max: 0xffffff }).map((low) => 0x0a000000n + BigInt(low)),
	fc.integer({ min: 0, max: 0xffff }).map((low) => 0xc0a80000n + BigInt(low)),
	fc.integer({ min: 0, max: 0xfffff }).map((low) => 0xac100000n + BigInt(low)),
);
const anyV4 = fc.integer({ min: 0, max: 0xffffffff }).map(BigInt);

describe("createAddressMap", () => {
	it.each([
		"127.0.0.1",
		"0.0.0.0",
		"172.17.0.2",
		"169.254.1.1",
		"224.0.0.251",
		"255.255.255.255",
		"255.255.240.0",
		"8.8.8.8",
		"::1",
		"ff02::1",
		"2606:4700:4700::1111",
	])("leaves %s, which is everybody's", (text) => {
		expect(mapped([], text)).toEqual([formatAddress(address(text))]);
	});

	it.each([
		["10.20.30.40", "10.0.0.0/8"],
		["192.168.56.10", "192.168.0.0/16"],
		["172.28.9.9", "172.16.0.0/12"],
		["100.100.1.1", "100.64.0.0/10"],
		["fd12:3456:789a::5", "fd00::/8"],
		["81.2.69.142", "198.51.100.0/24"],
		["2a02:8106::5", "2001:db8::/32"],
		["fe80::1", "fe80::/10"],
	])("keeps %s in its class, %s", (text, home) => {
		const [image] = mapped([], text);
		expect(inRange(rangeOf(prefix(home)), address(image ?? ""))).toBe(true);
	});

	it("gives public networks the documentation blocks in turn", () => {
		expect(mapped([], "81.2.69.1", "81.2.70.1", "93.184.216.1", "5.6.7.1", "81.2.69.254")).toEqual([
			"198.51.100.1",
			"198.18.0.1",
			"198.18.1.1",
			"198.18.2.1",
			"198.51.100.254",
		]);
	});

	it("sends no public network where the packet trace has its example hosts, and leaves theirs there", () => {
		expect(mapped([], "203.0.113.1", "81.2.69.1", "192.0.2.254", "2a02:8106:1::5", "2001:db8:1::77")).toEqual([
			"203.0.113.1",
			"198.51.100.1",
			"192.0.2.254",
			"2001:db8:100:5eed::5",
			"2001:db8:1:5eed::77",
		]);
	});

	it("keeps network, gateway and broadcast of a declared prefix what they are", () => {
		const [network, gateway, broadcast, other] = mapped(
			["10.20.16.0/20"],
			"10.20.16.0",
			"10.20.16.1",
			"10.20.31.255",
			"10.20.17.9",
		);
		expect(network).toMatch(/\.0$/);
		const inside = rangeOf(prefix(`${network}/20`));
		expect(formatAddress(inside.from)).toBe(network);
		expect(formatAddress(inside.to)).toBe(broadcast);
		expect(address(gateway ?? "").value).toBe(inside.from.value + 1n);
		expect(inRange(inside, address(other ?? ""))).toBe(true);
	});

	it("keeps two private addresses as close as they were", () => {
		fc.assert(
			fc.property(
				fc.array(privateV4, { minLength: 2, maxLength: 30 }),
				fc.array(fc.tuple(privateV4, fc.integer({ min: 9, max: 30 })), { maxLength: 5 }),
				(values, declared) => {
					const map = createAddressMap(
						declared.map(([value, length]) => ({ address: { family: 4 as const, value }, length })),
					);
					const images = values.map((value) => map.of({ family: 4, value }, null).value);
					for (const [i, a] of values.entries())
						for (const [j, b] of values.entries())
							expect(shared(images[i] ?? 0n, images[j] ?? 0n, 32)).toBe(shared(a, b, 32));
				},
			),
			{ numRuns: 200, seed: 23 },
		);
	});

	it("sends no two addresses to one, and keeps each public /24 together", () => {
		fc.assert(
			fc.property(fc.uniqueArray(anyV4, { minLength: 2, maxLength: 60 }), (values) => {
				const map = createAddressMap([]);
				const images = values.map((value) => map.of({ family: 4, value }, null).value);
				expect(new Set(images).size).toBe(values.length);
			}),
			{ numRuns: 200, seed: 23 },
		);
	});

	it("maps its own results to themselves", () => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof(anyV4, privateV4), { maxLength: 40 }),
				fc.array(fc.tuple(fc.oneof(anyV4, privateV4), fc.integer({ min: 8, max: 31 })), { maxLength: 6 }),
				(values, declared) => {
					const first = createAddressMap(
						declared.map(([value, length]) => ({ address: { family: 4 as const, value }, length })),
					);
					// A declared prefix stands in the text too, so it is asked for like any address.
					const networks = declared.map(([value, length]) => ({
						address: first.of(rangeOf({ address: { family: 4, value }, length }).from, length),
						length,
					}));
					const images = values.map((value) => first.of({ family: 4, value }, null));
					const second = createAddressMap(networks);
					for (const { address: network, length } of networks) expect(second.of(network, length)).toEqual(network);
					for (const image of images) expect(second.of(image, null)).toEqual(image);
				},
			),
			{ numRuns: 300, seed: 23 },
		);
	});
});
