import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DraftLoss, keepDraft, restoreDraft } from "./draft";
import type { TabKey } from "./tab-key";
import { createWorkspaceStore } from "./workspace-store";

const store = () =>
	createWorkspaceStore({ engine: { analyse: () => new Promise(() => undefined), stop: () => undefined } });

/** Turns text round instead of encrypting it: the cipher is the browser's, and e2e/nothing-lost.spec.ts has the real one. */
function turning(): TabKey & { readonly forgotten: () => number } {
	let forgotten = 0;
	const turn = (text: string) => [...text].reverse().join("");
	return {
		seal: async (text) => turn(text),
		open: async (sealed) => turn(sealed),
		forget: async () => {
			forgotten += 1;
		},
		forgotten: () => forgotten,
	};
}

const memory = (room = Number.POSITIVE_INFINITY) => {
	const kept = new Map<string, string>();
	return {
		kept,
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => {
			if (value.length > room) throw new DOMException("full", "QuotaExceededError");
			kept.set(key, value);
		},
		removeItem: (key: string) => void kept.delete(key),
	};
};

describe("the draft", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("brings back what stood in the editors; after 'Forget everything' neither text nor key is there", async () => {
		const storage = memory();
		const key = turning();
		const workspace = store();
		keepDraft(workspace, storage, key, () => undefined);
		workspace.actions.write("iptables", "Chain PREROUTING");
		await vi.advanceTimersByTimeAsync(1);
		expect([...storage.kept.values()].join()).not.toContain("Chain");
		expect(await restoreDraft(storage, key)).toEqual([
			{ place: "iptables", name: "iptables -t nat -L", text: "Chain PREROUTING" },
		]);
		workspace.actions.forget();
		expect(storage.kept.size).toBe(0);
		expect(key.forgotten()).toBe(1);
	});

	it("keeps the first change at once and the last one of many", async () => {
		const storage = memory();
		const key = turning();
		const workspace = store();
		keepDraft(workspace, storage, key, () => undefined);
		for (const text of ["a", "ab", "abc"]) workspace.actions.write("dockerd-log", text);
		await vi.advanceTimersByTimeAsync(0);
		expect(await restoreDraft(storage, key)).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(400);
		expect(await restoreDraft(storage, key)).toMatchObject([{ text: "abc" }]);
	});

	it("does not write again what is forgotten while it was being encrypted", async () => {
		const storage = memory();
		let release: (sealed: string) => void = () => undefined;
		const slow: TabKey = {
			...turning(),
			seal: () =>
				new Promise((resolve) => {
					release = resolve;
				}),
		};
		const workspace = store();
		keepDraft(workspace, storage, slow, () => undefined);
		workspace.actions.write("iptables", "secret");
		workspace.actions.forget();
		release("terces");
		await vi.advanceTimersByTimeAsync(500);
		expect(storage.kept.size).toBe(0);
	});

	it.each<[string, string, TabKey | null, number, DraftLoss]>([
		["a paste that is too large", "x".repeat(24_000_001), turning(), 1e9, "too-large"],
		["a tab whose storage is full", "x".repeat(200), turning(), 100, "no-room"],
		["a browser that keeps no key", "x", null, 1e9, "no-key"],
		["a browser that fails to encrypt", "x", { ...turning(), seal: () => Promise.reject(new Error()) }, 1e9, "no-key"],
	])("says of %s that a reload would lose it, and leaves nothing older behind", async (_, text, key, room, loss) => {
		const storage = memory(room);
		storage.kept.set("stackengine.draft/2", "older");
		const said: (DraftLoss | null)[] = [];
		const workspace = store();
		keepDraft(workspace, storage, key, (now) => said.push(now));
		workspace.actions.write("iptables", text);
		await vi.advanceTimersByTimeAsync(500);
		expect(said.at(-1)).toBe(loss);
		if (key !== null) expect(storage.kept.size).toBe(0);
	});

	it.each(["", "{", "null", "[1]", '[["nowhere","n","t"]]', '[["file","n"]]', '{"__proto__":[]}'])(
		"takes %j in storage for no draft",
		async (text) => {
			expect(await restoreDraft({ getItem: () => text }, { ...turning(), open: async () => text })).toEqual([]);
		},
	);
});
