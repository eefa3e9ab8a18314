import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** What every script says, how it ends, asks and writes aside. */
export const WORDS: readonly Fragment[] = [
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
];
