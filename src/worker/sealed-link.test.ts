import { describe, expect, it } from "vitest";
import { isSealed, makePassphrase, openSealed, SHORTEST_PASSPHRASE, sealLink } from "./sealed-link";

const FRAGMENT =
	"v1.rnabdIuOVgLuuylNS8tMBs2X6gIn6VJA_R6oIUoFSjpK0aAVyLqG0ChXqItVgcU50GRg6tEtBa9RhsQ0sBYGruBOTQFFckEO0F1KsbGxAA";

describe("a link with a passphrase", () => {
	it("opens to the very fragment it was made of, with this passphrase only", async () => {
		const sealed = await sealLink(FRAGMENT, "falcon flies by night");
		expect(isSealed(sealed)).toBe(true);
		expect(sealed).toMatch(/^v1e\.[A-Za-z0-9_-]+$/);
		expect(await openSealed(sealed, "falcon flies by night")).toEqual({ kind: "ok", fragment: FRAGMENT });
		for (const wrong of ["falcon flies by nigh", "Falcon flies by night", "falcon flies by night ", ""])
			expect(await openSealed(sealed, wrong)).toEqual({ kind: "wrong" });
	}, 60_000);

	it("costs 44 bytes and is never twice the same", async () => {
		const [one, two] = await Promise.all([sealLink(FRAGMENT, "a passphrase"), sealLink(FRAGMENT, "a passphrase")]);
		expect(one).not.toBe(two);
		expect(one.slice(0, 26)).not.toBe(two.slice(0, 26));
		expect(one.length - FRAGMENT.length).toBeLessThanOrEqual(Math.ceil((44 * 4) / 3) + 2);
	}, 60_000);

	it("is the same passphrase however it was typed: composed or not", async () => {
		const sealed = await sealLink(FRAGMENT, "schlüssel für alle");
		expect(await openSealed(sealed, "schlüssel für alle".normalize("NFD"))).toMatchObject({ kind: "ok" });
	}, 60_000);

	it("carries a large report", async () => {
		const fragment = `v1.${"Ab-_".repeat(100_000)}`;
		expect(await openSealed(await sealLink(fragment, "a passphrase"), "a passphrase")).toEqual({
			kind: "ok",
			fragment,
		});
	}, 60_000);

	it("seals nothing but a version 1 link", async () => {
		await expect(sealLink("javascript:alert(1)", "a passphrase")).rejects.toThrow("version 1");
		await expect(sealLink("v1.%%%", "a passphrase")).rejects.toThrow("version 1");
	});

	it.each([
		["cut to nothing", "v1e."],
		["cut within the salt", "v1e.AAAA"],
		["too short for any report", `v1e.${"A".repeat(60)}`],
		["other characters", `v1e.${"A".repeat(80)}<script>`],
		["a length that no base64 has", `v1e.${"A".repeat(81)}`],
		["longer than a report can be", `v1e.${"A".repeat(6_000_200)}`],
		["another version", "v2e.AAAA"],
	])("says of a link that can't be one what is wrong: %s", async (_, fragment) => {
		expect(await openSealed(fragment, "a passphrase")).toMatchObject({
			kind: "damaged",
			says: expect.stringMatching(/link/),
		});
	});

	it("opens to nothing after any change: salt, IV, text, tag, length", async () => {
		const sealed = await sealLink(FRAGMENT, "a passphrase");
		for (const at of [5, 24, 40, 60, sealed.length - 3]) {
			const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
			expect(await openSealed(changed, "a passphrase"), String(at)).toEqual({ kind: "wrong" });
		}
		expect(await openSealed(sealed.slice(0, -4), "a passphrase")).toEqual({ kind: "wrong" });
	}, 120_000);

	it("can make a passphrase that nobody guesses", () => {
		const made = new Set(Array.from({ length: 50 }, makePassphrase));
		expect(made.size).toBe(50);
		for (const one of made) expect(one).toMatch(/^(?:[a-km-z2-9]{5}-){4}[a-km-z2-9]{5}$/);
		expect(makePassphrase().length).toBeGreaterThan(SHORTEST_PASSPHRASE);
	});
});
