import { sh } from "../shell-quote";
import type { Fragment } from "./fragment";

/** Packages, by what this host installs them with. */
export const PACKAGE_INSTALL: readonly Fragment[] = [
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
					# Debian has it in /usr/sbin, docker.com's packages in /usr/bin; dpkg may know a merged /sbin by either name.
					ask 60 dpkg -S '*bin/dockerd'
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
