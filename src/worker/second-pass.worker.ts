import { secondPass } from "./second-pass";
import type { SecondPassReply, SecondPassRequest } from "./second-pass-client";

// A thread of its own: the rules are somebody else's, and a slow one must not hold up the engine or the page.
self.addEventListener("message", async (event: MessageEvent<SecondPassRequest>) => {
	const { id, texts } = event.data;
	try {
		const seen = await Promise.all(texts.map(secondPass));
		self.postMessage({ id, seen } satisfies SecondPassReply);
	} catch {
		self.postMessage({ id, seen: null } satisfies SecondPassReply);
	}
});
