import { readFileSync } from "node:fs";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { copied, FLUSHED, headline, open, paste, pasteFlushed } from "./workbench";

/** Planted where such things really stand. None may be found anywhere on the other side. */
const PLANTED = {
	password: "hunter2-S3cret",
	user: "proxyadmin",
	token: "SWMTKN-1-4t88lj69p2owoaqo4qem4is1j350ir2zc57azt3lmapi4v38vc-1qbjubtqhvk4ungnhqyy3tklv",
	github: "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
	host: "payroll-db7.corp.initech.com",
	address: "8.34.217.99",
	mail: "jane.roe@initech.com",
} as const;

/** Pastes a flushed host with everything planted, and opens the dialog. */
async function shareFlushed(page: Page): Promise<Locator> {
	await open(page);
	await pasteFlushed(page);
	await paste(
		page,
		"docker info",
		` HTTP Proxy: http://${PLANTED.user}:${PLANTED.password}@${PLANTED.host}:3128\n Name: ${PLANTED.host}\n`,
	);
	await paste(
		page,
		"pasted text",
		`jane@${PLANTED.host}:~$ docker swarm join --token ${PLANTED.token} ${PLANTED.address}:2377\n` +
			`jane@${PLANTED.host}:~$ curl -H "Authorization: Bearer ${PLANTED.github}" https://${PLANTED.host}/\n` +
			`# mail ${PLANTED.mail} about the kestrel rollout\n`,
	);
	await page.getByRole("button", { name: "Share" }).click();
	const dialog = page.getByRole("dialog");
	await expect(dialog.getByRole("button", { name: /Copy link/ })).toBeEnabled();
	return dialog;
}

async function copiedLink(page: Page, dialog: Locator): Promise<string> {
	await dialog.getByRole("button", { name: /Copy link/ }).click();
	await expect(dialog.getByRole("button", { name: /Copied/ })).toBeVisible();
	return copied(page);
}

/** Everything a style, an extension or a later visitor could read of a page, besides its text. */
const attributesAndStores = (page: Page): Promise<string> =>
	page.evaluate(() => {
		const attributes = [...document.querySelectorAll("*")].flatMap((element) =>
			[...element.attributes].map(({ value }) => value),
		);
		return [document.title, location.href, ...attributes, JSON.stringify({ ...localStorage })].join("\n");
	});

test("a link shows the same verdict to somebody else, and none of the secrets", async ({ browser, page }) => {
	const dialog = await shareFlushed(page);
	const verdict = await headline(page).innerText();
	await expect(dialog).toContainText("password");
	await dialog.getByRole("button", { name: /Copy link/ }).click();
	const link = await copied(page);
	for (const secret of Object.values(PLANTED)) expect(link).not.toContain(secret);
	expect(link.length, "a link for a chat").toBeLessThan(4000);

	const stranger = await browser.newContext();
	const other = await stranger.newPage();
	await other.goto(link);
	await expect(other.locator("#answer h1")).toHaveText(verdict);
	await expect(other.getByRole("region", { name: /^Because/ })).toContainText("the chain does not exist");
	const seen = await other.evaluate(
		() => document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage }),
	);
	for (const [what, secret] of Object.entries(PLANTED)) expect(seen, what).not.toContain(secret);
	await other.getByRole("tab", { name: "bash", exact: true }).click();
	await expect(other.getByRole("region", { name: "Repair", exact: true })).toContainText("set -eu");
	await stranger.close();
});

test("a word that is picked in the preview leaves neither in the link nor in the report", async ({ page }) => {
	const dialog = await shareFlushed(page);
	await dialog.getByRole("checkbox", { name: "Unchanged lines too" }).check();
	const more = dialog.getByRole("button", { name: /^Show \d+ more/ });
	const word = dialog.locator('td[data-is="leaves"]').getByText("kestrel", { exact: true });
	while ((await word.count()) === 0) await more.click();
	await word.click();
	await expect(dialog.getByRole("list", { name: "Hidden words" })).toContainText("kestrel");
	await expect(dialog.locator('td[data-is="leaves"]').getByText("kestrel", { exact: true })).toHaveCount(0);
	await dialog.getByLabel("Always hide these words").fill("rollout");
	await dialog.getByRole("button", { name: "Hide", exact: true }).click();
	await expect(dialog.getByRole("list", { name: "Hidden words" })).toContainText("rollout");
	await dialog.getByRole("checkbox", { name: /Send every line/ }).check();
	await expect(dialog.getByRole("button", { name: /Copy link/ })).toBeEnabled();
	const waiting = page.waitForEvent("download");
	await dialog.getByRole("button", { name: /Download report/ }).click();
	const report = readFileSync(await (await waiting).path(), "utf8");
	const link = await copiedLink(page, dialog);
	expect(await attributesAndStores(page)).not.toMatch(/kestrel|rollout/);
	await page.goto(link);
	await expect(headline(page)).toHaveText(/Docker.s chain is gone/);
	const seen = `${report}${await page.evaluate(() => document.documentElement.outerHTML)}`;
	for (const [what, secret] of Object.entries({ ...PLANTED, one: "kestrel", other: "rollout" }))
		expect(seen, what).not.toContain(secret);
});

test("a secret is shown only after a warning, and the second pass then warns of it with its place", async ({
	page,
}) => {
	const loaded: string[] = [];
	page.on("request", (request) => loaded.push(request.url()));
	await open(page);
	await expect(page.getByText("Sealed: 0 requests since load")).toBeVisible();
	expect(loaded.filter((url) => url.includes("second-pass"))).toEqual([]);
	const dialog = await shareFlushed(page);
	const pass = dialog.getByRole("region", { name: "Second pass" });
	await expect(pass).toContainText("@secretlint");
	await expect(pass).not.toContainText(PLANTED.github);
	const line = dialog.getByRole("row").filter({ hasText: PLANTED.github });
	await line
		.locator('td[data-is="leaves"]')
		.getByRole("button", { name: /^redacted-/ })
		.click();
	const warning = dialog.getByRole("alertdialog");
	await expect(warning).toContainText("This is a secret");
	await warning.getByRole("button", { name: "Show the secret anyway" }).click();
	await expect(pass).toContainText("may be");
	await expect(pass).toContainText(PLANTED.github);
	await expect(pass).toContainText(/pasted text, line 2 \(@secretlint/);
	await pass.getByRole("listitem").filter({ hasText: PLANTED.github }).getByRole("button", { name: "Hide it" }).click();
	await expect(pass).not.toContainText(PLANTED.github);
	for (const secret of [PLANTED.github, PLANTED.password, PLANTED.host])
		expect(await attributesAndStores(page)).not.toContain(secret);
});

test("a link with a passphrase opens with it alone, and says nothing without", async ({ browser, page }) => {
	const passphrase = "kestrel hovers over the barn";
	const dialog = await shareFlushed(page);
	await dialog.getByRole("checkbox", { name: "Only with a passphrase" }).check();
	await expect(dialog.getByRole("button", { name: /Copy link/ })).toBeDisabled();
	await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
	await expect(dialog.getByRole("button", { name: /Copy link/ })).toBeEnabled();
	await expect(dialog).toContainText("A link never expires");
	const link = await copiedLink(page, dialog);
	expect(link).toMatch(/#v1e\.[A-Za-z0-9_-]+$/);
	expect(await attributesAndStores(page)).not.toContain("kestrel");

	const stranger = await browser.newContext();
	const other = await stranger.newPage();
	await other.goto(link);
	const field = other.getByLabel("Passphrase");
	await field.fill("kestrel hovers over the bar");
	await other.getByRole("button", { name: "Open", exact: true }).click();
	await expect(other.getByRole("alert")).toHaveText("This passphrase does not open the link.");
	await expect(other.locator("#answer")).toHaveCount(0);
	await field.fill(passphrase);
	await field.press("Enter");
	await expect(headline(other)).toHaveText(/Docker.s chain is gone/);
	expect(await attributesAndStores(other)).not.toContain("kestrel");
	await stranger.close();
});

test("a report file is dropped into the page and opened, and the own paste stays", async ({ page }) => {
	const dialog = await shareFlushed(page);
	const waiting = page.waitForEvent("download");
	await dialog.getByRole("button", { name: "Save as file" }).click();
	const download = await waiting;
	expect(download.suggestedFilename()).toBe("report.stackengine.txt");
	const text = readFileSync(await download.path(), "utf8");
	for (const secret of Object.values(PLANTED)) expect(text).not.toContain(secret);
	await page.keyboard.press("Escape");
	const files = await page.evaluateHandle((content) => {
		const transfer = new DataTransfer();
		transfer.items.add(new File([content], "report.stackengine.txt", { type: "text/plain" }));
		return transfer;
	}, text);
	await page.dispatchEvent("body", "drop", { dataTransfer: files });
	await expect(page.getByText("A shared report, read-only.")).toBeVisible();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone/);
	const seen = await page.evaluate(() => document.documentElement.outerHTML);
	for (const [what, secret] of Object.entries(PLANTED)) expect(seen, what).not.toContain(secret);
	await page.goto("./#/");
	await expect(page.locator(".cm-content").nth(1)).toContainText("Chain PREROUTING");
	await page.reload();
	await page.goto("./#/report-file");
	await expect(page.getByText("drop it again")).toBeVisible();
});

test("a damaged link says so and leaves one’s own paste alone", async ({ page }) => {
	await open(page);
	await paste(page, "iptables -t nat -L", FLUSHED.nat);
	await expect(headline(page)).not.toHaveText("");
	for (const fragment of ["v1.AAAA", "v1.%3Cscript%3Ealert(1)%3C/script%3E", "v99.abcd", "v1."]) {
		await page.goto(`./#${fragment}`);
		await expect(page.getByRole("alert").or(page.getByRole("main")).first()).toContainText(/link/i);
	}
	await page.goto("./#/");
	await expect(page.locator(".cm-content").nth(1)).toContainText("Chain PREROUTING");
});
