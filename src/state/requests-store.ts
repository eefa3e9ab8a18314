import { createStore, type StoreApi } from "zustand/vanilla";

/** One request the page made after it had loaded. */
export type SeenRequest = { readonly url: string; readonly own: boolean };

export type Requests = {
	/** The page and the parts it always needs are here; what comes now is counted. */
	readonly ready: boolean;
	readonly seen: readonly SeenRequest[];
	/** What the engine's worker says it requested. */
	readonly byWorker: number;
};

export type RequestsStore = StoreApi<Requests> & {
	/** Begins to count. Everything fetched before belongs to loading the page. */
	begin(): void;
	workerSays(requests: number): void;
};

/**
 * Counts what the browser itself records as requested (Resource Timing), own files included. One
 * exception: the tab's icon, which belongs to loading the page and is fetched by the browser when it likes.
 */
export function createRequestsStore(origin: string, icon: string): RequestsStore {
	const store = createStore<Requests>(() => ({ ready: false, seen: [], byWorker: 0 }));
	return {
		...store,
		begin: () => {
			if (store.getState().ready || typeof PerformanceObserver === "undefined") return;
			const loaded = performance.now();
			store.setState({ ready: true });
			new PerformanceObserver((list) => {
				const fresh = list
					.getEntries()
					.filter((entry) => entry.startTime > loaded && entry.name !== icon)
					.map((entry) => ({ url: entry.name, own: entry.name.startsWith(`${origin}/`) }));
				if (fresh.length > 0) store.setState((now) => ({ seen: [...now.seen, ...fresh] }));
			}).observe({ type: "resource" });
		},
		workerSays: (requests) => {
			if (requests !== store.getState().byWorker) store.setState({ byWorker: requests });
		},
	};
}

/** All requests since the page had loaded. */
export function requestCount({ seen, byWorker }: Requests): number {
	return seen.length + byWorker;
}
