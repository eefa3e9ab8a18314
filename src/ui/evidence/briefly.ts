const letters = (text: string): string =>
	text
		.toLowerCase()
		.replace(/\.(?:txt|out|md)$/, "")
		.replace(/[^a-z0-9]+/g, " ")
		.trim();

/**
 * The summary of an artifact without what the card beside it says already: its own name, and how many lines it has.
 * `dockerd log, 81 lines, 1 error` under the heading `dockerd log` is `1 error`.
 */
export function briefly(summary: string, heading: string): string {
	const parts = summary.split(", ");
	const rest = parts.filter(
		(part, at) => !(at === 0 && letters(part) === letters(heading)) && !/^\d+ lines?$/.test(part),
	);
	return rest.length > 0 ? rest.join(", ") : summary;
}
