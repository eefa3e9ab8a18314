import { bareName, type ComplaintRule, errnoOf, numberOf } from "./complaint-rule";
import type { Complaint } from "./failure";

/**
 * What dockerd, libnetwork and the docker client say of ports, bridges, subnets and programs they miss, 1.12 to 29.
 *
 *     Bind for 0.0.0.0:8080 failed: port is already allocated
 *     failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use
 *     adding interface veth756c20b to bridge docker0 failed: could not find bridge docker0: route ip+net: no such network interface
 *
 * Sources: moby libnetwork/drivers/bridge, portallocator, ipam, cmd/docker-proxy at every minor release; docker/cli. What the
 * programs below dockerd say (iptables, firewalld, modprobe) has tables of its own, asked first.
 */

type HostPort = { readonly address: string | null; readonly port: number | null; readonly protocol: string | null };

/** Address, port and protocol of `0.0.0.0:8080`, `[::]:8080`, `:::8080`, `0.0.0.0:8080:172.17.0.2:80/tcp`; redacted parts are null. */
export function readHostPort(text: string): HostPort {
	const protocol =
		/\/(tcp|udp|sctp)\b/i.exec(text)?.[1]?.toLowerCase() ??
		/\b(tcp|udp)[46]?\b/i.exec(text)?.[1]?.toLowerCase() ??
		null;
	const v4 = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})/.exec(text);
	if (v4 !== null) return { address: v4[1] ?? null, port: numberOf(v4[2]), protocol };
	const v6 =
		/\[([0-9a-f:.]{0,45})\]:(\d{1,5})/i.exec(text) ?? /(?<![\w:])(::(?:[0-9a-f:]{0,40}?)):(\d{1,5})\b/i.exec(text);
	if (v6 !== null) return { address: v6[1] === "" ? "::" : (v6[1] ?? null), port: numberOf(v6[2]), protocol };
	const bare = /:(\d{1,5})\b/.exec(text) ?? /\bport (\d{1,5})\b/i.exec(text);
	return { address: null, port: numberOf(bare?.[1]), protocol };
}

/** The part of the message that names the port: from `listen`, `bind`, `exposing` up to the complaint. */
function boundPort(text: string, end: number): HostPort {
	const before = text.slice(Math.max(0, end - 220), end);
	const at = before.search(
		/(?:listen (?:tcp|udp)[46]?|bind host port|bind port|failed to bind|exposing port|listening on|bind for) (?!.{0,120}(?:listen (?:tcp|udp)[46]?|bind host port) )/i,
	);
	return readHostPort(at < 0 ? before : before.slice(at));
}

const NETLINK_REFUSED = /operation not permitted|permission denied/i;

export const DOCKER_COMPLAINTS: readonly ComplaintRule[] = [
	{
		// A swarm refuses a port that another service has (moby manager/allocator/network/portallocator.go).
		anchors: ["port is already allocated", "already in use by service"],
		pattern:
			/(?:bind for (\S{1,80}) failed: ?)?port is already allocated|(port '?\d{1,5}'?) is already in use by service/i,
		speaker: "dockerd",
		read: (match) => {
			const { address, port } = readHostPort(match[1] ?? match[2]?.replaceAll("'", "") ?? "");
			return { kind: "port-allocated", address, port };
		},
	},
	{
		anchors: [
			"address already in use",
			"address in use",
			"only one usage of each socket",
			"forbidden by its access permissions",
			"ports are not available",
		],
		pattern:
			/address (?:is )?already in use|only one usage of each socket address|forbidden by its access permissions|ports are not available/i,
		speaker: "dockerd",
		read: (match, heard) => {
			// A web server in a container says `bind() to 0.0.0.0:80 failed (98: Address already in use)`: not dockerd's port.
			if (
				!/listen (?:tcp|udp)|bind host port|bind port|userland proxy|exposing port|ports are not available|error response from daemon|failed to set up container|programming external/.test(
					heard.lower,
				)
			)
				return null;
			if (/bind: permission denied/.test(heard.lower)) return null;
			// With no port named it is the address asked for with --ip.
			const end =
				/already in use|only one usage|forbidden by/i.exec(heard.plain)?.index ?? match.index + match[0].length;
			return { kind: "address-in-use", ...boundPort(heard.plain, end) };
		},
	},
	{
		anchors: ["cannot assign requested address"],
		pattern: /cannot assign requested address/i,
		speaker: "dockerd",
		read: (match, heard) => ({ kind: "address-unavailable", address: boundPort(heard.plain, match.index).address }),
	},
	{
		// A warning of the client or dockerd (moby daemon_unix.go, verifyPlatformContainerSettings); docker/cli opts for the rest.
		anchors: [
			"discarded when using",
			"port publishing and the container type network",
			"exposing and the container type",
		],
		pattern:
			/ports are discarded when using (host|none) network mode|port (?:publishing|exposing) and the container type network mode/i,
		speaker: "docker-cli",
		read: (match) => ({
			kind: "ports-discarded",
			mode: match[1]?.toLowerCase() === "none" ? "none" : match[1] ? "host" : "container",
		}),
	},
	{
		anchors: ["bind: permission denied", "privileged port"],
		pattern: /bind: permission denied|cannot expose privileged port/i,
		speaker: "dockerd",
		read: () => ({ kind: "permission", what: "port" }),
	},
	{
		anchors: ["address pool", "non-overlapping", "fully subnetted"],
		pattern:
			/non-overlapping ipv[46] address pool|address pools have been fully subnetted|no available ipv[46] addresses on this network|no available network address pool/i,
		speaker: "dockerd",
		read: (match) => ({ kind: "pools-exhausted", of: /on this network/i.test(match[0]) ? "network" : "pools" }),
	},
	{
		anchors: ["overlap", "conflicts with existing route", "conflicts with network", "same bridge name"],
		pattern:
			/pool overlaps with other one|conflicts with existing route|networks have (overlapping|same bridge name)|conflicts with network|subnet .{0,60}overlaps|overlaps with (?:an )?existing/i,
		speaker: "dockerd",
		read: (match): Complaint => {
			const words = match[0].toLowerCase();
			if (words.includes("existing route")) return { kind: "subnet-overlap", with: "route" };
			if (words.includes("pool overlaps")) return { kind: "subnet-overlap", with: "network" };
			if (match[1] !== undefined || words.includes("conflicts with network")) {
				const reason = /same bridge name/i.test(match.input) ? "same-name" : "overlap";
				return { kind: "bridge-conflict", reason };
			}
			return { kind: "subnet-overlap", with: "unknown" };
		},
	},
	{
		anchors: ["sandbox", "pair interfaces"],
		pattern: /failed to add the host.{0,80}?pair interfaces: ?([A-Za-z][\w ]{2,60})/i,
		speaker: "dockerd",
		read: (match) =>
			NETLINK_REFUSED.test(match[1] ?? "")
				? { kind: "permission", what: "netlink" }
				: { kind: "veth-unsupported", errno: errnoOf(match[1]) },
	},
	{
		anchors: [
			"create bridge",
			'default "bridge" network',
			"default 'bridge' network",
			"creating new bridge",
			"bridge creation",
			"bridge via netlink",
			"package not installed",
		],
		pattern:
			/(?:creat(?:e|ing)(?: new)? bridge|bridge creation|creating default 'bridge' network|creating default "bridge" network).{0,120}?(operation not (?:supported|permitted)|permission denied|package not installed|protocol not supported)/i,
		speaker: "dockerd",
		read: (match) =>
			NETLINK_REFUSED.test(match[1] ?? "")
				? { kind: "permission", what: "netlink" }
				: { kind: "veth-unsupported", errno: errnoOf(match[1]) },
	},
	{
		anchors: [
			"could not find bridge",
			"could not find interface",
			"to bridge ",
			"must be created manually",
			"is not a bridge",
		],
		pattern:
			/could not find (?:bridge|interface) (\S{1,40})|bridge device with non default name (\S{1,40}) must be created|(?:existing )?interface (\S{1,40}) is not a bridge|to bridge (\S{1,40}) failed: ?(?:device does not exist|no such (?:device|network)|link not found)|add \S{1,40} to bridge via netlink/i,
		speaker: "dockerd",
		read: (match) => ({ kind: "bridge-missing", bridge: bareName(match[1] ?? match[2] ?? match[3] ?? match[4]) }),
	},
	{
		anchors: ["docker-proxy", "userland-proxy", "userland proxy"],
		pattern:
			/exec: "?(\S{0,200}docker-proxy)"?: (?:executable file )?not found|(?:fork\/exec|stat) (\S{0,200}docker-proxy\S{0,20}): no such file|(invalid userland-proxy-path)(?:.{0,80}?(?:stat|exec:) "?(\/[^\s":]{1,200}))?/i,
		speaker: "dockerd",
		read: (match) => {
			const path = bareName(match[1] ?? match[2] ?? match[4]);
			return { kind: "proxy-missing", path: path?.startsWith("/") ? path : null };
		},
	},
	{
		anchors: ["docker-proxy", "userland proxy"],
		pattern:
			/failed to start docker-proxy|timed out (?:proxy )?starting the userland proxy|(?:error|failed to) start(?:ing)? userland proxy|userland proxy exited|fork\/exec \S{0,200}docker-proxy/i,
		speaker: "dockerd",
		read: () => ({ kind: "proxy-failed" }),
	},
	{
		// Docker 28.0.0 alone: moby 76417bf763 gave ipset up again in 28.0.1.
		anchors: ["ipset", "bridge' driver: invalid", 'bridge" driver: invalid'],
		pattern:
			/(?:creating ipset|to ipset|socket to ipset|create ipset|ipset:)(?:.{0,160}?(invalid argument|invalid type|no such file or directory|operation not supported|operation not permitted|protocol not supported))?|failed to register ['"]bridge['"] driver: (invalid argument|invalid type)/i,
		speaker: "dockerd",
		read: (match) => {
			const errno = match[1] ?? match[2];
			return { kind: "ipset-unsupported", errno: errno === undefined ? null : errno };
		},
	},
	{
		anchors: [
			"tables not found",
			"find ip",
			"executable file not found",
			"command not found",
			"nft tool",
			"tables: not found",
			"tables: no such file",
			"env: ",
		],
		pattern:
			/(?<![\w-])(ip6?tables|nft)(?:['"]|: )? ?(?:executable file |command )?not found|find (ip6?tables|nft)\b|exec: ['"]?(?:\S{0,120}\/)?(ip6?tables|nft)['"]?: |(?:fork\/exec |stat )\S{0,120}\/(ip6?tables|nft)[\w-]{0,12}: no such file|(?:\/|bash: |sh: )(ip6?tables|nft): no such file|env: (?:can.?t execute )?'?(ip6?tables|nft)[\w-]{0,12}'?: no such file/i,
		speaker: "dockerd",
		read: (match, heard) => {
			// A container that wants to run iptables itself.
			if (/oci runtime|runc create|container process|unable to start container/.test(heard.lower)) return null;
			const program = (
				match[1] ??
				match[2] ??
				match[3] ??
				match[4] ??
				match[5] ??
				match[6] ??
				"iptables"
			).toLowerCase();
			if (program === "ip6tables") return { kind: "ip6tables-unusable" };
			return { kind: "program-missing", program };
		},
	},
	{
		anchors: ["ip6tables"],
		pattern: /ip6tables is enabled, but cannot set up|ip6tables is missing|unable to find ip6tables/i,
		speaker: "dockerd",
		read: () => ({ kind: "ip6tables-unusable" }),
	},
	{
		anchors: ["enableiptable is disabled"],
		pattern: /enableiptable is disabled/i,
		speaker: "dockerd",
		read: () => ({ kind: "iptables-disabled" }),
	},
	{
		anchors: ["ip forwarding", "ipv4 forwarding", "ipv6 forwarding"],
		pattern: /(?:enabling|setup|failed to set) ip forwarding.{0,80}?(?:failed|=).{0,120}/i,
		speaker: "dockerd",
		read: (match) => ({
			kind: "forwarding-refused",
			errno:
				/read-only file system|permission denied|operation not permitted|no such file or directory|invalid argument/i.exec(
					match[0],
				)?.[0] ?? null,
		}),
	},
	{
		anchors: ["forwarding is disabled"],
		pattern: /ipv([46]) forwarding is disabled/i,
		speaker: "dockerd",
		read: (match) => ({ kind: "forwarding-disabled", family: match[1] === "6" ? 6 : 4 }),
	},
	{
		anchors: ["has policy drop"],
		pattern: /chain forward has policy drop/i,
		speaker: "dockerd",
		read: () => ({ kind: "forward-policy-drop" }),
	},
	{
		anchors: ["restrict inter-container communication"],
		pattern: /cannot restrict inter-container communication/i,
		speaker: "dockerd",
		read: () => ({ kind: "bridge-netfilter-disabled", fatal: true }),
	},
	{
		anchors: ["bridge-nf-call-ip"],
		pattern: /bridge-nf-call-ip6?tables (?:is )?disabled/i,
		speaker: "dockerd",
		read: () => ({ kind: "bridge-netfilter-disabled", fatal: false }),
	},
	{
		anchors: ["ipvs"],
		pattern: /could not get ipvs family|create an ipvs handle|ipvs is not enabled/i,
		speaker: "dockerd",
		read: () => ({ kind: "ipvs-missing" }),
	},
	{
		anchors: ["create a new service for vip", "firewall mark rule in sbox"],
		pattern: /failed to (?:create a new service for vip|add firewall mark rule in sbox)/i,
		speaker: "dockerd",
		read: () => ({ kind: "ipvs-missing" }),
	},
	{
		anchors: ["vxlan interface", "sandbox join failed", "required modules to install ipsec"],
		pattern:
			/(?:error creating vxlan interface|sandbox join failed|required modules to install ipsec)(?:.{0,200}?(operation not supported|file exists|operation not permitted|device or resource busy|no such device))?/i,
		speaker: "dockerd",
		read: (match) => ({ kind: "overlay-failed", errno: match[1] ?? null }),
	},
	{
		anchors: ["docker daemon socket", "docker.sock", "docker api at"],
		pattern:
			/permission denied while trying to connect to the docker|dial unix \S{0,120}docker\.sock: connect: permission denied/i,
		speaker: "docker-cli",
		read: () => ({ kind: "socket-permission" }),
	},
	{
		anchors: ["connect to the docker daemon", "error during connect", "docker.sock", "connect to the docker api"],
		pattern:
			/(?:cannot|can.?t|failed to|couldn.?t) connect to (?:the )?docker (?:daemon|api)|error during connect|dial unix \S{0,120}docker\.sock: connect: (?:no such file|connection refused)/i,
		speaker: "docker-cli",
		read: () => ({ kind: "daemon-unreachable" }),
	},
];
