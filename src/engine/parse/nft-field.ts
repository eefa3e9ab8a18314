import type { Match } from "../netfilter/ruleset";
import type { Comparison } from "./nft-match";

/** Comparisons that are read exactly but ask for what a Flow does not say: hop limits, owners, headers, the time of day. */

/** iptables' name of the extension that asks for an nft key. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
	["ip ttl", "ttl"],
	["ip6 hoplimit", "hl"],
	["ip dscp", "dscp"],
	["ip6 dscp", "dscp"],
	["length", "length"],
	["ether saddr", "mac"],
	["skuid", "owner"],
	["skgid", "owner"],
	["rtclassid", "realm"],
	["cgroup", "cgroup"],
	["cpu", "cpu"],
	["iifgroup", "devgroup"],
	["oifgroup", "devgroup"],
	["ah spi", "ah"],
	["esp spi", "esp"],
	["ct helper", "helper"],
	["tcp option maxseg size", "tcpmss"],
	["rt type", "rt"],
	["pkttype", "pkttype"],
	["secpath", "policy"],
	["ip frag-off", "frag"],
]);

const META_FIELD =
	/^(?:length|skuid|skgid|rtclassid|cgroup|cpu|[io]ifgroup|pkttype|secpath|priority|nftrace|[io]iftype|[io]brname|sdif)/;

/** Depends on the moment or on what went before, so some packets match and others do not. */
const SOMETIMES =
	/^(?:random|numgen|jhash|symhash|hour|day|time|ct (?:bytes|packets|avgpkt)|ct (?:original|reply) (?:bytes|packets|avgpkt))/;

function sometimesExtension(name: string): string {
	if (name.startsWith("ct ")) return "connbytes";
	return name === "hour" || name === "day" || name === "time" ? "time" : "statistic";
}

/** A comparison of something no match of its own is for; null for raw payload. */
export function fieldMatch(name: string, { values, operator, mask, text }: Comparison): readonly Match[] | null {
	if (name.startsWith("@")) return null;
	if (SOMETIMES.test(name)) return [{ kind: "sometimes", extension: sometimesExtension(name), text }];
	const header = name.split(" ", 1)[0] ?? name;
	const extension = EXTENSIONS.get(name) ?? (header === "ct" ? "conntrack" : header);
	const order = operator === "==" || operator === "!=" ? "" : `${operator} `;
	const masked = mask === null ? "" : `& ${mask} `;
	const field = META_FIELD.test(name) ? `meta ${name}` : name;
	// The walk reads iptables' words of this one.
	const negated = operator === "!=";
	const words = name === "pkttype" ? `-m pkttype ${negated ? "! " : ""}--pkt-type ${values.join(",")}` : text;
	return [{ kind: "field", extension, field, value: masked + order + values.join(","), negated, text: words }];
}
