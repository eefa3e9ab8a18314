import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { diagnose } from "../../tests/support/fake-engine";
import type { FileText } from "../engine/excerpt/read-file";
import type { Evidence } from "../engine/text/evidence";
import { EngineFailed } from "../worker/engine-client";
import type { ReadFile } from "../worker/file-client";
import type { Diagnosed } from "../worker/protocol";
import { createWorkspaceStore, evidenceOf, isStale, type WorkspaceStore } from "./workspace-store";

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

describe("a large file", () => {
	const excerpt = { text: "a\nb\n", numbers: [1, 900], lines: 1_000, kept: 2, repeats: 3 };
	const theFile = new File([], "syslog.1.gz");

	/** A reader that does what the test says. */
	function slowReader() {
		const asked: {
			progress: Parameters<ReadFile>[1];
			signal: AbortSignal;
			give: (text: FileText) => void;
		}[] = [];
		const readFile: ReadFile = (_, progress, signal) =>
			new Promise((give, reject) => {
				signal.addEventListener("abort", () => reject(new DOMException("Stopped", "AbortError")));
				asked.push({ progress, signal, give });
			});
		return { asked, readFile };
	}
	const card = (store: WorkspaceStore) => store.getState().sources.find(({ place }) => place === "file");

	it("grows while it is read, and its lines keep the numbers of the file", async () => {
		const { asked, readFile } = slowReader();
		const store = createWorkspaceStore({ engine: slowEngine(), quiet: 0, readFile });
		const said = store.actions.readFiles([theFile]);
		expect(card(store)).toMatchObject({ name: "syslog.1", text: "", reading: { read: 0 } });
		const before = store.getState().revision;
		asked[0]?.progress({ read: 10, size: 100, elapsed: 5, text: null });
		expect(card(store)?.reading).toEqual({ read: 10, size: 100, elapsed: 5 });
		expect(store.getState().revision, "how far it is changes no evidence").toBe(before);
		asked[0]?.progress({ read: 50, size: 100, elapsed: 9, text: { kind: "excerpt", excerpt } });
		expect(evidenceOf(store.getState().sources)).toMatchObject([{ text: "a\nb\n", numbers: [1, 900] }]);
		asked[0]?.give({ kind: "excerpt", excerpt: { ...excerpt, text: "a\nb\nc\n", numbers: [1, 900, 901] } });
		expect(await said).toEqual([]);
		expect(card(store)).toMatchObject({ text: "a\nb\nc\n", excerpt: { lines: 1_000 } });
		expect(card(store)).not.toHaveProperty("reading");
		store.actions.write(card(store)?.id ?? "", "a\n");
		expect(card(store), "an edited excerpt is a text of its own").not.toHaveProperty("excerpt");
	});

	it("is let go with its card", async () => {
		const { asked, readFile } = slowReader();
		const store = createWorkspaceStore({ engine: slowEngine(), quiet: 0, readFile });
		const said = store.actions.readFiles([theFile, theFile]);
		store.actions.remove(card(store)?.id ?? "");
		expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
		store.actions.forget();
		expect(await said).toEqual([]);
		expect(card(store)).toBeUndefined();
	});

	it("that can't be read leaves a word and no card", async () => {
		const { asked, readFile } = slowReader();
		const store = createWorkspaceStore({ engine: slowEngine(), quiet: 0, readFile });
		const said = store.actions.readFiles([theFile]);
		asked[0]?.give({ kind: "refused", says: "is not text" });
		expect(await said).toEqual(["syslog.1.gz is not text and was not taken."]);
		expect(card(store)).toBeUndefined();
	});
});
