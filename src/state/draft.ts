import type { TabKey } from "./tab-key";
import type { Piece, Place, WorkspaceStore } from "./workspace-store";

/**
 * The draft: what stands in the editors, kept encrypted in the tab's session storage, so that a reload or a crashed tab
 * brings it back and closing the tab forgets it. See tab-key.ts for the key.
 */
const KEY = "stackengine.draft/2";

/** Larger pastes are not compressed at every change; the page says that a reload would lose them. */
const LARGEST = 24_000_000;
/** Milliseconds between two savings while somebody types. The first change after a rest is kept at once. */
const PACE = 40;

const PLACES: readonly Place[] = ["docker-info", "iptables", "dockerd-log", "anything", "file"];
const isPlace = (value: unknown): value is Place => PLACES.some((place) => place === value);

/** Why a reload would not bring back what stands in the editors now. */
export type DraftLoss = "too-large" | "no-room" | "no-key";

/** Reads a draft. Storage is foreign text until checked: anything unexpected is no draft. */
export async function restoreDraft(storage: Pick<Storage, "getItem">, key: TabKey): Promise<readonly Piece[]> {
	try {
		const sealed = storage.getItem(KEY);
		const text = sealed === null ? null : await key.open(sealed);
		const kept: unknown = JSON.parse(text ?? "[]");
		if (!Array.isArray(kept)) return [];
		return kept.flatMap((entry: unknown) => {
			if (!Array.isArray(entry)) return [];
			const [place, name, words]: unknown[] = entry;
			return isPlace(place) && typeof name === "string" && typeof words === "string"
				? [{ place, name, text: words }]
				: [];
		});
	} catch {
		return [];
	}
}

type Pieces = readonly (readonly [Place, string, string])[];
const piecesOf = (store: WorkspaceStore): Pieces =>
	store
		.getState()
		.sources.filter((source) => source.text !== "")
		.map(({ place, name, text }) => [place, name, text] as const);

/**
 * Keeps the draft from now on. `onLoss` hears on every change whether the present paste would survive a reload: null if
 * it does. `key` may be null: then nothing is kept, and that is said as well.
 */
export function keepDraft(
	store: WorkspaceStore,
	storage: Pick<Storage, "setItem" | "removeItem">,
	key: TabKey | null,
	onLoss: (loss: DraftLoss | null) => void,
): () => void {
	let isSaving = false;
	let isStale = false;
	let isOver = false;

	/** Leaves no older draft behind when the newest can't be kept. */
	const lose = (loss: DraftLoss) => {
		storage.removeItem(KEY);
		onLoss(loss);
	};
	const save = async (): Promise<void> => {
		const pieces = piecesOf(store);
		const { revision } = store.getState();
		if (pieces.length === 0) {
			storage.removeItem(KEY);
			return onLoss(null);
		}
		if (key === null) return onLoss("no-key");
		if (pieces.reduce((sum, [, , text]) => sum + text.length, 0) > LARGEST) return lose("too-large");
		const sealed = await key.seal(JSON.stringify(pieces)).catch(() => null);
		// "Forget everything" came meanwhile: what is forgotten is not written again.
		if (piecesOf(store).length === 0) return;
		if (sealed === null) return lose("no-key");
		try {
			storage.setItem(KEY, sealed);
			if (store.getState().revision === revision) onLoss(null);
		} catch {
			// The browser's limit for a tab, about five million characters.
			lose(sealed.length > 4_000_000 ? "too-large" : "no-room");
		}
	};
	const keep = async () => {
		if (isSaving) {
			isStale = true;
			return;
		}
		isSaving = true;
		do {
			isStale = false;
			await save();
			await new Promise((rest) => setTimeout(rest, PACE));
		} while (isStale && !isOver);
		isSaving = false;
	};
	const unsubscribe = store.subscribe((now, before) => {
		if (now.sources === before.sources) return;
		// "Forget everything" means now: the text, and the key that could have opened a copy of it.
		if (piecesOf(store).length === 0) {
			storage.removeItem(KEY);
			void key?.forget().catch(() => undefined);
			return onLoss(null);
		}
		void keep();
	});
	if (piecesOf(store).length > 0) void keep();
	return () => {
		isOver = true;
		unsubscribe();
	};
}
