import { isQuiet, isRoutine } from "../parse/routine-line";
import { cleanLine } from "../text/clean";
import type { LineNumbers } from "../text/evidence";
import { type Kept, type Repeats, repeatsOf } from "./repeats";

/**
 * What is kept of a log that is too large to be held: the lines that a verdict can be made of, what stands around them, the
 * first and the last lines, and of lines that are alike the first and the last few.
 *
 *     Nov 22 10:05:01 web1 dockerd[812]: … level=error msg="Handler for POST … returned error: …
 *     -- 184220 lines left out; the message above came 12003 more times --
 *     Nov 22 23:14:40 web1 systemd[1]: Reloading firewalld.service - firewalld - dynamic firewall daemon...
 *
 * Which lines those are, the log parser itself says (`parse/routine-line.ts`), so that a log and its excerpt get one verdict.
 */
export type Excerpt = {
	readonly text: string;
	/** Which line of the log each line of `text` is; a note on what is left out has the number of the first such line. */
	readonly numbers: LineNumbers;
	/** Lines of the whole log, and how many of them are in `text`. */
	readonly lines: number;
	readonly kept: number;
	/** Lines that were left out because enough like them are in `text`. */
	readonly repeats: number;
};

/** Takes a log in pieces cut anywhere. The memory it holds does not grow with the log. */
export type ExcerptTaker = {
	readonly push: (text: string) => void;
	/** The excerpt of what has come so far. More may follow. */
	readonly soFar: () => Excerpt;
};

/** Lines that tell nothing and are kept before and after one that does: a message may go on in them. */
const BEFORE = 2;
const AFTER = 4;
/** Of a longer line its beginning and end are kept. dockerd's longest messages quote an iptables command or two. */
const LONGEST_LINE = 65_536;

/**
 * Reads a log piece by piece. The same text, cut anywhere, gives the same excerpt. `ends`: how many lines are kept at either
 * end whatever they say; they show how the log begins and that it was read to the end.
 */
export function takeExcerpt(ends = 20): ExcerptTaker {
	const repeats: Repeats = repeatsOf();
	const head: Kept[] = [];
	// The last lines, by their number: a ring, because every line of a gigabyte passes through it.
	const recent: string[] = [];
	const ring = Math.max(ends, BEFORE) + 1;
	let rest = "";
	let lines = 0;
	let telling = 0;
	let unit: Kept[] | null = null;
	let following = 0;

	const recently = (count: number): readonly Kept[] => {
		const kept: Kept[] = [];
		for (let number = Math.max(1, lines - count + 1); number <= lines; number++)
			kept.push({ number, text: recent[number % ring] ?? "" });
		return kept;
	};

	const endUnit = () => {
		if (unit !== null) repeats.add(unit);
		unit = null;
		following = 0;
	};

	const take = (whole: string) => {
		const text = whole.length > LONGEST_LINE ? shortened(whole) : whole;
		const isQuietHere = tellsNothing(text);
		if (!isQuietHere) {
			endUnit();
			// What stands before it comes last in the list, so that the line itself is the first: it says what the unit is like.
			unit = [{ number: lines + 1, text }, ...recently(Math.min(BEFORE, lines - telling))];
			telling = lines + 1;
			following = AFTER;
		}
		lines += 1;
		recent[lines % ring] = text;
		if (head.length < ends) head.push({ number: lines, text });
		if (!isQuietHere || unit === null) return;
		unit.push({ number: lines, text });
		telling = lines;
		following -= 1;
		if (following === 0) endUnit();
	};

	return {
		push: (text) => {
			let from = 0;
			for (;;) {
				const to = text.indexOf("\n", from);
				if (to < 0) break;
				take(withoutReturn(from === 0 ? rest + text.slice(0, to) : text.slice(from, to)));
				rest = "";
				from = to + 1;
			}
			rest += text.slice(from);
			// A file without line ends is one line, of which the ends are enough.
			if (rest.length > 4 * LONGEST_LINE) rest = rest.slice(0, LONGEST_LINE) + rest.slice(-LONGEST_LINE);
		},
		soFar: () => {
			const open = [...(unit ?? []), ...(rest === "" ? [] : [{ number: lines + 1, text: shortened(rest) }])];
			const total = lines + (rest === "" ? 0 : 1);
			return excerptOf([...head, ...repeats.kept(), ...open, ...recently(ends)], repeats, total);
		},
	};
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

function shortened(line: string): string {
	if (line.length <= LONGEST_LINE) return line;
	return `${line.slice(0, LONGEST_LINE / 2)} … ${line.slice(-LONGEST_LINE / 2)}`;
}

function tellsNothing(text: string): boolean {
	// A blank line ends a message only where one stands above it, and then it is kept as what follows.
	if (text === "") return true;
	const clean = text.includes("\u001b") ? cleanLine(text, 0, text.length).text : text;
	return isRoutine(clean) || isQuiet(clean);
}

/** Puts what was kept in order, each line once, with a word wherever something is left out. */
function excerptOf(kept: readonly Kept[], repeats: Repeats, lines: number): Excerpt {
	const byNumber = new Map(kept.map((line) => [line.number, line.text]));
	const more = repeats.droppedAfter();
	const texts: string[] = [];
	const numbers: number[] = [];
	let next = 1;
	for (const number of [...byNumber.keys()].sort((a, b) => a - b)) {
		if (number > next) {
			numbers.push(next);
			texts.push(leftOut(number - next, more.get(next - 1) ?? 0));
		}
		numbers.push(number);
		texts.push(byNumber.get(number) ?? "");
		next = number + 1;
	}
	return {
		text: texts.length === 0 ? "" : `${texts.join("\n")}\n`,
		numbers,
		lines,
		kept: byNumber.size,
		repeats: repeats.dropped(),
	};
}

/** journalctl begins what it says of itself in the same way, so that every reader of logs knows it for a note. */
function leftOut(lines: number, more: number): string {
	const count = lines === 1 ? "1 line left out" : `${lines} lines left out`;
	return more === 0 ? `-- ${count} --` : `-- ${count}; the message above came ${more} more times --`;
}
