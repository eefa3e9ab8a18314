import * as diagnosing from "../engine/diagnosing";
import { answer } from "./answer";
import type { Reply, Request } from "./protocol";

// The app's only caller of the engine. Between two questions it keeps the last paste and what was read in it, so that
// unchanged artifacts are not parsed again; ending the worker ('Forget everything') is what lets go of it.
const engine = {
	diagnosing: { ...diagnosing, ...diagnosing.remembering() },
	printing: () => import("../engine/printing"),
	comparing: () => import("../engine/comparing"),
};

// The folder of the page's own built files: the engine's second part comes from there. A name alone carries nothing out.
// In the single file the worker is made in memory, has all its parts, and nowhere to load more from.
const ours = self.location.protocol === "blob:" ? null : new URL("./", self.location.href).href;
const isOwnCode = (url: string): boolean => ours !== null && url.startsWith(ours) && !/[?#]/.test(url);
/** Requests that this worker has made besides loading its own code. */
const requests = (): number =>
	performance.getEntriesByType("resource").filter((entry) => !isOwnCode(entry.name)).length;

self.addEventListener("message", async (event: MessageEvent<Request>) => {
	const { id, ask } = event.data;
	const reply = (outcome: Reply["outcome"]) => {
		self.postMessage({ id, outcome, requests: requests() } satisfies Reply);
	};
	try {
		reply({ kind: "answered", answer: await answer(engine, ask) });
	} catch (error) {
		// A bug of ours. The stack names our files and no pasted text; the message may, and stays in this tab.
		const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
		reply({ kind: "failed", failure: { says, version: diagnosing.VERSION } });
	}
});
