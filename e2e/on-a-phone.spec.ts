import { expect, test } from "@playwright/test";
import { open, pasteFlushed } from "./workbench";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("at 390 px the verdict comes first, nothing is wider than the screen, and the packet line runs downwards", async ({
	page,
}) => {
	await open(page);
	await pasteFlushed(page);
	const verdict = await page.locator("#answer").boundingBox();
	const evidence = await page.getByRole("region", { name: "Evidence" }).boundingBox();
	expect(verdict?.y ?? 0).toBeLessThan(evidence?.y ?? 0);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	const stations = await page
		.getByRole("list", { name: "Stations of the packet" })
		.getByRole("listitem")
		.evaluateAll((items) => items.map((item) => item.getBoundingClientRect().top));
	expect(stations.length).toBeGreaterThan(3);
	expect(stations).toEqual(stations.toSorted((a, b) => a - b));
	expect(new Set(stations.map(Math.round)).size).toBe(stations.length);
});

test("at 390 px the keyboard meets the verdict before the editors, as the eye does", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await page.getByRole("combobox", { name: "Theme" }).focus();
	await page.keyboard.press("Tab");
	await expect(page.locator("#answer").locator(":focus")).toHaveCount(1);
});
