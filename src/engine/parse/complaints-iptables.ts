import { bareName, type ComplaintRule, errnoOf, type Heard, numberOf } from "./complaint-rule";
import type { Complaint, IptablesCommand } from "./failure";
import { matchesOf } from "./iptables-command";

/**
 * What iptables, ip6tables and their -restore programs complain about, 1.4.20 to 1.8.13, both backends.
 *
 *     iptables: No chain/target/match by that name.
 *     iptables v1.8.9 (nf_tables): chain `DOCKER' in table `nat' is incompatible, use 'nft' tool.
 *     iptables v1.8.7 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)
 *     iptables v1.8.7 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain PREROUTING
 *
 * Sources: iptables xshared.c, libiptc.c, nft.c, nft-shared.c; exit codes in include/xtables.h (4 is any resource problem, and
 * for nft any refused transaction: never by itself the lock). Not read: which rule of a restore file was meant.
 */

const BUILTIN_CHAINS = new Set(["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]);

// Targets of iptables-extensions(8). A name that is not among them is a chain somebody jumps to.
const TARGETS = new Set(
	(
		"ACCEPT DROP RETURN QUEUE AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER " +
		"LED LOG MARK MASQUERADE NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT REJECT SECMARK SET SNAT SNPT SYNPROXY TCPMSS " +
		"TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG"
	).split(" "),
);

function tableOf(heard: Heard, quoted?: string): string {
	return bareName(quoted) ?? heard.command?.table ?? "unknown";
}

/** Compares `1.8.10` with `1.8.9` part by part. */
function isBetween(version: string | null, lowest: number, highest: number): boolean | null {
	const parts = /^1\.8\.(\d{1,3})/.exec(version ?? "");
	return parts === null ? null : Number(parts[1]) >= lowest && Number(parts[1]) <= highest;
}

/** ENOENT of a rule command: the chain after the operation, or for a chain that is always there what the rule asks for. */
function missingOf(heard: Heard): Complaint {
	const { command } = heard;
	const table = tableOf(heard);
	// Of a message whose head was left out, the rule's end still tells its table: only nat translates.
	if (command === null)
		return {
			kind: "chain-missing",
			table: /--to-(?:destination|source) /.test(heard.plain) ? "nat" : table,
			chain: null,
		};
	const { operation, chain, jump } = command;
	const adds = operation === "-A" || operation === "-I" || operation === "-R";
	if (adds && chain !== null && BUILTIN_CHAINS.has(chain)) {
		// Legacy: the kernel answers ENOENT for a match or target it does not know.
		const match = matchesOf(command).find((name) => name !== "tcp" && name !== "udp");
		if (match !== undefined) return { kind: "extension-missing", extension: match, missing: "kernel" };
		if (jump !== null && !TARGETS.has(jump)) return { kind: "jump-target-missing", table, chain: jump };
		return { kind: "extension-missing", extension: jump, missing: "kernel" };
	}
	return { kind: "chain-missing", table, chain };
}

/** `Chain 'X' does not exist`, ``Couldn't load target `X'``: a target's name or a chain's. */
function jumpTargetOf(heard: Heard, name: string, missing: "library" | "unknown"): Complaint {
	if (TARGETS.has(name)) return { kind: "extension-missing", extension: name, missing };
	const { command } = heard;
	// 1.8.1 and 1.8.2 say it of the chain after -A as well.
	if (command !== null && command.chain === name && command.jump !== name)
		return { kind: "chain-missing", table: tableOf(heard), chain: name };
	return { kind: "jump-target-missing", table: tableOf(heard), chain: name };
}

/**
 * A rule that asks for no extension, such as `-A DOCKER-ISOLATION-STAGE-1 -j RETURN`: a kernel that refuses it can't
 * carry any rule of iptables-nft (microsoft/WSL#6655).
 */
function isBare(command: IptablesCommand): boolean {
	const plain = command.jump === null || ["ACCEPT", "DROP", "RETURN"].includes(command.jump);
	return plain && matchesOf(command).length === 0 && !/ (?:-p|--protocol|-m|--match) /.test(command.text);
}

function nftErrno(errno: string): Complaint {
	if (/^(?:permission denied|operation not permitted)$/i.test(errno)) return { kind: "permission", what: "iptables" };
	return { kind: "nft-unsupported", errno };
}

function tableFailure(heard: Heard, quoted: string | undefined, why: string): Complaint {
	if (/permission denied|not permitted|must be root/i.test(why)) return { kind: "permission", what: "iptables" };
	const table = tableOf(heard, quoted);
	if (/who\?|protocol not (?:available|supported)|address family/i.test(why))
		return { kind: "table-missing", table, reason: "no-ip-tables" };
	if (/wrong version/i.test(why)) return { kind: "table-missing", table, reason: "wrong-version" };
	return { kind: "table-missing", table, reason: "no-table" };
}

/** Waiting for the lock, or giving up. */
export const LOCK_COMPLAINTS: readonly ComplaintRule[] = [
	{
		anchors: ["open lock file"],
		pattern: /can.?t open lock file \S{1,200}?:? {1,2}([A-Z][a-z][\w -]{2,60})/i,
		speaker: "iptables",
		read: (match) => ({ kind: "lock-file-unopenable", errno: errnoOf(match[1]) }),
	},
	{
		anchors: ["xtables lock", "xtables.lock", "grab the lock"],
		pattern:
			/(?:another app is currently )?holding the xtables lock|chance to grab the lock|can.?t lock \S{0,80}xtables\.lock/i,
		speaker: "iptables",
		read: (_, heard) => {
			const gaveUp = /stopped waiting after (\d{1,6})s/.exec(heard.lower);
			if (gaveUp !== null) return { kind: "lock-held", gaveUp: true, waitedSeconds: numberOf(gaveUp[1]) };
			// "still 9s 0us time ahead" is printed by a caller that goes on waiting: it may get the lock yet.
			const waits = /time ahead to have a chance|lock; (?:waiting|still)/.test(heard.lower);
			return { kind: "lock-held", gaveUp: !waits, waitedSeconds: null };
		},
	},
];

export const IPTABLES_COMPLAINTS: readonly ComplaintRule[] = [
	...LOCK_COMPLAINTS,
	{
		anchors: ["initialize ip"],
		pattern: /can.?t initialize ip6? ?tables table '?([\w-]{1,32}|<[^>]{1,20}>)?'?:? ?(.{0,100})/i,
		speaker: "iptables",
		read: (match, heard) => tableFailure(heard, match[1], match[2] ?? ""),
	},
	{
		// The same with its head cut off.
		anchors: ["you need to insmod", "tables who?"],
		pattern: /(?:table does not exist|tables who\?).{0,40}/i,
		speaker: "iptables",
		read: (match, heard) => tableFailure(heard, undefined, match[0]),
	},
	{
		anchors: ["does not exist perhaps", "does not exist. perhaps"],
		pattern: /table '?([\w-]{1,32})'? does not exist/i,
		speaker: "iptables",
		read: (match, heard) => ({ kind: "table-missing", table: tableOf(heard, match[1]), reason: "no-table" }),
	},
	{
		anchors: ["could not fetch rule set generation id"],
		pattern: /could not fetch rule set generation id:? ?([A-Za-z][\w -]{0,60})?/i,
		speaker: "iptables",
		read: (match) => nftErrno(errnoOf(match[1])),
	},
	{
		anchors: ["failed to initialize nft"],
		pattern: /failed to initialize nft:? ?([A-Za-z][\w -]{0,60})?/i,
		speaker: "iptables",
		read: (match) => nftErrno(errnoOf(match[1])),
	},
	{
		anchors: ["you must be root"],
		pattern: /ip6?tables.{0,160}?(?:permission denied|operation not permitted) ?\(you must be root\)/i,
		speaker: "iptables",
		read: () => ({ kind: "permission", what: "iptables" }),
	},
	{
		// Before what the rule command then fails with: the hint names the extension, the failure does not.
		anchors: ["extension "],
		pattern: /extension '?([\w-]{1,40})'?(?: revision \d{1,3})? (?:is )?not supported/i,
		speaker: "iptables",
		read: (match) => ({ kind: "extension-missing", extension: match[1] ?? null, missing: "kernel" }),
	},
	{
		anchors: ["load match", "find match", "library for match"],
		pattern: /(?:couldn.?t (?:load|find)|can.?t find library for) match '?([\w-]{1,40})/i,
		speaker: "iptables",
		read: (match) => ({ kind: "extension-missing", extension: match[1] ?? null, missing: "library" }),
	},
	{
		anchors: ["load target", "find target", "library for target"],
		pattern: /(?:couldn.?t (?:load|find)|can.?t find library for) target '?([\w-]{1,64})/i,
		speaker: "iptables",
		read: (match, heard) => jumpTargetOf(heard, match[1] ?? "", "library"),
	},
	{
		anchors: ["is incompatible"],
		pattern: /chain '?([\w.-]{1,64})'? in table '?([\w-]{1,32})'? is incompatible/i,
		speaker: "iptables",
		read: (match, heard) => {
			const chain = match[1] ?? null;
			const table = tableOf(heard, match[2]);
			// 1.8.4 to 1.8.9 say it of any chain that does not exist (nft_is_table_compatible, mended by commit 82ccfb48).
			const old = isBetween(heard.version, 4, 9);
			const builtin = chain !== null && BUILTIN_CHAINS.has(chain);
			if (old === false || builtin) return { kind: "table-incompatible", table, chain };
			return { kind: "chain-missing", table, chain };
		},
	},
	{
		anchors: ["is incompatible", "incompatible base-chains"],
		pattern: /table '?([\w-]{1,32})'? (?:is incompatible|contains incompatible base-chains)/i,
		speaker: "iptables",
		read: (match, heard) => ({ kind: "table-incompatible", table: tableOf(heard, match[1]), chain: null }),
	},
	{
		anchors: ["chain/target/match", "chain / target / match"],
		pattern: /no chain ?\/ ?target ?\/ ?match by that name/i,
		speaker: "iptables",
		read: (_, heard) => missingOf(heard),
	},
	{
		anchors: ["does not exist"],
		pattern: /(?<!set )chain '([\w.-]{1,64})' does not exist/i,
		speaker: "iptables",
		read: (match, heard) => jumpTargetOf(heard, match[1] ?? "", "unknown"),
	},
	{
		anchors: ["chain_"],
		pattern: /chain_(?:user_)?(?:add|update) failed \(([^)]{1,60})\)?(?:: chain '?([\w.-]{1,64}))?/i,
		speaker: "iptables",
		read: (match, heard) => {
			const errno = errnoOf(match[1]);
			const chain = match[2] ?? heard.command?.chain ?? null;
			if (errno === "File exists") return { kind: "chain-exists", chain };
			if (errno === "Operation not permitted" || errno === "Permission denied")
				return { kind: "permission", what: "iptables" };
			return { kind: "chain-add-refused", chain, errno };
		},
	},
	{
		anchors: ["table_"],
		pattern: /table_(?:add|flush) failed \(([^)]{1,60})/i,
		speaker: "iptables",
		read: (match) => {
			const errno = errnoOf(match[1]);
			if (errno === "Operation not permitted" || errno === "Permission denied")
				return { kind: "permission", what: "iptables" };
			return { kind: "table-add-refused", chain: null, errno };
		},
	},
	{
		anchors: ["rule_"],
		pattern:
			/rule_(?:append|insert|replace|delete|flush|check) failed \(([^)]{1,60})\)?(?:: rule in chain '?([\w.-]{1,64}))?/i,
		speaker: "iptables",
		read: (match, heard) => {
			const errno = errnoOf(match[1]);
			if (errno === "Operation not permitted" || errno === "Permission denied")
				return { kind: "permission", what: "iptables" };
			if (heard.command !== null && isBare(heard.command)) return { kind: "nft-unsupported", errno };
			return { kind: "rule-refused", chain: match[2] ?? heard.command?.chain ?? null, errno };
		},
	},
	{
		anchors: ["bad rule", "does a matching rule exist"],
		pattern: /bad rule|does a matching rule exist/i,
		speaker: "iptables",
		read: () => ({ kind: "rule-absent" }),
	},
	{
		anchors: ["chain already exists"],
		pattern: /chain already exists/i,
		speaker: "iptables",
		read: (_, heard) => ({ kind: "chain-exists", chain: heard.command?.chain ?? null }),
	},
	{
		// -X of a chain that is still jumped to.
		anchors: ["too many links", "directory not empty", "chain_user_del failed", "chain_del failed"],
		pattern: /ip6?tables.{0,300}?(?:too many links|directory not empty|chain_(?:user_)?del failed)/i,
		speaker: "iptables",
		read: (_, heard) => ({ kind: "chain-exists", chain: heard.command?.chain ?? null }),
	},
	{
		anchors: ["doesn't exist", "doesn t exist", "doesnt exist", "does not exist"],
		pattern: /\bset '?([\w.-]{1,64})'? do(?:esn.?t|es not) exist/i,
		speaker: "iptables",
		read: (match) => ({ kind: "set-missing", set: match[1] ?? null }),
	},
	{
		anchors: ["unknown option", "unrecognized option"],
		pattern: /ip6?tables.{0,200}?(?:unknown|unrecognized) option '?"?(-{1,2}[\w-]{1,40})/i,
		speaker: "iptables",
		read: (match) => ({ kind: "option-unknown", option: match[1] ?? "" }),
	},
	{
		anchors: ["run 'dmesg'", "tables: invalid argument", "run dmesg"],
		pattern: /(?:tables: |: )?invalid argument\.? ?(?:run '?dmesg|$|\(exit)/i,
		speaker: "iptables",
		read: (_, heard) => (/ip6?tables/.test(heard.lower) ? { kind: "invalid-argument" } : null),
	},
	{
		anchors: ["tables: permission denied", "tables: operation not permitted", "failed strangely"],
		pattern:
			/tables: (?:permission denied|operation not permitted)|failed strangely: (?:operation not permitted|permission)/i,
		speaker: "iptables",
		read: () => ({ kind: "permission", what: "iptables" }),
	},
	{
		anchors: ["memory allocation problem"],
		pattern: /tables: memory allocation problem/i,
		speaker: "iptables",
		read: () => ({ kind: "elsewhere", area: "memory" }),
	},
	{
		anchors: [
			"bad argument",
			"commit expected",
			"failed at line",
			"error occurred at line",
			"-restore: line",
			"restore",
		],
		pattern:
			/bad argument '\*?\w{1,32}|commit expected at line (\d{1,6})|restore(?: v[\d.]{1,12}(?: \(\w{1,12}\))?)?: line (\d{1,6}) failed|error occurred at line:? ?(\d{1,6})/i,
		speaker: "iptables",
		read: (match, heard) => ({
			kind: "rules-file-refused",
			by: /\bufw\b/.test(heard.lower)
				? "ufw"
				: /netfilter-persistent/.test(heard.lower)
					? "netfilter-persistent"
					: "iptables-restore",
			line: numberOf(match[1] ?? match[2] ?? match[3]),
		}),
	},
];
