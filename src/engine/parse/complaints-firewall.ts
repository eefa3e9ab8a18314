import { bareName, type ComplaintRule, errnoOf, numberOf } from "./complaint-rule";

/**
 * What firewalld, ufw, and nft itself complain about.
 *
 *     ZONE_CONFLICT: 'docker0' already bound to 'trusted'          firewalld, as a D-Bus error or in its log
 *     ERROR: problem running ufw-init                              ufw
 *     Error: Could not process rule: No such file or directory     nft; dockerd's nftables backend (29+) quotes it
 *
 * Sources: firewalld src/firewall/errors.py up to 2.5; ufw 0.36 ufw-init-functions; nft(8). The iptables text inside
 * `COMMAND_FAILED: '…' failed: …` belongs to the iptables table, which is asked first.
 */
export const FIREWALL_COMPLAINTS: readonly ComplaintRule[] = [
	{
		anchors: ["zone_conflict", "already bound to"],
		pattern: /(?:zone_conflict: ?)?'?([\w.<>-]{1,40})'? already bound to (?:a zone|'?([\w.<>-]{1,40})'?)/i,
		speaker: "firewalld",
		read: (match) => ({ kind: "zone-conflict", interface: bareName(match[1]), zone: bareName(match[2]) }),
	},
	{
		anchors: ["zone_conflict"],
		pattern: /zone_conflict:? ?(?:'?([\w.-]{1,40})'?)?/i,
		speaker: "firewalld",
		read: (match) => ({ kind: "zone-conflict", interface: bareName(match[1]), zone: null }),
	},
	{
		anchors: ["invalid_zone"],
		pattern: /invalid_zone:? ?'?([\w.-]{1,40})?/i,
		speaker: "firewalld",
		read: (match) => ({ kind: "zone-invalid", zone: bareName(match[1]) }),
	},
	{
		anchors: ["problem running ufw", "error: problem running", "error: initcaps", "could not load logging rules"],
		pattern: /error: (?:problem running|initcaps|could not load)/i,
		speaker: "ufw",
		read: (_, heard) => ({
			kind: "rules-file-refused",
			by: "ufw",
			line: numberOf(/line:? (\d{1,6})/i.exec(heard.plain)?.[1]),
		}),
	},
	{
		anchors: ["cache initialization failed"],
		pattern: /cache initialization failed: ?([A-Za-z][\w ]{2,60})/i,
		speaker: "nft",
		read: (match) => {
			const errno = errnoOf(match[1]);
			return /not permitted|denied/i.test(errno)
				? { kind: "permission", what: "netlink" }
				: { kind: "nft-unsupported", errno };
		},
	},
	{
		anchors: ["could not process rule", "did you mean "],
		pattern:
			/could not process rule: ?([A-Za-z][\w ]{2,60})|no such file or directory; did you mean (?:chain|table) '?([\w.-]{1,64})/i,
		speaker: "nft",
		read: (match, heard) => {
			const errno = errnoOf(match[1] ?? "No such file or directory");
			if (/not permitted|denied/i.test(errno)) return { kind: "permission", what: "netlink" };
			const place = /\btable (?:ip6?|inet|bridge|arp|netdev) '?([\w.-]{1,64})/i.exec(heard.plain)?.[1];
			const chain =
				match[2] ??
				/(?:list|flush|delete|add rule) (?:chain |rule )?(?:ip6?|inet) [\w.-]{1,64} ([\w.-]{1,64})/i.exec(
					heard.plain,
				)?.[1] ??
				null;
			if (errno === "No such file or directory" && chain !== null) {
				const table = /(?:chain|rule) (?:ip6?|inet) ([\w.-]{1,64}) /i.exec(heard.plain)?.[1] ?? place ?? "unknown";
				return { kind: "chain-missing", table, chain };
			}
			if (errno === "Operation not supported" || errno === "Protocol not supported")
				return { kind: "nft-unsupported", errno };
			return { kind: "rule-refused", chain, errno };
		},
	},
	{
		anchors: ["must be root", "need to be root", "operation not permitted"],
		pattern: /(?:\bnft\b|netlink|nftables).{0,200}?(?:operation not permitted|must be root)/i,
		speaker: "nft",
		read: () => ({ kind: "permission", what: "netlink" }),
	},
];
