/**
 * Routing policy: `ip rule`, `ip -6 rule`.
 *
 *     0:	from all lookup local
 *     100:	from 10.0.0.5 lookup vpn
 *     32766:	from all lookup main
 *
 * Format: ip-rule(8). `lookup` and `table` name a table; other actions (`unreachable`, `blackhole`, `goto`) are given
 * in its place. The whole rule is kept as text, for its selectors are many. Not read: JSON output.
 */
import type { Artifact, Line } from "../text/evidence";
import { remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedIpRule } from "./parsed";

/** Reads the rules that choose a routing table. */
export function parseIpRule(artifact: Artifact): ParsedIpRule {
	const rules: ParsedIpRule["rules"][number][] = [];
	const unread: Line[] = [];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim();
		const found = /^(\d{1,10}):\s+(\S.{0,1000})$/.exec(text);
		const rule = found?.[2];
		if (!rule) {
			unread.push(line);
			continue;
		}
		const words = rule.split(/\s+/, 60);
		const after = (...keys: readonly string[]) => {
			const at = words.findIndex((word) => keys.includes(word));
			return at < 0 ? null : (words[at + 1] ?? null);
		};
		rules.push({
			priority: Number(found[1]),
			from: after("from"),
			inverted: words[0] === "not",
			mark: after("fwmark"),
			iif: after("iif"),
			table:
				after("lookup", "table") ??
				words.findLast((word) => /^(?:unreachable|blackhole|prohibit|goto|nop)$/.test(word)) ??
				"",
			text: rule,
			at: spanOfText(artifact, line),
		});
	}
	return { kind: "ip-rule", rules, remarks: remarksOnLines(artifact, unread, "Not a routing rule, skipped") };
}
