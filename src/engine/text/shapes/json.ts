import type { ArtifactKind } from "../evidence";
import { LIKELY, NONE, type Seen, type Shape, type View } from "../shape";

/**
 * JSON documents over one or many lines, whole, cut or broken. Their kind is told by the keys near their beginning,
 * whatever the brackets do: a daemon.json that lost one is what we are asked about.
 */

/** Keys of dockerd's configuration file (moby docker-v29.7.2 daemon/config/config.go and cmd flags) that matter or are common. */
const DAEMON_KEYS: ReadonlySet<string> = new Set(
	(
		"iptables ip6tables ip-masq ip-forward ip-forward-no-drop userland-proxy userland-proxy-path bip bip6 bridge fixed-cidr fixed-cidr-v6 " +
		"default-address-pools default-gateway icc ipv6 firewall-backend live-restore data-root graph exec-opts exec-root log-driver log-opts " +
		"log-level log-format storage-driver storage-opts insecure-registries registry-mirrors hosts dns dns-search dns-opts mtu debug experimental features " +
		"default-runtime runtimes default-ulimits userns-remap selinux-enabled containerd containerd-namespace max-concurrent-downloads " +
		"max-concurrent-uploads metrics-addr labels group pidfile tls tlsverify tlscacert tlscert tlskey cgroup-parent no-new-privileges " +
		"seccomp-profile shutdown-timeout swarm-default-advertise-addr default-cgroupns-mode default-network-opts allow-direct-routing " +
		"iptables-wait proxies builder api-cors-header authorization-plugins cluster-store init init-path raw-logs default-shm-size"
	).split(" "),
);

/** Rows: a kind, and keys of which `least` must be there. First match wins. */
const DOCUMENTS: readonly { readonly kind: ArtifactKind; readonly keys: readonly string[]; readonly least: number }[] =
	[
		{ kind: "nft-ruleset", keys: ["nftables", "json_schema_version"], least: 1 },
		{
			kind: "dockerd-log",
			keys: ["__CURSOR", "__REALTIME_TIMESTAMP", "_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER", "_BOOT_ID"],
			least: 2,
		},
		{
			kind: "docker-info",
			keys: [
				"ServerVersion",
				"ContainersRunning",
				"DockerRootDir",
				"Driver",
				"CgroupDriver",
				"IPv4Forwarding",
				"KernelVersion",
				"ServerErrors",
				"ClientInfo",
				"NCPU",
			],
			least: 2,
		},
		{ kind: "docker-version", keys: ["ApiVersion", "GoVersion", "GitCommit", "MinAPIVersion", "Platform"], least: 3 },
		{
			kind: "docker-network-inspect",
			keys: ["IPAM", "Scope", "ConfigOnly", "Ingress", "Attachable", "EnableIPv6"],
			least: 2,
		},
		{
			kind: "docker-inspect",
			keys: [
				"State",
				"HostConfig",
				"NetworkSettings",
				"RestartCount",
				"ResolvConfPath",
				"ExitCode",
				"LogPath",
				"PortBindings",
			],
			least: 2,
		},
		{ kind: "docker-ps", keys: ["Names", "Ports", "Status", "RunningFor", "Command", "ImageID"], least: 3 },
		{ kind: "ip-addr", keys: ["ifname", "addr_info", "operstate", "link_type"], least: 2 },
		{ kind: "ip-rule", keys: ["priority", "src", "table"], least: 3 },
		{ kind: "ip-route", keys: ["dst", "dev", "protocol", "gateway", "prefsrc"], least: 3 },
	];

function kindOf(keys: ReadonlySet<string>): ArtifactKind {
	for (const { kind, keys: wanted, least } of DOCUMENTS) {
		if (wanted.filter((key) => keys.has(key)).length >= least) return kind;
	}
	return [...keys].some((key) => DAEMON_KEYS.has(key)) ? "daemon-json" : "unrecognised";
}

const KEY = /"([\w.-]{1,60})"\s{0,20}:/g;
const DAEMON_LINE = /^['"]?([\w-]{2,40})['"]?\s{0,10}:\s*(?:true|false|\d|"|\[|\{)/;
const LINE = /^(?:["{}[\],]|-?\d|(?:true|false|null)\b|\/\/|\/\*|'|#)/;

/** A line of a daemon.json whose brackets are gone: a key of dockerd's that is quoted, or that nothing else is called. */
const isDaemonLine = (flat: string): boolean => {
	const key = DAEMON_LINE.exec(flat)?.[1] ?? "";
	return DAEMON_KEYS.has(key) && (key.includes("-") || /^["']/.test(flat));
};

/** `{`, `[`, `{"key"…`, `[{`; not `[ 12.3] dmesg`, `[Unit]`, `[+] Running 2/2`, `[::]:80`. */
const OPENING = /^(?:\{\s*(?:$|["'}/\\]|[\w-]{1,40}"?\s{0,5}:)|\[\s*(?:$|[{"\]]))/;

const opens = (view: View) => {
	const flat = view(0)?.flat ?? "";
	if (OPENING.test(flat)) {
		if (flat.length > 2) return LIKELY;
		// A bracket alone: JSON goes on like JSON.
		const next = view(1)?.flat ?? "";
		return LINE.test(next) || isDaemonLine(next) || (flat === "{" && /^[\w-]{1,40}"?\s{0,5}:/.test(next))
			? LIKELY
			: NONE;
	}
	return isDaemonLine(flat) ? LIKELY : NONE;
};

/** Enough to tell any document apart, little enough for a log of them. */
const KEYS_READ = 60;
const KEYS_WITHIN = 8192;

/** Any JSON. */
export const json: Shape = {
	kind: "unrecognised",
	opens,
	reader: (first) => {
		const keys = new Set<string>();
		let depth = 0;
		let inString = false;
		let closed = false;
		let read = 0;
		const follow = (seen: Seen) => {
			if (read++ < 400 && keys.size < KEYS_READ) {
				for (const match of seen.text.slice(0, KEYS_WITHIN).matchAll(KEY))
					if (match[1] !== undefined) keys.add(match[1]);
				const bare = DAEMON_LINE.exec(seen.flat)?.[1];
				if (bare !== undefined) keys.add(bare);
			}
			// A string of JSON ends with its line; one that doesn't has lost its quote.
			inString = false;
			for (let at = 0; at < seen.text.length; at++) {
				const sign = seen.text[at];
				if (inString) {
					if (sign === "\\") at++;
					else if (sign === '"') inString = false;
				} else if (sign === '"') inString = true;
				else if (sign === "{" || sign === "[") depth++;
				else if (sign === "}" || sign === "]") depth--;
			}
			closed = depth <= 0;
		};
		const head = first(0);
		if (head !== null) follow(head);
		return {
			take: (view, afterBlank) => {
				const seen = view(0);
				if (seen === null) return "no";
				if (closed && !isDaemonLine(seen.flat) && !/^[}\],]+$/.test(seen.flat))
					return opens(view) > NONE ? "again" : "no";
				if (!closed && LINE.test(seen.flat)) {
					follow(seen);
					return "own";
				}
				if (closed || isDaemonLine(seen.flat)) {
					follow(seen);
					return "own";
				}
				return afterBlank && seen.indent === 0 ? "no" : "may";
			},
			kind: () => kindOf(keys),
		};
	},
};
