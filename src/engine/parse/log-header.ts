import { clockTime, readIsoTime, unixTime } from "./log-time";

/**
 * What stands before the message of a log line, whoever wrote it there, up to five layers deep.
 *
 *     Nov 23 07:08:21 docker01 dockerd[4022]: …                    journald short, syslog RFC 3164, short-precise
 *     Mon 2026-11-23 07:08:21 UTC docker01 dockerd[4022]: …        short-full, with-unit (docker.service[4022])
 *     2026-11-23T07:08:21.869789+0000 docker01 dockerd[4022]: …    short-iso(-precise), rsyslog high precision
 *     [12345.678901] docker01 dockerd[4022]: …                     short-monotonic; without host: dmesg
 *     <30>1 2026-11-23T07:08:21.869Z docker01 dockerd 4022 - - …   RFC 5424
 *     Nov 23 07:08:21 docker01 daemon.info dockerd[402]: …         busybox
 *     [2026-11-23T07:08:21.869789766Z][dockerd] …                  Docker Desktop
 *     2026-11-23T07:08:21.8697897Z …                               GitHub Actions, kubectl logs --timestamps
 *     docker-1  | …                                                docker compose logs
 *
 * Not read: seconds since boot as a time, and zone names other than UTC and GMT.
 */
export type LogHeader = {
	/** Column at which the message begins. */
	readonly body: number;
	readonly time: number | null;
	/** Who speaks, lower case: `dockerd`, `kernel`, `systemd`, `firewalld`…; null when the header does not say. */
	readonly program: string | null;
	readonly pid: string | null;
	readonly level: Level | null;
};

export type Level = "debug" | "info" | "warning" | "error" | "fatal";

const LEVELS: ReadonlyMap<string, Level> = new Map<string, Level>([
	["trace", "debug"],
	["trac", "debug"],
	["debug", "debug"],
	["debu", "debug"],
	["info", "info"],
	["notice", "info"],
	["warning", "warning"],
	["warn", "warning"],
	["error", "error"],
	["erro", "error"],
	["err", "error"],
	["crit", "fatal"],
	["alert", "fatal"],
	["emerg", "fatal"],
	["fatal", "fatal"],
	["fata", "fatal"],
	["panic", "fatal"],
	["pani", "fatal"],
]);

/** The level a word means, whatever program used it. */
export function readLevel(word: string): Level | null {
	return LEVELS.get(word.toLowerCase()) ?? null;
}

/** Syslog severities 0 to 7, as in `<30>` and journald's PRIORITY. */
export function levelOfSeverity(severity: number): Level | null {
	if (!(severity >= 0 && severity <= 7)) return null;
	if (severity <= 2) return "fatal";
	if (severity === 3) return "error";
	if (severity === 4) return "warning";
	return severity === 7 ? "debug" : "info";
}

/** One name for a program, whatever unit, snap or wrapper carried it. */
export function programName(identifier: string, pid: string | null): string {
	const name = identifier.toLowerCase().replace(/[()]/g, "");
	if (name === "init.scope" || (pid === "1" && name.startsWith("systemd"))) return "systemd";
	// snap.docker.dockerd.service, docker.dockerd, docker.service (-o with-unit), dockerd-rootless.sh
	if (/^(?:snap\.)?docker(?:\.dockerd)?(?:\.service)?$|^dockerd(?:-|$)|^docker\.dockerd/.test(name)) return "dockerd";
	return name.endsWith(".service") ? name.slice(0, -".service".length) : name;
}

// A host may not end in a colon, or `2016-09-12 17:46:49 ERROR: COMMAND_FAILED: …` would be host ERROR.
// Without [pid] only programs we know are taken: `iptables failed: …` after a CI time stamp is no host and program.
const HOST_AND_PROGRAM =
	/^([^\s:]{1,255}) (?:(?:kern|user|daemon|auth|authpriv|syslog|cron|local\d)\.(\w{3,7}) )?(?:([^\s:[\]]{1,80})\[(\d{1,10})\]|(kernel|dockerd|docker|systemd|firewalld|sudo|containerd)):\s?/;
const PROGRAM_ALONE = /^(?:([^\s:[\]]{1,80})\[(\d{1,10})\]|(kernel|dockerd|firewalld|systemd)):\s/;
const RFC5424 = /^(\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|\[[^\]]{0,400}\](?:\[[^\]]{0,400}\]){0,4})(?: |$)/;
const CLOCK = /^([A-Za-zÀ-ÿ]{3,5})\.?\s{1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s/;
const DMESG_CLOCK = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]\s?/;
const MONOTONIC = /^\[\s{0,10}\d{1,9}\.\d{3,9}\](?:\s|$)/;
const UNIX = /^(\d{10}\.\d{3,9}) (?=\S{1,255} \S{1,96}: )/;
const DMESG_LEVEL = /^(?:kern|user|daemon|syslog)\s{0,6}:(emerg|alert|crit|err|warn|notice|info|debug)\s{0,6}:\s/;
const COMPOSE = /^[A-Za-z0-9][\w.-]{0,80}\s{1,24}\|\s/;
const DESKTOP_TAG = /^\[(dockerd|containerd|init|vpnkit|com\.docker\.[\w.-]{1,40}|[IWEDF])\]\s?/;
const PRIORITY = /^<(\d{1,3})>(1 )?/;

type Header = { body: number; time: number | null; program: string | null; pid: string | null; level: Level | null };

/** Reads the layers before the message. A line without any has `body` 0. */
export function readLogHeader(text: string): LogHeader {
	const header: Header = { body: 0, time: null, program: null, pid: null, level: null };
	// No header is longer, and no pattern needs to see more.
	const head = text.slice(0, 700);
	for (let layer = 0; layer < 6; layer += 1) {
		const taken = readLayer(head.slice(header.body), header, layer);
		if (taken === 0) break;
		header.body += taken;
	}
	return header;
}

/** Takes one layer off and writes what it says into `header`. Answers the number of characters taken. */
function readLayer(rest: string, header: Header, layer: number): number {
	const priority = layer === 0 ? PRIORITY.exec(rest) : null;
	if (priority !== null) {
		header.level ??= levelOfSeverity(Number(priority[1]) & 7);
		if (priority[2] === undefined) return priority[0].length;
		const iso = readIsoTime(rest.slice(priority[0].length));
		const after = priority[0].length + (iso === null ? 1 : iso.length) + 1;
		const fields = RFC5424.exec(rest.slice(after));
		if (fields === null) return priority[0].length;
		header.time ??= iso?.time ?? null;
		header.pid = fields[3] ?? null;
		header.program = programName(fields[2] ?? "", header.pid);
		return after + fields[0].length;
	}
	if (header.time === null || header.program === null) {
		const time = readTimeLayer(rest, header);
		if (time > 0) return time + readSpeaker(rest.slice(time), header);
	}
	const alone = PROGRAM_ALONE.exec(rest);
	if (alone !== null && header.program === null) {
		header.pid = alone[2] ?? null;
		header.program = programName(alone[1] ?? alone[3] ?? "", header.pid);
		return alone[0].length;
	}
	const boot = MONOTONIC.exec(rest);
	if (boot !== null) {
		const spoken = readSpeaker(rest.slice(boot[0].length), header);
		header.program ??= "kernel";
		return boot[0].length + spoken;
	}
	const dmesg = DMESG_LEVEL.exec(rest);
	if (dmesg !== null) {
		header.level ??= readLevel(dmesg[1] ?? "");
		header.program ??= "kernel";
		return dmesg[0].length;
	}
	const tag = header.time !== null ? DESKTOP_TAG.exec(rest) : null;
	if (tag !== null) {
		if (tag[1] === "E" || tag[1] === "F") header.level ??= "error";
		else if (tag[1] === "W") header.level ??= "warning";
		else if (tag[1] !== "I" && tag[1] !== "D") header.program ??= tag[1] ?? null;
		return tag[0].length;
	}
	const compose = layer === 0 ? COMPOSE.exec(rest) : null;
	return compose === null ? 0 : compose[0].length;
}

function readTimeLayer(rest: string, header: Header): number {
	const bracket = rest.startsWith("[") ? 1 : 0;
	const weekday = /^[A-Za-zÀ-ÿ]{2,4}\.? (?=\d{4}-\d\d-\d\d )/.exec(rest)?.[0].length ?? 0;
	const lead = Math.max(bracket, weekday);
	const iso = readIsoTime(rest.slice(lead));
	if (iso !== null) {
		let end = lead + iso.length;
		if (bracket === 1 && rest[end] === "]") end += 1;
		header.time ??= iso.time;
		// `CET`, `IST`: a zone by name after short-full's time.
		const zone = weekday > 0 ? (/^ [A-Z]{2,5}(?= )/.exec(rest.slice(end))?.[0].length ?? 0) : 0;
		end += zone;
		return end + (rest[end] === " " ? 1 : 0);
	}
	const clock = CLOCK.exec(rest);
	if (clock !== null) {
		header.time ??= clockTime(clock[1] ?? "", clock[2] ?? "", clock[3] ?? "", null);
		return clock[0].length;
	}
	const dmesg = DMESG_CLOCK.exec(rest);
	if (dmesg !== null) {
		header.time ??= clockTime(dmesg[1] ?? "", dmesg[2] ?? "", dmesg[3] ?? "", dmesg[4] ?? null);
		header.program ??= "kernel";
		return dmesg[0].length;
	}
	const unix = UNIX.exec(rest);
	if (unix !== null) {
		header.time ??= unixTime(unix[1] ?? "");
		return unix[0].length;
	}
	return 0;
}

/** `docker01 dockerd[4022]: ` or `systemd[1]: ` after a time. */
function readSpeaker(rest: string, header: Header): number {
	const both = HOST_AND_PROGRAM.exec(rest);
	if (both !== null) {
		header.pid = both[4] ?? null;
		header.program = programName(both[3] ?? both[5] ?? "", header.pid);
		if (both[2] !== undefined) header.level ??= readLevel(both[2]);
		return both[0].length;
	}
	const alone = PROGRAM_ALONE.exec(rest);
	if (alone === null) return 0;
	header.pid = alone[2] ?? null;
	header.program = programName(alone[1] ?? alone[3] ?? "", header.pid);
	return alone[0].length;
}
