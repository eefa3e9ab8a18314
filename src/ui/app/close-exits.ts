/**
 * Closes from within what no Content-Security-Policy closes: navigation, new windows, WebRTC, connecting ahead, and the
 * connection that Chromium opens for a frame whose load it then refuses. A host's `Connection-Allowlist` does this in the
 * browser itself (see headers.ts), but a file on a disk has no host, and not every browser knows that header.
 *
 * Has to run before any other code. Under the page's Trusted Types no text becomes markup, so a frame, and with it a
 * second set of everything that is taken away here, can only come from `createElement`.
 */
const IS_FILE = import.meta.env.MODE === "single-file";

/** True for what the page itself leads to: its own files, its own pages, what it made in memory. */
function isOurs(address: string): boolean {
	if (!URL.canParse(address, document.baseURI)) return false;
	const { protocol, origin, pathname } = new URL(address, document.baseURI);
	if (protocol === "blob:") return true;
	return IS_FILE ? protocol === "file:" && pathname === location.pathname : origin === location.origin;
}

/** Where a press on this leads; null where it leads nowhere. */
function leadsTo(target: unknown): string | null {
	const link = target instanceof Element ? target.closest("a, area") : null;
	if (link instanceof SVGAElement) return link.href.baseVal === "" ? null : link.href.baseVal;
	const href = link?.getAttribute("href");
	return href === undefined || href === null ? null : href;
}

const leadsAway = (target: unknown): boolean => {
	const to = leadsTo(target);
	return to !== null && !isOurs(to);
};

function closeWindows(): void {
	const open = window.open.bind(window);
	window.open = (url, ...rest) => (url !== undefined && isOurs(String(url)) ? open(url, ...rest) : null);
}

function closeNavigation(): void {
	const navigation: unknown = Reflect.get(window, "navigation");
	if (!(navigation instanceof EventTarget)) return;
	navigation.addEventListener("navigate", (event) => {
		const destination: unknown = Reflect.get(event, "destination");
		const to: unknown = destination instanceof Object ? Reflect.get(destination, "url") : undefined;
		if (typeof to === "string" && !isOurs(to)) event.preventDefault();
	});
}

function closeLinks(): void {
	const stop = (event: Event) => {
		if (leadsAway(event.composedPath()[0])) event.preventDefault();
	};
	document.addEventListener("click", stop, true);
	document.addEventListener("auxclick", stop, true);
	// A link that stands in no document is pressed without the document hearing of it.
	const { click } = HTMLElement.prototype;
	HTMLElement.prototype.click = function press(this: HTMLElement) {
		if (!leadsAway(this)) click.call(this);
	};
	const { dispatchEvent } = EventTarget.prototype;
	EventTarget.prototype.dispatchEvent = function dispatch(this: EventTarget, event: Event) {
		return event instanceof MouseEvent && leadsAway(this) ? false : dispatchEvent.call(this, event);
	};
}

/**
 * In the single file: no frame, and no <link>, which could look up a name or connect ahead under any policy. Whoever
 * makes one gets an element that does nothing; the bundler's loader makes a <link> to see what browsers can do.
 */
function closeElements(): void {
	const closed = /^(?:iframe|frame|object|embed|fencedframe|portal|link)$/i;
	const inert = (name: string) => (closed.test(name.replace(/^.*:/, "")) ? "x-closed" : name);
	const { createElement, createElementNS } = Document.prototype;
	Document.prototype.createElement = function create(this: Document, name: string, options?: ElementCreationOptions) {
		return createElement.call(this, inert(String(name)), options);
	};
	Reflect.set(
		Document.prototype,
		"createElementNS",
		function create(this: Document, namespace: string | null, name: string, options?: ElementCreationOptions) {
			return createElementNS.call(this, namespace, inert(String(name)), options);
		},
	);
}

for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
	Reflect.deleteProperty(window, name);
closeWindows();
closeNavigation();
closeLinks();
if (IS_FILE) closeElements();
