/**
 * `nft monitor`, while something changes the rule set.
 *
 *     delete rule ip nat DOCKER handle 4
 *     delete chain ip nat DOCKER
 *     # new generation 6 by process 2818 (iptables)
 *
 * Seen: nft 1.0.6 to 1.1.7, with iptables-nft as the one that changes; a listening nft names the process since Linux 4.17.
 * iptables-nft flushes a chain by deleting each rule by its handle, so which rule went is not told. dockerd takes single
 * rules out itself when a container stops; a whole chain or table of iptables it never takes while it runs.
 * Not read: JSON output, `nft monitor trace`, iptables-legacy (it makes no such events).
 */
import type { Artifact, Line } from "../text/evidence";
import { spanOfText, textOf, writtenLines } from "./line-text";
import type { LogEvent, ParsedNftMonitor } from "./parsed";

const REMOVAL = /^(?:delete|destroy|flush) (table|chain|rule) (ip6?|inet) (\S{1,60})(?: (\S{1,60}))?/;
const GENERATION = /^# new generation \d{1,10} by process (\d{1,10})(?: \(([^)]{1,40})\))?/;

type Removal = { readonly what: string; readonly weight: number; readonly line: Line };

/** Reads who removed what. */
export function parseNftMonitor(artifact: Artifact): ParsedNftMonitor {
	const events: LogEvent[] = [];
	let open: Removal[] = [];
	let transactions = 0;
	const close = (process: string | null, pid: string | null) => {
		const rules = open.filter(({ weight }) => weight === 1);
		// Of chains and tables the one that Docker needs; several rules at once are a flush, a single one is daily work.
		const [worst] = open.toSorted((a, b) => b.weight - a.weight);
		if (worst && (worst.weight > 1 || rules.length > 1)) {
			const who = pid === null ? "" : ` by process ${pid}${process ? ` (${process})` : ""}`;
			const what = worst.weight > 1 ? worst.what : `${worst.what}, ${rules.length} rules at once`;
			events.push({
				kind: process?.startsWith("firewalld") ? "firewalld-reloaded" : "rules-flushed",
				time: null,
				run: null,
				detail: `${what}${who}`,
				at: spanOfText(artifact, worst.line),
			});
		}
		open = [];
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 400);
		const generation = GENERATION.exec(text);
		if (generation) {
			transactions++;
			close(generation[2] ?? null, generation[1] ?? null);
			continue;
		}
		const found = REMOVAL.exec(text);
		if (found?.[1] && found[3] && /^(?:nat|filter|raw|docker-bridges)$/.test(found[3]))
			open.push({ what: found[0], weight: weightOf(found[1], found[4] ?? ""), line });
	}
	close(null, null);
	return { kind: "nft-monitor", events, transactions, remarks: [] };
}

function weightOf(what: string, chain: string): number {
	if (what === "table") return 3;
	if (what === "chain") return /^DOCKER/.test(chain) ? 4 : 2;
	return 1;
}
