import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** One container started, stopped or restarted. */
export const CONTAINER_CHANGES: readonly Fragment[] = [
	{
		name: "container",
		needs: ["check_container_running"],
		shell: sh`
			change_container() { # step verb container
				check_container_running "$3"
				printf '%s\n' "$answer" >"$state/step-$1.was-running"
				ask 120 docker "$2" "$3"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail "docker $2 $3 failed."
				fi
			}

			revert_container() { # step container
				check_container_running "$2"
				IFS= read -r was_running <"$state/step-$1.was-running"
				case "$was_running:$answer" in
				yes:no) ask 120 docker start "$2" ;;
				no:yes) ask 120 docker stop "$2" ;;
				*) status=0 ;;
				esac
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					left_over=yes
				fi
			}
		`,
	},
	{
		name: "restart-container",
		needs: ["container", "check_docker_chains"],
		shell: sh`
			change_restart_container() { # step container
				for guard_table in nat filter; do
					check_docker_chains "$guard_table"
					# An emptied chain is what the restart repairs; a missing one would leave the container stopped.
					find_docker_firewall
					if [ "$answer" = no ] && [ "$docker_firewall" = iptables ]; then
						pick_iptables any 4
						ask_iptables -t "$guard_table" -S DOCKER
						if [ "$status" -ne 0 ]; then
							refuse "Chain DOCKER is missing in table $guard_table: restarting the container now would leave it stopped. Restart dockerd first."
						fi
					fi
				done
				change_container "$1" restart "$2"
			}
		`,
	},
];
