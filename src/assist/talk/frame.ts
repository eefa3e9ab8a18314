import { talk } from "./client";
import type { Outgoing, Step } from "./exchange";
import { policyOrigin } from "./origin";

/**
 * The frame that talks to a provider. It has an origin of its own that no other document shares (sandbox without
 * allow-same-origin): no storage, no way into the page around it, nothing of the workbench. What it is to send comes
 * through one port, and text goes back.
 */

// Before anything else: this document may talk to the one origin behind the # of its address and to nobody else, for
// as long as it lives. Policies only add up, so nothing can take this one away again.
const origin = policyOrigin(decodeURIComponent(location.hash.slice(1)));
const policy = document.createElement("meta");
policy.httpEquiv = "Content-Security-Policy";
// Everything is closed but this, also what the served policy leaves open for the script that is running now: a browser
// lets a prefetch go where any one directive would.
policy.content = `default-src 'none'; connect-src ${origin ?? "'none'"}`;
document.head.append(policy);

const isOutgoing = (data: unknown): data is { readonly send: Outgoing } =>
	typeof data === "object" && data !== null && "send" in data && typeof data.send === "object";

function serve(port: MessagePort): void {
	const abort = new AbortController();
	let isBusy = false;
	port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
		if (data === "stop") abort.abort();
		// One request a frame: the page takes a new one for the next.
		else if (isOutgoing(data) && !isBusy) {
			isBusy = true;
			const io = { fetch: fetch.bind(self), signal: abort.signal, isOnline: () => navigator.onLine };
			void talk(data.send, io, (step: Step) => port.postMessage(step));
		}
	});
	port.start();
	port.postMessage("ready");
}

self.addEventListener("message", (event) => {
	const [port] = event.ports;
	// Only the page around it, and only one of ours.
	if (event.source === parent && parent !== self && event.origin === location.origin && port) serve(port);
});
