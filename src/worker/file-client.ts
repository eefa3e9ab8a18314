import type { FileText } from "../engine/excerpt/read-file";
import type { WorkerPort } from "./engine-client";

export type FileRequest = { readonly file: File };

/** How far a file has been read. Bytes are the file's own, packed or not; `elapsed` is in milliseconds. */
export type FileProgress = {
	readonly read: number;
	readonly size: number;
	readonly elapsed: number;
	/** The excerpt so far, now and then. */
	readonly text: Extract<FileText, { kind: "excerpt" }> | null;
};

export type FileNews =
	| ({ readonly kind: "reading" } & FileProgress)
	| { readonly kind: "read"; readonly text: FileText };

/** Reads one large file. Rejects with an AbortError after `signal`; everything else is a word about the file. */
export type ReadFile = (
	file: File,
	onProgress: (progress: FileProgress) => void,
	signal: AbortSignal,
) => Promise<FileText>;

/** Reads each file in a worker of its own, which ends with it. */
export function createFileReader(start: () => WorkerPort = startFileWorker): ReadFile {
	return (file, onProgress, signal) =>
		new Promise((resolve, reject) => {
			const worker = start();
			const end = () => {
				worker.terminate();
				signal.removeEventListener("abort", stop);
			};
			const stop = () => {
				end();
				reject(new DOMException("Stopped reading", "AbortError"));
			};
			const broken = () => {
				end();
				resolve({ kind: "refused", says: "could not be read" });
			};
			worker.addEventListener("message", (event: MessageEvent<FileNews>) => {
				if (event.data.kind === "reading") return onProgress(event.data);
				end();
				resolve(event.data.text);
			});
			worker.addEventListener("error", broken);
			worker.addEventListener("messageerror", broken);
			signal.addEventListener("abort", stop);
			if (signal.aborted) return stop();
			worker.postMessage({ file } satisfies FileRequest);
		});
}

/** The real worker. Vite finds and bundles it by this very expression. */
function startFileWorker(): WorkerPort {
	return new Worker(new URL("./file.worker.ts", import.meta.url), { type: "module", name: "file" });
}
