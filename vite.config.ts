import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { assistant } from "./src/build/assistant";
import { checksums } from "./src/build/checksums";
import { hostFiles, previewHeaders } from "./src/build/host-files";
import { precache } from "./src/build/precache";
import { singleFile } from "./src/build/single-file";
import { yamlEditor } from "./src/build/yaml-editor";

/** The page. The command line has its own build beside this one; both bundle the same `src/engine`. */
export default defineConfig({
	plugins: [react(), singleFile(), assistant(), yamlEditor(), precache(), hostFiles(), previewHeaders(), checksums()],
	// Relative, so that the same files work from any path of a static host.
	base: "./",
	worker: { format: "es" },
	build: {
		target: "es2022",
		// `light-dark()` stays as written; with older targets the bundler would unfold every colour.
		cssTarget: ["chrome123", "firefox121", "safari17.5"],
		// A font or icon as a data: URL would need an exception in the policy.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
		rolldownOptions: {
			input: { index: "index.html", sw: "src/worker/service-worker.ts" },
			// A service worker rules over the folder it is served from, so it can't live in assets/.
			output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
		},
	},
	test: {
		// Files that need a document say so on their first line: // @vitest-environment jsdom
		environment: "node",
		include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
		setupFiles: ["tests/support/dom-setup.ts"],
		css: false,
		benchmark: { include: ["bench/**/*.bench.ts"] },
		testTimeout: 30_000,
	},
});
