import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EDITOR_STYLE_NONCE } from "../src/headers";

it("the page names the nonce that the served policy admits, and has neither inline script nor inline style", () => {
	const page = readFileSync("index.html", "utf8");
	expect(page).toContain(`<meta name="csp-nonce" content="${EDITOR_STYLE_NONCE}">`);
	expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
	expect([...page.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual([
		'<script type="module" src="/src/main.tsx">',
	]);
});
