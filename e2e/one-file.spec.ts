import { copyFileSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { copied, draftKept, FLUSHED, headline, pasteFlushed } from "./workbench";

/** Opens a copy of the single file, in a folder with nothing else in it, in a browser without a network. */
async function openFile(page: Page, folder: string): Promise<void> {
	copyFileSync("dist/stackengine.html", folder);
	await page.context().setOffline(true);
	await page.goto(pathToFileURL(folder).href);
	await expect(page.locator(".cm-content")).toHaveCount(4);
}

test("one file does the whole journey from a disk, without a network", async ({ page }, testInfo) => {
	const requests: string[] = [];
	const problems: string[] = [];
	page.on("request", (request) => requests.push(request.url()));
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
	page.on("pageerror", (error) => problems.push(error.message));
	await openFile(page, testInfo.outputPath("jane-roe.html"));
	await pasteFlushed(page);
	await expect(page.getByText("Sealed: 0 requests since load")).toBeVisible();

	const fix = page.waitForEvent("download");
	await page.getByRole("button", { name: "Download fix.sh" }).click();
	expect(readFileSync(await (await fix).path(), "utf8")).toContain("--dry-run");

	await page.getByRole("button", { name: "Share" }).click();
	const dialog = page.getByRole("dialog");
	// It is a page of its own, which a file can't have.
	await expect(dialog.getByRole("button", { name: "Ask your own model" })).toHaveCount(0);
	// The second pass runs in a worker of its own.
	await expect(dialog.getByRole("button", { name: /Copy link/ })).toBeEnabled();
	const report = page.waitForEvent("download");
	await dialog.getByRole("button", { name: /Download report/ }).click();
	expect(readFileSync(await (await report).path(), "utf8")).toContain("docker-chain-missing");
	const saved = page.waitForEvent("download");
	await dialog.getByRole("button", { name: "Save as file" }).click();
	const reportFile = await (await saved).path();
	await dialog.getByRole("button", { name: /Copy link/ }).click();
	const link = await copied(page);
	expect(link, "no path of this machine").not.toContain("jane-roe");
	expect(link).toMatch(/^stackengine\.html#\S+$/);
	await dialog.getByRole("button", { name: "Close" }).click();

	await page.getByRole("link", { name: "Failure modes", exact: true }).click();
	await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
	await page.evaluate(
		(fragment) => {
			window.location.hash = fragment;
		},
		link.slice(link.indexOf("#")),
	);
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	expect(readFileSync(reportFile, "utf8")).toContain(link.slice(link.indexOf("#") + 1));

	const own = page.url().split("#")[0] ?? "";
	expect(requests.filter((url) => url !== own && !/^(?:blob|data):/.test(url))).toEqual([]);
	expect(problems).toEqual([]);
});

test("the one file brings its evidence back after a reload", async ({ page }, testInfo) => {
	await openFile(page, testInfo.outputPath("one.html"));
	await pasteFlushed(page);
	await draftKept(page);
	await page.reload();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await expect(page.locator(".cm-content").nth(1)).toContainText(FLUSHED.nat.split("\n")[0] ?? "");
});
