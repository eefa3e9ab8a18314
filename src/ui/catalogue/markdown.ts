/**
 * The little Markdown that our articles use: headings, paragraphs, lists, fences, quotes, tables of one line a row,
 * `code`, **strong**, *emphasis* and links. The result is data; the page makes text nodes of it, never HTML, and a
 * link goes to a page of ours or to https only. Everything else stays the text it is.
 *
 *     ## What you see
 *     `docker run -p` fails.
 *     {{case:nat-flushed}}
 */
export type Inline =
	| { readonly kind: "text" | "code" | "strong" | "emphasis"; readonly text: string }
	| { readonly kind: "link"; readonly text: string; readonly to: string };

export type Block =
	| { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly inline: readonly Inline[] }
	| { readonly kind: "paragraph" | "quote"; readonly inline: readonly Inline[] }
	| { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
	| { readonly kind: "table"; readonly rows: readonly (readonly (readonly Inline[])[])[] }
	| { readonly kind: "fence"; readonly language: string; readonly text: string }
	/** `{{case:<slug>}}` alone on a line: an example paste of the failure mode. */
	| { readonly kind: "case"; readonly slug: string };

const CASE = /^\{\{case:([a-z0-9-]{1,80})\}\}$/;
const HEADING = /^(#{1,6}) +(.{1,500})$/;
const BULLET = /^[-*] +(.{1,4000})$/;
const NUMBER = /^\d{1,3}[.)] +(.{1,4000})$/;

/** Cuts inline marks out of one paragraph. An opening mark without its end is text. */
export function parseInline(text: string): readonly Inline[] {
	const parts: Inline[] = [];
	let plain = "";
	const flush = () => {
		if (plain !== "") parts.push({ kind: "text", text: plain });
		plain = "";
	};
	const enclosed = (at: number, mark: string): string | null => {
		const end = text.indexOf(mark, at + mark.length);
		return end > at + mark.length ? text.slice(at + mark.length, end) : null;
	};
	let at = 0;
	while (at < text.length) {
		const mark = text.startsWith("**", at) ? "**" : text[at] === "`" || text[at] === "*" ? text[at] : undefined;
		const inner = mark === undefined ? null : enclosed(at, mark);
		if (mark !== undefined && inner !== null && !(mark === "*" && inner.startsWith(" "))) {
			flush();
			parts.push({ kind: mark === "`" ? "code" : mark === "**" ? "strong" : "emphasis", text: inner });
			at += inner.length + 2 * mark.length;
			continue;
		}
		const link = text[at] === "[" ? linkAt(text, at) : null;
		if (link) {
			flush();
			parts.push({ kind: "link", text: link.text, to: link.to });
			at = link.end;
			continue;
		}
		plain += text[at];
		at += 1;
	}
	flush();
	return parts;
}

const linkAt = (text: string, at: number): { text: string; to: string; end: number } | null => {
	const middle = text.indexOf("](", at);
	const end = middle < 0 ? -1 : text.indexOf(")", middle);
	if (end < 0) return null;
	const to = text.slice(middle + 2, end);
	// A page of ours or the open web; no other scheme, so no script can hide in a link.
	if (!/^(?:https:\/\/|#\/)[^\s]{1,500}$/.test(to)) return null;
	return { text: text.slice(at + 1, middle).replaceAll("`", ""), to, end: end + 1 };
};

const cells = (line: string): readonly (readonly Inline[])[] =>
	line
		.replace(/^\|/, "")
		.replace(/\|$/, "")
		.split("|")
		.map((cell) => parseInline(cell.trim()));

/** Reads a whole article. Total: text that is none of the above becomes paragraphs. */
export function parseMarkdown(markdown: string): readonly Block[] {
	const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
	const blocks: Block[] = [];
	let at = 0;
	const isPlain = (line: string): boolean =>
		line.trim() !== "" && !/^(?:#{1,6} |[-*] |\d{1,3}[.)] |```|\||> |\{\{case:)/.test(line);

	while (at < lines.length) {
		const line = lines[at] ?? "";
		const heading = HEADING.exec(line);
		const example = CASE.exec(line.trim());
		if (line.trim() === "") {
			at += 1;
		} else if (line.startsWith("```")) {
			const from = at + 1;
			at = from;
			while (at < lines.length && !lines[at]?.startsWith("```")) at += 1;
			blocks.push({ kind: "fence", language: line.slice(3).trim(), text: lines.slice(from, at).join("\n") });
			at += 1;
		} else if (heading) {
			const level = heading[1]?.length ?? 1;
			blocks.push({
				kind: "heading",
				level: level === 1 ? 1 : level === 2 ? 2 : 3,
				inline: parseInline(heading[2] ?? ""),
			});
			at += 1;
		} else if (example) {
			blocks.push({ kind: "case", slug: example[1] ?? "" });
			at += 1;
		} else if (line.startsWith("|")) {
			const rows: (readonly (readonly Inline[])[])[] = [];
			for (; lines[at]?.startsWith("|"); at += 1) {
				const row = lines[at] ?? "";
				if (!/^[|\s:-]+$/.test(row)) rows.push(cells(row.trim()));
			}
			blocks.push({ kind: "table", rows });
		} else if (line.startsWith("> ")) {
			const quoted: string[] = [];
			for (; lines[at]?.startsWith(">"); at += 1) quoted.push((lines[at] ?? "").replace(/^> ?/, ""));
			blocks.push({ kind: "quote", inline: parseInline(quoted.join(" ")) });
		} else if (BULLET.test(line) || NUMBER.test(line)) {
			const ordered = NUMBER.test(line);
			const pattern = ordered ? NUMBER : BULLET;
			const items: string[] = [];
			while (at < lines.length) {
				const item = pattern.exec(lines[at] ?? "");
				if (item) items.push(item[1] ?? "");
				// An indented line continues the item above it.
				else if (/^ {2,}\S/.test(lines[at] ?? "") && items.length > 0)
					items.push(`${items.pop()} ${(lines[at] ?? "").trim()}`);
				else break;
				at += 1;
			}
			blocks.push({ kind: "list", ordered, items: items.map(parseInline) });
		} else {
			const from = at;
			at += 1;
			while (at < lines.length && isPlain(lines[at] ?? "")) at += 1;
			blocks.push({ kind: "paragraph", inline: parseInline(lines.slice(from, at).join(" ")) });
		}
	}
	return blocks;
}
