import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Artifact } from "../text/evidence";
import { inOneYear, inOrder } from "./time-order";

const artifact = (id: string): Artifact => ({
	id,
	kind: "dockerd-log",
	name: id,
	source: "s",
	from: 0,
	to: 999,
	firstLine: 1,
	lines: [],
});
const artifacts = [artifact("a"), artifact("b")];
const item = (of: string, from: number, time: number | null) => ({
	time,
	at: { artifact: of, from, to: from + 1, line: from, lastLine: from },
});
const order = (items: readonly ReturnType<typeof item>[]) =>
	inOrder(items, artifacts).map(({ at }) => `${at.artifact}${at.from}`);

describe("inOrder", () => {
	it("orders by time across artifacts", () => {
		expect(order([item("a", 1, 9000), item("b", 1, 5000), item("a", 2, 12_000)])).toEqual(["b1", "a1", "a2"]);
	});
	it("keeps the pasted order within one second, whatever the finer clock says", () => {
		expect(order([item("a", 1, 5900), item("a", 2, 5000)])).toEqual(["a1", "a2"]);
	});
	it("keeps what has no time between its neighbours", () => {
		expect(order([item("a", 1, null), item("a", 2, 9000), item("a", 3, null), item("b", 1, 20_000)])).toEqual([
			"a1",
			"a2",
			"a3",
			"b1",
		]);
	});
	it("puts last what stands in an artifact without any time", () => {
		expect(order([item("a", 1, null), item("b", 1, 5000)])).toEqual(["b1", "a1"]);
	});
	it("loses nothing and repeats nothing", () => {
		const any = fc.record({
			of: fc.constantFrom("a", "b", "elsewhere"),
			from: fc.nat(50),
			time: fc.option(fc.nat(100_000)),
		});
		fc.assert(
			fc.property(fc.array(any, { maxLength: 30 }), (all) => {
				const items = all.map(({ of, from, time }) => item(of, from, time));
				expect(inOrder(items, artifacts)).toHaveLength(items.length);
				expect(new Set(inOrder(items, artifacts))).toEqual(new Set(items));
			}),
		);
	});
});

describe("inOneYear", () => {
	const syslog = Date.UTC(2000, 10, 23, 8);
	const own = Date.UTC(2026, 10, 23, 8);
	it("moves a time without a year into the year that others name", () => {
		expect(inOneYear([syslog, own, null])(syslog)).toBe(own);
		expect(inOneYear([syslog, own])(null)).toBeNull();
	});
	it("leaves times alone where none names a year", () => {
		expect(inOneYear([syslog])(syslog)).toBe(syslog);
	});
});
