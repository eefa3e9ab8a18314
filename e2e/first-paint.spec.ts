import { expect, test } from "@playwright/test";
import { open } from "./workbench";

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });
	test("the frame and what the page is for are there", async ({ page }) => {
		await page.goto("./");
		await expect(page.getByRole("banner")).toContainText("StackEngine");
		await expect(page.getByRole("heading", { level: 1 })).toHaveText("Paste what the host says. Read what broke.");
		await expect(page.getByText(/needs JavaScript/)).toBeVisible();
	});
});

for (const [width, height] of [
	[390, 844],
	[768, 1024],
	[1440, 900],
	[2560, 1300],
] as const) {
	test(`nothing jumps from the first paint to the living editors, ${width} px wide`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await page.addInitScript(() => {
			const moved: unknown[] = [];
			Object.assign(window, { moved });
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) {
					if (!("value" in entry) || !("sources" in entry) || !Array.isArray(entry.sources)) continue;
					const names = entry.sources.map(({ node }: { node?: Node }) => node?.textContent?.slice(0, 40));
					moved.push([entry.value, ...names]);
				}
			}).observe({ type: "layout-shift", buffered: true });
		});
		await open(page);
		await page.evaluate(() => document.fonts.ready);
		await page.waitForTimeout(300);
		const moved: [number, ...string[]][] = await page.evaluate("window.moved");
		const sum = moved.reduce((total, [value]) => total + value, 0);
		// 0.1 is what web.dev calls good; a swapped font moves a word or two.
		expect(sum, JSON.stringify(moved)).toBeLessThan(0.05);
	});
}

test("the page can be installed", async ({ page, request, baseURL }) => {
	await open(page);
	const href = await page.locator("link[rel=manifest]").getAttribute("href");
	const found = await request.get(new URL(href ?? "", baseURL).href);
	expect(found.ok()).toBe(true);
	const manifest = await found.json();
	expect(manifest).toMatchObject({ name: "StackEngine", display: "standalone", start_url: "./" });
	for (const { src, sizes } of manifest.icons) {
		const icon = await request.get(new URL(src, baseURL).href);
		expect(icon.ok(), src).toBe(true);
		if (!src.endsWith(".png")) continue;
		const png = await icon.body();
		expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes);
	}
	const session = await page.context().newCDPSession(page);
	const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
	// A test's window is incognito, where no page can be installed.
	expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});
