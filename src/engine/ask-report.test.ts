import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type AskReport, askReport, redactQuestion, withRealNames } from "./ask-report";
import { redact } from "./redact/redact";
import type { Redacted } from "./redact/redacted";
import type { Evidence } from "./text/evidence";

const SAMPLE = "src/ui/evidence/samples/nat-flush-delete";
const file = (name: string) => readFileSync(`${SAMPLE}/${name}`, "utf8");
const SECRET = "hunter2-S3cret";
const EVIDENCE: Evidence = [
	{
		id: "a",
		name: "docker info",
		text: `${file("docker-info.txt")} HTTP Proxy: http://ann:${SECRET}@8.34.217.99:3128\n`,
	},
	{ id: "b", name: "iptables", text: file("iptables-nat-L.txt") },
	{ id: "c", name: "log of payroll-db7", text: `jane@payroll-db7:~$ journalctl -u docker\n${file("dockerd.log")}` },
];
const PRIVATE = ["payroll-db7", "jane", "8.34.217.99", "ann:", SECRET];

describe("what a model may be told", () => {
	const { report, names } = askReport(EVIDENCE);
	const everything = JSON.stringify(report);

	it("is the diagnosis and the evidence for it, without a secret or a name", () => {
		expect(report.parts[0]).toMatchObject({ id: "report", title: "Diagnosis" });
		expect(report.parts[0]?.text).toMatch(/^# Docker.s chain is gone from the nat table/);
		expect(report.parts.slice(1).map(({ id }) => id)).toEqual(["evidence-1", "evidence-2", "evidence-3"]);
		for (const word of PRIVATE) expect(everything).not.toContain(word);
	});

	it("names the repairs by id", () => {
		expect(report.plans.map(({ id }) => id)).toContain("docker-chain-missing/fix");
		for (const { title, summary } of report.plans) expect(title.length * summary.length).toBeGreaterThan(0);
	});

	it("knows the real names, and no secret", () => {
		expect(names.map(([, real]) => real)).toEqual(expect.arrayContaining(["payroll-db7", "jane", "8.34.217.99"]));
		expect(JSON.stringify(names)).not.toContain(SECRET);
	});

	it("carries what the preview of a link shows: hidden words go, `whole` brings every line", () => {
		const hidden = askReport(EVIDENCE, { alwaysHide: ["overlay2"] }).report;
		expect(everything).toContain("overlay2");
		expect(JSON.stringify(hidden)).not.toContain("overlay2");
		const noise = Array.from(
			{ length: 400 },
			(_, at) => `2026-11-23T08:${at % 60}:01Z app[${at * 7919}]: ${at * at}\n`,
		);
		const long = [...EVIDENCE, { id: "d", name: "app log", text: noise.join("") }];
		expect(JSON.stringify(askReport(long).report)).not.toContain("app[7919]");
		expect(JSON.stringify(askReport(long, { whole: true }).report)).toContain("app[7919]");
	});

	it("takes nothing raw where something redacted is asked for", () => {
		const send = (_: Redacted<AskReport>) => undefined;
		send(report);
		// @ts-expect-error a report that nobody redacted
		send({ schema: "stackengine.ask/1", parts: [{ id: "a", title: "raw", text: EVIDENCE[0]?.text ?? "" }], plans: [] });
		// @ts-expect-error the evidence itself
		send(EVIDENCE);
		// @ts-expect-error redacted evidence is no report
		send(redact(EVIDENCE).evidence);
		// @ts-expect-error a copy of the parts loses the brand: it may have been changed
		send({ ...report, parts: [] as AskReport["parts"], plans: [{ id: "x", title: "x", summary: "x" }] } as AskReport);
	});
});

describe("a question", () => {
	const { report, names } = askReport(EVIDENCE);
	const host = names.find(([, real]) => real === "payroll-db7")?.[0] ?? "";

	it("is asked in the stand-ins of its evidence", () => {
		const { question } = redactQuestion(EVIDENCE, "Why is payroll-db7 dead, and who is jane?");
		expect(question).toContain(`Why is ${host} dead`);
		expect(question).not.toContain("jane");
	});

	it("changes no stand-in that was sent before, whatever it names", () => {
		const asked = "root@other-host:~# curl -u bob:p4ssW0rd-x9 https://10.77.3.4/ 8.34.217.100 # web-17 payroll-db8";
		const { question, names: after } = redactQuestion(EVIDENCE, asked);
		const known = new Map(after);
		for (const [standIn, real] of names) expect(known.get(standIn)).toBe(real);
		expect(known.size).toBeGreaterThan(names.length);
		for (const word of ["other-host", "p4ssW0rd-x9", "8.34.217.100"]) expect(question).not.toContain(word);
	});

	it("is answered in real names", () => {
		const answer = `Run it on \`${host}\`, not on ${host}9.`;
		expect(withRealNames(answer, names)).toBe(`Run it on \`payroll-db7\`, not on ${host}9.`);
		expect(JSON.stringify(report)).toContain(host);
	});
});
