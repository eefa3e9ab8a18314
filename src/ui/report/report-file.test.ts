import { describe, expect, it } from "vitest";
import { reportFile } from "../share/report-file";
import { fragmentInFile } from "./report-file";

describe("a report file", () => {
	it("holds the fragment that was saved, also with the line ends of another system", () => {
		for (const fragment of ["v1.abcdefghij-_", "v1e.abcdefghij"]) {
			expect(fragmentInFile(reportFile(fragment))).toBe(fragment);
			expect(fragmentInFile(reportFile(fragment).replaceAll("\n", "\r\n"))).toBe(fragment);
			expect(fragmentInFile(fragment)).toBe(fragment);
		}
	});

	it.each([
		"",
		"Nov 23 07:59 dockerd",
		"v1.short",
		"v1.abcdefghij <script>",
		"a\nb\nc\nd\nv1.abcdefghij",
		"v1x.abcdefghij",
	])("is no other text: %j", (text) => {
		expect(fragmentInFile(text)).toBeNull();
	});
});
