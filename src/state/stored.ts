/** What this page has stored in this browser now, in words, one line a place. Read from the stores themselves. */
export async function whatIsStored(): Promise<readonly string[]> {
	const lines: string[] = [];
	const size = (text: string) => `${Math.max(1, Math.round(text.length / 1024)).toLocaleString("en")} KB`;
	try {
		const draft = sessionStorage.getItem("stackengine.draft/2");
		lines.push(
			draft === null
				? "This tab's session storage: no evidence."
				: `This tab's session storage: your evidence, encrypted, ${size(draft)}. It goes with the tab.`,
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
		sessionStorage.removeItem("stackengine.draft/2");
		localStorage.removeItem("stackengine.theme");
	} catch {
		// Nothing can be stored here, so nothing is.
	}
}
