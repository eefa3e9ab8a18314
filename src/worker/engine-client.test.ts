import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { diagnose } from "../../tests/support/fake-engine";
import { createEngineClient, EngineFailed, type WorkerPort } from "./engine-client";
import type { Reply, Request } from "./protocol";

/** A worker of which the test decides when and what it answers. */
function workers() {
	const started: { requests: Request[]; ended: boolean; reply(outcome: Reply["outcome"]): void; crash(): void }[] = [];
	const start = (): WorkerPort => {
		const target = new EventTarget();
		const self = {
			requests: [] as Request[],
			ended: false,
			reply: (outcome: Reply["outcome"]) => {
				const id = self.requests.at(-1)?.id ?? -1;
				target.dispatchEvent(new MessageEvent("message", { data: { id, outcome, requests: 0 } satisfies Reply }));
			},
			crash: () => target.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" })),
		};
		started.push(self);
		return {
			postMessage: (message: Request) => void self.requests.push(message),
			terminate: () => {
				self.ended = true;
			},
			addEventListener: target.addEventListener.bind(target),
		};
	};
	return { started, start };
}

const paste = (text: string) => [{ id: "s", name: "s", text }];
const answered = (text: string): Reply["outcome"] => ({
	kind: "answered",
	answer: { type: "analyse", diagnosed: diagnose(paste(text)) },
});

describe("the engine client", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("starts no worker before the first question, and asks one question at a time", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start);
		expect(started).toHaveLength(0);
		const first = client.analyse(paste("a"));
		const second = client.catalogue();
		expect(started[0]?.requests.map(({ ask }) => ask.type)).toEqual(["analyse"]);
		started[0]?.reply(answered("a"));
		await first;
		expect(started[0]?.requests.map(({ ask }) => ask.type)).toEqual(["analyse", "catalogue"]);
		started[0]?.reply({ kind: "answered", answer: { type: "catalogue", entries: [] } });
		expect(await second).toEqual([]);
		expect(started).toHaveLength(1);
	});

	it("never sends a question that was abandoned while it waited", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start);
		const first = client.analyse(paste("a"));
		const gone = new AbortController();
		const waiting = client.analyse(paste("b"), gone.signal);
		const last = client.analyse(paste("c"));
		gone.abort();
		await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
		started[0]?.reply(answered("a"));
		await first;
		started[0]?.reply(answered("c"));
		await last;
		expect(started[0]?.requests.map(({ ask }) => ask.type === "analyse" && ask.evidence[0]?.text)).toEqual(["a", "c"]);
	});

	it("ends a worker that computes on for an abandoned question, and asks the next one of a new worker", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start, { graceAfterAbort: 250 });
		const gone = new AbortController();
		const slow = client.analyse(paste("huge"), gone.signal);
		gone.abort();
		await expect(slow).rejects.toMatchObject({ name: "AbortError" });
		const next = client.analyse(paste("small"));
		expect(started[0]?.ended).toBe(false);
		vi.advanceTimersByTime(250);
		expect(started[0]?.ended).toBe(true);
		started[1]?.reply(answered("small"));
		await expect(next).resolves.toBeDefined();
	});

	it("gives an exception of the engine as one typed failure", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start);
		const asked = client.analyse(paste("a"));
		started[0]?.reply({ kind: "failed", failure: { says: "RangeError: x", version: "0.1.0" } });
		const error = await asked.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(EngineFailed);
		expect(error).toMatchObject({ failure: { says: "RangeError: x", version: "0.1.0" } });
	});

	it("survives a worker that dies: the question fails, the next one gets a new worker", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start);
		const asked = client.analyse(paste("a"));
		const next = client.analyse(paste("b"));
		started[0]?.crash();
		await expect(asked).rejects.toMatchObject({ failure: { says: "out of memory" } });
		started[1]?.reply(answered("b"));
		await expect(next).resolves.toBeDefined();
	});

	it("lets an idle worker go and starts a new one when it is needed", async () => {
		const { started, start } = workers();
		const client = createEngineClient(start, { idleAfter: 1000 });
		const first = client.analyse(paste("a"));
		started[0]?.reply(answered("a"));
		await first;
		vi.advanceTimersByTime(999);
		expect(started[0]?.ended).toBe(false);
		vi.advanceTimersByTime(1);
		expect(started[0]?.ended).toBe(true);
		void client.analyse(paste("b"));
		expect(started).toHaveLength(2);
	});
});
