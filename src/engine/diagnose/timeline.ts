/**
 * What happened, as far as logs and prompts tell it: when dockerd came up, who touched the rules, the first refusal and
 * the last, and the restart that healed it. A few lines, not the log once more: it tells only of the present trouble.
 */
import type { FoldedFailure, HostFacts, LogEvent } from "../facts/host-facts";
import type { Failure } from "../parse/failure";
import type { Artifact } from "../text/evidence";
import type { Span } from "../text/span";
import type { Finding, Moment } from "./analysis";
import { clocksOf, hostZone, inUtc } from "./clock";
import { commandOf, happened, whatFailed } from "./moments";
import { inOneYear, inOrder, type Placed } from "./time-order";

/** A longer story is not read. */
const MOST = 8;

/** Records of one moment: dockerd logs a refusal in several, and a journal counts whole seconds. */
const MOMENT = 2000;

type Untold = Omit<Moment, "clock">;

type Candidate = Placed & {
	readonly moment: Untold;
	readonly kind: LogEvent["kind"] | "refusal";
	readonly touchesRules: boolean;
	/** A refusal for want of a chain. */
	readonly wantsChain: boolean;
	/** dockerd gave up with it. */
	readonly fatal: boolean;
	/** How much it adds to the story; of too many the least are left out. */
	readonly weight: number;
};

/** The story of the present trouble in at most eight moments; empty where fewer than two tell one. */
export function timelineOf(
	facts: HostFacts,
	findings: readonly Finding[],
	artifacts: readonly Artifact[],
): readonly Moment[] {
	const cited = new Set(findings.flatMap(({ signs }) => signs.flatMap((sign) => sign.at.map(placeKey))));
	const timeOf = inOneYear([...facts.events, ...facts.failures.flatMap(({ all }) => all)].map(({ time }) => time));
	const told = presentRefusals(facts.failures, cited);
	const healed = told.every(({ current }) => !current);
	const all = [
		...told.flatMap((one) => refusalMoments(one, cited, timeOf)),
		...facts.events.flatMap((event) => eventMoment(event, cited, timeOf)),
		...facts.typed.flatMap(typedMoment),
	];
	const zone = hostZone(all, artifacts);
	const moments = inOrder(
		all.map((one) => {
			const time = inUtc(one, zone, artifacts);
			return { ...one, time, moment: { ...one.moment, time } };
		}),
		artifacts,
	);
	const story = withHealing(withoutRepeats(sinceTheCause(withCulprit(moments, artifacts))), healed && told.length > 0);
	const kept = mostTelling(story).map(({ moment }) => moment);
	if (kept.length < 2 || kept.every(({ tone }) => tone === "plain")) return [];
	const clocks = clocksOf(kept, artifacts);
	return kept.map((moment, index) => ({ ...moment, clock: clocks[index] ?? null }));
}

const placeKey = (at: Span) => `${at.artifact}:${at.line}`;

type TimeOf = (time: number | null) => number | null;

/** What everybody sees after the thing that matters: it adds nothing to the story. */
const FOLLOWS: ReadonlySet<string> = new Set(["daemon-unreachable", "rule-absent", "socket-permission"]);

/** Refusals of the present, or of the past where there is none. With a log at hand, what a person's own listing says of it is no news. */
function presentRefusals(failures: readonly FoldedFailure[], cited: ReadonlySet<string>): readonly FoldedFailure[] {
	const refusals = failures.filter(
		({ best, complaint }) => (best.weight === "fatal" || best.weight === "error") && !FOLLOWS.has(complaint.kind),
	);
	const current = refusals.filter((one) => one.current);
	const told = current.length > 0 ? current : refusals;
	const timed = told.filter(({ all }) => all.some(({ time }) => time !== null));
	if (timed.length > 0) return timed;
	const dockers = told.filter(({ best }) => best.fromDockerd);
	if (dockers.length > 0) return dockers;
	const said = told.find(({ at }) => at.some((one) => cited.has(placeKey(one))));
	return said ? [said] : [];
}

/** The first of a refusal and, where it was said again later, the last with how often. */
function refusalMoments(folded: FoldedFailure, cited: ReadonlySet<string>, timeOf: TimeOf): readonly Candidate[] {
	const all = folded.all.map((failure) => ({ failure, time: timeOf(failure.time) }));
	const timed = all.filter(({ time }) => time !== null).toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
	// A line copied without its time tells of the same refusal as the log does.
	const [first] = timed.length > 0 ? timed : all;
	const last = timed.at(-1) ?? first;
	if (!first || !last) return [];
	const weight =
		(folded.at.some((at) => cited.has(placeKey(at))) ? 20 : folded.current ? 12 : 8) +
		(folded.best.fromDockerd ? 1 : 0);
	const candidate = (
		{ failure, time }: { failure: Failure; time: number | null },
		says: string,
		value: number,
	): Candidate => ({
		time,
		at: failure.at,
		kind: "refusal",
		touchesRules: false,
		wantsChain: folded.complaint.kind === "chain-missing" || folded.complaint.kind === "jump-target-missing",
		fatal: folded.best.during === "daemon-start",
		moment: { time, says, tone: "fault", at: failure.at },
		weight: value,
	});
	const opening = candidate(first, whatFailed(folded.best), weight);
	if ((last.time ?? 0) - (first.time ?? 0) <= MOMENT) return [opening];
	const times = new Set(timed.map(({ time }) => Math.floor((time ?? 0) / MOMENT))).size;
	return [opening, candidate(last, times > 2 ? `The same, the last of ${times} times` : "The same again", weight - 3)];
}

function eventMoment(event: LogEvent, cited: ReadonlySet<string>, timeOf: TimeOf): readonly Candidate[] {
	const told = happened(event);
	if (!told) return [];
	const { at, kind } = event;
	const time = timeOf(event.time);
	const isCited = cited.has(placeKey(at)) && told.touchesRules;
	const moment: Untold = { time, says: told.says, tone: isCited ? "fault" : "plain", at };
	const { touchesRules } = told;
	return [
		{ time, at, kind, touchesRules, wantsChain: false, fatal: false, moment, weight: told.weight + (isCited ? 8 : 0) },
	];
}

/** A command at a prompt has no time, and whether it stood above the refusal or below, only its place tells. */
function typedMoment(event: LogEvent): readonly Candidate[] {
	const told = happened(event);
	if (!told) return [];
	const { at, kind } = event;
	const moment: Untold = { time: null, says: `Typed at the prompt: \`${commandOf(event.detail)}\``, tone: "plain", at };
	return [
		{
			time: null,
			at,
			kind,
			touchesRules: told.touchesRules,
			wantsChain: false,
			fatal: false,
			moment,
			weight: told.weight,
		},
	];
}

/** Whatever last touched the rules between a start of dockerd and a refusal for want of a chain is what took the chain. */
function withCulprit(moments: readonly Candidate[], artifacts: readonly Artifact[]): readonly Candidate[] {
	const refused = moments.findIndex(({ wantsChain }) => wantsChain);
	const refusal = moments[refused];
	if (!refusal) return moments;
	const sourceOf = ({ at }: Candidate) => artifacts.find(({ id }) => id === at.artifact)?.source;
	const up = moments.findLastIndex(({ kind }, index) => index < refused && kind === "daemon-ready");
	// Of two things without a time only their place in one source tells which came first.
	const isBefore = (one: Candidate, index: number) =>
		index > up &&
		index < refused &&
		one.touchesRules &&
		(one.time !== null || refusal.time !== null || sourceOf(one) === sourceOf(refusal));
	const last = moments.findLast(isBefore);
	return moments.map((one, index) =>
		isBefore(one, index) && one.kind === last?.kind
			? { ...one, weight: one.weight + 8, moment: { ...one.moment, tone: "fault" } }
			: one,
	);
}

/**
 * From the last time dockerd came up before the first refusal on, with a reboot or an upgrade above it. Where nothing
 * was refused the story begins with the last time that dockerd came up.
 */
function sinceTheCause(moments: readonly Candidate[]): readonly Candidate[] {
	const refused = moments.findIndex(({ kind }) => kind === "refusal");
	const up = moments.findLastIndex(
		({ kind }, index) => (refused < 0 || index < refused) && (kind === "daemon-ready" || kind === "daemon-starting"),
	);
	const from = Math.max(0, up);
	const above = moments.slice(0, from).filter(({ kind }) => kind === "booted" || kind === "package-upgraded");
	return [...above.slice(-2), ...moments.slice(from)];
}

/** Tries of systemd to start dockerd once more are told by its last refusal; of the same twice in a row the one that counts is kept. */
function withoutRepeats(moments: readonly Candidate[]): readonly Candidate[] {
	const kept: Candidate[] = [];
	let failing = false;
	moments.forEach((one, index) => {
		const next = moments[index + 1];
		const before = kept.at(-1);
		if (one.fatal) failing = true;
		if (one.kind === "daemon-ready") failing = false;
		if (failing && (one.kind === "daemon-starting" || one.kind === "daemon-stopping")) return;
		// It came up: that it began to, or was stopped before, goes without saying.
		if (one.kind === "daemon-starting" && next?.kind === "daemon-ready") return;
		if (one.kind === "daemon-stopping" && isStart(next)) return;
		if (before && before.moment.says === one.moment.says) {
			// Of two reloads the later counts, of two lines that dockerd came up or stopped the first.
			if (one.kind.startsWith("daemon-") || before.weight > one.weight) return;
			kept.pop();
		}
		kept.push(one);
	});
	return kept;
}

const isStart = (one: Candidate | undefined) => one?.kind === "daemon-starting" || one?.kind === "daemon-ready";

/** dockerd came up after the last refusal and it was not said again: that start healed it. */
function withHealing(story: readonly Candidate[], healed: boolean): readonly Candidate[] {
	if (!healed) return story;
	const last = story.findLastIndex(({ kind }) => kind === "refusal");
	const ready = story.findIndex(({ kind }, index) => index > last && kind === "daemon-ready");
	return story.map((one, index) => {
		if (index !== ready) return one;
		const says = "dockerd came up again, and the refusal has not come back";
		return { ...one, weight: 20, moment: { ...one.moment, says, tone: "whole" } };
	});
}

function mostTelling(story: readonly Candidate[]): readonly Candidate[] {
	const ranked = story
		.map(({ weight }, index) => ({ index, weight }))
		.toSorted((a, b) => b.weight - a.weight || a.index - b.index)
		.slice(0, MOST);
	const kept = new Set(ranked.map(({ index }) => index));
	return story.filter((_, index) => kept.has(index));
}
