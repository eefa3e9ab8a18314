import react from "@vitejs/plugin-react";
import { build, type Plugin, type Rolldown } from "vite";
import { pagePolicy, TALKING } from "../headers";

const COMMON = { target: "es2022", write: false, reportCompressedSize: false, modulePreload: false } as const;

/** The page of the assistant, built apart from the workbench: neither loads a byte because of the other. */
async function buildPage(): Promise<readonly (Rolldown.OutputAsset | Rolldown.OutputChunk)[]> {
	const result = await build({
		configFile: false,
		logLevel: "error",
		base: "./",
		publicDir: false,
		plugins: [react()],
		build: {
			...COMMON,
			cssTarget: ["chrome123", "firefox121", "safari17.5"],
			assetsInlineLimit: 0,
			rolldownOptions: {
				input: { assist: "assist.html" },
				output: { codeSplitting: false, entryFileNames: "assets/assist-[hash].js" },
			},
		},
	});
	return outputOf(result);
}

/** The script of the frames that talk: a classic one, for a document without an origin may load no module. */
async function buildTalk(): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: "error",
		publicDir: false,
		build: {
			...COMMON,
			lib: { entry: "src/assist/talk/frame.ts", formats: ["iife"], name: "talk", fileName: () => "talk.js" },
		},
	});
	const [script, ...others] = outputOf(result);
	if (script?.type !== "chunk" || others.length > 0) throw new Error("The frame that talks wants one script");
	return script.code;
}

function outputOf(result: Awaited<ReturnType<typeof build>>) {
	const [one] = [result].flat();
	if (!one || !("output" in one)) throw new Error("The assistant's build gave no output");
	return one.output;
}

const withPolicy = (page: string, policy: string): string =>
	page.replace("<head>", () => `<head>\n\t\t<meta http-equiv="Content-Security-Policy" content="${policy}">`);

/** A frame that talks: no text, no style, one script, and the policy first. */
const talkPage = (path: string): string =>
	withPolicy(
		'<!doctype html>\n<html lang="en">\n\t<head>\n\t\t<meta charset="utf-8">\n\t\t<title>Talks to a provider</title>\n\t\t<script src="./talk.js"></script>\n\t</head>\n\t<body></body>\n</html>\n',
		pagePolicy(path),
	);

/** Adds the assistant's page and its frames to the build; `vite dev` serves the frames beside the page. */
export function assistant(): Plugin {
	return {
		name: "assistant",
		async generateBundle(_, bundle) {
			const emit = (fileName: string, source: string | Uint8Array) =>
				this.emitFile({ type: "asset", fileName, source });
			for (const file of await buildPage()) {
				// Fonts are the workbench's own, by the same name.
				if (bundle[file.fileName]) continue;
				const source = file.type === "chunk" ? file.code : file.source;
				emit(
					file.fileName,
					file.fileName === "assist.html" ? withPolicy(String(source), pagePolicy("/assist.html")) : source,
				);
			}
			emit("talk.js", await buildTalk());
			for (const { path } of TALKING) emit(path.slice(1), talkPage(path));
		},
		configureServer(server) {
			server.middlewares.use(async (request, response, next) => {
				const { pathname } = new URL(request.url ?? "/", "http://localhost");
				const isFrame = TALKING.some(({ path }) => path === pathname);
				if (!isFrame && pathname !== "/talk.js") return next();
				response.setHeader("Content-Type", isFrame ? "text/html" : "text/javascript");
				response.end(isFrame ? talkPage(pathname) : await buildTalk());
			});
		},
	};
}
