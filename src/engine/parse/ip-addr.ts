/**
 * Interfaces and their addresses: `ip addr`, `ip -br addr`, `ip -o addr`, `ip link`, `ifconfig`.
 *
 *     3: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default
 *         inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
 *     5: veth992ea4e@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master docker0 state UP group default
 *
 * `up` is the flag UP: a bridge without containers has no carrier and `state DOWN`, and that is as it should be. The
 * brief form prints only the state, so DOWN leaves it open there. Seen: iproute2 4.9 to 6.15, busybox, net-tools 1.60
 * and 2.10. Not read: JSON output, statistics.
 */
import { formatPrefix, parseAddress, parsePrefix } from "../netfilter/address";
import type { Artifact, Line } from "../text/evidence";
import type { Span } from "../text/span";
import { programNotFound, readFrom, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedIpAddr, Read } from "./parsed";

type Draft = { name: string; up: boolean | null; master: string | null; addresses: string[]; idle?: true; at: Span };

const NAME = "[^\\s:@/]{1,32}";
const HEADING = new RegExp(`^\\s*\\d{1,6}:\\s+(${NAME})(?:@${NAME})?:?\\s+<([A-Z0-9_,-]{0,200})>`);
const ONE_LINE = new RegExp(`^\\s*\\d{1,6}:\\s+(${NAME})(?:@${NAME})?\\s+inet6? (\\S{3,50})`);
const BRIEF = new RegExp(
	`^(${NAME})(?:@${NAME})?\\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT)(?:\\s+(\\S.*))?$`,
);
// net-tools 2: `docker0: flags=4163<UP,BROADCAST>  mtu 1500`; net-tools 1 and busybox: `docker0   Link encap:Ethernet`.
const IFCONFIG = /^([^\s:]{1,32})(?:: flags=\d{1,8}<([A-Z0-9_,-]{0,200})>|(?::\d{1,4})?\s+Link encap:)/;

/** Reads interfaces. */
export function parseIpAddr(artifact: Artifact): ParsedIpAddr {
	const found = new Map<string, Draft>();
	const missing: Read<string>[] = [];
	const unread: Line[] = [];
	let current: Draft | null = null;
	const open = (name: string, line: Line, up: boolean | null): Draft => {
		const before = found.get(name);
		if (before) {
			before.up ??= up;
			return before;
		}
		const draft: Draft = { name, up, master: null, addresses: [], at: spanOfText(artifact, line) };
		found.set(name, draft);
		return draft;
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const heading = HEADING.exec(text);
		const oneLine = ONE_LINE.exec(text);
		const brief = BRIEF.exec(text);
		const ifconfig = IFCONFIG.exec(text);
		const absent =
			/Device "?([^"\s]{1,32})"? does not exist|(?:^|: )([^\s:]{1,32}): error fetching interface information: Device not found/.exec(
				text,
			);
		if (absent) missing.push(readFrom(artifact, line, absent[1] ?? absent[2] ?? ""));
		else if (heading?.[1]) {
			current = open(heading[1], line, (heading[2] ?? "").split(",").includes("UP"));
			current.master ??= /\smaster (\S{1,32})/.exec(text)?.[1] ?? null;
		} else if (oneLine?.[1] && oneLine[2]) addAddress(open(oneLine[1], line, null), oneLine[2]);
		else if (brief?.[1]) {
			const flags = /<([A-Z0-9_,-]{0,200})>/.exec(brief[3] ?? "")?.[1]?.split(",");
			current = open(
				brief[1],
				line,
				flags ? flags.includes("UP") : brief[2] === "UP" || brief[2] === "UNKNOWN" ? true : null,
			);
			if (!flags && brief[2] === "DOWN") current.idle = true;
			for (const word of (brief[3] ?? "").split(/\s+/, 64)) addAddress(current, word);
		} else if (ifconfig?.[1]) {
			current = open(ifconfig[1], line, ifconfig[2] === undefined ? null : ifconfig[2].split(",").includes("UP"));
		} else if (current) readDetail(current, text);
		else if (!programNotFound(text)) unread.push(line);
	}
	const interfaces = [...found.values()];
	return {
		kind: "ip-addr",
		interfaces,
		missing,
		complete: interfaces.some(({ name }) => name === "lo" || name === "lo0"),
		remarks: remarksOnLines(artifact, unread, "Not an interface, skipped"),
	};
}

function readDetail(draft: Draft, text: string): void {
	// net-tools 1 and busybox print the flags on a line of their own.
	const inet = /^\s+inet6? (?:addr: ?)?(\S{3,50})/.exec(text)?.[1];
	if (inet) {
		const mask = /\snetmask (\S{7,15})|\sMask:(\S{7,15})/.exec(text);
		const length = /\sprefixlen (\d{1,3})/.exec(text)?.[1];
		const tail = mask?.[1] ?? mask?.[2] ?? length;
		addAddress(draft, inet.includes("/") || !tail ? inet : `${inet}/${tail}`);
	} else if (/^\s+UP\s[A-Z ]{0,80}(?:MTU|$)/.test(text)) draft.up = true;
	else if (/^\s+(?:BROADCAST|POINTOPOINT|LOOPBACK)\s[A-Z ]{0,80}MTU/.test(text)) draft.up = false;
}

function addAddress(draft: Draft, word: string): void {
	const bare = word.includes("/") ? null : parseAddress(word);
	const prefix = bare ? { address: bare, length: bare.family === 4 ? 32 : 128 } : parsePrefix(word);
	const text = prefix && formatPrefix(prefix);
	if (text && !draft.addresses.includes(text)) draft.addresses.push(text);
}
