/**
 * Commands that a diagnosis may ask for. Read-only, safe on a broken host: none blocks on the xtables lock for longer
 * than two seconds and none loads a module that was not there (`-save` reads what exists, `-L` may make empty tables).
 */
export const COMMANDS = {
	"docker-info": "docker info",
	"docker-version": "docker version",
	"docker-ps": "docker ps -a",
	"docker-inspect": "docker inspect $(docker ps -aq) | sed '/\"Env\"/,/\\]/d'",
	"docker-networks": "docker network ls; docker network inspect $(docker network ls -q)",
	"dockerd-log": "journalctl -u docker --no-pager -o short-iso -n 400",
	"rule-set": "iptables-save",
	"both-backends": "iptables --version; iptables-legacy-save; iptables-nft-save",
	"nft-rule-set": "nft list ruleset",
	"nat-table": "iptables -w 2 -t nat -L -n -v",
	"filter-table": "iptables -w 2 -L -n -v",
	"iptables-version": "iptables --version",
	alternatives: "update-alternatives --display iptables",
	"lock-holders": "lsof /run/xtables.lock; fuser -v /run/xtables.lock",
	modules: "uname -r; ls /lib/modules",
	lsmod: "lsmod",
	"module-files": "find /lib/modules/$(uname -r) -name '*nat*' -o -name 'xt_addrtype*' -o -name 'ip_tables*'",
	"daemon-json": "cat /etc/docker/daemon.json",
	unit: "systemctl cat docker",
	"unit-status": "systemctl status docker --no-pager -l",
	sysctls: "sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.bridge.bridge-nf-call-iptables",
	conntrack: "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
	sockets: "ss -ltnp",
	"container-sockets": "for c in $(docker ps -q); do docker exec $c netstat -ltn; done",
	addresses: "ip addr",
	routes: "ip route; ip rule",
	"probe-outside": "curl -sS -m 3 http://HOST:PORT/   # from another machine",
	"error-text": "the full error text of the command that failed",
	"kernel-log": "dmesg | tail -50",
	firewalls: "ufw status verbose; firewall-cmd --list-all-zones",
	"path-of-iptables": "systemctl show docker -p Environment; command -v iptables",
} as const;

/** Key of a command in `COMMANDS`. */
export type CommandId = keyof typeof COMMANDS;
