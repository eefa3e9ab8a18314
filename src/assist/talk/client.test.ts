import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTILE, type ModelServer, startModelServer } from "../../../tests/support/model-server";
import { LIMITS, talk } from "./client";
import type { Outgoing, Protocol, Step } from "./exchange";

let server: ModelServer;
beforeAll(async () => {
	server = await startModelServer(() => "Restart dockerd. It makes its chains anew.");
});
afterAll(() => server.close());

const PATHS: Readonly<Record<Protocol, string>> = { anthropic: "/v1/messages", openai: "/v1/chat/completions" };

const outgoing = (protocol: Protocol, model: string): Outgoing => ({
	protocol,
	url: `${server.origin}${PATHS[protocol]}`,
	headers: [
		["content-type", "application/json"],
		["x-test", "1"],
	],
	body: JSON.stringify({ model, stream: true }),
});

type Options = { readonly signal?: AbortSignal; readonly silence?: number; readonly online?: boolean };

async function hear(
	request: Outgoing,
	{ signal = new AbortController().signal, silence, online = true }: Options = {},
) {
	const steps: Step[] = [];
	const io = { fetch, signal, isOnline: () => online, ...(silence === undefined ? {} : { silence }) };
	await talk(request, io, (step) => steps.push(step));
	return {
		text: steps.map((step) => (step.kind === "text" ? step.text : "")).join(""),
		last: steps.at(-1),
		usage: steps.filter((step) => step.kind === "usage"),
		steps,
	};
}

describe.each<Protocol>(["anthropic", "openai"])("an answer of %s", (protocol) => {
	const ask = (model: string, options?: Options) => hear(outgoing(protocol, model), options);

	it("comes in pieces, with what it took, and ends once", async () => {
		const { text, last, usage, steps } = await ask("good");
		expect(text).toBe("Restart dockerd. It makes its chains anew.");
		expect(steps.filter(({ kind }) => kind === "text").length).toBeGreaterThan(3);
		expect(last).toEqual({ kind: "end", ending: "complete" });
		expect(usage.some(({ input }) => input === 321)).toBe(true);
		expect(usage.at(-1)?.output).toBe(45);
		expect(steps.filter(({ kind }) => kind === "end" || kind === "failed")).toHaveLength(1);
	});

	it("may come byte by byte", async () => {
		const { text, last } = await ask("torn");
		expect(text).toBe("Restart dockerd. It makes its chains anew. \u2713 \u{1f433}");
		expect(last).toEqual({ kind: "end", ending: "complete" });
	});

	it("is only text, whatever it says", async () => {
		expect((await ask("hostile")).text).toBe(HOSTILE);
	});

	it.each([
		["cut", "Half of an ans", { kind: "failed", failure: { kind: "cut" } }],
		["cut-politely", "Half of an ans", { kind: "failed", failure: { kind: "cut" } }],
		["empty", "", { kind: "failed", failure: { kind: "malformed" } }],
		["malformed", "Good so far. ", { kind: "failed", failure: { kind: "malformed" } }],
		["no-events", "", { kind: "failed", failure: { kind: "malformed" } }],
		["one-huge-event", "", { kind: "failed", failure: { kind: "malformed" } }],
		["overloaded", "I ", { kind: "failed", failure: { kind: "provider", says: "Overloaded" } }],
		["page", "", { kind: "failed", failure: { kind: "not-a-stream", type: "text/html" } }],
		["at-once", "", { kind: "failed", failure: { kind: "not-a-stream", type: "application/json" } }],
		["moved", "", { kind: "failed", failure: { kind: "unreachable" } }],
		["too-short", "As far as it goes", { kind: "end", ending: "length" }],
		["refuses", "", { kind: "end", ending: "refused" }],
		...[401, 404, 429, 500].map((status): [string, string, Step] => [
			`status-${status}`,
			"",
			{ kind: "failed", failure: { kind: "status", status, says: `Said by the server: ${status}` } },
		]),
	])("that is %s keeps what came and says why it ended", async (model, text, last) => {
		const heard = await ask(model);
		expect(heard.text).toBe(text);
		expect(heard.last).toEqual(last);
	});

	it("is ended by us when it does not end by itself", async () => {
		const huge = await ask("huge");
		expect(huge.text).toHaveLength(LIMITS.text);
		expect(huge.last).toEqual({ kind: "failed", failure: { kind: "too-long" } });
		expect((await ask("never-ending")).last).toEqual({ kind: "failed", failure: { kind: "too-long" } });
		await expect.poll(() => server.wasLeft()).toBe(true);
	});

	it("is given up after a long silence, and stopped by the person at once", async () => {
		expect(await ask("silent", { silence: 100 })).toMatchObject({
			text: "And then",
			last: { kind: "failed", failure: { kind: "silent" } },
		});
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 60);
		const stopped = await ask("slow", { signal: controller.signal });
		expect(stopped.last).toEqual({ kind: "end", ending: "stopped" });
		expect(stopped.text.length).toBeLessThan(40);
		expect((await ask("good", { signal: AbortSignal.abort() })).steps).toEqual([{ kind: "end", ending: "stopped" }]);
	});
});

describe("a provider that is not there", () => {
	const nowhere: Outgoing = { protocol: "openai", url: "http://127.0.0.1:9/v1/x", headers: [], body: "{}" };

	it("is told from a machine that is offline", async () => {
		expect((await hear(nowhere)).last).toEqual({ kind: "failed", failure: { kind: "unreachable" } });
		expect((await hear(nowhere, { online: false })).last).toEqual({ kind: "failed", failure: { kind: "offline" } });
	});
});

it("sends what it is given: no cookie, no referrer, and no header that tells of the machine", async () => {
	const seen: RequestInit[] = [];
	const spy: typeof fetch = async (_, init) => {
		seen.push(init ?? {});
		throw new TypeError("seen enough");
	};
	const request = outgoing("anthropic", "good");
	await talk(request, { fetch: spy, signal: new AbortController().signal, isOnline: () => true }, () => undefined);
	expect(seen).toEqual([
		{
			method: "POST",
			headers: request.headers,
			body: request.body,
			signal: expect.any(AbortSignal),
			credentials: "omit",
			referrerPolicy: "no-referrer",
			cache: "no-store",
			redirect: "error",
		},
	]);
});
