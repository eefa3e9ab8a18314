import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactFromText } from "../text/span-of";
import { parseDaemonJson } from "./daemon-json";

const daemon = (text: string) => parseDaemonJson(artifactFromText("daemon-json", text));
const values = (text: string) => daemon(text).values?.map(({ key, value }) => [key, value]) ?? null;

describe("daemon.json", () => {
	it("reads keys, values and the place of each", () => {
		const text = '{\n  "iptables": false,\n  "default-address-pools": [ { "base": "10.99.0.0/23", "size": 24 } ]\n}\n';
		const read = daemon(text);
		expect(values(text)).toEqual([
			["iptables", false],
			["default-address-pools", [{ base: "10.99.0.0/23", size: 24 }]],
		]);
		expect(text.slice(read.values?.[0]?.at.from, read.values?.[0]?.at.to)).toBe('"iptables": false');
		expect(read).toMatchObject({ error: null, remarks: [] });
	});

	it.each([
		["a comma before the closing bracket", '{\n  "iptables": false,\n}', 3, "comma"],
		["a missing comma", '{\n  "iptables": false\n  "ipv6": true\n}', 3, "comma is missing"],
		["a comment", '{\n  // no rules\n  "iptables": false\n}', 2, "comments"],
		["a comment with a hash", '{\n  # no rules\n  "iptables": false\n}', 2, "comments"],
		["typographic quotes", "{\n  “iptables”: false\n}", 2, "typographic"],
		["single quotes", "{ 'iptables': false }", 1, "double quotes"],
		["Python's words", '{ "iptables": False }', 1, "small letters"],
		["an equals sign", '{ "iptables" = false }', 1, "colon"],
		["an end too early", '{\n  "iptables": false', 2, "ends before"],
		["an array", '[ "iptables" ]', 1, "object"],
		["two objects", '{ "iptables": false }\n{ "ipv6": true }', 2, "not expected"],
	])("says where and what is wrong: %s", (_, text, line, words) => {
		const read = daemon(text);
		expect(read.values).toBeNull();
		expect(read.error?.at.line).toBe(line);
		expect(read.error?.says).toContain(words);
	});

	it.each([
		["", []],
		["  \n\n", []],
		["{}", []],
		['\uFEFF{"ipv6": true}', [["ipv6", true]]],
	])("takes %j as dockerd does", (text, expected) => {
		expect(values(text)).toEqual(expected);
		expect(daemon(text).error).toBeNull();
	});

	it("counts the last of a key given twice, and says so", () => {
		const text = '{ "iptables": true, "iptables": false }';
		expect(values(text)).toEqual([["iptables", false]]);
		expect(daemon(text).remarks).toHaveLength(1);
	});

	it("takes __proto__ for a key like any other", () => {
		expect(values('{ "__proto__": { "iptables": false }, "constructor": 1 }')?.map(([key]) => key)).toEqual([
			"__proto__",
			"constructor",
		]);
		expect(Object.hasOwn({}, "iptables")).toBe(false);
	});

	it.each([
		['# /etc/docker/daemon.json\n{"ipv6": true}', 0],
		['==> /etc/docker/daemon.json <==\n{"ipv6": true}', 0],
		['{"ipv6": true}\nroot@docker01:~# systemctl restart docker', 1],
	])("reads the object among what was pasted along: %j", (text, remarks) => {
		expect(values(text)).toEqual([["ipv6", true]]);
		expect(daemon(text).remarks).toHaveLength(remarks);
	});

	it("reads a missing file as one without settings", () => {
		expect(daemon("cat: /etc/docker/daemon.json: No such file or directory")).toMatchObject({
			values: [],
			error: null,
			remarks: [{}],
		});
	});

	it.each(["[".repeat(50_000), '{"a":'.repeat(50_000), '{//"\n'.repeat(20_000), '/*"*/['.repeat(20_000)])(
		"refuses text nested too deep instead of running out of stack",
		(text) => {
			expect(daemon(text).values).toBeNull();
			expect(daemon(text).error).not.toBeNull();
		},
	);

	it("reads back every object that JSON can write, and calls it sound", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (object) => {
				const read = daemon(JSON.stringify(object, null, 2));
				expect(read.error).toBeNull();
				expect(read.values?.map(({ key, value }) => [key, value])).toEqual(
					Object.entries(JSON.parse(JSON.stringify(object))),
				);
			}),
		);
	});

	it("agrees with JSON.parse on what is an object", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", " ", "\n", "1", "true", "a", "\\", "/") }),
				(noise) => {
					const text = `{ "a": 1 ${noise}`;
					let sound = true;
					try {
						JSON.parse(text);
					} catch {
						sound = false;
					}
					if (sound) expect(daemon(text).error).toBeNull();
					else if (daemon(text).error === null) expect(daemon(text).remarks.length).toBeGreaterThan(0);
				},
			),
		);
	});
});
