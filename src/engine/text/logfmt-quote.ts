/**
 * Whether a logfmt quote is open at the end of a line. Only logfmt closes all its quotes: in other text a quote sign
 * proves nothing, so one counts only after `key=`.
 */
export function quoteOpenAfter(text: string, open: boolean): boolean {
	if (!open && !text.includes('="')) return false;
	let inQuote = open;
	for (let at = 0; at < text.length; at++) {
		const sign = text.charCodeAt(at);
		if (sign === 0x5c) at++;
		else if (sign === 0x22) inQuote = !inQuote;
	}
	return inQuote;
}
