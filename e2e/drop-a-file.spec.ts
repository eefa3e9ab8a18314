import { expect, test } from "@playwright/test";
import { card, FLUSHED, headline, open } from "./workbench";

test("dropped files become cards of their own and are read like a paste", async ({ page }) => {
	await open(page);
	const files = await page.evaluateHandle(
		(texts) => {
			const transfer = new DataTransfer();
			for (const [name, text] of Object.entries(texts))
				transfer.items.add(new File([text], name, { type: "text/plain" }));
			return transfer;
		},
		{ "nat.txt": FLUSHED.nat, "dockerd.log": FLUSHED.log },
	);
	const target = page.locator("body");
	await target.dispatchEvent("dragenter", { dataTransfer: files });
	await target.dispatchEvent("dragover", { dataTransfer: files });
	await target.dispatchEvent("drop", { dataTransfer: files });
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await expect(card(page, "nat.txt")).toContainText("no DOCKER chain");
	await page.getByRole("button", { name: "Remove dockerd.log" }).click();
	await expect(card(page, "dockerd.log")).toHaveCount(0);
});

test("a sample loads with one click", async ({ page }) => {
	await open(page);
	await page.getByRole("button", { name: /lock/i }).first().click();
	await expect(headline(page)).toHaveText("Another process holds the xtables lock");
});
