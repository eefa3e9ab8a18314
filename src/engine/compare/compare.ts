/**
 * A second paste held beside the first: whether it is the same machine later, what became of the fault, what differs,
 * and which of the changes that the repair promised are there.
 */

import { nextCommand } from "../diagnose/next-command";
import { isShown } from "../diagnose/shown";
import type { CommandId } from "../facts/commands";
import type { Change, ChangeGroup, Comparison } from "./comparison";
import { errorChanges } from "./error-changes";
import { expectedChanges } from "./expected-changes";
import { identify } from "./identity";
import { outcomeOf } from "./outcome";
import { compareRules } from "./rule-changes";
import type { Side } from "./side";
import { kernelCounterChanges, processChanges, settingChanges, versionChanges } from "./state-changes";

/** More of one group than these are counted, not listed. */
const MOST = 40;

export function compare(before: Side, after: Side): Comparison {
	const identity = identify(before, after);
	const expected = expectedChanges(before, after);
	const isAnother = identity.answer === "another";
	return {
		schema: "stackengine.comparison/1",
		...outcomeOf(before, after, identity, expected),
		identity,
		expected: isAnother ? [] : expected,
		changes: isAnother ? [] : changesOf(before, after),
		notShown: isAnother ? [] : notShown(before, after),
	};
}

function changesOf(before: Side, after: Side): readonly ChangeGroup[] {
	const { chains, rules, counters } = compareRules(before.facts, after.facts);
	return [
		group("Errors", errorChanges(before, after)),
		group("The packet", traceChange(before, after)),
		group("Chains", chains),
		group("Rules", rules),
		group("Counters that moved", [...counters, ...kernelCounterChanges(before.facts, after.facts)]),
		group("Processes and containers", processChanges(before.facts, after.facts)),
		group("Versions", versionChanges(before.facts, after.facts)),
		group("Settings", settingChanges(before.facts, after.facts)),
	].filter(({ changes }) => changes.length > 0);
}

const group = (title: string, changes: readonly Change[]): ChangeGroup => ({
	title,
	changes: changes.slice(0, MOST),
	more: Math.max(0, changes.length - MOST),
});

function traceChange({ analysis: before }: Side, { analysis: after }: Side): readonly Change[] {
	const [first, second] = [before.trace, after.trace];
	if (!first || !second || first.flow.port !== second.flow.port || first.outcome === second.outcome) return [];
	if (second.outcome === "unknown" || first.outcome === "unknown") return [];
	const says = `the packet to port ${second.flow.port} was ${first.outcome}, is ${second.outcome}`;
	return [{ says, tone: second.outcome === "delivered" ? "whole" : "fault", at: [] }];
}

/** What a person would paste once more, of what the first paste had. */
const COMPARED: readonly CommandId[] = [
	"docker-info",
	"docker-ps",
	"dockerd-log",
	"rule-set",
	"nat-table",
	"filter-table",
	"lock-holders",
	"sysctls",
	"sockets",
	"firewalls",
	"daemon-json",
];

function notShown({ facts: before }: Side, { facts: after }: Side): Comparison["notShown"] {
	const missing = COMPARED.filter((id) => isShown(id, before) && !isShown(id, after));
	return missing
		.filter((id) => !(missing.includes("rule-set") && (id === "nat-table" || id === "filter-table")))
		.map((id) => nextCommand(id, before));
}
