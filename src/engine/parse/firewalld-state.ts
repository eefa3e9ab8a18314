/**
 * `firewall-cmd --state`, `--get-active-zones`, `--list-all`, `--list-all-zones`, and firewalld.conf.
 *
 *     running
 *     docker
 *       interfaces: docker0
 *     public (active)
 *       target: default
 *       interfaces: eth0
 *     FirewallBackend=nftables
 *
 * Seen: firewalld 0.8 to 2.3 (`public (default, active)`). `is-active` of several services in a row is read where the
 * command names them. Not read: services, ports and rich rules of a zone.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { programNotFound, readFrom, remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import { parseFailures } from "./log";
import type { ParsedFirewalld, Read } from "./parsed";

type Zone = { name: string; interfaces: string[]; target: string | null; at: Span };

/** Reads whether firewalld runs, with which backend, and which interfaces are in which zone. */
export function parseFirewalldState(artifact: Artifact): ParsedFirewalld {
	let running: Read<boolean> | null = null;
	let backend: Read<string> | null = null;
	const zones = new Map<string, Zone>();
	const settings: ParsedFirewalld["settings"][number][] = [];
	const unread: Line[] = [];
	const nameless: Line[] = [];
	const remarks: ParsedFirewalld["remarks"][number][] = [];
	const states = namesAsked(artifact.command ?? "");
	let position = 0;
	let zone: Zone | null = null;
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const plain = text.trim();
		const setting = /^(?:[^\s=]{1,100}:)?([A-Z][A-Za-z0-9]{2,40})\s?=\s?(\S{0,60})$/.exec(plain);
		const field = /^\s+([a-z][a-z -]{1,30}):\s*(.{0,2000})$/.exec(text);
		// A zone may have the name of a state, but none has: firewalld's own zones and names like `FedoraServer`.
		if (/^(?:not running|FirewallD is not running)\b/i.test(plain)) running ??= readFrom(artifact, line, false);
		else if (plain === "running") running ??= readFrom(artifact, line, true);
		else if (/^(?:active|inactive|failed|activating|unknown)$/.test(plain)) {
			const name = states[position++];
			if (name === "firewalld") running ??= readFrom(artifact, line, plain === "active");
			else if (states.length === 0) nameless.push(line);
		} else if (setting?.[1]) {
			const read = { key: setting[1], value: setting[2] ?? "", at: spanOfText(artifact, line) };
			settings.push(read);
			if (read.key === "FirewallBackend" && read.value !== "") backend ??= { value: read.value, at: read.at };
		} else if (field && zone) {
			const words = (field[2] ?? "").split(/\s+/, 200).filter((word) => word !== "");
			if (field[1] === "interfaces")
				for (const word of words) if (!zone.interfaces.includes(word)) zone.interfaces.push(word);
			if (field[1] === "target") zone.target = words.join(" ") || zone.target;
		} else if (/^[A-Za-z][\w-]{0,30}(?: \([a-z, ]{1,40}\))?$/.test(plain) && !/^\s/.test(text)) {
			const name = plain.split(" ", 1)[0] ?? plain;
			zone = zones.get(name) ?? { name, interfaces: [], target: null, at: spanOfText(artifact, line) };
			zones.set(name, zone);
		} else if (programNotFound(plain)) remarks.push(remark(artifact, line, "`firewall-cmd` is not installed"));
		else if (!/^#|^\s|^You're performing|^Authorization failed|^ufw |^Status: /.test(text)) unread.push(line);
	}
	const [anyState] = nameless;
	if (anyState) remarks.push(remark(artifact, anyState, "States of services whose names were not shown, skipped"));
	// A zone word alone, without a field below it, may be any word; the default zone's name is one (`--get-default-zone`).
	const listed = [...zones.values()];
	if (!running && listed.some(({ interfaces, target }) => interfaces.length > 0 || target !== null)) {
		const [first] = listed;
		if (first) running = { value: true, at: first.at };
	}
	return {
		kind: "firewalld-state",
		running,
		backend,
		zones: listed,
		settings,
		failures: parseFailures(artifact, unread),
		remarks: [...remarks, ...remarksOnLines(artifact, unread, "Not read as a state of firewalld, skipped")],
	};
}

function namesAsked(command: string): readonly string[] {
	const names = /\bis-active\s+([^|;&]{1,500})/.exec(command.slice(0, 1000))?.[1] ?? "";
	return names
		.split(/\s+/)
		.flatMap((word) => (/^[\w@.-]{1,80}$/.test(word) && !word.startsWith("-") ? [word.replace(/\.service$/, "")] : []));
}
