import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Rules of policy routing. */
export const ROUTING_CHANGES: readonly Fragment[] = [
	{
		name: "ip-rule",
		needs: ["ask"],
		shell: sh`
			settled_ip_rule() { # family from table
				ask 10 ip "-$1" rule show
				# A host's prefix is printed without its length.
				find_line "from \($2\|\${2%/32}\) lookup $3"
			}

			change_ip_rule() { # step family from table priority
				ask 10 ip "-$2" rule add from "$3" lookup "$4" priority "$5"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The rule could not be added.'
				fi
				: >"$state/step-$1.added"
				say '  in the kernel only: put it into the network configuration as well'
			}

			revert_ip_rule() { # step family from table priority
				if [ -e "$state/step-$1.added" ]; then
					ask 10 ip "-$2" rule del from "$3" lookup "$4" priority "$5"
				fi
			}
		`,
	},
];
