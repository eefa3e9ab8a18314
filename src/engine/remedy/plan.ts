import type { Backend, Family } from "../netfilter/ruleset";

/**
 * A repair as data. Modes build plans, renderers print them. No shell text is ever stored here: every field is an
 * identifier, a number, or prose, and `remedy/validate.ts` refuses a value that is not what its type claims.
 */

/** Checked text: interface, chain, container name, module, path… made only by the functions of `remedy/validate.ts`. */
declare const checked: unique symbol;
export type Checked<Kind extends string> = string & { readonly [checked]: Kind };
export type InterfaceName = Checked<"interface">;
export type ChainName = Checked<"chain">;
export type TableName = Checked<"table">;
export type ContainerName = Checked<"container">;
export type ModuleName = Checked<"module">;
export type KernelRelease = Checked<"kernel-release">;
export type AddressText = Checked<"address">;
export type PrefixText = Checked<"prefix">;
export type FilePath = Checked<"path">;
export type SysctlKey = Checked<"sysctl">;
export type SysctlValue = Checked<"sysctl-value">;
export type ExtensionName = Checked<"extension">;
/** One word of an `iptables -S` line after the chain. */
export type RuleWord = Checked<"rule-word">;
/** A top-level key of daemon.json. */
export type DaemonKey = Checked<"daemon-key">;
/** A firewalld zone. */
export type ZoneName = Checked<"zone">;
/** File name of a drop-in without `.conf`. */
export type DropInName = Checked<"drop-in">;
/** The right side of a `Key=value` line of a unit: one line, printable. */
export type UnitValue = Checked<"unit-value">;
/** Number or name of a routing table, as `ip rule` prints it. */
export type RouteTable = Checked<"route-table">;
export type Port = number & { readonly [checked]: "port" };

/** A value of daemon.json. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** How the host starts services. `unknown` makes the script ask the host when it runs. */
export type ServiceManager = "systemd" | "openrc" | "runit" | "snap" | "none" | "unknown";
export type PackageManager = "apt" | "dnf" | "yum" | "apk" | "pacman" | "zypper" | "unknown";

/** What a plan must know of the host it will run on; everything else the script asks there. */
export type Platform = {
	readonly services: ServiceManager;
	readonly packages: PackageManager;
	/** Rootless daemons are managed in the user's session. */
	readonly rootless: boolean;
	/** True: restart keeps containers. Null: not shown; the script asks. */
	readonly liveRestore: boolean | null;
	readonly swarm: boolean | null;
	/** Docker Desktop, colima, Synology…: places where a host script is wrong. Null: an ordinary Linux host. */
	readonly appliance: "docker-desktop" | "synology" | "wsl" | "snap" | "container" | null;
	/** /etc is all that can be written, and packages do not exist: Flatcar, Fedora CoreOS, other image-based systems. */
	readonly readOnly?: boolean;
	/** Text of daemon.json as it was pasted, where it is valid; an edit of it keeps its order and layout. */
	readonly daemonJson?: string;
};

/** A host of which nothing is known: the script asks everything when it runs. */
export const UNKNOWN_PLATFORM: Platform = {
	services: "unknown",
	packages: "unknown",
	rootless: false,
	liveRestore: null,
	swarm: null,
	appliance: null,
};

/** A rule by its words, in one backend or (null) in the one that `iptables` on root's PATH speaks to. */
export type RuleAddress = {
	readonly backend: Backend | null;
	readonly family: 4 | 6;
	readonly table: TableName;
	readonly chain: ChainName;
	/** `iptables -S` words after the chain, each checked: `! -i docker0 -p tcp -j DROP`. */
	readonly spec: readonly RuleWord[];
};

/** One setting of a firewall's own configuration file, with the only value that a repair ever gives it. */
export type FirewallOption =
	/** FirewallBackend=nftables in /etc/firewalld/firewalld.conf: its iptables backend wipes Docker's chains. */
	| "firewalld-backend-nftables"
	/** StrictForwardPorts=no in /etc/firewalld/firewalld.conf (firewalld 2.3 and later). */
	| "firewalld-strict-forward-ports-no"
	/** MANAGE_BUILTINS=no in /etc/default/ufw: `yes` takes Docker's jumps out of FORWARD at each reload. */
	| "ufw-manage-builtins-no"
	/** IPTABLES_RESTORE_NOFLUSH=yes in /etc/default/netfilter-persistent: a restore no longer wipes the tables. */
	| "netfilter-persistent-noflush";

/**
 * True of the host, or not. Asked before (does the host still look as it did in the evidence?) and after (did it
 * work?). The script knows a third answer, "cannot tell", which never counts as true.
 */
export type Check =
	| { readonly kind: "chain-exists"; readonly family: 4 | 6; readonly table: TableName; readonly chain: ChainName }
	| {
			readonly kind: "jump-exists";
			readonly family: 4 | 6;
			readonly table: TableName;
			readonly from: ChainName;
			readonly to: ChainName;
	  }
	/** Chains, the jumps to them, and in nat the masquerading of every bridge network; whatever backend Docker uses. */
	| { readonly kind: "docker-chains-whole"; readonly table: "nat" | "filter" }
	| { readonly kind: "table-usable"; readonly table: TableName; readonly family: 4 | 6 }
	/** What `iptables -V` says on root's PATH. */
	| { readonly kind: "backend-is"; readonly backend: Backend }
	/** That backend holds no chain of Docker's. */
	| { readonly kind: "no-docker-leftovers"; readonly backend: Backend }
	| { readonly kind: "lock-free" }
	| { readonly kind: "program-present"; readonly program: "iptables" | "docker-proxy" | "nft" }
	/** A match or target works: the library is there and the kernel takes it. */
	| { readonly kind: "extension-usable"; readonly extension: ExtensionName }
	| { readonly kind: "modules-of-running-kernel" }
	| { readonly kind: "module-loaded"; readonly module: ModuleName }
	| { readonly kind: "sysctl-is"; readonly key: SysctlKey; readonly value: SysctlValue }
	/** `at-least`: for limits such as nf_conntrack_max. */
	| { readonly kind: "sysctl-at-least"; readonly key: SysctlKey; readonly least: number }
	| { readonly kind: "daemon-running" }
	| { readonly kind: "daemon-config-valid" }
	/** Neither daemon.json nor dockerd's arguments say iptables=false. */
	| { readonly kind: "iptables-enabled" }
	| { readonly kind: "port-free"; readonly port: Port; readonly protocol: "tcp" | "udp" }
	/** A DNAT rule for the host port stands where packets come by. */
	| { readonly kind: "port-published"; readonly port: Port }
	| { readonly kind: "interface-exists"; readonly interface: InterfaceName }
	| { readonly kind: "container-running"; readonly container: ContainerName }
	| ({ readonly kind: "rule-exists" | "rule-absent" } & RuleAddress)
	| { readonly kind: "forward-policy-is"; readonly family: 4 | 6; readonly policy: "ACCEPT" | "DROP" }
	| { readonly kind: "firewalld-running" }
	| { readonly kind: "option-set"; readonly option: FirewallOption };

/** One change. Each renderer knows how to say, do, check and undo each kind. */
export type Action =
	/** Also starts it when it is down. Remembers which containers run; `start-stopped-containers` brings those back. */
	| { readonly kind: "restart-docker" }
	| { readonly kind: "start-docker" }
	/** daemon.json and SIGHUP, so that the restart after it keeps containers running. Skipped under swarm and snap. */
	| { readonly kind: "enable-live-restore" }
	/** Makes dockerd replay its rules without a restart. Skipped where firewalld does not run. */
	| { readonly kind: "reload-firewalld" }
	| { readonly kind: "reload-ufw" }
	| { readonly kind: "restart-container" | "start-container" | "stop-container"; readonly container: ContainerName }
	/** Start again what ran before dockerd was restarted and did not come back by itself. */
	| { readonly kind: "start-stopped-containers" }
	/** Only those that the running kernel has as modules; built-in ones count as loaded. */
	| { readonly kind: "load-modules"; readonly modules: readonly ModuleName[]; readonly persist: boolean }
	| { readonly kind: "set-sysctl"; readonly key: SysctlKey; readonly value: SysctlValue; readonly persist: boolean }
	| {
			readonly kind: "edit-daemon-json";
			readonly set: readonly { readonly key: DaemonKey; readonly value: JsonValue }[];
			readonly remove: readonly DaemonKey[];
	  }
	| {
			readonly kind: "write-drop-in";
			readonly unit: "docker.service";
			readonly name: DropInName;
			/** In order. To replace ExecStart give it twice, first with an empty value. */
			readonly settings: readonly {
				readonly section: "Unit" | "Service";
				readonly key: "After" | "Wants" | "PartOf" | "Environment" | "ExecStart" | "ExecStartPre";
				readonly value: UnitValue;
			}[];
	  }
	| { readonly kind: "select-backend"; readonly backend: Backend }
	/** Jumps to and contents of Docker's chains in that backend, by name; a FORWARD policy DROP Docker left there goes back to ACCEPT. */
	| { readonly kind: "remove-docker-leftovers"; readonly backend: Backend }
	| { readonly kind: "install-package"; readonly what: "iptables" | "kernel-modules" | "docker" }
	| { readonly kind: "reboot" }
	/** Names the holder and waits for it; ends it only when the person says so. */
	| { readonly kind: "release-lock" }
	| ({ readonly kind: "delete-rule" | "insert-rule" } & RuleAddress)
	/** FORWARD of the filter table; ACCEPT only where Docker itself left a DROP behind. */
	| {
			readonly kind: "set-forward-policy";
			readonly backend: Backend | null;
			readonly family: 4 | 6;
			readonly policy: "ACCEPT" | "DROP";
	  }
	/** At the head of a native nft forward chain: established, what a published port translated, and what leaves the bridge. */
	| {
			readonly kind: "admit-in-nft-chain";
			readonly family: "ip" | "ip6" | "inet";
			readonly table: TableName;
			readonly chain: ChainName;
			readonly bridge: InterfaceName;
	  }
	/** Takes a bridge out of a firewalld zone for good, so that dockerd can put it into its own. */
	| { readonly kind: "release-from-zone"; readonly zone: ZoneName; readonly interface: InterfaceName }
	| { readonly kind: "set-option"; readonly option: FirewallOption }
	/** /var/lib/docker/network is moved aside (26.1 keeps a half-made bridge after a failed start); user-defined networks are lost. */
	| { readonly kind: "set-aside-network-store" }
	| {
			readonly kind: "add-ip-rule";
			readonly from: PrefixText;
			readonly table: RouteTable;
			/** 1 to 32765. */
			readonly priority: number;
	  }
	/** Names who has a port, so that the person can decide. Reads only. */
	| { readonly kind: "show-port-owner"; readonly port: Port; readonly protocol: "tcp" | "udp" }
	/** Something only a person can do: prose, never run. */
	| { readonly kind: "by-hand"; readonly instructions: readonly string[] };

export type Interrupts =
	| "nothing"
	/** Containers keep running; new starts wait. */
	| "docker-api"
	| "containers-unless-live-restore"
	| "one-container"
	| "host";

export type Step = {
	readonly action: Action;
	/** Why this step, one sentence. */
	readonly why: string;
	readonly risk: "none" | "low" | "medium" | "high";
	readonly interrupts: Interrupts;
	/**
	 * True: skipped when by then every `after` check holds. For plans that try the gentle way first
	 * (`reload-firewalld`, then `restart-docker` only if that was not enough).
	 */
	readonly unlessRepaired?: boolean;
};

/** What must be so of the host before the plan may run, and the sentence with which the script refuses otherwise. */
export type Precondition = {
	readonly check: Check;
	/** False: the check must fail, as in "the chain is still missing". */
	readonly holds: boolean;
	/** Said when it is otherwise; one sentence. */
	readonly otherwise: string;
};

/**
 * Lasting configuration that no step of a script makes: files that belong to a host's other programs, alerts, and
 * settings for the next machine. `formats/safeguards.ts` says what each is; every text of it is ours.
 */
export type Safeguard =
	/** /etc/nftables.conf with tables of its own instead of `flush ruleset`. */
	| { readonly kind: "own-nft-table" }
	/** DOCKER-USER handed to `ufw route`, in /etc/ufw/after.rules. */
	| { readonly kind: "ufw-in-docker-user" }
	/** NetworkManager and systemd-networkd leave docker0, br-* and veth* alone. */
	| { readonly kind: "unmanaged-bridges" }
	/** Unattended upgrades end with a reboot, so that the running kernel has its modules. */
	| { readonly kind: "reboot-after-upgrade" }
	/** `netfilter-persistent save` no longer stores what Docker has loaded. */
	| { readonly kind: "save-no-rules" }
	| { readonly kind: "alert"; readonly on: AlertId };

/** What Prometheus can see of a failure before users do; expressions are in `formats/alerts.ts`. */
export type AlertId = "published-port" | "docker-down" | "conntrack" | "ip-forward" | "reboot-required";

/** What articles and habit say and should not be done; struck out in the diff view. Take them from `habits.ts`. */
export type Habit = {
	/** Shown, never run. Fixed text of ours, never pasted text. */
	readonly command: string;
	readonly wrong: string;
};

export type Plan = {
	/** The repair in one sentence. */
	readonly summary: string;
	/**
	 * Asked first; the script refuses (exit 2) when one is not as expected. "Is the repair still needed?" needs no
	 * entry here: when all of `after` holds and every file is as wanted, the script says that there is nothing to do.
	 */
	readonly before: readonly Precondition[];
	readonly steps: readonly Step[];
	/** All must be true afterwards. At least one of them must be false on a host that has this fault. */
	readonly after: readonly Check[];
	readonly instead: readonly Habit[];
	/** Lasting configuration beside the steps; carried by the formats for files, cloud-init, Ansible and the runbook. */
	readonly keep?: readonly Safeguard[];
	/** What to look at from another machine, since the host itself proves little. */
	readonly proveFromOutside: string | null;
	/**
	 * Changes that a step by hand describes and of which a person picks one, each whole by itself. No script runs them:
	 * they are here so that what each would open can be computed before it is picked.
	 */
	readonly choices?: readonly (readonly Action[])[];
};

/** What a rendering is called and what it is for. */
export type About = {
	/** The failure mode's id. */
	readonly failure: string;
	readonly title: string;
};

/** Rules of one family only; shown where a plan names tables of both. */
export type PlanFamily = Extract<Family, "ip" | "ip6">;
