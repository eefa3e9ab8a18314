import { createStore, type StoreApi } from "zustand/vanilla";
import type { Comparison } from "../engine/compare/comparison";
import type { EngineClient } from "../worker/engine-client";
import { evidenceOf, type Pasted, type WorkspaceStore } from "./workspace-store";

/** The paste that stands still while another one is made: what it held and what was said of it. */
export type First = { readonly sources: readonly Pasted[]; readonly title: string };

export type Again = {
	/** Null until somebody pastes again. */
	readonly first: First | null;
	/** The newest comparison with the workspace, perhaps of an earlier revision of it. */
	readonly last: { readonly revision: number; readonly comparison: Comparison } | null;
	/** What came last looks like the same host later: it can be held beside what was there before. */
	readonly offer: { readonly first: First; readonly added: readonly Pasted[]; readonly comparison: Comparison } | null;
};

export type AgainStore = StoreApi<Again> & {
	readonly actions: {
		/** Keeps what stands in the editors and empties them. */
		begin(): void;
		/** Brings the first paste back; the second one is let go. */
		backToFirst(): void;
		/** Goes on with the second paste alone. */
		letFirstGo(): void;
		/** Takes the offer: what was added becomes the second paste. */
		accept(): void;
		refuse(): void;
		/** A first paste out of a draft. */
		restore(first: First | null): void;
	};
	/** Listens to the workspace until it is called. */
	readonly stop: () => void;
};

const NOTHING: Again = { first: null, last: null, offer: null };

/** A shorter text is no whole paste of a host: nobody is asked whether it is a second one. */
const WHOLE = 600;

/**
 * The first paste beside the workspace, which holds the second one. Follows the workspace: each new answer is held beside
 * the first paste, and without a first one, what was added in one go is looked at whether it is the same host later.
 */
export function createAgainStore(workspace: WorkspaceStore, engine: Pick<EngineClient, "compare">): AgainStore {
	const store = createStore<Again>(() => NOTHING);
	let asking: AbortController | undefined;
	/** What the last answer was of, before anything was added. */
	let settled: { readonly sources: readonly Pasted[]; readonly title: string } | null = null;

	const ask = async () => {
		asking?.abort();
		const { first } = store.getState();
		const { sources, revision } = workspace.getState();
		if (!first) return;
		const controller = new AbortController();
		asking = controller;
		try {
			const comparison = await engine.compare(evidenceOf(first.sources), evidenceOf(sources), controller.signal);
			if (!controller.signal.aborted) store.setState({ last: { revision, comparison } });
		} catch {
			// Replaced by a newer question, or a bug that the verdict's own question shows.
		}
	};

	const look = async (first: First, added: readonly Pasted[]) => {
		asking?.abort();
		const controller = new AbortController();
		asking = controller;
		try {
			const comparison = await engine.compare(evidenceOf(first.sources), evidenceOf(added), controller.signal);
			const { answer, minutesLater } = comparison.identity;
			// One of the same minute, or one that does not show again what the first showed, is more evidence, not a second look.
			const showsAgain = comparison.notShown.length === 0;
			const isLater = answer === "same" && minutesLater !== null && minutesLater >= 1 && showsAgain;
			if (!controller.signal.aborted && isLater) store.setState({ offer: { first, added, comparison } });
		} catch {
			// As above: nothing is offered.
		}
	};

	const stop = workspace.subscribe((now, before) => {
		if (now.sources.every(({ text }) => text === "") && before.sources !== now.sources) {
			settled = null;
			if (store.getState().first) void ask();
			store.setState({ offer: null });
			return;
		}
		if (now.last === before.last || now.last?.revision !== now.revision) return;
		const earlier = settled;
		settled = { sources: now.sources, title: now.last.diagnosed.analysis.findings[0]?.title ?? "" };
		if (store.getState().first) {
			void ask();
			return;
		}
		store.setState({ offer: null });
		const added = earlier ? wholeNewSources(earlier.sources, now.sources) : [];
		if (earlier && added.length > 0) void look(earlier, added);
	});

	const empty = () => workspace.actions.load([]);
	return {
		...store,
		stop,
		actions: {
			begin: () => {
				const { sources, last } = workspace.getState();
				if (!last || evidenceOf(sources).length === 0) return;
				store.setState({
					first: { sources, title: last.diagnosed.analysis.findings[0]?.title ?? "" },
					last: null,
					offer: null,
				});
				empty();
			},
			backToFirst: () => {
				const { first } = store.getState();
				if (!first) return;
				store.setState(NOTHING);
				workspace.actions.load(first.sources);
			},
			letFirstGo: () => store.setState(NOTHING),
			accept: () => {
				const { offer } = store.getState();
				if (!offer) return;
				store.setState({ first: offer.first, last: null, offer: null });
				workspace.actions.load(offer.added);
			},
			refuse: () => store.setState({ offer: null }),
			restore: (first) => {
				store.setState({ ...NOTHING, first });
				void ask();
			},
		},
	};
}

/** Sources that are new as a whole: a file, or an editor whose text has nothing of what it held. */
function wholeNewSources(before: readonly Pasted[], now: readonly Pasted[]): readonly Pasted[] {
	return now.filter(({ id, text }) => {
		const old = before.find((one) => one.id === id)?.text ?? "";
		if (text === old || text.trim().length < WHOLE) return false;
		return old.trim() === "" || !text.startsWith(old.slice(0, 200));
	});
}
