import { sh } from "./shell-quote";

/**
 * The collector: one POSIX sh script (dash, busybox ash, bash) that prints what a helper would ask for, and changes
 * nothing. Each section is headed `===== command =====`, which the recogniser cuts at. No environment variables or
 * labels of containers are read, and user names and passwords in URLs are taken out on the host already.
 */
export function collectorScript(): string {
	return SCRIPT.text;
}

// One object a container: what publishing needs, without Env, Labels, Cmd, Mounts and the output of health checks.
const INSPECT =
	'{"Id":{{json .Id}},"Name":{{json .Name}},"State":{"Status":{{json .State.Status}},"Running":{{json .State.Running}},"ExitCode":{{json .State.ExitCode}},"Error":{{json .State.Error}},"StartedAt":{{json .State.StartedAt}},"FinishedAt":{{json .State.FinishedAt}}},"HostConfig":{"NetworkMode":{{json .HostConfig.NetworkMode}},"PortBindings":{{json .HostConfig.PortBindings}},"RestartPolicy":{{json .HostConfig.RestartPolicy}}},"NetworkSettings":{{json .NetworkSettings}}}';

const NETWORKS =
	'{"Name":{{json .Name}},"Id":{{json .Id}},"Driver":{{json .Driver}},"Scope":{{json .Scope}},"Internal":{{json .Internal}},"IPAM":{{json .IPAM}},"Options":{{json .Options}}}';

const SCRIPT = sh`
	#!/bin/sh
	# collect.sh: prints what is needed to find out why a Docker port is dead. Reads only; sends nothing anywhere.
	# Run it as root and paste the output:  sudo sh collect.sh > host.txt 2>&1
	set -u
	LC_ALL=C
	PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
	export LC_ALL PATH

	seconds=15
	most=262144
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
	show() {
		printf '\n===== %s =====\n' "$1"
		first_word=\${1%% *}
		if ! command -v "$first_word" >/dev/null 2>&1; then
			printf '(not found: %s)\n' "$first_word"
			return 0
		fi
		# shellcheck disable=SC2086 # bound is a command and its options, or nothing
		{
			$bound sh -c "$1" </dev/null 2>&1
			ended=$?
			case "$ended" in
			124 | 137 | 143) printf '(stopped after %s seconds)\n' "$seconds" ;;
			*) ;;
			esac
		} | head -c "$most" | sed 's#://[^/@[:space:]]*@#://removed@#g' || true
	}

	# The same for a file that may not be there.
	show_file() {
		if [ -r "$1" ]; then
			show "cat $1"
		fi
	}

	# Does the program $1 know -w with a number (1.6.0 and later)? Sets wait_option.
	find_wait() {
		wait_option=''
		version=$("$1" -V 2>/dev/null | sed -n 's/.* v\([0-9][0-9.]*\).*/\1/p' || true)
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

	user=$(id -u)
	if [ "$user" != 0 ]; then
		printf '(not run as root: rules, process names and some logs are missing)\n'
	fi

	show 'date -u +%Y-%m-%dT%H:%M:%SZ'
	show 'uname -a'
	show_file /etc/os-release
	show 'docker version'
	show 'docker info'
	show 'docker ps -a'
	show ${`docker inspect --format '${INSPECT}' $(docker ps -a -q -n 40)`}
	show 'docker network ls --no-trunc'
	show ${`docker network inspect --format '${NETWORKS}' $(docker network ls -q)`}

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
	show 'ipset list -t'
	if command -v update-alternatives >/dev/null 2>&1; then
		show 'update-alternatives --display iptables'
	elif command -v alternatives >/dev/null 2>&1; then
		show 'alternatives --display iptables'
	fi
	show_file /proc/net/ip_tables_names
	if command -v fuser >/dev/null 2>&1; then
		show 'fuser -v /run/xtables.lock'
	else
		show 'lsof /run/xtables.lock'
	fi
	show_file /proc/locks

	show 'ip addr'
	show 'ip route show table all'
	show 'ip rule'
	show 'ss -ltnup'
	show 'sysctl net.ipv4.ip_forward net.ipv4.conf.all.forwarding net.ipv4.conf.default.forwarding net.ipv4.conf.all.rp_filter net.ipv4.conf.default.rp_filter net.ipv4.conf.all.route_localnet net.ipv6.conf.all.forwarding net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables net.netfilter.nf_conntrack_max net.netfilter.nf_conntrack_count kernel.modules_disabled'
	show 'sysctl -a -r "^net\.ipv4\.conf\..*\.(rp_filter|forwarding)"'
	show 'nstat -az TcpExtIPReversePathFilter TcpExtListenDrops IpInAddrErrors IpForwDatagrams'
	show 'lsmod'
	show 'uname -r'
	show 'ls /lib/modules'
	show 'modprobe -n -v -a ip_tables iptable_nat iptable_filter iptable_raw nf_tables nft_chain_nat nft_compat xt_addrtype xt_conntrack xt_MASQUERADE br_netfilter bridge veth'

	show_file /etc/docker/daemon.json
	show_file /var/snap/docker/current/config/daemon.json
	show_file /etc/default/docker
	show_file /etc/conf.d/docker
	show 'ps -o pid,args -C dockerd'
	show 'systemctl cat docker.service'
	show 'systemctl status docker.service docker.socket containerd.service --no-pager -l -n 20'
	if command -v journalctl >/dev/null 2>&1; then
		show 'journalctl -u docker -u snap.docker.dockerd -o short-iso --no-pager -n 400'
		if [ "$user" != 0 ]; then
			show 'journalctl --user -u docker -o short-iso --no-pager -n 400'
		fi
		show 'journalctl -k -o short-iso --no-pager -n 200'
	else
		show 'tail -n 400 /var/log/docker.log'
		show 'dmesg'
	fi
	show 'ufw status verbose'
	show 'firewall-cmd --state'
	show 'firewall-cmd --get-active-zones'
	show 'firewall-cmd --list-all-zones'
	show_file /etc/firewalld/firewalld.conf
	show 'systemctl is-active firewalld ufw nftables iptables netfilter-persistent fail2ban'
	printf '\n===== end =====\n'
`;
