import { defineConfig } from "vite";

/** The command line: one file for Node, everything bundled, so that it runs without node_modules. */
export default defineConfig({
	build: {
		ssr: "src/cli/stackengine.ts",
		outDir: "dist-cli",
		target: "node20",
		copyPublicDir: false,
		rolldownOptions: {
			output: { entryFileNames: "stackengine.mjs", banner: "#!/usr/bin/env node", codeSplitting: false },
		},
	},
	ssr: { noExternal: true },
});
