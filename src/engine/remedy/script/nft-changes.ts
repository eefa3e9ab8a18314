import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Rules in a chain that somebody's own nft table brings. */
export const NFT_CHANGES: readonly Fragment[] = [
	{
		name: "nft-admit",
		needs: ["ask"],
		shell: sh`
			settled_nft_admit() { # family table chain bridge
				ask 10 nft list chain "$1" "$2" "$3"
				find_text "stackengine-$4"
			}

			change_nft_admit() { # step family table chain bridge
				settled_nft_admit "$2" "$3" "$4" "$5"
				if [ "$status" -ne 0 ]; then
					refuse "There is no nft chain $2 $3 $4 here."
				fi
				if [ "$answer" = yes ]; then
					return 0
				fi
				# One transaction: all or none. Inserted from below, so that established ends on top.
				nft -f - <<RULES
			insert rule $2 $3 $4 iifname "$5" accept comment "stackengine-$5"
			insert rule $2 $3 $4 oifname "$5" ct status dnat accept comment "stackengine-$5"
			insert rule $2 $3 $4 ct state established,related accept comment "stackengine-$5"
			RULES
				say '  in the kernel only: write the same into the file that makes this table'
			}

			revert_nft_admit() { # step family table chain bridge
				ask 10 nft -a list chain "$2" "$3" "$4"
				for rule_handle in $(printf '%s\n' "$output" | sed -n "s/.*comment \"stackengine-$5\".* # handle \([0-9]*\)\$/\1/p" || true); do
					ask 10 nft delete rule "$2" "$3" "$4" handle "$rule_handle"
				done
			}
		`,
	},
];
