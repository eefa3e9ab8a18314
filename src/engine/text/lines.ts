/** Offsets of one line of a text, without its line end. */
export type RawLine = { readonly from: number; readonly to: number };

const CR = 13;
const LF = 10;

/**
 * The lines of a text. A line ends with LF, CRLF or a lone CR (as CodeMirror counts them); the `\r\r\n` that `script`
 * records and some serial consoles make is one line end too. Each character is looked at once.
 */
export function rawLines(text: string): readonly RawLine[] {
	const lines: RawLine[] = [];
	let from = 0;
	for (let at = 0; at < text.length; ) {
		const code = text.charCodeAt(at);
		if (code === LF) {
			lines.push({ from, to: at });
			from = ++at;
		} else if (code === CR) {
			const first = at;
			while (text.charCodeAt(at) === CR) at++;
			if (text.charCodeAt(at) === LF) {
				lines.push({ from, to: first });
				at++;
			} else {
				for (let end = first; end < at; end++) {
					lines.push({ from, to: end });
					from = end + 1;
				}
			}
			from = at;
		} else at++;
	}
	if (from < text.length) lines.push({ from, to: text.length });
	return lines;
}
