import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The script's own order of things: what is said, saved, asked, done, proved and taken back. */
export const FRAME: readonly Fragment[] = [
	{
		name: "say",
		needs: [],
		shell: sh`
			say() {
				printf '%s\n' "$*"
			}

			warn() {
				printf 'Note: %s\n' "$*" >&2
			}

			# The host is not as expected, or a person said no: nothing more is done.
			refuse() {
				printf 'Refused: %s\n' "$*" >&2
				exit 2
			}

			fail() {
				printf 'Failed: %s\n' "$*" >&2
				exit 1
			}
		`,
	},
	{
		name: "exit",
		needs: ["say"],
		shell: sh`
			# Says where it stopped, and makes every unexpected end exit 1.
			on_exit() {
				exit_code=$?
				trap - EXIT
				if [ -n "$scratch" ]; then
					rm -f "$scratch"
				fi
				if [ "$run_locked" = yes ]; then
					rm -rf "$state_root/running"
				fi
				if [ -n "$at_step" ] && [ "$exit_code" -ne 0 ]; then
					say "Stopped at step $at_step of $step_count. What was done before stands; $0 --undo takes it back. Saved state: $state"
				fi
				case "$exit_code" in
				0 | 1 | 2 | 64) ;;
				*) exit_code=1 ;;
				esac
				exit "$exit_code"
			}
		`,
	},
	{
		name: "confirm",
		needs: ["say"],
		shell: sh`
			confirm() { # question
				answer=yes
				if [ "$assume_yes" = no ]; then
					printf '%s [y/N] ' "$1"
					IFS= read -r reply || reply=''
					case "$reply" in
					y | Y | yes | Yes | YES) ;;
					*) answer=no ;;
					esac
				fi
			}
		`,
	},
	{
		name: "scratch",
		needs: ["say"],
		shell: sh`
			# One temporary file, removed at the end.
			scratch_file() {
				if [ -z "$scratch" ]; then
					scratch=$(mktemp)
				fi
			}
		`,
	},
	{
		name: "repaired",
		needs: ["ask"],
		shell: sh`
			# Sets repaired to yes when every check of the end holds now. Without such checks: unknown.
			ask_repaired() {
				repaired=unknown
				check_number=1
				while [ "$check_number" -le "$after_count" ]; do
					ask_after "$check_number"
					check_number=$((check_number + 1))
					if [ "$answer" != yes ]; then
						repaired=no
						return 0
					fi
					repaired=yes
				done
			}
		`,
	},
	{
		name: "prove",
		needs: ["repaired", "say"],
		shell: sh`
			# Says of each check of the end whether it holds; failed counts those that do not.
			prove() {
				failed=0
				if [ "$after_count" -eq 0 ]; then
					return 0
				fi
				tries=8
				ask_repaired
				while [ "$repaired" = no ] && [ "$tries" -gt 0 ]; do
					sleep 2
					tries=$((tries - 1))
					ask_repaired
				done
				say 'Proof:'
				check_number=1
				while [ "$check_number" -le "$after_count" ]; do
					ask_after "$check_number"
					case "$answer" in
					yes) say "  yes      $claim" ;;
					no)
						say "  NO       $claim"
						failed=$((failed + 1))
						;;
					*)
						say "  unknown  $claim"
						failed=$((failed + 1))
						;;
					esac
					check_number=$((check_number + 1))
				done
			}
		`,
	},
	{
		name: "preconditions",
		needs: ["say"],
		shell: sh`
			# Is the host as the repair expects it? Sets unmet to the first sentence that says no.
			ask_preconditions() {
				unmet=''
				check_number=1
				while [ "$check_number" -le "$before_count" ]; do
					ask_before "$check_number"
					case "$expected:$answer" in
					yes:no | no:yes)
						unmet=$otherwise
						return 0
						;;
					*:unknown) warn "Cannot tell here: $claim" ;;
					*) ;;
					esac
					check_number=$((check_number + 1))
				done
			}
		`,
	},
	{
		name: "settled",
		needs: [],
		shell: sh`
			# Sets open_steps to the number of lasting changes that are not made yet, and pulses to that of the steps that
			# leave nothing to look at (restarts, reloads, prose).
			count_open_steps() {
				open_steps=0
				pulses=0
				step=1
				while [ "$step" -le "$step_count" ]; do
					ask_settled "$step"
					case "$answer" in
					yes) ;;
					pulse) pulses=$((pulses + 1)) ;;
					*) open_steps=$((open_steps + 1)) ;;
					esac
					step=$((step + 1))
				done
				# Without checks of the end a restart cannot be known to be needless.
				if [ "$repaired" = unknown ] && [ "$pulses" -eq 0 ]; then
					repaired=yes
				fi
			}
		`,
	},
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
	{
		name: "revert-timer",
		needs: ["say"],
		shell: sh`
			# From here on a step can cut off the session that this runs in: unless somebody says that all is well, the
			# undo runs by itself.
			arm_revert() {
				if [ -e "$state/armed" ]; then
					return 0
				fi
				if [ ! -f "$0" ]; then
					refuse 'This step can cut off your session and must be able to undo itself: run the script from a file.'
				fi
				cp "$0" "$state/fix.sh"
				: >"$state/armed"
				revert_command="sleep \"\$2\"; if [ -e \"\$1/armed\" ]; then exec sh \"\$1/fix.sh\" --undo --yes; fi"
				if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
					systemd-run --quiet --collect sh -c "$revert_command" revert "$state" "$revert_seconds" || rm -f "$state/armed"
				else
					nohup sh -c "$revert_command" revert "$state" "$revert_seconds" >"$state/revert.log" 2>&1 </dev/null &
				fi
				if [ ! -e "$state/armed" ]; then
					refuse 'The automatic undo could not be set up.'
				fi
				say "If nobody confirms within $revert_seconds seconds, everything is undone by itself."
			}

			disarm_revert() {
				if [ -e "$state/undone" ]; then
					fail 'Nobody confirmed in time: everything was undone by itself.'
				fi
				if [ ! -e "$state/armed" ]; then
					return 0
				fi
				if [ "$failed" -gt 0 ]; then
					say "The checks failed: the automatic undo follows within $revert_seconds seconds."
					return 0
				fi
				if [ "$assume_yes" = no ]; then
					printf 'Open a second session to this host now. If that works, type keep: '
					IFS= read -r reply || reply=''
					if [ "$reply" != keep ]; then
						refuse "Not confirmed: the automatic undo follows within $revert_seconds seconds."
					fi
				fi
				if [ -e "$state/armed" ]; then
					rm -f "$state/armed"
					say 'The automatic undo is called off.'
				else
					fail 'Too late: everything was undone by itself.'
				fi
			}
		`,
	},
	{
		name: "say-service",
		needs: ["services", "say"],
		shell: sh`
			# The command of this host's own service manager, for the dry run.
			say_service() { # verb
				find_services
				case "$services:$1" in
				snap:reload) say '   $ snap restart --reload docker.dockerd' ;;
				snap:*) say "   \$ snap $1 docker" ;;
				systemd:*)
					if [ "$rootless" = yes ]; then
						say "   \$ systemctl --user $1 docker"
					else
						if [ "$1" != reload ]; then
							say '   $ systemctl reset-failed docker.service docker.socket'
						fi
						say "   \$ systemctl $1 docker"
					fi
					;;
				runit:reload) say '   $ sv hup docker' ;;
				runit:*) say "   \$ sv $1 docker" ;;
				*:reload) say "   \$ kill -HUP \"\$(cat /run/docker.pid)\"" ;;
				openrc:*) say "   \$ rc-service docker $1" ;;
				*) say "   \$ service docker $1" ;;
				esac
			}
		`,
	},
	{
		name: "dry-run",
		needs: ["say", "repaired", "preconditions", "settled"],
		shell: sh`
			# Reads only. Without root it cannot look at the rules and says just what would be done.
			dry_run() {
				say "Dry run: nothing is changed. $0 --apply does it."
				say ''
				looked=no
				current_user=$(id -u)
				if [ "$current_user" = 0 ] || [ "$rootless" = yes ]; then
					looked=yes
					ask_repaired
					count_open_steps
					if [ "$repaired" = yes ] && [ "$open_steps" -eq 0 ]; then
						say 'It would do nothing: every check holds and every change is made already.'
						say ''
					else
						ask_preconditions
						if [ -n "$unmet" ]; then
							say "It would refuse: $unmet"
							say ''
						fi
					fi
				else
					say '(Run it as root to see whether the repair is still needed.)'
					say ''
				fi
				step=1
				while [ "$step" -le "$step_count" ]; do
					tell_step "$step"
					say "$step. $title"
					say "   why:        $why"
					say "   risk:       $risk"
					say "   interrupts: $interrupts"
					say "   undo:       $undo_note"
					if [ "$looked" = yes ]; then
						ask_settled "$step"
						if [ "$answer" = yes ]; then
							say '   now:        so already, would be skipped'
						fi
					fi
					show_commands "$step"
					step=$((step + 1))
				done
				if [ "$after_count" -gt 0 ]; then
					say 'Afterwards this must hold:'
					check_number=1
					while [ "$check_number" -le "$after_count" ]; do
						claim_after "$check_number"
						say "   $claim"
						check_number=$((check_number + 1))
					done
				fi
			}
		`,
	},
	{
		name: "apply",
		needs: ["say", "exit", "confirm", "place", "state", "repaired", "prove", "preconditions", "settled"],
		shell: sh`
			apply() {
				check_place --apply
				find_last_run
				unfinished=no
				if [ -n "$last" ] && [ ! -e "$last/finished" ]; then
					unfinished=yes
					warn "An earlier run did not come to its end: $last"
				fi
				ask_repaired
				count_open_steps
				if [ "$repaired" = yes ] && [ "$open_steps" -eq 0 ] && [ "$unfinished" = no ]; then
					say 'Nothing to do: every check holds and every change is made already.'
					exit 0
				fi
				ask_preconditions
				if [ -n "$unmet" ]; then
					refuse "$unmet"
				fi
				if [ "$interrupting" = yes ] && [ "$assume_yes" = no ] && [ ! -t 0 ]; then
					refuse 'A step interrupts something and nobody can be asked (no terminal). Give --yes to agree beforehand.'
				fi
				lock_run
				save_state
				begun=no
				if [ "$unfinished" = yes ] && [ -s "$last/before/running" ]; then
					# What ran before the run that broke off is what must run again.
					cat "$last/before/running" "$state/before/running" 2>/dev/null | sort -u >"$state/running" || true
					mv "$state/running" "$state/before/running"
				fi
				step=1
				while [ "$step" -le "$step_count" ]; do
					tell_step "$step"
					say "Step $step of $step_count: $title"
					at_step=$step
					skip=''
					if [ "$unless_repaired" = yes ]; then
						ask_repaired
						if [ "$repaired" = yes ]; then
							skip='not needed any more'
						fi
					fi
					if [ -z "$skip" ]; then
						ask_settled "$step"
						if [ "$answer" = yes ]; then
							skip='so already'
						fi
					fi
					if [ -n "$skip" ]; then
						say "  skipped: $skip"
					else
						if [ "$interrupts" != nothing ]; then
							confirm "  This interrupts $interrupts. Go on?"
							if [ "$answer" = no ]; then
								refuse 'Not confirmed.'
							fi
						fi
						: >"$state/step-$step.begun"
						begun=yes
						change_step "$step"
					fi
					step=$((step + 1))
				done
				at_step=''
				prove
				finish
			}

			finish() {
				call_off
				if [ "$failed" -gt 0 ]; then
					fail "$failed of $after_count checks do not hold. Saved state: $state"
				fi
				: >"$state/finished"
				if [ "$begun" = yes ]; then
					say "Done. $0 --undo takes it back."
				else
					# Nothing was changed: the undo belongs to an earlier run.
					: >"$state/undone"
					say 'Done: no step was needed.'
				fi
				tell_outside
			}
		`,
	},
	{
		name: "undo",
		needs: ["say", "exit", "confirm", "place", "state"],
		shell: sh`
			undo() {
				check_place --undo
				find_last_run
				if [ -z "$last" ]; then
					say "Nothing to undo: no run of this repair is recorded in $state_root."
					exit 0
				fi
				if [ -e "$last/armed" ]; then
					# The automatic undo; the run that armed it may still wait for its answer.
					rm -f "$last/armed"
				else
					lock_run
				fi
				state=$last
				say "Taking back what $state did."
				files_returned=0
				step=$step_count
				while [ "$step" -gt 0 ]; do
					if [ -e "$state/step-$step.begun" ]; then
						tell_step "$step"
						say "Step $step, $title: $undo_note"
						returned=no
						revert_step "$step"
						if [ "$returned" = yes ]; then
							files_returned=$((files_returned + 1))
						fi
					fi
					step=$((step - 1))
				done
				: >"$state/undone"
				if [ "$restart_after_undo" = yes ]; then
					undo_restart
				fi
				if [ "$left_over" = yes ]; then
					fail 'Not everything could be taken back; see above.'
				fi
				say "Undone. Files put back: $files_returned."
			}
		`,
	},
	{
		name: "undo-restart",
		needs: ["say", "confirm", "services", "wait-for-docker", "start-stopped"],
		shell: sh`
			# The old configuration counts only after a restart of dockerd.
			undo_restart() {
				if [ "$assume_yes" = no ] && [ ! -t 0 ]; then
					say 'dockerd must be restarted for this to count; nobody can be asked here, so do that yourself.'
					return 0
				fi
				confirm 'dockerd must be restarted for this to count, which interrupts every container unless live-restore is on. Restart it now?'
				if [ "$answer" = no ]; then
					say 'Not restarted: it counts from the next restart of dockerd on.'
					return 0
				fi
				ask 20 docker ps --no-trunc --format '{{.ID}} {{.Names}}'
				if [ "$status" -eq 0 ]; then
					printf '%s\n' "$output" | sed '/^$/d' >"$state/before/running"
				fi
				docker_service restart
				wait_for_docker
				change_start_stopped
			}
		`,
	},
];
