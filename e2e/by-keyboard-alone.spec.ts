import { expect, test } from "@playwright/test";
import { FLUSHED, open } from "./workbench";

test("from the empty page to the downloaded script without a pointer", async ({ page }) => {
	await open(page);
	await page.evaluate((text) => navigator.clipboard.writeText(text), FLUSHED.nat + FLUSHED.log);
	await tabTo(page, () => document.activeElement?.classList.contains("cm-content") === true);
	await page.keyboard.press("ControlOrMeta+V");
	await expect(page.locator("#answer h1")).toHaveText(/Docker.s chain is gone from the nat table/);
	await page.keyboard.press("Escape");

	await tabTo(
		page,
		() => /line/.test(document.activeElement?.textContent ?? "") && document.activeElement?.closest("ol") !== null,
	);
	await page.keyboard.press("Enter");
	await expect(page.locator(".cm-content").first()).toBeFocused();
	await page.keyboard.press("Escape");

	await tabTo(page, () => document.activeElement?.getAttribute("role") === "tab");
	await page.keyboard.press("ArrowRight");
	await expect(page.getByRole("tab", { name: "bash", exact: true })).toBeFocused();
	await expect(page.getByRole("tab", { name: "bash", exact: true })).toHaveAttribute("aria-selected", "true");

	await tabTo(page, () => /Download fix/.test(document.activeElement?.textContent ?? ""));
	const waiting = page.waitForEvent("download");
	await page.keyboard.press("Enter");
	expect((await waiting).suggestedFilename()).toBe("fix.sh");
});

/** Presses Tab until the focus is where it should be; a hundred stops are more than the page has. */
async function tabTo(page: import("@playwright/test").Page, there: () => boolean): Promise<void> {
	for (let stop = 0; stop < 100; stop++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate(there)) return;
	}
	throw new Error("the keyboard does not get there");
}
