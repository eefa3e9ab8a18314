import { expect, test } from "@playwright/test";
import { card, FLUSHED, headline, open, paste, pasteFlushed } from "./workbench";

test("three artifacts pasted give a verdict without a button", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await expect(card(page, "iptables -t nat -L")).toContainText("nat table, 4 chains, no DOCKER chain");
	await expect(card(page, "dockerd log")).toContainText(/\d+ errors?/);
	await expect(card(page, "dockerd log")).toContainText(/\d+ lines/);
	await expect(page.getByRole("region", { name: /^Because/ })).toContainText("the chain does not exist");
	await expect(page.locator("#answer")).toContainText("Ruled out");
	await expect(page.locator("#answer")).toContainText("iptables-save");
});

test("text pasted into the wrong editor lands right", async ({ page }) => {
	await open(page);
	await paste(page, "docker info", FLUSHED.log);
	await paste(page, "dockerd log", FLUSHED.nat);
	await paste(page, "iptables -t nat -L", FLUSHED.info);
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await expect(card(page, "docker info")).toContainText(/dockerd log, \d+ errors?/);
	await expect(card(page, "dockerd log")).toContainText("nat table, 4 chains");
});

test("a sign leads to its marked line, and the line back to the sign", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	const because = page.getByRole("region", { name: /^Because/ });
	await because
		.getByRole("button", { name: /dockerd log, line/ })
		.first()
		.click();
	const log = card(page, "dockerd log");
	await expect(log.locator(".cm-content")).toBeFocused();
	await expect(log.locator(".cm-line").filter({ hasText: "No chain/target/match" }).first()).toBeInViewport();
	await log
		.getByRole("button", { name: /^Sign 1/ })
		.first()
		.click();
	await expect(page.locator("#sign-1")).toBeFocused();
});

test("markup in a paste stays text", async ({ page }) => {
	const dialogs: string[] = [];
	page.on("dialog", (dialog) => {
		dialogs.push(dialog.message());
		void dialog.dismiss();
	});
	await open(page);
	await paste(
		page,
		"pasted text",
		"docker: Error response from daemon: driver failed programming external connectivity on endpoint <img src=x onerror=alert(1)> (5a54): Bind for 0.0.0.0:8080 failed: port is already allocated.\n<script>alert(2)</script>\n",
	);
	await expect(headline(page)).toHaveText("The host port is taken");
	expect(await page.locator("#root img[src=x], #root script").count()).toBe(0);
	expect(dialogs).toEqual([]);
});
