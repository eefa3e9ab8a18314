import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** firewalld and ufw read their files again. */
export const FIREWALL_RELOADS: readonly Fragment[] = [
	{
		name: "reload-firewalld",
		needs: ["check_firewalld", "docker"],
		shell: sh`
			change_reload_firewalld() {
				check_firewalld
				if [ "$answer" = no ]; then
					say '  skipped: firewalld does not run here'
					return 0
				fi
				ask 10 docker version --format '{{.Server.Version}}'
				case "$output" in
				17.* | 18.* | 19.* | 2[0-4].* | 25.0.? | 25.0.1[0-2] | 26.* | 27.* | 28.2.* | 28.3.[0-2]) warn "Docker $output replays publishing on a reload but not every isolation rule (CVE-2025-54410, CVE-2025-54388): a restart of dockerd makes all of them." ;;
				*) ;;
				esac
				ask 120 firewall-cmd --reload
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'firewall-cmd --reload failed.'
				fi
				# dockerd replays its rules in its own time.
				tries=10
				ask_repaired
				while [ "$repaired" = no ] && [ "$tries" -gt 0 ]; do
					sleep 1
					tries=$((tries - 1))
					ask_repaired
				done
			}
		`,
	},
	{
		name: "reload-ufw",
		needs: ["ask"],
		shell: sh`
			change_reload_ufw() {
				ask 10 ufw status
				find_line '^Status: active'
				if [ "$answer" = no ]; then
					say '  skipped: ufw is not active here'
					return 0
				fi
				ask 60 ufw reload
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'ufw reload failed.'
				fi
			}
		`,
	},
];
