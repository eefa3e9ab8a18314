import { describe, expect, it, vi } from "vitest";
import { type AskReport, askReport } from "../engine/ask-report";
import { redact } from "../engine/redact/redact";
import { fromRedacted, type Redacted } from "../engine/redact/redacted";
import type { Evidence } from "../engine/text/evidence";
import { type DeskWork, openDesk } from "./desk";
import { LIMITS, type Report, readToDesk, readToPage, type ToPage } from "./messages";
import { takeSeat } from "./seat";

const HERE = "https://stackengine.example";
const EVIDENCE: Evidence = [{ id: "s", name: "log", text: "jane@payroll-db7:~$ docker ps\nCONTAINER ID   IMAGE\n" }];

/** BroadcastChannels of one browser: all of a name hear each other, and none hears itself. */
function broadcasting(origin = HERE) {
	const ends = new Map<string, Set<(event: MessageEvent<unknown>) => void>>();
	const sent: unknown[] = [];
	const open = (name: string) => {
		const all = ends.get(name) ?? new Set();
		ends.set(name, all);
		const mine = new Set<(event: MessageEvent<unknown>) => void>();
		return {
			postMessage: (data: unknown) => {
				sent.push(data);
				const event = new MessageEvent("message", { data: structuredClone(data), origin });
				for (const hear of all) if (!mine.has(hear)) hear(event);
			},
			addEventListener: (_: string, hear: unknown) => {
				if (typeof hear !== "function") return;
				const listen = (event: MessageEvent<unknown>) => void hear(event);
				mine.add(listen);
				all.add(listen);
			},
			close: () => {
				for (const hear of mine) all.delete(hear);
			},
		};
	};
	return { open, sent };
}

const work = (over: Partial<DeskWork> = {}): DeskWork => ({
	report: async () => askReport(EVIDENCE).report,
	redact: async (question) =>
		fromRedacted(redact([{ id: "q", name: "", text: question }]).evidence, ([q]) => q?.text ?? ""),
	name: async (answer) => answer.replaceAll("host-1", "payroll-db7"),
	...over,
});

function meet(desk: DeskWork, origin = HERE) {
	const { open, sent } = broadcasting(origin);
	const end = openDesk(desk, { origin: HERE, open });
	const events = { onReport: vi.fn<(report: Report) => void>(), onTooLong: vi.fn(), onGone: vi.fn() };
	const seat = takeSeat(end.key, events, { origin: HERE, open, patience: 50 });
	return { end, events, seat, sent, open };
}

describe("the way from the report's tab to the assistant's page", () => {
	it("brings the redacted report, and nothing raw", async () => {
		const { events, sent } = meet(work());
		await vi.waitFor(() => expect(events.onReport).toHaveBeenCalledOnce());
		expect(events.onReport.mock.calls[0]?.[0].parts[0]?.title).toBe("Diagnosis");
		expect(JSON.stringify(sent)).not.toMatch(/payroll|jane/);
	});

	it("takes questions in and brings them back in stand-ins, and names only into an answer", async () => {
		const { seat } = meet(work());
		expect(await seat.redact("mail jane.roe@initech.com about it")).not.toContain("initech");
		expect(await seat.name("look at host-1")).toEqual({ shown: "look at payroll-db7" });
	});

	it("has a key that nobody guesses, another for each opening", () => {
		const keys = [1, 2, 3].map(() => meet(work()).end.key);
		expect(new Set(keys).size).toBe(3);
		for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
	});

	it("answers null when the report's tab fails, is silent, or is gone", async () => {
		const failing = meet(work({ redact: () => Promise.reject(new Error("engine")) }));
		expect(await failing.seat.redact("x")).toBeNull();
		const silent = meet(work({ name: () => new Promise(() => undefined) }));
		expect(await silent.seat.name("x")).toBeNull();
		const { end, seat, events } = meet(work());
		end.close();
		expect(events.onGone).toHaveBeenCalledOnce();
		expect(await seat.redact("x")).toBeNull();
	});

	it("says that a report is too long instead of sending a part of it", async () => {
		const huge = (): Promise<Redacted<AskReport>> =>
			Promise.resolve(
				fromRedacted(redact(EVIDENCE).evidence, () => ({
					schema: "stackengine.ask/1" as const,
					parts: [1, 2].map((n) => ({ id: `p-${n}`, title: "p", text: "x".repeat(LIMITS.report - 10) })),
					plans: [],
				})),
			);
		const { events } = meet(work({ report: huge }));
		await vi.waitFor(() => expect(events.onTooLong).toHaveBeenCalledOnce());
		expect(events.onReport).not.toHaveBeenCalled();
	});

	it("drops every message of another origin", async () => {
		const { events, seat } = meet(work(), "https://evil.example");
		expect(await seat.redact("x")).toBeNull();
		expect(events.onReport).not.toHaveBeenCalled();
	});

	it("takes nothing raw by type", () => {
		const raw: AskReport = { schema: "stackengine.ask/1", parts: [], plans: [] };
		// @ts-expect-error a report that was not redacted
		const report: DeskWork = work({ report: async () => raw });
		// @ts-expect-error evidence
		const evidence: DeskWork = work({ report: async () => EVIDENCE });
		// @ts-expect-error the question as it was typed
		const question: DeskWork = work({ redact: async (typed) => typed });
		expect([report, evidence, question]).toHaveLength(3);
	});
});

describe("the schema", () => {
	const { report } = askReport(EVIDENCE);
	const message = { kind: "report", report };
	const reads = (data: unknown): ToPage | null => readToPage({ origin: HERE, data }, HERE);

	it("lets a report through", () => {
		expect(reads(message)).not.toBeNull();
	});

	it.each<[string, unknown]>([
		["the evidence", EVIDENCE],
		["the evidence as a report", { kind: "report", report: EVIDENCE }],
		["the evidence beside the report", { ...message, evidence: EVIDENCE }],
		["the evidence in the report", { kind: "report", report: { ...report, sources: EVIDENCE } }],
		["a source as a part", { kind: "report", report: { ...report, parts: EVIDENCE } }],
		["a part with more in it", { kind: "report", report: { ...report, parts: [{ ...report.parts[0], raw: "x" }] } }],
		["a table of names", { ...message, names: [["host-1", "payroll-db7"]] }],
		["a map of names", { ...message, originals: new Map([["host-1", "payroll-db7"]]) }],
		["another version", { kind: "report", report: { ...report, schema: "stackengine.ask/2" } }],
		["an unknown kind", { kind: "workspace", report }],
		[
			"an id that could be a path",
			{ kind: "report", report: { ...report, plans: [{ id: "../x", title: "", summary: "" }] } },
		],
		["a question that is too long", { kind: "question", id: 1, text: "x".repeat(2 * LIMITS.question + 1) }],
		["a number that is none", { kind: "named", id: Number.NaN, text: "x" }],
		["text", "report"],
		["null", null],
	])("stops %s", (_, data) => {
		expect(reads(data)).toBeNull();
	});

	it("stops the same messages from elsewhere", () => {
		for (const origin of ["null", "https://stackengine.example.evil.example", ""])
			expect(readToPage({ origin, data: message }, HERE)).toBeNull();
		expect(readToDesk({ origin: "null", data: { kind: "hello" } }, HERE)).toBeNull();
		expect(readToDesk({ origin: HERE, data: { kind: "hello", more: 1 } }, HERE)).toBeNull();
		expect(readToDesk({ origin: HERE, data: { kind: "hello" } }, HERE)).toEqual({ kind: "hello" });
	});
});
