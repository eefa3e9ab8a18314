/**
 * Has to be imported before anything that starts a worker: under `require-trusted-types-for 'script'` a worker's
 * address is a sink. The default policy lets through the bundled files beside this page and nothing else; HTML and
 * script text have no policy at all, so no code of ours or of a library can turn text into markup.
 */
type TrustedTypesFactory = {
	createPolicy(name: "default", rules: { createScriptURL(url: string): string }): unknown;
};

const isFactory = (value: unknown): value is TrustedTypesFactory =>
	typeof value === "object" && value !== null && "createPolicy" in value && typeof value.createPolicy === "function";

const factory: unknown = Reflect.get(globalThis, "trustedTypes");
if (isFactory(factory)) {
	factory.createPolicy("default", {
		createScriptURL: (url) => {
			// The single file makes its workers in memory; they live under its own policy.
			if (import.meta.env.MODE === "single-file" && url.startsWith("blob:")) return url;
			const { origin, pathname } = new URL(url, document.baseURI);
			const here = new URL(".", document.baseURI);
			const isOurs =
				origin === here.origin &&
				(pathname.startsWith(`${here.pathname}assets/`) ||
					pathname === `${here.pathname}sw.js` ||
					(import.meta.env.DEV && pathname.startsWith("/src/")));
			if (!isOurs) throw new TypeError("StackEngine starts no script but its own");
			return url;
		},
	});
}

export {};
