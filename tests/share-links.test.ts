import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import { crc32 } from "../src/engine/share/crc32";
import { DICTIONARY_V1 } from "../src/engine/share/dictionary-v1";
import { decodeLink } from "../src/engine/share/restore";
import { openSealed } from "../src/worker/sealed-link";

/**
 * Every link that was ever published opens, to what it was made of. `share-links/v1-*.txt` holds links, `.json` what
 * they opened to on the day they were made; `v1e-*.txt` holds links with a passphrase, `.json` the passphrase and which
 * of the plain links is inside. Files are only ever added.
 */
const FOLDER = "tests/share-links";
const texts = readdirSync(FOLDER).filter((name) => name.endsWith(".txt"));
const links = texts.filter((name) => name.startsWith("v1-"));
const sealed = texts.filter((name) => name.startsWith("v1e-"));
const textOf = (name: string): string => readFileSync(join(FOLDER, name), "utf8").trim();

describe("a published link", () => {
	it.each(links)("opens: %s", (name) => {
		const opened = decodeLink(readFileSync(join(FOLDER, name), "utf8").trim());
		const then: unknown = JSON.parse(readFileSync(join(FOLDER, name.replace(/\.txt$/, ".json")), "utf8"));
		expect(opened).toEqual(then);
		if (opened.kind !== "ok") throw new Error(opened.says);
		expect(analyse(opened.evidence).findings.length).toBeGreaterThan(0);
	});

	it.each(sealed)(
		"opens with its passphrase, and with no other: %s",
		async (name) => {
			const then: unknown = JSON.parse(textOf(name.replace(/\.txt$/, ".json")));
			if (typeof then !== "object" || then === null || !("passphrase" in then) || !("opensTo" in then))
				throw new Error(name);
			const { passphrase, opensTo } = then;
			const opened = await openSealed(textOf(name), String(passphrase));
			expect(opened).toEqual({ kind: "ok", fragment: textOf(String(opensTo)) });
			expect(await openSealed(textOf(name), `${passphrase} `)).toEqual({ kind: "wrong" });
		},
		60_000,
	);

	it("is there for every version", () => {
		expect(links.length).toBeGreaterThanOrEqual(3);
		expect(sealed.length).toBeGreaterThanOrEqual(2);
		expect(links.length + sealed.length).toBe(texts.length);
	});

	it("was packed with a dictionary that may never change", () => {
		expect(DICTIONARY_V1).toMatch(/^[\x20-\x7e]+$/);
		expect([DICTIONARY_V1.length, crc32(Uint8Array.from(DICTIONARY_V1, (sign) => sign.charCodeAt(0)))]).toEqual([
			14_866, 507_148_506,
		]);
	});
});
