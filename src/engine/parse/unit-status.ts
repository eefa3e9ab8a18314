/**
 * `systemctl status`, and the shorter answers about a service: `is-active`, `show`, `list-units`, `service … status`,
 * `rc-service … status`, `snap services`.
 *
 *     × docker.service - Docker Application Container Engine
 *          Loaded: loaded (/lib/systemd/system/docker.service; disabled; preset: enabled)
 *          Active: failed (Result: exit-code) since Mon 2026-11-23 08:03:29 UTC; 10s ago
 *         Process: 511 ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS (code=exited, status=1/FAILURE)
 *        Main PID: 511 (code=exited, status=1/FAILURE)
 *
 * Seen: systemd 232 to 258, whose labels are never translated. The journal lines below go to `log.ts`. Not read:
 * memory, tasks, documentation.
 */
import type { Artifact, Line } from "../text/evidence";
import { remark, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import { parseLog } from "./log";
import type { ParsedUnitStatus } from "./parsed";

type Unit = ParsedUnitStatus["units"][number];
type Draft = { -readonly [Key in keyof Unit]: Unit[Key] };

const SUFFIX = "(?:service|socket|target|timer|mount|scope|slice|path)";
// The bullet is a dot, a cross, a circle or an arrow, and `*` or `x` in a locale without them.
const HEADING = new RegExp(
	`^\\s{0,4}(?:[^\\w\\s/]{1,3}|x)?\\s{0,2}([\\w@:.\\\\-]{1,120}\\.${SUFFIX})(?: - .{0,200})?$`,
);
const LISTED = new RegExp(
	`^\\s{0,4}(?:[^\\w\\s/]{1,3}\\s)?\\s{0,2}([\\w@:.\\\\-]{1,120}\\.${SUFFIX})\\s+(loaded|not-found|masked|error|bad-setting)\\s+(\\w{1,20})\\s+(\\w{1,20})(?:\\s|$)`,
);
const LABEL =
	/^\s{1,20}(Loaded|Active|Process|Main PID|TriggeredBy|Triggers|Docs|Drop-In|Tasks|Memory|Mem peak|CPU|CGroup|Status|Invocation|IP|IO|FD Store|Until|Transient|Follow|Device|Where|What|Listen|Accepted|Trigger|Notice|Condition|Assert|Control group|TasksMax|Started At)\b.{0,3}:/;
const STATE = /^(?:active|inactive|failed|activating|deactivating|reloading|maintenance|unknown)$/;

const NAMELESS = "States of services whose names were not shown, skipped";

type Open = (name: string, active: string, line: Line) => Draft;

/** Reads the state of services. */
export function parseUnitStatus(artifact: Artifact): ParsedUnitStatus {
	const units: Draft[] = [];
	const words: Line[] = [];
	const logLines: Line[] = [];
	const unread: Line[] = [];
	let unit: Draft | null = null;
	let shown: Draft | null = null;
	const open: Open = (name, active, line) => {
		const draft: Draft = {
			unit: name,
			active,
			result: null,
			mainPid: null,
			command: null,
			at: spanOfText(artifact, line),
		};
		units.push(draft);
		return draft;
	};
	for (const line of writtenLines(artifact.lines)) {
		const text = textOf(line);
		const plain = text.trim();
		const listed = LISTED.exec(text);
		const heading = HEADING.exec(text);
		if (listed?.[1] && listed[3]) {
			unit = open(listed[1], listed[2] === "not-found" ? "not-found" : listed[3], line);
			continue;
		}
		if (heading?.[1]) {
			unit = open(heading[1], "unknown", line);
			continue;
		}
		if (unit && readLabel(artifact, unit, text, line)) continue;
		const absent =
			/^Unit (\S{1,120}) (?:could not be found|not found)|^Failed to get unit .{0,40}Unit (\S{1,120}) /.exec(plain);
		const property = /^(Id|ActiveState|SubState|Result|MainPID|LoadState|ExecStart|UnitFileState)=(.{0,2000})$/.exec(
			plain,
		);
		const service = otherManager(plain, artifact.command ?? "");
		if (absent) open((absent[1] ?? absent[2] ?? "").replace(/[.,]$/, ""), "not-found", line);
		else if (property?.[1]) shown = readProperty(property[1], property[2] ?? "", shown, line, open);
		else if (service) unit = open(service.unit, service.active, line);
		else if (STATE.test(plain)) words.push(line);
		else if (isLogLine(text)) logLines.push(line);
		// Below a unit everything else is the tail of a log line that holds line breaks, or a process of its tree.
		else if (unit) {
			if (!/^\s+[├└│|`-]/.test(text)) logLines.push(line);
		} else unread.push(line);
	}
	const [nameless] = readStates(words, artifact.command ?? "", open);
	const log = logLines.length > 0 ? parseLog({ ...artifact, lines: logLines }) : null;
	return {
		kind: "unit-status",
		units,
		failures: log?.failures ?? [],
		events: log?.events ?? [],
		remarks: [
			...(nameless ? [remark(artifact, nameless, NAMELESS)] : []),
			...remarksOnLines(artifact, unread, "Not the state of a service, skipped"),
		],
	};
}

function readLabel(artifact: Artifact, unit: Draft, text: string, line: Line): boolean {
	const main = /Main PID:\s+(\d{1,10})(?: \((.{0,100})\)?)?/.exec(text);
	const active = /^\s*Active:\s+([a-z-]{1,20})(?: \(([^)]{0,80})\))?/.exec(text);
	const process = /^\s*Process:\s+\d{1,10}\s+ExecStart=(\/\S.*)$/.exec(text);
	const member = /^\s*[^\w\s/]{1,4}\s{0,3}(\d{1,10})\s+(\/\S.*)$/.exec(text);
	if (active?.[1]) {
		unit.active = active[1];
		unit.result = /Result: ([a-z-]{1,30})/.exec(active[2] ?? "")?.[1] ?? null;
		unit.at = spanOfText(artifact, line);
	} else if (/^\s*Loaded:\s+not-found/.test(text)) {
		unit.active = "not-found";
		unit.at = spanOfText(artifact, line);
		return true;
	} else if (main?.[1]) {
		// `(code=exited, status=1/FAILURE)`: there is no such process any more.
		if (!/^code=/.test(main[2] ?? "")) unit.mainPid = Number(main[1]);
	} else if (process?.[1]) unit.command ??= process[1].replace(/ \(code=[^)]{0,80}\)$/, "");
	else if (member?.[2]) {
		if (Number(member[1]) === unit.mainPid) unit.command = member[2];
		return true;
	}
	return LABEL.test(text) || /^\s+(?:[├└│]─|\|-|`-)|^\s+Main PID:|^\s+\/\S+\.d$/.test(text);
}

function readProperty(key: string, value: string, before: Draft | null, line: Line, open: Open): Draft {
	// `systemctl show` prints properties in an order of its own; a second `Id=` begins the next unit.
	const draft = before && !(key === "Id" && before.unit !== "") ? before : open("", "unknown", line);
	if (key === "Id") draft.unit = value;
	if (key === "ActiveState") draft.active = value;
	if (key === "Result") draft.result = value === "success" ? null : value;
	if (key === "MainPID") draft.mainPid = Number.parseInt(value, 10) || null;
	if (key === "LoadState" && value === "not-found") draft.active = "not-found";
	if (key === "ExecStart") draft.command = /argv\[\]=([^;]{1,1000}?) ;/.exec(value)?.[1] ?? draft.command;
	return draft;
}

/** Words of `systemctl is-active A B C`, one a line in the order that was asked. Without the command they have no names. */
function readStates(words: readonly Line[], command: string, open: Open): readonly Line[] {
	const asked = /\bis-active\s+([^|;&]{1,500})/.exec(command.slice(0, 1000))?.[1] ?? "";
	const names = asked.split(/\s+/).filter((word) => /^[\w@.-]{1,120}$/.test(word) && !word.startsWith("-"));
	return words.filter((line, index) => {
		const name = names[index];
		if (name) open(name.includes(".") ? name : `${name}.service`, textOf(line).trim(), line);
		return !name;
	});
}

/** OpenRC, System V scripts and snap. */
function otherManager(text: string, command: string): { readonly unit: string; readonly active: string } | null {
	const openrc = /^\*?\s*status: (started|stopped|crashed|starting|inactive)$/.exec(text)?.[1];
	const name = /\b(?:rc-service|service)\s+([\w.-]{1,60})/.exec(command.slice(0, 500))?.[1] ?? "docker";
	if (openrc) {
		const states = new Map([
			["started", "active"],
			["starting", "activating"],
			["crashed", "failed"],
		]);
		return { unit: `${name}.service`, active: states.get(openrc) ?? "inactive" };
	}
	const script = /^\*\s*([A-Za-z][\w.-]{0,40}) is (not )?running/.exec(text);
	if (script?.[1]) return { unit: `${script[1].toLowerCase()}.service`, active: script[2] ? "inactive" : "active" };
	const snap = /^(docker\.\w{1,20})\s+(?:enabled|disabled)\s+(active|inactive)\b/.exec(text);
	return snap?.[1] && snap[2] ? { unit: snap[1], active: snap[2] } : null;
}

// journalctl's short format, whose month is in the reader's language, and ISO times.
function isLogLine(text: string): boolean {
	return /^\S{1,12}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d |^\d{4}-\d\d-\d\d[T ]|^\d{1,2}月 ?\d{1,2} |^-- |^Hint: |^Warning: |^Notice: /.test(
		text,
	);
}
