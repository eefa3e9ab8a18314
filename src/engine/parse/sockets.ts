/**
 * Listening sockets: `ss -ltnp`, `ss -lntup`, `netstat -tlnp`, `lsof -i -P -n`, on the host or in a container.
 *
 *     State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
 *     LISTEN 0      4096         0.0.0.0:8080      0.0.0.0:*    users:(("docker-proxy",pid=178,fd=4))
 *
 *     $ docker exec web netstat -ltn
 *     tcp        0      0 :::80                   :::*                    LISTEN
 *
 * Seen: iproute2 4.9 to 6.15 (with and without `Netid`, old `users:(("nginx",1234,6))`), net-tools, busybox. ss prints
 * `*` for a socket that takes both families and, before iproute2 4.15, for every IPv4 address: both take IPv4, so it
 * is given as 0.0.0.0. Not read: established connections, unix sockets.
 */
import type { Artifact, Line } from "../text/evidence";
import { isClientMessage } from "./docker-answer";
import { remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ListeningSocket, ParsedSockets } from "./parsed";

// What /etc/services says for ports people publish, when -n was forgotten.
const SERVICES = new Map([
	["http", 80],
	["https", 443],
	["ssh", 22],
	["domain", 53],
	["http-alt", 8080],
	["webcache", 8080],
	["mysql", 3306],
	["postgresql", 5432],
	["smtp", 25],
]);

/** Reads listening sockets, each with the container it was seen in. */
export function parseSockets(artifact: Artifact): ParsedSockets {
	const sockets: ListeningSocket[] = [];
	const unread: Line[] = [];
	let processesShown = false;
	let complete = false;
	let container = containerOf(artifact.command ?? "");
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const typed = /^\s*(?:\S{0,60}[$#>]\s+)?((?:sudo )?(?:docker|podman|nerdctl|nsenter|ss|netstat)\s.{1,500})$/.exec(
			text,
		);
		if (typed?.[1]) {
			container = containerOf(typed[1]);
			continue;
		}
		if (/PID\/Program name/.test(text)) processesShown = true;
		if (/^\s*(?:Netid\s|State\s+Recv-Q|Proto\s+Recv-Q)/.test(text)) complete = true;
		const socket = readRow(artifact, line, text, container);
		if (socket === "other") continue;
		if (socket) {
			if (socket.process !== null) processesShown = true;
			sockets.push(socket);
		} else if (!isFrame(text)) unread.push(line);
	}
	return {
		kind: "sockets",
		sockets,
		processesShown,
		complete,
		remarks: remarksOnLines(artifact, unread, "Not a socket, skipped"),
	};
}

function readRow(
	artifact: Artifact,
	line: Line,
	text: string,
	container: string | null,
): ListeningSocket | "other" | null {
	const words = text.trim().split(/\s+/, 40);
	const family = /^(tcp|udp)(?:6|46|4)?$/.exec(words[0] ?? "")?.[1];
	if (/^(?:u_str|u_dgr|u_seq|unix|nl|p_raw|p_dgr|icmp6|raw6?|sctp|v_str|mptcp)$/.test(words[0] ?? "")) return "other";
	const states = words.filter((word) =>
		/^(?:LISTEN|UNCONN|\(LISTEN\)|ESTAB|ESTABLISHED|TIME[-_]WAIT|CLOSE[-_]WAIT|SYN[-_]\w{3,4}|FIN[-_]WAIT\d?|FIN[-_]WAIT[-_]\d|LAST[-_]ACK|CLOSING|CLOSED?)$/.test(
			word,
		),
	);
	const state = states[0];
	if (state && !/LISTEN|UNCONN/.test(state)) return "other";
	const isLsof = words.includes("(LISTEN)");
	if (!family && !state) return null;
	// The local address is the first word with a port; ss, netstat and lsof all print it before the peer's.
	const local = words.find((word) => /^\S*[:.](?:\d{1,5}|\*|[a-z][a-z0-9-]{1,20})$/.test(word) && /:/.test(word));
	const ends = local ? splitPort(local) : null;
	if (!ends) return null;
	const protocol =
		family === "udp" || (!family && state === "UNCONN") || (isLsof && words.includes("UDP")) ? "udp" : "tcp";
	// netstat lists connected UDP sockets without a state: a peer port means that it is no server.
	const peer = words[words.indexOf(local ?? "") + 1] ?? "";
	if (protocol === "udp" && /:\d{1,5}$/.test(peer)) return "other";
	const owner = isLsof ? { process: words[0] ?? null, pid: Number(words[1]) || null } : ownerOf(text);
	return { protocol, ...ends, ...owner, container, at: spanOfText(artifact, line) };
}

function splitPort(word: string): { readonly address: string; readonly port: number } | null {
	const cut = word.lastIndexOf(":");
	const portText = word.slice(cut + 1);
	const port = /^\d{1,5}$/.test(portText) ? Number(portText) : SERVICES.get(portText);
	if (port === undefined || port > 65535) return null;
	// `127.0.0.53%lo`, `[fe80::1]%eth0`
	const address = word
		.slice(0, cut)
		.replace(/%[\w.-]{1,20}/, "")
		.replace(/^\[|\]$/g, "")
		.replace(/^::ffff:(?=\d)/, "");
	return { address: address === "*" || address === "" ? "0.0.0.0" : address, port };
}

function ownerOf(text: string): { readonly process: string | null; readonly pid: number | null } {
	const ss = /users:\(\("([^"]{1,64})",(?:pid=)?(\d{1,10})/.exec(text);
	if (ss?.[1]) return { process: ss[1], pid: Number(ss[2]) };
	const netstat = /\s(\d{1,10})\/(\S.{0,63})$/.exec(text.trimEnd());
	return netstat?.[2]
		? { process: netstat[2].trim().replace(/:.*$/, ""), pid: Number(netstat[1]) }
		: { process: null, pid: null };
}

/** The container of `docker exec [OPTIONS] NAME …`; null on the host. Also used for a namespace that nsenter enters. */
export function containerOf(command: string): string | null {
	const words = command.slice(0, 1000).trim().split(/\s+/);
	const enter = words.findIndex((word) => word === "nsenter" || word.endsWith("/nsenter"));
	// Somebody else's network namespace; its container is not named.
	if (enter >= 0)
		return `pid ${/-t\s*(\d{1,10})|--target[= ](\d{1,10})/.exec(command.slice(0, 1000))?.[1] ?? "unknown"}`;
	const exec = words.findIndex((word, index) => word === "exec" && index > 0);
	if (exec < 0) return null;
	const takesValue = /^(?:-[eupw]|--(?:env|env-file|user|workdir|detach-keys|index))$/;
	for (let index = exec + 1; index < words.length; index++) {
		const word = words[index] ?? "";
		if (takesValue.test(word)) index++;
		else if (!word.startsWith("-")) return word.replace(/^\//, "");
	}
	return null;
}

function isFrame(text: string): boolean {
	return (
		/^\s*(?:Netid\s+)?State\s+Recv-Q|^\s*Netid\b|^\s*Proto\s+Recv-Q|^Active |^COMMAND\s+PID|^\(Not all processes|^\s*will not be shown|^\s*you would have to be root|^\(No info could be read/.test(
			text,
		) ||
		// Localised headings of netstat: `Aktive Internetverbindungen (Nur Server)`, `Proto Recv-Q …`.
		/^\S{3,20} \S{3,30} \(.{3,30}\)$/.test(text) ||
		isClientMessage(text)
	);
}
