/** Hands a text to the browser as a file. Made from memory: no request is sent. */
export function download(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The click has taken the blob; the address is of no more use after this turn.
	setTimeout(() => URL.revokeObjectURL(url), 0);
}
