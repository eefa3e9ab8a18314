import type { Action } from "../plan";
import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Whether dockerd or a firewall writes rules by itself after this step, which no undo of the step takes back. */
export function othersWriteRules(action: Action): boolean {
	switch (action.kind) {
		case "restart-docker":
		case "start-docker":
		case "reload-firewalld":
		case "reload-ufw":
		case "restart-container":
		case "start-container":
		case "stop-container":
		case "select-backend":
		case "set-option":
		case "release-from-zone":
		case "install-package":
		case "set-aside-network-store":
			return true;
		default:
			return false;
	}
}

/**
 * The rule sets of iptables as they were before the last run, fault and all. Never part of the plain undo: rules that
 * Docker wrote anew are the repair, and old ones may name addresses that containers no longer have.
 */
export const UNDO_RULES: readonly Fragment[] = [
	{
		name: "undo-rules",
		needs: ["say", "confirm", "place", "state", "ask", "iptables"],
		shell: sh`
			# Loads the saved rules $3 with the program $1 (its -save and -restore beside it), and empties the tables that
			# were not there then. $2: yes when the kernel has tables of this backend now.
			load_rules() { # program has-tables file
				if ! command -v "$1-restore" >/dev/null 2>&1; then
					return 0
				fi
				program=$1
				if [ "$2" = yes ]; then
					ask 20 "$1-save"
					printf '%s\n' "$output" | sed -n 's/^\*\([a-z]*\)$/\1/p' >"$state/tables"
					while read -r rules_table; do
						if ! grep -q -x "\*$rules_table" "$3" 2>/dev/null; then
							ask_iptables -t "$rules_table" -F
							ask_iptables -t "$rules_table" -X
							ask_iptables -t "$rules_table" -S
							for rules_chain in $(printf '%s\n' "$output" | sed -n 's/^-P \([A-Z]*\) [A-Z]*$/\1/p' || true); do
								ask_iptables -t "$rules_table" -P "$rules_chain" ACCEPT
							done
						fi
					done <"$state/tables"
				fi
				if grep -q '^\*' "$3" 2>/dev/null; then
					if "$1-restore" <"$3"; then
						say "  loaded the rules of $1 as they were"
					else
						left_over=yes
					fi
				fi
			}

			# yes where the kernel has legacy tables of the family whose names are in $1.
			has_legacy_tables() {
				answer=no
				if grep -q . "$1" 2>/dev/null; then
					answer=yes
				fi
			}

			undo_rules() {
				check_place --undo-rules
				last=''
				for candidate in "$state_root/$failure"-[0-9]*Z; do
					if [ -e "$candidate/finished" ] && [ -d "$candidate/before" ]; then
						last=$candidate
					fi
				done
				if [ -z "$last" ]; then
					say "Nothing to load: no run of this repair is recorded in $state_root."
					exit 0
				fi
				confirm "This loads the rule sets saved in $last, with the fault that they had, over those of now. Go on?"
				if [ "$answer" = no ]; then
					refuse 'Not confirmed.'
				fi
				lock_run
				state=$last/rules-undone-$run_stamp
				mkdir "$state" "$state/before"
				for rules_program in iptables ip6tables; do
					save "$rules_program.rules" "$rules_program-save"
					save "$rules_program-nft.rules" "$rules_program-nft-save"
					case "$rules_program" in
					ip6tables) has_legacy_tables /proc/net/ip6_tables_names ;;
					*) has_legacy_tables /proc/net/ip_tables_names ;;
					esac
					legacy_now=$answer
					if [ "$legacy_now" = yes ]; then
						save "$rules_program-legacy.rules" "$rules_program-legacy-save"
					fi
					if command -v "$rules_program-nft" >/dev/null 2>&1; then
						load_rules "$rules_program-nft" yes "$last/before/$rules_program-nft.rules"
						load_rules "$rules_program-legacy" "$legacy_now" "$last/before/$rules_program-legacy.rules"
					else
						load_rules "$rules_program" yes "$last/before/$rules_program.rules"
					fi
				done
				if [ "$left_over" = yes ]; then
					fail "Not every rule set could be loaded. Those of just now are saved: $state"
				fi
				say "The rule sets are as they were before the repair. Those of just now are saved: $state"
				say 'Published ports stay as those rules have them until dockerd is restarted.'
			}

			tell_rules() {
				say 'Rules that Docker wrote anew stay: they work. To have the old ones back, fault and all: --undo-rules'
			}
		`,
	},
];
