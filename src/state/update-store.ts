import { createStore, type StoreApi } from "zustand/vanilla";

/** The part of a service worker's registration that is watched. */
export type Registration = Pick<ServiceWorkerRegistration, "waiting" | "installing" | "addEventListener">;

export type UpdateStore = StoreApi<{ readonly waiting: boolean }> & {
	/** Notices when a newer build has been fetched whole and waits. */
	watch(registration: Registration): void;
	/** Lets the newer build take over, which reloads the page. */
	take(): void;
};

/** A newer build never takes over by itself: it waits until the person says so, or until every tab is closed. */
export function createUpdateStore(container: ServiceWorkerContainer | null, reload: () => void): UpdateStore {
	const store = createStore(() => ({ waiting: false }));
	let registration: Registration | null = null;
	return {
		...store,
		watch: (watched) => {
			registration = watched;
			const look = () => store.setState({ waiting: watched.waiting !== null && container?.controller != null });
			look();
			watched.addEventListener("updatefound", () => watched.installing?.addEventListener("statechange", look));
		},
		take: () => {
			container?.addEventListener("controllerchange", reload, { once: true });
			registration?.waiting?.postMessage("take over");
		},
	};
}
