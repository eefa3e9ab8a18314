import { type Columns, dropFront } from "./columns";

/**
 * What stands before every line of a quoted, numbered or relayed text: mail and Markdown quote marks, line-number
 * gutters, the time stamps of CI logs and `docker logs -t`, the container name of `docker compose logs`.
 *
 * A decoration is judged over a run of neighbouring lines, since a single `>` or `12:` may be the text itself.
 */
export function undecorated(lines: readonly Columns[]): readonly Columns[] {
	let result = lines;
	for (const decoration of DECORATIONS) result = withoutRuns(result, decoration);
	return result;
}

type Decoration = {
	/** Columns that the decoration takes on this line; 0 when it has none. `next` is judged against the line before. */
	readonly width: (text: string, before: string | null) => number;
	/** Whether a run of decorated lines is one. */
	readonly holds: (run: readonly string[], before: string | null) => boolean;
	/** Whether an empty line may stand between two lines of a run. */
	readonly bridgesBlank: boolean;
	/** Whether one more blank belongs to the decoration; dropped when that is so on every line of the run. */
	readonly padding?: (text: string, width: number) => boolean;
};

function withoutRuns(lines: readonly Columns[], decoration: Decoration): readonly Columns[] {
	const result: Columns[] = [];
	let run: Columns[] = [];
	let widths: number[] = [];
	let lastDecorated: string | null = null;
	let before: string | null = null;

	const flush = () => {
		const decorated = run.filter((_, index) => (widths[index] ?? 0) > 0);
		if (
			decorated.length > 0 &&
			decoration.holds(
				decorated.map((line) => line.text),
				before,
			)
		) {
			const { padding } = decoration;
			const padded =
				padding !== undefined &&
				run.every((line, index) => {
					const width = widths[index] ?? 0;
					return width === 0 || width >= line.text.length || padding(line.text, width);
				});
			run.forEach((line, index) => {
				const width = widths[index] ?? 0;
				result.push(width === 0 ? line : dropFront(line, padded ? width + 1 : width));
			});
		} else for (const line of run) result.push(line);
		const last = run.at(-1);
		if (last !== undefined) before = last.text;
		run = [];
		widths = [];
		lastDecorated = null;
	};

	for (const line of lines) {
		const blank = line.text.trim() === "";
		const width = blank ? 0 : decoration.width(line.text.slice(0, HEAD), lastDecorated);
		if (width > 0) {
			run.push(line);
			widths.push(width);
			lastDecorated = line.text.slice(0, HEAD);
		} else if (blank && decoration.bridgesBlank && run.length > 0) {
			run.push(line);
			widths.push(0);
		} else {
			flush();
			// A run may begin anew with a line that did not continue the last one.
			const fresh = blank ? 0 : decoration.width(line.text.slice(0, HEAD), null);
			if (fresh > 0) {
				run.push(line);
				widths.push(fresh);
				lastDecorated = line.text.slice(0, HEAD);
			} else {
				result.push(line);
				before = line.text;
			}
		}
	}
	flush();
	return result;
}

/** A decoration stands at the very front. */
const HEAD = 200;

const firstGroup = (pattern: RegExp, text: string): string | null => pattern.exec(text)?.[1] ?? null;

// GitHub Actions and Azure stamp with seven fraction digits, `docker logs -t` with nine; no journal has either with a `Z `.
const relayStamp: Decoration = {
	width: (text) => firstGroup(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?:\d{7}|\d{9})Z ?)/, text)?.length ?? 0,
	holds: (run) => run.length > 1,
	bridgesBlank: true,
};

const quoteMarks: Decoration = {
	width: (text) => firstGroup(/^((?: {0,3}>){1,12})/, text)?.length ?? 0,
	// `curl -v` prints its request behind `> `; a lone `> ` after a line that ends in `\` is the shell's second prompt.
	holds: (run, before) =>
		!/^ {0,3}> ?(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT) \S+ HTTP\//.test(run[0] ?? "") &&
		!(before ?? "").trimEnd().endsWith("\\"),
	bridgesBlank: true,
	padding: (text, width) => text[width] === " ",
};

const bars: Decoration = {
	width: (text) => (/^ {0,3}[|\u2502](?:[ \t]|$)/.test(text) ? text.search(/[|\u2502]/) + 1 : 0),
	// A Markdown table closes its rows as well.
	holds: (run) => run.length > 1 && !run.every((text) => /[|\u2502]\s*$/.test(text.slice(2))),
	bridgesBlank: false,
	padding: (text, width) => text[width] === " ",
};

const GUTTER = /^( {0,8}(\d{1,7})(?: ?[|\u2502]|\t|:(?=[^\s\d])))/;

const gutter: Decoration = {
	width: (text, before) => {
		const here = GUTTER.exec(text);
		if (here?.[1] === undefined) return 0;
		if (before === null) return here[1].length;
		const number = GUTTER.exec(before)?.[2];
		return Number(here[2]) === Number(number) + 1 ? here[1].length : 0;
	},
	// `12:` may be anything; a bar behind a number that rises is a gutter at once.
	holds: (run) => run.length > (/^ {0,8}\d{1,7} ?[|\u2502]/.test(run[0] ?? "") ? 1 : 2),
	bridgesBlank: false,
	padding: (text, width) => text[width] === " " && /[|\u2502]/.test(text[width - 1] ?? ""),
};

const SERVICE = /^([a-z\d][\w.-]{0,60} {1,40}\| )/i;

const composeService: Decoration = {
	width: (text) => firstGroup(SERVICE, text)?.length ?? 0,
	holds: (run) =>
		run.length > 1 &&
		run.every((text) => firstGroup(SERVICE, text)?.length === firstGroup(SERVICE, run[0] ?? "")?.length),
	bridgesBlank: false,
};

const DECORATIONS: readonly Decoration[] = [relayStamp, quoteMarks, bars, gutter, composeService, quoteMarks];
