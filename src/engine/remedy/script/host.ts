import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/**
 * How the script speaks with the host. Conventions of all fragments: a function that asks leaves `yes`, `no` or
 * `unknown` in `answer` and never fails; a command runs through `ask`, which bounds it in time and leaves `output` and
 * `status`. So no function stands in a condition, where `set -e` would not hold inside it.
 */
export const HOST: readonly Fragment[] = [
	{
		name: "ask",
		needs: [],
		shell: sh`
			# Runs a command for at most $1 seconds; what it prints is in output, how it ends in status.
			ask() {
				ask_limit=$1
				shift
				status=0
				if [ "$has_timeout" = yes ]; then
					output=$(timeout "$ask_limit" "$@" 2>&1 </dev/null) || status=$?
				else
					output=$("$@" 2>&1 </dev/null) || status=$?
				fi
			}

			# Does a line of output match the basic regular expression $1?
			find_line() {
				answer=no
				if grep -q -e "$1" <<TEXT
			$output
			TEXT
				then
					answer=yes
				fi
			}

			# Does output contain the text $1?
			find_text() {
				case "$output" in
				*"$1"*) answer=yes ;;
				*) answer=no ;;
				esac
			}
		`,
	},
	{
		name: "services",
		needs: ["ask"],
		shell: sh`
			# Which program starts dockerd here.
			find_services() {
				# systemctl may be installed where systemd does not run (WSL, a host booted by another init).
				if [ "$services" = systemd ] && [ ! -d /run/systemd/system ]; then
					services=unknown
				fi
				if [ "$services" != unknown ]; then
					return 0
				fi
				services=none
				case "$(command -v dockerd || command -v docker || true)" in
				/snap/*)
					services=snap
					return 0
					;;
				*) ;;
				esac
				if [ -d /run/systemd/system ]; then
					services=systemd
				elif command -v rc-service >/dev/null 2>&1; then
					services=openrc
				elif command -v sv >/dev/null 2>&1 && [ -d /etc/sv/docker ]; then
					services=runit
				fi
			}

			# Sends a signal to the running dockerd.
			signal_docker() {
				docker_pid=''
				if [ -r /run/docker.pid ]; then
					docker_pid=$(cat /run/docker.pid)
				fi
				if [ -z "$docker_pid" ]; then
					ask 5 pidof dockerd
					docker_pid=$output
				fi
				case "$docker_pid" in
				'' | *[!0-9]*) fail "The process id of dockerd is not known: send it SIG$1 by hand." ;;
				*) kill -s "$1" "$docker_pid" ;;
				esac
			}

			# start, stop, restart or reload of dockerd in the host's own way.
			docker_service() {
				find_services
				status=0
				output=''
				case "$services" in
				systemd)
					if [ "$rootless" = yes ]; then
						ask 180 systemctl --user "$1" docker
					else
						# After "Start request repeated too quickly" systemd refuses until the failures are forgotten.
						ask 10 systemctl reset-failed docker.service docker.socket
						if [ "$1" = stop ]; then
							# The socket would start it again at the next docker command.
							ask 180 systemctl stop docker.socket docker.service
						else
							ask 180 systemctl "$1" docker.service
						fi
					fi
					;;
				openrc)
					if [ "$1" = reload ]; then signal_docker HUP; else ask 180 rc-service docker "$1"; fi
					;;
				runit)
					case "$1" in
					reload) ask 30 sv hup docker ;;
					*) ask 180 sv "$1" docker ;;
					esac
					;;
				snap)
					if [ "$1" = reload ]; then ask 180 snap restart --reload docker.dockerd; else ask 180 snap "$1" docker; fi
					;;
				*)
					if [ "$1" = reload ]; then
						signal_docker HUP
					elif [ -x /etc/init.d/docker ]; then
						ask 180 /etc/init.d/docker "$1"
					else
						fail "No service manager found: $1 dockerd the way it is started here, then run this again."
					fi
					;;
				esac
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					explain_docker
					fail "dockerd: $1 failed."
				fi
			}

			# The last words of dockerd, with the repair of one known trap.
			explain_docker() {
				if command -v journalctl >/dev/null 2>&1; then
					ask 10 journalctl -u docker --no-pager -o cat -n 15
				elif [ -r /var/log/docker.log ]; then
					ask 10 tail -n 15 /var/log/docker.log
				else
					return 0
				fi
				printf 'dockerd last said:\n%s\n' "$output" >&2
				find_text 'have same bridge name'
				if [ "$answer" = yes ]; then
					warn "Docker 26.1 keeps a half-made bridge after a failed start. With dockerd stopped, move /var/lib/docker/network aside and start it; user-defined networks have to be made again."
				fi
			}
		`,
	},
	{
		name: "docker",
		needs: ["ask"],
		shell: sh`
			# Does dockerd answer?
			check_daemon_running() {
				ask 10 docker version --format '{{.Server.Version}}'
				answer=no
				if [ "$status" -eq 0 ] && [ -n "$output" ]; then
					answer=yes
				fi
			}
		`,
	},
	{
		name: "wait-for-docker",
		needs: ["docker", "services"],
		shell: sh`
			# Waits until dockerd answers, one minute at most.
			wait_for_docker() {
				tries=30
				check_daemon_running
				while [ "$answer" = no ] && [ "$tries" -gt 0 ]; do
					sleep 2
					tries=$((tries - 1))
					if [ "$services" = none ]; then
						# No service manager starts it again once it has ended.
						ask 5 pidof dockerd
						if [ "$status" -eq 1 ]; then
							tries=0
						fi
					fi
					check_daemon_running
				done
				if [ "$answer" = no ]; then
					explain_docker
					fail 'dockerd does not answer.'
				fi
			}
		`,
	},
	{
		name: "iptables",
		needs: ["ask"],
		shell: sh`
			# Sets program to the iptables of backend $1 (any, nf_tables, legacy) and family $2; empty when there is none.
			pick_iptables() {
				case "$2" in
				6) program=ip6tables ;;
				*) program=iptables ;;
				esac
				case "$1" in
				legacy) program_suffix=legacy ;;
				nf_tables) program_suffix=nft ;;
				*) program_suffix='' ;;
				esac
				if [ -n "$program_suffix" ]; then
					if command -v "$program-$program_suffix" >/dev/null 2>&1; then
						program=$program-$program_suffix
					else
						ask 5 "$program" -V
						find_text nf_tables
						case "$1:$answer" in
						nf_tables:yes | legacy:no) ;;
						*) program='' ;;
						esac
					fi
				fi
				if [ -n "$program" ] && ! command -v "$program" >/dev/null 2>&1; then
					program=''
				fi
			}

			# program with a bounded wait for the xtables lock: without -w, 1.8.8 to 1.8.10 legacy wait for ever.
			ask_iptables() {
				if [ -z "$program" ]; then
					status=127
					output='no such iptables here'
					return 0
				fi
				ask 5 "$program" -V
				case "$output" in
				# Before 1.6.0 -w takes no number; the time limit of ask has to do.
				*' v1.2'* | *' v1.3'* | *' v1.4'*) ask 10 "$program" -w "$@" ;;
				*) ask 20 "$program" -w 5 "$@" ;;
				esac
			}

			# What a failed question about a rule or chain means: not there, or cannot tell (lock, permission, no table).
			judge_absence() {
				answer=no
				case "$output" in
				*'xtables lock'* | *'ermission denied'* | *'must be root'* | *'no such iptables'* | *'can'?'t initialize'* | *'Failed to initialize'* | *"table "*" is incompatible"*) answer=unknown ;;
				*) ;;
				esac
				# A named chain that is "incompatible" is a missing one in 1.8.4 to 1.8.9.
				case "$output" in
				*'chain '*' is incompatible'*) answer=no ;;
				*) ;;
				esac
			}
		`,
	},
	{
		name: "docker-firewall",
		needs: ["ask"],
		shell: sh`
			# Sets docker_firewall to nftables when dockerd (29 and later) writes its own nft tables, else to iptables.
			find_docker_firewall() {
				docker_firewall=iptables
				ask 10 docker info --format '{{with .FirewallBackend}}{{.Driver}}{{end}}'
				case "$status:$output" in
				0:nftables*) docker_firewall=nftables ;;
				*) ;;
				esac
			}
		`,
	},
	{
		name: "daemon-json",
		needs: ["services"],
		shell: sh`
			# Where this dockerd reads its configuration.
			find_daemon_json() {
				find_services
				if [ "$rootless" = yes ]; then
					daemon_json="\${XDG_CONFIG_HOME:-$HOME/.config}/docker/daemon.json"
				elif [ "$services" = snap ]; then
					daemon_json=/var/snap/docker/current/config/daemon.json
				else
					daemon_json=/etc/docker/daemon.json
				fi
			}

			# Is dockerd started with the flag --$1? Then the key must not stand in daemon.json too.
			find_flag() {
				answer=no
				ask 5 pidof dockerd
				if [ "$status" -ne 0 ]; then
					return 0
				fi
				for flag_pid in $(printf '%s' "$output" | tr -c '0-9' ' ' || true); do
					if [ -r "/proc/$flag_pid/cmdline" ]; then
						output=$(tr '\000' '\n' <"/proc/$flag_pid/cmdline" || true)
						find_line "^--$1\(=.*\)\{0,1\}\$"
						if [ "$answer" = yes ]; then return 0; fi
					fi
				done
			}

			# Does dockerd accept the file $1? Docker 20.10 and older cannot say; there only the JSON is looked at.
			check_config_file() {
				answer=yes
				if [ ! -s "$1" ]; then
					return 0
				fi
				ask 10 dockerd --version
				output=$(printf '%s\n' "$output" | sed -n 's/^Docker version \([0-9]*\)\..*/\1/p' || true)
				case "$output" in
				'' | *[!0-9]*) config_major=0 ;;
				*) config_major=$output ;;
				esac
				if [ "$config_major" -ge 23 ]; then
					ask 20 dockerd --validate --config-file="$1"
				elif command -v python3 >/dev/null 2>&1; then
					ask 10 python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8-sig"))' "$1"
				elif command -v jq >/dev/null 2>&1; then
					ask 10 jq -e 'type == "object"' "$1"
				else
					answer=unknown
					return 0
				fi
				if [ "$status" -ne 0 ]; then
					answer=no
				fi
			}
		`,
	},
	{
		name: "kubernetes",
		needs: ["ask"],
		shell: sh`
			# A node of a cluster should be drained first; said, not decided.
			note_cluster() {
				ask 5 pidof kubelet
				if [ "$status" -eq 0 ]; then
					warn 'A kubelet runs here: drain this node before dockerd restarts.'
				fi
			}
		`,
	},
];
