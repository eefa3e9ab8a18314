import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** One rule of iptables inserted or deleted, and the policy of FORWARD. */
export const RULE_CHANGES: readonly Fragment[] = [
	{
		name: "rule",
		needs: ["check_rule_exists", "check_rule_absent"],
		shell: sh`
			change_delete_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				check_rule_exists "$@"
				if [ "$answer" = no ]; then
					say '  the rule is not there any more'
					return 0
				fi
				shift 2
				ask_iptables -t "$1" -S "$2"
				printf '%s\n' "$output" >"$state/step-$rule_step.before"
				rule_table=$1
				rule_chain=$2
				shift 2
				ask_iptables -t "$rule_table" -D "$rule_chain" "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The rule could not be deleted.'
				fi
				ask_iptables -t "$rule_table" -S "$rule_chain"
				printf '%s\n' "$output" >"$state/step-$rule_step.now"
				# Its number: the first line in which the listings differ, less the line of the chain itself.
				awk 'NR == FNR { now[NR] = $0; next } now[FNR] != $0 { print FNR - 1; exit }' "$state/step-$rule_step.now" "$state/step-$rule_step.before" >"$state/step-$rule_step.number"
			}

			revert_delete_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				if [ ! -s "$state/step-$rule_step.number" ]; then
					return 0
				fi
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					return 0
				fi
				IFS= read -r rule_number <"$state/step-$rule_step.number"
				rule_table=$3
				rule_chain=$4
				shift 4
				ask_iptables -t "$rule_table" -S "$rule_chain"
				rule_count=$(printf '%s\n' "$output" | grep -c '^-A' || true)
				if [ "$rule_number" -gt "$((rule_count + 1))" ]; then
					rule_number=$((rule_count + 1))
				fi
				ask_iptables -t "$rule_table" -I "$rule_chain" "$rule_number" "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					left_over=yes
				fi
			}

			change_insert_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					say '  the rule is there already'
					return 0
				fi
				rule_table=$3
				rule_chain=$4
				shift 4
				ask_iptables -t "$rule_table" -I "$rule_chain" 1 "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The rule could not be inserted.'
				fi
				: >"$state/step-$rule_step.inserted"
				say '  in the kernel only: a reboot or a reload of the firewall forgets it'
			}

			revert_insert_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				if [ ! -e "$state/step-$rule_step.inserted" ]; then
					return 0
				fi
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					rule_table=$3
					rule_chain=$4
					shift 4
					ask_iptables -t "$rule_table" -D "$rule_chain" "$@"
				fi
			}
		`,
	},
	{
		name: "forward-policy",
		needs: ["check_forward_policy"],
		shell: sh`
			change_forward_policy() { # step backend family policy
				pick_iptables "$2" "$3"
				ask_iptables -S FORWARD
				printf '%s\n' "$output" | sed -n 's/^-P FORWARD //p' >"$state/step-$1.policy"
				ask_iptables -P FORWARD "$4"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The policy could not be set.'
				fi
			}

			revert_forward_policy() { # step backend family policy
				if [ ! -s "$state/step-$1.policy" ]; then
					return 0
				fi
				IFS= read -r earlier_policy <"$state/step-$1.policy"
				check_forward_policy "$2" "$3" "$4"
				if [ "$answer" = yes ]; then
					ask_iptables -P FORWARD "$earlier_policy"
				fi
			}
		`,
	},
];
