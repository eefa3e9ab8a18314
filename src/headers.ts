/**
 * What a host sends with each file of the build, in one place: `npm start` sends it, and the build prints it for common
 * static hosts (see hosts.ts) and puts the policy into the page itself, for hosts that can send no headers.
 *
 * A page, and a worker loaded from a file, each live under the policy that came with their own file. So there is one
 * policy a page and one for what workers are made of, and each names only what that file needs.
 */

/** A Content-Security-Policy: directive, then its value. */
export type Policy = Readonly<Record<string, string>>;

/** CodeMirror adds one <style> element, which this nonce admits. A constant of the build (see index.html); scripts need none. */
export const EDITOR_STYLE_NONCE = "stackengineEditorStyles";

/** Nothing: where every policy begins. */
export const NOTHING: Policy = {
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
	// The YAML editor, once it is opened.
	"frame-src": "'self'",
	"trusted-types": "default",
};

/** One file or folder (`…/*`) of the build, and what it may do. */
type Served = {
	readonly path: string;
	readonly policy: Policy;
	/** Origins besides its own that this file may reach by any means, as URL patterns. */
	readonly mayReach?: readonly string[];
	/** Features of the browser that are off everywhere else. */
	readonly mayUse?: readonly string[];
	/** Other origins, also none, may load it. */
	readonly isOpen?: boolean;
	readonly more?: Readonly<Record<string, string>>;
};

/** The assistant's page connects to nothing either: it shows, and has a frame of its own host send. */
const ASSISTANT: Policy = {
	...NOTHING,
	"script-src": "'self'",
	"style-src": "'self'",
	"img-src": "'self'",
	"font-src": "'self'",
	"connect-src": "'none'",
	"frame-src": "'self'",
};

/**
 * A frame that talks to a provider: a document without an origin, a storage or a way out of itself but this one. Which
 * origin is the chosen one it learns from its address, and before any other code it adds a policy that names that origin
 * alone; policies only add up (see src/assist/talk/frame.ts).
 */
const talking = (connect: string): Policy => ({
	...NOTHING,
	sandbox: "allow-scripts",
	"script-src": "'self'",
	"connect-src": connect,
	"frame-ancestors": "'self'",
});

/** What Monaco 0.57 calls its Trusted Types policies, and dompurify its own. */
const MONACO_POLICIES =
	"defaultWorkerFactory diffEditorWidget diffReview domLineBreaksComputer dompurify editorGhostText editorViewLayer richScreenReaderContent standaloneColorizer stickyScrollViewLayer tokenizeToString";

/**
 * The YAML editor (Monaco with monaco-yaml), in a frame of its own host so that the workbench stays strict. What it needs
 * and the workbench does not: style attributes and elements without a nonce, which Monaco writes for each line, images
 * as data:, and Trusted Types policies that let Monaco's HTML through (src/yaml-editor/trusted-types.ts). Scripts are its own files
 * only, nothing is evaluated, and it can connect to nothing; text comes and goes by a port of the page that holds it.
 */
const YAML_EDITOR: Policy = {
	...NOTHING,
	"script-src": "'self'",
	"style-src": "'self' 'unsafe-inline'",
	"font-src": "'self'",
	// Monaco draws the line under a mistake as an SVG in its style sheet.
	"img-src": "data:",
	"worker-src": "'self'",
	"connect-src": "'none'",
	"frame-ancestors": "'self'",
	"trusted-types": `default ${MONACO_POLICIES}`,
};

/** Chrome asks the person before a page may talk to their own machine or network; this is the leave to ask. */
const LOCAL = ["local-network-access"];

/**
 * The frames that talk: one for each provider we know, one for models on this machine, and one for any other address.
 * The last one's list of connections has to be open: what its narrowed policy does not govern, an empty connection
 * opened ahead, only our own 8 KB of code in it keeps from being made.
 */
export const TALKING: readonly Served[] = [
	{
		path: "/talk-anthropic.html",
		policy: talking("https://api.anthropic.com"),
		mayReach: ["https://api.anthropic.com/*"],
	},
	{ path: "/talk-openai.html", policy: talking("https://api.openai.com"), mayReach: ["https://api.openai.com/*"] },
	{
		path: "/talk-local.html",
		policy: talking("http://localhost:* http://127.0.0.1:*"),
		mayReach: ["http://localhost:*/*", "http://127.0.0.1:*/*"],
		mayUse: LOCAL,
	},
	{
		path: "/talk-own.html",
		policy: talking("https: http:"),
		mayReach: ["https://*:*/*", "http://*:*/*"],
		mayUse: LOCAL,
	},
];

/** The page as one file, opened from a disk: what it is made of stands in it, and its workers are made in memory. */
export const singleFilePolicy = (script: string, styles: string): Policy => ({
	...NOTHING,
	"script-src": script,
	"style-src": `${styles} 'nonce-${EDITOR_STYLE_NONCE}'`,
	"img-src": "data:",
	"font-src": "data:",
	"worker-src": "blob:",
	"connect-src": "'none'",
	"trusted-types": "default",
});

/** Named by what is in them, so that they never change. */
const FOR_EVER = { "Cache-Control": "public, max-age=31536000, immutable" };
const ASK_EVERY_TIME = { "Cache-Control": "no-cache" };

/**
 * What has a policy of its own; any other file gets `NOTHING`. No two may fit the same file: some hosts send both, and
 * a browser obeys both.
 */
export const SERVED: readonly Served[] = [
	{ path: "/", policy: WORKBENCH, more: ASK_EVERY_TIME },
	{ path: "/index.html", policy: WORKBENCH, more: ASK_EVERY_TIME },
	// Workers are made of these: they load further parts of themselves, and talk to nobody.
	{ path: "/assets/*", policy: { ...NOTHING, "script-src": "'self'" }, more: FOR_EVER },
	// The service worker fetches the page's own files to keep them.
	{ path: "/sw.js", policy: { ...NOTHING, "connect-src": "'self'" }, more: ASK_EVERY_TIME },
	{ path: "/assist.html", policy: ASSISTANT, mayUse: LOCAL, more: ASK_EVERY_TIME },
	...TALKING,
	{ path: "/yaml-editor.html", policy: YAML_EDITOR, more: ASK_EVERY_TIME },
	// Its own files; workers live under the policy of the file they are loaded from.
	{ path: "/yaml-editor/*", policy: YAML_EDITOR, more: FOR_EVER },
	// A document without an origin loads it.
	{ path: "/talk.js", policy: NOTHING, isOpen: true, more: ASK_EVERY_TIME },
	// The page as one file is for saving. Its own policy is inside it.
	{
		path: "/stackengine.html",
		policy: NOTHING,
		more: { ...ASK_EVERY_TIME, "Content-Disposition": 'attachment; filename="stackengine.html"' },
	},
];

/**
 * What Chromium 156 lists as `document.featurePolicy.features()` and hands to pages unasked, but for `clipboard-write`:
 * that is what the copy buttons do.
 */
const FEATURES = (
	"accelerometer autoplay browsing-topics camera clipboard-read compute-pressure display-capture encrypted-media " +
	"fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts " +
	"local-network-access magnetometer microphone midi otp-credentials payment picture-in-picture " +
	"publickey-credentials-create publickey-credentials-get screen-wake-lock serial storage-access sync-xhr usb " +
	"window-management xr-spatial-tracking"
).split(" ");

/** The same for every file. */
export const ALWAYS: Readonly<Record<string, string>> = {
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"X-DNS-Prefetch-Control": "off",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
};

/** A policy as the header's value. */
export const printPolicy = (policy: Policy): string =>
	Object.entries(policy)
		.map(([directive, value]) => `${directive} ${value}`)
		.join("; ");

/** A policy as a page's own <meta> can carry it: without what browsers refuse there (CSP level 3, section 3.3). */
export const metaPolicy = ({ "frame-ancestors": _, sandbox: __, ...policy }: Policy): string => printPolicy(policy);

/**
 * The headers in which a file differs from others.
 *
 * `Connection-Allowlist` (WICG, shipped in Chrome 152) stops what a Content-Security-Policy can't: navigation, new
 * windows, WebRTC, downloads and connections opened ahead. Browsers that do not know it ignore it.
 */
export function ownHeaders({
	policy,
	mayReach = [],
	mayUse = [],
	isOpen = false,
	more = {},
}: Omit<Served, "path">): Readonly<Record<string, string>> {
	const reach = ["response-origin", ...mayReach.map((pattern) => JSON.stringify(pattern))].join(" ");
	return {
		"Content-Security-Policy": printPolicy(policy),
		"Connection-Allowlist": `(${reach})`,
		"Permissions-Policy": FEATURES.map((feature) => `${feature}=${mayUse.includes(feature) ? "*" : "()"}`).join(", "),
		"Cross-Origin-Resource-Policy": isOpen ? "cross-origin" : "same-origin",
		...more,
	};
}

/** What a file has of its own when `SERVED` does not name it. */
export const OTHERS = ownHeaders({ policy: NOTHING });

/** All headers of one file. `path` begins with `/` and has no query. */
export function headersOf(path: string): Readonly<Record<string, string>> {
	const served = SERVED.find((one) =>
		one.path.endsWith("*") ? path.startsWith(one.path.slice(0, -1)) : path === one.path,
	);
	return { ...ALWAYS, ...(served ? ownHeaders(served) : OTHERS) };
}

/** The policy of a page, for its own <meta>. */
export const pagePolicy = (path: string): string =>
	metaPolicy(SERVED.find((one) => one.path === path)?.policy ?? NOTHING);
