import { describe, expect, it } from "vitest";
import { openReportFile, share } from ".";
import { LIMITS } from "./share/payload";
import { decodeLink } from "./share/restore";
import { markdownReport } from "./share-report";
import type { Evidence } from "./text/evidence";

const LOG =
	'Nov 23 07:59:54 alpha7 dockerd[324]: time="2025-11-23T07:59:54Z" level=error msg="Handler for POST /v1.47/containers/shop-web/start returned error: driver failed programming external connectivity on endpoint shop-web (5a54e2a1b2c3d4e5f60718293a4b5c6d7e8f90123456789abcdef0123456789a): Unable to enable DNAT rule: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8081 -j DNAT --to-destination 172.17.0.3:80 ! -i docker0: iptables: No chain/target/match by that name. (exit status 1))"';
const source = (text: string): Evidence => [{ id: "s1", name: "dockerd.log", text }];
const EVIDENCE = source(`${LOG}\nthe falcon project\n`);

describe("what is shared", () => {
	it("gives the reader the same verdict, and says so", () => {
		const shared = share(EVIDENCE);
		expect(shared).toMatchObject({ sameVerdict: true, opens: true });
		expect(shared.spans.length).toBeGreaterThan(2);
	});

	it("says when a hidden word changes the verdict", () => {
		expect(share(EVIDENCE, { alwaysHide: ["No chain/target/match"] }).sameVerdict).toBe(false);
		expect(share(EVIDENCE, { alwaysHide: ["falcon"] }).sameVerdict).toBe(true);
	});

	it("keeps a hidden word out of link and report, and brings a shown one into both", () => {
		const options = { alwaysHide: ["falcon"], show: ["alpha7"] };
		const opened = decodeLink(share(EVIDENCE, options).fragment);
		if (opened.kind !== "ok") throw new Error(opened.says);
		const text = `${opened.evidence[0]?.text}${markdownReport(EVIDENCE, options)}`;
		expect(text).not.toContain("falcon");
		expect(text).toContain("alpha7");
		expect(markdownReport(EVIDENCE)).not.toContain("alpha7");
	});

	it("leaves out what the verdict does not need, unless every line is asked for", () => {
		const noise = Array.from(
			{ length: 400 },
			(_, n) => `Nov 23 08:00:0${n % 10} alpha7 cron[${n * 7919}]: job ${n * 104_729} done`,
		);
		const evidence = source([LOG, ...noise].join("\n"));
		const short = share(evidence);
		const whole = share(evidence, { whole: true });
		expect(short.omittedLines).toBeGreaterThan(300);
		expect(whole.omittedLines).toBe(0);
		expect(whole.fragment.length).toBeGreaterThan(short.fragment.length);
		const opened = decodeLink(whole.fragment);
		expect(opened.kind === "ok" && opened.evidence[0]?.text.split("\n").length).toBe(401);
	});

	it("goes into a file when it is longer than a link, and nowhere when it is longer than a file", () => {
		let seed = 7;
		const line = () => {
			const words = Array.from({ length: 10 }, () => {
				seed = (seed * 48_271) % 2_147_483_647;
				return seed.toString(36);
			});
			return words.join(" ");
		};
		const long = source([LOG, ...Array.from({ length: 6_000 }, line)].join("\n"));
		const shared = share(long, { whole: true });
		expect(shared.fragment.length).toBeGreaterThan(LIMITS.fragment);
		expect(decodeLink(shared.fragment)).toMatchObject({ kind: "damaged", says: expect.stringContaining("longer") });
		expect(openReportFile(shared.fragment)).toMatchObject({ kind: "ok", omittedLines: 0 });
		expect(shared.opens).toBe(true);
		const tooLong = source(`${LOG}\n${"plain words that say nothing at all\n".repeat(125_000)}`);
		expect(share(tooLong, { whole: true }).opens).toBe(false);
	}, 120_000);

	it("has in its runbook a blank where a command would need the host's own name", () => {
		const report = markdownReport(EVIDENCE);
		for (const [, commands] of report.matchAll(/^ *```sh\n([\s\S]*?)```/gm))
			expect(commands?.replaceAll(/<[a-z]+-\d+>/g, "")).not.toMatch(/\b(?:container|host|net)-\d/);
	});

	it("warns of a word that reads as drawn at random", () => {
		const shared = share(source(`${LOG}\nnonce q8Zt3Wk9Xr2Lm5Np7Vb1\n`));
		const text = shared.redactedSources[0]?.text ?? "";
		expect(shared.suspects.map(({ from, to }) => text.slice(from, to))).toContain("q8Zt3Wk9Xr2Lm5Np7Vb1");
	});
});
