/**
 * What dockerd, containerd, firewalld and the kernel print on healthy hosts, each seen on one.
 *
 *     level=info msg="Deleting nftables IPv4 rules" error="… No such file or directory …"     every start of 29.x
 *     level=warning msg="failed to load plugin …snapshotter.v1.aufs" error="aufs is not supported (modprobe aufs failed: …"
 *     level=warning msg="Your kernel does not support cgroup blkio weight"
 *
 * Such words never explain a dead port. They are still noise when they quote an error that would.
 */

const HEALTHY: readonly string[] = [
	"your kernel does not support",
	"superfluous response.writeheader",
	"otel tracing",
	"tracing endpoint not configured",
	"failed to getdriver graph",
	"storage-driver=overlay2",
	"failed to mount overlay: ",
	'exec: "fuse-overlayfs"',
	'exec: \\"fuse-overlayfs',
	"skip loading plugin",
	"failed to load plugin",
	"could not use snapshotter",
	"aufs is not supported",
	"devmapper not configured",
	"containerd config version",
	"configuration migrated from version",
	"ignoring unknown key in toml",
	"cleaning up after shim",
	"cleanup warnings",
	"cleanup: failed to delete container",
	"failed to delete container from containerd",
	"deleting nftables ipv",
	"cleaning iptables",
	"running experimental build",
	"could not load necessary modules for",
	"failed to remove existing iptables entries",
	"error reading the kernel parameter",
	"default_pvid",
	"failed to delete host side interface",
	"failed to get event",
	"failed to delete conntrack state",
	"conntrack is not available",
	"cdi directory does not exist",
	"cdi: error associated with spec file",
	"mac address changed",
	"bridge port not forwarding",
	"no container netns path",
	"createtransport failed",
	"unexpected http error handling",
	"http: tls handshake error",
	"graceful shutdown",
	"already_enabled",
	"not_enabled",
	"zone_already_set",
	"name_conflict",
	"unknown_interface",
	"docker zone already exists",
	"already part of docker zone",
	"failed to add policy docker-forwarding",
	"can't find device",
	"ip6tables is enabled, but cannot set up",
	"unable to find ip6tables",
	"ip6tables is missing",
	"bridge-nf-call-ip",
	"this is expected during daemon shutdown",
	"is not recommended for new deployments",
	"driver is detected",
	"filtering via arp/ip/ip6tables is no longer available",
	"iptables-legacy tables present",
	"managed by iptables-nft",
	"reapplynetworklevelrules is not implemented",
	"deprecation notice",
	"seccomp is not enabled",
	"blkio",
];

/** Whether a message is one of those. `lower` is in lower case. A daemon that gave up is never noise. */
export function isNoise(lower: string): boolean {
	if (/(?:failed to start|error starting) daemon|error response from daemon/.test(lower)) return false;
	return HEALTHY.some((words) => lower.includes(words));
}
