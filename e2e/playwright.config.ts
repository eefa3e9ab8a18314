import { defineConfig } from "@playwright/test";
import { findBrowser } from "./browser";

// Another port, so that two working copies can be tested at once.
const PORT = Number(process.env["PORT"] ?? 4179);

export default defineConfig({
	testDir: ".",
	testMatch: process.env["SCREENSHOT"] ? "take-screenshot.ts" : "*.spec.ts",
	outputDir: "../test-results",
	// Two cores: more workers only make each other late.
	workers: 2,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	forbidOnly: process.env["CI"] !== undefined,
	reporter: [["list"]],
	use: {
		baseURL: `http://127.0.0.1:${PORT}`,
		permissions: ["clipboard-read", "clipboard-write"],
		launchOptions: {
			executablePath: findBrowser(),
			args: [
				"--no-sandbox",
				"--disable-gpu",
				"--disable-quic",
				"--no-first-run",
				"--disable-background-networking",
				"--disable-component-update",
				"--disable-sync",
			],
		},
	},
	webServer: {
		// What `npm start` serves after its build, with the same headers.
		command: `npx vite preview --host 127.0.0.1 --port ${PORT} --strictPort`,
		cwd: "..",
		url: `http://127.0.0.1:${PORT}`,
		reuseExistingServer: false,
	},
});
