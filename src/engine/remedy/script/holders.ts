import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Who has a port, who holds the xtables lock. */
export const HOLDERS: readonly Fragment[] = [
	{
		name: "port-owner",
		needs: ["ask"],
		shell: sh`
			change_port_owner() { # port protocol
				case "$2" in
				udp) ask 10 ss -H -lnup "sport = :$1" ;;
				*) ask 10 ss -H -lntp "sport = :$1" ;;
				esac
				printf '  listening: %s\n' "\${output:-nothing}"
				ask 10 docker ps -a --filter "publish=$1/$2" --format '{{.Names}} {{.Status}} {{.Ports}}'
				printf '  published by: %s\n' "\${output:-no container}"
			}
		`,
	},
	{
		name: "lock",
		needs: ["check_lock_free"],
		shell: sh`
			find_lock_holder() {
				lock_holder=''
				lock_text=''
				if command -v fuser >/dev/null 2>&1; then
					ask 10 fuser /run/xtables.lock
					lock_holder=$(printf '%s' "$output" | sed 's/^[^:]*://' | tr -c '0-9\n' ' ' || true)
				elif command -v lsof >/dev/null 2>&1; then
					ask 10 lsof -t /run/xtables.lock
					lock_holder=$output
				fi
				for holder_pid in $lock_holder; do
					if [ -r "/proc/$holder_pid/cmdline" ]; then
						holder_command=$(tr '\000' ' ' <"/proc/$holder_pid/cmdline" || true)
						lock_text="$lock_text $holder_pid ($holder_command)"
					fi
				done
			}

			change_lock() {
				find_lock_holder
				say "  has the lock file open:\${lock_text:- nobody that fuser or lsof can name}"
				tries=30
				check_lock_free
				while [ "$answer" = no ] && [ "$tries" -gt 0 ]; do
					sleep 2
					tries=$((tries - 1))
					check_lock_free
				done
				if [ "$answer" != no ]; then
					return 0
				fi
				find_lock_holder
				if [ "$assume_yes" = yes ] || [ ! -t 0 ] || [ -z "$lock_holder" ]; then
					fail "The lock is still held after a minute by:\${lock_text:- a process that was not found}. Look at what it does and end it yourself; --yes never ends a process, and the lock file must not be deleted."
				fi
				for holder_pid in $lock_holder; do
					confirm "End process $holder_pid (SIGTERM)?"
					if [ "$answer" = yes ]; then
						kill "$holder_pid"
					fi
				done
				sleep 2
				check_lock_free
				if [ "$answer" = no ]; then
					fail 'The lock is still held.'
				fi
			}
		`,
	},
];
