import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Whether the host is repaired, as the plan expects it, and how much is still to do. */
export const PROOF: readonly Fragment[] = [
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
			# Sets open_steps to the number of lasting changes that are not made yet, made_steps to those that are, and pulses
			# to the steps that leave nothing to look at (restarts, reloads). Prose counts for nothing.
			count_open_steps() {
				open_steps=0
				made_steps=0
				pulses=0
				step=1
				while [ "$step" -le "$step_count" ]; do
					ask_settled "$step"
					case "$answer" in
					yes) made_steps=$((made_steps + 1)) ;;
					prose) ;;
					pulse) pulses=$((pulses + 1)) ;;
					*) open_steps=$((open_steps + 1)) ;;
					esac
					step=$((step + 1))
				done
				# Without checks of the end a restart cannot be known to be needless, nor what a person was told to do.
				if [ "$repaired" = unknown ] && [ "$pulses" -eq 0 ] && [ "$made_steps" -gt 0 ]; then
					repaired=yes
				fi
			}
		`,
	},
];
