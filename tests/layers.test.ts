import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** The walls of the house: which folder may import which. A folder not named here may import nothing of ours. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	"engine/text": [],
	"engine/netfilter": ["engine/text"],
	"engine/parse": ["engine/text", "engine/netfilter"],
	"engine/excerpt": ["engine/text", "engine/parse"],
	"engine/facts": ["engine/text", "engine/netfilter", "engine/parse"],
	"engine/packet-path": ["engine/text", "engine/netfilter"],
	"engine/remedy": ["engine/text", "engine/netfilter"],
	"engine/diagnose": [
		"engine/text",
		"engine/netfilter",
		"engine/parse",
		"engine/facts",
		"engine/packet-path",
		"engine/remedy",
	],
	"engine/compare": [
		"engine/text",
		"engine/netfilter",
		"engine/parse",
		"engine/facts",
		"engine/remedy",
		"engine/diagnose",
	],
	"engine/failure-modes": [
		"engine/text",
		"engine/netfilter",
		"engine/facts",
		"engine/packet-path",
		"engine/remedy",
		"engine/diagnose",
	],
	"engine/redact": ["engine/text", "engine/netfilter"],
	"engine/report": ["engine/text", "engine/diagnose", "engine/remedy", "engine/redact", "engine/packet-path"],
	"engine/share": ["engine/text", "engine/redact"],
	engine: [
		"engine/text",
		"engine/netfilter",
		"engine/parse",
		"engine/facts",
		"engine/packet-path",
		"engine/remedy",
		"engine/diagnose",
		"engine/failure-modes",
		"engine/redact",
		"engine/report",
		"engine/share",
		"engine/excerpt",
		"engine/compare",
	],
	cli: ["engine"],
	worker: ["engine"],
	state: ["worker", "engine"],
	// A page of its own: it knows what a report for a model looks like, and nothing that has seen a paste.
	assist: ["engine", "ui/components"],
	// A frame of its own: it knows the text that it is handed, and nothing else of the page.
	"yaml-editor": [],
	"ui/app": [
		"state",
		"worker",
		"engine",
		"ui/evidence",
		"ui/diagnosis",
		"ui/article",
		"ui/packet-path",
		"ui/reach",
		"ui/remedy",
		"ui/share",
		"ui/report",
		"ui/catalogue",
		"ui/components",
		// The report's end of the assistant, and no more of it.
		"assist",
	],
	"ui/evidence": ["state", "engine", "ui/components"],
	"ui/diagnosis": ["state", "engine", "ui/components"],
	"ui/article": ["state", "engine", "ui/components"],
	"ui/packet-path": ["state", "engine", "ui/components"],
	"ui/reach": ["state", "engine", "ui/components"],
	"ui/remedy": ["state", "engine", "ui/components", "yaml-editor"],
	"ui/share": ["state", "engine", "ui/components"],
	"ui/report": ["state", "engine", "ui/components"],
	"ui/catalogue": ["state", "engine", "ui/components"],
	"ui/components": [],
	main: ["ui/app", "ui/components", "state", "worker"],
	// What vite.config.ts is made of: the files of the build, and the headers they are served with.
	build: ["main"],
};

/** Packages each layer may use; the engine is pure, so what it uses must be pure as well. */
const ENGINE_PACKAGES = ["fflate", "fzstd", "valibot", "js-yaml", "jsonc-parser"];

const SRC = resolve("src");
const IMPORT =
	/(?:import|export)\s+(type\s+)?(?:[^"';]{0,2000}?\sfrom\s+)?"([^"]{1,300})"|import\(\s*"([^"]{1,300})"\s*\)/g;

type Import = {
	readonly file: string;
	readonly from: string;
	readonly to: string;
	readonly typeOnly: boolean;
	readonly specifier: string;
};

function sourceFiles(folder: string): readonly string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sourceFiles(path);
		return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
	});
}

/** `engine/parse`, `ui/app`, `cli`, `main`: the wall a file stands behind. */
function layerOf(path: string): string {
	const parts = relative(SRC, path).split("/");
	const [top = "", second = ""] = parts;
	// The folder itself stands for its index: `../engine`.
	if (parts.length === 1) return top in MAY_IMPORT ? top : "main";
	if ((top === "engine" || top === "ui") && parts.length > 2) return `${top}/${second}`;
	return top;
}

const files = sourceFiles(SRC);
const imports = files.flatMap((file): readonly Import[] =>
	[...readFileSync(file, "utf8").matchAll(IMPORT)].map((found) => {
		const specifier = found[2] ?? found[3] ?? "";
		const to = specifier.startsWith(".") ? layerOf(resolve(dirname(file), specifier)) : "";
		return { file: relative(SRC, file), from: layerOf(file), to, typeOnly: found[1] !== undefined, specifier };
	}),
);
const own = imports.filter((one) => one.specifier.startsWith("."));

describe("the layers", () => {
	it("reads enough files to mean anything", () => {
		expect(files.length).toBeGreaterThan(60);
		expect(own.length).toBeGreaterThan(200);
	});

	it("import only what stands below them", () => {
		const wrong = own
			.filter(({ from, to, typeOnly }) => {
				const allowed = MAY_IMPORT[from] ?? [];
				if (to === from || allowed.includes(to)) return false;
				// Whoever may know the engine may know the types of any part of it.
				return !(typeOnly && allowed.includes("engine") && to.startsWith("engine/"));
			})
			.map(({ file, specifier, from, to }) => `${file}: ${from} may not import ${to} (${specifier})`);
		expect(wrong).toEqual([]);
	});

	it("keeps the engine off the main thread: state and ui import its types, the worker and the command line its doors", () => {
		const wrong = own
			.filter(({ to }) => to === "engine" || to.startsWith("engine/"))
			.filter(({ from }) => !(from === "engine" || from.startsWith("engine/")))
			.filter(({ from, file, specifier, typeOnly }) => {
				if (typeOnly || /\?raw$/.test(specifier)) return false;
				if (from === "cli") return !/engine(?:\/index)?$/.test(specifier);
				// The worker loads the engine in parts; see engine/diagnosing.ts.
				if (file === "worker/engine.worker.ts") return !/engine\/(?:diagnosing|printing|comparing)$/.test(specifier);
				return !(file === "worker/file.worker.ts" && /engine\/excerpting$/.test(specifier));
			})
			.map(({ file, specifier }) => `${file} imports code of the engine: ${specifier}`);
		expect(wrong).toEqual([]);
	});

	it("keeps modes apart: no failure mode imports another", () => {
		const wrong = own
			.filter(
				({ file, specifier }) =>
					file.startsWith("engine/failure-modes/") && file.split("/").length > 3 && /^\.\.\/(?!\.\.)/.test(specifier),
			)
			.map(({ file, specifier }) => `${file}: ${specifier}`);
		expect(wrong).toEqual([]);
	});

	it("keeps packages out of the engine that are not pure", () => {
		const wrong = imports
			.filter(
				({ from, specifier }) =>
					(from === "engine" || from.startsWith("engine/")) &&
					!specifier.startsWith(".") &&
					!ENGINE_PACKAGES.includes(specifier),
			)
			.map(({ file, specifier }) => `${file}: ${specifier}`);
		expect(wrong).toEqual([]);
	});

	it("keeps clock, randomness and the outside world out of the engine", () => {
		const names =
			/\b(?:Date\.now|new Date\(\s*\)|Math\.random|performance\.now|globalThis|setTimeout|fetch\(|console\.)/;
		const wrong = files
			.filter((file) => relative(SRC, file).startsWith("engine/"))
			.flatMap((file) => {
				const code = readFileSync(file, "utf8")
					.split("\n")
					.filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line));
				return code
					.filter((line) => names.test(line) && !/["'`].*(?:setTimeout|fetch\(|console\.)/.test(line))
					.map((line) => `${relative(SRC, file)}: ${line.trim()}`);
			});
		expect(wrong).toEqual([]);
	});
});
