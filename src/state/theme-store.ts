import { createStore, type StoreApi } from "zustand/vanilla";

export type Theme = "system" | "light" | "dark";

const KEY = "stackengine.theme";
const isTheme = (value: unknown): value is Theme => value === "system" || value === "light" || value === "dark";

export type ThemeStore = StoreApi<{ readonly theme: Theme }> & { choose(theme: Theme): void };

/** The chosen theme, kept in this browser and written to `data-theme`, where the tokens look for it. */
export function createThemeStore(
	root: Pick<HTMLElement, "setAttribute">,
	storage: Pick<Storage, "getItem" | "setItem">,
): ThemeStore {
	const read = (): Theme => {
		try {
			const kept = storage.getItem(KEY);
			return isTheme(kept) ? kept : "system";
		} catch {
			return "system";
		}
	};
	const show = (theme: Theme) => {
		root.setAttribute("data-theme", theme);
	};
	const store = createStore<{ readonly theme: Theme }>(() => ({ theme: read() }));
	show(store.getState().theme);
	return {
		...store,
		choose: (theme) => {
			store.setState({ theme });
			show(theme);
			try {
				storage.setItem(KEY, theme);
			} catch {
				// Storage may be refused; the choice then lasts as long as the page.
			}
		},
	};
}
