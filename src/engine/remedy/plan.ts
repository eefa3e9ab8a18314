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
export type Port = number & { readonly [checked]: "port" };

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
};

/** True of the host, or not. Asked before (is the repair still needed?) and after (did it work?). */
export type Check =
	| { readonly kind: "chain-exists"; readonly family: 4 | 6; readonly table: TableName; readonly chain: ChainName }
	| { readonly kind: "jump-exists"; readonly family: 4 | 6; readonly table: TableName; readonly from: ChainName; readonly to: ChainName }
	| { readonly kind: "docker-chains-whole"; readonly table: "nat" | "filter" }
	| { readonly kind: "table-usable"; readonly table: TableName; readonly family: 4 | 6 }
	| { readonly kind: "backend-is"; readonly backend: Backend }
	| { readonly kind: "no-docker-leftovers"; readonly backend: Backend }
	| { readonly kind: "lock-free" }
	| { readonly kind: "program-present"; readonly program: "iptables" | "docker-proxy" | "nft" }
	| { readonly kind: "extension-usable"; readonly extension: Checked<"extension"> }
	| { readonly kind: "modules-of-running-kernel" }
	| { readonly kind: "module-loaded"; readonly module: ModuleName }
	| { readonly kind: "sysctl-is"; readonly key: SysctlKey; readonly value: string }
	| { readonly kind: "daemon-running" }
	| { readonly kind: "daemon-config-valid" }
	| { readonly kind: "iptables-enabled" }
	| { readonly kind: "port-free"; readonly port: Port; readonly protocol: "tcp" | "udp" }
	| { readonly kind: "port-published"; readonly port: Port }
	| { readonly kind: "interface-exists"; readonly interface: InterfaceName };

/** One change. Each renderer knows how to say, do, check and undo each kind. */
export type Action =
	| { readonly kind: "restart-docker" }
	| { readonly kind: "start-docker" }
	| { readonly kind: "enable-live-restore" }
	| { readonly kind: "reload-firewalld" }
	| { readonly kind: "restart-container" | "start-container" | "stop-container"; readonly container: ContainerName }
	/** Start again what ran before dockerd was restarted and did not come back by itself. */
	| { readonly kind: "start-stopped-containers" }
	| { readonly kind: "load-modules"; readonly modules: readonly ModuleName[]; readonly persist: boolean }
	| { readonly kind: "set-sysctl"; readonly key: SysctlKey; readonly value: string; readonly persist: boolean }
	| { readonly kind: "edit-daemon-json"; readonly set: readonly { readonly key: string; readonly value: unknown }[]; readonly remove: readonly string[] }
	| { readonly kind: "write-drop-in"; readonly unit: "docker.service"; readonly name: string; readonly settings: readonly { readonly section: "Unit" | "Service"; readonly key: string; readonly value: string }[] }
	| { readonly kind: "select-backend"; readonly backend: Backend }
	/** Jumps to and contents of Docker's chains in the other backend, by name; a FORWARD policy DROP Docker left there goes back to ACCEPT. */
	| { readonly kind: "remove-docker-leftovers"; readonly backend: Backend }
	| { readonly kind: "install-package"; readonly what: "iptables" | "kernel-modules" | "docker" }
	| { readonly kind: "reboot" }
	/** Names the holder and waits for it; ends it only when the person says so. */
	| { readonly kind: "release-lock" }
	| { readonly kind: "delete-rule"; readonly backend: Backend | null; readonly family: 4 | 6; readonly table: TableName; readonly chain: ChainName; /** `iptables -S` words after the chain, each checked. */ readonly spec: readonly Checked<"rule-word">[] }
	| { readonly kind: "insert-rule"; readonly backend: Backend | null; readonly family: 4 | 6; readonly table: TableName; readonly chain: ChainName; readonly spec: readonly Checked<"rule-word">[] }
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
};

/** What articles and habit say and should not be done; struck out in the diff view. */
export type Habit = {
	/** Shown, never run. Fixed text of ours, never pasted text. */
	readonly command: string;
	readonly wrong: string;
};

export type Plan = {
	/** The repair in one sentence. */
	readonly summary: string;
	/** Reasons not to run it: shown first; the script refuses when one of these is not as expected. */
	readonly before: readonly Check[];
	readonly steps: readonly Step[];
	/** All must be true afterwards. */
	readonly after: readonly Check[];
	readonly instead: readonly Habit[];
	/** What to look at from another machine, since the host itself proves little. */
	readonly proveFromOutside: string | null;
};

/** Rules of one family only; shown where a plan names tables of both. */
export type PlanFamily = Extract<Family, "ip" | "ip6">;
