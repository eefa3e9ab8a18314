/** A sentence of the engine. What stands between back-ticks is code; everything is a text node, nothing is markup. */
export function Sentence({ text }: { readonly text: string }) {
	const parts = text.split("`");
	// An odd number of back-ticks means that one of them is meant: then the text is shown as it came.
	if (parts.length % 2 === 0) return <>{text}</>;
	// biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
	return <>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}
