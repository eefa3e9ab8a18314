import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { redact } from "./redact";
import { fromRedacted, keepParts } from "./redacted";
import { secondLook } from "./second-look";

function files(folder: string): readonly string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? files(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
	});
}

describe("Redacted", () => {
	it("is made by this folder alone", () => {
		const makers = files("src").filter(
			(file) => /\bseal\b/.test(readFileSync(file, "utf8")) && /redact(?:ed)?"/.test(readFileSync(file, "utf8")),
		);
		expect(makers.filter((file) => !file.startsWith(join("src", "engine", "redact")))).toEqual([]);
	});

	it("stays with parts of the evidence and with what is read out of it", () => {
		const { evidence } = redact([
			{ id: "a", name: "a", text: "one\ntwo\nthree\n" },
			{ id: "b", name: "b", text: "four\n" },
		]);
		const part = keepParts(evidence, (source) =>
			source.id === "a"
				? [
						{ from: 0, to: 4 },
						{ from: 8, to: 14 },
					]
				: [],
		);
		expect(part).toEqual([{ id: "a", name: "a", text: "one\nthree\n" }]);
		expect(fromRedacted(part, ([first]) => first?.text.length)).toBe(10);
	});
});

describe("secondLook", () => {
	const look = (text: string) => secondLook(redact([{ id: "s", name: "s", text }]).evidence).map(({ word }) => word);

	it.each(["unknown form: q7Zt2mXk9LpW4vRb8NcY", "x 9f8a7c6b5d4e3f2a1b0c9d8e7f6a5b4c3d2e", "V2hYtR8qLm3ZkP0w"])(
		"asks about %s",
		(text) => {
			expect(look(text)).toHaveLength(1);
		},
	);

	it.each(readdirSync("src/engine/redact/samples"))("has nothing to ask about in %s", (name) => {
		expect(look(readFileSync(join("src/engine/redact/samples", name), "utf8"))).toEqual([]);
	});
});
