import { useSyncExternalStore } from "react";

/** Where the page is. A fragment that begins with `/` is a page of ours; any other is a shared report. */
export type Route =
	/** `finding`: the one to be brought into view. */
	| { readonly page: "diagnose"; readonly finding?: string }
	| { readonly page: "catalogue"; readonly open: string | null }
	| { readonly page: "local" }
	| { readonly page: "help" }
	/** Null: a report file that was dropped; it has no address. */
	| { readonly page: "report"; readonly fragment: string | null };

/** Reads `location.hash`. Total: an unknown page is the first one. */
export function routeOf(hash: string): Route {
	const fragment = hash.startsWith("#") ? hash.slice(1) : hash;
	if (fragment === "") return { page: "diagnose" };
	if (!fragment.startsWith("/")) return { page: "report", fragment };
	const [page, id] = fragment.slice(1).split("/");
	if (page === "failure-modes") return { page: "catalogue", open: id === undefined || id === "" ? null : id };
	if (page === "local") return { page: "local" };
	if (page === "help") return { page: "help" };
	// Ids of ours are plain words; anything else names no finding.
	if (page === "finding" && id !== undefined && /^[a-z0-9-]{1,60}$/.test(id)) return { page: "diagnose", finding: id };
	if (page === "report-file") return { page: "report", fragment: null };
	return { page: "diagnose" };
}

const listen = (onChange: () => void) => {
	window.addEventListener("hashchange", onChange);
	return () => window.removeEventListener("hashchange", onChange);
};

/** The fragment of the address, followed as it changes. */
export function useHash(): string {
	return useSyncExternalStore(listen, () => window.location.hash);
}
