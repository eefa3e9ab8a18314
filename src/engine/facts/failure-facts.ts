import type { Backend } from "../netfilter/ruleset";
import type { Complaint, Failure } from "../parse/failure";
import { kindOfCommand } from "../parse/log-event";
import type { LogEvent } from "../parse/parsed";
import type { Span } from "../text/span";
import { dnatRulesFor, reaches } from "./docker-rules";
import type { Fact } from "./fact";
import type { FoldedFailure, NetfilterFacts } from "./host-facts";
import { tableOf } from "./netfilter-facts";
import { type Reading, readingsOf } from "./reading";

/** Everything any artifact reported as failed, the same complaint folded into one, history told from the present. */
export function gatherFailures(readings: readonly Reading[], listed: Listed): readonly FoldedFailure[] {
	const folds = new Map<string, { all: Failure[]; current: boolean }>();
	for (const { source, failures, runs, ready } of sources(readings)) {
		for (const failure of failures) {
			const key = keyOf(failure);
			const fold = folds.get(key) ?? { all: [], current: false };
			fold.all.push(failure);
			fold.current ||=
				isCurrent(failure, runs, ready) && !isRepaired(failure, source, readings) && !isOvercome(failure, listed);
			folds.set(key, fold);
		}
	}
	return [...folds.values()].map(({ all, current }) => fold(all, current));
}

/** Events of every log, in order of appearance. */
export function gatherEvents(readings: readonly Reading[]): readonly LogEvent[] {
	return [
		...readingsOf(readings, "log"),
		...readingsOf(readings, "unit-status"),
		...readingsOf(readings, "packages"),
		...readingsOf(readings, "nft-monitor"),
	].flatMap(({ parsed }) => parsed.events);
}

/**
 * What a person typed at a prompt that may change the rules. Kept apart from the events of logs: a command typed after
 * the failure is a try to repair it, so it tells a story and accuses nobody.
 */
export function gatherTyped(readings: readonly Reading[]): readonly LogEvent[] {
	return readings.flatMap(({ artifact }) =>
		(artifact.typed ?? []).flatMap(({ command, from, to, sourceLine }): LogEvent[] => {
			const kind = kindOfCommand(command);
			if (kind === null) return [];
			// Counted as the lines of the artifact are, so that the place is called by the line of the source.
			const line = Math.max(1, sourceLine - artifact.firstLine + 1);
			const at = { artifact: artifact.id, from, to, line, lastLine: line };
			return [{ kind, time: null, run: null, detail: command.slice(0, 200), at }];
		}),
	);
}

type FailureSource = {
	/** Id of the pasted text. */
	readonly source: string;
	readonly failures: readonly Failure[];
	readonly runs: number;
	readonly ready: ReadonlySet<number>;
};

/** Every artifact may hold failures: logs with daemon runs, and listings that a program refused. */
function sources(readings: readonly Reading[]): readonly FailureSource[] {
	return readings.flatMap(({ artifact: { source }, parsed, strays }): readonly FailureSource[] => {
		if (parsed.kind === "log")
			return [{ source, failures: parsed.failures, runs: parsed.runs, ready: readyRuns(parsed.events) }];
		if (parsed.kind === "ruleset")
			return [{ source, failures: parsed.failures.map(asAnswer), runs: 0, ready: new Set() }];
		return [{ source, failures: "failures" in parsed ? parsed.failures : strays, runs: 0, ready: new Set() }];
	});
}

/** A person's listing of a chain that is not there answers a question; nothing failed by it. */
function asAnswer(failure: Failure): Failure {
	const asked = failure.complaint.kind === "chain-missing" && !failure.fromDockerd && failure.weight === "error";
	return asked ? { ...failure, weight: "warning" } : failure;
}

function readyRuns(events: readonly LogEvent[]): ReadonlySet<number> {
	return new Set(events.flatMap((event) => (event.kind === "daemon-ready" && event.run !== null ? [event.run] : [])));
}

/**
 * A failure of an earlier daemon run is history: the rules are made anew by each start, and a start that failed was
 * tried again. What the last run shows, and what no run is known of, is the present.
 */
function isCurrent(failure: Failure, runs: number, ready: ReadonlySet<number>): boolean {
	if (failure.run === null || failure.run >= runs) return true;
	// An earlier run's failed start is healed only by a later run that came up.
	if (failure.during === "daemon-start") return !rangeAfter(failure.run, runs).some((run) => ready.has(run));
	return false;
}

const RESTARTS_DOCKER =
	/^(?:systemctl (?:-\S+ )*(?:re)?start docker|(?:rc-)?service docker (?:re)?start|snap restart docker|\/etc\/init\.d\/docker (?:re)?start)/;

/**
 * Of a chain that was missing: further down in the same scrollback dockerd was restarted, which makes every chain, and
 * the host was looked at again after that. What is still missing then, the listings show.
 */
function isRepaired({ complaint, at, run }: Failure, source: string, readings: readonly Reading[]): boolean {
	if (run !== null || (complaint.kind !== "chain-missing" && complaint.kind !== "jump-target-missing")) return false;
	const same = readings.filter(({ artifact }) => artifact.source === source);
	const restart = same
		.flatMap(({ artifact }) => artifact.typed ?? [])
		.find(({ command, from }) => from > at.from && RESTARTS_DOCKER.test(command));
	return (
		restart !== undefined &&
		same.some(({ artifact, parsed }) => artifact.to > restart.from && parsed.kind === "ruleset")
	);
}

/** The tables as they were listed, and the backend that `iptables` drives. */
export type Listed = { readonly netfilter: NetfilterFacts; readonly backend: Fact<Backend> };

/**
 * Of a port that was refused for want of the chain: the rule stands there now. The same command succeeded since, whatever
 * repaired the chain (dockerd restarted, firewalld told it to write its rules again, `iptables` was switched back).
 */
function isOvercome({ complaint, command }: Failure, { netfilter, backend }: Listed): boolean {
	if (complaint.kind !== "chain-missing" && complaint.kind !== "jump-target-missing") return false;
	if (command?.table !== "nat" || command.jump !== "DNAT" || !backend.known) return false;
	const port = /--dport (\d{1,5})\b/.exec(command.text)?.[1];
	const answer = tableOf(netfilter, backend.value, command.program.startsWith("ip6") ? 6 : 4, "nat");
	if (!port || answer.kind !== "shown") return false;
	const { table } = answer;
	const called = ["PREROUTING", "OUTPUT"].some((chain) => reaches(table, chain, command.chain ?? "DOCKER") !== null);
	const protocol = /-p (udp|sctp)\b/.exec(command.text)?.[1] ?? "tcp";
	return called && dnatRulesFor(table, Number(port), protocol).length > 0;
}

const rangeAfter = (run: number, runs: number) =>
	Array.from({ length: Math.max(0, runs - run) }, (_, i) => run + 1 + i);

/** What makes two reports the same complaint; ids, ports and times of the single event do not. */
function keyOf({ complaint, command, during, fromDockerd }: Failure): string {
	const parts: (string | number | boolean | null)[] = [complaint.kind];
	for (const [name, value] of Object.entries(complaint)) {
		if (name !== "kind" && (typeof value === "string" || typeof value === "number" || typeof value === "boolean"))
			parts.push(value);
	}
	if (complaint.kind === "config-invalid") parts.push(...complaint.names);
	parts.push(command?.program === "ip6tables" ? 6 : 4, command?.table ?? null, fromDockerd, during === "listing");
	return parts.join("\u0000");
}

function fold(all: readonly Failure[], current: boolean): FoldedFailure {
	const best = all.reduce((a, b) => (rank(b) >= rank(a) ? b : a));
	return { complaint: best.complaint, all, best, current, at: all.map((failure) => failure.at) };
}

const WEIGHTS = { fatal: 3, error: 2, warning: 1, noise: 0 };
const rank = (failure: Failure) =>
	WEIGHTS[failure.weight] * 4 + (failure.fromDockerd ? 2 : 0) + (failure.command ? 1 : 0);

type Saying<C, K> = C extends { readonly kind: infer Kind } ? (K extends Kind ? C : never) : never;
type FailureSaying<K> = FoldedFailure & { readonly complaint: Saying<Complaint, K> };

/** Current failures whose complaint is of the given kind; noise is left out. */
export function complaints<K extends Complaint["kind"]>(
	failures: readonly FoldedFailure[],
	kind: K,
): readonly FailureSaying<K>[] {
	return failures.filter(
		(failure): failure is FailureSaying<K> =>
			failure.current && failure.complaint.kind === kind && failure.best.weight !== "noise",
	);
}

/** Whether a complaint is about IPv6 only. */
export function isIpv6Only(failure: FoldedFailure): boolean {
	return failure.all.every((one) => one.command?.program.startsWith("ip6") === true);
}

/** Every place of several failures. */
export function placesOfFailures(failures: readonly FoldedFailure[]): readonly Span[] {
	return failures.flatMap((failure) => failure.at);
}
