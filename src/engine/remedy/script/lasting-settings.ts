import { MODULES_FILE } from "../commands";
import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** What holds now and at the next boot as well: modules, sysctls, drop-ins of a unit. */
export const LASTING_SETTINGS: readonly Fragment[] = [
	{
		name: "modules",
		needs: ["check_module_loaded", "services", "place-file"],
		shell: sh`
			settled_modules() { # persist module…
				modules_persist=$1
				shift
				for wanted_module in "$@"; do
					check_module_loaded "$wanted_module"
					if [ "$answer" = no ]; then
						# One that this kernel does not have is not waited for.
						ask 10 modprobe -n "$wanted_module"
						if [ "$status" -eq 0 ]; then
							return 0
						fi
					fi
				done
				answer=yes
				if [ "$modules_persist" = no ] || [ -e ${MODULES_FILE} ]; then
					return 0
				fi
				# What is built in needs no file for the next boot.
				for wanted_module in "$@"; do
					if grep -q "^$(printf '%s' "$wanted_module" | tr '-' '_' || true) " /proc/modules 2>/dev/null; then
						answer=no
					fi
				done
			}

			change_modules() { # step persist module…
				modules_step=$1
				modules_persist=$2
				shift 2
				: >"$state/step-$modules_step.loaded"
				: >"$state/step-$modules_step.new"
				for wanted_module in "$@"; do
					check_module_loaded "$wanted_module"
					if [ "$answer" = yes ]; then
						say "  $wanted_module: there already"
					else
						ask 30 modprobe "$wanted_module"
						if [ "$status" -eq 0 ]; then
							say "  $wanted_module: loaded"
							printf '%s\n' "$wanted_module" >>"$state/step-$modules_step.loaded"
						else
							warn "$wanted_module: $output"
							continue
						fi
					fi
					# A name that the kernel does not have as a module makes systemd-modules-load fail at each boot.
					if grep -q "^$(printf '%s' "$wanted_module" | tr '-' '_' || true) " /proc/modules 2>/dev/null; then
						printf '%s\n' "$wanted_module" >>"$state/step-$modules_step.new"
					fi
				done
				if [ "$modules_persist" = yes ] && [ -s "$state/step-$modules_step.new" ]; then
					place_file "$modules_step" ${MODULES_FILE} "$state/step-$modules_step.new"
					find_services
					if [ "$services" = openrc ]; then
						say '  OpenRC reads it through the service modules: rc-update add modules boot'
					fi
				fi
			}

			revert_modules() { # step
				return_file "$1"
				while read -r loaded_module; do
					ask 10 modprobe -r "$loaded_module"
					if [ "$status" -ne 0 ]; then
						say "  $loaded_module is in use and stays loaded, which does no harm"
					fi
				done <"$state/step-$1.loaded"
			}
		`,
	},
	{
		name: "sysctl",
		needs: ["check_sysctl_is", "place-file"],
		shell: sh`
			settled_sysctl() { # file value line boot-file
				check_sysctl_is "$1" "$2"
				if [ "$answer" = yes ] && [ -n "$4" ] && ! grep -q -x -F "$3" "$4" 2>/dev/null; then
					answer=no
				fi
			}

			change_sysctl() { # step file value line boot-file
				if [ ! -e "$2" ]; then
					fail "This kernel has no $2."
				fi
				cat "$2" >"$state/step-$1.value"
				printf '%s\n' "$3" >"$2"
				if [ -n "$5" ]; then
					printf '%s\n' "$4" >"$state/step-$1.new"
					place_file "$1" "$5" "$state/step-$1.new"
				fi
			}

			revert_sysctl() { # step file value
				return_file "$1"
				check_sysctl_is "$2" "$3"
				if [ "$answer" = yes ] && [ -s "$state/step-$1.value" ]; then
					cat "$state/step-$1.value" >"$2"
					say "  put back $2"
				fi
			}
		`,
	},
	{
		name: "drop-in",
		needs: ["services", "place-file"],
		shell: sh`
			settled_drop_in() { # file line…
				drop_in_file=$1
				shift
				scratch_file
				printf '%s\n' "$@" >"$scratch"
				if cmp -s "$drop_in_file" "$scratch"; then answer=yes; else answer=no; fi
			}

			change_drop_in() { # step file line…
				find_services
				if [ "$services" != systemd ]; then
					refuse "$2 is for systemd, and this host uses $services. Put the same into its own configuration (OpenRC: /etc/conf.d/docker)."
				fi
				drop_in_step=$1
				drop_in_file=$2
				shift 2
				printf '%s\n' "$@" >"$state/step-$drop_in_step.new"
				place_file "$drop_in_step" "$drop_in_file" "$state/step-$drop_in_step.new"
				ask 60 systemctl daemon-reload
			}

			revert_drop_in() { # step
				return_file "$1"
				if [ "$returned" = yes ]; then
					ask 60 systemctl daemon-reload
					restart_after_undo=yes
				fi
			}
		`,
	},
];
