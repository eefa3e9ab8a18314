import { createStore, type StoreApi } from "zustand/vanilla";
import type { Excerpt } from "../engine/excerpt/excerpt";
import type { Evidence } from "../engine/text/evidence";
import { type EngineClient, EngineFailed } from "../worker/engine-client";
import { createFileReader, type FileProgress, type ReadFile } from "../worker/file-client";
import type { Diagnosed, EngineFailure } from "../worker/protocol";
import { type Choices, NO_CHOICES } from "./redaction-choices";

// What the regions of the page show; they import state and never the worker.
export type {
	CatalogueEntry,
	Collector,
	Diagnosed,
	DiffLine,
	Offered,
	Printable,
	PrintFormat,
	ReplacedPlace,
	Replacement,
	Shared,
} from "../worker/protocol";

/** Where on the page a text stands: one of the four editors, or a card of its own for a dropped file. */
export type Place = "docker-info" | "iptables" | "dockerd-log" | "anything" | "file";

/** One editor's content. `name` is the file's or the editor's; recognition takes it as a hint only. */
export type Pasted = {
	readonly id: string;
	readonly place: Place;
	readonly name: string;
	readonly text: string;
	/** Of a log too large to be held, what `text` is of it. Gone once the text was edited: then the lines are its own. */
	readonly excerpt?: Omit<Excerpt, "text">;
	/** While the file is being read. */
	readonly reading?: Omit<FileProgress, "text">;
};

/** A piece of a sample, a draft or an opened link, before it has a place. */
export type Piece = { readonly place: Place; readonly name: string; readonly text: string };

export type Workspace = {
	/** The four editors in page order, then one a file. Line ends are LF, as in an editor. */
	readonly sources: readonly Pasted[];
	/** Counts every change of `sources`; says which evidence an answer belongs to. */
	readonly revision: number;
	/** A question is waiting or being answered. */
	readonly busy: boolean;
	/** The last answer, perhaps of an earlier revision: then it is shown as stale. Null before the first, and without evidence. */
	readonly last: { readonly revision: number; readonly diagnosed: Diagnosed } | null;
	/** The engine's bug, when the newest evidence met one. */
	readonly failure: EngineFailure | null;
	/** What the person hides and shows when this is shared. In memory only: no draft keeps it. */
	readonly choices: Choices;
};

export type WorkspaceActions = {
	/** The text of one editor has changed. */
	write(id: string, text: string): void;
	/** Dropped or chosen files, each a card of its own. */
	addFiles(files: readonly { readonly name: string; readonly text: string }[]): void;
	/**
	 * Large or packed files, each a card of its own that grows while it is read; taking the card away ends the reading.
	 * Resolves with what is to be said of those that are not taken.
	 */
	readFiles(files: readonly File[]): Promise<readonly string[]>;
	/** Takes a file's card away; one of the four editors is emptied. */
	remove(id: string): void;
	/** Replaces everything: a sample, a draft, an opened link. */
	load(pieces: readonly Piece[]): void;
	/** Decides about what leaves. */
	choose(choices: Choices): void;
	/** Empties every editor, drops the answer and what was decided about sharing. */
	forget(): void;
};

export type WorkspaceStore = StoreApi<Workspace> & { readonly actions: WorkspaceActions };

export type WorkspaceOptions = {
	readonly engine: Pick<EngineClient, "analyse" | "stop">;
	/**
	 * Milliseconds of quiet after a key before the engine is asked. A sample or a file is not waited for. Short, because
	 * the engine reads only what changed and a newer paste replaces an older one.
	 */
	readonly quiet?: number;
	/** Reads a large file; a worker unless a test brings its own. */
	readonly readFile?: ReadFile;
};

const EDITORS: readonly Pasted[] = [
	{ id: "docker-info", place: "docker-info", name: "docker info", text: "" },
	{ id: "iptables", place: "iptables", name: "iptables -t nat -L", text: "" },
	{ id: "dockerd-log", place: "dockerd-log", name: "dockerd log", text: "" },
	{ id: "anything", place: "anything", name: "pasted text", text: "" },
];

/** The sources that hold anything, as the engine takes them. */
export function evidenceOf(sources: readonly Pasted[]): Evidence {
	return sources
		.filter((source) => source.text.trim() !== "")
		.map(({ id, name, text, excerpt }) => ({ id, name, text, ...(excerpt ? { numbers: excerpt.numbers } : {}) }));
}

/** True while the answer shown belongs to evidence that has changed since. */
export function isStale(workspace: Workspace): boolean {
	return workspace.last !== null && workspace.last.revision !== workspace.revision;
}

// An editor counts a line end as one character whatever it was. With LF here, the engine's offsets are the editor's.
const withEditorLineEnds = (text: string): string => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

const edited = ({ excerpt: _, ...source }: Pasted, text: string): Pasted => ({ ...source, text });
const ofExcerpt = ({ text, ...excerpt }: Excerpt) => ({ text, excerpt });

/** A workspace of its own: the page has one for the person's paste and one for each opened report. */
export function createWorkspaceStore({
	engine,
	quiet = 25,
	readFile = createFileReader(),
}: WorkspaceOptions): WorkspaceStore {
	const store = createStore<Workspace>(() => ({
		sources: EDITORS,
		revision: 0,
		busy: false,
		last: null,
		failure: null,
		choices: NO_CHOICES,
	}));
	let timer: ReturnType<typeof setTimeout> | undefined;
	let asking: AbortController | undefined;
	let files = 0;
	const reading = new Map<string, AbortController>();

	// The only writer of the sources: it bumps the revision, so a late answer can be told from a current one.
	const change = (to: (sources: readonly Pasted[]) => readonly Pasted[], wait: number) => {
		asking?.abort();
		clearTimeout(timer);
		store.setState((now) => ({ sources: to(now.sources), revision: now.revision + 1 }));
		if (evidenceOf(store.getState().sources).length === 0) {
			store.setState({ busy: false, last: null, failure: null });
			return;
		}
		store.setState({ busy: true });
		timer = setTimeout(ask, wait);
	};

	const ask = async () => {
		const { sources, revision } = store.getState();
		const controller = new AbortController();
		asking = controller;
		try {
			const diagnosed = await engine.analyse(evidenceOf(sources), controller.signal);
			if (store.getState().revision !== revision) return;
			store.setState({ busy: false, last: { revision, diagnosed }, failure: null });
		} catch (error) {
			// An abandoned question has a successor that will speak.
			if (store.getState().revision !== revision) return;
			const failure =
				error instanceof EngineFailed
					? error.failure
					: { says: error instanceof Error ? error.message : String(error), version: "unknown" };
			store.setState({ busy: false, failure });
		}
	};

	const file = (name: string, text: string): Pasted => {
		files += 1;
		return { id: `file-${files}`, place: "file", name, text: withEditorLineEnds(text) };
	};

	const put = (id: string, to: (source: Pasted) => Pasted) =>
		change((sources) => sources.map((source) => (source.id === id ? to(source) : source)), 0);

	/** Fills a card from a large file. Resolves with a word about the file when it can't be taken. */
	const fill = async (id: string, file: File): Promise<string | null> => {
		const stop = new AbortController();
		reading.set(id, stop);
		const onProgress = ({ text, ...progress }: FileProgress) => {
			if (text) return put(id, (source) => ({ ...source, reading: progress, ...ofExcerpt(text.excerpt) }));
			// How far it is changes no evidence.
			store.setState(({ sources }) => ({
				sources: sources.map((source) => (source.id === id ? { ...source, reading: progress } : source)),
			}));
		};
		try {
			const got = await readFile(file, onProgress, stop.signal);
			if (got.kind === "refused") {
				actions.remove(id);
				return `${file.name} ${got.says} and was not taken.`;
			}
			const filled = got.kind === "whole" ? { text: withEditorLineEnds(got.text) } : ofExcerpt(got.excerpt);
			put(id, ({ reading: _, ...source }) => ({ ...source, ...filled }));
			return null;
		} catch {
			// Its card was taken away.
			return null;
		} finally {
			reading.delete(id);
		}
	};

	const actions: WorkspaceActions = {
		write: (id, text) => {
			const clean = withEditorLineEnds(text);
			if (store.getState().sources.find((source) => source.id === id)?.text === clean) return;
			change((sources) => sources.map((source) => (source.id === id ? edited(source, clean) : source)), quiet);
		},
		readFiles: async (added) => {
			const cards = added.map((one) => ({
				...file(one.name.replace(/\.(?:gz|zst)$/, ""), ""),
				reading: { read: 0, size: one.size, elapsed: 0 },
			}));
			change((sources) => [...sources, ...cards], 0);
			const said = await Promise.all(cards.map(({ id }, index) => (added[index] ? fill(id, added[index]) : null)));
			return said.filter((one) => one !== null);
		},
		addFiles: (added) => change((sources) => [...sources, ...added.map(({ name, text }) => file(name, text))], 0),
		remove: (id) => {
			reading.get(id)?.abort();
			change(
				(sources) =>
					sources
						.filter((source) => source.id !== id || source.place !== "file")
						.map((source) => (source.id === id ? { ...source, text: "" } : source)),
				0,
			);
		},
		load: (pieces) =>
			change(() => {
				const editors = EDITORS.map((editor) => {
					const piece = pieces.find(({ place }) => place === editor.place);
					return piece ? { ...editor, name: piece.name, text: withEditorLineEnds(piece.text) } : editor;
				});
				// A second piece for one editor is not lost: it becomes a card.
				const taken = new Set(editors.map(({ place }) => pieces.find((piece) => piece.place === place)));
				const others = pieces.filter((piece) => !taken.has(piece));
				return [...editors, ...others.map(({ name, text }) => file(name, text))];
			}, 0),
		choose: (choices) => store.setState({ choices }),
		forget: () => {
			for (const one of reading.values()) one.abort();
			store.setState({ choices: NO_CHOICES });
			change(() => EDITORS, 0);
			// Its worker keeps what it read of the last paste.
			engine.stop();
		},
	};

	return { ...store, actions };
}
