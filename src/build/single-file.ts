import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { build, type Plugin, type Rolldown } from "vite";
import { metaPolicy, singleFilePolicy } from "../headers";
import { withBuild } from "./precache";

const START =
	/new Worker\(new URL\("(\.\/[\w-]+\.worker\.ts)", import\.meta\.url\), \{ type: "module", name: "([\w-]+)" \}\)/;

/** Workers become part of the script that starts them: from file:// no browser starts one from another file. */
function inlineWorkers(): Plugin {
	return {
		name: "inline-workers",
		enforce: "pre",
		transform(code, id) {
			if (!/\/src\/.*\.tsx?$/.test(id) || !code.includes("new Worker(")) return null;
			const [all, file, name] = START.exec(code) ?? [];
			if (all === undefined) throw new Error(`${id} starts a worker in a way that the single file can't inline`);
			const start = `new InlinedWorker({ name: "${name}" })`;
			return { code: `import InlinedWorker from "${file}?worker&inline";\n${code.replace(all, start)}`, map: null };
		},
	};
}

/** As the text of a <script>, code must not contain what ends or nests one. In strings and patterns `\x3C` is `<`. */
const asScriptText = (code: string): string => code.replace(/<(?=!--|\/?script)/gi, "\\x3C");

const hashSource = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function only<T>(found: readonly T[], what: string): T {
	const [one, ...others] = found;
	if (one === undefined || others.length > 0)
		throw new Error(`The single file wants one ${what}, and there are ${found.length}`);
	return one;
}

/** The page as one HTML file that needs nothing beside it: script, styles, fonts, icon, workers. */
async function buildSingleFile(): Promise<string> {
	const result = await build({
		configFile: false,
		mode: "single-file",
		logLevel: "error",
		base: "./",
		publicDir: false,
		plugins: [inlineWorkers(), react()],
		worker: { format: "iife", rolldownOptions: { output: { codeSplitting: false } } },
		build: {
			write: false,
			target: "es2022",
			cssTarget: ["chrome123", "firefox121", "safari17.5"],
			assetsInlineLimit: Number.POSITIVE_INFINITY,
			cssCodeSplit: false,
			modulePreload: false,
			reportCompressedSize: false,
			rolldownOptions: { input: "index.html", output: { codeSplitting: false } },
		},
	});
	const { output } = only(
		[result].flat().filter((one): one is Rolldown.RolldownOutput => "output" in one),
		"output",
	);
	const code = only(
		output.filter((file) => file.type === "chunk"),
		"script",
	).code;
	const assets = output.filter((file) => file.type === "asset");
	const text = (file: { readonly source: string | Uint8Array }): string => Buffer.from(file.source).toString("utf8");
	const css = text(
		only(
			assets.filter(({ fileName }) => fileName.endsWith(".css")),
			"style sheet",
		),
	);
	const page = text(
		only(
			assets.filter(({ fileName }) => fileName.endsWith(".html")),
			"page",
		),
	);
	if (/<\/style/i.test(css)) throw new Error("A style sheet ends its own element");
	const script = asScriptText(code);
	const icon = readFileSync(join("public", "icon.svg"), "utf8");
	const policy = metaPolicy(singleFilePolicy(hashSource(script), hashSource(css)));
	const name = createHash("sha256").update(script).update(css).digest("hex").slice(0, 16);
	return withBuild(page, name)
		.replace(/\s*<link rel="(?:manifest|apple-touch-icon|stylesheet|modulepreload)"[^>]*>/g, "")
		.replace(/\s*<script type="module"[^>]*><\/script>/g, "")
		.replace(/(<link rel="icon" href=")[^"]*/, (_, start) => `${start}data:image/svg+xml,${encodeURIComponent(icon)}`)
		.replace(
			"<head>",
			() =>
				`<head>\n\t\t<meta http-equiv="Content-Security-Policy" content="${policy}">\n\t\t<meta http-equiv="x-dns-prefetch-control" content="off">`,
		)
		.replace("</head>", () => `\t<style>${css}</style>\n\t</head>`)
		.replace("</body>", () => `\t<script type="module">${script}</script>\n\t</body>`);
}

/** Adds the single file to the build. */
export function singleFile(): Plugin {
	return {
		name: "single-file",
		apply: "build",
		async generateBundle() {
			this.emitFile({ type: "asset", fileName: "stackengine.html", source: await buildSingleFile() });
		},
	};
}
