import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { copied, open, pasteFlushed } from "./workbench";

test("a play is edited against its schema, in a frame that nothing of is loaded before", async ({ page, baseURL }) => {
	const requests: string[] = [];
	const complaints: string[] = [];
	page.on("request", (request) => requests.push(request.url()));
	page.on("console", (message) => {
		if (/Content Security Policy|Trusted ?Type|Refused|Error/i.test(message.text())) complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	await open(page);
	await pasteFlushed(page);
	const repair = page.getByRole("region", { name: "Repair", exact: true });
	await page.getByRole("tab", { name: "Ansible", exact: true }).click();
	await expect(repair).toContainText("ansible.builtin");
	expect(requests.filter((url) => url.includes("yaml-editor"))).toEqual([]);

	await repair.getByRole("button", { name: "Edit with schema" }).click();
	const editor = page.frameLocator('iframe[title="YAML editor with schema"]');
	await expect(editor.locator(".view-line").first()).toBeVisible({ timeout: 30_000 });
	const says = repair.getByRole("status").filter({ hasText: /schema|problem/ });
	await expect(says).toContainText("is marked as you type", { timeout: 30_000 });
	expect(requests.filter((url) => !url.startsWith(baseURL ?? "nowhere"))).toEqual([]);

	// A key that no play has, typed at the end.
	await editor.locator(".monaco-editor").first().click();
	await page.keyboard.press("ControlOrMeta+End");
	await page.keyboard.type("\n  hostz: all");
	await expect(says).toContainText(/problem.*line \d+/, { timeout: 30_000 });
	await repair.getByRole("button", { name: /^Copy/ }).click();
	expect(await copied(page)).toContain("hostz: all");

	await repair.getByRole("button", { name: "Back to what was made" }).click();
	await expect(repair).not.toContainText("hostz");
	expect(complaints).toEqual([]);
});

test("the editor is no part of what is kept for offline use", async ({ page }) => {
	await open(page);
	const worker = await (await page.request.get("./sw.js")).text();
	expect(readdirSync("dist/yaml-editor").length).toBeGreaterThan(3);
	expect(worker).not.toContain("yaml-editor/");
});
