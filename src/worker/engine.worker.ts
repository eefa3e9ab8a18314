import * as diagnosing from "../engine/diagnosing";
import { answer } from "./answer";
import type { Reply, Request } from "./protocol";

// The app's only caller of the engine. It keeps nothing between two questions.
const engine = { diagnosing, printing: () => import("../engine/printing") };

self.addEventListener("message", async (event: MessageEvent<Request>) => {
	const { id, ask } = event.data;
	const reply = (outcome: Reply["outcome"]) => {
		self.postMessage({ id, outcome, requests: performance.getEntriesByType("resource").length } satisfies Reply);
	};
	try {
		reply({ kind: "answered", answer: await answer(engine, ask) });
	} catch (error) {
		// A bug of ours. The stack names our files and no pasted text; the message may, and stays in this tab.
		const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
		reply({ kind: "failed", failure: { says, version: diagnosing.VERSION } });
	}
});
