import { LIKELY, lineShape, NONE, type Shape, SURE } from "../shape";
import { isLogRecord } from "./logs";

const UNIT = "[\\w@:.\\\\-]{1,120}\\.(?:service|socket|target|timer|mount|path|slice|scope|device|swap|automount)";
const HEAD = new RegExp(`^[\\u25cf\\u25cb\\u00d7\\u21bb*\\u2022x] {0,2}${UNIT}(?: (?:-|\\u2013) .*)?$`);
const BARE_HEAD = new RegExp(`^${UNIT}(?: (?:-|\\u2013) .*)?$`);
const STATE =
	/^(?:Loaded: (?:loaded|not-found|masked|error|bad-setting)|Active: (?:active|failed|inactive|activating|deactivating|reloading)\b)/;
const DETAIL =
	/^(?:Loaded|Active|Docs|Process|Main PID|Status|Tasks|Memory|Mem peak|CPU|CGroup|TriggeredBy|Triggers|Drop-In|Invocation|Listen|Accepted|Until|Condition|Assert|Error|FD Store|IP|IO|Device|Follows|Trigger|start condition failed|FD|What|Where)\b.{0,12}:|^[\u251c\u2514\u2502|`]|^(?:\/etc|\/run|\/usr|\/lib)\/systemd\/|^\d{1,7} \/|^Warning: (?:The unit file|Journal has been rotated|Some journal files)|^Hint: Some lines were ellipsized|^[\w-]+\.conf$/;

/** `systemctl status`: a block of facts, then the last lines of the journal. What follows a blank line after those is something else. */
const status: Shape = {
	kind: "systemctl-status",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		const next = view(1)?.flat ?? "";
		if (HEAD.test(flat) || (BARE_HEAD.test(flat) && STATE.test(next))) return SURE;
		if (STATE.test(flat)) return SURE;
		if (/^Unit \S{1,120} could not be found\.?$/.test(flat)) return LIKELY;
		// OpenRC and sysvinit.
		if (/^\* status: (?:started|stopped|crashed|starting|inactive)$/.test(flat)) return SURE;
		return /^\* ?docker is (?:not )?running/i.test(flat) ||
			/^(?:Type|Id|ActiveState|SubState|LoadState)=\S*$/.test(flat)
			? LIKELY
			: NONE;
	},
	absorbs: new Set(["docker-error", "modprobe"]),
	reader: () => {
		let inJournal = false;
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				if (HEAD.test(seen.flat) || (BARE_HEAD.test(seen.flat) && STATE.test(view(1)?.flat ?? ""))) {
					inJournal = false;
					return "own";
				}
				if (isLogRecord(seen.flat)) {
					if (inJournal && afterBlank) return "no";
					inJournal = true;
					return "own";
				}
				if (DETAIL.test(seen.flat) || /^[A-Z]\w{1,60}=/.test(seen.flat)) return "own";
				if (afterBlank) return "no";
				return seen.indent >= 4 && !inJournal ? "own" : "may";
			},
		};
	},
};

/** Unit files, drop-ins, `systemctl cat`, and environment files of init scripts. */
const unitFile: Shape = (() => {
	const lines = lineShape({
		kind: "unit-file",
		sure: /^# \/(?:etc|run|usr|lib)\/(?:lib\/)?systemd\/\S{1,160}\.(?:service|socket|conf|timer|target)$/,
		likely:
			/^\[(?:Unit|Service|Install|Socket|Timer|Mount|Path)\]$|^(?:ExecStart|ExecReload|ExecStartPre|EnvironmentFile|WantedBy|Requires|After|BindsTo|TimeoutStartSec|StartLimitBurst|LimitNOFILE|ListenStream)=|^(?:export )?DOCKER_OPTS=/,
		weak: /^Environment=/,
		own: /^\[[A-Z][\w-]{1,30}\]$|^[A-Z][A-Za-z\d]{1,40} ?=|^[#;]/,
	});
	return {
		...lines,
		reader: (first) => {
			const inner = lines.reader(first);
			let continued = first(0)?.text.trimEnd().endsWith("\\") ?? false;
			return {
				take: (view, afterBlank) => {
					const before = continued;
					continued = view(0)?.text.trimEnd().endsWith("\\") ?? false;
					return before && !afterBlank ? "own" : inner.take(view, afterBlank);
				},
			};
		},
	};
})();

/** What systemd and other init systems print about units. */
export const SYSTEMD_SHAPES: readonly Shape[] = [status, unitFile];
