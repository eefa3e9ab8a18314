import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { headersOf } from "../src/headers";
import { card, headline, open, paste, pasteFlushed } from "./workbench";

test("the seal says what is stored, which build this is, and forgets everything", async ({ page }) => {
	await open(page);
	await page.getByLabel("Theme").selectOption("dark");
	await pasteFlushed(page);
	await expect.poll(() => page.evaluate(() => sessionStorage.getItem("stackengine.draft/2"))).not.toBeNull();
	await page.getByRole("button", { name: /^Sealed/ }).click();
	const panel = page.locator("#sealed");
	await expect(panel).toContainText("0 requests since the page had loaded");
	await expect(panel).toContainText(/session storage: your evidence, encrypted/);
	await expect(panel).toContainText("Local storage: the theme, dark");
	const build = /name="build" content="([0-9a-f]{16})"/.exec(readFileSync("dist/index.html", "utf8"))?.[1];
	await expect(panel).toContainText(`Build ${build}`);
	await panel.getByRole("button", { name: "Forget everything" }).click();
	await expect(panel).toContainText("session storage: no evidence");
	await expect(headline(page)).toHaveText("Paste what the host says. Read what broke.");
	expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({});
	await page.keyboard.press("Escape");
	await expect(panel).toBeHidden();
});

test("the page hands itself over as one file, byte for byte what was built", async ({ page }) => {
	await open(page);
	await page.getByRole("button", { name: /^Sealed/ }).click();
	const waiting = page.waitForEvent("download");
	await page.locator("#sealed").getByRole("link", { name: "stackengine.html" }).click();
	const saved = readFileSync(await (await waiting).path());
	expect(saved.equals(readFileSync("dist/stackengine.html"))).toBe(true);
});

test("two builds of the same source give the same bytes, wherever they are made", () => {
	test.setTimeout(240_000);
	const folder = mkdtempSync(join(tmpdir(), "stackengine-build-"));
	try {
		const tracked = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
			encoding: "utf8",
		});
		for (const file of tracked.split("\0")) if (file !== "") cpSync(file, join(folder, file), { recursive: true });
		symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
		execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build"], { cwd: folder, stdio: "pipe" });
		const sums = (of: string) => readFileSync(join(of, "dist/SHA256SUMS"), "utf8").split("\n");
		expect(sums(folder)).toEqual(sums("."));
		const lines = sums(".").filter((line) => line !== "");
		const built = readdirSync("dist", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		expect(lines).toHaveLength(built.length - 1);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html",
	".js": "text/javascript",
	".css": "text/css",
	".svg": "image/svg+xml",
	".png": "image/png",
	".woff2": "font/woff2",
	".webmanifest": "application/manifest+json",
};

test("a newer build waits, says so in one line, and takes over when the person wants it", async ({ browser }) => {
	let build = "1";
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? "/", "http://localhost").pathname;
		const file = join("dist", path === "/" ? "index.html" : path);
		if (!resolve(file).startsWith(resolve("dist"))) return response.writeHead(404).end();
		for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
		response.setHeader("Content-Type", TYPES[extname(file)] ?? "text/plain");
		try {
			const bytes = readFileSync(file);
			// Another build is another service worker, by its name for the cache.
			const asBuild = () => bytes.toString("utf8").replace(/"[0-9a-f]{16}"/, `"build${build}"`);
			response.end(path === "/sw.js" ? asBuild() : bytes);
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const bound = server.address();
	if (bound === null || typeof bound === "string") throw new Error("No port to serve from");
	const address = `http://127.0.0.1:${bound.port}/`;
	const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
	const page = await context.newPage();
	await open(page, address);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	await paste(page, "pasted text", "written before the new version");
	build = "2";
	await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
	const offer = page.getByRole("button", { name: "reload when you like" });
	await expect(offer).toBeVisible();
	await expect(card(page, "pasted text").locator(".cm-content")).toBeFocused();
	const caches = () => page.evaluate(() => globalThis.caches.keys());
	expect(await caches()).toEqual(["stackengine-build1", "stackengine-build2"]);
	await offer.click();
	await expect(offer).toBeHidden();
	await expect(card(page, "pasted text").locator(".cm-content")).toContainText("written before the new version");
	expect(
		await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null),
	).toBeNull();
	await context.close();
	server.close();
});

test("nobody's folder is in the build", () => {
	const here = dirname(resolve("package.json"));
	const text = readFileSync("dist/stackengine.html", "utf8");
	expect(text).not.toContain(here);
});
