import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";
import { JQ_MERGE, PYTHON_MERGE } from "./json-merge";

/** dockerd started, restarted and given another configuration. */
export const DAEMON_CHANGES: readonly Fragment[] = [
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
];
