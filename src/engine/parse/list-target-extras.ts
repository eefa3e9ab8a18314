import { plain, wordFor } from "../netfilter/rule-words";
import type { Word } from "../netfilter/ruleset";
import type { Piece } from "./list-extras";

/** Options of targets as `iptables -L` prints them behind the matches. */
type Extra = {
	readonly pattern: RegExp;
	readonly words: (groups: readonly (string | undefined)[]) => readonly (string | Word)[];
};

/** A recognised option of the target at `at`, or null. */
export function readTargetExtra(text: string, at: number, target: string): Piece | null {
	if (target === "") return null;
	for (const { pattern, words } of OPTIONS.get(target) ?? []) {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (!found) continue;
		return {
			words: words(found.slice(1)).map((word) => (typeof word === "string" ? plain(word) : word)),
			end: pattern.lastIndex,
		};
	}
	// Targets without a table of options here print their name first, and to the end it is theirs.
	if (!startsWord(text, at, target) || !/^[A-Z0-9]{2,20}$/.test(target)) return null;
	const rest = text.slice(at + target.length).trim();
	return { words: rest === "" ? [] : rest.split(/ {1,4}/).map(plain), end: text.length };
}

function startsWord(text: string, at: number, word: string): boolean {
	const next = text[at + word.length];
	return text.startsWith(word, at) && (next === undefined || next === " ");
}

const END = "(?= |$)";
const sticky = (source: string) => new RegExp(source + END, "y");

const option = (source: string, name: string): Extra => ({
	pattern: sticky(source),
	words: ([value = ""]) => [name, value],
});
const flag = (source: string, name: string): Extra => ({ pattern: sticky(source), words: () => [name] });

const HOW = [flag("random-fully", "--random-fully"), flag("random", "--random"), flag("persistent", "--persistent")];
const TO = "to:(\\S{1,120})";

/** xt_MARK.h: every way to change a mark is (mark & ~mask) ^ value; iptables-save prints --set-xmark. */
function markWords(how: string | undefined, text: string): readonly string[] {
	const value = Number(text);
	const hex = (number: number) => `0x${(number >>> 0).toString(16)}`;
	switch (how) {
		case "set":
			return ["--set-xmark", text.includes("/") ? text : `${text}/0xffffffff`];
		case "or":
			return ["--set-xmark", `${text}/${text}`];
		case "and":
			return ["--set-xmark", `0x0/${hex(~value)}`];
		case "xor":
			return ["--set-xmark", `${text}/0x0`];
		default:
			return ["--set-xmark", text];
	}
}

const LOG_FLAGS: readonly (readonly [number, string])[] = [
	[1, "--log-tcp-sequence"],
	[2, "--log-tcp-options"],
	[4, "--log-ip-options"],
	[8, "--log-uid"],
	[32, "--log-macdecode"],
];
const LOG_FLAG_WORDS: ReadonlyMap<string, string> = new Map([
	["tcp-sequence", "--log-tcp-sequence"],
	["tcp-options", "--log-tcp-options"],
	["ip-options", "--log-ip-options"],
	["uid", "--log-uid"],
	["macdecode", "--log-macdecode"],
]);

const LOG_LEVELS: ReadonlyMap<string, string> = new Map([
	["emerg", "0"],
	["panic", "0"],
	["alert", "1"],
	["crit", "2"],
	["err", "3"],
	["error", "3"],
	["notice", "5"],
	["info", "6"],
	["debug", "7"],
]);

/** With -n flags and level are numbers, without they are words; 4 (`warn`, `warning`) is the default, which is not saved. */
function logWords([number, level, names, prefix]: readonly (string | undefined)[]): readonly (string | Word)[] {
	const flags = [
		...LOG_FLAGS.filter(([bit]) => (Number(number ?? 0) & bit) !== 0).map(([, name]) => name),
		...(names ?? "").split(" ").flatMap((name) => LOG_FLAG_WORDS.get(name) ?? []),
	];
	const usual = level === undefined || /^(?:4|warn|warning)$/.test(level);
	return [
		...(prefix === undefined ? [] : ["--log-prefix", wordFor(prefix)]),
		...(usual ? [] : ["--log-level", LOG_LEVELS.get(level ?? "") ?? level ?? ""]),
		...flags,
	];
}

const OPTIONS: ReadonlyMap<string, readonly Extra[]> = new Map<string, readonly Extra[]>([
	["DNAT", [option(TO, "--to-destination"), ...HOW]],
	["SNAT", [option(TO, "--to-source"), ...HOW]],
	["NETMAP", [option(TO, "--to")]],
	["MASQUERADE", [option("masq ports: (\\S{1,16})", "--to-ports"), ...HOW]],
	["REDIRECT", [option("redir ports (\\S{1,16})", "--to-ports"), ...HOW]],
	["REJECT", [option("reject-with (\\S{1,40})", "--reject-with")]],
	[
		"LOG",
		[
			{
				// The prefix stands last and may hold quotes itself; up to 1.4.12 it was printed `like this'.
				pattern:
					/LOG(?: flags (\d{1,3}))?(?: level (\w{1,12}))?((?: (?:tcp-sequence|tcp-options|ip-options|uid|macdecode)){0,5})(?: prefix ["`](.{0,64})["'])?(?= |$)/y,
				words: logWords,
			},
		],
	],
	[
		"NFLOG",
		[
			{
				pattern: /nflog-prefix {1,2}"?([^"]{0,130})"?(?= nflog-|$)/y,
				words: ([prefix = ""]) => ["--nflog-prefix", wordFor(prefix)],
			},
			option("nflog-group (\\d{1,5})", "--nflog-group"),
			option("nflog-range (\\d{1,10})", "--nflog-range"),
			option("nflog-size (\\d{1,10})", "--nflog-size"),
			option("nflog-threshold (\\d{1,5})", "--nflog-threshold"),
		],
	],
	[
		"MARK",
		[
			{
				pattern: sticky("MARK (set|or|and|xor|xset) (0x\\S{1,22})"),
				words: ([how, value = ""]) => markWords(how, value),
			},
		],
	],
	[
		"CONNMARK",
		[
			{
				pattern: sticky("CONNMARK (set|or|and|xor|xset) (0x\\S{1,22})"),
				words: ([how, value = ""]) => markWords(how, value),
			},
			{
				pattern: sticky("CONNMARK (save|restore)((?: (?:mask|ctmask|nfmask) 0x\\S{1,10}){0,2})"),
				words: ([how = "", masks = ""]) => [
					`--${how}-mark`,
					...masks.split(" ").flatMap((word) => (word === "" ? [] : /mask$/.test(word) ? [`--${word}`] : [word])),
				],
			},
		],
	],
	[
		"CT",
		[
			flag("CT notrack", "--notrack"),
			option("CT helper (\\S{1,40})", "--helper"),
			option("CT zone (\\S{1,20})", "--zone"),
		],
	],
	[
		"NFQUEUE",
		[
			option("NFQUEUE num (\\d{1,5})", "--queue-num"),
			option("NFQUEUE balance (\\S{1,12})", "--queue-balance"),
			flag("bypass", "--queue-bypass"),
		],
	],
	["TCPMSS", [option("TCPMSS set (\\d{1,5})", "--set-mss"), flag("TCPMSS clamp to PMTU", "--clamp-mss-to-pmtu")]],
	["CHECKSUM", [flag("CHECKSUM fill", "--checksum-fill")]],
	["TOS", [option("TOS set (\\S{1,30})", "--set-tos")]],
	["DSCP", [option("DSCP set (\\S{1,6})", "--set-dscp")]],
	["TTL", [option("TTL set to (\\d{1,3})", "--ttl-set"), option("TTL decrement by (\\d{1,3})", "--ttl-dec")]],
	["HL", [option("HL set to (\\d{1,3})", "--hl-set")]],
	["CLASSIFY", [option("CLASSIFY set (\\S{1,12})", "--set-class")]],
	["TEE", [option("TEE gw:(\\S{1,45})", "--gateway")]],
	["AUDIT", [option("AUDIT (\\w{1,12})", "--type")]],
]);
