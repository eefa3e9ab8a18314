import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EDITOR_STYLE_NONCE, headersOf, metaPolicy, SERVED, singleFilePolicy } from "../src/headers";
import { caddyfile, headersFile, nginxConfig } from "../src/hosts";

const policyOf = (path: string) => headersOf(path)["Content-Security-Policy"] ?? "";
const directives = (policy: string) => new Map(policy.split("; ").map((one) => [one.split(" ", 1)[0], one] as const));

it("the page names the nonce that the served policy admits, and has neither inline script nor inline style", () => {
	const page = readFileSync("index.html", "utf8");
	expect(page).toContain(`<meta name="csp-nonce" content="${EDITOR_STYLE_NONCE}">`);
	expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
	expect([...page.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual([
		'<script type="module" src="/src/main.tsx">',
	]);
});

it("no policy lets in what is inline, evaluated or from any scheme, and every one begins with nothing", () => {
	const policies = [
		...SERVED.map(({ path }) => policyOf(path)),
		policyOf("/other"),
		metaPolicy(singleFilePolicy("'sha256-a'", "'sha256-b'")),
	];
	for (const policy of policies) {
		const of = directives(policy);
		expect(of.get("default-src")).toBe("default-src 'none'");
		expect(of.get("base-uri")).toBe("base-uri 'none'");
		expect(of.get("form-action")).toBe("form-action 'none'");
		expect(of.get("require-trusted-types-for")).toBe("require-trusted-types-for 'script'");
		expect(of.get("script-src") ?? "").not.toMatch(/unsafe|\*|https?:|data:|blob:|nonce/);
	}
});

it("the workbench may connect to nothing, by the policy and by the list of connections", () => {
	for (const path of ["/", "/index.html", "/assets/engine.worker-x.js"]) {
		const of = directives(policyOf(path));
		expect(of.get("connect-src") ?? of.get("default-src"), path).toMatch(/'none'$/);
		expect(of.get("frame-ancestors")).toBe("frame-ancestors 'none'");
		expect(headersOf(path)["Connection-Allowlist"]).toBe("(response-origin)");
	}
});

it("a file on a host has one policy: no two entries fit it", () => {
	const fits = (pattern: string, path: string) =>
		pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
	for (const { path } of SERVED) {
		const file = path.replace("*", "x.js");
		expect(SERVED.filter((one) => fits(one.path, file)).map((one) => one.path)).toEqual([path]);
	}
});

it("each host's file gives each path what headersOf says", () => {
	const text = headersFile(["/index.html", "/icon.svg"]);
	const blocks = text.split("\n\n").filter((block) => block.startsWith("/"));
	const sent = (path: string) =>
		Object.fromEntries(
			blocks
				.filter((block) => [path, "/*"].includes(block.split("\n")[0] ?? ""))
				.flatMap((block) => block.trim().split("\n").slice(1))
				.map((line) => [line.slice(2, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
		);
	for (const path of ["/", "/index.html", "/assets/*", "/sw.js", "/icon.svg"])
		expect(sent(path), path).toEqual(headersOf(path));
	for (const { path } of SERVED)
		for (const host of [nginxConfig(), caddyfile()]) {
			expect(host, path).toContain(policyOf(path));
		}
});
