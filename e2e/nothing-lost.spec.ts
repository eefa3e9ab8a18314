import { expect, type Page, test } from "@playwright/test";
import { card, FLUSHED, open, paste, pasteFlushed } from "./workbench";

const draft = (page: Page): Promise<string> => page.evaluate(() => sessionStorage.getItem("stackengine.draft/2") ?? "");
const kept = (page: Page) => expect.poll(() => draft(page)).not.toBe("");
const text = (page: Page, place: string) => card(page, place).locator(".cm-content");

/** How many keys of tabs this browser holds. */
const keys = (page: Page): Promise<number> =>
	page.evaluate(
		() =>
			new Promise<number>((resolve, reject) => {
				const opening = indexedDB.open("stackengine");
				opening.onerror = () => reject(opening.error);
				opening.onsuccess = () => {
					const counting = opening.result.transaction("tab-keys").objectStore("tab-keys").count();
					counting.onsuccess = () => {
						opening.result.close();
						resolve(counting.result);
					};
				};
			}),
	);

test("a reload right after a paste brings it back, and what is kept can't be read", async ({ page }) => {
	await open(page);
	await paste(page, "iptables -t nat -L", FLUSHED.nat);
	await page.reload();
	await expect(text(page, "iptables -t nat -L")).toContainText("Chain PREROUTING");
	await kept(page);
	const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
	expect(stored).not.toMatch(/PREROUTING|iptables/);
	const extractable = await page.evaluate(
		() =>
			new Promise((resolve) => {
				const opening = indexedDB.open("stackengine");
				opening.onsuccess = () => {
					const reading = opening.result.transaction("tab-keys").objectStore("tab-keys").getAll();
					reading.onsuccess = () => resolve(reading.result.map(({ key }: { key: CryptoKey }) => key.extractable));
				};
			}),
	);
	expect(extractable).toEqual([false]);
});

test("'Forget everything' drops the text and the key that could open a copy of it", async ({ page }) => {
	await open(page);
	await pasteFlushed(page);
	await kept(page);
	expect(await keys(page)).toBe(1);
	await page.getByRole("button", { name: "Forget everything" }).click();
	expect(await draft(page)).toBe("");
	await expect.poll(() => keys(page)).toBe(0);
	await page.reload();
	await expect(page.locator(".cm-content")).toHaveCount(4);
	await expect(text(page, "iptables -t nat -L")).not.toContainText("PREROUTING");
});

test("two tabs do not mix, and a duplicated tab goes its own way from where it was copied", async ({
	page,
	context,
}) => {
	await open(page);
	await paste(page, "pasted text", "the first tab");
	await kept(page);
	const other = await context.newPage();
	await open(other);
	await expect(text(other, "pasted text")).not.toContainText("the first tab");

	// A window that a page opens starts with a copy of its session storage, as a duplicated tab does.
	const opening = context.waitForEvent("page");
	await page.evaluate(() => void window.open(location.href));
	const copy = await opening;
	await expect(text(copy, "pasted text")).toContainText("the first tab");
	await kept(copy);
	const before = await draft(copy);
	await paste(copy, "pasted text", " and its copy");
	await expect.poll(() => draft(copy)).not.toBe(before);

	await page.bringToFront();
	await page.getByRole("button", { name: "Forget everything" }).click();
	await page.reload();
	await expect(page.locator(".cm-content")).toHaveCount(4);
	await expect(text(page, "pasted text")).not.toContainText("the first tab");
	await copy.bringToFront();
	await copy.reload();
	await expect(text(copy, "pasted text")).toContainText("and its copy");
});

test("a tab whose storage is full says that a reload would lose the paste, and a smaller paste is kept again", async ({
	page,
}) => {
	await open(page);
	await page.evaluate(() => {
		for (let size = 1 << 22; size > 64; size /= 2)
			try {
				for (let at = 0; ; at += 1) sessionStorage.setItem(`fill-${size}-${at}`, "x".repeat(size));
			} catch {}
	});
	await paste(page, "dockerd log", FLUSHED.log);
	await expect(page.getByText(/storage for this tab is full: a reload would lose/)).toBeVisible();
	await page.evaluate(() => {
		for (const name of Object.keys(sessionStorage)) if (name.startsWith("fill-")) sessionStorage.removeItem(name);
	});
	await paste(page, "pasted text", "one more line");
	await expect(page.getByText(/storage for this tab is full/)).toHaveCount(0);
	await kept(page);
});

test("a tab that crashes brings its evidence back", async ({ page, context }) => {
	await open(page);
	await paste(page, "pasted text", "pasted before the crash");
	await kept(page);
	// Playwright gives a crashed page up; the browser itself reloads it.
	const session = await context.newCDPSession(page);
	const crashed = page.waitForEvent("crash");
	void session.send("Page.crash").catch(() => undefined);
	await crashed;
	await session.send("Page.reload");
	const shown = async (): Promise<string> => {
		const expression = "[...document.querySelectorAll('.cm-content')].map((one) => one.textContent).join()";
		const { result } = await session.send("Runtime.evaluate", { expression });
		return String(result.value);
	};
	await expect.poll(shown).toContain("pasted before the crash");
});
