import { expect, test } from "@playwright/test";
import { FLUSHED, headline, open, paste, pasteFlushed } from "./workbench";

test("the palette does what is typed: an action, then a failure mode, by keyboard", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	// Also out of an editor, whose own keys it must not take.
	await page.keyboard.press("ControlOrMeta+k");
	const field = page.getByRole("combobox", { name: "What to do" });
	await expect(field).toBeFocused();
	await field.fill("collect");
	const chosen = page.getByRole("dialog").getByRole("option", { selected: true });
	await expect(chosen).toContainText("Collect from a host");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("dialog", { name: "Collect from a host" })).toContainText("docker info");
	await page.getByRole("dialog").getByRole("tab", { name: "One paste" }).click();
	await expect(page.getByRole("dialog")).toContainText("sh -s <<'END_OF_COLLECT'");
	await page.getByRole("dialog").getByRole("tab", { name: "Ansible" }).click();
	await expect(page.getByRole("dialog")).toContainText("ansible.builtin.command");
	await page.keyboard.press("Escape");

	await page.keyboard.press("ControlOrMeta+k");
	await field.fill("lock held");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("Enter");
	await expect(page).toHaveURL(/#\/failure-modes\/xtables-lock-held$/);
});

test("? lists the keys, but not while somebody types", async ({ page }) => {
	await open(page);
	await page.locator(".cm-content").first().focus();
	await page.keyboard.type("?");
	await expect(page.getByRole("dialog")).toHaveCount(0);
	await page.getByRole("link", { name: "Help" }).focus();
	await page.keyboard.type("?");
	await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("every action");
	await page.keyboard.press("Escape");
	await page.getByRole("link", { name: "Help" }).press("Enter");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Help");
	await expect(page.locator("main")).toContainText("Three ways in");
});

test("what was forgotten by mistake comes back, and a finding has an address", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await page.getByRole("button", { name: "Forget everything" }).click();
	await expect(headline(page)).toHaveText(/Paste what the host says/);
	await page.getByRole("button", { name: "Undo" }).click();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone/);
	await page.goto("./#/finding/docker-chain-missing");
	await expect(page.locator("#finding-docker-chain-missing")).toBeFocused();
});

test("what to paste next can be collected alone", async ({ page }) => {
	await open(page);
	await paste(page, "docker info", FLUSHED.info);
	await page.getByRole("button", { name: /Collect only th/ }).click();
	const dialog = page.getByRole("dialog", { name: "Collect only what is missing" });
	await expect(dialog.locator("pre")).toContainText("show 'date -u");
	await expect(dialog.locator("pre")).not.toContainText("show 'docker info'");
});

test("on paper stands the report, and nothing of the editors", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await page.emulateMedia({ media: "print" });
	await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
	await expect(page.locator("#answer")).toContainText("Because");
	await expect(page.locator("#evidence-heading")).toBeHidden();
	await expect(page.getByRole("navigation")).toBeHidden();
	expect((await page.pdf({ path: process.env["PDF"] ?? "test-results/report.pdf" })).length).toBeGreaterThan(10_000);
});
