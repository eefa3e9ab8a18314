import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorText, errorTextOf, readEvent } from "./events";

describe("an event", () => {
	it.each([
		["anthropic", '{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}'],
		["anthropic", '{"type":"something_new"}'],
		["openai", '{"choices":[]}'],
		["openai", '{"choices":[{"delta":{"reasoning_content":"hm"}}]}'],
		["openai", '{"choices":[{"delta":null,"finish_reason":"__proto__"}],"usage":null}'],
	] as const)("of %s that is not for the person says nothing: %s", (protocol, data) => {
		expect(readEvent(protocol, data)).toEqual({ steps: [], finished: false });
	});

	it.each(["null", "[]", '"x"', "{", "", "[DONE]x"])("that is no object is malformed: %s", (data) => {
		expect(readEvent("openai", data).steps).toEqual([{ kind: "failed", failure: { kind: "malformed" } }]);
	});

	it("counts only what is a count", () => {
		const usage = (prompt_tokens: unknown) =>
			readEvent("openai", JSON.stringify({ choices: [], usage: { prompt_tokens, completion_tokens: 3 } })).steps;
		expect(usage(7)).toEqual([{ kind: "usage", input: 7, output: 3 }]);
		for (const wrong of [-1, 1.5, "7", null, 1e300])
			expect(usage(wrong)).toEqual([{ kind: "usage", input: null, output: 3 }]);
	});

	it("never throws, whatever a server sends", () => {
		const protocol = fc.constantFrom("anthropic" as const, "openai" as const);
		fc.assert(
			fc.property(protocol, fc.oneof(fc.json(), fc.string()), (of, data) => {
				for (const step of readEvent(of, data).steps) expect(step).toHaveProperty("kind");
			}),
		);
	});
});

describe("the words of an error", () => {
	it.each([
		['{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}', "invalid x-api-key"],
		[
			'{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}',
			"You exceeded your current quota",
		],
		['{"error":"model \'x\' not found"}', "model 'x' not found"],
		['{"detail":"Not Found"}', "Not Found"],
		['{"object":"error","message":"too many\\n\\ttokens \\u202e"}', "too many tokens"],
		["<html><h1>502 Bad Gateway</h1>", ""],
		["upstream timed out", "upstream timed out"],
		["", ""],
	])("in %s", (body, says) => {
		expect(errorTextOf(body)).toBe(says);
	});

	it("are cut", () => {
		expect(errorText("word ".repeat(10_000))).toHaveLength(500);
	});
});
