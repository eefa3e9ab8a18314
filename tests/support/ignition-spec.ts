/**
 * Ignition 3.4.0 as its documentation has it (coreos.github.io/ignition/configuration-v3_4), for the parts that we
 * print: which keys there are, of what type, which are required, and that paths are absolute and unique. There is no
 * `ignition-validate` in any registry that the tests reach.
 */
type Shape =
	| { readonly type: "string" | "boolean" | "integer" }
	| { readonly type: "list"; readonly of: Shape }
	| { readonly type: "object"; readonly required: readonly string[]; readonly keys: Readonly<Record<string, Shape>> };

const string: Shape = { type: "string" };
const list = (of: Shape): Shape => ({ type: "list", of });
const object = (required: readonly string[], keys: Readonly<Record<string, Shape>>): Shape => ({
	type: "object",
	required,
	keys,
});

const RESOURCE = object([], { source: string, compression: string, verification: object([], { hash: string }) });
const OWNER = object([], { id: { type: "integer" }, name: string });
const CONFIG = object(["ignition"], {
	ignition: object(["version"], { version: string }),
	storage: object([], {
		files: list(
			object(["path"], {
				path: string,
				overwrite: { type: "boolean" },
				contents: RESOURCE,
				append: list(RESOURCE),
				mode: { type: "integer" },
				user: OWNER,
				group: OWNER,
			}),
		),
	}),
	systemd: object([], {
		units: list(
			object(["name"], {
				name: string,
				enabled: { type: "boolean" },
				mask: { type: "boolean" },
				contents: string,
				dropins: list(object(["name"], { name: string, contents: string })),
			}),
		),
	}),
});

/** Complaints about a parsed Ignition document; empty where it is as specified. */
export function checkIgnition(document: unknown): readonly string[] {
	const complaints = [...complain(document, CONFIG, "$")];
	const config = document as {
		ignition?: { version?: string };
		storage?: { files?: { path: string; mode?: number; contents?: { source?: string } }[] };
	};
	if (config.ignition?.version !== "3.4.0") complaints.push("$.ignition.version is not 3.4.0");
	const files = config.storage?.files ?? [];
	if (new Set(files.map(({ path }) => path)).size !== files.length) complaints.push("a path is there twice");
	for (const { path, mode, contents } of files) {
		if (!/^\/(?!.*\/\/)(?!.*\/$)/.test(path)) complaints.push(`${path} is no absolute path`);
		if (mode !== undefined && (mode < 0 || mode > 0o7777)) complaints.push(`${path}: mode ${mode}`);
		// RFC 2397, without a media type: percent-encoded text.
		if (!/^data:,(?:[A-Za-z0-9_.!~*'()-]|%[0-9A-F]{2})*$/.test(contents?.source ?? ""))
			complaints.push(`${path}: ${contents?.source} is no data URL`);
	}
	return complaints;
}

function* complain(value: unknown, shape: Shape, at: string): Generator<string> {
	switch (shape.type) {
		case "string":
		case "boolean":
			if (typeof value !== shape.type) yield `${at} is no ${shape.type}`;
			return;
		case "integer":
			if (!Number.isInteger(value)) yield `${at} is no integer`;
			return;
		case "list":
			if (!Array.isArray(value)) yield `${at} is no list`;
			else for (const [index, one] of value.entries()) yield* complain(one, shape.of, `${at}[${index}]`);
			return;
		case "object": {
			if (typeof value !== "object" || value === null || Array.isArray(value)) {
				yield `${at} is no object`;
				return;
			}
			const record: Readonly<Record<string, unknown>> = { ...value };
			for (const key of shape.required) if (!(key in record)) yield `${at} lacks ${key}`;
			for (const [key, inner] of Object.entries(record)) {
				const known = shape.keys[key];
				if (known) yield* complain(inner, known, `${at}.${key}`);
				else yield `${at}.${key} is not in the specification`;
			}
			return;
		}
		default:
			return shape satisfies never;
	}
}
