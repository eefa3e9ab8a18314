/**
 * Every way we know by which code in a page can make a browser send something to somebody, each as a script. `out` is
 * the listener's address, `udp` its host and port, `name` a host name that nobody has.
 */
export type WayOut = {
	readonly way: string;
	/** Where it can be tried. A worker has no document. */
	readonly from: "page" | "page and worker";
	readonly script: (out: string, name: string) => string;
	/** It takes the page away, or opens another: tried in a page of its own. */
	readonly leaves?: true;
	/** Seen in what the browser looked up, not at the listener. */
	readonly looksUp?: true;
};

const element = (tag: string, set: string) => `const e = document.createElement("${tag}"); ${set}`;
const link = (out: string, rel: string, more = "") =>
	element("link", `e.rel = "${rel}"; e.href = "${out}/${rel}"; ${more}; document.head.append(e)`);
const style = (rules: string) =>
	element(
		"style",
		`e.textContent = ${JSON.stringify(rules)}; document.head.append(e); document.body.classList.add("way-out")`,
	);
const socket = (out: string, scheme: string) => out.replace(/^http/, scheme);
const rtc = (server: string) =>
	`const p = new RTCPeerConnection({ iceServers: [${server}] }); p.createDataChannel("d"); p.createOffer().then((offer) => p.setLocalDescription(offer))`;
const hostPort = (out: string) => out.replace("http://", "");
/** A worker made in memory that fetches. */
const memoryWorker = (out: string) =>
	`new Worker(URL.createObjectURL(new Blob(["fetch('${out}/blob-worker',{mode:'no-cors'})"], { type: "text/javascript" })))`;

export const WAYS_OUT: readonly WayOut[] = [
	{ way: "fetch", from: "page and worker", script: (out) => `fetch("${out}/fetch", { mode: "no-cors" })` },
	{
		way: "fetch, kept alive",
		from: "page and worker",
		script: (out) => `fetch("${out}/alive", { method: "POST", body: "x", mode: "no-cors", keepalive: true })`,
	},
	{
		way: "XMLHttpRequest",
		from: "page and worker",
		script: (out) => `const x = new XMLHttpRequest(); x.open("GET", "${out}/xhr"); x.send()`,
	},
	{ way: "WebSocket", from: "page and worker", script: (out) => `new WebSocket("${socket(out, "ws")}/socket")` },
	{ way: "EventSource", from: "page and worker", script: (out) => `new EventSource("${out}/events")` },
	{
		way: "WebTransport",
		from: "page and worker",
		script: (out) => `new WebTransport("${socket(out, "https")}/transport")`,
	},
	{ way: "beacon", from: "page", script: (out) => `navigator.sendBeacon("${out}/beacon", "x")` },
	{ way: "image", from: "page", script: (out) => `new Image().src = "${out}/image.png"` },
	{ way: "style sheet", from: "page", script: (out) => link(out, "stylesheet") },
	{ way: "CSS url()", from: "page", script: (out) => style(`.way-out { background: url(${out}/background.png) }`) },
	{
		way: "CSS url() in an attribute",
		from: "page",
		script: (out) => `document.body.setAttribute("style", "background: url(${out}/attribute.png)")`,
	},
	{
		way: "CSS url() through CSSOM",
		from: "page",
		script: (out) => `document.body.style.backgroundImage = "url(${out}/cssom.png)"`,
	},
	{ way: "font", from: "page", script: (out) => `new FontFace("w", "url(${out}/font.woff2)").load()` },
	{
		way: "script",
		from: "page",
		script: (out) => element("script", `e.src = "${out}/script.js"; document.head.append(e)`),
	},
	{ way: "module", from: "page and worker", script: (out) => `import("${out}/module.js")` },
	{
		way: "importScripts",
		from: "page and worker",
		script: (out) =>
			`typeof importScripts === "function" ? importScripts("${out}/import.js") : fetch("${out}/no-scripts")`,
	},
	{
		way: "media",
		from: "page",
		script: (out) => element("video", `e.src = "${out}/film.mp4"; e.load(); document.body.append(e)`),
	},
	{ way: "frame", from: "page", script: (out) => element("iframe", `e.src = "${out}/frame"; document.body.append(e)`) },
	{
		way: "object",
		from: "page",
		script: (out) => element("object", `e.data = "${out}/object"; document.body.append(e)`),
	},
	{ way: "prefetch", from: "page", script: (out) => link(out, "prefetch") },
	{ way: "preload", from: "page", script: (out) => link(out, "preload", 'e.as = "image"') },
	{ way: "module preload", from: "page", script: (out) => link(out, "modulepreload") },
	{ way: "manifest", from: "page", script: (out) => link(out, "icon") },
	{ way: "preconnect", from: "page", script: (out) => link(out, "preconnect") },
	{ way: "DNS prefetch", from: "page", looksUp: true, script: (_, name) => link(`http://${name}`, "dns-prefetch") },
	{
		way: "speculation rules",
		from: "page",
		script: (out) =>
			element(
				"script",
				`e.type = "speculationrules"; e.textContent = '{"prefetch":[{"source":"list","eagerness":"immediate","urls":["${out}/speculation"]}]}'; document.head.append(e)`,
			),
	},
	{
		way: "ping",
		from: "page",
		script: (out) => element("a", `e.href = "#/"; e.ping = "${out}/ping"; document.body.append(e); e.click()`),
	},
	{ way: "WebRTC, STUN", from: "page", script: (out) => rtc(`{ urls: "stun:${hostPort(out)}" }`) },
	{
		way: "WebRTC, TURN by TCP",
		from: "page",
		script: (out) => rtc(`{ urls: "turn:${hostPort(out)}?transport=tcp", username: "u", credential: "c" }`),
	},
	{ way: "worker", from: "page and worker", script: (out) => memoryWorker(out) },
	{
		way: "service worker",
		from: "page",
		script: (out) =>
			`navigator.serviceWorker.register("${out}/sw.js").catch(() => fetch("${out}/sw.js", { mode: "no-cors" }))`,
	},
	{
		way: "form",
		from: "page",
		leaves: true,
		script: (out) =>
			element("form", `e.action = "${out}/form"; e.method = "post"; document.body.append(e); e.submit()`),
	},
	{ way: "window.open", from: "page", leaves: true, script: (out) => `window.open("${out}/window")` },
	{
		way: "link to a new tab",
		from: "page",
		leaves: true,
		script: (out) => element("a", `e.href = "${out}/tab"; e.target = "_blank"; document.body.append(e); e.click()`),
	},
	{
		way: "link in no document",
		from: "page",
		leaves: true,
		script: (out) =>
			element("a", `e.href = "${out}/tab"; e.target = "_blank"; e.dispatchEvent(new MouseEvent("click"))`),
	},
	{
		way: "download",
		from: "page",
		leaves: true,
		script: (out) => element("a", `e.href = "${out}/file"; e.download = "file"; e.click()`),
	},
	{ way: "navigation", from: "page", leaves: true, script: (out) => `location.href = "${out}/navigation"` },
	{
		way: "refresh",
		from: "page",
		leaves: true,
		script: (out) =>
			element("meta", `e.httpEquiv = "refresh"; e.content = "0;url=${out}/refresh"; document.head.append(e)`),
	},
];
