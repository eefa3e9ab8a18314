import { plain, wordFor } from "../netfilter/rule-words";
import type { Word } from "../netfilter/ruleset";
import { readMatchExtra } from "./list-match-extras";
import { readTargetExtra } from "./list-target-extras";

/**
 * What `iptables -L` prints behind the destination column, put back into `-A` syntax.
 *
 *     tcp dpt:8080 to:172.17.0.2:80            ->  -m tcp --dport 8080       and  --to-destination 172.17.0.2:80
 *     ADDRTYPE match dst-type LOCAL            ->  -m addrtype --dst-type LOCAL
 *     ! ctstate RELATED,ESTABLISHED            ->  -m conntrack ! --ctstate RELATED,ESTABLISHED
 *     LOG flags 0 level 4 prefix "[UFW BLOCK] "->  --log-prefix "[UFW BLOCK] "
 *
 * The words are those of the print functions of libxt_*.c, libipt_*.c and libip6t_*.c, iptables 1.4.21 to 1.8.13.
 * Not read: extensions that are in neither of the two tables; their text is kept.
 */
export type Extras = {
	/** Options of matches, `-m` before each extension. */
	readonly matches: readonly Word[];
	/** Options of the target. */
	readonly target: readonly Word[];
	readonly isGoto: boolean;
	/** Text that is none of the above, in pieces. */
	readonly unread: readonly string[];
};

/** One piece that was recognised: its words and where it ends. */
export type Piece = { readonly words: readonly Word[]; readonly end: number };

/** Reads the whole text once, from left to right. `target` is the word of the target column, empty for none. */
export function readExtras(text: string, target: string): Extras {
	const matches: Word[] = [];
	const ofTarget: Word[] = [];
	const unread: string[] = [];
	let isGoto = false;
	let unreadFrom = -1;
	let module = "";
	// Openings behind the last closing are searched for in vain only once.
	const lastCommentEnd = text.lastIndexOf(" */");
	const stopUnread = (at: number) => {
		if (unreadFrom >= 0) unread.push(text.slice(unreadFrom, at).trim());
		unreadFrom = -1;
	};
	for (let at = skipBlanks(text, 0); at < text.length; ) {
		const comment = at < lastCommentEnd ? readComment(text, at) : null;
		const forTarget = comment ? null : readTargetExtra(text, at, target);
		const match = comment ?? (forTarget ? null : readMatchExtra(text, at));
		const piece = forTarget ?? match;
		if (text.startsWith("[goto]", at)) {
			stopUnread(at);
			isGoto = true;
			at = skipBlanks(text, at + 6);
		} else if (piece) {
			stopUnread(at);
			if (forTarget) ofTarget.push(...forTarget.words);
			else {
				// Two pieces of one extension are one -m, as iptables-save prints them.
				const [, name] = piece.words;
				matches.push(...(name && name.text === module ? piece.words.slice(2) : piece.words));
				module = name?.text ?? "";
			}
			at = skipBlanks(text, piece.end);
		} else {
			if (unreadFrom < 0) unreadFrom = at;
			const blank = text.indexOf(" ", at);
			at = blank < 0 ? text.length : skipBlanks(text, blank);
		}
	}
	stopUnread(text.length);
	return { matches, target: ofTarget, isGoto, unread };
}

function skipBlanks(text: string, from: number): number {
	let at = from;
	while (at < text.length && (text[at] === " " || text[at] === "\t")) at++;
	return at;
}

/** libxt_comment.c prints the comment between slash-stars and escapes nothing. */
function readComment(text: string, at: number): Piece | null {
	if (!text.startsWith("/* ", at)) return null;
	const end = text.indexOf(" */", at + 2);
	if (end < 0) return null;
	const comment = text.slice(at + 3, end);
	return { words: [plain("-m"), plain("comment"), plain("--comment"), wordFor(comment)], end: end + 3 };
}
