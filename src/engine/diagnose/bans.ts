import { reaches } from "../facts/docker-rules";
import type { HostFacts } from "../facts/host-facts";
import type { Match, Table } from "../netfilter/ruleset";
import type { Decision } from "../packet-path/trace";
import type { Span } from "../text/span";

/** A rule that stops single sources on their way to containers. Whether the client is one of them, no rule tells. */
export type Ban = {
	readonly decision: Decision;
	readonly table: Table;
	/** Packets it has counted; 0 where it counts none or the listing has no counters. */
	readonly hits: number;
	readonly at: Span;
};

/** The bans that a forwarded packet meets, those that have counted packets first. */
export function bansOf({ netfilter }: HostFacts): readonly Ban[] {
	return netfilter.tables
		.filter((table) => table.family === "ip" || table.family === "inet")
		.flatMap((table) =>
			table.chains
				.filter((chain) => isOnTheWay(table, chain.name))
				.flatMap((chain) =>
					chain.rules
						.filter(
							({ verdict, matches }) =>
								(verdict.kind === "drop" || verdict.kind === "reject") &&
								matches.some(isOneSource) &&
								!matches.some(isElsewhere),
						)
						.map((rule) => ({
							decision: {
								backend: table.backend,
								family: table.family,
								table: table.name,
								chain: chain.name,
								rule: rule.number,
								text: rule.text,
							},
							table,
							hits: rule.counters?.packets ?? 0,
							at: rule.at,
						})),
				),
		)
		.toSorted((a, b) => b.hits - a.hits);
}

/** Reached from prerouting or forward; INPUT is not on the way of a translated packet. */
function isOnTheWay(table: Table, name: string): boolean {
	return table.chains.some(
		({ base, name: from }) =>
			(base?.hook === "prerouting" || base?.hook === "forward") &&
			(from === name || reaches(table, from, name) !== null),
	);
}

const isOneSource = (match: Match) =>
	!("negated" in match && match.negated) &&
	(match.kind === "saddr" || (match.kind === "set" && match.sides[0] === "src" && match.sides.length === 1));

/** What leaves by an interface that is no bridge of Docker's: what a VPN does against forged sources. */
const isElsewhere = (match: Match) =>
	match.kind === "oif" && !match.negated && !match.names.some((name) => /^(?:docker|br-)/.test(name));

/** What a ban does, as a sign. */
export function banWords({ hits }: Ban): string {
	const counted = hits > 0 ? `, and has stopped ${hits} ${hits === 1 ? "packet" : "packets"}` : "";
	return `stops single addresses on their way to containers${counted}`;
}
