import { LOOK, RUN_ANOTHER, type Scenario, START_ANOTHER } from "./scenario";

/** The lab's hosts start their services by init scripts; firewalld has none in Debian. */
const FIREWALLD = `cat >/etc/init.d/firewalld <<'SCRIPT'
#!/bin/sh
case "$1" in restart | stop) pkill -x firewalld; while pgrep -x firewalld >/dev/null; do sleep 0.1; done ;; esac
case "$1" in
restart | start)
	setsid firewalld --nofork >>/var/log/firewalld.log 2>&1 </dev/null &
	for i in $(seq 50); do firewall-cmd --state >/dev/null 2>&1 && break; sleep 0.2; done
	sleep 1
	;;
esac
SCRIPT
chmod 755 /etc/init.d/firewalld; mkdir -p /run/dbus; dbus-daemon --system --fork; /etc/init.d/firewalld start`;

/** ufw and firewalld beside Docker. */
export const FIREWALLS: readonly Scenario[] = [
	{
		name: "ufw-flushes-nat",
		break:
			'sed -i "1i *nat\\n:POSTROUTING ACCEPT [0:0]\\n-F\\n-A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE\\nCOMMIT\\n" /etc/ufw/before.rules; ufw allow 22/tcp; ufw --force enable; ufw reload',
		trigger: LOOK,
		expected: ["docker-chain-missing", "ufw-conflict"],
		heals: [8080],
		kinds: { layers: ["ufw"] },
	},
	{
		name: "ufw-with-iptables-false",
		break: "ufw allow 22/tcp; ufw --force enable",
		trigger: LOOK,
		expected: ["ufw-conflict", "iptables-disabled"],
		heals: [8080],
		kinds: { layers: ["ufw"], daemonJson: { iptables: false } },
	},
	{
		name: "firewalld-iptables-backend",
		break: `sed -i 's/^FirewallBackend=.*/FirewallBackend=iptables/' /etc/firewalld/firewalld.conf; ${FIREWALLD}`,
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["firewalld-conflict", "docker-chain-missing"],
		heals: [8080, 8081],
		kinds: { layers: ["firewalld"] },
		leaves: "firewalld",
	},
	{
		name: "firewalld-after-docker",
		break: FIREWALLD,
		trigger: RUN_ANOTHER,
		retry: START_ANOTHER,
		expected: ["firewalld-conflict", "docker-chain-missing"],
		heals: [8080, 8081],
		kinds: { layers: ["firewalld"] },
		leaves: "firewalld",
		// From 2.0 on firewalld leaves the tables of iptables alone.
		fits: ({ suite }) => suite === "bookworm",
	},
];
