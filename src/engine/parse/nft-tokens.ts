/**
 * Words of nft's text form, nftables 0.9 to 1.1 (nft(8), src/scanner.l).
 *
 * A comment ends the line, with three exceptions that nft prints inside rules which iptables-nft made:
 * `# Warning: XT match addrtype not found` (nft 1.1 without the plugin; the rule goes on, on the next line too),
 * `# match-set x src` (0.9.0, iptables' own words for a match, then the counter) and `# xt_recent` (no libxtables).
 */
export type Token = {
	readonly text: string;
	readonly quoted: boolean;
	/** Columns in the tokenised text; `to` is one past the last. */
	readonly from: number;
	readonly to: number;
};

/** Tokens of one line. A quote that does not close reaches to the end. */
export function nftTokens(text: string): readonly Token[] {
	const tokens: Token[] = [];
	for (let at = 0; at < text.length; ) {
		const character = text[at] ?? "";
		if (character === " " || character === "\t") {
			at++;
			continue;
		}
		if (character === "#") {
			const inside = insideRule(text, at);
			if (inside === null) break;
			tokens.push(...inside.tokens);
			at = inside.end;
			continue;
		}
		const quoted = character === '"';
		const end = quoted ? endOfQuote(text, at) : PUNCTUATION.has(character) ? at + 1 : endOfWord(text, at);
		tokens.push({
			text: quoted ? text.slice(at + 1, end).replace(/"$/, "") : text.slice(at, end),
			quoted,
			from: at,
			to: end,
		});
		at = end;
	}
	return tokens;
}

const PUNCTUATION = new Set(["{", "}", ",", ";", "(", ")"]);

function endOfQuote(text: string, from: number): number {
	const end = text.indexOf('"', from + 1);
	return end < 0 ? text.length : end + 1;
}

function endOfWord(text: string, from: number): number {
	let at = from + 1;
	while (at < text.length && !' \t{},;()"'.includes(text[at] ?? "")) at++;
	return at;
}

const NOT_FOUND = /# Warning: XT (?:match|target) [\w-]{1,32} not found/y;
const XT_NAME = /#\s?xt_([\w-]{1,32})/y;

/** What a `#` inside a rule stands for, or null when the rest of the line is a comment. */
function insideRule(text: string, at: number): { readonly tokens: readonly Token[]; readonly end: number } | null {
	NOT_FOUND.lastIndex = at;
	if (NOT_FOUND.test(text)) return { tokens: [], end: NOT_FOUND.lastIndex };
	XT_NAME.lastIndex = at;
	const name = XT_NAME.exec(text)?.[1];
	if (name !== undefined) {
		// The first token covers the text of all three.
		const end = XT_NAME.lastIndex;
		const word = (value: string, quoted: boolean): Token => ({ text: value, quoted, from: end, to: end });
		const kind = name === name.toUpperCase() ? "target" : "match";
		return { tokens: [{ ...word("xt", false), from: at }, word(kind, false), word(name, true)], end };
	}
	// The words of a match stand before the counter, which iptables-nft puts into every rule.
	if (!text.includes(" counter packets ", at)) return null;
	return { tokens: [{ text: "#", quoted: false, from: at, to: at + 1 }], end: at + 1 };
}

/** Tokens as one text, quotes put back. */
export function tokensText(tokens: readonly Token[]): string {
	return tokens
		.map((token) => (token.quoted ? `"${token.text}"` : token.text))
		.join(" ")
		.replaceAll(" ,", ",");
}

/** Splits at commas that stand in no braces or brackets. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
	const parts: Token[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (isMark(token, "{") || isMark(token, "(")) depth++;
		else if (isMark(token, "}") || isMark(token, ")")) depth--;
		if (depth === 0 && isMark(token, ",")) parts.push([]);
		else parts.at(-1)?.push(token);
	}
	return parts.filter((part) => part.length > 0);
}

/** An unquoted token of just this text. */
export function isMark(token: Token | undefined, text: string): boolean {
	return token !== undefined && !token.quoted && token.text === text;
}

/** A place in a list of tokens, moved by whoever reads. */
export type Cursor = { readonly tokens: readonly Token[]; at: number };

/** The tokens between `{` at the cursor and its `}`; the cursor stands behind it. */
export function readBraces(cursor: Cursor): readonly Token[] {
	const from = cursor.at + 1;
	let depth = 0;
	for (; cursor.at < cursor.tokens.length; cursor.at++) {
		const token = cursor.tokens[cursor.at];
		if (isMark(token, "{")) depth++;
		else if (isMark(token, "}") && --depth === 0) {
			cursor.at++;
			return cursor.tokens.slice(from, cursor.at - 1);
		}
	}
	return cursor.tokens.slice(from);
}
