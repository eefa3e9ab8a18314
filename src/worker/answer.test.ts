import { describe, expect, it, vi } from "vitest";
import { flushedNat, healthy, waitingForMore } from "../../tests/support/fake-engine";
import { askReport, redactQuestion, withRealNames } from "../engine/ask-report";
import { answer, type Engine, type Printing } from "./answer";

const EVIDENCE = [{ id: "s", name: "dockerd log", text: "iptables: No chain/target/match by that name." }];

const printing: Printing = {
	renderAny: (_, __, about, format) => (format === "ufw" ? null : `${format} for ${about.failure}`),
	offered: () => [{ id: "nftables", name: "nftables.conf", file: "nftables.conf", says: "Rules of your own." }],
	share: (evidence) => ({
		fragment: "v1.x",
		replaced: [],
		spans: [],
		suspects: [],
		sameVerdict: true,
		opens: true,
		redactedSources: evidence,
		linkedSources: evidence,
		omittedLines: 0,
	}),
	linkLength: (fragment, address) => ({ characters: address.length + 1 + fragment.length, fits: "short" }),
	openLink: () => ({ kind: "damaged", says: "no" }),
	openReportFile: () => ({ kind: "damaged", says: "no file" }),
	renderReportDiff: () => [{ sign: "+", text: "<container-1>", note: null }],
	markdownReport: () => "# Report",
	askReport,
	redactQuestion,
	withRealNames,
	whoReaches: () => ({ ports: [], networks: [], changes: [] }),
	collectorScript: (topics) => `#!/bin/sh\n# ${topics?.join(" ") ?? "all"}`,
	collectorPaste: () => "sh -s",
	collectorPlay: () => "---",
};

function engine(analyse = flushedNat) {
	const load = vi.fn(async () => printing);
	const parts: Engine = {
		diagnosing: {
			analyse,
			renderDiff: (plan) => [{ sign: "+", text: plan.summary, note: null }],
			traceFlow: () => {
				throw new RangeError("not asked");
			},
			catalogue: [],
		},
		printing: load,
		comparing: async () => ({ compareEvidence: waitingForMore }),
	};
	return { parts, load };
}

describe("the worker's answers", () => {
	it("gives a verdict and its repair as a diff without loading what prints", async () => {
		const { parts, load } = engine();
		const given = await answer(parts, { type: "analyse", evidence: EVIDENCE });
		expect(given).toMatchObject({
			type: "analyse",
			diagnosed: { fix: [{ sign: "+", text: "Let dockerd make its chains again by restarting it." }], prevent: null },
		});
		expect(load).not.toHaveBeenCalled();
	});

	it("has no diff where the finding has no repair", async () => {
		const given = await answer(engine(healthy).parts, { type: "analyse", evidence: EVIDENCE });
		expect(given).toMatchObject({ diagnosed: { fix: null, prevent: null } });
	});

	it("prints a plan for the finding it belongs to", async () => {
		const { parts, load } = engine();
		const { findings, platform } = flushedNat(EVIDENCE);
		const [first] = findings;
		if (!first?.plan) throw new Error("the sample has a plan");
		const of = { plan: first.plan, platform, about: { failure: first.failure, title: first.title } };
		expect(await answer(parts, { type: "print", of, format: "ansible" })).toEqual({
			type: "print",
			text: "ansible for docker-chain-missing",
		});
		expect(load).toHaveBeenCalledTimes(1);
		expect(await answer(parts, { type: "offered", of })).toMatchObject({ formats: [{ id: "nftables" }] });
	});

	it("measures the whole link, with the page's address", async () => {
		const given = await answer(engine().parts, {
			type: "share",
			evidence: EVIDENCE,
			address: "https://x.example/",
			choices: { alwaysHide: [], show: [] },
			whole: false,
		});
		expect(given).toMatchObject({
			shared: { length: { characters: "https://x.example/#v1.x".length, fits: "short" } },
		});
	});

	it("prints what came out of a link without passing stand-ins off as names, in the diff as well", async () => {
		const { parts, load } = engine();
		const given = await answer(parts, { type: "analyse", evidence: EVIDENCE, isReport: true });
		expect(given).toMatchObject({ diagnosed: { fix: [{ text: "<container-1>" }] } });
		expect(load).toHaveBeenCalledTimes(1);
	});

	it("reads a file by its own measure", async () => {
		const ask = { type: "open", fragment: "v1.x" } as const;
		expect(await answer(engine().parts, { ...ask, from: "file" })).toMatchObject({ opened: { says: "no file" } });
		expect(await answer(engine().parts, { ...ask, from: "link" })).toMatchObject({ opened: { says: "no" } });
	});

	it("survives being cloned, as everything between worker and page must", async () => {
		const given = await answer(engine().parts, { type: "analyse", evidence: EVIDENCE });
		expect(structuredClone(given)).toEqual(given);
	});

	it("lets a bug of the engine through to the worker's one place that reports it", async () => {
		const flow = { from: "outside", protocol: "tcp", port: 80 } as const;
		await expect(answer(engine().parts, { type: "trace", evidence: EVIDENCE, flow })).rejects.toThrow("not asked");
	});
});
