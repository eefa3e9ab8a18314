/**
 * Counters of the network stack: `nstat -az`.
 *
 *     #kernel
 *     IpForwDatagrams                 4                  0.0
 *     TcpExtIPReversePathFilter       3                  0.0
 *
 * Seen: iproute2 5.10 to 6.15. Since the last nstat of the same user, not since boot, unless -a was given. Not read:
 * rates, `netstat -s`.
 */
import type { Artifact, Line } from "../text/evidence";
import { programNotFound, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedNstat } from "./parsed";

/** Reads names and values of counters. */
export function parseNstat(artifact: Artifact): ParsedNstat {
	const counters: ParsedNstat["counters"][number][] = [];
	const unread: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const found = /^([A-Z][A-Za-z0-9]{2,60})\s+(\d{1,19})(?:\s+[\d.]{1,20})?$/.exec(text);
		if (found?.[1]) counters.push({ name: found[1], value: Number(found[2]), at: spanOfText(artifact, line) });
		else if (!text.startsWith("#") && !programNotFound(text)) unread.push(line);
	}
	return { kind: "nstat", counters, remarks: remarksOnLines(artifact, unread, "Not a counter, skipped") };
}
