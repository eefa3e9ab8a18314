/**
 * `brctl show`, `bridge link`, `bridge vlan`.
 *
 *     bridge name     bridge id               STP enabled     interfaces
 *     docker0         8000.02421a2b3c4d       no              veth3a1b2c3
 *                                                             veth77c1d2e
 *     5: veth3a1b2c3@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master docker0 state forwarding priority 32 cost 2
 *
 * Seen: bridge-utils 1.5 to 1.7, iproute2 5.10 to 6.15. Not read: the states of ports, VLANs, `-json`.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedBridgePorts } from "./parsed";

type Draft = { readonly name: string; readonly ports: string[]; readonly at: Span };

/** Reads which interfaces hang on which bridge. */
export function parseBridgePorts(artifact: Artifact): ParsedBridgePorts {
	const bridges = new Map<string, Draft>();
	const unread: Line[] = [];
	let complete = false;
	let current: Draft | null = null;
	const open = (name: string, line: Line): Draft => {
		const known = bridges.get(name) ?? { name, ports: [], at: spanOfText(artifact, line) };
		bridges.set(name, known);
		return known;
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line).slice(0, 400);
		const row = /^\s*(\S{1,32})\s+[\da-f]{4}\.[\da-f]{12}\s+(?:yes|no)(?:\s+(\S{1,32}))?\s*$/.exec(text);
		const port = /^\s*\d{1,6}: ([^\s:@]{1,32})\S{0,33} <.{0,200} master (\S{1,32}) state /.exec(text);
		if (/^bridge name\s+bridge id/.test(text.trim())) complete = true;
		else if (row?.[1]) {
			current = open(row[1], line);
			if (row[2]) current.ports.push(row[2]);
		} else if (port?.[1] && port[2]) open(port[2], line).ports.push(port[1]);
		else if (current && /^\s+\S{1,32}\s*$/.test(text)) current.ports.push(text.trim());
		else if (!/^\s|^port\s+vlan|^\S{1,32}\s+\d{1,4}\b/.test(text)) unread.push(line);
	}
	return {
		kind: "bridge-ports",
		bridges: [...bridges.values()],
		complete,
		remarks: remarksOnLines(artifact, unread, "Not a port of a bridge, skipped"),
	};
}
