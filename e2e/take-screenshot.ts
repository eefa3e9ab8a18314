import { statSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { open, pasteFlushed } from "./workbench";

/**
 * Makes e2e/workbench.png, the picture in the README, from the built page:
 *
 *     SCREENSHOT=1 npx playwright test --config e2e/playwright.config.ts
 */
test.use({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });

test("the workbench, 1440 by 900, light", async ({ page }) => {
	await open(page);
	await expect(page.getByText("Sealed: 0 requests since load")).toBeVisible();
	await pasteFlushed(page);
	await page.evaluate(() => document.fonts.ready.then(() => undefined));
	await expect(page.getByRole("button", { name: "Download fix.sh" })).toBeEnabled();
	// The picture shows the page at rest: no focus ring, no pointer.
	await page.evaluate(() => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	});
	await page.mouse.move(0, 0);
	const path = "e2e/workbench.png";
	await page.screenshot({ path, animations: "disabled", caret: "hide" });
	expect(statSync(path).size).toBeLessThan(250_000);
});
