import { describe, expect, it } from "vitest";
import { routeOf } from "./routes";

describe("an address", () => {
	it.each([
		["", { page: "diagnose" }],
		["#", { page: "diagnose" }],
		["#/", { page: "diagnose" }],
		["#/nowhere", { page: "diagnose" }],
		["#/failure-modes", { page: "catalogue", open: null }],
		["#/failure-modes/", { page: "catalogue", open: null }],
		["#/failure-modes/xtables-lock-held", { page: "catalogue", open: "xtables-lock-held" }],
		["#/local", { page: "local" }],
		["#/help", { page: "help" }],
		["#/finding/port-in-use", { page: "diagnose", finding: "port-in-use" }],
		["#/finding/<b>", { page: "diagnose" }],
		["#/report-file", { page: "report", fragment: null }],
		["#v1e.abc", { page: "report", fragment: "v1e.abc" }],
		["#v1.abc/def", { page: "report", fragment: "v1.abc/def" }],
	])("%s leads to its page", (hash, route) => {
		expect(routeOf(hash)).toEqual(route);
	});
});
