/**
 * logfmt as logrus and containerd's log package write it.
 *
 *     time="2026-11-23T07:08:21.869789766Z" level=warning msg="failed to find iptables" error="exec: \"iptables\": …"
 *
 * Values are quoted with Go's %q when they hold anything but letters, digits and `-._/@^+`. A value whose closing quote is
 * missing (text cut at the edge of a terminal, a raw newline) ends with the text, and `open` says so.
 */
export type Logfmt = {
	/** In the order they were written; a key that comes twice keeps its first value. */
	readonly fields: ReadonlyMap<string, string>;
	/** A quoted value was not closed: the record goes on in the next line. */
	readonly open: boolean;
};

/** The fields from column `from` on. Escapes in quoted values are kept: the reader of the message undoes every level. */
export function readLogfmt(text: string, from: number): Logfmt {
	const fields = new Map<string, string>();
	let at = from;
	let open = false;
	while (at < text.length) {
		while (at < text.length && text[at] === " ") at += 1;
		const keyStart = at;
		while (at < text.length && text[at] !== "=" && text[at] !== " ") at += 1;
		if (text[at] !== "=") continue;
		const key = text.slice(keyStart, at);
		at += 1;
		let value: string;
		if (text[at] === '"') {
			const start = at + 1;
			at = start;
			while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
			open = at >= text.length;
			value = text.slice(start, at);
			at += 1;
		} else {
			const start = at;
			while (at < text.length && text[at] !== " ") at += 1;
			value = text.slice(start, at);
		}
		if (key !== "" && !fields.has(key)) fields.set(key, value);
	}
	return { fields, open };
}
