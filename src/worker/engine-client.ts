import type { Comparison } from "../engine/compare/comparison";
import type { Flow, Trace } from "../engine/packet-path/trace";
import type { WhoReaches } from "../engine/reach";
import type { Evidence } from "../engine/text/evidence";
import type {
	Answer,
	Ask,
	Asked,
	CatalogueEntry,
	Collector,
	Diagnosed,
	EngineFailure,
	Offered,
	OpenedLink,
	Printable,
	PrintFormat,
	RealNames,
	RedactedQuestion,
	RedactionChoices,
	Reply,
	Request,
	Shared,
} from "./protocol";

/** The engine met a bug of ours, or its worker died. `failure` is what the page shows. */
export class EngineFailed extends Error {
	override readonly name = "EngineFailed";
	readonly failure: EngineFailure;
	constructor(failure: EngineFailure) {
		super(failure.says);
		this.failure = failure;
	}
}

/** The engine as the page sees it. Every promise rejects with `EngineFailed`, or with an AbortError after `signal`. */
export type EngineClient = {
	/** Rejects with AbortError when a newer paste replaces this one. Starts the worker if it has been let go. */
	analyse(evidence: Evidence, signal?: AbortSignal): Promise<Diagnosed>;
	/** The same for evidence out of a link: its repair names nothing by a stand-in. */
	analyseReport(evidence: Evidence, signal?: AbortSignal): Promise<Diagnosed>;
	trace(evidence: Evidence, flow: Flow, signal?: AbortSignal): Promise<Trace>;
	/** Who reaches every published port and every network. */
	reach(evidence: Evidence, signal?: AbortSignal): Promise<WhoReaches>;
	/** One printed form of a plan. */
	print(of: Printable, format: PrintFormat): Promise<string>;
	/** The further formats that say something of a repair. */
	offered(of: Printable): Promise<readonly Offered[]>;
	/** `address` is what stands before the `#` of the link; `whole`: every line goes along. */
	share(evidence: Evidence, address: string, choices: RedactionChoices, whole: boolean): Promise<Shared>;
	open(fragment: string, from?: "link" | "file"): Promise<OpenedLink>;
	/** Markdown, redacted. */
	report(evidence: Evidence, choices: RedactionChoices): Promise<string>;
	/** What the person's own model may be told. */
	askReport(evidence: Evidence, choices: RedactionChoices, whole: boolean): Promise<Asked>;
	/** What the person typed, in the stand-ins of the evidence. */
	redactQuestion(evidence: Evidence, choices: RedactionChoices, question: string): Promise<RedactedQuestion>;
	/** A text in stand-ins, with real names, to be shown and nothing else. */
	withRealNames(text: string, names: RealNames): Promise<string>;
	catalogue(): Promise<readonly CatalogueEntry[]>;
	/** The collector of everything, or only of what these commands would show. */
	collector(topics?: readonly string[] | null): Promise<Collector>;
	/** A second paste beside the first. */
	compare(before: Evidence, after: Evidence, signal?: AbortSignal): Promise<Comparison>;
	/** Loads what the engine needs besides a verdict. */
	prepare(): Promise<void>;
	/** Ends the worker; the next question starts a new one. */
	stop(): void;
};

/** The part of `Worker` that the client uses. */
export type WorkerPort = Pick<Worker, "postMessage" | "terminate" | "addEventListener">;

export type EngineClientOptions = {
	/** Milliseconds without a question after which the worker is let go. */
	readonly idleAfter?: number;
	/** Milliseconds that an abandoned question may run on before its worker is ended: starting anew costs about as much. */
	readonly graceAfterAbort?: number;
	/** Called with the requests that the worker says it made. */
	readonly onRequests?: (requests: number) => void;
};

type Job = {
	readonly ask: Ask;
	readonly signal: AbortSignal | undefined;
	readonly settle: (outcome: Reply["outcome"]) => void;
	readonly reject: (reason: unknown) => void;
};

const stopped = () => new DOMException("Replaced by a newer question", "AbortError");

/** Asks one question at a time; a question whose signal fires leaves the queue at once. */
export function createEngineClient(start: () => WorkerPort, options: EngineClientOptions = {}): EngineClient {
	const { idleAfter = 300_000, graceAfterAbort = 250, onRequests } = options;
	const queue: Job[] = [];
	let worker: WorkerPort | null = null;
	let running: { readonly id: number; readonly job: Job } | null = null;
	let lastId = 0;
	let bedtime: ReturnType<typeof setTimeout> | undefined;

	const letGo = () => {
		clearTimeout(bedtime);
		worker?.terminate();
		worker = null;
		running = null;
	};

	const next = () => {
		if (running) return;
		const job = queue.shift();
		clearTimeout(bedtime);
		if (!job) {
			if (worker) bedtime = setTimeout(letGo, idleAfter);
			return;
		}
		lastId += 1;
		running = { id: lastId, job };
		try {
			worker ??= listen(start());
			worker.postMessage({ id: lastId, ask: job.ask } satisfies Request);
		} catch (error) {
			fail(error instanceof Error ? error.message : String(error));
		}
	};

	const fail = (says: string) => {
		const job = running?.job;
		letGo();
		job?.settle({ kind: "failed", failure: { says, version: "unknown" } });
		next();
	};

	const listen = (port: WorkerPort): WorkerPort => {
		port.addEventListener("message", (event: MessageEvent<Reply>) => {
			if (port !== worker || event.data.id !== running?.id) return;
			const { job } = running;
			running = null;
			onRequests?.(event.data.requests);
			job.settle(event.data.outcome);
			next();
		});
		port.addEventListener("error", (event) => {
			if (port === worker) fail(event.message || "The engine's worker could not be started");
		});
		port.addEventListener("messageerror", () => {
			if (port === worker) fail("An answer of the engine could not be read");
		});
		return port;
	};

	const abandon = (job: Job) => {
		const at = queue.indexOf(job);
		if (at >= 0) queue.splice(at, 1);
		job.reject(stopped());
		// The engine computes without pause, so a worker can't hear "stop". A short rest is waited for; a long one is ended.
		if (running?.job !== job) return;
		const { id } = running;
		setTimeout(() => {
			if (running?.id !== id) return;
			letGo();
			next();
		}, graceAfterAbort);
	};

	const put = <T>(ask: Ask, read: (answer: Answer) => T | undefined, signal?: AbortSignal): Promise<T> =>
		new Promise<T>((resolve, reject) => {
			if (signal?.aborted) return reject(stopped());
			const onAbort = () => abandon(job);
			const settle = (outcome: Reply["outcome"]) => {
				signal?.removeEventListener("abort", onAbort);
				if (outcome.kind === "failed") return reject(new EngineFailed(outcome.failure));
				const value = read(outcome.answer);
				if (value === undefined) {
					reject(new EngineFailed({ says: `Asked ${ask.type}, answered ${outcome.answer.type}`, version: "unknown" }));
				} else {
					resolve(value);
				}
			};
			const job: Job = { ask, signal, settle, reject };
			signal?.addEventListener("abort", onAbort, { once: true });
			queue.push(job);
			next();
		});

	return {
		analyse: (evidence, signal) =>
			put({ type: "analyse", evidence }, (a) => (a.type === "analyse" ? a.diagnosed : undefined), signal),
		analyseReport: (evidence, signal) =>
			put(
				{ type: "analyse", evidence, isReport: true },
				(a) => (a.type === "analyse" ? a.diagnosed : undefined),
				signal,
			),
		trace: (evidence, flow, signal) =>
			put({ type: "trace", evidence, flow }, (a) => (a.type === "trace" ? a.trace : undefined), signal),
		reach: (evidence, signal) =>
			put({ type: "reach", evidence }, (a) => (a.type === "reach" ? a.reach : undefined), signal),
		print: (of, format) => put({ type: "print", of, format }, (a) => (a.type === "print" ? a.text : undefined)),
		offered: (of) => put({ type: "offered", of }, (a) => (a.type === "offered" ? a.formats : undefined)),
		share: (evidence, address, choices, whole) =>
			put({ type: "share", evidence, address, choices, whole }, (a) => (a.type === "share" ? a.shared : undefined)),
		open: (fragment, from = "link") =>
			put({ type: "open", fragment, from }, (a) => (a.type === "open" ? a.opened : undefined)),
		report: (evidence, choices) =>
			put({ type: "report", evidence, choices }, (a) => (a.type === "report" ? a.markdown : undefined)),
		askReport: (evidence, choices, whole) =>
			put({ type: "ask-report", evidence, choices, whole }, (a) => (a.type === "ask-report" ? a.asked : undefined)),
		redactQuestion: (evidence, choices, question) =>
			put({ type: "ask-question", evidence, choices, question }, (a) =>
				a.type === "ask-question" ? a.redacted : undefined,
			),
		withRealNames: (text, names) =>
			put({ type: "real-names", text, names }, (a) => (a.type === "real-names" ? a.text : undefined)),
		catalogue: () => put({ type: "catalogue" }, (a) => (a.type === "catalogue" ? a.entries : undefined)),
		collector: (topics = null) =>
			put({ type: "collector", topics }, (a) => (a.type === "collector" ? a.collector : undefined)),
		compare: (before, after, signal) =>
			put({ type: "compare", before, after }, (a) => (a.type === "compare" ? a.comparison : undefined), signal),
		prepare: () => put({ type: "prepare" }, (a) => (a.type === "prepare" ? true : undefined)).then(() => undefined),
		stop: () => {
			const left = queue.splice(0);
			const job = running?.job;
			letGo();
			job?.reject(stopped());
			for (const waiting of left) waiting.reject(stopped());
		},
	};
}

/** The real worker. Vite finds and bundles it by this very expression. */
export function startEngineWorker(): WorkerPort {
	return new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module", name: "engine" });
}
