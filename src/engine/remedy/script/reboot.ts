import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The host restarted. */
export const REBOOT: readonly Fragment[] = [
	{
		name: "reboot",
		needs: [],
		shell: sh`
			change_reboot() {
				: >"$state/finished"
				rm -f "$state/armed"
				say 'Rebooting in one minute; shutdown -c calls it off. Afterwards run this again with --apply: it says whether all is well.'
				if command -v shutdown >/dev/null 2>&1; then shutdown -r +1; else reboot -d 60; fi
				exit 0
			}
		`,
	},
];
