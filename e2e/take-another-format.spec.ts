import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { copied, open, pasteFlushed } from "./workbench";

test("a further format is chosen by keyboard, read, copied and downloaded", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	const repair = page.getByRole("region", { name: "Repair", exact: true });
	await page.getByRole("tab", { name: "Fix", exact: true }).focus();
	await page.keyboard.press("End");
	await expect(page.getByRole("tab", { name: "More formats" })).toBeFocused();
	const choice = repair.getByLabel("Format", { exact: true });
	await expect(choice).toBeVisible();
	// Only what says something of this repair: it loads no module and edits no daemon.json.
	const names = await choice.locator("option").allTextContents();
	expect(names).toContain("systemd drop-in");
	expect(names).not.toContain("modules-load.d");
	await page.keyboard.press("Tab");
	await choice.focus();
	await choice.selectOption("systemd drop-in");
	await expect(repair).toContainText("After=firewalld.service nftables.service");
	await choice.selectOption("GitHub Actions");
	await expect(repair).toContainText("runs-on: ubuntu-latest");
	await repair.getByRole("button", { name: "Copy" }).click();
	const waiting = page.waitForEvent("download");
	await repair.getByRole("button", { name: "Download docker-smoke.yml" }).click();
	const download = await waiting;
	const text = readFileSync(await download.path(), "utf8");
	expect(text).toContain("A published port answers from outside the host");
	expect(await copied(page)).toBe(text);
});
