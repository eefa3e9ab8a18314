import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** A file that the script writes, and the earlier one put back. */
export const FILES: readonly Fragment[] = [
	{
		name: "place-file",
		needs: [],
		shell: sh`
			# Puts the file $3 in the place of $2 and keeps what was there.
			place_file() { # step target new
				target=$(readlink -f "$2" || printf '%s' "$2")
				target_folder=$(dirname "$target")
				if [ ! -d "$target_folder" ]; then
					mkdir -p "$target_folder"
					chmod 755 "$target_folder"
				fi
				cp "$3" "$target.stackengine-new"
				if [ -e "$target" ]; then
					cp -p "$target" "$state/step-$1.before"
					# Keeps owner and mode, then only the text changes.
					cp -p "$target" "$target.stackengine-new"
					cat "$3" >"$target.stackengine-new"
				else
					: >"$state/step-$1.absent"
					chmod 644 "$target.stackengine-new"
				fi
				cp "$3" "$state/step-$1.after"
				printf '%s\n' "$target" >"$state/step-$1.path"
				mv -f "$target.stackengine-new" "$target"
				say "  wrote $target"
			}

			# Puts the earlier file back, unless somebody changed it since. Sets returned to yes or no.
			return_file() { # step
				returned=no
				if [ ! -e "$state/step-$1.path" ]; then
					return 0
				fi
				IFS= read -r target <"$state/step-$1.path"
				if [ -e "$state/step-$1.before" ] && cmp -s "$target" "$state/step-$1.before"; then
					return 0
				fi
				if [ -e "$state/step-$1.absent" ] && [ ! -e "$target" ]; then
					return 0
				fi
				if ! cmp -s "$target" "$state/step-$1.after"; then
					warn "$target was changed since: left as it is. The earlier text, if there was one, is $state/step-$1.before"
					left_over=yes
					return 0
				fi
				if [ -e "$state/step-$1.absent" ]; then
					rm -f "$target"
					say "  removed $target"
				else
					cp -p "$state/step-$1.before" "$target.stackengine-new"
					mv -f "$target.stackengine-new" "$target"
					say "  put back $target"
				fi
				returned=yes
			}
		`,
	},
];
