import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { analyse, remembering } from "../src/engine";
import { redact } from "../src/engine/redact/redact";

/** A typical paste: six artifacts of one broken host, filled up to 100 KB with its own log. */
const folder = "src/ui/evidence/samples/nat-flush-delete";
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const log = files.find((file) => file.name === "dockerd.log")?.text ?? "";
const size = files.reduce((sum, file) => sum + file.text.length, 0);
const filler = log.repeat(Math.max(0, Math.ceil((100_000 - size) / Math.max(1, log.length))));
const typical = [...files, { name: "earlier.log", text: filler }].map((file, index) => ({
	id: `s${index + 1}`,
	...file,
}));
const megabyte = [{ id: "s1", name: "dockerd.log", text: log.repeat(Math.ceil(1_000_000 / Math.max(1, log.length))) }];

/** The same paste with one more character each time, as it is typed into the last editor. */
function typing(paste: typeof typical): () => void {
	const engine = remembering();
	let typed = "";
	return () => {
		typed += "x";
		engine.analyse([...paste, { id: "anything", name: "pasted text", text: typed }]);
	};
}

describe("a typical paste of 100 KB", () => {
	bench("verdict", () => {
		analyse(typical);
	});
	bench("verdict after one more key", typing(typical));
	bench("redaction", () => {
		redact(typical);
	});
});

describe("a log of 1 MB", () => {
	bench("verdict", () => {
		analyse(megabyte);
	});
	bench("plain split into lines, for scale", () => {
		for (const { text } of megabyte) text.split("\n");
	});
});
