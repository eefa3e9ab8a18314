import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** The undo that runs by itself after a step that can cut off the session. */
export const REVERT_TIMER: readonly Fragment[] = [
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
];
