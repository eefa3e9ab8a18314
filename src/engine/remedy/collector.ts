import { lines, type Shell, sh } from "./shell-quote";

/**
 * The collector: one POSIX sh script (dash, busybox ash, bash) that prints what a helper would ask for, and changes
 * nothing. Each section is headed `===== command =====`, which the recogniser cuts at. No environment variables or
 * labels of containers are read, and user names and passwords in URLs are taken out on the host already.
 *
 * `topics`: only what these commands (ids of `facts/commands.ts`) would show; without them everything.
 */
export function collectorScript(topics: readonly string[] | null = null): string {
	const asked = SECTIONS.filter((one) => topics === null || one.topics.some((topic) => topics.includes(topic)));
	const needed = [...new Set(asked.flatMap(({ uses = [] }) => uses))];
	const sections = lines([ALWAYS, ...asked.map(({ text }) => text)]);
	return `${[HEAD, ...needed, sections, END].map(({ text }) => text.trim()).join("\n\n")}\n`;
}

/** Whether the collector has a section for what a command would show. */
export function isCollected(topic: string): boolean {
	return SECTIONS.some(({ topics }) => topics.includes(topic));
}

/**
 * The same as one paste for a shell on a host to which no file can be copied: a here-document that nothing is expanded
 * in. Tabs would ask a shell to complete a name, so there are none; nor is there a `!` that a shell's history answers to.
 */
export function collectorPaste(topics: readonly string[] | null = null): string {
	const script = collectorScript(topics)
		.replace(/^#!.*\n/, "")
		.replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
	return `$(command -v sudo) sh -s <<'END_OF_COLLECT'\n${script}END_OF_COLLECT\n`;
}

// One object a container: what publishing needs, without Env, Labels, Cmd, Mounts and the output of health checks.
const INSPECT =
	'{"Id":{{json .Id}},"Name":{{json .Name}},"State":{"Status":{{json .State.Status}},"Running":{{json .State.Running}},"ExitCode":{{json .State.ExitCode}},"Error":{{json .State.Error}},"StartedAt":{{json .State.StartedAt}},"FinishedAt":{{json .State.FinishedAt}}},"HostConfig":{"NetworkMode":{{json .HostConfig.NetworkMode}},"PortBindings":{{json .HostConfig.PortBindings}},"RestartPolicy":{{json .HostConfig.RestartPolicy}}},"NetworkSettings":{{json .NetworkSettings}}}';

const NETWORKS =
	'{"Name":{{json .Name}},"Id":{{json .Id}},"Driver":{{json .Driver}},"Scope":{{json .Scope}},"Internal":{{json .Internal}},"IPAM":{{json .IPAM}},"Options":{{json .Options}}}';

/** A part of the script that stands by itself, and the commands whose output it holds. */
type Section = { readonly topics: readonly string[]; readonly text: Shell; readonly uses?: readonly Shell[] };

const HEAD = sh`
	#!/bin/sh
	# collect.sh: prints what is needed to find out why a Docker port is dead. Reads only; sends nothing anywhere.
	# sudo sh collect.sh                  writes a file and names it
	# sudo sh collect.sh > host.txt 2>&1  or: ssh root@host sh < collect.sh > host.txt 2>&1
	set -u
	LC_ALL=C
	PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
	export LC_ALL PATH

	file=''
	if [ -t 1 ]; then
		umask 077
		file=$(mktemp ./host.XXXXXX 2>/dev/null || mktemp /tmp/host.XXXXXX) || exit 1
		printf 'Collecting; this reads only and takes some seconds.\n'
		exec 3>&1 >"$file" 2>&1
	fi

	seconds=6
	most=262144
	docker_hangs=0
	bound=''
	if timeout -k 2 5 true 2>/dev/null; then
		bound="timeout -k 2 $seconds"
	elif timeout 5 true 2>/dev/null; then
		bound="timeout $seconds"
	elif timeout -t 5 true 2>/dev/null; then
		# busybox before 1.30
		bound="timeout -t $seconds"
	fi

	# Runs one command line under a time limit and prints at most 256 KB of what it says, without passwords in URLs.
	# A docker that once gave no answer is not asked again.
	show() {
		printf '\n===== %s =====\n' "$1"
		first_word=\${1%% *}
		if ! command -v "$first_word" >/dev/null 2>&1; then
			printf '(not found: %s)\n' "$first_word"
			return 0
		fi
		if [ "$docker_hangs" = 1 ] && [ "$first_word" = docker ]; then
			printf '(no answer from docker to the command before)\n'
			return 0
		fi
		began=$(date +%s)
		# shellcheck disable=SC2086 # bound is a command and its options, or nothing
		{
			$bound sh -c "$1" </dev/null 2>&1
			ended=$?
			case "$ended" in
			124 | 137 | 143) printf '(stopped after %s seconds)\n' "$seconds" ;;
			*) ;;
			esac
		} | head -c "$most" | sed 's#://[^/@[:space:]]*@#://removed@#g' || true
		now=$(date +%s)
		if [ "$first_word" = docker ] && [ $((now - began)) -ge "$seconds" ]; then
			docker_hangs=1
		fi
	}
`;

const SHOW_FILE = sh`
	# The same for a file that may not be there.
	show_file() {
		if [ -r "$1" ]; then
			show "cat $1"
		fi
	}
`;

const SHOW_RULES = sh`
	# Does the program $1 know -w with a number (1.6.0 and later)? Sets wait_option.
	find_wait() {
		wait_option=''
		# shellcheck disable=SC2086 # as above
		version=$($bound "$1" -V 2>/dev/null | sed -n 's/.* v\([0-9][0-9.]*\).*/\1/p' || true)
		case "$version" in
		1.[6-9]* | [2-9]*) wait_option='-w 2 ' ;;
		1.4.2[0-9]) wait_option='-w ' ;;
		*) ;;
		esac
	}

	# Both ways to list the tables of $1 that its save program shows. A table that is not there is not asked for:
	# listing it with the legacy program would make the kernel load it.
	show_rules() {
		show "$1-save"
		if ! command -v "$1" >/dev/null 2>&1; then
			return 0
		fi
		find_wait "$1"
		# shellcheck disable=SC2086 # as above
		tables=$($bound "$1-save" 2>/dev/null </dev/null | sed -n 's/^\*\([a-z]*\)$/\1/p' | sort -u || true)
		for table in $tables; do
			case "$table" in
			filter | nat | raw) show "$1 $wait_option-t $table -nvL" ;;
			*) ;;
			esac
		done
	}
`;

const ALWAYS = sh`
	user=$(id -u)
	if [ "$user" != 0 ]; then
		printf '(not run as root: rules, process names and some logs are missing)\n'
	fi

	show 'date -u +%Y-%m-%dT%H:%M:%SZ'
	show 'uname -a'
	show 'sysctl kernel.random.boot_id'
`;

// busybox's sysctl has no -r.
const INTERFACE_SYSCTLS =
	'sysctl -a 2>/dev/null | grep -E "^net\\.ipv4\\.conf\\..*\\.(rp_filter|forwarding|route_localnet) "';
// A set with more elements than this is a list of addresses to block: its head says enough.
const SETS = "ipset list | awk '/^Name: /{many=0} /^Number of entries: /{n=$4} /^Members:/{many=(n>500)} many==0'";
const SYSCTLS =
	"sysctl net.ipv4.ip_forward net.ipv4.conf.all.forwarding net.ipv4.conf.default.forwarding net.ipv4.conf.all.rp_filter net.ipv4.conf.default.rp_filter net.ipv4.conf.all.route_localnet net.ipv6.conf.all.forwarding net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables net.netfilter.nf_conntrack_max net.netfilter.nf_conntrack_count kernel.modules_disabled";

const SECTIONS: readonly Section[] = [
	{
		topics: ["modules"],
		uses: [SHOW_FILE],
		text: sh`
		show_file /etc/os-release
	`,
	},
	{
		topics: ["docker-info", "docker-version"],
		text: sh`
		show 'docker version'
		show 'docker info'
	`,
	},
	{
		topics: ["docker-ps"],
		text: sh`
		show 'docker ps -a'
	`,
	},
	{
		topics: ["docker-inspect", "docker-ps"],
		text: sh`
		show ${`docker inspect --format '${INSPECT}' $(docker ps -a -q -n 40)`}
	`,
	},
	{
		topics: ["docker-networks"],
		text: sh`
		show 'docker network ls --no-trunc'
		show ${`docker network inspect --format '${NETWORKS}' $(docker network ls -q)`}
	`,
	},
	{
		topics: ["rule-set", "nat-table", "filter-table", "both-backends", "nft-rule-set", "iptables-version"],
		uses: [SHOW_FILE, SHOW_RULES],
		text: sh`
		show 'iptables -V'
		for program in iptables ip6tables; do
			# The one that dockerd uses, then each backend by its own name. Legacy tables only where the kernel has some.
			show_rules "$program"
			if command -v "$program-nft" >/dev/null 2>&1; then
				show "$program-nft-save"
			fi
			if grep -q . /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null; then
				if command -v "$program-legacy" >/dev/null 2>&1; then
					show "$program-legacy-save"
				fi
			fi
		done
		show 'nft list ruleset'
		show ${SETS}
		show_file /proc/net/ip_tables_names
	`,
	},
	{
		topics: ["alternatives", "both-backends"],
		text: sh`
		if command -v update-alternatives >/dev/null 2>&1; then
			show 'update-alternatives --display iptables'
		elif command -v alternatives >/dev/null 2>&1; then
			show 'alternatives --display iptables'
		fi
	`,
	},
	{
		topics: ["lock-holders"],
		uses: [SHOW_FILE],
		text: sh`
		if command -v fuser >/dev/null 2>&1; then
			show 'fuser -v /run/xtables.lock'
		else
			show 'lsof /run/xtables.lock'
		fi
		show_file /proc/locks
	`,
	},
	{
		topics: ["addresses", "routes"],
		text: sh`
		show 'ip addr'
		show 'ip route show table all'
		show 'ip rule'
	`,
	},
	{
		topics: ["sockets"],
		text: sh`
		show 'ss -ltnup'
	`,
	},
	{
		topics: ["sysctls", "conntrack", "reverse-path"],
		text: sh`
		show ${SYSCTLS}
		show ${INTERFACE_SYSCTLS}
		# -s: without it nstat writes down what it saw, in /tmp
		show 'nstat -asz TcpExtIPReversePathFilter TcpExtListenDrops IpInAddrErrors IpForwDatagrams'
	`,
	},
	{
		topics: ["lsmod", "modules", "module-files"],
		text: sh`
		show 'lsmod'
		show 'uname -r'
		show 'ls /lib/modules'
		show 'modprobe -n -v -a ip_tables iptable_nat iptable_filter iptable_raw nf_tables nft_chain_nat nft_compat xt_addrtype xt_conntrack xt_MASQUERADE br_netfilter bridge veth'
	`,
	},
	{
		topics: ["daemon-json", "unit"],
		uses: [SHOW_FILE],
		text: sh`
		show_file /etc/docker/daemon.json
		show_file /var/snap/docker/current/config/daemon.json
		show_file /etc/default/docker
		show_file /etc/conf.d/docker
		show 'ps -o pid,args -C dockerd'
	`,
	},
	{
		topics: ["unit", "unit-status", "path-of-iptables"],
		text: sh`
		show 'systemctl cat docker.service'
		show 'systemctl status docker.service docker.socket containerd.service --no-pager -l -n 20'
	`,
	},
	{
		topics: ["dockerd-log", "error-text"],
		text: sh`
		if command -v journalctl >/dev/null 2>&1; then
			show 'journalctl -u docker -u snap.docker.dockerd -o short-iso --no-pager -n 400'
			if [ "$user" != 0 ]; then
				show 'journalctl --user -u docker -o short-iso --no-pager -n 400'
			fi
		else
			show 'tail -n 400 /var/log/docker.log'
		fi
	`,
	},
	{
		topics: ["kernel-log"],
		text: sh`
		if command -v journalctl >/dev/null 2>&1; then
			show 'journalctl -k -o short-iso --no-pager -n 200'
		else
			show 'dmesg'
		fi
	`,
	},
	{
		topics: ["firewalls"],
		uses: [SHOW_FILE],
		text: sh`
		show 'ufw status verbose'
		show 'firewall-cmd --state'
		show 'firewall-cmd --get-active-zones'
		show 'firewall-cmd --list-all-zones'
		show_file /etc/firewalld/firewalld.conf
		show 'systemctl is-active firewalld ufw nftables iptables netfilter-persistent fail2ban'
	`,
	},
];

const END = sh`
	printf '\n===== end =====\n'

	[ -n "$file" ] || exit 0
	exec >&3 2>&3
	[ -z "\${SUDO_UID:-}" ] || chown "$SUDO_UID" "$file" || true
	size=$(wc -c <"$file")
	printf 'Written to %s (%s bytes). Drop this file onto the page.\n' "$file" "$size"
	# Terminals take about 74 KB from a program (OSC 52); tmux and screen pass it on when it is wrapped.
	[ "$size" -le 74000 ] && command -v base64 >/dev/null 2>&1 || exit 0
	printf 'Put it into the clipboard of this terminal as well? [y/N] '
	read -r answer </dev/tty || exit 0
	case "$answer" in [yY]*) ;; *) exit 0 ;; esac
	text=$(base64 <"$file" | tr -d '\n' || true)
	case "\${TMUX:+tmux}\${STY:+screen}\${TERM:-}" in
	tmux*) printf '\033Ptmux;\033\033]52;c;%s\007\033\134' "$text" ;;
	screen*) printf '\033]52;c;%s\007' "$text" | fold -w 250 | while read -r part || [ -n "$part" ]; do printf '\033P%s\033\134' "$part"; done ;;
	*) printf '\033]52;c;%s\007' "$text" ;;
	esac
	printf 'Sent. Where pasting brings nothing, the terminal does not allow it: use the file.\n'
`;
