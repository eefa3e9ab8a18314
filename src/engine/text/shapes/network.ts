import { LIKELY, lineShape, NONE, type Shape, SURE, type View } from "../shape";

const sockets = lineShape({
	kind: "sockets",
	sure: /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q|^Proto\s+Recv-Q\s+Send-Q|^Active (?:Internet|UNIX) |^Aktive Internet/,
	likely:
		/^(?:(?:tcp|udp)6?\s+)?(?:LISTEN|UNCONN|ESTAB|TIME-WAIT|SYN-SENT|CLOSE-WAIT)\s+\d+\s+\d+\s+\S+[:.]\S+\s+\S+[:.]\S+|^(?:tcp|udp|raw)6?\s+\d+\s+\d+\s+\S+[:.]\S+\s+\S+[:.]\S+|^\S{1,40}\s+\d+\s+\S{1,40}\s+\d+[urw]*W?\s+IPv[46]\s+\S+\s+\S+\s+(?:TCP|UDP)\s/,
	own: /^\(Not all processes could be identified|^will not be shown, you would have to be root|^COMMAND\s+PID\s+USER/,
	may: /^users:|^cgroup:|\s{2,}\S/,
});

/**
 * `brctl show`, `bridge link` and `bridge vlan`: which interface hangs on which bridge. `ip link` never names the state of
 * a port (`state forwarding priority 32 cost 2`).
 */
const bridgePorts = lineShape({
	kind: "bridge-ports",
	sure: /^bridge name\s+bridge id\s+STP enabled\s+interfaces|^port\s{2,}(?:vlan-id|vlan ids)\b|^\d{1,6}: [\w.@:-]{1,40}: <[A-Z\d_,-]{0,200}> mtu \d{1,6} master \S{1,32} state \w{4,12} priority \d/,
	own: /^[\w.@:-]{1,32}\s+[\da-f]{4}\.[\da-f]{12}\s+(?:yes|no)\b|^[\w.@:-]{1,32}\s{2,}\d{1,4}(?: PVID| Egress| Untagged)*$|^hairpin (?:on|off) |^\d{1,4}(?: PVID| Egress Untagged){1,2}$/,
	may: /^(?:veth|vnet|tap|eth|en|br-|docker)[\w.-]{1,32}$/,
	absorbs: ["docker-error"],
});

const LINK = /^\d{1,6}: [\w.@:-]{1,40}: <[A-Z\d_,-]*> mtu \d/;
const ONELINE = /^\d{1,6}: [\w.@:-]{1,40} {1,12}inet6? \S+/;
const BRIEF =
	/^[\w.@:-]{1,40}\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT)(?:\s+(?:[\da-f.:]+\/\d{1,3}|[\da-f]{2}:[\da-f:]{5,})|\s*$)/;

/** `ip addr`, `ip link`, `-br`, `-o`, and ifconfig. */
const ipAddr = lineShape({
	kind: "ip-addr",
	sure: LINK,
	likely: new RegExp(`${ONELINE.source}|${BRIEF.source}|^[\\w.@:-]{1,40}: flags=\\d+<|^[\\w.@:-]{1,40}\\s+Link encap:`),
	own: /^(?:inet6? |link\/|valid_lft|altname |ether |loop |RX |TX |collisions|UP |inet6? addr:|device |vlan |bridge |veth|bond|vxlan|tun |master |Interrupt:|unspec |RX: |TX: |RX errors: |TX errors: |\d{1,20}(?:\s+\d{1,20}){3,7}$)/,
	absorbs: ["docker-error"],
});

const PREFIX =
	"(?:default|(?:\\d{1,3}\\.){1,3}\\d{1,3}(?:\\/\\d{1,2})?|[\\da-f]{0,4}:[\\da-f:.]{1,45}(?:\\/\\d{1,3})?)";
const ROUTE = new RegExp(
	`^(?!.{0,80} (?:lladdr |self |(?:REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|NOARP)\\s*$))(?!(?:[\\da-f]{2}:){5})(?:(?:unicast|local|broadcast|multicast|anycast|unreachable|blackhole|prohibit|throw|nat) )?${PREFIX} (?:.{0,80} )?(?:dev|via|proto|scope|metric|nexthop|nhid|from)(?: |$)`,
);
const ROUTE_TABLE = /^Kernel IP(?:v6)? routing table|^Destination\s+(?:Gateway|Next Hop)\s/;

const ipRoute: Shape = lineShape({
	kind: "ip-route",
	sure: new RegExp(`${ROUTE_TABLE.source}|^default (?:via|dev) \\S+`),
	likely: ROUTE,
	own: /^(?:nexthop|cache|RTNETLINK answers|Error: ipv4: )|^[\d.:a-f]+\s+[\d.:a-f[\]]+\s+[\d.]*\s*[UGHRDMACN!]{1,6}\s/,
	absorbs: ["docker-error"],
});

const ipRule = lineShape({
	kind: "ip-rule",
	sure: /^\d{1,10}:\s+(?:not )?from \S+ (?:.{0,120} )?(?:lookup|goto|unreachable|blackhole|prohibit|nop|iif|oif|fwmark)\b/,
});

const nstat = lineShape({
	kind: "nstat",
	sure: /^(?:Ip|Ip6|IpExt|Tcp|TcpExt|Icmp|Icmp6|IcmpMsg|Udp|Udp6|UdpLite|Sctp|MPTcpExt)[A-Z]\w{1,60}\s+\d+\s+[\d.]+$/,
	likely: /^#(?:kernel|\d+\.\d+ )/,
	own: /^#/,
});

const SYSCTL_KEY = "(?:net|kernel|vm|fs|user|dev|abi|debug|crypto|sunrpc|fscache)[./][\\w./@*:-]{1,160}";
const SYSCTL_LINE = new RegExp(
	`^(?:sysctl: )?-?${SYSCTL_KEY}\\s{0,4}=\\s{0,4}\\S|^/?proc/sys/\\S{1,200}:\\s?-?\\d|^sysctl: .{0,80}(?:/proc/sys/|key|"|'|${SYSCTL_KEY})|^\\* Applying /\\S{1,120}`,
);

/** `sysctl a b`, `sysctl -a`, sysctl.conf, `grep . /proc/sys/…`. */
const sysctl = lineShape({
	kind: "sysctl",
	sure: SYSCTL_LINE,
	own: new RegExp(`^[#;]|^${SYSCTL_KEY}\\s{0,4}=`),
	absorbs: ["docker-error"],
});

// curl.1, wget, nc (OpenBSD, ncat, busybox), telnet, nmap.
const PROBE_SURE =
	/^curl: \(\d{1,3}\)|^wget: |^--\d{4}-\d\d-\d\d .{4,12}-- {1,2}https?:|^(?:nc|ncat|netcat|Ncat): |^Connection to \S+ \S+ port .{1,60} succeeded!|^telnet: |^\* {2,3}Trying \S+|^Trying [\d.:a-f]{3,45}\.\.\.$|^Nmap scan report for |^Starting Nmap /;
const PROBE_LIKELY =
	/^[<>] HTTP\/[\d.]+ \d{3}|^HTTP\/[\d.]{1,3} \d{3}|^Connecting to \S+[:\s]|^Connected to \S+\.$|^\* (?:connect to|Connected to|Connection (?:timed out|refused)|Failed to connect|Closing connection|Empty reply|Recv failure)|^TcpTestSucceeded\s*:|^ComputerName\s+:/;

const probe = lineShape({
	kind: "probe",
	sure: PROBE_SURE,
	likely: PROBE_LIKELY,
	own: /^[*<>] |^[<>]$|^% Total|^ *\d+ +\d+ .{0,60}--:--:--|^Dload |^Escape character is|^(?:Content-|Server:|Date:|Connection:|Location:|ETag:|Last-Modified:|Accept-Ranges:|Transfer-Encoding:)|^(?:Resolving|Connecting|Length:|Saving to|Giving up|Retrying|HTTP request sent)|^PORT\s+STATE|^\d{1,5}\/(?:tcp|udp)\s|^(?:Host is up|Not shown:|Nmap done)|^(?:RemoteAddress|RemotePort|InterfaceAlias|SourceAddress|TcpTestSucceeded|PingSucceeded)/,
	may: /^[<{]|^hello\b/i,
});

/** `ip route get` prints no prefix word; two lines tell it. */
const ipRouteGet: Shape = {
	...ipRoute,
	opens: (view: View) => {
		const score = ipRoute.opens(view);
		if (score > NONE) return score;
		const flat = view(0)?.flat ?? "";
		if (!new RegExp(`^${PREFIX} `).test(flat)) return NONE;
		return /^cache\b/.test(view(1)?.flat ?? "") ? SURE : / (?:src|uid) \S+/.test(flat) ? LIKELY : NONE;
	},
};

/** What is printed about interfaces, routes, sockets, kernel switches, and by whoever tries to reach a port. */
export const NETWORK_SHAPES: readonly Shape[] = [
	sockets,
	bridgePorts,
	ipAddr,
	ipRule,
	ipRouteGet,
	sysctl,
	nstat,
	probe,
];
