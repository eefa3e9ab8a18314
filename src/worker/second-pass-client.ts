import type { WorkerPort } from "./engine-client";
import type { SecretSeen } from "./second-pass";

export type SecondPassRequest = { readonly id: number; readonly texts: readonly string[] };
/** Null: the rules failed. */
export type SecondPassReply = {
	readonly id: number;
	readonly seen: readonly (readonly SecretSeen[])[] | null;
};

/** The second, independent pass as the page asks it. */
export type SecondPass = {
	/** What still looks like a secret, text by text. Rejects when the rules can't be loaded, fail, or take too long. */
	look(texts: readonly string[]): Promise<readonly (readonly SecretSeen[])[]>;
	/** Ends it; nobody is told any more. */
	stop(): void;
};

/** Starts the worker with the first question, and not before: that is when @secretlint's rules are loaded. */
export function createSecondPass(start: () => WorkerPort = startSecondPassWorker, patience = 20_000): SecondPass {
	const waiting = new Map<number, (seen: SecondPassReply["seen"]) => void>();
	let worker: WorkerPort | null = null;
	let lastId = 0;
	const failAll = () => {
		worker?.terminate();
		worker = null;
		for (const settle of [...waiting.values()]) settle(null);
	};
	const listen = (port: WorkerPort): WorkerPort => {
		port.addEventListener("message", (event: MessageEvent<SecondPassReply>) =>
			waiting.get(event.data.id)?.(event.data.seen),
		);
		port.addEventListener("error", failAll);
		port.addEventListener("messageerror", failAll);
		return port;
	};
	return {
		look: (texts) =>
			new Promise((resolve, reject) => {
				lastId += 1;
				const id = lastId;
				const tooLong = setTimeout(failAll, patience);
				waiting.set(id, (seen) => {
					clearTimeout(tooLong);
					waiting.delete(id);
					if (seen) resolve(seen);
					else reject(new Error("The second pass gave no answer"));
				});
				try {
					worker ??= listen(start());
					worker.postMessage({ id, texts } satisfies SecondPassRequest);
				} catch {
					failAll();
				}
			}),
		stop: failAll,
	};
}

/** The real worker. Vite finds and bundles it by this very expression. */
function startSecondPassWorker(): WorkerPort {
	return new Worker(new URL("./second-pass.worker.ts", import.meta.url), { type: "module", name: "second-pass" });
}
