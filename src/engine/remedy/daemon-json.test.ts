import { describe, expect, it } from "vitest";
import { editDaemonJson } from "./daemon-json";
import type { Action } from "./plan";
import { daemonKey } from "./validate";

function edit(
	set: Readonly<Record<string, boolean>>,
	remove: readonly string[],
): Extract<Action, { kind: "edit-daemon-json" }> {
	const key = (text: string) => {
		const value = daemonKey(text);
		if (value === null) throw new Error(text);
		return value;
	};
	return {
		kind: "edit-daemon-json",
		set: Object.entries(set).map(([name, value]) => ({ key: key(name), value })),
		remove: remove.map(key),
	};
}

describe("editDaemonJson", () => {
	it.each([
		["nothing", "", '{\n  "live-restore": true\n}\n'],
		["an empty object", "{}\n", '{\n  "live-restore": true\n}\n'],
		["tabs", '{\n\t"debug": true\n}\n', '{\n\t"debug": true,\n\t"live-restore": true\n}\n'],
		["four blanks", '{\n    "debug": true\n}', '{\n    "debug": true,\n    "live-restore": true\n}'],
		["the key with another value", '{ "live-restore": false }', '{ "live-restore": true }'],
	])("sets a key in %s", (_, before, after) => {
		expect(editDaemonJson(before, edit({ "live-restore": true }, []))).toBe(after);
	});

	it("removes a key and leaves its neighbours as they are", () => {
		const before = '{\n  "iptables": false,\n  "bip": "10.1.0.1/24"\n}\n';
		expect(editDaemonJson(before, edit({}, ["iptables"]))).toBe('{\n  "bip": "10.1.0.1/24"\n}\n');
	});

	it.each(['{"a": 1,}', "{ // comment\n}", "[]", "null", '{"a"'])(
		"leaves %j to a person, since dockerd does not read it",
		(text) => {
			expect(editDaemonJson(text, edit({ debug: true }, []))).toBeNull();
		},
	);
});
