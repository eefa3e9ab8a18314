import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { printIptablesSave } from "../src/engine/netfilter/print";
import { read } from "../src/engine/read";

/**
 * Whatever iptables-save printed is printed back word for word, in every case that holds a whole one: what the walk
 * follows is what was pasted. Comments and blank lines carry no rule.
 */
const MODES = "src/engine/failure-modes";
const evidence = [
	...readdirSync(MODES, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
		.flatMap(({ name }) =>
			readdirSync(join(MODES, name, "cases")).map((slug) => join(MODES, name, "cases", slug, "evidence.txt")),
		),
	...readdirSync("tests/captures").map((name) => join("tests/captures", name)),
];

/** The lines that hold tables, chains and rules; what a program complained of between them is not a save. */
const RULES = /^(?:[*:]|COMMIT$|(?:\[\d+:\d+\] )?-A )/;

it("prints back every iptables-save of the cases as it was pasted", () => {
	let whole = 0;
	for (const file of evidence) {
		for (const { artifact, parsed } of read([{ id: "s", name: file, text: readFileSync(file, "utf8") }])) {
			const lines = artifact.lines.map(({ text }) => text.trimEnd()).filter((text) => RULES.test(text));
			// `-S`, a part that grep left and a paste that was cut off are printed as a save would say it.
			const isWhole = lines[0]?.startsWith("*") && lines.at(-1) === "COMMIT" && artifact.kind === "iptables-save";
			if (!isWhole || !("tables" in parsed)) continue;
			whole++;
			const printed = printIptablesSave(parsed.tables).split("\n");
			expect(
				printed.map((line) => line.trimEnd()).filter((line) => line !== ""),
				`${file}, ${artifact.name}`,
			).toEqual(lines);
		}
	}
	expect(whole).toBeGreaterThan(100);
});
