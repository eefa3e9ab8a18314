import "./trusted-types";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "./yaml-editor.css";
import * as monaco from "monaco-editor/editor/editor.api.js";
import "monaco-editor/features/register.all.js";
import "monaco-editor/languages/definitions/yaml/register.js";
import { configureMonacoYaml, type JSONSchema } from "monaco-yaml";
import { type Open, readOpen, type Said, type SchemaName } from "./messages";
import ansible from "./schemas/ansible-playbook.json";
import cloudConfig from "./schemas/cloud-config.json";
import { BUTANE, CHECKOV_POLICY, GITHUB_WORKFLOW, GITLAB_CI, PROMETHEUS_RULES } from "./schemas/own";

/** The frame's own document: one editor, whose text goes to the page that opened it and nowhere else. */

const SCHEMA: Readonly<Record<SchemaName, unknown>> = {
	ansible,
	"cloud-init": cloudConfig,
	"github-actions": GITHUB_WORKFLOW,
	"gitlab-ci": GITLAB_CI,
	butane: BUTANE,
	alerts: PROMETHEUS_RULES,
	checkov: CHECKOV_POLICY,
};

// Written out, as the bundler looks for it.
const editorWorker = () => new Worker(new URL("./editor.worker.ts", import.meta.url), { type: "module" });
const yamlWorker = () => new Worker(new URL("./yaml.worker.ts", import.meta.url), { type: "module" });
Reflect.set(globalThis, "MonacoEnvironment", { getWorker: editorWorker });

/** Takes the one port that the page hands over. */
window.addEventListener("message", ({ data, source, origin, ports: [port] }) => {
	if (source !== window.parent || origin !== window.location.origin || data !== "port" || !port) return;
	const say = (said: Said) => port.postMessage(said);
	port.addEventListener("message", ({ data: first }: MessageEvent<unknown>) => {
		const open = readOpen(first);
		if (open) edit(open, say);
	});
	port.start();
	say({ kind: "ready" });
});

function edit({ text, schema, theme }: Open, say: (said: Said) => void): void {
	document.documentElement.style.colorScheme = theme;
	monaco.editor.setTheme(theme === "dark" ? "vs-dark" : "vs");
	configureYaml(schema);
	const model = monaco.editor.createModel(text, "yaml", monaco.Uri.parse(`file:///${schema}.yaml`));
	const place = document.getElementById("editor");
	if (!place) return;
	const editor = monaco.editor.create(place, {
		model,
		automaticLayout: true,
		ariaLabel: `${schema} as YAML`,
		// A tab leaves the editor, as anywhere else on the page (Ctrl+M lets it be typed).
		tabFocusMode: true,
		fontFamily: '"IBM Plex Mono", ui-monospace, monospace',
		fontSize: 13,
		minimap: { enabled: false },
		scrollBeyondLastLine: false,
		renderLineHighlight: "line",
		quickSuggestions: { other: true, comments: false, strings: true },
	});
	model.onDidChangeContent(() => say({ kind: "text", text: model.getValue() }));
	monaco.editor.onDidChangeMarkers((resources) => {
		if (!resources.some((one) => one.toString() === model.uri.toString())) return;
		const markers = monaco.editor.getModelMarkers({ resource: model.uri });
		const [first] = markers.toSorted((a, b) => a.startLineNumber - b.startLineNumber);
		say({
			kind: "problems",
			count: markers.length,
			first: first ? `line ${first.startLineNumber}: ${first.message}` : null,
		});
	});
	editor.focus();
}

/**
 * monaco-yaml 5.5.1 asks Monaco to start its worker by name, which Monaco 0.54 and later no longer does (it takes a
 * Worker): remcohaszing/monaco-yaml#272. So the worker is started here, with the first two messages that it waits for.
 */
function configureYaml(schema: SchemaName): void {
	type Options = Parameters<typeof monaco.editor.createWebWorker>[0];
	type ByName = { readonly createData?: unknown } & Pick<Options, "host" | "keepIdleModels">;
	const createWebWorker = <T extends object>({ createData, host, keepIdleModels }: ByName) => {
		const worker = yamlWorker();
		worker.postMessage("ignore");
		worker.postMessage(createData);
		return monaco.editor.createWebWorker<T>({
			worker,
			...(host ? { host } : {}),
			...(keepIdleModels ? { keepIdleModels } : {}),
		});
	};
	configureMonacoYaml(
		{ ...monaco, editor: { ...monaco.editor, createWebWorker } },
		{
			enableSchemaRequest: false,
			// What reads these files (PyYAML, goyaml) keeps to YAML 1.1 in `yes` and `0644`.
			yamlVersion: "1.1",
			schemas: [
				{ uri: `inmemory://stackengine/${schema}.json`, fileMatch: ["*"], schema: SCHEMA[schema] as JSONSchema },
			],
		},
	);
}
