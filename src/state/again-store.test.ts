import { describe, expect, it, vi } from "vitest";
import { fakeEngine, waitingForMore } from "../../tests/support/fake-engine";
import { createAgainStore } from "./again-store";
import { createWorkspaceStore } from "./workspace-store";

const LONG = `iptables: No chain/target/match by that name.\n${"x".repeat(700)}`;

function setUp(identity = waitingForMore().identity) {
	const compare = vi.fn(async () => ({ ...waitingForMore(), identity }));
	const engine = fakeEngine({ compare });
	const workspace = createWorkspaceStore({ engine, quiet: 0 });
	const again = createAgainStore(workspace, engine);
	const answered = () =>
		vi.waitFor(() => expect(workspace.getState().last?.revision).toBe(workspace.getState().revision));
	return { workspace, again, compare, answered };
}

const LATER = { answer: "same", signs: [], minutesLater: 14 } as const;

describe("pasting again", () => {
	it("keeps the first paste, empties the editors, and waits with what is expected", async () => {
		const { workspace, again, compare, answered } = setUp();
		workspace.actions.write("dockerd-log", LONG);
		await answered();
		again.actions.begin();
		expect(workspace.getState().sources.every(({ text }) => text === "")).toBe(true);
		expect(again.getState().first?.sources.some(({ text }) => text === LONG)).toBe(true);
		await vi.waitFor(() => expect(again.getState().last?.comparison.outcome).toBe("waiting"));
		expect(compare).toHaveBeenLastCalledWith(
			[{ id: "dockerd-log", name: "dockerd log", text: LONG }],
			[],
			expect.anything(),
		);
	});

	it("holds each new answer beside the first paste, and brings the first one back", async () => {
		const { workspace, again, compare, answered } = setUp();
		workspace.actions.write("dockerd-log", LONG);
		await answered();
		again.actions.begin();
		workspace.actions.write("dockerd-log", "Daemon has completed initialization");
		await answered();
		await vi.waitFor(() => expect(again.getState().last?.revision).toBe(workspace.getState().revision));
		expect(compare.mock.lastCall).toHaveLength(3);
		again.actions.backToFirst();
		await answered();
		expect(again.getState()).toEqual({ first: null, last: null, offer: null });
		expect(workspace.getState().sources.find(({ id }) => id === "dockerd-log")?.text).toBe(LONG);
	});

	it("offers to compare where a whole new piece is of the same host later, and takes it for the second paste", async () => {
		const { workspace, again, answered } = setUp(LATER);
		workspace.actions.addFiles([{ name: "host.txt", text: LONG }]);
		await answered();
		expect(again.getState().offer).toBeNull();
		workspace.actions.addFiles([{ name: "host2.txt", text: `later ${LONG}` }]);
		await answered();
		// What the first paste showed has to be shown again; the fake engine's comparison lacks nothing.
		await vi.waitFor(() => expect(again.getState().offer).not.toBeNull());
		again.actions.accept();
		await answered();
		expect(workspace.getState().sources.flatMap(({ text, name }) => (text === "" ? [] : name))).toEqual(["host2.txt"]);
		expect(again.getState().first?.sources.flatMap(({ text, name }) => (text === "" ? [] : name))).toEqual([
			"host.txt",
		]);
	});

	it.each([
		["of another host", { ...LATER, answer: "another" as const }],
		["of the same minute", { ...LATER, minutesLater: 0 }],
		["of no known time", { ...LATER, minutesLater: null }],
	])("offers nothing where it is %s", async (_, identity) => {
		const { workspace, again, compare, answered } = setUp(identity);
		workspace.actions.addFiles([{ name: "host.txt", text: LONG }]);
		await answered();
		workspace.actions.addFiles([{ name: "host2.txt", text: `later ${LONG}` }]);
		await answered();
		await vi.waitFor(() => expect(compare).toHaveBeenCalled());
		expect(again.getState().offer).toBeNull();
	});

	it("asks nothing for what is typed", async () => {
		const { workspace, compare, answered } = setUp(LATER);
		workspace.actions.write("anything", "iptables: No chain");
		await answered();
		workspace.actions.write("anything", `iptables: No chain ${LONG}`);
		await answered();
		expect(compare).not.toHaveBeenCalled();
	});
});
