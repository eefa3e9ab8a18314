import type { Backend } from "../netfilter/ruleset";
import type { Span } from "../text/span";

/** An iptables command as an error message quotes it. */
export type IptablesCommand = {
	readonly program: "iptables" | "ip6tables" | "iptables-restore" | "ip6tables-restore";
	/** `filter` when no -t was given. */
	readonly table: string;
	/** `-A`, `-I`, `-D`, `-C`, `-N`, `-X`, `-F`, `-L`, `-S`, `-P`… (long forms are shortened); null when none was found. */
	readonly operation: string | null;
	/** The chain after the operation. */
	readonly chain: string | null;
	/** What -j or -g names. */
	readonly jump: string | null;
	/** Bare `--wait`/`-w` is `forever`, `-w 10` is 10 (seconds), none is null. */
	readonly wait: "forever" | number | null;
	readonly text: string;
};

/**
 * What a failing program meant, read from its words, the command and the version together.
 * Sources: moby, iptables and firewalld error texts of every version, see the samples beside `error-chain.ts`.
 */
export type Complaint =
	/**
	 * The chain after -A, -I, -F… is not in the table. Also what 1.8.4–1.8.9 nft calls "incompatible" for a named chain.
	 * `table` is `unknown` here and below where the text quotes no command and names no table.
	 */
	| { readonly kind: "chain-missing"; readonly table: string; readonly chain: string | null }
	/** -j names neither a chain nor a target: a missing chain such as DOCKER. */
	| { readonly kind: "jump-target-missing"; readonly table: string; readonly chain: string }
	/** A match or target such as addrtype, conntrack, MASQUERADE is not there. */
	| {
			readonly kind: "extension-missing";
			readonly extension: string | null;
			readonly missing: "kernel" | "library" | "unknown";
	  }
	/** Legacy: can't initialize iptables table. */
	| {
			readonly kind: "table-missing";
			readonly table: string;
			readonly reason: "no-table" | "no-ip-tables" | "wrong-version";
	  }
	/** nft: CHAIN_ADD failed, TABLE_ADD failed. */
	| { readonly kind: "chain-add-refused" | "table-add-refused"; readonly chain: string | null; readonly errno: string }
	/** nft: RULE_APPEND / RULE_INSERT / RULE_REPLACE failed. */
	| { readonly kind: "rule-refused"; readonly chain: string | null; readonly errno: string }
	/** nft: the kernel does not speak nf_tables at all. */
	| { readonly kind: "nft-unsupported"; readonly errno: string }
	/** Native nft content that iptables-nft can't translate. */
	| { readonly kind: "table-incompatible"; readonly table: string; readonly chain: string | null }
	| { readonly kind: "permission"; readonly what: "iptables" | "netlink" | "sysctl" | "module" | "port" | "other" }
	/** Another program holds the lock; `gaveUp` when the caller stopped waiting or never waited, false for "still … to have a chance". */
	| { readonly kind: "lock-held"; readonly gaveUp: boolean; readonly waitedSeconds: number | null }
	/** "xtables contention detected … Waited for N seconds": dockerd's stopwatch, not a lock report. */
	| { readonly kind: "slow-iptables"; readonly seconds: number | null }
	| { readonly kind: "lock-file-unopenable"; readonly errno: string }
	/** A command hung and was interrupted by the person. */
	| { readonly kind: "no-answer"; readonly seconds: number | null }
	| { readonly kind: "program-missing"; readonly program: string }
	/** -C/-D found no such rule: a question's answer, not a fault. */
	| { readonly kind: "rule-absent" }
	| { readonly kind: "chain-exists"; readonly chain: string | null }
	| { readonly kind: "set-missing"; readonly set: string | null }
	| { readonly kind: "ipset-unsupported"; readonly errno: string | null }
	| { readonly kind: "invalid-argument" }
	| { readonly kind: "option-unknown"; readonly option: string }
	/** modprobe: not found (`kernel` is the release whose folder was searched), or refused. */
	| {
			readonly kind: "module-missing";
			readonly module: string;
			readonly kernel: string | null;
			readonly directoryMissing: boolean;
	  }
	| { readonly kind: "module-refused"; readonly module: string; readonly errno: string }
	| { readonly kind: "port-allocated"; readonly address: string | null; readonly port: number | null }
	| {
			readonly kind: "address-in-use";
			readonly address: string | null;
			readonly port: number | null;
			readonly protocol: string | null;
	  }
	| { readonly kind: "address-unavailable"; readonly address: string | null }
	/** Ports asked for where there is no network of the container's own to publish them from. */
	| { readonly kind: "ports-discarded"; readonly mode: "host" | "container" | "none" }
	/** `pools`: no subnet is left for a new network; `network`: no address is left in the subnet of an existing one. */
	| { readonly kind: "pools-exhausted"; readonly of: "pools" | "network" }
	| { readonly kind: "subnet-overlap"; readonly with: "network" | "route" | "unknown" }
	| { readonly kind: "bridge-missing"; readonly bridge: string | null }
	| { readonly kind: "bridge-conflict"; readonly reason: "same-name" | "overlap" }
	| { readonly kind: "veth-unsupported"; readonly errno: string }
	| { readonly kind: "proxy-missing"; readonly path: string | null }
	| { readonly kind: "proxy-failed" }
	| {
			readonly kind: "config-invalid";
			readonly reason:
				| "syntax"
				| "unknown-key"
				| "duplicate"
				| "type"
				| "conflict"
				| "unknown-flag"
				| "missing-file"
				| "other";
			readonly names: readonly string[];
			readonly file: string | null;
	  }
	| { readonly kind: "unit-invalid"; readonly detail: string }
	| { readonly kind: "zone-conflict"; readonly interface: string | null; readonly zone: string | null }
	| { readonly kind: "zone-invalid"; readonly zone: string | null }
	| { readonly kind: "forwarding-disabled"; readonly family: 4 | 6 }
	| { readonly kind: "forwarding-refused"; readonly errno: string | null }
	| { readonly kind: "forward-policy-drop" }
	| { readonly kind: "bridge-netfilter-disabled"; readonly fatal: boolean }
	| { readonly kind: "ip6tables-unusable" }
	| { readonly kind: "conntrack-full" }
	| { readonly kind: "martian-source"; readonly source: string | null; readonly device: string | null }
	| { readonly kind: "ipvs-missing" }
	| { readonly kind: "overlay-failed"; readonly errno: string | null }
	| {
			readonly kind: "packet-blocked";
			readonly by: "ufw" | "ufw-docker" | "firewalld" | "other";
			readonly in: string | null;
			readonly out: string | null;
			readonly port: number | null;
	  }
	| { readonly kind: "daemon-unreachable" }
	| { readonly kind: "socket-permission" }
	| { readonly kind: "start-limit-hit" }
	/** A file of rules was refused: ufw's before/after.rules, rules.v4, iptables-restore's input. `line` counts in that file. */
	| {
			readonly kind: "rules-file-refused";
			readonly by: "ufw" | "netfilter-persistent" | "iptables-restore" | "nft";
			readonly line: number | null;
	  }
	/** iptables=false, and something wanted Docker's chains all the same. */
	| { readonly kind: "iptables-disabled" }
	/** Docker or iptables failed, and the words that would tell why are cut off or not known to us. */
	| { readonly kind: "unrecognised" }
	/** Something that is not networking: cgroups, storage, disk, TLS, image, OCI runtime, out of memory… */
	| {
			readonly kind: "elsewhere";
			readonly area:
				| "storage"
				| "disk-full"
				| "cgroup"
				| "runtime"
				| "image"
				| "tls"
				| "memory"
				| "dns"
				| "permission"
				| "containerd"
				| "other";
	  };

/** What was being done when it failed. */
export type Activity =
	| "daemon-start"
	| "container-start"
	| "endpoint-create"
	| "network-create"
	| "network-restore"
	| "firewall-start"
	| "listing"
	| "clean-up"
	| "unknown";

/** One failure, unwrapped from everything that quoted it. */
export type Failure = {
	readonly at: Span;
	/** Milliseconds since 1970 as far as the line tells; a missing year counts as 2000, a missing zone as UTC. Null without a time. */
	readonly time: number | null;
	/** Daemon run of the log it stands in, from 1 (0: before the first start shown); null outside a daemon log. */
	readonly run: number | null;
	/** Who said it first. */
	readonly speaker:
		| "iptables"
		| "nft"
		| "dockerd"
		| "docker-cli"
		| "compose"
		| "firewalld"
		| "ufw"
		| "modprobe"
		| "kernel"
		| "systemd"
		| "runtime"
		| "other";
	/** Whether dockerd quoted or said it: then it is what dockerd met, not what a person's own command met. */
	readonly fromDockerd: boolean;
	readonly during: Activity;
	/** `noise` is printed on healthy hosts as well. */
	readonly weight: "fatal" | "error" | "warning" | "noise";
	readonly command: IptablesCommand | null;
	/** From `iptables v1.8.9 (nf_tables)` inside the message. */
	readonly version: string | null;
	readonly backend: Backend | null;
	readonly exit: number | null;
	readonly complaint: Complaint;
	/** The innermost program's own words, unescaped, at most 500 characters. */
	readonly words: string;
	/** Container, network or endpoint name when the message gives one. */
	readonly subject: string | null;
};
