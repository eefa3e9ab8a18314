import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askReport } from "../engine/ask-report";
import { advance, type Conversation, type Deed, EMPTY, messagesOf } from "./conversation";
import { dollars, money, tokensOf } from "./estimate";
import { reportOf } from "./messages";
import { SYSTEM } from "./prompt";
import { addressOf, frameFor } from "./providers";
import { type Asking, isKey, requestOf, shownHeaders, sign } from "./request";
import type { Named } from "./seat";
import { cut, join, modelName, ours, type Sendable, toJson } from "./sendable";
import { policyOrigin } from "./talk/origin";
import { wordsOf } from "./wording";

const SAMPLE = "src/ui/evidence/samples/nat-flush-delete";
const { report } = askReport(
	["docker-info.txt", "iptables-nat-L.txt", "dockerd.log"].map((name) => ({
		id: name,
		name,
		text: readFileSync(`${SAMPLE}/${name}`, "utf8"),
	})),
);
const REPORT = reportOf({
	kind: "report",
	report: { schema: report.schema, parts: [...report.parts], plans: [...report.plans] },
});
const doing = (...deeds: readonly Deed[]): Conversation => deeds.reduce(advance, EMPTY);
const asked = (question: Sendable): readonly Deed[] => [
	{ kind: "redact" },
	{ kind: "review", question },
	{ kind: "sent", origin: "http://localhost:1" },
];
const start: Deed = { kind: "report", report: REPORT };

describe("what may be sent", () => {
	it("is, by type, no text of the page", () => {
		const typed: string = "typed by the person";
		const named: Named = { shown: "payroll-db7" };
		// @ts-expect-error only a text that stands in our source is ours
		expect(ours(typed)).toBe(typed);
		// @ts-expect-error a text without origin
		expect(join([typed], "")).toBe(typed);
		// @ts-expect-error an answer with real names
		expect(toJson({ text: named })).toContain("payroll-db7");
		// @ts-expect-error an unknown text inside
		expect(toJson({ model: typed })).toContain(typed);
	});

	it("can be cut, and cut only", () => {
		const whole = ours("the log of host-1 at 08:12");
		expect(cut(whole, "the log at 08:12")).toBe("the log at 08:12");
		expect(cut(whole, "")).toBe("");
		expect(cut(whole, `${whole}!`)).toBeNull();
		expect(cut(whole, "the log of host-2 at 08:12")).toBeNull();
		fc.assert(
			fc.property(fc.string(), fc.array(fc.boolean()), (text, keep) => {
				const left = [...text].filter((_, at) => keep[at] ?? true).join("");
				expect(cut(ours(text as never), left)).toBe(left);
			}),
		);
	});

	it("names a model as providers do", () => {
		for (const name of ["claude-x-4-5", "llama3.2:3b", "org/model@v1.2"]) expect(modelName(` ${name} `)).toBe(name);
		for (const name of ["", "a b", 'x"', "x\ny", "x".repeat(201)]) expect(modelName(name)).toBeNull();
	});
});

describe("a conversation", () => {
	it("sends the report first, as far as the person lets it go", () => {
		const whole = messagesOf(doing(start), ours("Why?"));
		expect(whole).toHaveLength(1);
		expect(whole[0]?.text).toMatch(/^<report>\n## Diagnosis\n/);
		expect(whole[0]?.text).toMatch(/- [a-z-]+\/fix: Repair: .*\n[\s\S]*\n\nWhy\?$/);
		const [first, ...others] = REPORT.parts;
		const left = first?.text.slice(0, 40) ?? "";
		const deeds: readonly Deed[] = [
			start,
			...others.map(({ id }): Deed => ({ kind: "send-part", id, isSent: false })),
			{ kind: "cut-part", id: "report", left },
		];
		expect(messagesOf(doing(...deeds), ours("Why?"))[0]?.text.split("</report>")[0]).toBe(
			`<report>\n## Diagnosis\n\n${left}\n`,
		);
		expect(doing(...deeds, { kind: "cut-part", id: "report", left: `${left} and more` }).parts[0]?.kept).toBe(left);
		expect(doing(...deeds, { kind: "restore-part", id: "report" }).parts[0]?.kept).toBe(first?.text);
	});

	it("takes turns, and leaves out a question that nobody answered", () => {
		const now = doing(
			start,
			...asked(ours("One?")),
			{ kind: "step", step: { kind: "failed", failure: { kind: "cut" } } },
			...asked(ours("Two?")),
			{ kind: "step", step: { kind: "text", text: "Because " } },
			{ kind: "step", step: { kind: "text", text: "of host-1." } },
			{ kind: "step", step: { kind: "usage", input: 5, output: null } },
			{ kind: "step", step: { kind: "usage", input: null, output: 7 } },
			{ kind: "step", step: { kind: "end", ending: "complete" } },
		);
		expect(now.turns.at(-1)).toMatchObject({ answer: "Because of host-1.", ending: "complete", input: 5, output: 7 });
		const messages = messagesOf(now, ours("Three?"));
		expect(messages.map(({ by }) => by)).toEqual(["person", "model", "person"]);
		expect(messages.map(({ text }) => text).join("\n")).not.toContain("One?");
		expect(messages.at(-1)?.text).toBe("Three?");
	});

	it("goes through its stages in order, and nothing arrives out of turn", () => {
		const late: Deed = { kind: "step", step: { kind: "text", text: "late" } };
		expect(doing(start, late).turns).toEqual([]);
		expect(doing(start, { kind: "sent", origin: "http://localhost:1" }).turns).toEqual([]);
		expect(doing(start, { kind: "review", question: ours("x") }).stage.kind).toBe("writing");
		const reviewing = doing(start, { kind: "redact" }, { kind: "review", question: ours("Why host-1?") });
		expect(advance(reviewing, { kind: "cut-question", left: "Why?" }).stage).toEqual({
			kind: "reviewing",
			question: "Why?",
		});
		expect(advance(reviewing, { kind: "cut-question", left: "Why payroll?" })).toEqual(reviewing);
		expect(advance(reviewing, { kind: "back" }).stage.kind).toBe("writing");
	});
});

it("money is rounded as a person would say it", () => {
	expect([0, 0.0004, 0.0123, 0.5, 2.4].map(money)).toEqual(["$0", "less than $0.001", "$0.012", "$0.500", "$2.40"]);
	expect(money(dollars(tokensOf(30_000), 3))).toBe("$0.030");
});

describe("a request", () => {
	const address = addressOf("http://localhost:11434", "openai");
	if (address.kind === "wrong") throw new Error(address.says);
	const asking: Asking = {
		protocol: "openai",
		isOpenAi: false,
		address,
		model: ours("llama3.2"),
		most: 100,
		system: SYSTEM,
		messages: [{ by: "person", text: ours("Why?") }],
	};

	it("speaks like OpenAI", () => {
		const request = requestOf(asking);
		expect(request.url).toBe("http://localhost:11434/v1/chat/completions");
		expect(JSON.parse(request.body)).toEqual({
			model: "llama3.2",
			max_tokens: 100,
			stream: true,
			stream_options: { include_usage: true },
			messages: [
				{ role: "system", content: SYSTEM },
				{ role: "user", content: "Why?" },
			],
		});
		expect(JSON.parse(requestOf({ ...asking, isOpenAi: true }).body)).toMatchObject({ max_completion_tokens: 100 });
		expect(sign(request, "sk-1").headers).toContainEqual(["authorization", "Bearer sk-1"]);
		expect(sign(request, "").headers).toEqual([["content-type", "application/json"]]);
	});

	it("speaks like Anthropic", () => {
		const request = requestOf({ ...asking, protocol: "anthropic" });
		expect(JSON.parse(request.body)).toEqual({
			model: "llama3.2",
			max_tokens: 100,
			stream: true,
			system: SYSTEM,
			messages: [{ role: "user", content: "Why?" }],
		});
		expect(new Map(sign(request, "sk-2").headers)).toEqual(
			new Map([
				["content-type", "application/json"],
				["anthropic-version", "2023-06-01"],
				["anthropic-dangerous-direct-browser-access", "true"],
				["x-api-key", "sk-2"],
			]),
		);
	});

	it("is shown with its key masked", () => {
		const shown = JSON.stringify(shownHeaders(requestOf(asking), true));
		expect(shown).toContain("Bearer \u2022");
		expect(shownHeaders(requestOf(asking), false)).toHaveLength(1);
		for (const key of ["sk-1 2", "sk\n", "schlüssel", ""]) expect(isKey(key)).toBe(false);
	});
});

describe("an address", () => {
	it.each([
		["http://localhost:11434", "openai", "http://localhost:11434/v1/chat/completions"],
		["http://127.0.0.1:8080/v1/", "openai", "http://127.0.0.1:8080/v1/chat/completions"],
		[" https://gate.example/llm/v1/chat/completions ", "openai", "https://gate.example/llm/v1/chat/completions"],
		["https://gate.example/a", "anthropic", "https://gate.example/a/v1/messages"],
		["https://api.anthropic.com/v1/messages", "anthropic", "https://api.anthropic.com/v1/messages"],
		["https://bücher.example", "openai", "https://xn--bcher-kva.example/v1/chat/completions"],
	] as const)("%s becomes an endpoint", (typed, protocol, url) => {
		expect(addressOf(typed, protocol)).toMatchObject({ kind: "ok", url });
	});

	it.each([
		"",
		"localhost:11434",
		"javascript:alert(1)",
		"file:///etc/passwd",
		"https://user:pass@gate.example",
		"https://gate.example/?key=x",
		"https://*.example",
		"https://a.example;script-src",
		"http://[::1]:11434",
	])("%s is refused with a sentence", (typed) => {
		const address = addressOf(typed, "openai");
		expect(address).toMatchObject({ kind: "wrong", says: expect.stringMatching(/\.$/) });
	});

	it("tells what goes unencrypted", () => {
		const isPlain = (typed: string) => {
			const address = addressOf(typed, "openai");
			return address.kind === "ok" && address.isPlain;
		};
		expect(isPlain("http://10.0.0.7:8000")).toBe(true);
		for (const typed of ["http://localhost:1", "http://127.1.2.3:1", "https://10.0.0.7"])
			expect(isPlain(typed)).toBe(false);
	});

	it("has the frame whose policy names it", () => {
		expect(frameFor("https://api.anthropic.com")).toBe("talk-anthropic.html");
		expect(frameFor("https://api.openai.com")).toBe("talk-openai.html");
		expect(frameFor("https://api.openai.com:444")).toBe("talk-own.html");
		for (const here of ["http://localhost:11434", "http://127.0.0.1"]) expect(frameFor(here)).toBe("talk-local.html");
		for (const there of ["http://localhost.example", "https://127.0.0.1:1", "http://127.0.0.2"])
			expect(frameFor(there)).toBe("talk-own.html");
	});

	it("can't smuggle anything into a policy", () => {
		fc.assert(
			fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string(), (url, more) => {
				for (const address of [url, more, `https://${more}`, `${url}${more}`])
					expect(policyOrigin(address) ?? "https://none").toMatch(/^https?:\/\/[a-z0-9.-]+(?::\d+)?$/);
			}),
		);
	});
});

describe("the words of a failure", () => {
	it.each([
		[{ kind: "status", status: 401, says: "invalid x-api-key" }, "The key was refused (401)."],
		[{ kind: "status", status: 429, says: "Rate limit reached" }, "Too many requests or tokens (429)."],
		[
			{ kind: "status", status: 429, says: "You exceeded your current quota, please check" },
			"No credit is left (429).",
		],
		[{ kind: "status", status: 400, says: "Your credit balance is too low" }, "No credit is left (400)."],
		[{ kind: "status", status: 404, says: "model not found" }, "Not found (404)."],
		[{ kind: "status", status: 503, says: "" }, "The server failed (503)."],
		[{ kind: "offline" }, "This machine is offline."],
		[{ kind: "unreachable" }, "The browser got no answer from http://localhost:1."],
	] as const)("%j", (failure, what) => {
		const words = wordsOf(failure, "http://localhost:1");
		expect(words.what).toBe(what);
		expect(words.do).not.toBe("");
	});
});
