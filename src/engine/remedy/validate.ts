import type {
	AddressText,
	ChainName,
	ContainerName,
	DaemonKey,
	DropInName,
	ExtensionName,
	FilePath,
	InterfaceName,
	KernelRelease,
	ModuleName,
	Port,
	PrefixText,
	RouteTable,
	RuleWord,
	SysctlKey,
	SysctlValue,
	TableName,
	UnitValue,
	ZoneName,
} from "./plan";

/**
 * The only makers of checked values. Each has a closed grammar, narrower than what the kernel takes: a name that a
 * person would have to look at twice is refused (null), and the plan then speaks of it in prose.
 */

// Every pattern is anchored, has no nested quantifier and a bounded length. None admits a leading dash: a value must
// never be read as an option. None admits white space (but for values of units and sysctls), quotes, $, ` or \.

// dev_valid_name() in net/core/dev.c: under IFNAMSIZ (16 with the NUL), no slash, colon or space; not "." or "..".
const INTERFACE = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$/;
const CHAIN = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,27}$/;
const TABLE = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;
// moby daemon/names/names.go: RestrictedNameChars. Ids are names too.
const CONTAINER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
const MODULE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const RELEASE = /^[0-9][A-Za-z0-9_.+~-]{0,63}$/;
const SYSCTL = /^[a-z][a-z0-9_-]{0,31}(?:[./][A-Za-z0-9_][A-Za-z0-9_@-]{0,31}){1,7}$/;
const SYSCTL_VALUE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}(?: [A-Za-z0-9_.-]{1,32}){0,7}$/;
const PATH = /^(?:\/[A-Za-z0-9_@+.-]{1,255}){1,32}$/;
const EXTENSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,28}$/;
const DAEMON_KEY = /^[a-z][a-z0-9-]{0,63}$/;
// firewalld: zone names have at most 17 characters (max_zone_name_len in core/base.py).
const ZONE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,16}$/;
const DROP_IN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const UNIT_VALUE = /^[A-Za-z0-9_ ./:=,@+-]{0,512}$/;
const ROUTE_TABLE = /^(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})$/;
// A word of `iptables -S`: a match or target option, or a plain value. Quoted comments are refused.
const SHORT_WORD = /^-[psdjgmiof46]$/;
const LONG_WORD = /^--[a-z][a-z0-9-]{1,30}$/;
const VALUE_WORD = /^[A-Za-z0-9_:][A-Za-z0-9_.,:/+@%-]{0,127}$/;

/** A network interface: at most 15 characters. */
export function interfaceName(text: string): InterfaceName | null {
	return INTERFACE.test(text) ? (text as InterfaceName) : null;
}

/** An iptables or nft chain: at most 28 characters (XT_EXTENSION_MAXNAMELEN less one). */
export function chainName(text: string): ChainName | null {
	return CHAIN.test(text) ? (text as ChainName) : null;
}

/** An iptables or native nft table. */
export function tableName(text: string): TableName | null {
	return TABLE.test(text) ? (text as TableName) : null;
}

/** A container by name or id. */
export function containerName(text: string): ContainerName | null {
	return CONTAINER.test(text) ? (text as ContainerName) : null;
}

/** A kernel module. */
export function moduleName(text: string): ModuleName | null {
	return MODULE.test(text) ? (text as ModuleName) : null;
}

/** What `uname -r` prints. */
export function kernelRelease(text: string): KernelRelease | null {
	return RELEASE.test(text) ? (text as KernelRelease) : null;
}

/** An IPv4 or IPv6 address without prefix length, port or zone. */
export function addressText(text: string): AddressText | null {
	return isIpv4(text) || isIpv6(text) ? (text as AddressText) : null;
}

/** `address/length`, IPv4 or IPv6. */
export function prefixText(text: string): PrefixText | null {
	const slash = text.indexOf("/");
	if (slash < 0) return null;
	const address = text.slice(0, slash);
	const length = text.slice(slash + 1);
	if (!/^[0-9]{1,3}$/.test(length)) return null;
	if (isIpv4(address)) return Number(length) <= 32 ? (text as PrefixText) : null;
	return isIpv6(address) && Number(length) <= 128 ? (text as PrefixText) : null;
}

/** An absolute path of plain characters, without `.` and `..` parts. */
export function filePath(text: string): FilePath | null {
	if (text.length > 1024 || !PATH.test(text)) return null;
	return text.split("/").some((part) => part === "." || part === "..") ? null : (text as FilePath);
}

/** A sysctl with dots or slashes: `net.ipv4.conf.eth0.rp_filter`. */
export function sysctlKey(text: string): SysctlKey | null {
	return SYSCTL.test(text) ? (text as SysctlKey) : null;
}

/** A sysctl's value: numbers or words, one blank between them. */
export function sysctlValue(text: string): SysctlValue | null {
	return SYSCTL_VALUE.test(text) ? (text as SysctlValue) : null;
}

/** 1 to 65535. */
export function port(value: number): Port | null {
	return Number.isInteger(value) && value >= 1 && value <= 65535 ? (value as Port) : null;
}

/** A match or target of iptables: `addrtype`, `MASQUERADE`. */
export function extensionName(text: string): ExtensionName | null {
	return EXTENSION.test(text) ? (text as ExtensionName) : null;
}

/** One word of an `iptables -S` line: `!`, an option, or a plain value. A word with blanks or quotes is refused. */
export function ruleWord(text: string): RuleWord | null {
	const plain = text === "!" || SHORT_WORD.test(text) || VALUE_WORD.test(text);
	return plain || (LONG_WORD.test(text) && !isCommand(text)) ? (text as RuleWord) : null;
}

/** All words of a rule, or null when one of them is refused; `-A CHAIN` must already be cut off. */
export function ruleWords(words: readonly string[]): readonly RuleWord[] | null {
	const kept: RuleWord[] = [];
	for (const word of words) {
		const good = ruleWord(word);
		if (good === null) return null;
		kept.push(good);
	}
	return kept.length > 0 && kept.length <= 64 ? kept : null;
}

// iptables(8), COMMANDS and OTHER OPTIONS: inside a rule they would make another command of it. getopt_long(3) also
// takes abbreviations, so `--modpro` is `--modprobe`; but `--set` is the whole name of an option of the match recent.
function isCommand(word: string): boolean {
	return word !== "--set" && COMMANDS.some((command) => command.startsWith(word));
}
const COMMANDS: readonly string[] =
	"--append --check --delete --insert --replace --list --list-rules --flush --zero --new-chain --delete-chain --policy --rename-chain --table --wait --wait-interval --modprobe --set-counters --exact --verbose --numeric --line-numbers --help --version".split(
		" ",
	);

/** A top-level key of daemon.json. */
export function daemonKey(text: string): DaemonKey | null {
	return DAEMON_KEY.test(text) ? (text as DaemonKey) : null;
}

/** A firewalld zone: at most 17 characters. */
export function zoneName(text: string): ZoneName | null {
	return ZONE.test(text) ? (text as ZoneName) : null;
}

/** File name of a drop-in, without `.conf`. */
export function dropInName(text: string): DropInName | null {
	return DROP_IN.test(text) ? (text as DropInName) : null;
}

/** One line of a unit after `Key=`; may be empty (which resets a list). No `%` and `$`: systemd would expand them. */
export function unitValue(text: string): UnitValue | null {
	return UNIT_VALUE.test(text) ? (text as UnitValue) : null;
}

/** A routing table by number or name. */
export function routeTable(text: string): RouteTable | null {
	return ROUTE_TABLE.test(text) ? (text as RouteTable) : null;
}

function isIpv4(text: string): boolean {
	const parts = text.split(".");
	return (
		text.length <= 15 &&
		parts.length === 4 &&
		parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
	);
}

function isIpv6(text: string): boolean {
	if (text.length > 45 || !/^[0-9A-Fa-f:.]+$/.test(text) || !text.includes(":")) return false;
	const halves = text.split("::");
	if (halves.length > 2) return false;
	let groups = 0;
	for (const [index, half] of halves.entries()) {
		if (half === "") continue;
		const parts = half.split(":");
		for (const [at, part] of parts.entries()) {
			const last = index === halves.length - 1 && at === parts.length - 1;
			if (last && part.includes(".")) {
				if (!isIpv4(part)) return false;
				groups += 2;
			} else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups += 1;
			else return false;
		}
	}
	return halves.length === 2 ? groups <= 7 : groups === 8;
}
