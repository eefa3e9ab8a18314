import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

// Subnet, masquerading and gateway mode of a network that is not internal.
const NETWORK_FORMAT =
	'{{$n := .}}{{if not .Internal}}{{range .IPAM.Config}}net {{.Subnet}} masquerade={{index $n.Options "com.docker.network.bridge.enable_ip_masquerade"}} mode={{index $n.Options "com.docker.network.bridge.gateway_mode_ipv4"}}{{"\\n"}}{{end}}{{end}}';

/** One function for each kind of check. Each leaves `yes`, `no` or `unknown` in `answer`. */
export const CHECKS: readonly Fragment[] = [
	{
		name: "check_chain_exists",
		needs: ["iptables"],
		shell: sh`
			check_chain_exists() { # family table chain
				pick_iptables any "$1"
				ask_iptables -t "$2" -S "$3"
				if [ "$status" -eq 0 ]; then answer=yes; else judge_absence; fi
			}
		`,
	},
	{
		name: "check_jump_exists",
		needs: ["iptables"],
		shell: sh`
			check_jump_exists() { # family table from to
				pick_iptables any "$1"
				ask_iptables -t "$2" -S "$3"
				if [ "$status" -eq 0 ]; then find_line " -[jg] $4\$"; else judge_absence; fi
			}
		`,
	},
	{
		name: "check_docker_chains",
		needs: ["iptables", "docker-firewall"],
		shell: sh`
			# Are Docker's chains of table $1 and the ways into them there? In nat also the masquerading of each bridge
			# network and the DNAT rule of each published port, as dockerd itself remembers them.
			check_docker_chains() { # table
				find_docker_firewall
				if [ "$docker_firewall" = nftables ]; then
					ask 10 nft list table ip docker-bridges
					if [ "$status" -ne 0 ]; then
						answer=no
					elif [ "$1" = nat ]; then
						find_line 'chain nat-PREROUTING '
						if [ "$answer" = yes ]; then find_line 'chain nat-POSTROUTING '; fi
					else
						find_line 'chain filter-FORWARD '
					fi
					return 0
				fi
				pick_iptables any 4
				ask_iptables -t "$1" -S
				if [ "$status" -ne 0 ]; then
					judge_absence
					return 0
				fi
				find_line '^-N DOCKER$'
				if [ "$answer" = no ]; then
					return 0
				fi
				if [ "$1" = filter ]; then
					find_line '^-A FORWARD \(.* \)\{0,1\}-j DOCKER-FORWARD$'
					if [ "$answer" = no ]; then find_line '^-A FORWARD \(.* \)\{0,1\}-j DOCKER$'; fi
					if [ "$answer" = no ]; then find_line '^-A FORWARD .*docker-ext-bridges-v4 .*-j DOCKER$'; fi
					return 0
				fi
				find_line '^-A PREROUTING .*-j DOCKER$'
				if [ "$answer" = yes ]; then find_line '^-A OUTPUT .*-j DOCKER$'; fi
				if [ "$answer" = yes ]; then
					nat_rules=$output
					check_bridge_networks
				fi
			}

			# Does nat_rules hold what dockerd made for its bridge networks and published ports?
			check_bridge_networks() {
				answer=yes
				ask 10 docker network ls -q --filter driver=bridge
				if [ "$status" -ne 0 ] || [ -z "$output" ]; then
					return 0
				fi
				for network_id in $output; do
					ask 10 docker network inspect --format ${NETWORK_FORMAT} "$network_id"
					networks=$output
					while read -r word subnet masquerade mode; do
						case "$word:$subnet:$masquerade:$mode" in
						net:*.*.*.*/*:masquerade=false:* | net:*:mode=routed | net:*:mode=isolated) continue ;;
						net:*.*.*.*/*) ;;
						*) continue ;;
						esac
						output=$nat_rules
						find_line "^-A POSTROUTING -s $subnet .*-j \(MASQUERADE\|SNAT\)"
						if [ "$answer" = no ]; then
							return 0
						fi
					done <<TEXT
			$networks
			TEXT
				done
				ask 10 docker ps --format '{{.Ports}}'
				if [ "$status" -ne 0 ]; then
					return 0
				fi
				# 0.0.0.0:8080->80/tcp: the IPv4 ones only; [::] may be docker-proxy's alone. Ranges are left out.
				ports=$(printf '%s\n' "$output" | tr ',' '\n' | sed -n 's/^ *[0-9.]*:\([0-9]*\)->[0-9]*\/.*/\1/p' || true)
				for host_port in $ports; do
					output=$nat_rules
					find_line "--dport $host_port .*-j DNAT"
					if [ "$answer" = no ]; then
						return 0
					fi
				done
			}
		`,
	},
	{
		name: "check_table_usable",
		needs: ["iptables"],
		shell: sh`
			check_table_usable() { # family table
				pick_iptables any "$1"
				ask_iptables -t "$2" -S
				if [ "$status" -eq 0 ]; then answer=yes; else answer=no; fi
			}
		`,
	},
	{
		name: "check_backend_is",
		needs: ["ask"],
		shell: sh`
			check_backend_is() { # backend
				ask 5 iptables -V
				if [ "$status" -ne 0 ]; then
					answer=no
					return 0
				fi
				find_text nf_tables
				case "$1:$answer" in
				nf_tables:yes | legacy:no) answer=yes ;;
				*) answer=no ;;
				esac
			}
		`,
	},
	{
		name: "check_no_leftovers",
		needs: ["iptables"],
		shell: sh`
			# Does backend $1 hold nothing of Docker's? The save programs read only: they create and load no table.
			check_no_leftovers() { # backend
				answer=yes
				# These files have no size: only reading them tells.
				if [ "$1" = legacy ] && ! grep -q . /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null; then
					return 0
				fi
				for leftover_family in 4 6; do
					pick_iptables "$1" "$leftover_family"
					if [ -n "$program" ] && [ "$answer" = yes ]; then
						ask 20 "$program-save"
						find_line '^:DOCKER'
						if [ "$answer" = yes ]; then answer=no; else answer=yes; fi
					fi
				done
			}
		`,
	},
	{
		name: "check_lock_free",
		needs: ["ask"],
		shell: sh`
			# The file alone means nothing: only a lock on it counts. -n does not wait.
			check_lock_free() {
				answer=yes
				if [ ! -e /run/xtables.lock ]; then
					return 0
				fi
				if command -v flock >/dev/null 2>&1; then
					ask 5 flock -n /run/xtables.lock true
					if [ "$status" -ne 0 ]; then answer=no; fi
				elif [ -r /proc/locks ]; then
					lock_inode=$(ls -i /run/xtables.lock)
					lock_inode=$(printf '%s' "$lock_inode" | tr -dc '0-9 ' | awk '{ print $1 }' || true)
					if grep -q ":$lock_inode " /proc/locks; then answer=no; fi
				else
					answer=unknown
				fi
			}
		`,
	},
	{
		name: "check_program_present",
		needs: [],
		shell: sh`
			check_program_present() { # program
				answer=no
				if command -v "$1" >/dev/null 2>&1; then
					answer=yes
				else
					# Where distributions keep what is not for people.
					for program_folder in /usr/libexec/docker /usr/lib/docker /usr/local/lib/docker; do
						if [ -x "$program_folder/$1" ]; then answer=yes; fi
					done
				fi
			}
		`,
	},
	{
		name: "check_extension",
		needs: ["iptables"],
		shell: sh`
			# Asks whether a rule is there (-C changes nothing): the answer "no" proves that library and kernel know it.
			check_extension() { # extension
				pick_iptables any 4
				case "$1" in
				addrtype) ask_iptables -t nat -C PREROUTING -m addrtype --dst-type LOCAL -j ACCEPT ;;
				conntrack) ask_iptables -C FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT ;;
				comment) ask_iptables -C FORWARD -m comment --comment stackengine -j ACCEPT ;;
				mark) ask_iptables -C FORWARD -m mark --mark 1 -j ACCEPT ;;
				MASQUERADE) ask_iptables -t nat -C POSTROUTING -j MASQUERADE ;;
				DNAT) ask_iptables -t nat -C PREROUTING -p tcp -j DNAT --to-destination 127.0.0.1 ;;
				[A-Z]*) ask_iptables -j "$1" --help ;;
				*) ask_iptables -m "$1" --help ;;
				esac
				case "$output" in
				*'missing kernel module'* | *"ouldn't load"* | *'No such file or directory'* | *'does not exist'*) answer=no ;;
				*'xtables lock'* | *'ermission denied'* | *'must be root'* | *'no such iptables'*) answer=unknown ;;
				*)
					case "$1" in
					addrtype | conntrack | comment | mark | MASQUERADE | DNAT) answer=yes ;;
					# --help loads the library only; the kernel was not asked.
					*) answer=unknown ;;
					esac
					;;
				esac
			}
		`,
	},
	{
		name: "check_kernel_modules",
		needs: [],
		shell: sh`
			check_kernel_modules() {
				running_release=$(uname -r)
				answer=no
				if [ -e "/lib/modules/$running_release/modules.dep" ] || [ -d "/lib/modules/$running_release/kernel" ]; then
					answer=yes
				elif [ ! -e /proc/modules ]; then
					# A kernel without modules has nothing to load.
					answer=yes
				fi
			}
		`,
	},
	{
		name: "check_module_loaded",
		needs: [],
		shell: sh`
			# Loaded, or built into the kernel (which lsmod does not show).
			check_module_loaded() { # module
				module_name=$(printf '%s' "$1" | tr '-' '_')
				running_release=$(uname -r)
				answer=no
				if [ -d "/sys/module/$module_name" ] || grep -q "^$module_name " /proc/modules 2>/dev/null; then
					answer=yes
				elif grep -q "/$module_name\.ko" "/lib/modules/$running_release/modules.builtin" 2>/dev/null; then
					answer=yes
				fi
			}
		`,
	},
	{
		name: "check_sysctl_is",
		needs: [],
		shell: sh`
			# Reads the sysctl file $1 into sysctl_now; empty when the kernel has none.
			read_sysctl() { # file
				sysctl_now=''
				if [ -r "$1" ]; then
					sysctl_now=$(tr '\t' ' ' <"$1")
				fi
			}

			check_sysctl_is() { # file value
				read_sysctl "$1"
				if [ "$sysctl_now" = "$2" ]; then answer=yes; else answer=no; fi
			}

			check_sysctl_at_least() { # file number
				read_sysctl "$1"
				case "$sysctl_now" in
				'' | *[!0-9]*) answer=unknown ;;
				*) if [ "$sysctl_now" -ge "$2" ]; then answer=yes; else answer=no; fi ;;
				esac
			}
		`,
	},
	{
		name: "check_daemon_config",
		needs: ["daemon-json"],
		shell: sh`
			check_daemon_config() {
				find_daemon_json
				check_config_file "$daemon_json"
			}
		`,
	},
	{
		name: "check_iptables_enabled",
		needs: ["daemon-json"],
		shell: sh`
			check_iptables_enabled() {
				find_daemon_json
				answer=yes
				if grep -q '"iptables"[[:space:]]*:[[:space:]]*false' "$daemon_json" 2>/dev/null; then
					answer=no
					return 0
				fi
				find_flag 'iptables=false'
				if [ "$answer" = yes ]; then answer=no; else answer=yes; fi
			}
		`,
	},
	{
		name: "check_port_free",
		needs: ["ask"],
		shell: sh`
			check_port_free() { # port protocol
				case "$2" in
				udp) ask 10 ss -H -lnu "sport = :$1" ;;
				*) ask 10 ss -H -lnt "sport = :$1" ;;
				esac
				if [ "$status" -ne 0 ]; then
					answer=unknown
				elif [ -z "$output" ]; then
					answer=yes
				else
					answer=no
				fi
			}
		`,
	},
	{
		name: "check_port_published",
		needs: ["iptables", "docker-firewall"],
		shell: sh`
			check_port_published() { # port
				find_docker_firewall
				if [ "$docker_firewall" = nftables ]; then
					ask 10 nft list table ip docker-bridges
					find_line "dport $1 .*dnat"
					return 0
				fi
				pick_iptables any 4
				ask_iptables -t nat -S
				if [ "$status" -eq 0 ]; then find_line "--dport $1 .*-j DNAT"; else judge_absence; fi
			}
		`,
	},
	{
		name: "check_interface_exists",
		needs: [],
		shell: sh`
			check_interface_exists() { # interface
				if [ -e "/sys/class/net/$1" ]; then answer=yes; else answer=no; fi
			}
		`,
	},
	{
		name: "check_container_running",
		needs: ["ask"],
		shell: sh`
			check_container_running() { # container
				ask 10 docker inspect --type container --format '{{.State.Running}}' "$1"
				case "$status:$output" in
				0:true) answer=yes ;;
				0:*) answer=no ;;
				*'o such '*) answer=no ;;
				*) answer=unknown ;;
				esac
			}
		`,
	},
	{
		name: "check_rule_exists",
		needs: ["iptables"],
		shell: sh`
			check_rule_exists() { # backend family table chain rule…
				pick_iptables "$1" "$2"
				rule_table=$3
				rule_chain=$4
				shift 4
				ask_iptables -t "$rule_table" -C "$rule_chain" "$@"
				if [ "$status" -eq 0 ]; then answer=yes; else judge_absence; fi
			}
		`,
	},
	{
		name: "check_rule_absent",
		needs: ["check_rule_exists"],
		shell: sh`
			check_rule_absent() { # backend family table chain rule…
				check_rule_exists "$@"
				case "$answer" in
				yes) answer=no ;;
				no) answer=yes ;;
				*) ;;
				esac
			}
		`,
	},
	{
		name: "check_forward_policy",
		needs: ["iptables"],
		shell: sh`
			check_forward_policy() { # backend family policy
				pick_iptables "$1" "$2"
				ask_iptables -S FORWARD
				if [ "$status" -eq 0 ]; then find_line "^-P FORWARD $3\$"; else answer=unknown; fi
			}
		`,
	},
	{
		name: "check_firewalld",
		needs: ["ask"],
		shell: sh`
			check_firewalld() {
				ask 10 firewall-cmd --state
				if [ "$status" -eq 0 ]; then answer=yes; else answer=no; fi
			}
		`,
	},
	{
		name: "check_option",
		needs: [],
		shell: sh`
			check_option() { # file key value
				if grep -q "^[[:space:]]*$2=[\"']\{0,1\}$3[\"']\{0,1\}[[:space:]]*\$" "$1" 2>/dev/null; then answer=yes; else answer=no; fi
			}
		`,
	},
];
