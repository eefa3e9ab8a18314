/**
 * Keeps the page's own files, so that it opens and works without a network after the first load. It caches nothing
 * else, and nothing that was pasted ever passes here: pasted text is never part of a request.
 *
 * The build writes the file list and its hash into this file (see `precache` in vite.config.ts). A new build is fetched
 * whole and then waits: it takes over when the person says so, or when no page is open any more.
 */
declare const __FILES__: readonly string[];
declare const __BUILD__: string;

/** What we use of a service worker's global scope; TypeScript's own names for it clash with those of the page. */
type Scope = {
	readonly registration: { readonly scope: string };
	readonly clients: { claim(): Promise<void> };
	skipWaiting(): Promise<void>;
	addEventListener(
		type: "install" | "activate",
		listen: (event: { waitUntil(work: Promise<unknown>): void }) => void,
	): void;
	addEventListener(type: "message", listen: (event: { readonly data: unknown }) => void): void;
	addEventListener(
		type: "fetch",
		listen: (event: { readonly request: globalThis.Request; respondWith(answer: Promise<Response>): void }) => void,
	): void;
};

const isScope = (value: unknown): value is Scope =>
	typeof value === "object" && value !== null && "registration" in value && "skipWaiting" in value;

const FILES = __FILES__;
const CACHE = `stackengine-${__BUILD__}`;

function serve(scope: Scope): void {
	const home = new URL("./", scope.registration.scope).href;

	scope.addEventListener("install", (event) => {
		event.waitUntil(
			caches.open(CACHE).then((cache) => cache.addAll([home, ...FILES.map((file) => new URL(file, home).href)])),
		);
	});

	scope.addEventListener("message", ({ data }) => {
		if (data === "take over") void scope.skipWaiting();
	});

	scope.addEventListener("activate", (event) => {
		event.waitUntil(
			caches
				.keys()
				.then((names) =>
					Promise.all(
						names
							.filter((name) => name.startsWith("stackengine-") && name !== CACHE)
							// Another tab may still be open with the build before this one, and load a part of it later.
							.slice(0, -1)
							.map((name) => caches.delete(name)),
					),
				)
				.then(() => scope.clients.claim()),
		);
	});

	scope.addEventListener("fetch", (event) => {
		const { request } = event;
		if (request.method !== "GET" || !request.url.startsWith(home)) return;
		const page = request.mode === "navigate";
		// The workbench is kept under one of its two addresses; other pages under their own.
		const named = page && request.url.split(/[?#]/)[0] === `${home}index.html` ? home : request;
		event.respondWith(
			caches.open(CACHE).then(async (cache) => {
				const kept =
					(await cache.match(named, { ignoreSearch: page, ignoreVary: true })) ??
					(page ? undefined : await caches.match(named, { ignoreVary: true }));
				return kept ?? fetch(request);
			}),
		);
	});
}

if (isScope(self)) serve(self);
