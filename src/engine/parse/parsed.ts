import type { Backend, NamedSet, Table } from "../netfilter/ruleset";
import type { Remark, Span } from "../text/span";
import type { Failure } from "./failure";

/** A value and where it was read. */
export type Read<T> = { readonly value: T; readonly at: Span };

/** `docker info`, text of any version or `{{json .}}`. Null: not printed. */
export type ParsedDockerInfo = {
	readonly kind: "docker-info";
	readonly serverVersion: Read<string> | null;
	readonly clientVersion: Read<string> | null;
	/** True: server fields are there. False: an error stands in their place. Null: cut off before either. */
	readonly daemonAnswered: Read<boolean> | null;
	readonly kernelVersion: Read<string> | null;
	readonly operatingSystem: Read<string> | null;
	readonly osType: Read<string> | null;
	readonly architecture: Read<string> | null;
	readonly hostName: Read<string> | null;
	/** `ID:`, made once by dockerd and kept in its root directory; an image of a disk copies it. */
	readonly engineId: Read<string> | null;
	readonly rootDir: Read<string> | null;
	readonly storageDriver: Read<string> | null;
	readonly cgroupDriver: Read<string> | null;
	readonly liveRestore: Read<boolean> | null;
	readonly swarm: Read<string> | null;
	readonly rootless: Read<boolean> | null;
	/** `iptables`, `iptables+firewalld`, `nftables`, `nftables+firewalld` (CLI 29+, API 28.1+). */
	readonly firewallBackend: Read<string> | null;
	readonly ipv4Forwarding: Read<boolean> | null;
	readonly bridgeNfIptables: Read<boolean> | null;
	readonly containersRunning: Read<number> | null;
	readonly warnings: readonly Read<string>[];
	/** What the client complained about instead of, or beside, the fields. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type ParsedDockerVersion = {
	readonly kind: "docker-version";
	readonly serverVersion: Read<string> | null;
	readonly clientVersion: Read<string> | null;
	/** `Docker Engine - Community`, `Docker Desktop 4.x`… */
	readonly serverPlatform: Read<string> | null;
	/** False: the client got no answer and says so instead of a listing. Null: neither is there. */
	readonly daemonAnswered: Read<boolean> | null;
	/** What the client complained about instead of, or beside, the listing. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

/** One published port, as docker prints it. */
export type PublishedPort = {
	/** `0.0.0.0`, `::`, `127.0.0.1`, … */
	readonly hostAddress: string;
	readonly hostPort: number;
	readonly containerPort: number;
	readonly protocol: "tcp" | "udp" | "sctp";
};

export type ListedContainer = {
	readonly id: string | null;
	readonly name: string | null;
	readonly image: string | null;
	/** `running`, `exited`, `created`, `restarting`, `paused`, `dead`, `removing`; null when the status column is not shown. */
	readonly state: string | null;
	readonly exitCode: number | null;
	/** Published ports; null when the column is not shown (not the same as none). */
	readonly ports: readonly PublishedPort[] | null;
	readonly at: Span;
};

export type ParsedDockerPs = {
	readonly kind: "docker-ps";
	/** `-a` or a stopped container seen. */
	readonly all: boolean;
	readonly containers: readonly ListedContainer[];
	/** False: the client got no answer and says so instead of a listing. Null: neither is there. */
	readonly daemonAnswered: Read<boolean> | null;
	/** What the client complained about instead of, or beside, the listing. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type InspectedContainer = ListedContainer & {
	/** Network name to address; stopped containers have none. */
	readonly addresses: readonly {
		readonly network: string;
		readonly address: string;
		readonly gateway: string | null;
	}[];
	/** Wanted by HostConfig.PortBindings. Host port 0: any free port; host address empty: the daemon's default. */
	readonly wantedPorts: readonly PublishedPort[];
	readonly networkMode: string | null;
	readonly restartPolicy: string | null;
	/** How often Docker started it again by its restart policy. */
	readonly restartCount: number | null;
	/** State.Error, empty when none. */
	readonly stateError: string;
};

export type ParsedDockerInspect = {
	readonly kind: "docker-inspect";
	readonly containers: readonly InspectedContainer[];
	/** False: the client got no answer and says so instead of a listing. Null: neither is there. */
	readonly daemonAnswered: Read<boolean> | null;
	/** What the client complained about instead of, or beside, the listing. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type DockerNetwork = {
	readonly name: string;
	readonly id: string | null;
	readonly driver: string | null;
	/**
	 * Interface of a bridge network: `docker0`, the option com.docker.network.bridge.name, or `br-` and 12 hex digits.
	 * Null where only `network ls` was shown and the name may be set by an option (every network but `bridge`).
	 */
	readonly bridge: string | null;
	readonly subnets: readonly string[];
	readonly gateways: readonly string[];
	readonly internal: boolean | null;
	readonly icc: boolean | null;
	/** `nat`, `nat-unprotected`, `routed`, `isolated`; null where no option says so, which means `nat`. */
	readonly gatewayMode: string | null;
	readonly containers: readonly { readonly name: string; readonly address: string }[];
	readonly at: Span;
};
export type ParsedDockerNetworks = {
	readonly kind: "docker-networks";
	readonly networks: readonly DockerNetwork[];
	/** True for `network ls`: every network is listed. */
	readonly complete: boolean;
	/** False: the client got no answer and says so instead of a listing. Null: neither is there. */
	readonly daemonAnswered: Read<boolean> | null;
	/** What the client complained about instead of, or beside, the listing. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

/** Something a log shows that is no failure but explains one, or heals one. */
export type LogEvent = {
	readonly kind:
		| "daemon-starting"
		| "daemon-ready"
		| "daemon-stopping"
		| "firewalld-reloaded"
		| "firewalld-started"
		| "firewalld-stopped"
		| "ufw-reloaded"
		| "nftables-service"
		| "netfilter-persistent"
		| "fail2ban"
		| "package-upgraded"
		| "container-started"
		| "container-died"
		| "rules-replayed"
		/** Somebody ran `iptables -F`, `nft flush ruleset` or loaded a rule set (sudo, cron and audit lines). */
		| "rules-flushed"
		/** RHEL's iptables.service, CSF, Shorewall and their like started, stopped or reloaded. */
		| "firewall-service"
		| "booted";
	readonly time: number | null;
	readonly run: number | null;
	readonly detail: string;
	readonly at: Span;
};

export type ParsedLog = {
	readonly kind: "log";
	/** Which program mostly speaks here. */
	readonly of: "dockerd" | "kernel" | "firewalld" | "systemd" | "client" | "mixed";
	readonly recordCount: number;
	readonly errorCount: number;
	readonly warningCount: number;
	/** How many daemon starts the text shows. */
	readonly runs: number;
	/** Engine version from `Docker daemon … version=`. */
	readonly dockerVersion: Read<string> | null;
	readonly failures: readonly Failure[];
	readonly events: readonly LogEvent[];
	readonly firstTime: number | null;
	readonly lastTime: number | null;
	readonly remarks: readonly Remark[];
};

/** iptables -L / -S / -save, nft list ruleset (text or JSON). A listing that failed has no tables and one failure. */
export type ParsedRuleset = {
	readonly kind: "ruleset";
	readonly tables: readonly Table[];
	/** What the program complained about instead of, or beside, a listing. */
	readonly failures: readonly Failure[];
	/** `# Warning: iptables-legacy tables present`. */
	readonly legacyTablesPresent: Span | null;
	/** From `# Generated by iptables-save v1.8.9 (nf_tables)`. */
	readonly version: Read<{ readonly version: string; readonly backend: Backend | null }> | null;
	/** True when the command covers every table of its backend and family (`iptables-save` without -t, `nft list ruleset`): a table not listed is empty or not there. */
	readonly allTables: boolean;
	readonly family: "ip" | "ip6" | "all";
	readonly remarks: readonly Remark[];
};

export type ParsedIptablesVersion = {
	readonly kind: "iptables-version";
	/**
	 * One entry per program asked: iptables, ip6tables, iptables-nft, iptables-legacy, nft. The version is empty where
	 * only the link (`/etc/alternatives/iptables -> /usr/sbin/iptables-nft`) was shown.
	 */
	readonly programs: readonly {
		readonly program: string;
		readonly version: string;
		readonly backend: Backend | null;
		readonly at: Span;
	}[];
	/** Programs that the shell did not find. A shell without /usr/sbin in its PATH does not find iptables either. */
	readonly missing: readonly Read<string>[];
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type ParsedAlternatives = {
	readonly kind: "alternatives";
	readonly name: string | null;
	readonly current: Read<string> | null;
	readonly choices: readonly string[];
	readonly automatic: boolean | null;
	readonly remarks: readonly Remark[];
};

export type ParsedProcessList = {
	readonly kind: "process-list";
	/** Command lines of dockerd. */
	readonly daemons: readonly Read<string>[];
	readonly remarks: readonly Remark[];
};

export type ParsedLsmod = {
	readonly kind: "lsmod" /** Null when lsmod itself failed. */;
	/** Where lsmod says that there is no /proc/modules: the kernel was built without loadable modules. */
	readonly withoutModules: Span | null;
	readonly modules: readonly Read<string>[] | null /** True with the heading line: nothing was filtered out by grep. */;
	readonly complete: boolean;
	readonly remarks: readonly Remark[];
};

export type LockHolder = {
	/** Empty where only the number was shown. */ readonly command: string;
	readonly pid: number /** lsof's `W` after the descriptor: holds the write lock; null where the tool does not tell. */;
	readonly locks: boolean | null;
	readonly at: Span;
};
export type ParsedLockHolders = {
	readonly kind: "lock-holders";
	readonly file: string | null;
	readonly holders: readonly LockHolder[] /** False when no tool could look (not installed, usage text): then no holders means nothing. */;
	readonly answered: boolean;
	readonly remarks: readonly Remark[];
};

export type ParsedSysctl = {
	readonly kind: "sysctl" /** False for a file below /etc: what will be set, not what is. */;
	readonly live: boolean /** A key that the kernel does not have has the value null. */;
	readonly values: readonly { readonly key: string; readonly value: string | null; readonly at: Span }[];
	readonly remarks: readonly Remark[];
};

export type ParsedUname = {
	readonly kind: "uname";
	readonly release: Read<string> | null;
	readonly hostName: Read<string> | null;
	readonly architecture: Read<string> | null;
	readonly remarks: readonly Remark[];
};

export type ParsedOsRelease = {
	readonly kind: "os-release";
	readonly id: Read<string> | null;
	readonly idLike: readonly string[];
	readonly versionId: Read<string> | null;
	readonly prettyName: Read<string> | null;
	readonly remarks: readonly Remark[];
};

export type ParsedDaemonJson = {
	readonly kind: "daemon-json";
	/** Top-level keys with their values; null when the text is not JSON. */
	readonly values: readonly { readonly key: string; readonly value: unknown; readonly at: Span }[] | null;
	readonly error: { readonly says: string; readonly at: Span } | null;
	readonly text: string;
	readonly remarks: readonly Remark[];
};

export type ParsedUnitFile = {
	readonly kind: "unit-file";
	/** `# /lib/systemd/system/docker.service` heads each file of `systemctl cat`. */
	readonly files: readonly {
		readonly path: string | null;
		readonly settings: readonly {
			readonly section: string;
			readonly key: string;
			readonly value: string;
			readonly at: Span;
		}[];
	}[];
	readonly remarks: readonly Remark[];
};

export type ParsedUnitStatus = {
	readonly kind: "unit-status";
	readonly units: readonly {
		readonly unit: string;
		readonly active: string;
		readonly result: string | null;
		readonly mainPid: number | null;
		readonly command: string | null;
		readonly at: Span;
	}[] /** The log lines below it. */;
	readonly failures: readonly Failure[];
	readonly events: readonly LogEvent[];
	readonly remarks: readonly Remark[];
};

export type ListeningSocket = {
	readonly protocol: "tcp" | "udp";
	readonly address: string;
	readonly port: number;
	readonly process: string | null;
	readonly pid: number | null /** Container name for `docker exec … netstat`, null on the host. */;
	readonly container: string | null;
	readonly at: Span;
};
export type ParsedSockets = {
	readonly kind: "sockets";
	readonly sockets: readonly ListeningSocket[];
	readonly processesShown: boolean;
	/** True with the heading line: no grep took rows away, so a port that is not listed is not listened on. */
	readonly complete: boolean;
	readonly remarks: readonly Remark[];
};

export type NetworkInterface = {
	readonly name: string;
	readonly up: boolean | null;
	/** `state DOWN`, as `ip -br` shows it instead of flags: set down, or nothing connected to it. */
	readonly idle?: true;
	readonly master: string | null;
	readonly addresses: readonly string[];
	readonly at: Span;
};
export type ParsedIpAddr = {
	readonly kind: "ip-addr";
	readonly interfaces: readonly NetworkInterface[] /** Names that the kernel said do not exist. */;
	readonly missing: readonly Read<string>[] /** True when the loopback is among them: the listing was not for one interface alone. */;
	readonly complete: boolean;
	readonly remarks: readonly Remark[];
};

export type Route = {
	/** `unicast` where none is printed; `unreachable`, `blackhole`, `prohibit`, `local`, `broadcast`… */ readonly type: string;
	readonly destination: string;
	readonly via: string | null;
	readonly device: string | null;
	readonly source: string | null;
	readonly table: string | null;
	readonly scope: string | null;
	readonly metric: number | null;
	readonly at: Span;
};
export type ParsedIpRoute = {
	readonly kind: "ip-route";
	readonly routes: readonly Route[];
	readonly remarks: readonly Remark[];
};

/** One line of `ip rule`. */
export type PolicyRule = {
	readonly priority: number;
	readonly from: string | null;
	/** `not` at the head of the rule: it takes what its selectors do not match. */
	readonly inverted: boolean;
	/** `fwmark 0x2` or `0x80000/0xff0000`. */
	readonly mark: string | null;
	/** `iif docker0`: packets that came in there. */
	readonly iif: string | null;
	readonly table: string;
	readonly text: string;
	readonly at: Span;
};
export type ParsedIpRule = {
	readonly kind: "ip-rule";
	readonly rules: readonly PolicyRule[];
	readonly remarks: readonly Remark[];
};

/** A try to reach a port: curl, wget, nc, telnet. */
export type Probe = {
	/** From the URL or arguments; null when the command line was not shown. */
	readonly address: string | null;
	readonly port: number | null;
	/** `user@host` of the prompt, when shown. */
	readonly host: string | null;
	/**
	 * `answered` means that bytes came back or, for nc and telnet which ask for none, that the connection was made;
	 * `empty` that the connection was made and nothing came (52, 56). `refused` is a quick no: curl does not tell a
	 * reset from an ICMP rejection in its one-line message.
	 */
	readonly outcome: "answered" | "refused" | "timed-out" | "empty" | "unreachable" | "failed";
	readonly seconds: number | null;
	/** Typed through `docker exec` or `docker run`: it comes from a container. Absent where that was not shown. */
	readonly fromContainer?: true;
	readonly at: Span;
};
export type ParsedProbes = {
	readonly kind: "probes";
	readonly probes: readonly Probe[];
	readonly remarks: readonly Remark[];
};

/** A module as a listing of files, `modules.builtin` or modinfo knows it. */
export type ModuleFile = {
	/** With `_` for `-`, as lsmod prints it. */
	readonly module: string;
	/** `absent`: modinfo found none for the running kernel. */
	readonly state: "file" | "builtin" | "absent";
	/** Of the folder it lies in; null where not shown. */
	readonly release: string | null;
	readonly at: Span;
};
export type ParsedLibModules = {
	readonly kind: "lib-modules" /** Release folders of /lib/modules. */;
	readonly releases: readonly Read<string>[];
	readonly files: readonly ModuleFile[];
	readonly running: Read<string> | null;
	readonly remarks: readonly Remark[];
};

export type ParsedModprobe = {
	readonly kind: "modprobe";
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};
export type ParsedKernelConfig = {
	readonly kind: "kernel-config";
	readonly options: readonly { readonly name: string; readonly value: "y" | "m" | "n"; readonly at: Span }[];
	readonly remarks: readonly Remark[];
};

export type ParsedUfwStatus = {
	readonly kind: "ufw-status";
	readonly active: Read<boolean> | null;
	readonly defaults: Read<{ readonly incoming: string; readonly outgoing: string; readonly routed: string }> | null;
	readonly rules: readonly Read<string>[];
	/** What ufw complained about instead of answering: it runs iptables itself. */
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type ParsedFirewalld = {
	readonly kind: "firewalld-state";
	readonly running: Read<boolean> | null;
	readonly backend: Read<string> | null;
	readonly zones: readonly {
		readonly name: string;
		readonly interfaces: readonly string[];
		readonly target: string | null;
		readonly at: Span;
	}[] /** Assignments of firewalld.conf, when shown. */;
	readonly settings: readonly { readonly key: string; readonly value: string; readonly at: Span }[];
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type ParsedNstat = {
	readonly kind: "nstat";
	readonly counters: readonly { readonly name: string; readonly value: number; readonly at: Span }[];
	readonly remarks: readonly Remark[];
};

/** `nft monitor`: what was taken out of the rule set while it ran, and by whom. */
export type ParsedNftMonitor = {
	readonly kind: "nft-monitor";
	/** Transactions that removed chains, tables or rules where Docker has its own; without a time. */
	readonly events: readonly LogEvent[];
	readonly transactions: number;
	readonly remarks: readonly Remark[];
};

/** Interfaces by the bridge they hang on. */
export type ParsedBridgePorts = {
	readonly kind: "bridge-ports";
	readonly bridges: readonly { readonly name: string; readonly ports: readonly string[]; readonly at: Span }[];
	/** `brctl show` names every bridge, those without a port as well. */
	readonly complete: boolean;
	readonly remarks: readonly Remark[];
};

/** `com.docker.diagnose check`. */
export type ParsedDesktopChecks = {
	readonly kind: "desktop-checks";
	/** Checks that failed, in order; those that failed only because another did are left out. */
	readonly failed: readonly {
		readonly code: string;
		readonly question: string;
		readonly reason: string | null;
		readonly at: Span;
	}[];
	readonly passed: number;
	/** The first check: by it one knows that this is Docker Desktop. */
	readonly at: Span | null;
	readonly remarks: readonly Remark[];
};

/** `wsl --version`, `wsl -l -v`. */
export type ParsedWsl = {
	readonly kind: "wsl";
	readonly version: Read<string> | null;
	readonly kernel: Read<string> | null;
	readonly distributions: readonly Read<{ readonly name: string; readonly running: boolean }>[];
	readonly remarks: readonly Remark[];
};

export type ParsedIpset = {
	readonly kind: "ipset";
	readonly sets: readonly NamedSet[];
	readonly remarks: readonly Remark[];
};

export type ParsedConntrack = {
	readonly kind: "conntrack";
	/** Connections in the table. */
	readonly count: Read<number> | null;
	/** Packets dropped for want of a place since boot, over all CPUs; null where none was. */
	readonly dropped: Read<number> | null;
	readonly remarks: readonly Remark[];
};

export type ParsedPackages = {
	readonly kind: "packages";
	/** Installed packages of Docker, of the packet filters and of the kernel; the version with its epoch and release. */
	readonly packages: readonly { readonly name: string; readonly version: string; readonly at: Span }[];
	/** Releases of the kernels among them, as `uname -r` prints them. */
	readonly kernels: readonly Read<string>[];
	/** Upgrades of dpkg.log. */
	readonly events: readonly LogEvent[];
	readonly remarks: readonly Remark[];
};

/** One entry of a service's `ports` that fixes a port of the host. */
export type ComposePort = {
	readonly service: string;
	/** Null: not given, so every address unless the daemon's default says otherwise. */
	readonly hostAddress: string | null;
	readonly hostPort: number;
	readonly containerPort: number;
	readonly at: Span;
};
/** A service that has no network of its own and asks for ports all the same: none is published. */
export type ComposeUnpublished = {
	readonly service: string;
	readonly mode: "host" | "container" | "none";
	/** Service or container whose network it shares. */
	readonly of: string | null;
	readonly hostPorts: readonly number[];
	readonly at: Span;
};
export type ParsedCompose = {
	readonly kind: "compose";
	/** Of services that have a network of their own. */
	readonly ports: readonly ComposePort[];
	readonly unpublished: readonly ComposeUnpublished[];
	readonly remarks: readonly Remark[];
};

export type SwarmService = {
	readonly name: string;
	/** `2/2`: running of wanted. */
	readonly replicas: string;
	/** Published on every node through the ingress network. */
	readonly ports: readonly { readonly published: number; readonly target: number; readonly protocol: string }[];
	readonly at: Span;
};
export type ParsedDockerServices = {
	readonly kind: "docker-services";
	/** False: something else stands in place of the listing. */
	readonly answered: boolean;
	readonly services: readonly SwarmService[];
	readonly failures: readonly Failure[];
	readonly remarks: readonly Remark[];
};

export type ParsedUnrecognised = { readonly kind: "unrecognised"; readonly remarks: readonly Remark[] };

/** What an artifact says, before anything is concluded from it. */
export type Parsed =
	| ParsedNftMonitor
	| ParsedBridgePorts
	| ParsedDesktopChecks
	| ParsedWsl
	| ParsedDockerInfo
	| ParsedDockerVersion
	| ParsedDockerPs
	| ParsedDockerInspect
	| ParsedDockerNetworks
	| ParsedLog
	| ParsedRuleset
	| ParsedIptablesVersion
	| ParsedAlternatives
	| ParsedLsmod
	| ParsedProcessList
	| ParsedLockHolders
	| ParsedSysctl
	| ParsedUname
	| ParsedOsRelease
	| ParsedDaemonJson
	| ParsedUnitFile
	| ParsedUnitStatus
	| ParsedSockets
	| ParsedIpAddr
	| ParsedIpRoute
	| ParsedIpRule
	| ParsedProbes
	| ParsedLibModules
	| ParsedModprobe
	| ParsedKernelConfig
	| ParsedUfwStatus
	| ParsedFirewalld
	| ParsedNstat
	| ParsedIpset
	| ParsedConntrack
	| ParsedPackages
	| ParsedCompose
	| ParsedDockerServices
	| ParsedUnrecognised;
