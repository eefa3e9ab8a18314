import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The other backend selected, and what Docker left in the one before. */
export const BACKEND_CHANGES: readonly Fragment[] = [
	{
		name: "backend",
		needs: ["check_backend_is", "ask"],
		shell: sh`
			settled_backend() { # backend
				check_backend_is "$1"
			}

			change_backend() { # step backend
				alternatives=''
				for alternatives_name in update-alternatives alternatives; do
					if [ -z "$alternatives" ] && command -v "$alternatives_name" >/dev/null 2>&1; then
						alternatives=$alternatives_name
					fi
				done
				case "$2" in
				legacy) backend_suffix=legacy ;;
				*) backend_suffix=nft ;;
				esac
				if [ -n "$alternatives" ]; then
					ask 10 "$alternatives" --display iptables
				fi
				if [ -z "$alternatives" ] || [ "$status" -ne 0 ]; then
					refuse "This distribution chooses the backend by package, not by alternatives: install the package whose iptables -V says $2 (Alpine, Arch: iptables; Fedora: iptables-nft), then run this again."
				fi
				printf '%s\n' "$alternatives" >"$state/step-$1.tool"
				: >"$state/step-$1.alternatives"
				for backend_name in iptables ip6tables; do
					ask 10 "$alternatives" --display "$backend_name"
					backend_target=$(printf '%s\n' "$output" | sed -n "s/^ *\(\/[^ ]*-$backend_suffix\) - .*/\1/p" | head -n 1 || true)
					backend_now=$(printf '%s\n' "$output" | sed -n 's/^ *link currently points to //p' | head -n 1 || true)
					find_line 'auto'
					if [ -z "$backend_target" ]; then
						fail "$backend_name: no $backend_suffix alternative is installed."
					fi
					printf '%s %s %s\n' "$backend_name" "$answer" "$backend_now" >>"$state/step-$1.alternatives"
					ask 20 "$alternatives" --set "$backend_name" "$backend_target"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "$alternatives --set $backend_name failed."
					fi
					say "  $backend_name: $backend_target"
				done
			}

			revert_backend() { # step
				if [ ! -s "$state/step-$1.alternatives" ]; then
					return 0
				fi
				IFS= read -r alternatives <"$state/step-$1.tool"
				while read -r backend_name was_auto backend_path; do
					if [ "$was_auto" = yes ]; then
						ask 20 "$alternatives" --auto "$backend_name"
					else
						ask 20 "$alternatives" --set "$backend_name" "$backend_path"
					fi
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						left_over=yes
					fi
				done <"$state/step-$1.alternatives"
				# No restart: dockerd goes on with the rules that stand, as it did before, and a restart would write them into
				# the tables of this backend as well.
				say '  what Docker wrote with the other backend meanwhile stays in its tables until they are cleaned or the host reboots'
			}
		`,
	},
	{
		name: "leftovers",
		needs: ["check_no_leftovers", "check_backend_is"],
		shell: sh`
			# The rules of a saved table without counters and dates, to compare two of them.
			plain_rules() { # file
				sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$//' "$1"
			}

			# In table $1 of program: jumps to Docker's chains go by their numbers, last first, then the chains by name.
			remove_docker_chains() { # table
				ask_iptables -t "$1" -S
				if [ "$status" -ne 0 ]; then
					return 0
				fi
				printf '%s\n' "$output" >"$state/listing"
				awk '/^-A / { count[$2]++; if ($2 !~ /^DOCKER/ && $0 ~ / -[jg] DOCKER(-[A-Z0-9-]+)?$/) print count[$2], $2 }' "$state/listing" >"$state/jumps"
				sort -r -n -o "$state/jumps" "$state/jumps"
				while read -r jump_number jump_chain; do
					ask_iptables -t "$1" -D "$jump_chain" "$jump_number"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "Rule $jump_number of $jump_chain in table $1 could not be deleted."
					fi
				done <"$state/jumps"
				awk '/^-N DOCKER(-[A-Z0-9-]+)?$/ { print $2 }' "$state/listing" >"$state/chains"
				own_rules=$(grep -c '^-A DOCKER-USER ' "$state/listing" || true)
				if [ "$own_rules" -gt 0 ] && ! grep -q -x -e '-A DOCKER-USER -j RETURN' "$state/listing"; then
					warn "DOCKER-USER of $program held $own_rules rules; they are saved in $state and may be wanted in the other backend."
				fi
				while read -r docker_chain; do
					ask_iptables -t "$1" -F "$docker_chain"
				done <"$state/chains"
				while read -r docker_chain; do
					ask_iptables -t "$1" -X "$docker_chain"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "Chain $docker_chain of table $1 is still used by something else."
					fi
				done <"$state/chains"
			}

			# Docker set the policy DROP only if nothing of another firewall is left beside its own interfaces.
			restore_forward_policy() {
				ask_iptables -S
				find_line '^-P FORWARD DROP'
				if [ "$answer" = no ]; then
					return 0
				fi
				find_line '^-P INPUT DROP'
				foreign_rules=$(printf '%s\n' "$output" | grep -c -v -e '^#' -e '^-[PN]' -e ' docker0 ' -e ' br-[0-9a-f]\{12\} ' -e ' docker_gwbridge ' -e '^-A [^ ]*DOCKER' || true)
				if [ "$answer" = yes ] || [ "$foreign_rules" -gt 0 ]; then
					warn "$program: the policy of FORWARD stays DROP, since other rules stand beside it. If Docker alone set it: $program -w 5 -P FORWARD ACCEPT"
					return 0
				fi
				ask_iptables -P FORWARD ACCEPT
			}

			settled_leftovers() { # backend
				check_no_leftovers "$1"
			}

			change_leftovers() { # step backend
				check_backend_is "$2"
				if [ "$answer" = yes ]; then
					refuse "The $2 backend is the one in use here: its Docker chains are no leftovers."
				fi
				for leftover_family in 4 6; do
					pick_iptables "$2" "$leftover_family"
					if [ -z "$program" ]; then
						continue
					fi
					ask 20 "$program-save"
					if [ "$status" -ne 0 ]; then
						continue
					fi
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/step-$1.v$leftover_family.before" || true
					for leftover_table in filter nat raw mangle; do
						# Only tables that are there already: listing another would create or load it.
						if grep -q -x "\*$leftover_table" "$state/step-$1.v$leftover_family.before"; then
							remove_docker_chains "$leftover_table"
							if [ "$leftover_table" = filter ]; then
								restore_forward_policy
							fi
						fi
					done
					ask 20 "$program-save"
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/step-$1.v$leftover_family.after" || true
				done
			}

			revert_leftovers() { # step backend
				for leftover_family in 4 6; do
					if [ ! -s "$state/step-$1.v$leftover_family.after" ]; then
						continue
					fi
					pick_iptables "$2" "$leftover_family"
					ask 20 "$program-save"
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/now" || true
					plain_rules "$state/now" >"$state/now.plain"
					plain_rules "$state/step-$1.v$leftover_family.after" >"$state/after.plain"
					if cmp -s "$state/now.plain" "$state/after.plain"; then
						if ! "$program-restore" <"$state/step-$1.v$leftover_family.before"; then
							left_over=yes
						fi
					else
						warn "The $2 tables were changed since: left as they are. The earlier ones: $state/step-$1.v$leftover_family.before"
						left_over=yes
					fi
				done
			}
		`,
	},
];
