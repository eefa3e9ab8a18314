import { SAMPLES } from "../evidence/samples";

/**
 * Everything that is loaded later, fetched at once after the first paint: then the page is complete, works without a
 * network, and every request it makes from there on is one to be counted. About 30 KB besides the editor; articles
 * and their examples are left until they are read.
 */
export function loadRest(): Promise<unknown> {
	return Promise.allSettled([
		import("./Answer"),
		import("../diagnosis/Since"),
		import("../evidence/FirstPaste"),
		import("../diagnosis/PasteAgain"),
		import("../evidence/code-editor"),
		import("../evidence/json-language"),
		import("../evidence/editor-search"),
		import("./ShareHere"),
		import("../evidence/CollectDialog"),
		import("../catalogue/Catalogue"),
		import("./LocalPage"),
		import("./HelpPage"),
		import("./WayAround"),
		import("../components/Palette"),
		import("./ReportPage"),
		import("./SealPanel"),
		import("../reach/ReachTables"),
		...SAMPLES.map(({ load }) => load()),
	]);
}
