import { expect, type Page, test } from "@playwright/test";
import { headline, open, paste, sample } from "./workbench";

/** A whole Docker host with one published port, as a person pastes it. */
async function pasteHealthy(page: Page): Promise<void> {
	await paste(page, "docker info", sample("healthy", "docker-info.txt"));
	await paste(
		page,
		"pasted text",
		`$ docker ps\n${sample("healthy", "docker-ps.txt")}\n$ iptables-save\n${sample("healthy", "iptables-save.txt")}`,
	);
	await expect(headline(page)).not.toHaveText("");
	await expect(page.getByText("Who can reach what")).toBeVisible();
}

test("by keyboard: opens who can reach what, reads which rule decides, and follows that packet", async ({ page }) => {
	await open(page);
	await pasteHealthy(page);
	await page.locator("summary", { hasText: "Who can reach what" }).focus();
	await page.keyboard.press("Enter");
	const ports = page.getByRole("region", { name: "Published ports, and who gets an answer now" });
	await expect(ports.getByRole("button", { name: /^outside\s*: gets through by DNAT/ }).first()).toBeVisible();
	const networks = page.getByRole("region", { name: "Networks, by the containers’ own addresses" });
	await expect(networks.getByRole("button", { name: /^to outside\s*: gets through/ })).toBeVisible();

	await page.keyboard.press("Tab");
	await expect(ports.getByRole("button", { name: /^outside/ }).first()).toBeFocused();
	await page.keyboard.press("ArrowRight");
	const loopback = ports.getByRole("button", { name: /^this host, 127\.0\.0\.1/ }).first();
	await expect(loopback).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(ports.getByRole("status")).toContainText("docker-proxy carries it");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	const from = page.getByRole("combobox", { name: "Where the packet comes from" });
	await expect(from.locator("option:checked")).toHaveText("the host itself, by loopback");
	await expect(page.getByRole("list", { name: "Stations of the packet" })).toContainText("this host");
});

test("says what to paste where the tables of IPv6 were not shown, at 390 px without anything wider than the screen", async ({
	page,
}) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await open(page);
	await pasteHealthy(page);
	await page.getByText("Who can reach what").click();
	const ports = page.getByRole("region", { name: "Published ports, and who gets an answer now" });
	await ports
		.getByRole("button", { name: /^outside\s*: unknown/ })
		.first()
		.click();
	await expect(ports.getByRole("status")).toContainText("ip6tables-save");
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("says what each vetted change would open, the one that opens least first", async ({ page }) => {
	const save = sample("healthy", "iptables-save.txt").replace(
		"-A DOCKER-USER -j RETURN",
		"-A DOCKER-USER -i eth0 -j DROP\n-A DOCKER-USER -j RETURN",
	);
	expect(save).toContain("-i eth0 -j DROP");
	await open(page);
	await paste(page, "pasted text", `$ docker ps\n${sample("healthy", "docker-ps.txt")}\n$ iptables-save\n${save}`);
	await expect(headline(page)).toHaveText(/DOCKER-USER/);
	await page.getByText("Who can reach what").click();
	const changes = page.getByRole("region", { name: "What each repair would open" }).locator("ol > li");
	await expect(changes).toHaveCount(2);
	await expect(changes.nth(0)).toContainText("--ctorigdstport 8081 -j RETURN");
	await expect(changes.nth(0)).toContainText("lets the packet through");
	await expect(changes.nth(0)).toContainText("Opens nothing else that was asked.");
	await expect(changes.nth(1)).toContainText("-i eth0 -j DROP");
	await expect(changes.nth(1)).toContainText("outside → 0.0.0.0:8080/tcp");
});
