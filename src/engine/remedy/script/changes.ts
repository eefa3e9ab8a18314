import { MODULES_FILE } from "../commands";
import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";
import { JQ_MERGE, PYTHON_MERGE } from "./json-merge";

/**
 * What the script changes. For an action `x` there is `settled_x` (is it so already?), `change_x` and `revert_x`, each
 * with the step's number first; a step's notes for the undo are the files `step-N.*` in the state directory.
 */
export const CHANGES: readonly Fragment[] = [
	{
		name: "place-file",
		needs: [],
		shell: sh`
			# Puts the file $3 in the place of $2 and keeps what was there.
			place_file() { # step target new
				target=$(readlink -f "$2" || printf '%s' "$2")
				target_folder=$(dirname "$target")
				if [ ! -d "$target_folder" ]; then
					mkdir -p "$target_folder"
					chmod 755 "$target_folder"
				fi
				cp "$3" "$target.stackengine-new"
				if [ -e "$target" ]; then
					cp -p "$target" "$state/step-$1.before"
					# Keeps owner and mode, then only the text changes.
					cp -p "$target" "$target.stackengine-new"
					cat "$3" >"$target.stackengine-new"
				else
					: >"$state/step-$1.absent"
					chmod 644 "$target.stackengine-new"
				fi
				cp "$3" "$state/step-$1.after"
				printf '%s\n' "$target" >"$state/step-$1.path"
				mv -f "$target.stackengine-new" "$target"
				say "  wrote $target"
			}

			# Puts the earlier file back, unless somebody changed it since. Sets returned to yes or no.
			return_file() { # step
				returned=no
				if [ ! -e "$state/step-$1.path" ]; then
					return 0
				fi
				IFS= read -r target <"$state/step-$1.path"
				if [ -e "$state/step-$1.before" ] && cmp -s "$target" "$state/step-$1.before"; then
					return 0
				fi
				if [ -e "$state/step-$1.absent" ] && [ ! -e "$target" ]; then
					return 0
				fi
				if ! cmp -s "$target" "$state/step-$1.after"; then
					warn "$target was changed since: left as it is. The earlier text, if there was one, is $state/step-$1.before"
					left_over=yes
					return 0
				fi
				if [ -e "$state/step-$1.absent" ]; then
					rm -f "$target"
					say "  removed $target"
				else
					cp -p "$state/step-$1.before" "$target.stackengine-new"
					mv -f "$target.stackengine-new" "$target"
					say "  put back $target"
				fi
				returned=yes
			}
		`,
	},
	{
		name: "restart-docker",
		needs: ["services", "wait-for-docker", "kubernetes"],
		shell: sh`
			change_restart_docker() {
				note_cluster
				docker_service restart
				wait_for_docker
			}
		`,
	},
	{
		name: "start-docker",
		needs: ["services", "wait-for-docker"],
		shell: sh`
			change_start_docker() {
				check_daemon_running
				if [ "$answer" = no ]; then
					docker_service start
				fi
				wait_for_docker
			}
		`,
	},
	{
		name: "start-stopped",
		needs: ["ask", "docker"],
		shell: sh`
			# Starts what ran when the script began and does not run now.
			change_start_stopped() {
				not_started=''
				if [ ! -s "$state/before/running" ]; then
					return 0
				fi
				# What has a restart policy comes back by itself.
				sleep 3
				while read -r container_id container_label; do
					ask 10 docker inspect --type container --format '{{.State.Running}}' "$container_id"
					case "$status:$output" in
					0:false)
						ask 60 docker start "$container_id"
						if [ "$status" -eq 0 ]; then
							say "  started $container_label"
						else
							printf '%s\n' "$output" >&2
							not_started="$not_started $container_label"
						fi
						;;
					*) ;;
					esac
				done <"$state/before/running"
				if [ -n "$not_started" ]; then
					fail "These containers ran before and do not start:$not_started"
				fi
			}
		`,
	},
	{
		name: "edit-daemon-json",
		needs: ["daemon-json", "place-file"],
		shell: sh`
			json_program=${PYTHON_MERGE}

			# Merges the keys of $1 (JSON) into daemon.json, takes out those of $2 (JSON list), writes the result to $3.
			# merged: same, changed, broken (not JSON) or impossible (neither python3 nor jq).
			merge_json() { # set remove new
				find_daemon_json
				merged=impossible
				if [ ! -s "$daemon_json" ]; then
					# dockerd takes an absent or empty file for {}.
					printf '%s\n' "$1" >"$3"
					if [ "$1" = '{}' ]; then merged=same; else merged=changed; fi
				elif command -v python3 >/dev/null 2>&1; then
					ask 20 python3 -c "$json_program" "$daemon_json" "$3" "$1" "$2"
					case "$status" in
					0) merged=changed ;;
					3) merged=same ;;
					*) merged=broken ;;
					esac
				elif command -v jq >/dev/null 2>&1; then
					if [ -s "$daemon_json" ]; then cat "$daemon_json" >"$3.old"; else printf '{}\n' >"$3.old"; fi
					ask 20 jq --argjson set "$1" --argjson remove "$2" ${JQ_MERGE} "$3.old"
					if [ "$status" -ne 0 ]; then
						merged=broken
						return 0
					fi
					printf '%s\n' "$output" >"$3"
					ask 20 jq . "$3.old"
					printf '%s\n' "$output" >"$3.old"
					if cmp -s "$3" "$3.old"; then merged=same; else merged=changed; fi
				fi
			}

			settled_daemon_json() { # set remove
				scratch_file
				merge_json "$1" "$2" "$scratch"
				if [ "$merged" = same ]; then answer=yes; else answer=no; fi
			}

			change_daemon_json() { # step set remove names…
				change_step=$1
				change_set=$2
				change_remove=$3
				shift 3
				for json_key in "$@"; do
					find_flag "$json_key"
					if [ "$answer" = yes ]; then
						refuse "dockerd is started with --$json_key: a key that is also a flag stops dockerd. Change the flag in its unit instead."
					fi
				done
				merge_json "$change_set" "$change_remove" "$state/step-$change_step.new"
				case "$merged" in
				same)
					say '  daemon.json says so already'
					return 0
					;;
				broken)
					printf '%s\n' "$output" >&2
					refuse "$daemon_json cannot be read as JSON: repair it by hand first. Nothing was written."
					;;
				impossible) refuse "Neither python3 nor jq is here to edit $daemon_json safely. By hand: set $change_set, remove $change_remove, keep everything else." ;;
				*) ;;
				esac
				check_config_file "$state/step-$change_step.new"
				if [ "$answer" = no ]; then
					printf '%s\n' "$output" >&2
					refuse "dockerd would not accept the new $daemon_json. Nothing was written."
				fi
				place_file "$change_step" "$daemon_json" "$state/step-$change_step.new"
			}

			revert_daemon_json() { # step
				return_file "$1"
				if [ "$returned" = yes ]; then
					restart_after_undo=yes
				fi
			}
		`,
	},
	{
		name: "live-restore",
		needs: ["edit-daemon-json", "docker", "services"],
		shell: sh`
			# yes: on already, or not to be had here (said in live_restore_note).
			settled_live_restore() {
				live_restore_note='is on already'
				find_services
				answer=yes
				if [ "$services" = snap ]; then
					live_restore_note='the snap does not keep containers over a restart'
					return 0
				fi
				ask 10 docker info --format '{{.LiveRestoreEnabled}} {{.Swarm.LocalNodeState}} {{.ServerVersion}}'
				case "$status:$output" in
				0:'true '*) ;;
				0:'false active '* | 0:'false pending '* | 0:'false locked '*) live_restore_note='live-restore and swarm exclude each other' ;;
				0:'false '*)
					find_flag live-restore
					if [ "$answer" = yes ]; then
						live_restore_note='dockerd is started with the flag --live-restore; its value stands in the unit'
					else
						answer=no
					fi
					;;
				*) live_restore_note='dockerd does not answer, so there is nothing to keep' ;;
				esac
			}

			change_live_restore() { # step
				settled_live_restore
				if [ "$answer" = yes ]; then
					say "  skipped: $live_restore_note"
					return 0
				fi
				merge_json '{"live-restore":true}' '[]' "$state/step-$1.new"
				case "$merged" in
				changed | same) ;;
				*)
					warn "live-restore stays off: daemon.json cannot be edited safely here. The restart will stop containers."
					return 0
					;;
				esac
				if [ "$merged" = changed ]; then
					change_daemon_json "$1" '{"live-restore":true}' '[]'
				fi
				docker_service reload
				tries=10
				output=''
				while [ "$output" != true ] && [ "$tries" -gt 0 ]; do
					sleep 1
					tries=$((tries - 1))
					ask 10 docker info --format '{{.LiveRestoreEnabled}}'
				done
				if [ "$output" = true ]; then
					say '  live-restore is on: containers keep running over the restart'
				else
					warn 'dockerd did not take live-restore: the restart will stop containers.'
				fi
			}

			revert_live_restore() { # step
				return_file "$1"
				if [ "$returned" = yes ]; then
					# No restart, which would then stop the containers. SIGHUP takes a key that is there, not one that is gone.
					docker_service reload
					say '  dockerd may keep live-restore on until it is next restarted'
				fi
			}
		`,
	},
	{
		name: "reload-firewalld",
		needs: ["check_firewalld", "docker"],
		shell: sh`
			change_reload_firewalld() {
				check_firewalld
				if [ "$answer" = no ]; then
					say '  skipped: firewalld does not run here'
					return 0
				fi
				ask 10 docker version --format '{{.Server.Version}}'
				case "$output" in
				17.* | 18.* | 19.* | 2[0-4].* | 25.0.? | 25.0.1[0-2] | 26.* | 27.* | 28.2.* | 28.3.[0-2]) warn "Docker $output replays publishing on a reload but not every isolation rule (CVE-2025-54410, CVE-2025-54388): a restart of dockerd makes all of them." ;;
				*) ;;
				esac
				ask 120 firewall-cmd --reload
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'firewall-cmd --reload failed.'
				fi
				# dockerd replays its rules in its own time.
				tries=10
				ask_repaired
				while [ "$repaired" = no ] && [ "$tries" -gt 0 ]; do
					sleep 1
					tries=$((tries - 1))
					ask_repaired
				done
			}
		`,
	},
	{
		name: "reload-ufw",
		needs: ["ask"],
		shell: sh`
			change_reload_ufw() {
				ask 10 ufw status
				find_line '^Status: active'
				if [ "$answer" = no ]; then
					say '  skipped: ufw is not active here'
					return 0
				fi
				ask 60 ufw reload
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'ufw reload failed.'
				fi
			}
		`,
	},
	{
		name: "container",
		needs: ["check_container_running"],
		shell: sh`
			change_container() { # step verb container
				check_container_running "$3"
				printf '%s\n' "$answer" >"$state/step-$1.was-running"
				ask 120 docker "$2" "$3"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail "docker $2 $3 failed."
				fi
			}

			revert_container() { # step container
				check_container_running "$2"
				IFS= read -r was_running <"$state/step-$1.was-running"
				case "$was_running:$answer" in
				yes:no) ask 120 docker start "$2" ;;
				no:yes) ask 120 docker stop "$2" ;;
				*) status=0 ;;
				esac
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					left_over=yes
				fi
			}
		`,
	},
	{
		name: "restart-container",
		needs: ["container", "check_docker_chains"],
		shell: sh`
			change_restart_container() { # step container
				for guard_table in nat filter; do
					check_docker_chains "$guard_table"
					# An emptied chain is what the restart repairs; a missing one would leave the container stopped.
					find_docker_firewall
					if [ "$answer" = no ] && [ "$docker_firewall" = iptables ]; then
						pick_iptables any 4
						ask_iptables -t "$guard_table" -S DOCKER
						if [ "$status" -ne 0 ]; then
							refuse "Chain DOCKER is missing in table $guard_table: restarting the container now would leave it stopped. Restart dockerd first."
						fi
					fi
				done
				change_container "$1" restart "$2"
			}
		`,
	},
	{
		name: "modules",
		needs: ["check_module_loaded", "services", "place-file"],
		shell: sh`
			settled_modules() { # persist module…
				modules_persist=$1
				shift
				for wanted_module in "$@"; do
					check_module_loaded "$wanted_module"
					if [ "$answer" = no ]; then
						# One that this kernel does not have is not waited for.
						ask 10 modprobe -n "$wanted_module"
						if [ "$status" -eq 0 ]; then
							return 0
						fi
					fi
				done
				answer=yes
				if [ "$modules_persist" = yes ] && [ ! -e ${MODULES_FILE} ]; then
					answer=no
				fi
			}

			change_modules() { # step persist module…
				modules_step=$1
				modules_persist=$2
				shift 2
				: >"$state/step-$modules_step.loaded"
				: >"$state/step-$modules_step.new"
				for wanted_module in "$@"; do
					check_module_loaded "$wanted_module"
					if [ "$answer" = yes ]; then
						say "  $wanted_module: there already"
					else
						ask 30 modprobe "$wanted_module"
						if [ "$status" -eq 0 ]; then
							say "  $wanted_module: loaded"
							printf '%s\n' "$wanted_module" >>"$state/step-$modules_step.loaded"
						else
							warn "$wanted_module: $output"
							continue
						fi
					fi
					# A name that the kernel does not have as a module makes systemd-modules-load fail at each boot.
					if grep -q "^$(printf '%s' "$wanted_module" | tr '-' '_' || true) " /proc/modules 2>/dev/null; then
						printf '%s\n' "$wanted_module" >>"$state/step-$modules_step.new"
					fi
				done
				if [ "$modules_persist" = yes ] && [ -s "$state/step-$modules_step.new" ]; then
					place_file "$modules_step" ${MODULES_FILE} "$state/step-$modules_step.new"
					find_services
					if [ "$services" = openrc ]; then
						say '  OpenRC reads it through the service modules: rc-update add modules boot'
					fi
				fi
			}

			revert_modules() { # step
				return_file "$1"
				while read -r loaded_module; do
					ask 10 modprobe -r "$loaded_module"
					if [ "$status" -ne 0 ]; then
						say "  $loaded_module is in use and stays loaded, which does no harm"
					fi
				done <"$state/step-$1.loaded"
			}
		`,
	},
	{
		name: "sysctl",
		needs: ["check_sysctl_is", "place-file"],
		shell: sh`
			settled_sysctl() { # file value line boot-file
				check_sysctl_is "$1" "$2"
				if [ "$answer" = yes ] && [ -n "$4" ] && ! grep -q -x -F "$3" "$4" 2>/dev/null; then
					answer=no
				fi
			}

			change_sysctl() { # step file value line boot-file
				if [ ! -e "$2" ]; then
					fail "This kernel has no $2."
				fi
				cat "$2" >"$state/step-$1.value"
				printf '%s\n' "$3" >"$2"
				if [ -n "$5" ]; then
					printf '%s\n' "$4" >"$state/step-$1.new"
					place_file "$1" "$5" "$state/step-$1.new"
				fi
			}

			revert_sysctl() { # step file value
				return_file "$1"
				check_sysctl_is "$2" "$3"
				if [ "$answer" = yes ] && [ -s "$state/step-$1.value" ]; then
					cat "$state/step-$1.value" >"$2"
					say "  put back $2"
				fi
			}
		`,
	},
	{
		name: "drop-in",
		needs: ["services", "place-file"],
		shell: sh`
			settled_drop_in() { # file line…
				drop_in_file=$1
				shift
				scratch_file
				printf '%s\n' "$@" >"$scratch"
				if cmp -s "$drop_in_file" "$scratch"; then answer=yes; else answer=no; fi
			}

			change_drop_in() { # step file line…
				find_services
				if [ "$services" != systemd ]; then
					refuse "$2 is for systemd, and this host uses $services. Put the same into its own configuration (OpenRC: /etc/conf.d/docker)."
				fi
				drop_in_step=$1
				drop_in_file=$2
				shift 2
				printf '%s\n' "$@" >"$state/step-$drop_in_step.new"
				place_file "$drop_in_step" "$drop_in_file" "$state/step-$drop_in_step.new"
				ask 60 systemctl daemon-reload
			}

			revert_drop_in() { # step
				return_file "$1"
				if [ "$returned" = yes ]; then
					ask 60 systemctl daemon-reload
					restart_after_undo=yes
				fi
			}
		`,
	},
	{
		name: "network-store",
		needs: ["services", "wait-for-docker"],
		shell: sh`
			change_network_store() { # step
				store_root=/var/lib/docker
				ask 10 docker info --format '{{.DockerRootDir}}'
				case "$status:$output" in
				0:/*) store_root=$output ;;
				*) ;;
				esac
				if [ ! -d "$store_root/network" ]; then
					fail "There is no $store_root/network. If Docker keeps its files elsewhere (data-root), move the folder network there by hand."
				fi
				docker_service stop
				store_aside=$store_root/network.stackengine-$run_stamp
				mv "$store_root/network" "$store_aside"
				printf '%s\n%s\n' "$store_root/network" "$store_aside" >"$state/step-$1.store"
				say "  moved to $store_aside; dockerd is stopped until the next step"
			}

			revert_network_store() { # step
				if [ ! -s "$state/step-$1.store" ]; then
					return 0
				fi
				store_now=$(sed -n 1p "$state/step-$1.store")
				store_aside=$(sed -n 2p "$state/step-$1.store")
				if [ -d "$store_aside" ]; then
					docker_service stop
					if [ -d "$store_now" ]; then
						mv "$store_now" "$store_now.stackengine-undone-$run_stamp"
					fi
					mv "$store_aside" "$store_now"
					docker_service start
				fi
			}
		`,
	},
	{
		name: "port-owner",
		needs: ["ask"],
		shell: sh`
			change_port_owner() { # port protocol
				case "$2" in
				udp) ask 10 ss -H -lnup "sport = :$1" ;;
				*) ask 10 ss -H -lntp "sport = :$1" ;;
				esac
				printf '  listening: %s\n' "\${output:-nothing}"
				ask 10 docker ps -a --filter "publish=$1/$2" --format '{{.Names}} {{.Status}} {{.Ports}}'
				printf '  published by: %s\n' "\${output:-no container}"
			}
		`,
	},
	{
		name: "lock",
		needs: ["check_lock_free"],
		shell: sh`
			find_lock_holder() {
				lock_holder=''
				lock_text=''
				if command -v fuser >/dev/null 2>&1; then
					ask 10 fuser /run/xtables.lock
					lock_holder=$(printf '%s' "$output" | sed 's/^[^:]*://' | tr -c '0-9\n' ' ' || true)
				elif command -v lsof >/dev/null 2>&1; then
					ask 10 lsof -t /run/xtables.lock
					lock_holder=$output
				fi
				for holder_pid in $lock_holder; do
					if [ -r "/proc/$holder_pid/cmdline" ]; then
						holder_command=$(tr '\000' ' ' <"/proc/$holder_pid/cmdline" || true)
						lock_text="$lock_text $holder_pid ($holder_command)"
					fi
				done
			}

			change_lock() {
				find_lock_holder
				say "  has the lock file open:\${lock_text:- nobody that fuser or lsof can name}"
				tries=30
				check_lock_free
				while [ "$answer" = no ] && [ "$tries" -gt 0 ]; do
					sleep 2
					tries=$((tries - 1))
					check_lock_free
				done
				if [ "$answer" != no ]; then
					return 0
				fi
				find_lock_holder
				if [ "$assume_yes" = yes ] || [ ! -t 0 ] || [ -z "$lock_holder" ]; then
					fail "The lock is still held after a minute by:\${lock_text:- a process that was not found}. Look at what it does and end it yourself; --yes never ends a process, and the lock file must not be deleted."
				fi
				for holder_pid in $lock_holder; do
					confirm "End process $holder_pid (SIGTERM)?"
					if [ "$answer" = yes ]; then
						kill "$holder_pid"
					fi
				done
				sleep 2
				check_lock_free
				if [ "$answer" = no ]; then
					fail 'The lock is still held.'
				fi
			}
		`,
	},
	{
		name: "reboot",
		needs: [],
		shell: sh`
			change_reboot() {
				: >"$state/finished"
				rm -f "$state/armed"
				say 'Rebooting in one minute; shutdown -c calls it off. Afterwards run this again with --apply: it says whether all is well.'
				if command -v shutdown >/dev/null 2>&1; then shutdown -r +1; else reboot -d 60; fi
				exit 0
			}
		`,
	},
];
