import fc from "fast-check";
import { expect, it } from "vitest";
import { floodOf } from "./flood";

it("keeps the first and the last of each kind in the order they came", () => {
	const flood = floodOf<number>(2, 10);
	for (let at = 0; at < 10; at += 1) flood.add(at % 5 === 0 ? "rare" : "often", at);
	expect(flood.kept()).toEqual([0, 1, 2, 5, 8, 9]);
	expect(flood.dropped()).toBe(4);
});

it("lets further kinds go once there are too many", () => {
	const flood = floodOf<string>(5, 2);
	for (const kind of ["a", "b", "c", "a"]) flood.add(kind, kind);
	expect(flood.kept()).toEqual(["a", "b", "a"]);
	expect(flood.dropped()).toBe(1);
});

it("keeps and drops as many as came, and the last one always", () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1 }), (kinds) => {
			const flood = floodOf<number>(3, 3);
			kinds.forEach((kind, at) => {
				flood.add(kind, at);
			});
			const kept = flood.kept();
			expect(kept.length + flood.dropped()).toBe(kinds.length);
			expect(kept.at(-1)).toBe(kinds.length - 1);
			expect([...kept].sort((one, other) => one - other)).toEqual(kept);
		}),
	);
});
