import { expect, test } from "@playwright/test";
import { draftKept, headline, open, paste, pasteFlushed } from "./workbench";

test("a whole journey makes no request to anybody else, and after loading none at all", async ({ page, baseURL }) => {
	const requests: string[] = [];
	page.on("request", (request) => requests.push(request.url()));
	await open(page);
	await expect(page.getByText("Sealed: 0 requests since load")).toBeVisible();
	const loaded = requests.length;
	await pasteFlushed(page);
	await page.getByRole("tab", { name: "Ansible" }).click();
	await expect(page.getByRole("region", { name: "Repair", exact: true })).toContainText("ansible.builtin");
	await page.getByRole("button", { name: "Share" }).click();
	await expect(page.getByRole("dialog")).toContainText("characters");
	await expect(page.getByText("Sealed: 0 requests since load")).toBeAttached();
	expect(
		requests.filter(
			(url) => !url.startsWith(baseURL ?? "nowhere") && !url.startsWith("blob:") && !url.startsWith("data:"),
		),
	).toEqual([]);
	expect(requests.slice(loaded).filter((url) => !url.startsWith(baseURL ?? "nowhere"))).toEqual([]);
});

test("the page refuses to talk to anybody", async ({ page }) => {
	await open(page);
	const refused = await page.evaluate(async () => {
		const outcomes: Record<string, string> = {};
		const attempt = async (name: string, work: () => Promise<unknown>) => {
			outcomes[name] = await work().then(
				() => "went out",
				() => "refused",
			);
		};
		await attempt("fetch", () => fetch("http://127.0.0.1:9/"));
		await attempt(
			"image",
			() =>
				new Promise((done, fail) => {
					const image = new Image();
					image.onload = done;
					image.onerror = fail;
					image.src = "http://127.0.0.1:9/x.png";
				}),
		);
		await attempt(
			"socket",
			() =>
				new Promise((done, fail) => {
					const socket = new WebSocket("ws://127.0.0.1:9/");
					socket.onopen = done;
					socket.onerror = fail;
				}),
		);
		return outcomes;
	});
	expect(refused).toEqual({ fetch: "refused", image: "refused", socket: "refused" });
});

test("after the first load it works without a network", async ({ page, context }) => {
	await open(page);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	await context.setOffline(true);
	await page.reload();
	await expect(page.locator(".cm-content")).toHaveCount(4);
	await paste(
		page,
		"pasted text",
		"docker: Error response from daemon: driver failed programming external connectivity on endpoint web (5a54): Bind for 0.0.0.0:8080 failed: port is already allocated.",
	);
	await expect(headline(page)).toHaveText("The host port is taken");
	await page.goto("./#/failure-modes/port-in-use");
	await expect(page.getByRole("heading", { level: 1, name: /port/i })).toBeVisible();
});

test("a reload brings the work back, and forgetting leaves nothing", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await draftKept(page);
	await page.reload();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
	await page.getByRole("button", { name: "Forget everything" }).click();
	await expect(page.locator(".cm-content").nth(1)).not.toContainText("PREROUTING");
	expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("PREROUTING");
});
