import { describe, expect, it, vi } from "vitest";
import type { WorkerPort } from "./engine-client";
import { createSecondPass, type SecondPassReply, type SecondPassRequest } from "./second-pass-client";

function port() {
	const listeners = new Map<string, (event: unknown) => void>();
	const asked: SecondPassRequest[] = [];
	const terminate = vi.fn();
	const real: WorkerPort = {
		postMessage: (message: SecondPassRequest) => void asked.push(message),
		terminate,
		addEventListener: (type: string, listener: unknown) => {
			if (typeof listener === "function") listeners.set(type, (event) => listener(event));
		},
	};
	return {
		real,
		asked,
		terminate,
		reply: (reply: SecondPassReply) => listeners.get("message")?.({ data: reply }),
		crash: () => listeners.get("error")?.({}),
	};
}

describe("the second pass", () => {
	it("loads nothing before it is asked, and answers each question by itself", async () => {
		const worker = port();
		const start = vi.fn(() => worker.real);
		const pass = createSecondPass(start);
		expect(start).not.toHaveBeenCalled();
		const [one, two] = [pass.look(["a"]), pass.look(["b"])];
		expect(start).toHaveBeenCalledTimes(1);
		worker.reply({ id: worker.asked[1]?.id ?? 0, seen: [[{ from: 0, to: 1, rule: "aws" }]] });
		worker.reply({ id: worker.asked[0]?.id ?? 0, seen: [[]] });
		expect(await two).toEqual([[{ from: 0, to: 1, rule: "aws" }]]);
		expect(await one).toEqual([[]]);
	});

	it.each([
		["the rules fail", (worker: ReturnType<typeof port>) => worker.reply({ id: 1, seen: null })],
		["the worker dies", (worker: ReturnType<typeof port>) => worker.crash()],
	])("rejects when %s", async (_, happens) => {
		const worker = port();
		const answer = createSecondPass(() => worker.real).look(["a"]);
		happens(worker);
		await expect(answer).rejects.toThrow("no answer");
	});

	it("rejects where there are no workers, when it takes too long, and when it is stopped", async () => {
		const none = createSecondPass(() => {
			throw new Error("no Worker");
		});
		await expect(none.look(["a"])).rejects.toThrow("no answer");
		const slow = port();
		await expect(createSecondPass(() => slow.real, 5).look(["a"])).rejects.toThrow("no answer");
		expect(slow.terminate).toHaveBeenCalled();
		const pass = createSecondPass(() => port().real);
		const answer = pass.look(["a"]);
		pass.stop();
		await expect(answer).rejects.toThrow("no answer");
	});
});
