import { defineConfig } from "vite";

/** The lab for Node: the lab itself and the agents that run in other namespaces. */
export default defineConfig({
	build: {
		ssr: true,
		outDir: ".cache/lab",
		// What an earlier run collected stays there.
		emptyOutDir: false,
		target: "node20",
		copyPublicDir: false,
		rolldownOptions: {
			input: {
				lab: "e2e/lab/main.ts",
				agent: "e2e/lab/judge/agent.ts",
				"pulse-agent": "e2e/lab/hosts/pulse-agent.ts",
			},
			output: { entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
		},
	},
	ssr: { noExternal: true },
	logLevel: "warn",
});
