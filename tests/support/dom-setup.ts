import { afterEach } from "vitest";

// Only files that ask for jsdom have a document; the engine's own tests must not pay for a DOM.
if (typeof document !== "undefined") {
	await import("@testing-library/jest-dom/vitest");
	const { cleanup, configure } = await import("@testing-library/react");
	// Parts of the page are loaded when first shown; on a busy machine that takes longer than the default second.
	configure({ asyncUtilTimeout: 15_000 });
	afterEach(cleanup);
}
