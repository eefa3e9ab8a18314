import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Plugin } from "vite";

/**
 * What the workbench never asks for: its second address, the page as one file, what hosts read, and the assistant, which
 * needs a network anyway and weighs nothing until it is opened.
 */
const NOT_KEPT =
	/^(?:index\.html|stackengine\.html|_headers|SHA256SUMS|hosts\/.*|assist\.html|talk.*|assets\/assist-.*|yaml-editor\.html|yaml-editor\/.*)$/;

/** Tells a page of which build it is. */
export const withBuild = (page: string, name: string): string =>
	page.replace('<meta name="build" content="">', () => `<meta name="build" content="${name}">`);

/** Writes into the service worker which files make up this build, and a hash of them all; the page shows the same hash. */
export function precache(): Plugin {
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
					.filter((name) => !NOT_KEPT.test(name))
					.sort();
				const hash = createHash("sha256");
				for (const file of built.toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1)))
					hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
				const name = hash.digest("hex").slice(0, 16);
				worker.code = worker.code
					.replace("__FILES__", JSON.stringify(files))
					.replace("__BUILD__", JSON.stringify(name));
				const page = bundle["index.html"];
				if (page?.type === "asset") page.source = withBuild(String(page.source), name);
			},
		},
	};
}
