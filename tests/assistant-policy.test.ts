import { describe, expect, it } from "vitest";
import { frameFor, PROVIDERS } from "../src/assist/providers";
import { policyOrigin } from "../src/assist/talk/origin";
import { headersOf, pagePolicy, TALKING } from "../src/headers";

const directives = (policy: string) =>
	new Map(policy.split("; ").map((one) => [one.split(" ", 1)[0] ?? "", one.slice(one.indexOf(" ") + 1)] as const));
const served = (path: string) => directives(headersOf(path)["Content-Security-Policy"] ?? "");

describe("the assistant's policies", () => {
	it("let its page connect to nothing, and hold frames of its own host alone", () => {
		const policy = served("/assist.html");
		expect(policy.get("connect-src")).toBe("'none'");
		expect(policy.get("frame-src")).toBe("'self'");
		expect(policy.get("frame-ancestors")).toBe("'none'");
		expect(headersOf("/assist.html")["Connection-Allowlist"]).toBe("(response-origin)");
	});

	it("let no other page hold a frame but the workbench, whose YAML editor is one of its own host", () => {
		for (const path of ["/", "/index.html"]) expect(served(path).get("frame-src"), path).toBe("'self'");
		for (const path of ["/sw.js", "/assets/x.js", "/icon.svg"]) expect(served(path).has("frame-src"), path).toBe(false);
	});

	it.each(PROVIDERS.flatMap(({ id, address }) => (address === null ? [] : [[id, address] as const])))(
		"let the frame of %s connect to it and to nobody else, in header and page",
		(id, address) => {
			const origin = policyOrigin(address) ?? "";
			const path = `/${frameFor(origin)}`;
			expect(path).toBe(`/talk-${id}.html`);
			expect(served(path).get("connect-src")).toBe(origin);
			expect(directives(pagePolicy(path)).get("connect-src")).toBe(origin);
			expect(headersOf(path)["Connection-Allowlist"]).toBe(`(response-origin "${origin}/*")`);
		},
	);

	it.each(TALKING)("give $path no origin, no markup, no style, and no page around it but ours", ({ path }) => {
		const policy = served(path);
		expect(policy.get("sandbox")).toBe("allow-scripts");
		expect(policy.get("frame-ancestors")).toBe("'self'");
		expect(policy.get("default-src")).toBe("'none'");
		expect([...policy.keys()].filter((name) => name.endsWith("-src")).sort()).toEqual([
			"connect-src",
			"default-src",
			"script-src",
		]);
	});

	it("ask for the local network only where a local model may be", () => {
		const asks = (path: string) => headersOf(path)["Permissions-Policy"]?.includes("local-network-access=*");
		expect(["/talk-own.html", "/talk-local.html", "/assist.html"].map(asks)).toEqual([true, true, true]);
		expect(["/", "/index.html", "/talk-openai.html", "/talk-anthropic.html", "/x"].map(asks)).toEqual(
			Array(5).fill(false),
		);
	});
});
