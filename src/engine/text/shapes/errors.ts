import { type Grip, LIKELY, NONE, type Score, type Seen, type Shape, SURE, type View } from "../shape";

/**
 * Error lines that stand by themselves: of the docker command line and compose, of dockerd without a log around it, of
 * iptables, ip6tables and nft, of a shell that can't find them, and what CI, Ansible and libraries wrap around them.
 * Wording by version: see the table of domain errors in moby, docker/cli, iptables and nftables; here only the heads
 * that tell who speaks are needed, the parser reads the rest.
 */
const SURE_HEADS = new RegExp(
	[
		"^docker: (?:Error|error|Cannot|Got|permission|unknown|'\\w|invalid|no )",
		"^(?:ERROR: |Error: )?Error response from daemon",
		"^(?:docker: |ERROR: |error: )?Cannot connect to the Docker daemon",
		"^(?:docker: )?(?:Got )?permission denied while trying to connect to the [Dd]ocker",
		"^error during connect: ",
		"^(?:ERROR: |Error: )?(?:for \\S+ {1,2})?Cannot (?:start|restart|create) (?:service|container) ",
		"^failed to start daemon: ",
		"^unable to configure the Docker daemon",
		"^(?:\\S{0,40}/)?(?:ip6?|x|eb|arp)tables(?:-nft|-legacy)?(?:-save|-restore)?(?: v\\d[\\d.]*(?: \\((?:nf_tables|legacy)\\))?)?: ",
		"^Another app is currently holding the xtables lock",
		"^(?:Can't|Fatal: can't) (?:lock|open lock file) ",
		"^Error: (?:Could not process rule|syntax error|No such file or directory|Operation not|Interface does not exist|cache initialization)",
		"^netlink: Error: ",
		"^Operation not permitted \\(you must be root\\)",
		"^(?:Warning|WARNING): Extension \\S+ (?:revision \\d+ )?(?:is )?not supported",
		"^Couldn't load (?:target|match) ",
		"^Chain '\\S{1,60}' does not exist",
		"^Perhaps iptables or your kernel needs",
		"^Job for \\S{1,80} (?:failed|canceled)",
		"^Failed to (?:start|restart|stop|reload|enable) \\S{1,80}\\.(?:service|socket)",
		"^docker\\.errors\\.\\w+: ",
		"^(?:fatal|failed): \\[[^\\]]{1,80}\\](?: \\([^)]{0,80}\\))?: (?:FAILED|UNREACHABLE)!",
		"^(?:ERROR: |Error: )?(?:driver failed programming external connectivity|failed to set up container networking|failed to create endpoint|failed to create network|could not find an available, non-overlapping|all predefined address pools|Pool overlaps with other one)",
		'^(?:Error|error) (?:starting userland proxy|creating default "bridge" network|initializing network controller)',
		"^(?:Error: |ERROR: )?(?:COMMAND_FAILED|ZONE_CONFLICT|INVALID_ZONE|NOT_RUNNING|ALREADY_ENABLED)\\b",
		"^Bind for \\S{1,80} failed: ",
		"^Ports are not available: ",
		"^Status: (?:unknown flag|unknown shorthand|invalid argument)",
	].join("|"),
);

const LIKELY_HEADS = new RegExp(
	[
		"^ERROR: for \\S+",
		"^(?:-?\\w{0,6}sh|\\S{0,40}/\\w{0,6}sh|env|/usr/bin/env|sudo|exec)(?:\\[\\d+\\])?: .{0,60}(?:ip6?tables|nft|docker\\w*|modprobe|lsof|conntrack|ipset|ufw|firewall-cmd)",
		"^(?:sudo: )?(?:ip6?tables|nft|docker|lsof|ufw|ipset|conntrack|modprobe): (?:command )?not found",
		"^\\((?:no answer|waits|hangs|interrupted|stopped after|not found:)",
		"^(?:time=\\S+ )?(?:Error|ERROR)\\b.{0,200}(?:iptables|docker|dockerd|containerd|network|endpoint|bridge)",
		"^FAILED! => ",
		"^\\{.{0,400}(?:Error response from daemon|driver failed programming|iptables failed)",
		"^.{0,300}(?:\\(iptables failed: |iptables failed: ip6?tables |COMMAND_FAILED: |Error response from daemon: |driver failed programming external connectivity on endpoint )",
		"^dockerd: ",
		"^Can't find library for (?:match|target) |^Error: (?:match|target) extension not found",
		"^# Warning: ip6?tables(?:-legacy|-nft)? tables present",
		'^exec: "ip6?tables"',
	].join("|"),
);

const CONTINUED =
	/^Error: failed to \w{4,8} containers?: |^\(exit status \d|^\(iptables failed|^exit status \d|^(?:Run|See) 'docker|^Try 'ip6?tables|^Try `ip6?tables|^See "?systemctl status|^See 'systemctl|^errors? pretty printing|^Perhaps |^No chain\/target\/match|^Error occurred at line|^Please also refer|^Encountered errors while|^The above exception|^Traceback \(most recent|^File "|^During handling|^raise |^\^[C~-]*|^~+\^|^list |^(?:add|delete|insert|create|flush) (?:rule|table|chain|set)|^\^+$/;
const PROGRESS =
	/^(?:\[\+\] |[\u2714\u2718\u280b\u2819\u2839\u2838\u283c\u2834\u2826\u2827\u2807\u280f\u28ff\u2800-\u28ff\u2717\u2713] ?|(?:Container|Network|Volume) \S+ {1,2}(?:Creating|Created|Starting|Started|Error|Recreate|Recreated|Running|Stopping|Stopped|Removed|Removing)|(?:Creating|Starting|Recreating|Attaching to|Pulling|Stopping|Removing) \S|Unable to find image|\S{1,40}: (?:Pull|Download|Verif|Already|Waiting|Extract)|Digest: sha256:|Status: (?:Downloaded|Image is)|overall progress:|verify:|\d+\/\d+:|no-answer)/;
const CONTAINER_ID = /^[\da-f]{64}$/;

function head(flat: string): Score {
	if (SURE_HEADS.test(flat)) return SURE;
	return LIKELY_HEADS.test(flat) ? LIKELY : NONE;
}

function opens(view: View): Score {
	const flat = view(0)?.flat ?? "";
	const score = head(flat);
	if (score > NONE) return score;
	// `docker run -d` prints the container's id, compose its progress, before what went wrong.
	if (!CONTAINER_ID.test(flat) && !PROGRESS.test(flat)) return NONE;
	for (let ahead = 1; ahead < 10; ahead++) {
		const next = view(ahead)?.flat;
		if (next === undefined) break;
		if (head(next) > NONE) return LIKELY;
		if (!PROGRESS.test(next) && !CONTAINER_ID.test(next)) break;
	}
	return 1;
}

/** Whether a line is the second or a later one of an error message, whoever printed it. */
export const isContinued = (flat: string): boolean => CONTINUED.test(flat);

/** Whether a line begins something of its own, so that it can't be the rest of a line that a terminal broke. */
export const isMessageStart = (flat: string): boolean =>
	SURE_HEADS.test(flat) || CONTINUED.test(flat) || PROGRESS.test(flat) || CONTAINER_ID.test(flat);

/**
 * The rest of an iptables command that a terminal or a mail program broke: options right below a long line. It looks
 * like a rule of iptables-save, and is none.
 */
export const isBrokenCommand = (flat: string, before: Seen | null): boolean =>
	(before?.text.trimEnd().length ?? 0) >= 50 && /^(?:-[ACIDjgtpmdsio] |--[a-z][a-z-]{2,} )/.test(flat);

/** Whether a line is, or goes on with, an error message. */
export const isComplaint = (flat: string): boolean => head(flat) > NONE || CONTINUED.test(flat);

/** Loose error lines. */
export const errors: Shape = {
	kind: "docker-error",
	opens,
	absorbs: new Set(["modprobe", "iptables-version"]),
	reader: () => {
		/** Width of the terminal that broke the message, once two lines have shown it. */
		let edge = -1;
		const take = (view: View, afterBlank: boolean): Grip => {
			const seen = view(0);
			if (seen === null) return "no";
			if (!afterBlank && isBrokenCommand(seen.flat, view(-1))) return "own";
			if (head(seen.flat) > NONE || CONTINUED.test(seen.flat) || PROGRESS.test(seen.flat)) return "own";
			if (afterBlank) return "no";
			if (CONTAINER_ID.test(seen.flat)) return "own";
			// A terminal broke it at its edge: this line is as long as the one before, to the character.
			const before = view(-1)?.text.length ?? 0;
			if (before >= 79 && before === seen.text.length) edge = before;
			if (before === edge) return "may";
			// A message of several lines, or one that a terminal broke: it goes on in the middle of a sentence.
			return seen.indent > 0 || /^[a-z(\d"'/-]|[\d)'"]\)*\.?$/.test(seen.flat) ? "may" : "no";
		};
		return { take };
	},
};
