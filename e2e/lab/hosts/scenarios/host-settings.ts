import { askFromContainer, LOOK, RUN_ANOTHER, type Scenario, START_ANOTHER, startDaemon } from "./scenario";

/** The kernel's settings, and programs that are gone. */
export const HOST_SETTINGS: readonly Scenario[] = [
	{
		name: "ip-forward-off",
		break: "sysctl -w net.ipv4.ip_forward=0",
		trigger: LOOK,
		expected: ["ip-forward-off"],
		heals: [8080],
		play: true,
	},
	{
		name: "forwarding-off-on-one-interface",
		break: "sysctl -w net.ipv4.conf.eth0.forwarding=0",
		trigger: LOOK,
		expected: ["ip-forward-off"],
		heals: [8080],
	},
	{
		name: "bridge-netfilter-off",
		break:
			"sysctl -w net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0; docker run -d --name app lab/web",
		trigger: askFromContainer("app"),
		proves: `${askFromContainer("app")} | grep -q hello`,
		expected: ["bridge-netfilter-off"],
		heals: [8080],
		kinds: { daemonJson: { "userland-proxy": false } },
	},
	{
		name: "strict-rp-filter",
		break: "sysctl -w net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1 net.ipv4.conf.all.log_martians=1",
		// A VPN's link: the client's other address is routed there, and its packets come in by eth0.
		breakOutside:
			'ip link add eth1 type veth peer name eth1 netns "$HOST_SPACE"; ip -n "$HOST_SPACE" addr add 10.8.0.1/24 dev eth1; ip -n "$HOST_SPACE" link set eth1 up; ip link set eth1 up; ip addr add 10.8.0.5/32 dev lo; ip netns exec "$HOST_SPACE" sysctl -qw net.ipv4.conf.eth1.rp_filter=1; ip route add 192.168.56.10/32 dev eth0 src 10.8.0.5; ip neigh replace 192.168.56.10 lladdr "$(ip -n "$HOST_SPACE" -o link show eth0 | sed "s/.*ether \\([0-9a-f:]*\\).*/\\1/")" dev eth0',
		trigger: LOOK,
		expected: ["rp-filter-or-martian"],
		heals: [8080],
	},
	{
		name: "iptables-missing",
		break:
			"service docker stop; rm -f /usr/sbin/iptables* /usr/sbin/ip6tables* /usr/sbin/xtables*; service docker start; sleep 2",
		trigger: LOOK,
		expected: ["iptables-binary-missing"],
		heals: [8080],
		kinds: { layers: ["repository"] },
		leaves: "packages",
	},
	{
		name: "extension-missing",
		break:
			"service docker stop; rm -f /usr/lib/*/xtables/libxt_addrtype.so; for b in nft legacy; do iptables-$b -t nat -F; iptables-$b -t nat -X; done; service docker start; sleep 3",
		trigger: LOOK,
		expected: ["xt-extension-missing"],
		heals: [8080],
		kinds: { layers: ["repository"] },
		leaves: "packages",
	},
	{
		name: "docker-proxy-missing",
		break: "rm -f $(command -v docker-proxy) /usr/libexec/docker/docker-proxy",
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["docker-proxy-missing"],
		heals: [8080, 8081],
		kinds: { layers: ["repository"] },
		leaves: "packages",
	},
	{
		name: "no-privilege",
		break:
			"service docker stop; setpriv --bounding-set=-net_admin --inh-caps=-net_admin dockerd >>/var/log/docker.log 2>&1 & sleep 6; true",
		trigger: LOOK,
		expected: ["iptables-permission"],
		heals: [8080],
		byHand: { says: ["CAP_NET_ADMIN"], does: startDaemon },
	},
	{
		name: "outside-host",
		break: "true",
		breakOutside:
			"nft add table inet f; nft 'add chain inet f o { type filter hook output priority 0; policy accept; }'; nft add rule inet f o tcp dport 8080 drop",
		trigger: LOOK,
		expected: ["outside-host"],
		alone: ["healthy"],
		heals: [],
		byHand: { says: ["tcpdump -ni any tcp port 8080"], does: "true" },
		stays: ["outside-host", "healthy"],
	},
];
