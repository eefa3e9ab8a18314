/**
 * A model's answer as data: headings, paragraphs, lists, fences, `code` and **strong**. Everything else, HTML and links
 * above all, stays the text it is; the page makes text nodes of it. Linear: each line is looked at once, and marks are
 * only looked for in lines of a size that people write.
 */
export type Inline = { readonly kind: "text" | "code" | "strong"; readonly text: string };

export type Block =
	| { readonly kind: "heading" | "paragraph"; readonly inline: readonly Inline[] }
	| { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
	/** Commands or drafts: shown as unverified, never offered to be run. */
	| { readonly kind: "fence"; readonly language: string; readonly text: string }
	/** Ids of repairs, as the model wrote them: to be checked against the report's. */
	| { readonly kind: "repairs"; readonly ids: readonly string[] };

const LONGEST_MARKED = 4_000;
const FENCE = /^ {0,3}(`{3,20})\s{0,4}([\w+-]{0,30})/;
const HEADING = /^#{1,6} {1,4}(\S.*)$/;
const ITEM = /^ {0,8}(?:([-*\u2022])|\d{1,3}[.)]) {1,4}(\S.*)$/;

/** Total, and good for an answer that is still coming: what is not closed yet reaches to the end. */
export function parseAnswer(answer: string): readonly Block[] {
	const lines = visible(answer).split("\n");
	const blocks: Block[] = [];
	const paragraph: string[] = [];
	const items: string[] = [];
	let ordered = false;
	const flush = () => {
		if (paragraph.length > 0) blocks.push({ kind: "paragraph", inline: parseInline(paragraph.join("\n")) });
		if (items.length > 0) blocks.push({ kind: "list", ordered, items: items.map(parseInline) });
		paragraph.length = 0;
		items.length = 0;
	};
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? "";
		const fence = FENCE.exec(line);
		if (fence) {
			flush();
			const from = at + 1;
			const close = fence[1] ?? "```";
			do at++;
			while (at < lines.length && lines[at]?.trim() !== close);
			blocks.push(fenced(fence[2] ?? "", lines.slice(from, at)));
			continue;
		}
		const marked = line.length <= LONGEST_MARKED;
		const heading = marked ? HEADING.exec(line) : null;
		const item = marked ? ITEM.exec(line) : null;
		if (heading) {
			flush();
			blocks.push({ kind: "heading", inline: parseInline(heading[1] ?? "") });
		} else if (item) {
			const isOrdered = item[1] === undefined;
			if (items.length === 0 || ordered !== isOrdered) flush();
			ordered = isOrdered;
			items.push(item[2] ?? "");
		} else if (line.trim() === "") flush();
		else if (items.length > 0 && /^ {2}/.test(line)) items.push(`${items.pop() ?? ""} ${line.trim()}`);
		else {
			if (items.length > 0) flush();
			paragraph.push(line);
		}
	}
	flush();
	return blocks;
}

function fenced(language: string, lines: readonly string[]): Block {
	if (language !== "repairs") return { kind: "fence", language, text: lines.join("\n") };
	const ids = lines.map((line) => line.trim()).filter((line) => line !== "");
	return { kind: "repairs", ids: [...new Set(ids)].slice(0, 20) };
}

// The end of a mark stands in the same piece; a mark without one is text.
const MARKED = /`([^`\n]{1,1000})`|\*\*([^*\n]{1,1000})\*\*/g;

function parseInline(text: string): readonly Inline[] {
	if (text.length > LONGEST_MARKED) return [{ kind: "text", text }];
	const parts: Inline[] = [];
	let at = 0;
	for (const match of text.matchAll(MARKED)) {
		if (match.index > at) parts.push({ kind: "text", text: text.slice(at, match.index) });
		const [whole, code, strong = ""] = match;
		parts.push(code === undefined ? { kind: "strong", text: strong } : { kind: "code", text: code });
		at = match.index + whole.length;
	}
	if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
	return parts;
}

/** Without what a screen would obey instead of show: controls, and signs that turn the direction of writing. */
function visible(text: string): string {
	return text
		.replace(/\r\n?/g, "\n")
		.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");
}
