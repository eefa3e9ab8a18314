import type { Habit } from "./plan";

/**
 * What articles and habit say, and why each is wrong or dangerous. A closed list of fixed text: a mode picks from it
 * for `Plan.instead`, and nothing here is ever run.
 */
const habits = {
	"create-chain-by-hand": {
		command: "iptables -t nat -N DOCKER",
		wrong:
			"The container then starts without an error and the port stays dead: the jumps from `PREROUTING` and `OUTPUT` and the `MASQUERADE` rules are still missing, and nothing reports it any more.",
	},
	"restart-container": {
		command: "docker restart CONTAINER",
		wrong:
			"While the chain is missing the container stops and cannot start again: a running container becomes a dead one.",
	},
	"restart-container-forwarding": {
		command: "docker restart CONTAINER",
		wrong: "The kernel's switch is the host's. The container starts, and its packets are thrown away as before.",
	},
	"restart-container-stale": {
		command: "docker restart CONTAINER",
		wrong:
			"It adds a rule behind the stale one, which still decides. It helps only when the container happens to get its old address again, and then until the next restore.",
	},
	"restart-docker-for-a-foreign-rule": {
		command: "systemctl restart docker",
		wrong:
			"Docker's rules were whole. Whether it puts its jumps first again depends on its version; the other rule stays, and the next reload of whatever made it stands first again.",
	},
	"restart-container-unreached": {
		command: "docker restart CONTAINER",
		wrong:
			"The start succeeds and writes the rule of this container into a chain that nothing jumps to. Only the start of dockerd makes the jumps again.",
	},
	"delete-lock-file": {
		command: "rm /run/xtables.lock",
		wrong:
			"The lock is held on the open file, not by its name. The holder keeps its lock, the next caller locks a new file, and two programs write the same table.",
	},
	"private-lock-file": {
		command: "XTABLES_LOCKFILE=/run/docker.lock",
		wrong:
			"A lock that only Docker takes locks nobody out: two writers replace whole tables and lose each other's rules.",
	},
	"dockerd-wait": {
		command: "dockerd --wait=10",
		wrong:
			"No version of dockerd has this option: it answers `unknown flag: --wait` and does not start. The `--wait` in the error belongs to the `iptables` call that dockerd makes.",
	},
	"daemon-json-wait": {
		command: '{ "iptables-wait": 10 }',
		wrong:
			"No version has such a key: `the following directives don't match any configuration option`, and dockerd does not start.",
	},
	"iptables-false": {
		command: '{ "iptables": false }',
		wrong:
			"It silences the error by making no rule at all: no way out for containers and no published ports but through docker-proxy.",
	},
	"switch-to-legacy": {
		command: "update-alternatives --set iptables /usr/sbin/iptables-legacy",
		wrong:
			"Docker works with both backends. The rules of the old one stay and keep dropping, and kernels from 6.17 and RHEL 10 have no legacy tables.",
	},
	"flush-everything": {
		command: "iptables -F && iptables -t nat -F",
		wrong:
			"It removes Docker's rules and every other, leaves the policy `DROP`, and can close your own SSH session. dockerd does not notice and puts nothing back.",
	},
	"nft-flush-ruleset": {
		command: "nft flush ruleset",
		wrong:
			"It empties every table of every program, the host's firewall and Docker's chains included; only a restart of dockerd brings the latter back.",
	},
	"forward-accept": {
		command: "iptables -P FORWARD ACCEPT",
		wrong:
			"It opens forwarding for every interface and every container port, published or not, and leaves the missing rules missing.",
	},
	"modprobe-list": {
		command: "modprobe ip_tables iptable_nat iptable_filter",
		wrong:
			"Without `-a` only the first is loaded and the others are taken for its parameters; and a host on the nft backend needs other modules (`nft_chain_nat`, `nft_compat`).",
	},
	"modules-load-everywhere": {
		command: "echo iptable_nat >> /etc/modules-load.d/docker.conf",
		wrong:
			"Modules load by themselves on a stock kernel. A name that the kernel does not have makes `systemd-modules-load` fail at each boot, and Alpine does not read this folder.",
	},
	"disable-firewalld": {
		command: "systemctl disable --now firewalld",
		wrong:
			"It takes the host's protection away, and stopping it can itself wipe Docker's chains. Docker and firewalld work together.",
	},
	"trusted-zone": {
		command: "firewall-cmd --permanent --zone=trusted --add-interface=docker0",
		wrong:
			"Docker keeps its bridges in a zone of its own. With this in the permanent configuration firewalld refuses it, and dockerd does not start: `ZONE_CONFLICT`.",
	},
	"disable-ufw": {
		command: "ufw disable",
		wrong:
			"It takes the host's protection away. A published port does not pass through the rules of ufw, so it rarely is the cause.",
	},
	"disable-ufw-that-blocks": {
		command: "ufw disable",
		wrong:
			"It opens every port of the host, where one rule opens the one that is wanted, and `ufw enable` brings the block back.",
	},
	"reload-docker": {
		command: "systemctl reload docker",
		wrong: "SIGHUP reads a few keys of daemon.json again. It makes no chain and no rule.",
	},
	"ufw-forward-accept": {
		command: 'DEFAULT_FORWARD_POLICY="ACCEPT"',
		wrong:
			"Docker's own accepts come before the chains of ufw, so it is not needed, and it turns the host into an open router.",
	},
	"ufw-nat-block": {
		command: "*nat … -j MASQUERADE in /etc/ufw/after.rules",
		wrong:
			"Where dockerd makes its rules it has this one already, and each `ufw reload` adds one more copy. Where it makes none, this gives containers a way out and publishes no port.",
	},
	"network-host": {
		command: "docker run --network=host",
		wrong:
			"It gives up the container's own network and discards `-p`; the broken chains stay broken for every other container.",
	},
	privileged: {
		command: "docker run --privileged",
		wrong: "The rules are made by dockerd on the host. The container's privileges change nothing but its isolation.",
	},
	"kill-iptables": {
		command: "killall -9 iptables",
		wrong:
			"It cuts off programs in the middle of a change and does not stop the job that starts them. Find the one holder by its process id.",
	},
	"reinstall-docker": {
		command: "apt-get install --reinstall docker-ce",
		wrong:
			"The package holds no rule and no module. It restarts dockerd, stops the containers, and changes nothing else.",
	},
	"downgrade-docker": {
		command: "apt-get install docker-ce=5:27.*",
		wrong:
			"It trades a missing module for missing security fixes, and the network store of the newer version may not open.",
	},
	"delete-docker-state": {
		command: "rm -rf /var/lib/docker",
		wrong: "It deletes images, volumes and containers. No rule of netfilter is stored there.",
	},
	"prune-networks": {
		command: "docker network prune -f",
		wrong:
			"It deletes every network that no running container uses, those of stopped services included. List them and remove by name.",
	},
	"delete-daemon-json": {
		command: "rm /etc/docker/daemon.json",
		wrong:
			"The other settings (registries, log driver, address pools, data root) go with it. Take out the one wrong key.",
	},
	"create-bridge-by-hand": {
		command: "ip link add docker0 type bridge",
		wrong: "The bridge comes without its address and its rules; dockerd makes all of them when it starts.",
	},
	"flush-docker-user": {
		command: "iptables -F DOCKER-USER",
		wrong: "These rules were put there on purpose, by a person or by fail2ban. Remove the one that is wrong.",
	},
	"rp-filter-off": {
		command: "sysctl -w net.ipv4.conf.all.rp_filter=0",
		wrong: "It switches the check off for every interface. Loose mode (`2`) on the one interface is enough.",
	},
	"ignore-br-netfilter": {
		command: "DOCKER_IGNORE_BR_NETFILTER_ERROR=1",
		wrong:
			"Docker starts, and its rules between containers of one bridge still see no packet: `icc: false` keeps nothing apart, and a published port stays closed to siblings.",
	},
	"bridge-nf-call": {
		command: "sysctl -w net.bridge.bridge-nf-call-iptables=1",
		wrong:
			"With default settings a published port does not need it; the warning is older than the fault and not its cause.",
	},
	depmod: {
		command: "depmod -a && modprobe bridge",
		wrong:
			"The running kernel's modules are not on the disk any more: there is nothing to index. Boot the kernel that is installed.",
	},
	"kill-port-owner": {
		command: "fuser -k 8080/tcp",
		wrong:
			"It kills whatever has the port, without a look at what it is; a service comes back at once or is missed later.",
	},
	"flush-conntrack": {
		command: "conntrack -F",
		wrong: "It cuts every translated connection of the host and the table fills again.",
	},
	"chmod-socket": {
		command: "chmod 666 /var/run/docker.sock",
		wrong: "It makes every local user root and has nothing to do with netfilter.",
	},
	"curl-localhost": {
		command: "curl http://localhost:8080",
		wrong: "docker-proxy answers there even when every rule is gone: it proves nothing. Ask from another machine.",
	},
} as const satisfies Readonly<Record<string, Habit>>;

export type HabitId = keyof typeof habits;

/** Every habit by its id. */
export const HABITS: Readonly<Record<HabitId, Habit>> = habits;
