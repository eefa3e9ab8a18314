import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Who may run a script, and what it saves before it changes anything. */
export const SAVED_STATE: readonly Fragment[] = [
	{
		name: "place",
		needs: ["say"],
		shell: sh`
			# Who must run this, and where not.
			check_place() {
				current_user=$(id -u)
				if [ "$rootless" = yes ]; then
					if [ "$current_user" = 0 ]; then
						refuse 'Docker is rootless here: run this as the user who runs dockerd, not as root.'
					fi
				elif [ "$current_user" != 0 ]; then
					refuse "Run this as root: sudo sh $0 $1"
				fi
				# Docker in Docker has its dockerd with it; any other container is the wrong place.
				if [ "$in_container" = no ] && { [ -e /.dockerenv ] || [ -e /run/.containerenv ]; } && ! command -v dockerd >/dev/null 2>&1; then
					refuse 'This is the inside of a container without a dockerd: run it on the host.'
				fi
				ask 10 docker info --format '{{.OperatingSystem}}'
				case "$output" in
				*'Docker Desktop'*) refuse 'Docker Desktop runs dockerd in a virtual machine: restart Docker Desktop. Rules of this host do not matter to it.' ;;
				*) ;;
				esac
			}
		`,
	},
	{
		name: "state",
		needs: ["ask", "say"],
		shell: sh`
			# Sets last to the newest run of this repair that was not undone, or to nothing.
			find_last_run() {
				last=''
				for candidate in "$state_root/$failure"-[0-9]*Z; do
					if [ -d "$candidate" ] && [ ! -e "$candidate/undone" ]; then
						last=$candidate
					fi
				done
			}

			# Two runs at once would save each other's half-done work as the state before.
			lock_run() {
				mkdir -p "$state_root"
				chmod 700 "$state_root"
				if ! mkdir "$state_root/running" 2>/dev/null; then
					other_run=$(cat "$state_root/running/pid" 2>/dev/null || true)
					if [ -n "$other_run" ] && kill -0 "$other_run" 2>/dev/null; then
						refuse "Another run is at work (process $other_run)."
					fi
				fi
				run_locked=yes
				printf '%s\n' "$$" >"$state_root/running/pid"
			}

			save() { # file command…
				save_file=$state/before/$1
				shift
				if command -v "$1" >/dev/null 2>&1; then
					ask 20 "$@"
					printf '%s\n' "$output" >"$save_file"
				fi
			}

			# What was there before, for the undo and for people.
			save_state() {
				state=$state_root/$failure-$run_stamp
				mkdir "$state" "$state/before"
				chmod 700 "$state"
				for save_program in iptables ip6tables; do
					save "$save_program.rules" "$save_program-save"
					save "$save_program-nft.rules" "$save_program-nft-save"
					# Without legacy tables in the kernel there is nothing to save, and asking would load them.
					if grep -q . /proc/net/ip_tables_names 2>/dev/null; then
						save "$save_program-legacy.rules" "$save_program-legacy-save"
					fi
				done
				save nftables.rules nft list ruleset
				save containers docker ps -a --no-trunc
				ask 20 docker ps --no-trunc --format '{{.ID}} {{.Names}}'
				if [ "$status" -eq 0 ]; then
					printf '%s\n' "$output" | sed '/^$/d' >"$state/before/running"
				fi
				for save_source in /etc/docker/daemon.json /var/snap/docker/current/config/daemon.json /etc/systemd/system/docker.service.d /etc/default/docker /etc/conf.d/docker; do
					if [ -e "$save_source" ]; then
						save_name=$(printf '%s' "$save_source" | tr '/' '_')
						cp -R -p "$save_source" "$state/before/$save_name"
					fi
				done
				say "Saved the state before: $state"
			}
		`,
	},
];
