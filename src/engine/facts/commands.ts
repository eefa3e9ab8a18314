/** A command to paste next: what to type, and what its output shows. */
type Command = { readonly run: string; readonly shows: string };

const commands = {
	"docker-info": { run: "docker info", shows: "Docker’s version, whether dockerd answers, and its warnings" },
	"docker-version": { run: "docker version", shows: "Docker’s version" },
	"docker-ps": { run: "docker ps -a", shows: "which containers run and what they publish" },
	"docker-inspect": {
		run: "docker inspect $(docker container ls -aq) | sed '/\"Env\"/,/\\]/d'",
		shows: "the addresses that containers really have",
	},
	"docker-networks": {
		run: "docker network ls; docker network inspect $(docker network ls -q)",
		shows: "the subnets and bridges of Docker’s networks",
	},
	"dockerd-log": {
		run: "journalctl -u docker --no-pager -o short-iso -n 400",
		shows: "what dockerd said when it failed, and in which order",
	},
	"rule-set": { run: "iptables-save", shows: "every rule, so that the packet can be followed to where it stops" },
	"both-backends": {
		run: "iptables --version; iptables-legacy-save; iptables-nft-save",
		shows: "in which backend Docker’s rules stand",
	},
	"nft-rule-set": { run: "nft list ruleset", shows: "tables of nft’s own that may drop beside Docker’s" },
	"nat-table": {
		run: "iptables -w 2 -t nat -L -n -v",
		shows: "whether Docker’s chain and its jumps are in the nat table",
	},
	"filter-table": { run: "iptables -w 2 -L -n -v", shows: "what `FORWARD` lets through" },
	"iptables-version": { run: "iptables --version", shows: "which backend `iptables` speaks to" },
	alternatives: { run: "update-alternatives --display iptables", shows: "which `iptables` is selected" },
	"lock-holders": {
		run: "lsof /run/xtables.lock; fuser -v /run/xtables.lock",
		shows: "who holds the lock",
	},
	modules: { run: "uname -r; ls /lib/modules", shows: "whether the running kernel’s modules are on the disk" },
	lsmod: { run: "lsmod", shows: "which modules are loaded" },
	"module-files": {
		run: "find /lib/modules/$(uname -r) -name '*nat*' -o -name 'xt_addrtype*' -o -name 'ip_tables*'",
		shows: "which netfilter modules this kernel has",
	},
	"daemon-json": {
		run: "cat /etc/docker/daemon.json",
		shows: "whether `iptables` or the userland proxy is switched off",
	},
	unit: { run: "systemctl cat docker", shows: "the flags dockerd is started with" },
	"unit-status": { run: "systemctl status docker --no-pager -l", shows: "whether dockerd runs" },
	sysctls: {
		run: "sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.bridge.bridge-nf-call-iptables",
		shows: "whether the kernel forwards packets, and how strictly it checks where they come from",
	},
	"reverse-path": {
		run: "sysctl -a 2>/dev/null | grep '\\.rp_filter'; nstat -asz TcpExtIPReversePathFilter",
		shows: "how strictly each interface checks where packets come from, and how many it dropped",
	},
	conntrack: {
		run: "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
		shows: "whether the connection table is full",
	},
	sockets: { run: "ss -ltnp", shows: "what listens on the host, docker-proxy among it" },
	"container-sockets": {
		run: 'for c in $(docker container ls -q); do echo "$ docker exec $c netstat -ltn"; docker exec $c netstat -ltn; done',
		shows: "whether the program in the container listens, and on which address",
	},
	addresses: { run: "ip addr", shows: "the host’s interfaces and addresses" },
	routes: { run: "ip route; ip rule", shows: "which way packets and their answers take" },
	"probe-outside": {
		run: "curl -sS -m 3 http://HOST:PORT/   # on the host, and from another machine",
		shows: "whether the port answers from outside, which the host itself can’t tell",
	},
	"error-text": { run: "the full text of the command that failed", shows: "what was refused" },
	"kernel-log": { run: "dmesg | tail -50", shows: "packets the kernel dropped and modules it missed" },
	firewalls: { run: "ufw status verbose; firewall-cmd --list-all-zones", shows: "whether another firewall has a say" },
	"path-of-iptables": {
		run: "systemctl show docker -p Environment; command -v iptables",
		shows: "whether dockerd’s PATH leads to `iptables`",
	},
} as const satisfies Readonly<Record<string, Command>>;

/** Key of a command in `COMMANDS`. */
export type CommandId = keyof typeof commands;

/**
 * Commands that a diagnosis may ask for. Read-only and safe on a broken host: none waits for the xtables lock longer
 * than two seconds, and the `-save` forms read what exists without making a table.
 */
export const COMMANDS: Readonly<Record<CommandId, Command>> = commands;
