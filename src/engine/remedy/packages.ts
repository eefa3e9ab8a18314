import type { PackageManager } from "./plan";

type What = "iptables" | "kernel-modules" | "docker";
type Known = Exclude<PackageManager, "unknown">;

/** `RELEASE` stands for what `uname -r` prints on the host; a renderer replaces it in its own language. */
export const RELEASE = "RELEASE";

/**
 * Package names. Sources: packages.debian.org and packages.ubuntu.com (linux-modules-extra), RHEL 10's split of
 * kernel-modules-extra (docker-ce-packaging#1340), Alpine's and Arch's one kernel package, which brings modules only
 * for the kernel that is booted next.
 */
export const PACKAGES: Readonly<Record<What, Readonly<Record<Known, readonly string[]>>>> = {
	iptables: {
		apt: ["iptables"],
		dnf: ["iptables-nft"],
		yum: ["iptables"],
		apk: ["iptables"],
		pacman: ["iptables"],
		zypper: ["iptables"],
	},
	"kernel-modules": {
		// Ubuntu keeps xt_* of small images here; Debian has everything in linux-image.
		apt: [`linux-modules-extra-${RELEASE}`],
		dnf: [`kernel-modules-extra-${RELEASE}`],
		yum: [`kernel-modules-extra-${RELEASE}`],
		apk: ["linux-lts"],
		pacman: ["linux"],
		zypper: ["kernel-default"],
	},
	docker: {
		apt: ["docker-ce"],
		dnf: ["docker-ce"],
		yum: ["docker-ce"],
		apk: ["docker-engine"],
		pacman: ["docker"],
		zypper: ["docker"],
	},
};

/** The words before the package names. */
export const INSTALL: Readonly<Record<Known, readonly string[]>> = {
	// What is installed and lacks a file is put back, what is not installed is installed.
	apt: ["apt-get", "install", "-y", "--reinstall"],
	dnf: ["dnf", "install", "-y"],
	yum: ["yum", "install", "-y"],
	apk: ["apk", "add"],
	pacman: ["pacman", "-S", "--noconfirm"],
	zypper: ["zypper", "--non-interactive", "install"],
};
