import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Docker's own record of its networks, moved aside. */
export const NETWORK_STORE: readonly Fragment[] = [
	{
		name: "network-store",
		needs: ["services", "wait-for-docker"],
		shell: sh`
			change_network_store() { # step
				store_root=/var/lib/docker
				ask 10 docker info --format '{{.DockerRootDir}}'
				case "$status:$output" in
				0:/*) store_root=$output ;;
				*) ;;
				esac
				if [ ! -d "$store_root/network" ]; then
					fail "There is no $store_root/network. If Docker keeps its files elsewhere (data-root), move the folder network there by hand."
				fi
				docker_service stop
				store_aside=$store_root/network.stackengine-$run_stamp
				mv "$store_root/network" "$store_aside"
				printf '%s\n%s\n' "$store_root/network" "$store_aside" >"$state/step-$1.store"
				say "  moved to $store_aside; dockerd is stopped until the next step"
			}

			revert_network_store() { # step
				if [ ! -s "$state/step-$1.store" ]; then
					return 0
				fi
				store_now=$(sed -n 1p "$state/step-$1.store")
				store_aside=$(sed -n 2p "$state/step-$1.store")
				if [ -d "$store_aside" ]; then
					docker_service stop
					if [ -d "$store_now" ]; then
						mv "$store_now" "$store_now.stackengine-undone-$run_stamp"
					fi
					mv "$store_aside" "$store_now"
					docker_service start
				fi
			}
		`,
	},
];
