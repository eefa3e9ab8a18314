import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { ensureProgram } from "../tests/support/machine";
import { open, pasteFlushed } from "./workbench";

test("the script that is downloaded is sound: bash -n and shellcheck", async ({ page }, testInfo) => {
	const shellcheck = ensureProgram("shellcheck");
	await open(page);
	await pasteFlushed(page);
	const waiting = page.waitForEvent("download");
	await page.getByRole("button", { name: "Download fix.sh" }).click();
	const download = await waiting;
	expect(download.suggestedFilename()).toBe("fix.sh");
	const path = testInfo.outputPath("fix.sh");
	await download.saveAs(path);
	const script = readFileSync(path, "utf8");
	expect(script).toContain("--dry-run");
	execFileSync("bash", ["-n", path]);
	if (!shellcheck) throw new Error("shellcheck is missing and could not be installed: apt-get install shellcheck");
	execFileSync(shellcheck, ["-o", "all", path], { stdio: "inherit" });
});

test("each form of the repair can be read, and the report downloaded", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	const repair = page.getByRole("region", { name: "Repair", exact: true });
	await expect(repair.locator("del").first()).toBeVisible();
	for (const [tab, words] of [
		["bash", "set -eu"],
		["Ansible", "ansible.builtin"],
		["cloud-init", "#cloud-config"],
		["Runbook", "- [ ]"],
	] as const) {
		await page.getByRole("tab", { name: tab, exact: true }).click();
		await expect(repair).toContainText(words);
	}
	await page.getByRole("button", { name: "Share" }).click();
	const waiting = page.waitForEvent("download");
	await page.getByRole("button", { name: /Download report/ }).click();
	const report = readFileSync(await (await waiting).path(), "utf8");
	expect(report).toContain("docker-chain-missing");
});
