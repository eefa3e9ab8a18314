import type { Piece, Place, WorkspaceStore } from "./workspace-store";

/**
 * The draft: what stands in the editors, kept in the tab's session storage, so that a reload or a crashed tab
 * brings it back and closing the tab forgets it. Plain text, readable by this origin only.
 */
const KEY = "stackengine.draft/1";

/** Session storage holds about 5 million characters; a larger paste is not kept, and the page says so. */
const LARGEST = 4_000_000;

const PLACES: readonly Place[] = ["docker-info", "iptables", "dockerd-log", "anything", "file"];
const isPlace = (value: unknown): value is Place => PLACES.some((place) => place === value);

/** Reads a draft. Storage is foreign text until checked: anything unexpected is no draft. */
export function restoreDraft(storage: Pick<Storage, "getItem">): readonly Piece[] {
	try {
		const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
		if (!Array.isArray(kept)) return [];
		return kept.flatMap((entry: unknown) => {
			if (!Array.isArray(entry)) return [];
			const [place, name, text]: unknown[] = entry;
			return isPlace(place) && typeof name === "string" && typeof text === "string" ? [{ place, name, text }] : [];
		});
	} catch {
		return [];
	}
}

/**
 * Keeps the draft from now on. `onTooLarge` hears whether the present paste would survive a reload; `tab` is the window,
 * which says when it is left.
 */
export function keepDraft(
	store: WorkspaceStore,
	storage: Pick<Storage, "setItem" | "removeItem">,
	onTooLarge: (tooLarge: boolean) => void,
	tab: EventTarget,
): () => void {
	const keep = () => {
		const pieces = store
			.getState()
			.sources.filter((source) => source.text !== "")
			.map(({ place, name, text }) => [place, name, text]);
		const size = pieces.reduce((sum, [, , text]) => sum + (text?.length ?? 0), 0);
		try {
			if (pieces.length === 0 || size > LARGEST) storage.removeItem(KEY);
			else storage.setItem(KEY, JSON.stringify(pieces));
			onTooLarge(size > LARGEST);
		} catch {
			// The quota is the browser's to decide. What was kept before is of an older text: better none.
			storage.removeItem(KEY);
			onTooLarge(true);
		}
	};
	let timer: ReturnType<typeof setTimeout> | undefined;
	const keepNow = () => {
		if (timer === undefined) return;
		clearTimeout(timer);
		timer = undefined;
		keep();
	};
	const unsubscribe = store.subscribe((now, before) => {
		if (now.sources === before.sources) return;
		clearTimeout(timer);
		timer = setTimeout(keepNow, 400);
		// "Forget everything" means now.
		if (now.sources.every((source) => source.text === "")) keepNow();
	});
	// A reload right after a paste must not be faster than the timer. A phone may end a hidden tab without another word.
	tab.addEventListener("pagehide", keepNow);
	tab.addEventListener("visibilitychange", keepNow);
	return () => {
		keepNow();
		unsubscribe();
		tab.removeEventListener("pagehide", keepNow);
		tab.removeEventListener("visibilitychange", keepNow);
	};
}
