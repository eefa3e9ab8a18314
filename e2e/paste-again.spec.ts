import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { card, headline, open, paste } from "./workbench";

/** One real host of the lab, collected while its nat table was flushed and after fix.sh. */
const host = (name: string) => readFileSync(`src/engine/compare/cases/${name}.txt`, "utf8");

test("after the repair the same host is pasted again: fixed, and each expected change ticked off, by keyboard", async ({
	page,
}) => {
	await open(page);
	await paste(page, "pasted text", host("broken"));
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);

	await page.getByRole("button", { name: "Paste again" }).focus();
	await page.keyboard.press("Enter");
	const since = page.getByRole("region", { name: "Since the first paste" });
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Waiting for the second paste");
	await expect(since).toContainText("Chain DOCKER in table nat");
	// The hand is in an empty editor: the second paste goes right there.
	await expect(card(page, "docker info").locator(".cm-content")).toBeFocused();
	await page.evaluate((words) => navigator.clipboard.writeText(words), host("habit"));
	await page.keyboard.press("ControlOrMeta+V");
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Better");
	await expect(since).toContainText("5 of 9 done");

	await page.keyboard.press("ControlOrMeta+A");
	await page.evaluate((words) => navigator.clipboard.writeText(words), host("fixed"));
	await page.keyboard.press("ControlOrMeta+V");
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Fixed");
	await expect(since).toContainText("11 of 11 done");
	await expect(since).toContainText("The same host");
	await since.getByText("What else has changed").click();
	await expect(since).toContainText("chain DOCKER is new in table nat");

	// A reload brings both pastes back.
	await page.reload();
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Fixed");
	await page.getByRole("button", { name: "Back to it" }).click();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await expect(since).toHaveCount(0);
});

test("another host is not compared", async ({ page }) => {
	await open(page);
	await paste(page, "pasted text", host("broken"));
	await page.getByRole("button", { name: "Paste again" }).click();
	await paste(page, "pasted text", host("other-host"));
	const since = page.getByRole("region", { name: "Since the first paste" });
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Another host");
	await expect(since).toContainText("docker02");
});

test("a second file of the same host is offered to be compared, not read together with the first", async ({ page }) => {
	await open(page);
	const later = host("fixed").replace(/T(\d\d):(\d\d):\d\dZ/, (_, hours: string) => `T${hours}:59:59Z`);
	const files = page.getByLabel("Files to read");
	await files.setInputFiles({ name: "host.txt", mimeType: "text/plain", buffer: Buffer.from(host("broken")) });
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await files.setInputFiles({ name: "host2.txt", mimeType: "text/plain", buffer: Buffer.from(later) });
	await page.getByRole("button", { name: "Compare the two" }).click();
	const since = page.getByRole("region", { name: "Since the first paste" });
	await expect(since.getByRole("heading", { level: 2 })).toHaveText("Fixed");
});
