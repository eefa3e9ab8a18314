import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Changes of rules, tables, backends and firewalls, in the same form as `changes.ts`. */
export const FIREWALL_CHANGES: readonly Fragment[] = [
	{
		name: "rule",
		needs: ["check_rule_exists", "check_rule_absent"],
		shell: sh`
			change_delete_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				check_rule_exists "$@"
				if [ "$answer" = no ]; then
					say '  the rule is not there any more'
					return 0
				fi
				shift 2
				ask_iptables -t "$1" -S "$2"
				printf '%s\n' "$output" >"$state/step-$rule_step.before"
				rule_table=$1
				rule_chain=$2
				shift 2
				ask_iptables -t "$rule_table" -D "$rule_chain" "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The rule could not be deleted.'
				fi
				ask_iptables -t "$rule_table" -S "$rule_chain"
				printf '%s\n' "$output" >"$state/step-$rule_step.now"
				# Its number: the first line in which the listings differ, less the line of the chain itself.
				awk 'NR == FNR { now[NR] = $0; next } now[FNR] != $0 { print FNR - 1; exit }' "$state/step-$rule_step.now" "$state/step-$rule_step.before" >"$state/step-$rule_step.number"
			}

			revert_delete_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				if [ ! -s "$state/step-$rule_step.number" ]; then
					return 0
				fi
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					return 0
				fi
				IFS= read -r rule_number <"$state/step-$rule_step.number"
				rule_table=$3
				rule_chain=$4
				shift 4
				ask_iptables -t "$rule_table" -S "$rule_chain"
				rule_count=$(printf '%s\n' "$output" | grep -c '^-A' || true)
				if [ "$rule_number" -gt "$((rule_count + 1))" ]; then
					rule_number=$((rule_count + 1))
				fi
				ask_iptables -t "$rule_table" -I "$rule_chain" "$rule_number" "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					left_over=yes
				fi
			}

			change_insert_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					say '  the rule is there already'
					return 0
				fi
				rule_table=$3
				rule_chain=$4
				shift 4
				ask_iptables -t "$rule_table" -I "$rule_chain" 1 "$@"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The rule could not be inserted.'
				fi
				: >"$state/step-$rule_step.inserted"
				say '  in the kernel only: a reboot or a reload of the firewall forgets it'
			}

			revert_insert_rule() { # step backend family table chain rule…
				rule_step=$1
				shift
				if [ ! -e "$state/step-$rule_step.inserted" ]; then
					return 0
				fi
				check_rule_exists "$@"
				if [ "$answer" = yes ]; then
					rule_table=$3
					rule_chain=$4
					shift 4
					ask_iptables -t "$rule_table" -D "$rule_chain" "$@"
				fi
			}
		`,
	},
	{
		name: "forward-policy",
		needs: ["check_forward_policy"],
		shell: sh`
			change_forward_policy() { # step backend family policy
				pick_iptables "$2" "$3"
				ask_iptables -S FORWARD
				printf '%s\n' "$output" | sed -n 's/^-P FORWARD //p' >"$state/step-$1.policy"
				ask_iptables -P FORWARD "$4"
				if [ "$status" -ne 0 ]; then
					printf '%s\n' "$output" >&2
					fail 'The policy could not be set.'
				fi
			}

			revert_forward_policy() { # step backend family policy
				if [ ! -s "$state/step-$1.policy" ]; then
					return 0
				fi
				IFS= read -r earlier_policy <"$state/step-$1.policy"
				check_forward_policy "$2" "$3" "$4"
				if [ "$answer" = yes ]; then
					ask_iptables -P FORWARD "$earlier_policy"
				fi
			}
		`,
	},
	{
		name: "backend",
		needs: ["check_backend_is", "ask"],
		shell: sh`
			settled_backend() { # backend
				check_backend_is "$1"
			}

			change_backend() { # step backend
				alternatives=''
				for alternatives_name in update-alternatives alternatives; do
					if [ -z "$alternatives" ] && command -v "$alternatives_name" >/dev/null 2>&1; then
						alternatives=$alternatives_name
					fi
				done
				case "$2" in
				legacy) backend_suffix=legacy ;;
				*) backend_suffix=nft ;;
				esac
				if [ -n "$alternatives" ]; then
					ask 10 "$alternatives" --display iptables
				fi
				if [ -z "$alternatives" ] || [ "$status" -ne 0 ]; then
					refuse "This distribution chooses the backend by package, not by alternatives: install the package whose iptables -V says $2 (Alpine, Arch: iptables; Fedora: iptables-nft), then run this again."
				fi
				printf '%s\n' "$alternatives" >"$state/step-$1.tool"
				: >"$state/step-$1.alternatives"
				for backend_name in iptables ip6tables; do
					ask 10 "$alternatives" --display "$backend_name"
					backend_target=$(printf '%s\n' "$output" | sed -n "s/^ *\(\/[^ ]*-$backend_suffix\) - .*/\1/p" | head -n 1 || true)
					backend_now=$(printf '%s\n' "$output" | sed -n 's/^ *link currently points to //p' | head -n 1 || true)
					find_line 'auto'
					if [ -z "$backend_target" ]; then
						fail "$backend_name: no $backend_suffix alternative is installed."
					fi
					printf '%s %s %s\n' "$backend_name" "$answer" "$backend_now" >>"$state/step-$1.alternatives"
					ask 20 "$alternatives" --set "$backend_name" "$backend_target"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "$alternatives --set $backend_name failed."
					fi
					say "  $backend_name: $backend_target"
				done
			}

			revert_backend() { # step
				if [ ! -s "$state/step-$1.alternatives" ]; then
					return 0
				fi
				IFS= read -r alternatives <"$state/step-$1.tool"
				while read -r backend_name was_auto backend_path; do
					if [ "$was_auto" = yes ]; then
						ask 20 "$alternatives" --auto "$backend_name"
					else
						ask 20 "$alternatives" --set "$backend_name" "$backend_path"
					fi
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						left_over=yes
					fi
				done <"$state/step-$1.alternatives"
				restart_after_undo=yes
				say '  what Docker wrote with the other backend meanwhile stays in its tables until they are cleaned or the host reboots'
			}
		`,
	},
	{
		name: "leftovers",
		needs: ["check_no_leftovers", "check_backend_is"],
		shell: sh`
			# The rules of a saved table without counters and dates, to compare two of them.
			plain_rules() { # file
				sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$//' "$1"
			}

			# In table $1 of program: jumps to Docker's chains go by their numbers, last first, then the chains by name.
			remove_docker_chains() { # table
				ask_iptables -t "$1" -S
				if [ "$status" -ne 0 ]; then
					return 0
				fi
				printf '%s\n' "$output" >"$state/listing"
				awk '/^-A / { count[$2]++; if ($2 !~ /^DOCKER/ && $0 ~ / -[jg] DOCKER(-[A-Z0-9-]+)?$/) print count[$2], $2 }' "$state/listing" >"$state/jumps"
				sort -r -n -o "$state/jumps" "$state/jumps"
				while read -r jump_number jump_chain; do
					ask_iptables -t "$1" -D "$jump_chain" "$jump_number"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "Rule $jump_number of $jump_chain in table $1 could not be deleted."
					fi
				done <"$state/jumps"
				awk '/^-N DOCKER(-[A-Z0-9-]+)?$/ { print $2 }' "$state/listing" >"$state/chains"
				own_rules=$(grep -c '^-A DOCKER-USER ' "$state/listing" || true)
				if [ "$own_rules" -gt 0 ] && ! grep -q -x -e '-A DOCKER-USER -j RETURN' "$state/listing"; then
					warn "DOCKER-USER of $program held $own_rules rules; they are saved in $state and may be wanted in the other backend."
				fi
				while read -r docker_chain; do
					ask_iptables -t "$1" -F "$docker_chain"
				done <"$state/chains"
				while read -r docker_chain; do
					ask_iptables -t "$1" -X "$docker_chain"
					if [ "$status" -ne 0 ]; then
						printf '%s\n' "$output" >&2
						fail "Chain $docker_chain of table $1 is still used by something else."
					fi
				done <"$state/chains"
			}

			# Docker set the policy DROP only if nothing of another firewall is left beside its own interfaces.
			restore_forward_policy() {
				ask_iptables -S
				find_line '^-P FORWARD DROP'
				if [ "$answer" = no ]; then
					return 0
				fi
				find_line '^-P INPUT DROP'
				foreign_rules=$(printf '%s\n' "$output" | grep -c -v -e '^-[PN]' -e ' docker0 ' -e ' br-[0-9a-f]\{12\} ' -e ' docker_gwbridge ' -e '^-A [^ ]*DOCKER' || true)
				if [ "$answer" = yes ] || [ "$foreign_rules" -gt 0 ]; then
					warn "$program: the policy of FORWARD stays DROP, since other rules stand beside it. If Docker alone set it: $program -w 5 -P FORWARD ACCEPT"
					return 0
				fi
				ask_iptables -P FORWARD ACCEPT
			}

			settled_leftovers() { # backend
				check_no_leftovers "$1"
			}

			change_leftovers() { # step backend
				check_backend_is "$2"
				if [ "$answer" = yes ]; then
					refuse "The $2 backend is the one in use here: its Docker chains are no leftovers."
				fi
				for leftover_family in 4 6; do
					pick_iptables "$2" "$leftover_family"
					if [ -z "$program" ]; then
						continue
					fi
					ask 20 "$program-save"
					if [ "$status" -ne 0 ]; then
						continue
					fi
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/step-$1.v$leftover_family.before" || true
					for leftover_table in filter nat raw mangle; do
						# Only tables that are there already: listing another would create or load it.
						if grep -q -x "\*$leftover_table" "$state/step-$1.v$leftover_family.before"; then
							remove_docker_chains "$leftover_table"
							if [ "$leftover_table" = filter ]; then
								restore_forward_policy
							fi
						fi
					done
					ask 20 "$program-save"
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/step-$1.v$leftover_family.after" || true
				done
			}

			revert_leftovers() { # step backend
				for leftover_family in 4 6; do
					if [ ! -s "$state/step-$1.v$leftover_family.after" ]; then
						continue
					fi
					pick_iptables "$2" "$leftover_family"
					ask 20 "$program-save"
					printf '%s\n' "$output" | grep -v '^# Warning' >"$state/now" || true
					plain_rules "$state/now" >"$state/now.plain"
					plain_rules "$state/step-$1.v$leftover_family.after" >"$state/after.plain"
					if cmp -s "$state/now.plain" "$state/after.plain"; then
						if ! "$program-restore" <"$state/step-$1.v$leftover_family.before"; then
							left_over=yes
						fi
					else
						warn "The $2 tables were changed since: left as they are. The earlier ones: $state/step-$1.v$leftover_family.before"
						left_over=yes
					fi
				done
			}
		`,
	},
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
				FirewallBackend) ask 120 systemctl restart firewalld ;;
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
	{
		name: "package",
		needs: ["ask"],
		shell: sh`
			# What installs packages here.
			find_packages() {
				for package_manager in apt-get dnf yum apk pacman zypper; do
					if command -v "$package_manager" >/dev/null 2>&1; then
						return 0
					fi
				done
				package_manager=''
			}

			# The packages of $1 (iptables, kernel-modules, docker), given for apt, dnf, yum, apk, pacman and zypper.
			install_package() { # step what names…
				package_step=$1
				package_what=$2
				shift 2
				find_packages
				case "$package_manager" in
				apt-get) package_name=$1 ;;
				dnf) package_name=$2 ;;
				yum) package_name=$3 ;;
				apk) package_name=$4 ;;
				pacman) package_name=$5 ;;
				zypper) package_name=$6 ;;
				*) refuse "No package manager that this script knows: install $1 (its Debian name) by hand." ;;
				esac
				running_release=$(uname -r)
				case "$package_name" in
				*RELEASE) package_name=\${package_name%RELEASE}$running_release ;;
				*) ;;
				esac
				case "$package_manager:$package_what" in
				apt-get:kernel-modules)
					# Debian keeps every module in the image itself.
					ask 60 apt-cache show "$package_name"
					if [ "$status" -ne 0 ]; then
						package_name=linux-image-$running_release
					fi
					;;
				apt-get:docker)
					ask 60 dpkg -S /usr/bin/dockerd
					case "$output" in
					docker.io:*) package_name=docker.io ;;
					*) ;;
					esac
					;;
				*) ;;
				esac
				say "  $package_manager: $package_name"
				printf '%s %s\n' "$package_manager" "$package_name" >"$state/step-$package_step.package"
				case "$package_manager" in
				# A file of an installed package may be gone: that is what --reinstall is for.
				apt-get) DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall "$package_name" ;;
				dnf | yum)
					if [ "$package_what" = iptables ]; then
						# The matches and targets (libxt_*.so) are in the package of the libraries.
						ask 60 rpm -q iptables-libs
						if [ "$status" -eq 0 ]; then
							"$package_manager" reinstall -y iptables-libs
						fi
					fi
					ask 60 rpm -q "$package_name"
					if [ "$status" -eq 0 ]; then
						"$package_manager" reinstall -y "$package_name"
					else
						"$package_manager" install -y "$package_name"
					fi
					;;
				apk) if [ "$package_what" = iptables ]; then apk add "$package_name"; else apk fix "$package_name"; fi ;;
				pacman) pacman -S --noconfirm "$package_name" ;;
				*) zypper --non-interactive install --force "$package_name" ;;
				esac
				case "$package_manager:$package_what" in
				apk:kernel-modules | pacman:kernel-modules | zypper:kernel-modules) warn 'The package brings modules for the kernel that is installed now; if that is not the running one, reboot.' ;;
				*) ;;
				esac
			}

			revert_package() { # step
				if [ -s "$state/step-$1.package" ]; then
					IFS= read -r package_line <"$state/step-$1.package"
					say "  stays installed: $package_line"
				fi
			}
		`,
	},
];
