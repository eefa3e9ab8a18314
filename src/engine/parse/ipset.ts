/**
 * `ipset list`, `ipset list NAME`, `ipset save`.
 *
 *     Name: f2b-sshd                                  create blocked hash:net family inet hashsize 1024 maxelem 65536
 *     Type: hash:ip                                   add blocked 203.0.113.0/24
 *     Members:
 *     203.0.113.7 timeout 512
 *
 * Seen: ipset 6.38 to 7.22. `ipset list -t` prints no members: then they are unknown, not none. Not read: XML and JSON
 * output, counters, `ipset list -n`.
 */
import type { NamedSet } from "../netfilter/ruleset";
import type { Artifact, Line } from "../text/evidence";
import { remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedIpset } from "./parsed";

type Draft = {
	name: string;
	type: string;
	/** As the head of the set counts them; older programs do not. */
	entries: number | null;
	elements: string[] | null;
	at: NamedSet["at"];
};

const LABEL = /^(Name|Type|Revision|Header|Size in memory|References|Number of entries|Members): ?(.{0,300})$/;

/** Reads sets and their members. */
export function parseIpset(artifact: Artifact): ParsedIpset {
	const sets: Draft[] = [];
	const byName = new Map<string, Draft>();
	const unread: Line[] = [];
	let open: Draft | null = null;
	const begin = (line: Line, name: string, type: string, elements: string[] | null): Draft => {
		const draft: Draft = { name, type, entries: null, elements, at: spanOfText(artifact, line) };
		sets.push(draft);
		byName.set(name, draft);
		return draft;
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).trim().slice(0, 400);
		const label = LABEL.exec(text);
		const created = /^create (\S{1,64}) ((?:hash|bitmap|list):[\w,]{1,40})\b/.exec(text);
		const added = /^add (\S{1,64}) (\S.{0,200})$/.exec(text);
		if (created?.[1] && created[2]) open = begin(line, created[1], created[2], []);
		else if (added?.[1] && added[2]) byName.get(added[1])?.elements?.push(added[2]);
		else if (label?.[1] === "Name") open = begin(line, (label[2] ?? "").trim(), "", null);
		else if (label && open) {
			if (label[1] === "Type") open.type = (label[2] ?? "").trim();
			else if (label[1] === "Number of entries") open.entries = Number(label[2]);
			else if (label[1] === "Members") open.elements = [];
		} else if (open?.elements && /^[\w:[\].]/.test(text) && !/[;{}=]/.test(text)) open.elements.push(text);
		else unread.push(line);
	}
	return {
		kind: "ipset",
		sets: sets.map(({ entries, elements, ...set }) => ({
			...set,
			// A listing that was cut off shows some members: then the others are unknown, and so is who is not among them.
			elements: entries !== null && elements !== null && elements.length < entries ? null : elements,
			verdicts: null,
		})),
		remarks: remarksOnLines(artifact, unread, "Not a line of a set, skipped"),
	};
}
