import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { ensureProgram, programOnPath } from "../tests/support/machine";

/**
 * The Chromium that the browser tests run in: Playwright's own where it was downloaded, else the machine's, else
 * Debian's package, which is installed. Throws a sentence that says what to do when there is none.
 */
export function findBrowser(): string {
	const named = process.env["CHROMIUM"];
	if (named) return named;
	const own = chromium.executablePath();
	if (own && existsSync(own)) return own;
	const found =
		["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
			.map(programOnPath)
			.find((path) => path !== null) ?? ensureProgram("chromium");
	if (found) return found;
	throw new Error(
		"No Chromium here. Install one (`npx playwright install chromium`, or your system's package), or name it in the variable CHROMIUM.",
	);
}
