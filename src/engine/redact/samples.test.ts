import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { redact } from "./redact";

/**
 * Output of real hosts, cut short. Nothing in it may change but the identities listed here: not a blank, not a word, not
 * a number. What looks like an identity and is none (versions, chains, ports, well-known ranges) is in these files.
 */
const FOLDER = "src/engine/redact/samples";
const files = readdirSync(FOLDER);

/** Host, containers, image, networks and addresses of the laboratory, ids and MACs by their form. */
const IDENTITY =
	/^(?:docker01|client|web2?|web\.1\.[0-9a-z]{25}|app|lab\/web|[a-z]+_default|192\.168\.56\.\d+|172\.(?:1[89]|2\d)\.\d+\.\d+|10\.(?:0|8|99|255)\.\d+\.\d+|[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-z]{25}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|fe80::[0-9a-f:]+|[0-9a-f-]{36}|(?:[A-Z0-9]{4}:){11}[A-Z0-9]{4})$/;

describe("a harmless line", () => {
	it.each(files)("stays as it is in %s", (name) => {
		const text = readFileSync(join(FOLDER, name), "utf8");
		const { evidence, spans, replaced } = redact([{ id: "s", name: "paste", text }]);
		for (const span of spans) expect(text.slice(span.from, span.to)).toMatch(IDENTITY);
		expect(replaced.filter((one) => one.category === "secret")).toEqual([]);
		// With the stand-ins taken back, only blanks behind a replaced word may differ.
		let back = "";
		let at = 0;
		for (const span of spans) {
			back += (evidence[0]?.text ?? "").slice(at, span.redactedFrom) + text.slice(span.from, span.to);
			at = span.redactedTo;
		}
		back += (evidence[0]?.text ?? "").slice(at);
		expect(back.replace(/ +/g, " ")).toBe(text.replace(/ +/g, " "));
		const touched = new Set(spans.map((span) => text.slice(0, span.from).split("\n").length));
		const before = text.split("\n");
		const after = (evidence[0]?.text ?? "").split("\n");
		expect(after.filter((line, index) => line !== before[index] && !touched.has(index + 1))).toEqual([]);
	});
});
