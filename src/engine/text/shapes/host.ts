import { LIKELY, lineShape, NONE, type Shape, SURE, type View, WEAK } from "../shape";

const uname = lineShape({
	kind: "uname",
	sure: /^(?:Linux|Darwin|FreeBSD) \S{1,120} \d+\.\d+\S* #?\S/,
});

// Distribution names as /etc/os-release has them in PRETTY_NAME; a sentence about one has commas or verbs.
const DISTRIBUTIONS =
	"Debian GNU/Linux|Ubuntu|Ubuntu Core|Fedora(?: Linux)?|CentOS(?: Linux| Stream)?|Red Hat Enterprise Linux|Rocky Linux|AlmaLinux|Alpine Linux|Arch Linux|Manjaro Linux|openSUSE(?: Leap| Tumbleweed)?|SUSE Linux Enterprise Server|Amazon Linux|Raspbian GNU/Linux|Oracle Linux(?: Server)?|Linux Mint|Pop!_OS|NixOS|Gentoo(?: Linux| Base System release)?|Flatcar Container Linux by Kinvolk|Container-Optimized OS from Google|Kali GNU/Linux|Void Linux|EndeavourOS|Photon|Slackware|Devuan GNU/Linux|Armbian|elementary OS|Zorin OS|LMDE|Buildroot|Talos|Bottlerocket OS";
const PRETTY = new RegExp(
	`^(?:${DISTRIBUTIONS})(?: (?:release |v|Server )?(?:\\d[\\w./-]{0,20}|forky/sid|trixie/sid|Rolling|rolling|Linux))?(?: (?:LTS|GNU/Linux))?(?: ?\\([\\w .-]{1,40}\\))?$`,
);

const osRelease = lineShape({
	kind: "os-release",
	sure: /^(?:PRETTY_NAME|VERSION_CODENAME|ID_LIKE|UBUNTU_CODENAME|CPE_NAME)=/,
	likely: new RegExp(
		`${PRETTY.source}|^NAME="[^"]{1,60}"$|^VERSION_ID=|^DISTRIB_ID=|^Distributor ID:\\s|^Static hostname: `,
	),
	own: /^[A-Z][A-Z\d_]{1,40}=|^(?:Description|Release|Codename|Distributor ID):\s|^(?:Icon name|Chassis|Machine ID|Boot ID|Virtualization|Operating System|CPE OS Name|Kernel|Architecture|Hardware Vendor|Hardware Model|Firmware \w+|OS Support \w+|Static hostname|Transient hostname|Pretty hostname): |^No LSB modules are available/,
});

const RELEASE = /^\d{1,2}\.\d{1,3}(?:\.\d{1,3})?[\w.+~-]{0,80}$/;
// A kernel's release names its packaging after the version; a Docker or Compose version does not.
const RELEASE_FLAVOUR =
	/^\d{1,2}\.\d{1,3}(?:\.\d{1,3})?[\w.+~-]{0,60}(?:-\d+-\w+|-(?:generic|amd64|arm64|lts|virt|zen|cloud|kvm|azure|aws|gcp|raspi|tegra|arch\S*|microsoft\S*|default|linuxkit|talos|pve|hardened)\b|\.(?:el\d+|fc\d+|amzn\d+|x86_64|aarch64))/;

/** A module's file, as find, modules.builtin and grep in it print it. */
const MODULE_FILE =
	/^(?:\/(?:usr\/)?lib\/modules\/\S{1,100}?modules\.builtin:)?(?:\/(?:usr\/)?lib\/modules\/|kernel\/)\S{1,200}\.ko(?:\.(?:gz|xz|zst))?$/;

/** Folders of /lib/modules, or the answer of `uname -r`: bare kernel releases; and files of modules below them. */
const libModules: Shape = {
	kind: "lib-modules",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		if (/^ls: .{0,60}\/lib\/modules/.test(flat) || MODULE_FILE.test(flat)) return SURE;
		const names = flat.split(/\s+/, 12);
		if (!names.every((name) => RELEASE.test(name))) return NONE;
		// One release is what `uname -r` prints; two are a listing.
		const more = names.length > 1 || RELEASE.test(view(1)?.flat ?? "");
		return more && names.every((name) => RELEASE_FLAVOUR.test(name)) ? LIKELY : WEAK;
	},
	reader: () => ({
		take: (view) => {
			const flat = view(0)?.flat ?? "";
			if (/^ls: |^total \d|^d[rwx-]{9}/.test(flat) || MODULE_FILE.test(flat)) return "own";
			return flat.split(/\s+/, 12).every((name) => RELEASE.test(name)) ? "own" : "no";
		},
	}),
};

const unameRelease: Shape = {
	kind: "uname",
	opens: (view: View) => {
		const flat = view(0)?.flat ?? "";
		if (!RELEASE.test(flat)) return NONE;
		return RELEASE_FLAVOUR.test(flat) && !RELEASE.test(view(1)?.flat ?? "") ? LIKELY : WEAK;
	},
	reader: () => ({ take: () => "no" }),
};

const MODULE_ROW =
	/^[a-z][\w-]{1,60}\s+\d{3,9}\s+-?\d{1,5}(?:\s+[\w,[\]-]+)?(?:\s+(?:Live|Loading|Unloading) 0x[\da-f]+.{0,12})?$/i;

const lsmod: Shape = (() => {
	const lines = lineShape({
		kind: "lsmod",
		sure: /^Module\s+Size\s+Used by|^lsmod: /,
		own: new RegExp(`${MODULE_ROW.source}|^libkmod: ERROR|^Error: could not get list of modules`),
	});
	return {
		...lines,
		opens: (view) => {
			const score = lines.opens(view);
			if (score > NONE) return score;
			const flat = view(0)?.flat ?? "";
			if (/^libkmod: ERROR .{0,120}\/proc\/modules/.test(flat)) return SURE;
			if (!MODULE_ROW.test(flat)) return NONE;
			return MODULE_ROW.test(view(1)?.flat ?? "") ||
				/^(?:nf_|xt_|ip6?_|ip6?table_|br_|veth|bridge|overlay|nft_|x_tables)/.test(flat)
				? LIKELY
				: WEAK;
		},
	};
})();

const modprobe = lineShape({
	kind: "modprobe",
	sure: /^(?:modprobe|insmod|depmod|rmmod|modinfo|kmod): /,
	likely: /^insmod \/lib\/modules\/|^filename: {2,}\S/,
	own: /^libkmod: |^(?:install |builtin |license|description|author|alias|depends|retpoline|intree|name|vermagic|sig_|signat|srcversion|parm|softdep)/,
});

const kernelConfig = lineShape({
	kind: "kernel-config",
	sure: /^(?:\/boot\/config-\S{1,80}:|\/\S{1,80}config\S{0,60}:)?(?:CONFIG_[A-Z\d_]+=(?:[ymn]|".{0,200}"|\d|0x)|# CONFIG_[A-Z\d_]+ is not set)|^- CONFIG_[A-Z\d_]+: (?:enabled|missing)/,
	likely: /^(?:info|warning|error): .{0,40}kernel config/,
	own: /^(?:Generally Necessary|Optional Features|Network Drivers|Storage Drivers|Limits|info: reading kernel config|warning: cannot find kernel config|- cgroup|- apparmor|- "\w+":|- \/proc\/sys)|^CONFIG_/,
	indented: true,
});

const LOCK = /xtables\.lock/;

/** `lsof`, `fuser -v`, `lslocks`, /proc/locks about the lock of iptables-legacy. */
const lockHolders: Shape = {
	kind: "lock-holders",
	opens: (view) => {
		const flat = view(0)?.flat ?? "";
		if (
			/^lsof: (?:status error on|WARNING)|^\/(?:var\/)?run\/xtables\.lock:|^Specified filename \S*xtables\.lock/.test(
				flat,
			)
		)
			return SURE;
		if (/^\S{1,40}\s+\d{1,8}\s/.test(flat) && LOCK.test(flat)) return SURE;
		if (/^COMMAND\s+PID\s/.test(flat)) {
			for (let ahead = 1; ahead < 6; ahead++) if (LOCK.test(view(ahead)?.flat ?? "")) return SURE;
			return NONE;
		}
		if (/^Cannot stat file \/proc\/\d+\/fd/.test(flat)) return LIKELY;
		if (/^USER\s+PID\s+ACCESS\s+COMMAND/.test(flat)) return SURE;
		return /^\d{1,6}: (?:-> )?(?:FLOCK|POSIX|OFDLCK|LEASE)\s/.test(flat) ? SURE : NONE;
	},
	absorbs: new Set(["docker-error"]),
	reader: () => ({
		take: (view, afterBlank) => {
			const flat = view(0)?.flat ?? "";
			if (
				LOCK.test(flat) ||
				/^(?:COMMAND|USER)\s+PID|^lsof|^Cannot stat |^Output information may be incomplete|^(?:latest|usage:|Use the|\[-|\[\+)|^\d{1,6}: (?:-> )?(?:FLOCK|POSIX|OFDLCK)/.test(
					flat,
				)
			)
				return "own";
			if (/^[\w-]{1,40}\s+\d{1,8}\s+[\w.-]/.test(flat)) return "own";
			return afterBlank ? "no" : "may";
		},
	}),
};

const PACKAGE_RPM =
	/^(?=\S*\d)[\w+.-]{2,100}-\d[\w.+~:^]*-[\w.~+^]{1,60}\.(?:x86_64|aarch64|noarch|i[3-6]86|armv7hl|ppc64le|s390x)$/;

const packages = lineShape({
	kind: "package-list",
	sure: /^(?:ii|rc|hi|iU|un|iF|ri|pn) {1,2}\S{1,100}\s|^Desired=Unknown\/Install|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:upgrade|install|remove|configure|trigproc|status|startup|purge) \S/,
	likely: new RegExp(
		`${PACKAGE_RPM.source}|^[\\w.+-]{1,80}/\\S{1,80} \\S{1,80} (?:amd64|arm64|armhf|i386|all)(?: \\[.{1,60}\\])?$|^\\w[\\w.+-]{1,80}-\\d[\\w.]{0,40}-r\\d+(?: .{0,120})?$|^(?:Installed|Candidate): \\S+$|^Listing\\.\\.\\.|^Name\\s+Version\\s+Rev\\b`,
	),
	weak: /^[a-z][\w.+-]{1,60} (?:\d+:)?\d[\w.+:~]{0,40}-\d[\w.]{0,8}$/,
	own: /^(?:\||\+\+\+-|Version table|\*\*\* |\d+ https?:|\d+ \/var\/lib\/dpkg|Installed Packages|Loaded plugins)/,
	indented: true,
});

/** dockerd in a list of processes; the column of its command is a path, or a flag follows it. */
const processes = lineShape({
	kind: "process-list",
	sure: /^(?!.{0,400}\bgrep\b)(?:[a-z_][\w+.-]{0,31}\s+)?\d{1,7}\s(?:.{0,160}\s)?(?:\/[\w.+/-]{1,120}\/dockerd(?:\s|$)|dockerd -)/,
	likely: /^(?:USER|UID)\s+PID\s+(?:%CPU|PPID)\s/,
	own: /^[a-z_][\w+.-]{0,31}\s+\d{1,7}\s.{0,160}\s(?:grep|docker-proxy|containerd|\/usr\/bin\/containerd)\b/,
	may: /^[a-z_][\w+.-]{0,31}\s+\d{1,7}\s+\d/,
});

/** What a host says about its kernel, modules, distribution and packages. */
export const HOST_SHAPES: readonly Shape[] = [
	uname,
	osRelease,
	libModules,
	unameRelease,
	lsmod,
	modprobe,
	kernelConfig,
	lockHolders,
	processes,
	packages,
];
