import { createRequire } from "node:module";
import { build, type Plugin } from "vite";
import { pagePolicy } from "../headers";

/** Where Monaco's own modules are: `…/monaco-editor/esm/vs/`. */
const MONACO = createRequire(import.meta.url)
	.resolve("monaco-editor/editor/editor.worker.js")
	.replace(/editor\/editor\.worker\.js$/, "");

/**
 * The frame of the YAML editor, built apart: the page loads none of it before it is opened. monaco-worker-manager
 * imports a path of Monaco that its `exports` no longer name, hence the alias.
 */
async function buildFrame() {
	const result = await build({
		configFile: false,
		logLevel: "error",
		base: "./",
		publicDir: false,
		resolve: {
			alias: [
				{
					find: /^monaco-editor\/esm\/vs\//,
					replacement: MONACO,
				},
			],
		},
		worker: { format: "es", rolldownOptions: { output: { entryFileNames: "yaml-editor/[name]-[hash].js" } } },
		build: {
			write: false,
			target: "es2022",
			cssTarget: ["chrome123", "firefox121", "safari17.5"],
			assetsInlineLimit: 0,
			assetsDir: "yaml-editor",
			modulePreload: false,
			reportCompressedSize: false,
			chunkSizeWarningLimit: 5_000,
			rolldownOptions: { input: { "yaml-editor": "yaml-editor.html" }, output: { codeSplitting: false } },
		},
	});
	const [one] = [result].flat();
	if (!one || !("output" in one)) throw new Error("The build of the YAML editor gave no output");
	return one.output;
}

/** Adds the frame to the build; `vite dev` serves it as a page like any other. */
export function yamlEditor(): Plugin {
	return {
		name: "yaml-editor",
		apply: "build",
		async generateBundle() {
			const policy = `<meta http-equiv="Content-Security-Policy" content="${pagePolicy("/yaml-editor.html")}">`;
			for (const file of await buildFrame()) {
				const source = file.type === "chunk" ? file.code : file.source;
				const isPage = file.fileName === "yaml-editor.html";
				this.emitFile({
					type: "asset",
					fileName: file.fileName,
					source: isPage ? String(source).replace("<head>", () => `<head>\n\t\t${policy}`) : source,
				});
			}
		},
	};
}
