import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import type { Failure } from "./failure";
import { parseIptablesList } from "./iptables-list";
import { parseIptablesSave } from "./iptables-save";
import { remarksOnLines, spanOfText, textOf } from "./line-text";
import { listingHints } from "./listing-hints";
import { parseFailures } from "./log";
import { parseNftRuleset } from "./nft-ruleset";
import type { ParsedRuleset } from "./parsed";
import type { RulesetText } from "./ruleset-text";

/**
 * A listing of netfilter rules in any of its formats, or the error that came in its place.
 *
 * For the artifact kinds `iptables-list`, `iptables-save` and `nft-ruleset`. What was not shown stays unknown: a table
 * whose backend, name or rest is not in the listing says so.
 */
export function parseRuleset(artifact: Artifact): ParsedRuleset {
	const read = readText(artifact);
	const warnings = read.unread.filter((line) => isComment(line));
	const others = read.unread.filter((line) => !isComment(line));
	const failures = others.length === 0 ? [] : parseFailures(artifact, others);
	const legacyWarning = warnings.find((line) => LEGACY_PRESENT.test(textOf(line)));
	const legacyTablesPresent = legacyWarning ? spanOfText(artifact, legacyWarning) : null;
	// Only the nf_tables programs warn of legacy tables, and only they speak of incompatible base chains (nft-shared.c).
	const saysNft = legacyWarning !== undefined || warnings.some((line) => INCOMPATIBLE.test(textOf(line)));
	const tables = saysNft
		? read.tables.map((table) => ({ ...table, backend: table.backend ?? ("nf_tables" as const) }))
		: read.tables;
	const unread = others.filter((line) => !failures.some((failure) => covers(failure, line)));
	return {
		kind: "ruleset",
		tables,
		failures,
		legacyTablesPresent,
		version: read.version,
		// A listing that failed, in whole or in part, does not say what is not there.
		allTables: read.allTables && failures.length === 0 && unread.length === 0,
		family: read.family,
		remarks: [...read.remarks, ...remarksOnLines(artifact, unread, "neither a rule nor a chain, skipped")],
	};
}

function readText(artifact: Artifact): RulesetText {
	const hints = listingHints(artifact);
	if (artifact.kind === "nft-ruleset") return parseNftRuleset(artifact, hints);
	return artifact.kind === "iptables-list" ? parseIptablesList(artifact, hints) : parseIptablesSave(artifact, hints);
}

const LEGACY_PRESENT = /^# Warning: ip6?tables-legacy tables present/;
const INCOMPATIBLE = /^# Table `.{1,64}' contains incompatible base-chains/;

function isComment(line: Line): boolean {
	return /^\s{0,80}#/.test(textOf(line));
}

function covers({ at }: Failure, line: Line): boolean {
	return isWithin(at, line.number);
}

function isWithin(at: Span, line: number): boolean {
	return at.line <= line && line <= at.lastLine;
}
