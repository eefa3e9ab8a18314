/**
 * The headers of the served page, in one place: `npm start` sends them, and so should any host.
 *
 * The page may talk to nobody: its own files, its own worker, nothing else. `connect-src 'self'` is what a service
 * worker needs to fetch the page's own files; every other origin is refused by the browser. CodeMirror adds one
 * <style> element, which the nonce (a constant of the build, see index.html) admits; scripts need no nonce.
 */
export const EDITOR_STYLE_NONCE = "stackengineEditorStyles";

const POLICY: Readonly<Record<string, string>> = {
	"default-src": "'none'",
	"script-src": "'self'",
	"style-src": `'self' 'nonce-${EDITOR_STYLE_NONCE}'`,
	"img-src": "'self'",
	"font-src": "'self'",
	"worker-src": "'self'",
	"manifest-src": "'self'",
	"connect-src": "'self'",
	"base-uri": "'none'",
	"form-action": "'none'",
	"frame-ancestors": "'none'",
	"require-trusted-types-for": "'script'",
	"trusted-types": "default",
};

export const HEADERS: Readonly<Record<string, string>> = {
	"Content-Security-Policy": Object.entries(POLICY)
		.map(([directive, value]) => `${directive} ${value}`)
		.join("; "),
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=()",
};
