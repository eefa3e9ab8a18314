import { bareName, type ComplaintRule, numberOf } from "./complaint-rule";

/**
 * What the kernel's own log says of packets and modules, 3.10 to 7.x.
 *
 *     nf_conntrack: nf_conntrack: table full, dropping packet
 *     IPv4: martian source 192.168.1.9 from 172.17.0.2, on dev eth0
 *     [UFW BLOCK] IN=eth0 OUT=docker0 MAC=… SRC=203.0.113.9 DST=172.17.0.2 … PROTO=TCP SPT=51001 DPT=80
 *     ip_tables: version magic '6.1.0-18-amd64 SMP' should be '6.1.0-50-amd64 SMP'
 *
 * Not read: what is normal (`docker0: port 1(veth…) entered …`, `bridge: filtering via arp/ip/ip6tables is no longer available`,
 * `Warning: ip_tables - this driver is not recommended for new deployments`), and modules that have nothing to do with netfilter.
 */

/** Modules whose trouble can be Docker's: netfilter, bridge, overlay. */
export const NETFILTER_MODULE =
	/^(?:ip6?_?tables?|ip6?t(?:able)?_\w{1,40}|xt_\w{1,40}|x_tables|nf_\w{1,40}|nft_\w{1,40}|nfnetlink\w{0,20}|ip_set\w{0,30}|ip_vs\w{0,20}|br_netfilter|bridge|veth|vxlan|overlay|macvlan|ipvlan|dummy|stp|llc)$/;

/** By the prefix of a LOG rule; null for one that accepts or only counts. `prefix` is in lower case. */
function whoBlocked(prefix: string): "ufw" | "ufw-docker" | "firewalld" | "other" | null {
	if (prefix.includes("[ufw docker block]")) return "ufw-docker";
	const ufw = prefix.lastIndexOf("[ufw ");
	if (ufw >= 0) return /allow|audit|limit/.test(prefix.slice(ufw)) ? null : "ufw";
	if (/final_reject|filter_\w{2,60}_(?:reject|drop)|rpfilter_drop|state_invalid_drop/.test(prefix)) return "firewalld";
	return /drop|reject|block|deny|denied/.test(prefix) ? "other" : null;
}

export const KERNEL_COMPLAINTS: readonly ComplaintRule[] = [
	{
		anchors: ["table full"],
		// `nf_conntrack: expectation table full` is another table, that of the helpers for FTP and SIP.
		pattern: /conntrack: table full|(?<!expectation )table full.{0,40}dropping packet/i,
		speaker: "kernel",
		read: () => ({ kind: "conntrack-full" }),
	},
	{
		anchors: ["martian source", "martian destination"],
		pattern: /martian (?:source|destination) (\S{1,60}) from (\S{1,60}?),?(?: on)? dev (\S{1,40})/i,
		speaker: "kernel",
		// The kernel prints the destination first: `martian source <daddr> from <saddr>`.
		read: (match) => ({ kind: "martian-source", source: bareName(match[2]), device: bareName(match[3]) }),
	},
	{
		anchors: [" out="],
		pattern: /\bin=(\S{0,40}) out=(\S{0,40}) (.{0,600})/i,
		speaker: "kernel",
		read: (match, heard) => {
			const by = whoBlocked(heard.lower.slice(Math.max(0, match.index - 100), match.index));
			if (by === null) return null;
			const port = numberOf(/\bDPT=(\d{1,5})/i.exec(match[3] ?? "")?.[1]);
			return { kind: "packet-blocked", by, in: bareName(match[1]), out: bareName(match[2]), port };
		},
	},
	{
		anchors: [
			"version magic",
			"disagrees about version",
			"unknown symbol",
			"unsigned module",
			"required key not available",
			"module verification failed",
		],
		pattern:
			/([\w-]{1,60}): (version magic|disagrees about version of|unknown symbol)|loading of (unsigned module)|(required key not available|key was rejected)/i,
		speaker: "kernel",
		read: (match) => {
			const module = match[1]?.replace(/-/g, "_");
			if (module !== undefined && !NETFILTER_MODULE.test(module)) return null;
			return {
				kind: "module-refused",
				module: module ?? "unknown",
				errno: (match[2] ?? match[3] ?? match[4] ?? "").toLowerCase(),
			};
		},
	},
	{
		anchors: ["ip_tables:", "ip6_tables:", "x_tables:"],
		pattern:
			/(?:x_tables|ip6?_tables): .{0,80}(?:only (?:valid|usable) from|but only|invalid size|size mismatch|duplicate underflow|bad policy|counters copy)/i,
		speaker: "kernel",
		read: () => ({ kind: "invalid-argument" }),
	},
	{
		anchors: ["out of memory", "oom-kill", "oomkilled"],
		pattern: /out of memory: kill|oom-kill:|oomkilled['"]?: ?true|memory cgroup out of memory/i,
		speaker: "kernel",
		read: () => ({ kind: "elsewhere", area: "memory" }),
	},
	{
		anchors: ["unregister_netdevice"],
		pattern: /unregister_netdevice: waiting for/i,
		speaker: "kernel",
		read: () => ({ kind: "elsewhere", area: "other" }),
	},
];
