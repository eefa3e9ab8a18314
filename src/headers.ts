/**
 * What a host sends with each file of the build, in one place: `npm start` sends it, and the build prints it for common
 * static hosts.
 *
 * A page, and a worker loaded from a file, each live under the policy that came with their own file. So there is one
 * policy a page and one for what workers are made of, and each names only what that file needs.
 */

/** A Content-Security-Policy: directive, then its value. */
export type Policy = Readonly<Record<string, string>>;

/** CodeMirror adds one <style> element, which this nonce admits. A constant of the build (see index.html); scripts need none. */
export const EDITOR_STYLE_NONCE = "stackengineEditorStyles";

/** Nothing: where every policy begins. */
const NOTHING: Policy = {
	"default-src": "'none'",
	"base-uri": "'none'",
	"form-action": "'none'",
	"frame-ancestors": "'none'",
	"require-trusted-types-for": "'script'",
	"trusted-types": "'none'",
};

/** The workbench: its own files, its own workers, and no connection at all. */
const WORKBENCH: Policy = {
	...NOTHING,
	"script-src": "'self'",
	"style-src": `'self' 'nonce-${EDITOR_STYLE_NONCE}'`,
	"img-src": "'self'",
	"font-src": "'self'",
	"worker-src": "'self'",
	"manifest-src": "'self'",
	"connect-src": "'none'",
	"trusted-types": "default",
};

/**
 * Each file or folder of the build with a policy of its own; what is not named gets `NOTHING`. A path ends in `*` for a
 * folder. No two may fit the same file: some hosts send both, and a browser obeys both.
 */
export const POLICIES: readonly { readonly path: string; readonly policy: Policy }[] = [
	{ path: "/", policy: WORKBENCH },
	{ path: "/index.html", policy: WORKBENCH },
	// Workers are made of these: they load further parts of themselves, and talk to nobody.
	{ path: "/assets/*", policy: { ...NOTHING, "script-src": "'self'" } },
	// The service worker fetches the page's own files to keep them.
	{ path: "/sw.js", policy: { ...NOTHING, "connect-src": "'self'" } },
];

/** The same for every file. */
const ALWAYS: Readonly<Record<string, string>> = {
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=()",
};

/** A policy as the header's value. */
export const printPolicy = (policy: Policy): string =>
	Object.entries(policy)
		.map(([directive, value]) => `${directive} ${value}`)
		.join("; ");

/** All headers of one file. `path` begins with `/` and has no query. */
export function headersOf(path: string): Readonly<Record<string, string>> {
	const own = POLICIES.find((one) =>
		one.path.endsWith("*") ? path.startsWith(one.path.slice(0, -1)) : path === one.path,
	);
	return { ...ALWAYS, "Content-Security-Policy": printPolicy(own?.policy ?? NOTHING) };
}
