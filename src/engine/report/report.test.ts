import { describe, expect, it } from "vitest";
import type { Analysis, Finding } from "../diagnose/analysis";
import { redact } from "../redact/redact";
import { fromRedacted } from "../redact/redacted";
import type { Plan } from "../remedy/plan";
import type { Evidence } from "../text/evidence";
import type { Span } from "../text/span";
import { reportJson, shareableReportJson } from "./report-json";
import { reportMarkdown } from "./report-markdown";

const LINES = [
	'Nov 23 07:59:53 shopsrv dockerd[324]: level=info msg="Starting up"',
	"\u001b[31mNov 23 07:59:54 shopsrv dockerd[324]: iptables: No chain/target/match by that name.\u001b[0m   ",
	"``` not a fence ```` <script>alert(1)</script> [x](javascript:1)",
];
const EVIDENCE: Evidence = [{ id: "s1", name: "dockerd.log", text: LINES.join("\n") }];

function span(lines: readonly string[], line: number): Span {
	const from = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
	return { artifact: "dockerd-log", from, to: from + (lines[line - 1]?.length ?? 0), line, lastLine: line };
}

const PLAN: Plan = {
	summary: "Restart `dockerd`: it makes its chains anew.",
	before: [],
	steps: [
		{
			action: { kind: "restart-docker" },
			why: "Only a start makes the chains.",
			risk: "low",
			interrupts: "containers-unless-live-restore",
		},
	],
	after: [{ kind: "docker-chains-whole", table: "nat" }],
	instead: [],
	proveFromOutside: null,
};

const findingIn = (lines: readonly string[]): Finding => ({
	failure: "docker-chain-missing",
	confidence: "certain",
	title: "Docker's chain is gone from the nat table",
	effect: "Containers with published ports do not start.",
	explanation: "The chain `DOCKER` of table nat is gone; *nothing* else is.",
	impact: "high",
	minutes: 2,
	interrupts: "containers, unless live-restore is on",
	signs: [
		{ says: "dockerd could not add its rule", at: [span(lines, 2), span(lines, 3)] },
		{ says: "no listing shows the chain", at: [] },
	],
	against: [],
	consequences: [{ failure: "forward-dropped", title: "Forwarded packets are dropped" }],
	plan: PLAN,
	prevent: null,
});

function analysisOf(source: string, { text }: { readonly text: string } = { text: LINES.join("\n") }): Analysis {
	const lines = text.split("\n");
	return {
		schema: "stackengine.analysis/1",
		artifacts: [
			{
				id: "dockerd-log",
				kind: "dockerd-log",
				name: "dockerd.log",
				source,
				from: 0,
				to: text.length,
				firstLine: 1,
				lines: 3,
				summary: "3 records, 1 error",
				tone: "fault",
				remarks: [],
			},
		],
		findings: [findingIn(lines)],
		ruledOut: [
			{
				failure: "xtables-lock-held",
				title: "The xtables lock is held",
				why: "The program says `No chain/target/match`.",
				at: [],
			},
		],
		next: [{ id: "rule-set", command: "iptables-save", why: "It shows which chains are left." }],
		unexplained: [{ says: "A line nobody explains", at: span(lines, 1) }],
		timeline: [],
		expected: [],
		platform: {
			services: "systemd",
			packages: "apt",
			rootless: false,
			liveRestore: null,
			swarm: false,
			appliance: null,
		},
		trace: null,
	};
}

describe("reportJson", () => {
	it("is what `diagnose --json` prints, with quotes as a person would see them", () => {
		expect(reportJson(analysisOf("s1"), EVIDENCE)).toEqual({
			schema: "stackengine.report/1",
			verdict: [
				{
					failure: "docker-chain-missing",
					confidence: "certain",
					because: [
						{
							artifact: "dockerd-log",
							line: 2,
							quote: "Nov 23 07:59:54 shopsrv dockerd[324]: iptables: No chain/target/match by that name.",
							says: "dockerd could not add its rule",
						},
						{ artifact: "dockerd-log", line: 3, quote: LINES[2], says: "dockerd could not add its rule" },
						{ artifact: null, line: null, quote: null, says: "no listing shows the chain" },
					],
				},
			],
			ruledOut: [{ failure: "xtables-lock-held", why: "The program says `No chain/target/match`." }],
			next: [{ command: "iptables-save", why: "It shows which chains are left." }],
			artifacts: [{ id: "dockerd-log", kind: "dockerd-log", name: "dockerd.log", lines: 3 }],
		});
	});

	it("cuts a quote of a whole file", () => {
		const text = "x".repeat(10_000);
		const analysis = {
			...analysisOf("s1"),
			findings: [
				{
					...findingIn(LINES),
					signs: [{ says: "x", at: [{ artifact: "dockerd-log", from: 0, to: 10_000, line: 1, lastLine: 1 }] }],
				},
			],
		};
		expect(reportJson(analysis, [{ id: "s1", name: "x", text }]).verdict[0]?.because[0]?.quote).toHaveLength(500);
	});

	it("quotes nothing, rather than something else, where a span points nowhere", () => {
		expect(reportJson(analysisOf("other"), EVIDENCE).verdict[0]?.because[0]?.quote).toBe("");
	});

	it("says nothing raw in its form for others", () => {
		const { evidence } = redact(EVIDENCE);
		const analysis = fromRedacted(evidence, ([source]) => analysisOf("s1", source));
		expect(JSON.stringify(shareableReportJson(analysis, evidence))).not.toContain("shopsrv");
	});
});

describe("reportMarkdown", () => {
	const { evidence } = redact(EVIDENCE);
	const text = reportMarkdown(
		fromRedacted(evidence, ([source]) => analysisOf("s1", source)),
		evidence,
	);

	it("tells verdict, proof, repair and what to paste, in this order", () => {
		const headings = text.split("\n").filter((line) => /^#{1,3} /.test(line));
		expect(headings).toEqual([
			"# Docker's chain is gone from the nat table",
			"## What says so",
			"## Not explained",
			"## Repair",
			"### Steps",
			"### Proof",
			"## Paste next",
			"## Ruled out",
			"## What was read",
		]);
		expect(text).toContain("Certain: of the answers called so at least 98 in 100 are right.");
		expect(text).toContain("Goes away with it: Forwarded packets are dropped.");
		expect(text).toContain("```sh\niptables-save\n```");
		expect(text.endsWith("\n")).toBe(true);
	});

	it("quotes in fences that pasted back-ticks can't close", () => {
		const quote = LINES[2] ?? "";
		expect(text).toContain(`  \`\`\`\`\`text\n  ${quote}\n  \`\`\`\`\`\n`);
		// Outside of fences nothing of it stands.
		let fence = "";
		for (const line of text.split("\n")) {
			const mark = /^ *(`{3,})/.exec(line)?.[1] ?? "";
			if (fence === "" && mark !== "") fence = mark;
			else if (fence !== "" && line.trim() === fence) fence = "";
			else if (fence === "") expect(line).not.toMatch(/<script|javascript:/);
		}
		expect(fence).toBe("");
	});

	it("gives Markdown nothing from a sentence but its back-ticks", () => {
		expect(text).toContain("The chain `DOCKER` of table nat is gone; \\*nothing\\* else is.");
	});

	it("names nobody", () => {
		expect(text).not.toContain("shopsrv");
		expect(text).toContain("Nov 23 07:59:53 host-1 dockerd[324]");
	});
});
