import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The three ways to run a script: say, do and prove, take back. */
export const RUNS: readonly Fragment[] = [
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
				if [ "$unfinished" = yes ]; then
					printf '%s\n' "$last" >"$state/continues"
				fi
				begun=no
				told=no
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
						if [ "$answer" = prose ]; then
							told=yes
						else
							: >"$state/step-$step.begun"
							begun=yes
						fi
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
					if [ "$told" = yes ]; then
						say 'Nothing was changed: what is said above is for you to do.'
					else
						say 'Done: no step was needed.'
					fi
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
				files_returned=0
				more=yes
				while [ "$more" = yes ]; do
					undo_run
				done
				if [ "$restart_after_undo" = yes ]; then
					undo_restart
				fi
				if [ "$left_over" = yes ]; then
					fail 'Not everything could be taken back; see above.'
				fi
				say "Undone. Files put back: $files_returned."
				tell_rules
			}

			# Takes back the run in last. Sets more to yes where an earlier run belongs to the same repair: one that broke
			# off and was gone on with, or the one that made the changes where this one found nothing left to change.
			undo_run() {
				state=$last
				say "Taking back what $state did."
				has_notes "$state"
				noted=$answer
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
				more=no
				find_last_run
				if [ -n "$last" ]; then
					if [ "$noted" = no ] || { [ -s "$state/continues" ] && grep -q -x -F "$last" "$state/continues"; }; then
						more=yes
					fi
				fi
			}

			# Did the run in $1 leave notes of anything that its undo takes back?
			has_notes() { # folder
				answer=no
				for note in "$1"/step-*; do
					case "$note" in
					*.begun | *.new | *.was-running | *.tool) ;;
					*.loaded) if [ -s "$note" ]; then answer=yes; fi ;;
					*) if [ -e "$note" ]; then answer=yes; fi ;;
					esac
				done
			}
		`,
	},
	{
		name: "undo-restart",
		needs: ["say", "confirm", "services", "wait-for-docker", "start-stopped"],
		shell: sh`
			# The old configuration counts only after a restart of dockerd.
			undo_restart() {
				if [ ! -e "$state/before/running" ]; then
					say 'dockerd did not run when the repair began, so it is left as it is: what was put back counts from its next start on.'
					return 0
				fi
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
