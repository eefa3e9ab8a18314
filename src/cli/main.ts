import { randomInt } from "node:crypto";
import {
	type Analysis,
	analyse,
	catalogue,
	collectorPaste,
	collectorPlay,
	collectorScript,
	compareEvidence,
	FIX_FORMATS,
	isCollected,
	looksRedacted,
	offered,
	reachJson,
	redactText,
	renderAny,
	reportJson,
	traceFlow,
	traceJson,
	VERSION,
	whoReaches,
} from "../engine";
import { type CollectForm, type Format, parseRequest, type Request, USAGE } from "./arguments";
import { printAnalysis, printComparison, printTrace } from "./print";
import { printReach } from "./print-reach";
import { type Host, readHosts, readText, Unreadable } from "./read-evidence";

const EXIT = { healthy: 0, wrong: 1, undecided: 2, usage: 64 } as const;

/** Runs one command; the exit status as `USAGE` says. */
export function run(words: readonly string[], out: (text: string) => void, complain: (text: string) => void): number {
	const request = parseRequest(words);
	try {
		return answer(request, out, complain);
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		complain(`stackengine: ${error.message}\n`);
		return EXIT.usage;
	}
}

function answer(request: Request, out: (text: string) => void, complain: (text: string) => void): number {
	const read = (paths: readonly string[]) => readHosts(paths, (says) => complain(`stackengine: ${says}\n`));
	switch (request.command) {
		case "help":
			out(USAGE);
			return 0;
		case "version":
			out(`stackengine ${VERSION}\n`);
			return 0;
		case "misunderstood":
			complain(`stackengine: ${request.says}\n\n${USAGE}`);
			return EXIT.usage;
		case "diagnose":
			return request.before === null
				? diagnose(read(request.paths), request.json, out)
				: since(only(read([request.before])), only(read(request.paths)), request.json, out);
		case "redact":
			// Weeks that nobody can know, into the past: a log out of the future looks like a broken clock.
			out(redactText(readText(request.path), request.shiftTimes ? { shiftWeeks: -randomInt(4, 52) } : {}));
			return 0;
		case "fix":
			return fix(only(read(request.paths)), request.format, out, complain);
		case "trace": {
			const { port, protocol, from, address, bridge } = request;
			const where = { ...(address === undefined ? {} : { to: address }), ...(bridge === undefined ? {} : { bridge }) };
			const trace = traceFlow(only(read(request.paths)).evidence, { from, protocol, port, ...where });
			out(request.json ? `${JSON.stringify(traceJson(trace))}\n` : printTrace(trace));
			if (trace.outcome === "unknown") return EXIT.undecided;
			return trace.outcome === "delivered" ? EXIT.healthy : EXIT.wrong;
		}
		case "reach": {
			const reach = whoReaches(only(read(request.paths)).evidence);
			out(request.json ? `${JSON.stringify(reachJson(reach))}\n` : printReach(reach));
			return reach.ports.length + reach.networks.length === 0 ? EXIT.undecided : EXIT.healthy;
		}
		case "collect":
			return collect(request.form, request.topics, out, complain);
		case "failures":
			out(
				request.json
					? `${JSON.stringify(catalogue, null, 2)}\n`
					: catalogue.map(({ id, title }) => `${id.padEnd(30)} ${title}\n`).join(""),
			);
			return 0;
		default:
			return request satisfies never;
	}
}

function diagnose(hosts: readonly Host[], json: boolean, out: (text: string) => void): number {
	const fleet = hosts.length > 1 || hosts[0]?.name !== null;
	let worst: number = EXIT.healthy;
	for (const { name, evidence } of hosts) {
		const analysis = analyse(evidence);
		if (json)
			out(`${JSON.stringify({ ...(name === null ? {} : { host: name }), ...reportJson(analysis, evidence) })}\n`);
		else out(fleet ? fleetLine(name, analysis) : printAnalysis(analysis));
		worst = worse(worst, exitOf(analysis));
	}
	return worst;
}

/** Two pastes of one host: what has changed, then the verdict of the second. */
function since(before: Host, after: Host, json: boolean, out: (text: string) => void): number {
	const comparison = compareEvidence(before.evidence, after.evidence);
	const analysis = analyse(after.evidence);
	out(
		json
			? `${JSON.stringify({ ...reportJson(analysis, after.evidence), since: comparison })}\n`
			: `${printComparison(comparison)}\n${printAnalysis(analysis)}`,
	);
	return exitOf(analysis);
}

function collect(
	form: CollectForm,
	topics: readonly string[] | null,
	out: (text: string) => void,
	complain: (text: string) => void,
): number {
	const unknown = (topics ?? []).filter((topic) => !isCollected(topic));
	if (unknown.length > 0) {
		complain(`stackengine: nothing is collected for ${unknown.map((topic) => JSON.stringify(topic)).join(", ")}\n`);
		return EXIT.usage;
	}
	const make = { sh: collectorScript, paste: collectorPaste, ansible: collectorPlay }[form];
	out(make(topics));
	return 0;
}

function fleetLine(name: string | null, { findings }: Analysis): string {
	const head = findings[0];
	const more = findings.length > 1 ? ` (+${findings.length - 1})` : "";
	return `${(name ?? "(files)").padEnd(40)} ${(head?.failure ?? "insufficient-evidence").padEnd(30)} ${(head?.confidence ?? "").padEnd(9)} ${head?.title ?? ""}${more}\n`;
}

function exitOf({ findings }: Analysis): number {
	const id = findings[0]?.failure;
	if (id === "healthy") return EXIT.healthy;
	return id === undefined || id === "insufficient-evidence" ? EXIT.undecided : EXIT.wrong;
}

/** Something wrong on one host of a fleet outweighs what can't be told of another. */
function worse(a: number, b: number): number {
	const order: readonly number[] = [EXIT.healthy, EXIT.undecided, EXIT.wrong];
	return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

function only(hosts: readonly Host[]): Host {
	const [host, second] = hosts;
	if (!host || second) throw new Unreadable("one host at a time: name the folder of one host");
	return host;
}

function fix(host: Host, format: Format, out: (text: string) => void, complain: (text: string) => void): number {
	const { findings, platform } = analyse(host.evidence);
	const head = findings[0];
	if (!head?.plan) {
		complain(`stackengine: nothing to repair: ${head?.title ?? "no verdict"}\n`);
		return head?.failure === "healthy" ? EXIT.healthy : EXIT.undecided;
	}
	const about = { failure: head.failure, title: head.title };
	const { plan, prevent } = head;
	// A colleague's redacted paste: its names are nobody's, so what is printed asks the host for the real ones.
	const report = looksRedacted(host.evidence.map(({ text }) => text)) ? host.evidence : null;
	const text = renderAny({ plan, prevent }, platform, about, format, report);
	if (text === null) {
		const others = offered({ plan, prevent }, platform, about).map(({ id }) => id);
		complain(
			`stackengine: ${format} has nothing to say of this repair (${head.failure}); these have: ${[...FIX_FORMATS, ...others].join(", ")}\n`,
		);
		return EXIT.undecided;
	}
	if (report !== null) {
		complain(
			`stackengine: this text is redacted: container-1, host-1 and addresses in it are stand-ins; what follows asks for the host's own\n`,
		);
	}
	out(text);
	return 0;
}
