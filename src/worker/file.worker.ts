import { readFile } from "../engine/excerpting";
import type { FileNews, FileRequest } from "./file-client";

/** Milliseconds between two pieces of news, and between two excerpts of a log that is still being read. */
const NEWS = 100;
const GROWTH = 1_000;

// A thread of its own: the engine answers what has been read while the rest is being read.
self.addEventListener("message", async (event: MessageEvent<FileRequest>) => {
	const { file } = event.data;
	const say = (news: FileNews) => self.postMessage(news);
	const started = performance.now();
	const reader = readFile((encoding) => new TextDecoder(encoding));
	let read = 0;
	let told = 0;
	let grown = 0;
	try {
		const pieces = file.stream().getReader();
		for (;;) {
			const { done, value } = await pieces.read();
			if (done || !reader.push(value)) break;
			read += value.length;
			const elapsed = performance.now() - started;
			if (elapsed - told < NEWS) continue;
			told = elapsed;
			const isGrown = elapsed - grown >= GROWTH;
			if (isGrown) grown = elapsed;
			const text = isGrown ? reader.soFar() : null;
			// What is held whole is of use when it is whole.
			say({ kind: "reading", read, size: file.size, elapsed, text: text?.kind === "excerpt" ? text : null });
		}
		say({ kind: "read", text: reader.end() });
	} catch {
		say({ kind: "read", text: { kind: "refused", says: "could not be read" } });
	}
});
