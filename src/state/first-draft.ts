import type { AgainStore, First } from "./again-store";
import type { TabKey } from "./tab-key";
import type { Place, WorkspaceStore } from "./workspace-store";

/** The first paste while a second one is made, kept as the draft is: encrypted, for this tab, until it is forgotten. */
const KEY = "stackengine.first/1";

/** Milliseconds. Emptying the editors ends the tab's key; what is sealed after that is sealed with the next one. */
const AFTER = 300;

const PLACES: readonly Place[] = ["docker-info", "iptables", "dockerd-log", "anything", "file"];

/** Reads it back. Storage is foreign text until checked: anything unexpected is no first paste. */
export async function restoreFirst(storage: Pick<Storage, "getItem">, key: TabKey): Promise<First | null> {
	try {
		const sealed = storage.getItem(KEY);
		const text = sealed === null ? null : await key.open(sealed);
		const kept: unknown = JSON.parse(text ?? "null");
		if (!Array.isArray(kept) || typeof kept[0] !== "string" || !Array.isArray(kept[1])) return null;
		const sources = kept[1].flatMap((entry: unknown) => {
			if (!Array.isArray(entry)) return [];
			const [id, place, name, words]: unknown[] = entry;
			const where = PLACES.find((one) => one === place);
			const isWhole = typeof id === "string" && typeof name === "string" && typeof words === "string";
			return isWhole && where ? [{ id, place: where, name, text: words }] : [];
		});
		return sources.length > 0 ? { title: kept[0], sources } : null;
	} catch {
		return null;
	}
}

/** Keeps it from now on; where it can't be kept, a reload brings back the second paste alone. */
export function keepFirst(
	again: AgainStore,
	workspace: WorkspaceStore,
	storage: Pick<Storage, "setItem" | "removeItem">,
	key: TabKey | null,
): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const save = async () => {
		const { first } = again.getState();
		if (!first || key === null) return storage.removeItem(KEY);
		const sources = first.sources.filter(({ text }) => text !== "");
		const pieces = sources.map(({ id, place, name, text }) => [id, place, name, text]);
		const sealed = await key.seal(JSON.stringify([first.title, pieces])).catch(() => null);
		// What is let go of meanwhile is not written again.
		if (again.getState().first !== first) return;
		try {
			if (sealed === null) storage.removeItem(KEY);
			else storage.setItem(KEY, sealed);
		} catch {
			storage.removeItem(KEY);
		}
	};
	const soon = () => {
		clearTimeout(timer);
		timer = setTimeout(() => void save(), AFTER);
	};
	const stops = [
		again.subscribe(({ first }, before) => {
			if (first === before.first) return;
			if (first) soon();
			else {
				clearTimeout(timer);
				storage.removeItem(KEY);
			}
		}),
		workspace.subscribe((now, before) => {
			if (now.sources !== before.sources && again.getState().first && now.sources.every(({ text }) => text === ""))
				soon();
		}),
	];
	return () => {
		clearTimeout(timer);
		for (const stop of stops) stop();
	};
}
