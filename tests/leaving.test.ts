import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse, markdownReport, renderFix, reportJson, share } from "../src/engine";
import { EVERY_PLANTED } from "../src/engine/redact/planted/every";
import { decodeLink } from "../src/engine/share/restore";
import type { Evidence } from "../src/engine/text/evidence";

/**
 * Everything that leaves: redacted text, link, report, script, JSON and the names of files. What is planted in a paste
 * that has a verdict and a repair stands in none of them. DOM, titles and storage are looked at in e2e.
 */

const BROKEN = `docker: Error response from daemon: driver failed programming external connectivity on endpoint shopfront (5a54209d8e7c14412030f6b42b79f9a45481937b91bb4253622d331a03f60dad):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name.
 (exit status 1)).
`;

/** Everything that leaves the tab or the command line for this paste, as one text. */
function leaving(evidence: Evidence): string {
	const shared = share(evidence, { whole: true });
	const opened = decodeLink(shared.fragment);
	if (opened.kind !== "ok") throw new Error(opened.says);
	const analysis = analyse(opened.evidence);
	const head = analysis.findings[0];
	const about = { failure: head?.failure ?? "", title: head?.title ?? "" };
	const plan = head?.plan;
	return [
		...shared.redactedSources.flatMap(({ name, text }) => [name, text]),
		...opened.evidence.flatMap(({ name, text }) => [name, text]),
		markdownReport(evidence),
		JSON.stringify(reportJson(analysis, opened.evidence)),
		...(plan
			? (["bash", "ansible", "cloud-init", "diff", "markdown"] as const).map((format) =>
					renderFix(plan, analysis.platform, about, format, opened.evidence),
				)
			: []),
	].join("\n");
}

describe("what leaves", () => {
	// Each alone is looked for beside the detectors; here ten share a paste, for a share takes a quarter of a second.
	const tens = Array.from({ length: Math.ceil(EVERY_PLANTED.length / 10) }, (_, index) =>
		EVERY_PLANTED.slice(index * 10, index * 10 + 10),
	);
	it.each(tens.map((rows) => [rows[0]?.[0] ?? "", rows] as const))("holds nothing of ten: %s", (_, rows) => {
		const left = leaving([
			{ id: "s0", name: "error", text: BROKEN },
			...rows.map(([, text], index) => ({ id: `s${index + 1}`, name: `paste ${index + 1}`, text: `${text}\n` })),
		]);
		expect(left).toMatch(/"failure":"[a-z-]+"/);
		for (const [title, , gone] of rows)
			for (const word of gone)
				expect(
					left.includes(word) ? left.slice(left.indexOf(word) - 60, left.indexOf(word) + 40) : "",
					`${title}: ${word}`,
				).toBe("");
		expect(left).not.toContain("shopfront");
	});

	it("names no file by what it shows", () => {
		const left = leaving([
			{ id: "s1", name: "hannelore@lagerbox.acme-intern.de-docker.log", text: BROKEN },
			{ id: "s2", name: "lagerbox-10.4.5.6.txt", text: "Linux lagerbox 6.1.0-13-amd64 #1 SMP\n" },
		]);
		for (const word of ["hannelore", "lagerbox", "acme-intern", "10.4.5.6"]) expect(left).not.toContain(word);
	});
});

const FOLDER = "src/engine/failure-modes";
const cases = readdirSync(FOLDER, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(FOLDER, entry.name, "cases")))
	.flatMap((entry) => readdirSync(join(FOLDER, entry.name, "cases")).map((slug) => `${entry.name}/cases/${slug}`));

describe("a report", () => {
	let marked = 0;
	it.each(cases)("passes no stand-in off as a name: %s", (slug) => {
		const text = readFileSync(join(FOLDER, slug, "evidence.txt"), "utf8");
		const report = markdownReport([{ id: "s1", name: "paste", text }]);
		// Quoted lines, and the commands that stand over them, are the evidence as it stands; every sentence and command is ours.
		const ours = report.replaceAll(/^ *(`{3,})text\n[\s\S]*?^ *\1$/gm, "");
		const quotedNames = /`[^`\n]*`(?=, (?:line )?\d)/g;
		const bracketed = /\\?<[^<>\n]{1,80}>/g;
		if (/<container-\d+\\?>/.test(ours)) marked++;
		expect(ours.replaceAll(quotedNames, "").replaceAll(bracketed, "")).not.toMatch(
			/(?<![\w-])(?:container|host|net|user|image|volume)-\d/,
		);
	});

	it("marks stand-ins somewhere", () => expect(marked).toBeGreaterThan(10));
});
