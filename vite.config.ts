import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { headersOf } from "./src/headers";

/** Writes into the service worker which files make up this build, and a hash of them all. */
function precache(): Plugin {
	return {
		name: "precache",
		enforce: "post",
		generateBundle: {
			order: "post",
			handler(_, bundle) {
				const worker = bundle["sw.js"];
				if (worker?.type !== "chunk") return;
				const built = Object.values(bundle).filter((file) => file !== worker);
				const files = [...built.map((file) => file.fileName), ...readdirSync("public")]
					.filter((name) => name !== "index.html")
					.sort();
				const hash = createHash("sha256");
				for (const file of built.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1)))
					hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
				worker.code = worker.code
					.replace("__FILES__", JSON.stringify(files))
					.replace("__BUILD__", JSON.stringify(hash.digest("hex").slice(0, 16)));
			},
		},
	};
}

/** `vite preview`, which is `npm start`, sends with each file what a host should. */
function headers(): Plugin {
	return {
		name: "headers",
		configurePreviewServer(server) {
			server.middlewares.use((request, response, next) => {
				const { pathname } = new URL(request.url ?? "/", "http://localhost");
				for (const [name, value] of Object.entries(headersOf(pathname))) response.setHeader(name, value);
				next();
			});
		},
	};
}

/** The page. The command line has its own build beside this one; both bundle the same `src/engine`. */
export default defineConfig({
	plugins: [react(), precache(), headers()],
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
