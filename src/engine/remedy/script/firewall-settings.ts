import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Zones and options in the files of firewalld, ufw and netfilter-persistent. */
export const FIREWALL_SETTINGS: readonly Fragment[] = [
	{
		name: "zone",
		needs: ["check_firewalld"],
		shell: sh`
			settled_zone() { # zone interface
				ask 20 firewall-cmd --permanent "--zone=$1" "--query-interface=$2"
				case "$status" in
				0) answer=no ;;
				*) answer=yes ;;
				esac
			}

			change_zone() { # step zone interface
				settled_zone "$2" "$3"
				if [ "$answer" = no ]; then
					ask 20 firewall-cmd --permanent "--zone=$2" "--remove-interface=$3"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "firewalld did not let go of $3."
					fi
					: >"$state/step-$1.released"
				fi
				ask 120 firewall-cmd --reload
				say "  if NetworkManager manages $3: nmcli connection modify $3 connection.zone ''"
			}

			revert_zone() { # step zone interface
				if [ -e "$state/step-$1.released" ]; then
					ask 20 firewall-cmd --permanent "--zone=$2" "--add-interface=$3"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						left_over=yes
					fi
					ask 120 firewall-cmd --reload
				fi
			}
		`,
	},
	{
		name: "option",
		needs: ["check_option", "place-file", "services"],
		shell: sh`
			settled_option() { # file key value
				check_option "$1" "$2" "$3"
				if [ ! -e "$1" ]; then answer=yes; fi
			}

			# What must read the file again; a reload of firewalld keeps its old backend.
			apply_option() { # key
				case "$1" in
				FirewallBackend)
					if [ -d /run/systemd/system ]; then
						ask 120 systemctl restart firewalld
					elif command -v rc-service >/dev/null 2>&1; then
						ask 120 rc-service firewalld restart
					else
						ask 120 /etc/init.d/firewalld restart
					fi
					;;
				StrictForwardPorts) ask 120 firewall-cmd --reload ;;
				*) status=0 ;;
				esac
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					warn 'The service did not take the change.'
				fi
			}

			change_option() { # step file key value
				awk -v key="$3" -v value="$4" '
					$0 ~ "^[#[:space:]]*" key "=" { if (!done) print key "=" value; done = 1; next }
					{ print }
					END { if (!done) print key "=" value }
				' "$2" >"$state/step-$1.new"
				place_file "$1" "$2" "$state/step-$1.new"
				apply_option "$3"
			}

			revert_option() { # step key
				return_file "$1"
				if [ "$returned" = yes ]; then
					apply_option "$2"
				fi
			}
		`,
	},
];
