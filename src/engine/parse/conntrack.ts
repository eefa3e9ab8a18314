/**
 * The kernel's table of connections as conntrack-tools print it: how many, and how many packets it dropped.
 *
 *     conntrack -C      262144
 *     conntrack -L      conntrack v1.4.7 (conntrack-tools): 262144 flow entries have been shown.
 *     conntrack -S      cpu=0   found=0 invalid=12 insert=0 insert_failed=3 drop=345 early_drop=0 error=0 search_restart=0
 *
 * `drop` counts packets for which no place was found (net/netfilter/nf_conntrack_core.c, nf_conntrack_in), since boot.
 * Seen: conntrack-tools 1.4.4 to 1.4.8. Not read: the connections themselves.
 */
import type { Artifact } from "../text/evidence";
import { readFrom, textOf, writtenLines } from "./line-text";
import type { ParsedConntrack, Read } from "./parsed";

/** Reads the count of connections and the sum of dropped packets. */
export function parseConntrack(artifact: Artifact): ParsedConntrack {
	const asksCount = /^conntrack (?:-C|--count)\b/.test(artifact.command ?? artifact.name);
	let count: Read<number> | null = null;
	const dropped: Read<number>[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 600);
		const shown = /\(conntrack-tools\): (\d{1,12}) flow entr(?:y|ies) ha(?:s|ve) been shown/.exec(text)?.[1];
		const bare = asksCount ? /^\d{1,12}$/.exec(text)?.[0] : undefined;
		const lost = /^cpu=\d{1,5}\s/.test(text) ? /\sdrop=(\d{1,15})\b/.exec(text)?.[1] : undefined;
		if (shown ?? bare) count = readFrom(artifact, line, Number(shown ?? bare));
		if (lost !== undefined && Number(lost) > 0) dropped.push(readFrom(artifact, line, Number(lost)));
	}
	const [first] = dropped;
	return {
		kind: "conntrack",
		count,
		// One line a CPU: the sum is called by the first that lost any.
		dropped: first ? { value: dropped.reduce((sum, { value }) => sum + value, 0), at: first.at } : null,
		remarks: [],
	};
}
