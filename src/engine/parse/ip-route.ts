/**
 * Routes: `ip route`, `ip -6 route`, `ip route show table all`, `route -n`, `netstat -rn`.
 *
 *     default via 192.168.56.20 dev eth0
 *     172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
 *     unreachable 10.0.0.0/8 metric 4278198272
 *
 * Seen: iproute2 4.9 to 6.15, busybox, net-tools. Not read: `ip route get`, which answers for one address and lists
 * nothing (its line is told by `uid` or the `cache` after it), and metrics of single hops.
 */
import { formatPrefix, parseAddress, parsePrefix } from "../netfilter/address";
import type { Artifact, Line } from "../text/evidence";
import { programNotFound, remarksOnLines, spanOfText, textOf, writtenLines } from "./line-text";
import type { ParsedIpRoute, Route } from "./parsed";

const TYPES = new Set([
	"unicast",
	"local",
	"broadcast",
	"multicast",
	"throw",
	"unreachable",
	"prohibit",
	"blackhole",
	"nat",
	"anycast",
]);

/** Reads routes. */
export function parseIpRoute(artifact: Artifact): ParsedIpRoute {
	const routes: Route[] = [];
	const unread: Line[] = [];
	const written = writtenLines(artifact.lines);
	const tableAsked = /\btable (\S{1,40})/.exec((artifact.command ?? "").slice(0, 500))?.[1] ?? null;
	let columns = false;
	for (const [index, line] of written.entries()) {
		const text = textOf(line);
		const words = text.trim().split(/\s+/, 60);
		if (/^\s*Destination\s+(?:Gateway|Next Hop)/.test(text) || /\bIface\s*$/.test(text)) {
			columns = true;
			continue;
		}
		if (/^Kernel IP|^Kernel-IP|^Internet6?:$/.test(text)) continue;
		const next = textOf(written[index + 1] ?? line);
		// `172.17.0.2 dev docker0 src 172.17.0.1 uid 0` and `cache` below it: the answer to `ip route get`.
		if (/\suid \d/.test(text) || /^\s+cache\b/.test(text) || /^\s+cache\b/.test(next)) continue;
		const at = spanOfText(artifact, line);
		if (words[0] === "nexthop") {
			const last = routes.at(-1);
			// Several next hops: the first is as good as any other for asking where a prefix leads.
			if (last && last.device === null)
				routes[routes.length - 1] = { ...last, via: after(words, "via"), device: after(words, "dev") };
			continue;
		}
		const route = columns ? fromColumns(words) : fromWords(words, tableAsked === "all" ? null : tableAsked);
		if (route) routes.push({ ...route, at });
		else if (!programNotFound(text)) unread.push(line);
	}
	return { kind: "ip-route", routes, remarks: remarksOnLines(artifact, unread, "Not a route, skipped") };
}

function fromWords(words: readonly string[], tableAsked: string | null): Omit<Route, "at"> | null {
	const [first = "", second = ""] = words;
	const typed = TYPES.has(first);
	const destination = destinationOf(typed ? second : first);
	if (!destination) return null;
	const metric = after(words, "metric");
	return {
		type: typed ? first : "unicast",
		destination,
		via: after(words, "via") === "inet6" ? after(words, "inet6") : after(words, "via"),
		device: after(words, "dev"),
		source: after(words, "src"),
		table: after(words, "table") ?? tableAsked,
		scope: after(words, "scope"),
		metric: metric && /^\d{1,10}$/.test(metric) ? Number(metric) : null,
	};
}

/** `Destination Gateway Genmask Flags Metric Ref Use Iface`, or netstat's `… Flags MSS Window irtt Iface`. */
function fromColumns(words: readonly string[]): Omit<Route, "at"> | null {
	const [to = "", gateway = "", mask = "", flags = ""] = words;
	if (words.length < 5) return null;
	const isIpv4 = parseAddress(mask)?.family === 4;
	const destination = isIpv4
		? mask === "0.0.0.0" && (to === "0.0.0.0" || to === "default")
			? "default"
			: destinationOf(`${to}/${mask}`)
		: destinationOf(to === "::/0" ? "default" : to);
	if (!destination) return null;
	const metric = words[isIpv4 ? 4 : 3] ?? "";
	const via = /^(?:0\.0\.0\.0|\*|::|\[::\]|-)$/.test(gateway) ? null : gateway;
	return {
		type: /!/.test(isIpv4 ? flags : mask) ? "unreachable" : "unicast",
		destination,
		via,
		device: words.at(-1) ?? null,
		source: null,
		table: null,
		scope: via ? null : "link",
		metric: words.length === 8 && /^\d{1,10}$/.test(metric) ? Number(metric) : null,
	};
}

function destinationOf(word: string): string | null {
	if (word === "default") return word;
	const prefix = parsePrefix(word.includes("/") ? expand(word) : word);
	return prefix ? formatPrefix(prefix) : null;
}

// Old iproute2 leaves out zero octets at the end: `172.17/16`.
function expand(word: string): string {
	const [address = "", length = ""] = word.split("/", 2);
	const octets = address.split(".");
	if (address.includes(":") || octets.length >= 4) return word;
	return `${[...octets, "0", "0", "0"].slice(0, 4).join(".")}/${length}`;
}

function after(words: readonly string[], key: string): string | null {
	const at = words.indexOf(key);
	return at < 0 ? null : (words[at + 1] ?? null);
}
