import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { HEADERS } from "./src/headers";

/** The page. The command line has its own build beside this one; both bundle the same `src/engine`. */
export default defineConfig({
	plugins: [react()],
	// Relative, so that the same files work from any path of a static host.
	base: "./",
	worker: { format: "es" },
	preview: { headers: HEADERS },
	build: {
		target: "es2022",
		// `light-dark()` stays as written; with older targets the bundler would unfold every colour.
		cssTarget: ["chrome123", "firefox121", "safari17.5"],
		// A font or icon as a data: URL would need an exception in the policy.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
	},
	test: {
		// Files that need a document say so on their first line: // @vitest-environment jsdom
		environment: "node",
		include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
		setupFiles: ["tests/support/dom-setup.ts"],
		css: false,
	},
});
