/**
 * Has to be imported before Monaco, which writes its lines as HTML (with text escaped by itself) and starts workers. The
 * default policy of this frame alone lets that HTML through; script text has no policy, and a worker's address must be
 * one of this frame's own files. See YAML_EDITOR in src/headers.ts.
 */
type Factory = {
	createPolicy(
		name: "default",
		rules: { createHTML(html: string): string; createScriptURL(url: string): string },
	): unknown;
};

const isFactory = (value: unknown): value is Factory =>
	typeof value === "object" && value !== null && "createPolicy" in value && typeof value.createPolicy === "function";

const factory: unknown = Reflect.get(globalThis, "trustedTypes");
if (isFactory(factory))
	factory.createPolicy("default", {
		createHTML: (html) => html,
		createScriptURL: (url) => {
			const { origin, pathname } = new URL(url, document.baseURI);
			const here = new URL("./yaml-editor/", document.baseURI);
			if (!import.meta.env.DEV && (origin !== here.origin || !pathname.startsWith(here.pathname)))
				throw new TypeError("The YAML editor starts no script but its own");
			return url;
		},
	});

export {};
