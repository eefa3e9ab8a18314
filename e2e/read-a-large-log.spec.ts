import { mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { headline, open } from "./workbench";

/** A log of the whole machine that nobody could paste is dropped as it lies there, packed or not. */
const NOISE = "Nov 22 10:00:01 web1 app[77]: INFO handled path=/items/1 status=200 duration_ms=12 user=9\n";
const FAILED = `Nov 22 11:05:01 web1 dockerd[812]: time="2026-11-22T11:05:01.1Z" level=error msg="Handler for POST /v1.47/containers/3f4e/start returned error: driver failed programming external connectivity on endpoint web (5a54): Unable to enable DNAT rule:  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\\n (exit status 1))"\n`;

const folder = mkdtempSync(join(tmpdir(), "stackengine-log-"));
test.afterAll(() => rmSync(folder, { recursive: true }));

/** A log of so many million characters with one failure in its middle. */
function logOf(name: string, megabytes: number): string {
	const path = join(folder, name);
	const file = openSync(path, "w");
	const block = NOISE.repeat(Math.ceil(1_000_000 / NOISE.length));
	for (let written = 0; written < megabytes; written++) {
		if (written === megabytes >> 1) writeSync(file, FAILED);
		writeSync(file, block);
	}
	return path;
}

test("a log of 300 MB is read beside the page, which says how far it is and what it kept", async ({ page }) => {
	await open(page);
	await page.getByLabel("Files to read").setInputFiles(logOf("journal.log", 300));
	const card = page.getByRole("region", { name: "journal.log" });
	const progress = card.getByRole("progressbar", { name: "Reading journal.log" });
	await expect(progress).toHaveAttribute("aria-valuetext", /^\d.* of 300 MB · .* a second · \d+ (?:s|min) left$/);
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/, { timeout: 50_000 });
	await expect(progress).toHaveCount(0, { timeout: 50_000 });
	await expect(card).toContainText(
		/An excerpt: 3.\d{3}.\d{3} lines read, 47 kept\. Lines are numbered as in the file\./,
	);
	const line = 150 * Math.ceil(1_000_000 / NOISE.length) + 1;
	await expect(page.getByRole("button", { name: new RegExp(`log, line ${line}$`) }).first()).toBeVisible();
	await expect(card.locator(".cm-lineNumbers")).toContainText(String(line));
});

test("reading ends with the card", async ({ page }) => {
	await open(page);
	await page.getByLabel("Files to read").setInputFiles(logOf("huge.log", 400));
	const card = page.getByRole("region", { name: "huge.log" });
	await expect(card.getByRole("progressbar")).toBeVisible();
	await expect.poll(() => page.workers().length).toBe(2);
	await card.getByRole("button", { name: "Remove huge.log" }).click();
	await expect(card).toHaveCount(0);
	await expect.poll(() => page.workers().length).toBe(1);
});

test("a packed log is unpacked here", async ({ page }) => {
	await open(page);
	const buffer = gzipSync(`${NOISE.repeat(2_000)}${FAILED}`);
	await page.getByLabel("Files to read").setInputFiles({ name: "syslog.1.gz", mimeType: "application/gzip", buffer });
	await expect(page.getByRole("region", { name: "syslog.1", exact: true })).toBeVisible();
	await expect(headline(page)).toHaveText(/Docker.s chain is gone from the nat table/);
});
