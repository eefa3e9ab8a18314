import { icmpType, protocolName, tcpFlags } from "../netfilter/names";
import { portOf } from "../netfilter/services";

/** Parts of what `iptables -L` prints for a match, as the options that iptables-save prints for it. */

/** `!` where the listing had one. */
export const not = (group: string | undefined): readonly string[] => (group ? ["!"] : []);

/** One of `dpt:80`, `spts:1024:65535`, `flags:!0x17/0x02`, `option=!8`. */
export function portPart(part: string): readonly string[] {
	const found = /^(spts?|dpts?|flags|option)[:=](!?)(.{1,80})$/.exec(part);
	if (!found) return [];
	const [, name = "", bang, value = ""] = found;
	if (name === "flags") {
		const [mask = "", set = ""] = value.split("/", 2);
		return [...not(bang), "--tcp-flags", flagNames(mask), flagNames(set)];
	}
	if (name === "option") return [...not(bang), "--tcp-option", value];
	return [...not(bang), name.startsWith("s") ? "--sport" : "--dport", portNumbers(value)];
}

/** Names of services as numbers, as iptables-save prints them; a name that is not known stays. */
export function portNumbers(list: string): string {
	return list.replaceAll(/[^,:]{1,64}/g, (word) => String(portOf(word) ?? word));
}

function flagNames(text: string): string {
	const flags = tcpFlags(text);
	return flags === null ? text : flags.length === 0 ? "NONE" : flags.join(",").toUpperCase();
}

/** `dst-type !LOCAL limit-in`. */
export function addrtypeParts(parts: string): readonly string[] {
	const words = parts.trim().split(" ");
	return words.flatMap((word, index) => {
		if (word === "limit-in" || word === "limit-out") return [`--limit-iface-${word.slice(6)}`];
		const value = words[index + 1] ?? "";
		if (word !== "src-type" && word !== "dst-type") return [];
		return [...not(value.startsWith("!") ? "!" : ""), `--${word}`, value.replace(/^!/, "")];
	});
}

/** `8`, `3/4`; 255 is any type. */
export function typeAndCode(type = "", code?: string): string {
	return code === undefined ? (type === "255" ? "any" : type) : `${type}/${code}`;
}

/** `-m icmp --icmp-type 8`, `-m icmp6 --icmpv6-type 128`. */
export function icmpWords(protocol: string | undefined, negated: boolean, name: string): readonly string[] {
	const six = protocol === "ipv6-icmp";
	const type = icmpType(name, six ? "ip6" : "ip") ?? name;
	return ["-m", six ? "icmp6" : "icmp", ...not(negated ? "!" : ""), six ? "--icmpv6-type" : "--icmp-type", type];
}

/** `TTL match TTL == 64`, `HL match HL < 5`. */
export function hopWords(name: string, sign: string | undefined, value: string): readonly string[] {
	const option = sign === "<" ? "lt" : sign === ">" ? "gt" : "eq";
	return ["-m", name, ...not(sign === "!=" ? "!" : ""), `--${name}-${option}`, value];
}

/** Words behind `pol ipsec`: `strict [0] proto 50 mode tunnel`. */
export function policyParts(rest: string): readonly string[] {
	const words = rest.split(" ").filter((word) => word !== "" && !word.startsWith("["));
	return words.map((word, index) => {
		if (/^(?:strict|reqid|spi|proto|mode|tunnel-src|tunnel-dst)$/.test(word)) return `--${word}`;
		return words[index - 1] === "proto" ? protocolName(word) : word;
	});
}

const RECENT: ReadonlyMap<string, string> = new Map([
	["seconds:", "--seconds"],
	["hit_count:", "--hitcount"],
	["name:", "--name"],
	["mask:", "--mask"],
	["reap", "--reap"],
	["TTL-Match", "--rttl"],
]);

/** iptables-save prints the side behind the mask, -L before it. */
export function recentParts(rest: string): readonly string[] {
	const side = /side: (source|dest)/.exec(rest)?.[1];
	const words = rest
		.replace(/ side: \w{1,8}/, "")
		.split(" ")
		.filter((word) => word !== "");
	return [
		...words.map((word) => RECENT.get(word) ?? word),
		...(side ? [side === "dest" ? "--rdest" : "--rsource"] : []),
	];
}

/** Words behind `TIME`: `from 08:00:00 to 18:00:00 on Mon,Tue UTC`. */
export function timeParts(rest: string): readonly string[] {
	const names = new Map([
		["from", "--timestart"],
		["to", "--timestop"],
		["on", "--weekdays"],
	]);
	return rest
		.trim()
		.split(" ")
		.filter((word) => word !== "" && word !== "UTC")
		.map((word) => names.get(word) ?? word);
}
