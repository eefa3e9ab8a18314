import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { open, pasteFlushed } from "./workbench";

for (const colorScheme of ["light", "dark"] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme, reducedMotion: "reduce" });

		test("no accessibility violation: empty, answered, sharing, catalogue, article", async ({ page }) => {
			// axe reads every element of six pages; a busy machine needs its time.
			test.slow();
			const check = async (what: string) => {
				const { violations } = await new AxeBuilder({ page })
					.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
					.analyze();
				expect(
					violations.map(
						({ id, nodes }) =>
							`${what}: ${id} at ${nodes
								.map((node) => node.target.join(" "))
								.slice(0, 3)
								.join(", ")}`,
					),
				).toEqual([]);
			};
			await open(page);
			await check("empty");
			await pasteFlushed(page);
			await check("answered");
			await page.getByRole("button", { name: "Share" }).click();
			await expect(page.getByRole("dialog")).toContainText("characters");
			await check("sharing");
			await page.keyboard.press("Escape");
			await page.goto("./#/failure-modes");
			await expect(page.getByRole("heading", { level: 1, name: "Failure modes" })).toBeVisible();
			await check("catalogue");
			await page.goto("./#/failure-modes/docker-chain-missing");
			await expect(page.getByRole("heading", { name: "What you see" })).toBeVisible();
			await check("article");
			await page.goto("./#/local");
			await expect(page.getByRole("heading", { level: 1, name: "How it stays local" })).toBeVisible();
			await check("how it stays local");
		});
	});
}
