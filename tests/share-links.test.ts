import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse } from "../src/engine/analyse";
import { crc32 } from "../src/engine/share/crc32";
import { DICTIONARY_V1 } from "../src/engine/share/dictionary-v1";
import { decodeLink } from "../src/engine/share/restore";

/**
 * Every link that was ever published opens, to what it was made of. `share-links/v1-*.txt` holds links, `.json` what
 * they opened to on the day they were made. Files are only ever added.
 */
const FOLDER = "tests/share-links";
const links = readdirSync(FOLDER).filter((name) => name.endsWith(".txt"));

describe("a published link", () => {
	it.each(links)("opens: %s", (name) => {
		const opened = decodeLink(readFileSync(join(FOLDER, name), "utf8").trim());
		const then: unknown = JSON.parse(readFileSync(join(FOLDER, name.replace(/\.txt$/, ".json")), "utf8"));
		expect(opened).toEqual(then);
		if (opened.kind !== "ok") throw new Error(opened.says);
		expect(analyse(opened.evidence).findings.length).toBeGreaterThan(0);
	});

	it("is there for every version", () => {
		expect(links.filter((name) => name.startsWith("v1-")).length).toBeGreaterThanOrEqual(3);
	});

	it("was packed with a dictionary that may never change", () => {
		expect(DICTIONARY_V1).toMatch(/^[\x20-\x7e]+$/);
		expect([DICTIONARY_V1.length, crc32(Uint8Array.from(DICTIONARY_V1, (sign) => sign.charCodeAt(0)))]).toEqual([
			14_866, 507_148_506,
		]);
	});
});
