import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { diagnose } from "../../tests/support/fake-engine";
import type { Evidence } from "../engine/text/evidence";
import { EngineFailed } from "../worker/engine-client";
import type { Diagnosed } from "../worker/protocol";
import { keepDraft, restoreDraft } from "./draft";
import { createWorkspaceStore, evidenceOf, isStale } from "./workspace-store";

/** An engine that answers when the test says so, whether or not anybody still wants to know. */
function slowEngine() {
	const asked: { evidence: Evidence; signal: AbortSignal | undefined; give(): void; fail(error: unknown): void }[] = [];
	return {
		asked,
		stop: vi.fn(),
		analyse: (evidence: Evidence, signal?: AbortSignal) =>
			new Promise<Diagnosed>((resolve, reject) => {
				asked.push({ evidence, signal, give: () => resolve(diagnose(evidence)), fail: reject });
			}),
	};
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the workspace", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("asks once when typing stops, not for every key", async () => {
		const engine = slowEngine();
		const store = createWorkspaceStore({ engine, quiet: 120 });
		for (const text of ["N", "No", "No chain"]) {
			store.actions.write("anything", text);
			await vi.advanceTimersByTimeAsync(50);
		}
		expect(engine.asked).toHaveLength(0);
		await vi.advanceTimersByTimeAsync(120);
		expect(engine.asked.map(({ evidence }) => evidence[0]?.text)).toEqual(["No chain"]);
	});

	it("drops a late answer to an older paste, also when it comes after the newer one", async () => {
		const engine = slowEngine();
		const store = createWorkspaceStore({ engine, quiet: 0 });
		store.actions.write("anything", "No chain/target/match");
		await settle();
		store.actions.write("anything", "all is well");
		await settle();
		expect(engine.asked[0]?.signal?.aborted).toBe(true);
		engine.asked[1]?.give();
		await settle();
		engine.asked[0]?.give();
		await settle();
		const { last, revision } = store.getState();
		expect(last?.revision).toBe(revision);
		expect(last?.diagnosed.analysis.findings[0]?.failure).toBe("healthy");
	});

	it("keeps the old answer while a new one is computed, and says that it is old", async () => {
		const engine = slowEngine();
		const store = createWorkspaceStore({ engine, quiet: 120 });
		store.actions.load([{ place: "anything", name: "pasted text", text: "No chain/target/match" }]);
		await settle();
		engine.asked[0]?.give();
		await settle();
		expect(isStale(store.getState())).toBe(false);
		store.actions.write("anything", "No chain/target/match, again");
		expect(isStale(store.getState())).toBe(true);
		expect(store.getState().last?.diagnosed.analysis.findings[0]?.failure).toBe("docker-chain-missing");
		await vi.advanceTimersByTimeAsync(120);
		engine.asked[1]?.give();
		await settle();
		expect(isStale(store.getState())).toBe(false);
	});

	it("shows the engine's failure for the paste that caused it, and forgets it with the next answer", async () => {
		const engine = slowEngine();
		const store = createWorkspaceStore({ engine, quiet: 0 });
		store.actions.write("anything", "x");
		await settle();
		engine.asked[0]?.fail(new EngineFailed({ says: "RangeError", version: "0.1.0" }));
		await settle();
		expect(store.getState().failure).toEqual({ says: "RangeError", version: "0.1.0" });
		store.actions.write("anything", "y");
		await settle();
		engine.asked[1]?.give();
		await settle();
		expect(store.getState().failure).toBeNull();
	});

	it("has no answer without evidence, whatever was being asked", async () => {
		const engine = slowEngine();
		const store = createWorkspaceStore({ engine, quiet: 0 });
		store.actions.write("docker-info", "x");
		await settle();
		store.actions.forget();
		engine.asked[0]?.give();
		await settle();
		expect(store.getState()).toMatchObject({ last: null, busy: false, failure: null });
		expect(evidenceOf(store.getState().sources)).toEqual([]);
		expect(engine.stop, "the worker keeps the last paste").toHaveBeenCalledOnce();
	});

	it.each([
		["a\r\nb", "a\nb"],
		["a\rb\r", "a\nb\n"],
		["a\nb", "a\nb"],
	])("counts line ends as an editor does: %j is kept as %j", (given, kept) => {
		const store = createWorkspaceStore({ engine: slowEngine() });
		store.actions.addFiles([{ name: "x.log", text: given }]);
		expect(store.getState().sources.at(-1)?.text).toBe(kept);
	});

	it("loses no piece of a sample: a second one for the same editor becomes a card", () => {
		const store = createWorkspaceStore({ engine: slowEngine() });
		store.actions.load([
			{ place: "anything", name: "one", text: "1" },
			{ place: "anything", name: "two", text: "2" },
			{ place: "file", name: "three", text: "3" },
		]);
		expect(evidenceOf(store.getState().sources).map(({ name, text }) => [name, text])).toEqual([
			["one", "1"],
			["two", "2"],
			["three", "3"],
		]);
	});

	it("takes a file's card away and only empties an editor", () => {
		const store = createWorkspaceStore({ engine: slowEngine() });
		store.actions.addFiles([{ name: "x.log", text: "x" }]);
		const file = store.getState().sources.at(-1)?.id ?? "";
		store.actions.write("iptables", "y");
		store.actions.remove(file);
		store.actions.remove("iptables");
		expect(store.getState().sources.map(({ id, text }) => [id, text])).toEqual([
			["docker-info", ""],
			["iptables", ""],
			["dockerd-log", ""],
			["anything", ""],
		]);
	});
});

describe("the draft", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	const memory = () => {
		const kept = new Map<string, string>();
		return {
			kept,
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => void kept.set(key, value),
			removeItem: (key: string) => void kept.delete(key),
		};
	};

	it("brings back what stood in the editors, and nothing after 'Forget everything'", async () => {
		const storage = memory();
		const store = createWorkspaceStore({ engine: slowEngine() });
		keepDraft(store, storage, () => undefined, new EventTarget());
		store.actions.write("iptables", "Chain PREROUTING");
		await vi.advanceTimersByTimeAsync(500);
		expect(restoreDraft(storage)).toEqual([
			{ place: "iptables", name: "iptables -t nat -L", text: "Chain PREROUTING" },
		]);
		store.actions.forget();
		expect(storage.kept.size).toBe(0);
	});

	it("is kept at once when the tab is left, sooner than the timer", () => {
		const storage = memory();
		const tab = new EventTarget();
		const store = createWorkspaceStore({ engine: slowEngine() });
		keepDraft(store, storage, () => undefined, tab);
		store.actions.write("dockerd-log", "pasted a moment ago");
		expect(storage.kept.size).toBe(0);
		tab.dispatchEvent(new Event("pagehide"));
		expect(restoreDraft(storage)).toMatchObject([{ place: "dockerd-log", text: "pasted a moment ago" }]);
	});

	it("keeps nothing of a paste that is too large, and says so", async () => {
		const storage = memory();
		const said: boolean[] = [];
		const store = createWorkspaceStore({ engine: slowEngine() });
		keepDraft(store, storage, (tooLarge) => said.push(tooLarge), new EventTarget());
		store.actions.write("iptables", "x".repeat(4_000_001));
		await vi.advanceTimersByTimeAsync(500);
		expect(said).toEqual([true]);
		expect(storage.kept.size).toBe(0);
	});

	it.each(["", "{", "null", "[1]", '[["nowhere","n","t"]]', '[["file","n"]]', '{"__proto__":[]}'])(
		"takes %j in storage for no draft",
		(text) => {
			expect(restoreDraft({ getItem: () => text })).toEqual([]);
		},
	);
});
