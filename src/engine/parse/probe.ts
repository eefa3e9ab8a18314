/**
 * Tries to reach a port: curl, wget, nc, telnet, nmap, a browser's error, typed at a prompt or their bare messages.
 *
 *     docker01:~# curl -sS -m 3 http://127.0.0.1:8080/
 *     curl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Couldn't connect to server
 *     client:~$ curl -sS -m 3 http://192.168.56.10:8080/
 *     curl: (28) Connection timed out after 3001 milliseconds
 *
 * `Connection timed out` never got a connection; `Operation timed out … with 0 bytes received` did, and nothing came
 * through it (curl lib/multi.c: the first is said while connecting). Since 7.8x curl says `Couldn't connect to server`
 * for a refusal, an ICMP rejection and a time-out of the kernel alike; how long it took tells them apart. Seen: curl
 * 7.64 to 8.17, GNU and busybox wget, OpenBSD, traditional and busybox nc, ncat. Not read: ping, which asks no port.
 */
import type { Artifact, Line } from "../text/evidence";
import type { Remark } from "../text/span";
import { programNotFound, remark, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedProbes, Probe } from "./parsed";
import { type ProbeTarget, portOf, probeTarget, urlTarget } from "./probe-command";

/** What one line of output says about the try; the fields it does not mention are absent. */
type Answer = {
	readonly outcome: Probe["outcome"];
	readonly seconds?: number | null;
	readonly address?: string | null;
	readonly port?: number | null;
};

type Try = {
	readonly target: ProbeTarget | null;
	readonly host: string | null;
	readonly command: Line | null;
	readonly output: Line[];
};

/** Reads every try of a transcript. */
export function parseProbes(artifact: Artifact): ParsedProbes {
	const probes: Probe[] = [];
	const remarks: Remark[] = [];
	for (const one of triesOf(artifact)) {
		const found = one.target || one.command ? ofTry(artifact, one) : ofBareLines(artifact, one.output);
		probes.push(...found);
		if (found.length > 0) continue;
		const line = one.command ?? one.output[0];
		if (line)
			remarks.push(
				remark(
					artifact,
					line,
					one.target ? "Printed nothing: whether it got through is open" : "Not a try to reach a port, skipped",
				),
			);
	}
	return { kind: "probes", probes, remarks };
}

// `user@host:~$ `, `host:~# `, `[user@host dir]# `, `$ `, `# `, `PS C:\> `: what is left when a transcript was not cut.
const PROMPT =
	/^\s*(?:\[([\w.@-]{1,100})[^\]]{0,100}\]|([\w.-]{1,64}@[\w.-]{1,100}|[\w.-]{1,100}):\S{0,100}|PS [A-Z]:[^>]{0,100}|)\s?[$#>%]\s+/;

function triesOf(artifact: Artifact): readonly Try[] {
	const host = artifact.host ?? null;
	const target = artifact.command ? probeTarget(artifact.command) : null;
	let current: Try = { target, host, command: null, output: [] };
	const tries: Try[] = [current];
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const prompt = PROMPT.exec(text);
		const typed = prompt ? text.slice(prompt[0].length) : text;
		// Without a prompt only a line that begins like a command is one: a page may well speak of curl.
		const next = prompt || /^(?:sudo )?(?:curl|wget|nc|ncat|telnet)\s+\S/.test(text) ? probeTarget(typed) : null;
		if (next || prompt?.[1] || prompt?.[2]) {
			current = { target: next, host: prompt?.[1] ?? prompt?.[2] ?? host, command: next ? line : null, output: [] };
			tries.push(current);
		} else current.output.push(line);
	}
	return tries.filter(
		(one) => one.command !== null || one.output.length > 0 || (one.target !== null && tries.length === 1),
	);
}

function ofTry(artifact: Artifact, one: Try): readonly Probe[] {
	let best: { readonly answer: Answer; readonly line: Line } | null = null;
	let connected: Line | null = null;
	let body: Line | null = null;
	let address: string | null = null;
	let port: number | null = null;
	for (const line of one.output) {
		const text = textOf(line);
		const answer = answerOf(text);
		if (answer) {
			address ??= answer.address ?? null;
			port ??= answer.port ?? null;
			// An answer stands against a later complaint about it; else the last word counts (curl tries ::1 first).
			if (best?.answer.outcome !== "answered" || answer.outcome === "answered") best = { answer, line };
			continue;
		}
		if (isConnected(text)) connected = line;
		else if (isInterrupted(text))
			best ??= { answer: { outcome: connected ? "empty" : "timed-out", seconds: secondsIn(text) }, line };
		else if (!isChatter(text) && !programNotFound(text)) body ??= line;
	}
	const program = one.target?.program ?? "";
	const talks = !/^(?:nc|ncat|netcat|telnet|nmap)$/.test(program);
	if (!best && body && talks) best = { answer: { outcome: "answered" }, line: body };
	if (!best && connected && !talks) best = { answer: { outcome: "answered" }, line: connected };
	// Bytes came before the complaint: `curl: (18) transfer closed` after half a page, `curl: (22)` with -f.
	if (best && body && talks && best.answer.outcome === "empty")
		best = { answer: { ...best.answer, outcome: "answered" }, line: best.line };
	if (!best) return [];
	return [
		{
			address: one.target?.address ?? address,
			port: one.target?.port ?? port,
			host: one.host,
			outcome: best.answer.outcome,
			seconds: best.answer.seconds ?? null,
			...(one.target?.fromContainer ? { fromContainer: true as const } : {}),
			at: spanOfText(artifact, best.line),
		},
	];
}

/** Messages without the command that caused them: each is a try of its own. */
function ofBareLines(artifact: Artifact, lines: readonly Line[]): readonly Probe[] {
	return lines.flatMap((line) => {
		const answer = answerOf(textOf(line));
		if (!answer) return [];
		const { address = null, port = null, outcome, seconds = null } = answer;
		return [{ address, port, host: artifact.host ?? null, outcome, seconds, at: spanOfText(artifact, line) }];
	});
}

// What errno says, in the languages of GNU wget and of the C library that people paste most.
const REFUSED =
	/connection refused|verbindungsaufbau abgelehnt|verbindung abgelehnt|connexion refus|conexi.n rehusada|conex.o recusada|connessione rifiutata|в соединении отказано|拒绝连接|接続を拒否/i;
const TIMED_OUT =
	/timed? ?out|zeitüberschreitung|délai d'attente|tiempo de espera|tempo esgotado|连接超时|превышен|타임아웃/i;
const UNREACHABLE =
	/no route to host|host is unreachable|network is unreachable|host unreachable|network unreachable|destination .{0,20}unreachable|keine route zum|aucun chemin|административ|prohibited/i;
const RESET =
	/connection reset|recv failure|empty reply|no data received|connection closed|unexpected eof|broken pipe|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|read error/i;

/** What a line of output says about the try, or null for a line that says nothing about it. */
function answerOf(text: string): Answer | null {
	const curl = /curl: \((\d{1,2})\) ?(.{0,500})/.exec(text);
	if (curl?.[1]) return ofCurl(Number(curl[1]), curl[2] ?? "");
	const line = text.trim();
	if (
		/^(?:HTTP\/\d(?:\.\d)? \d{3}|< HTTP\/\d)/.test(line) ||
		/response\.{3} \d{3}|wget: server returned error: HTTP|\b(?:ERROR|FEHLER) \d{3}: /.test(line)
	)
		return { outcome: "answered" };
	const nmap = /^(\d{1,5})\/(?:tcp|udp)\s+(open|closed|filtered)(?:\s|$)/.exec(line);
	if (nmap?.[1])
		return {
			outcome: nmap[2] === "open" ? "answered" : nmap[2] === "closed" ? "refused" : "timed-out",
			port: portOf(nmap[1]),
		};
	const windows = /^TcpTestSucceeded\s*:\s*(True|False)/.exec(line);
	if (windows) return { outcome: windows[1] === "True" ? "answered" : "failed" };
	const browser =
		/\bERR_(CONNECTION_REFUSED|CONNECTION_TIMED_OUT|TIMED_OUT|EMPTY_RESPONSE|CONNECTION_RESET|ADDRESS_UNREACHABLE|NAME_NOT_RESOLVED)\b/.exec(
			line,
		)?.[1];
	if (browser) {
		const outcome = browser.endsWith("REFUSED")
			? "refused"
			: browser.endsWith("TIMED_OUT")
				? "timed-out"
				: browser.endsWith("UNREACHABLE")
					? "unreachable"
					: browser.startsWith("NAME")
						? "failed"
						: "empty";
		return { outcome };
	}
	const isTool =
		/^(?:wget|nc|ncat|Ncat|netcat|telnet|http|bash|sh|-bash|zsh): ?|^\(UNKNOWN\) |^Connect(?:ing|ion) to |^Verbindungsaufbau zu |^Connexion à |^Read error|^No data received|^\* +(?:connect to|Failed to connect|Closing|Recv failure|Empty reply|Connection timed out|Operation timed out)|^Connection (?:refused|closed by foreign|timed out)|^Failed to connect|^telnet: /i.test(
			line,
		);
	if (!isTool) return null;
	const where = placeIn(line);
	if (REFUSED.test(line)) return { outcome: "refused", ...where };
	if (/^Read error|^wget: error getting response|Recv failure|Empty reply/i.test(line.replace(/^\* +/, "")))
		return { outcome: "empty", ...where };
	if (UNREACHABLE.test(line)) return { outcome: "unreachable", ...where };
	if (/^\* +Operation timed out/.test(line)) return ofTimeOut(line, where);
	if (TIMED_OUT.test(line)) return { outcome: "timed-out", ...where };
	if (RESET.test(line) && !/^\* +Closing/.test(line)) return { outcome: "empty", ...where };
	if (
		/bad address|unknown host|name or service not known|could not resolve|unable to resolve|name resolution/i.test(line)
	)
		return { outcome: "failed" };
	if (/\bsucceeded!|\) open$/.test(line)) return { outcome: "answered", ...where };
	return null;
}

function ofCurl(code: number, says: string): Answer {
	const where = placeIn(says);
	const millis = /after (\d{1,9}) (?:ms|milliseconds)/.exec(says)?.[1];
	const seconds = millis === undefined ? null : Number(millis) / 1000;
	const known = { ...where, seconds };
	switch (code) {
		case 7:
			if (REFUSED.test(says)) return { outcome: "refused", ...known };
			if (UNREACHABLE.test(says)) return { outcome: "unreachable", ...known };
			if (TIMED_OUT.test(says)) return { outcome: "timed-out", ...known };
			// No word about why: a neighbour that does not answer ARP takes 3 s, a time-out of the kernel 60 s and more.
			return {
				outcome: seconds === null || seconds < 2 ? "refused" : seconds < 20 ? "unreachable" : "timed-out",
				...known,
			};
		case 28:
			return ofTimeOut(says, known);
		// 35: the TLS handshake met a closed connection, or something that speaks no TLS, which is an answer.
		case 35:
			return {
				outcome: /wrong version|unknown protocol|alert|unsupported|handshake failure/i.test(says)
					? "answered"
					: "empty",
				...known,
			};
		case 52:
		case 55:
		case 56:
			return { outcome: "empty", ...known };
		case 1:
			// HTTP/0.9 and other protocols: bytes came that are no HTTP.
			return { outcome: /HTTP\/0\.9/.test(says) ? "answered" : "failed", ...known };
		case 8:
		case 18:
		case 22:
		case 23:
		case 47:
		case 51:
		case 60:
		case 61:
		case 63:
		case 92:
			return { outcome: "answered", ...known };
		default:
			return { outcome: "failed", ...known };
	}
}

function ofTimeOut(says: string, known: Omit<Answer, "outcome">): Answer {
	const millis = /after (\d{1,9}) (?:ms|milliseconds)/.exec(says)?.[1];
	const seconds = millis === undefined ? null : Number(millis) / 1000;
	const received = /with (\d{1,15}) (?:out of -?\d{1,15} )?bytes received/.exec(says)?.[1];
	if (received !== undefined) return { outcome: Number(received) > 0 ? "answered" : "empty", ...known, seconds };
	if (/SSL connection timeout/i.test(says)) return { outcome: "empty", ...known, seconds };
	if (/resolv/i.test(says)) return { outcome: "failed", ...known, seconds };
	return { outcome: "timed-out", ...known, seconds };
}

/** Address and port as messages name them. */
function placeIn(text: string): { readonly address?: string; readonly port?: number } {
	const found =
		/ to \[?([\w.:-]{2,253}?)\]?(?: \([^)]{0,100}\))?(?: port |, port | )(\d{1,5})\b/.exec(text) ??
		/ to ([\w.-]{1,253}|\[[\w:.]{2,60}\]):(\d{1,5})\b/.exec(text) ??
		/\[([\w.:]{2,60})\] (\d{1,5})\b/.exec(text) ??
		/\(([\d.]{7,15}|[0-9a-f:]{2,45})\)\|?:(\d{1,5})?/.exec(text);
	if (!found?.[1]) return {};
	const { address } = urlTarget(found[1].includes(":") && !found[1].startsWith("[") ? `[${found[1]}]` : found[1]);
	const port = portOf(found[2] ?? "");
	return { ...(address ? { address } : {}), ...(port ? { port } : {}) };
}

function isConnected(text: string): boolean {
	return /^\* +Connected to |^\*? ?Established connection to |^(?:Ncat: )?Connected to |connected\.$|verbunden\.$|connecté\.$|succeeded!$|^Escape character is/i.test(
		text.trim(),
	);
}

function isInterrupted(text: string): boolean {
	return /^\^C|\^C$|interrupted|^\(no answer|^Terminated$|^Killed$/.test(text.trim());
}

function secondsIn(text: string): number | null {
	const found = /\b(?:after|for) (\d{1,6}) ?s\b/.exec(text)?.[1];
	return found === undefined ? null : Number(found);
}

// Progress, verbose lines, and what wget and telnet say before anything happens: none of it came from the other side.
function isChatter(text: string): boolean {
	return (
		/^\s*$|^[*>{}] |^[*>]$|^\s*%\s+Total|^\s+Dload\s|^\s*\d{1,3}\s+\S{1,8}\s+\d{1,3}\s|^--\d{4}-\d\d-\d\d |^Trying |^Resolving |^Connecting to |^Auflösen|^Verbindungsaufbau zu|^(?:HTTP|HTTP-)\w{0,12}[ -]?(?:request sent|Anforderung)|^Retrying\.|^Giving up\.|^Starting Nmap|^Nmap |^Host is up|^PORT\s+STATE|^Spider mode|^Ncat: Version|^\s*0{3}$|^(?:ComputerName|RemoteAddress|RemotePort|InterfaceAlias|SourceAddress|PingSucceeded|PingReplyDetails)\s*|^real\s|^user\s|^sys\s|^exit \d|^Command exited|^WARNING: TCP connect/.test(
			text,
		) || /^curl: \(|^wget: |^nc: /.test(text)
	);
}
