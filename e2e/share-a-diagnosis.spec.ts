import { expect, test } from "@playwright/test";
import { FLUSHED, headline, open, paste, pasteFlushed } from "./workbench";

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

test("a link shows the same verdict to somebody else, and none of the secrets", async ({ browser, page }) => {
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
			`# mail ${PLANTED.mail}\n`,
	);
	const verdict = await headline(page).innerText();
	await page.getByRole("button", { name: "Share" }).click();
	const dialog = page.getByRole("dialog");
	await expect(dialog).toContainText("password");
	await dialog.getByRole("button", { name: /Copy link/ }).click();
	const link = await page.evaluate(() => navigator.clipboard.readText());
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
	await expect(other.getByRole("region", { name: "Repair" })).toContainText("set -eu");
	await stranger.close();
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
