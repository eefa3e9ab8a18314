import * as engine from "../engine";
import { answer } from "./answer";
import type { Reply, Request } from "./protocol";

// The app's only caller of the engine. It keeps nothing between two questions.
self.addEventListener("message", (event: MessageEvent<Request>) => {
	const { id, ask } = event.data;
	const reply = (outcome: Reply["outcome"]) => {
		self.postMessage({ id, outcome, requests: performance.getEntriesByType("resource").length } satisfies Reply);
	};
	try {
		reply({ kind: "answered", answer: answer(engine, ask) });
	} catch (error) {
		// A bug of ours. The stack names our files and no pasted text; the message may, and stays in this tab.
		const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
		reply({ kind: "failed", failure: { says, version: engine.VERSION } });
	}
});
