import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";

/** What the journeys do on the page, said once. */

/** Where a paste goes, by the name its card shows. */
export type Place = "docker info" | "iptables -t nat -L" | "dockerd log" | "pasted text";

/** A file of the page's own samples: real hosts, broken for real. */
export function sample(name: string, file: string): string {
	return readFileSync(join("src/ui/evidence/samples", name, file), "utf8");
}

/** Opens the page and waits until one can paste into the real editors. */
export async function open(page: Page, path = "./"): Promise<void> {
	await page.goto(path);
	await expect(page.locator(".cm-content")).toHaveCount(4);
}

/** The card of a place. */
export const card = (page: Page, place: string): Locator => page.getByRole("region", { name: place, exact: true });

/** Pastes as a person does: focus, clipboard, Ctrl+V. */
export async function paste(page: Page, place: Place, text: string): Promise<void> {
	await card(page, place).locator(".cm-content").focus();
	await page.evaluate((words) => navigator.clipboard.writeText(words), text);
	await page.keyboard.press("ControlOrMeta+V");
}

/** What the last copy button put into the clipboard. The page itself is not allowed to read it; another origin is asked. */
export async function copied(page: Page): Promise<string> {
	const other = await page.context().newPage();
	await other.route("http://localhost:9/", (route) => route.fulfill({ contentType: "text/html", body: "<title>c" }));
	await other.goto("http://localhost:9/");
	const text = await other.evaluate(() => navigator.clipboard.readText());
	await other.close();
	return text;
}

/** The headline of the verdict. */
export const headline = (page: Page): Locator => page.locator("#answer h1");

/** The three artifacts of a flushed nat table. */
export const FLUSHED = {
	info: sample("nat-flush-delete", "docker-info.txt"),
	nat: sample("nat-flush-delete", "iptables-nat-L.txt"),
	log: sample("nat-flush-delete", "dockerd.log"),
} as const;

/** Pastes all three, each where it belongs, and waits for the verdict. */
export async function pasteFlushed(page: Page): Promise<void> {
	await paste(page, "docker info", FLUSHED.info);
	await paste(page, "iptables -t nat -L", FLUSHED.nat);
	await paste(page, "dockerd log", FLUSHED.log);
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
}

/** Waits until the draft in the tab's storage has come to rest: it is encrypted a moment after each change. */
export async function draftKept(page: Page): Promise<void> {
	const draft = () => page.evaluate(() => sessionStorage.getItem("stackengine.draft/2") ?? "");
	let before = "";
	await expect(async () => {
		const now = await draft();
		const isSame = now === before;
		before = now;
		expect(now).not.toBe("");
		expect(isSame).toBe(true);
	}).toPass({ intervals: [500] });
}
