import { askReport, redactQuestion, withRealNames } from "../../src/engine/ask-report";
import type { Comparison } from "../../src/engine/compare/comparison";
import type { Analysis, ArtifactSummary } from "../../src/engine/diagnose/analysis";
import type { Platform } from "../../src/engine/remedy/plan";
import type { Evidence } from "../../src/engine/text/evidence";
import type { Span } from "../../src/engine/text/span";
import type { EngineClient } from "../../src/worker/engine-client";
import type { Diagnosed, DiffLine } from "../../src/worker/protocol";

/**
 * An engine that knows one case, for tests of the page: whatever holds "No chain/target/match" is a flushed nat
 * table. Never shipped. Spans are computed from the text given, so marks stand where the words are.
 */

const PLATFORM: Platform = {
	services: "systemd",
	packages: "apt",
	rootless: false,
	liveRestore: false,
	swarm: false,
	appliance: null,
};

const artifactsOf = (evidence: Evidence): readonly ArtifactSummary[] =>
	evidence.map((source, index) => ({
		id: `a${index + 1}`,
		kind: source.name.includes("log") ? "dockerd-log" : "unrecognised",
		name: source.name,
		source: source.id,
		from: 0,
		to: source.text.length,
		firstLine: 1,
		lines: source.text.split("\n").length,
		summary: source.text.includes("No chain/target") ? "2 errors" : "read",
		tone: source.text.includes("No chain/target") ? "fault" : "whole",
		remarks: [],
	}));

/** A second paste that is not there yet. */
export const waitingForMore = (): Comparison => ({
	schema: "stackengine.comparison/1",
	outcome: "waiting",
	headline: "Waiting for the second paste",
	says: "Run the repair on the host, then paste once more.",
	identity: { answer: "cannot-tell", signs: [], minutesLater: null },
	expected: [{ what: "dockerd answers", state: "cannot-tell", at: [] }],
	changes: [],
	notShown: [],
});

/** The first line that holds `words`, as a span. */
export function spanOf(evidence: Evidence, words: string): readonly Span[] {
	const index = evidence.findIndex(({ text }) => text.includes(words));
	const text = evidence[index]?.text;
	if (text === undefined) return [];
	const at = text.indexOf(words);
	const from = text.lastIndexOf("\n", at) + 1;
	const end = text.indexOf("\n", at);
	const line = text.slice(0, at).split("\n").length;
	return [{ artifact: `a${index + 1}`, from, to: end < 0 ? text.length : end, line, lastLine: line }];
}

/** The analysis of a flushed nat table over whatever evidence is given. */
export function flushedNat(evidence: Evidence): Analysis {
	return {
		schema: "stackengine.analysis/1",
		artifacts: artifactsOf(evidence),
		findings: [
			{
				failure: "docker-chain-missing",
				confidence: "certain",
				title: "Docker's chain is gone from the nat table",
				effect: "Published ports are dead",
				explanation:
					"Something flushed `nat` after dockerd started. dockerd still believes that `DOCKER` exists, so every new `-p 8081:80` fails.",
				impact: "high",
				minutes: 5,
				interrupts: "restarts containers unless live-restore is on",
				signs: [
					{
						says: "dockerd could not append to `DOCKER`: the chain does not exist",
						at: spanOf(evidence, "No chain/target"),
					},
					{ says: "The nat listing has no chain `DOCKER`", at: spanOf(evidence, "Chain PREROUTING") },
				],
				against: [],
				consequences: [],
				plan: {
					summary: "Let dockerd make its chains again by restarting it.",
					before: [],
					steps: [
						{
							action: { kind: "restart-docker" },
							why: "It makes them at start.",
							risk: "medium",
							interrupts: "containers-unless-live-restore",
						},
					],
					after: [],
					instead: [],
					proveFromOutside: "`curl http://HOST:8081/` answers.",
				},
				prevent: null,
			},
		],
		ruledOut: [
			{
				failure: "xtables-lock-held",
				title: "Another program holds the xtables lock",
				why: "no lock message in the log",
				at: [],
			},
		],
		next: [{ id: "dockerd-log", command: "journalctl -u nftables -n 20", why: "who flushed it" }],
		unexplained: [],
		timeline: [],
		expected: [],
		platform: PLATFORM,
		trace: {
			flow: { from: "outside", protocol: "tcp", port: 8081 },
			outcome: "refused",
			translatedTo: null,
			viaProxy: false,
			decidedBy: null,
			steps: [
				{
					station: "client",
					kind: "origin",
					state: "passed",
					says: "Sends to port 8081.",
					chain: null,
					rule: null,
					at: null,
				},
				{
					station: "DOCKER",
					kind: "chain",
					state: "stopped",
					says: "The chain is missing.",
					chain: null,
					rule: null,
					at: null,
				},
				{
					station: "172.17.0.3:80",
					kind: "destination",
					state: "not-reached",
					says: "The container.",
					chain: null,
					rule: null,
					at: null,
				},
			],
			possible: ["refused"],
			needs: [],
		},
	};
}

/** A healthy answer without a repair. */
export function healthy(evidence: Evidence): Analysis {
	return {
		schema: "stackengine.analysis/1",
		artifacts: artifactsOf(evidence),
		findings: [
			{
				failure: "healthy",
				confidence: "likely",
				title: "Nothing is wrong in what was pasted",
				effect: "Published ports are served",
				explanation: "Docker's chains are whole.",
				impact: "none",
				minutes: null,
				interrupts: null,
				signs: [],
				against: [],
				consequences: [],
				plan: null,
				prevent: null,
			},
		],
		ruledOut: [],
		next: [],
		unexplained: [],
		timeline: [],
		expected: [],
		platform: PLATFORM,
		trace: null,
	};
}

const DIFF: readonly DiffLine[] = [
	{ sign: " ", text: "# Let dockerd rebuild its chains", note: null },
	{ sign: "-", text: "iptables -t nat -N DOCKER", note: "An empty chain has no rules." },
	{ sign: "+", text: "systemctl restart docker", note: null },
];

/** What the worker would answer. */
export function diagnose(evidence: Evidence): Diagnosed {
	const isFlushed = evidence.some(({ text }) => text.includes("No chain/target"));
	return isFlushed
		? { analysis: flushedNat(evidence), fix: DIFF, prevent: null }
		: { analysis: healthy(evidence), fix: null, prevent: null };
}

/** An engine client that answers in the next turn. */
export function fakeEngine(over: Partial<EngineClient> = {}): EngineClient {
	return {
		analyse: async (evidence) => diagnose(evidence),
		analyseReport: async (evidence) => diagnose(evidence),
		trace: async () => Promise.reject(new Error("not asked")),
		offered: async () => [],
		print: async (_, format) => (format === "bash" ? "#!/bin/sh\nsystemctl restart docker\n" : `# ${format}\n`),
		prepare: async () => undefined,
		share: async (evidence, address) => ({
			fragment: "v1.fake",
			replaced: [{ kind: "host name", pseudonym: "host-1", count: 2, category: "identity" }],
			spans: [],
			suspects: [],
			sameVerdict: true,
			opens: true,
			redactedSources: evidence.map((source) => ({ ...source, text: source.text.replaceAll("docker01", "host-1") })),
			linkedSources: evidence.map((source) => ({ ...source, text: source.text.replaceAll("docker01", "host-1") })),
			omittedLines: 0,
			length: { characters: address.length + 8, fits: "short" },
		}),
		open: async (fragment) =>
			fragment.startsWith("v1.")
				? {
						kind: "ok",
						omittedLines: 0,
						evidence: [{ id: "s1", name: "dockerd log", text: "iptables: No chain/target/match by that name." }],
					}
				: { kind: "damaged", says: "It is not one of ours." },
		report: async () => "# Report\n",
		askReport: async (evidence, choices, whole) => askReport(evidence, { ...choices, whole }),
		redactQuestion: async (evidence, choices, question) => redactQuestion(evidence, question, choices),
		withRealNames: async (text, names) => withRealNames(text, names),
		catalogue: async () => [
			{
				id: "docker-chain-missing",
				title: "Docker's chain is gone",
				effect: "Published ports are dead",
				impact: "high",
				minutes: 5,
			},
			{
				id: "xtables-lock-held",
				title: "Another program holds the lock",
				effect: "docker hangs",
				impact: "medium",
				minutes: 5,
			},
		],
		reach: async () => ({ ports: [], networks: [], changes: [] }),
		collector: async () => ({
			script: "#!/bin/sh\ndocker info\n",
			paste: "sh -s <<'END'\ndocker info\nEND\n",
			play: "---\n",
		}),
		compare: async () => waitingForMore(),
		stop: () => undefined,
		...over,
	};
}
