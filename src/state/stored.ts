/** Where the drafts stand: see draft.ts and first-draft.ts. */
const EVIDENCE = ["stackengine.draft/2", "stackengine.first/1"];

/** What this page has stored in this browser now, in words, one line a place. Read from the stores themselves. */
export async function whatIsStored(): Promise<readonly string[]> {
	const lines: string[] = [];
	const size = (text: string) => `${Math.max(1, Math.round(text.length / 1024)).toLocaleString("en")} KB`;
	try {
		const kept = EVIDENCE.map((key) => sessionStorage.getItem(key) ?? "").join("");
		lines.push(
			kept === ""
				? "This tab's session storage: no evidence."
				: `This tab's session storage: your evidence, encrypted, ${size(kept)}. It goes with the tab.`,
		);
		const theme = localStorage.getItem("stackengine.theme");
		if (theme !== null) lines.push(`Local storage: the theme, ${theme}.`);
	} catch {
		lines.push("Session and local storage are refused by this browser's settings.");
	}
	if (
		"databases" in indexedDB &&
		(await indexedDB.databases().catch(() => [])).some(({ name }) => name === "stackengine")
	)
		lines.push(
			"IndexedDB: the keys of tabs, which scripts can use but not read. A tab's key goes a day after its tab.",
		);
	const kept = "caches" in globalThis ? await caches.keys().catch(() => []) : [];
	if (kept.some((name) => name.startsWith("stackengine-")))
		lines.push("Cache storage: the page's own files, so that it opens without a network. Nothing of yours.");
	return lines;
}

/** Drops what is stored besides the evidence, which its own store forgets. */
export function forgetSettings(): void {
	try {
		for (const key of EVIDENCE) sessionStorage.removeItem(key);
		localStorage.removeItem("stackengine.theme");
	} catch {
		// Nothing can be stored here, so nothing is.
	}
}
