/** Opens every closed part of the answer for the printer, and closes those again. Called once, by mount. */
export function openForPrint(tab: Window): void {
	let opened: readonly HTMLDetailsElement[] = [];
	tab.addEventListener("beforeprint", () => {
		opened = [...tab.document.querySelectorAll<HTMLDetailsElement>("#answer details:not([open])")];
		for (const one of opened) one.open = true;
	});
	tab.addEventListener("afterprint", () => {
		for (const one of opened) one.open = false;
		opened = [];
	});
}
