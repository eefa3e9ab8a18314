import { afterEach } from "vitest";

// Only files that ask for jsdom have a document; the engine's own tests must not pay for a DOM.
if (typeof document !== "undefined") {
	await import("@testing-library/jest-dom/vitest");
	const { cleanup } = await import("@testing-library/react");
	afterEach(cleanup);
}
