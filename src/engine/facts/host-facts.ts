import type { Backend, NamedSet, Table } from "../netfilter/ruleset";
import type { Complaint, Failure } from "../parse/failure";
import type {
	ComposePort,
	ComposeUnpublished,
	DockerNetwork,
	InspectedContainer,
	ListeningSocket,
	LockHolder,
	LogEvent,
	ModuleFile,
	NetworkInterface,
	ParsedDesktopChecks,
	PolicyRule,
	Probe,
	PublishedPort,
	Route,
	SwarmService,
} from "../parse/parsed";
import type { Span } from "../text/span";
import type { DockerRules } from "./docker-rules";
import type { Fact } from "./fact";

export type {
	ComposePort,
	DockerNetwork,
	ListeningSocket,
	LockHolder,
	LogEvent,
	NetworkInterface,
	PolicyRule,
	Probe,
	PublishedPort,
	Route,
} from "../parse/parsed";

/** `28.5.2` as numbers. */
export type EngineVersion = {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly text: string;
};

/** One container, merged from `docker ps` and `docker inspect`. */
export type Container = {
	readonly id: string | null;
	readonly name: string | null;
	/** `running`, `exited`, `created`, `restarting`…; null where not shown. */
	readonly state: string | null;
	readonly exitCode: number | null;
	/** Bound now, as Docker believes; null where not shown. */
	readonly ports: readonly PublishedPort[] | null;
	/** Null without an inspect. */
	readonly inspected: InspectedContainer | null;
	readonly at: readonly Span[];
};

/** The same complaint said once or many times. */
export type FoldedFailure = {
	readonly complaint: Complaint;
	/** In order of appearance, at least one. */
	readonly all: readonly Failure[];
	/** The one that tells most: dockerd's before a person's, with a command before without, the latest. */
	readonly best: Failure;
	/** False when a later daemon run no longer shows it: history. */
	readonly current: boolean;
	readonly at: readonly Span[];
};

/** Which listings were complete, so that a table not listed is known to be empty. */
export type NetfilterFacts = {
	/** The richest listing of each (backend, family, table). */
	readonly tables: readonly Table[];
	/** Backends of which every table of the family was listed, with the place. */
	readonly listed: readonly { readonly backend: Backend; readonly family: 4 | 6; readonly at: readonly Span[] }[];
	/** Families of which `nft list ruleset` showed every table, native ones among them. */
	readonly native: readonly { readonly family: 4 | 6; readonly at: readonly Span[] }[];
	/** `# Warning: iptables-legacy tables present`. */
	readonly legacyTablesPresent: Span | null;
};

/** Everything the evidence says of one machine. Conflicts are kept where they were read. */
export type HostFacts = {
	readonly docker: {
		readonly version: Fact<EngineVersion>;
		/** Whether dockerd answers. */
		readonly running: Fact<boolean>;
		/** `nftables` only for Docker 29's own backend. */
		readonly firewallBackend: Fact<"iptables" | "nftables">;
		readonly withFirewalld: Fact<boolean>;
		/** From daemon.json, flags, or rules that only an enabled dockerd makes. */
		readonly iptablesEnabled: Fact<boolean>;
		readonly userlandProxy: Fact<boolean>;
		/** dockerd is told to make no rules in the raw table, which keep other machines from container addresses. */
		readonly rawSkipped: Fact<boolean>;
		readonly liveRestore: Fact<boolean>;
		readonly rootless: Fact<boolean>;
		readonly swarm: Fact<boolean>;
		/** Running containers, as `docker info` counts them. */
		readonly containersRunning: Fact<number>;
		/** Values of daemon.json by key; an absent file is not shown, not empty. */
		readonly config: Fact<ReadonlyMap<string, unknown>>;
		/** Text of daemon.json where one valid file was shown; null otherwise. */
		readonly configText: string | null;
		/** Flags of dockerd's command line in a unit file or a process list. */
		readonly flags: Fact<ReadonlyMap<string, string>>;
		readonly configError: { readonly says: string; readonly at: Span } | null;
	};
	readonly containers: Fact<readonly Container[]>;
	readonly networks: Fact<readonly DockerNetwork[]>;
	readonly iptables: {
		/** What `iptables` on the host drives. */
		readonly backend: Fact<Backend>;
		readonly version: Fact<string>;
	};
	readonly netfilter: NetfilterFacts;
	/** What Docker must keep in the tables, and whether it is there. */
	readonly rules: DockerRules;
	readonly failures: readonly FoldedFailure[];
	readonly events: readonly LogEvent[];
	/** What was typed at a prompt that may change the rules, in order; of unknown time, before or after a failure. */
	readonly typed: readonly LogEvent[];
	/** Whether any daemon log was shown, and whether its last run came up. */
	readonly log: Fact<{ readonly runs: number; readonly lines: number; readonly lastRunReady: boolean | null }>;
	readonly probes: readonly Probe[];
	readonly lock: Fact<readonly LockHolder[]>;
	readonly kernel: Fact<string>;
	/** Release folders of /lib/modules. */
	readonly moduleReleases: Fact<readonly string[]>;
	/** Modules as find, modules.builtin or modinfo know them; one that is not among them was not asked for. */
	readonly moduleFiles: ReadonlyMap<string, ModuleFile>;
	/** Releases of the kernels that packages installed. */
	readonly packagedKernels: Fact<readonly string[]>;
	readonly loadedModules: Fact<ReadonlySet<string>>;
	/** The kernel was built without loadable modules. */
	readonly withoutModules: Fact<true>;
	readonly kernelConfig: ReadonlyMap<string, { readonly value: "y" | "m" | "n"; readonly at: Span }>;
	readonly distribution: Fact<{ readonly id: string | null; readonly name: string }>;
	readonly sysctls: ReadonlyMap<string, { readonly value: string | null; readonly at: Span }>;
	/** Sets of the kernel; a listing of one set alone does not show the others. */
	readonly ipsets: Fact<readonly NamedSet[]>;
	/** What conntrack counted: connections in the table, and packets dropped since boot for want of a place. */
	readonly conntrack: { readonly count: Counted | null; readonly dropped: Counted | null };
	/** Ports that a compose file publishes. Written down, not running: `containers` knows what runs. */
	readonly composePorts: readonly ComposePort[];
	/** Containers and services that ask for ports and have no network of their own to publish them from. */
	readonly unpublished: readonly Unpublished[];
	/** Bridges and what hangs on them; known only from a listing of all. */
	readonly bridges: Fact<readonly { readonly name: string; readonly ports: readonly string[]; readonly at: Span }[]>;
	/** What failed of Docker Desktop's own checks; known as soon as they were shown. */
	readonly desktopChecks: Fact<ParsedDesktopChecks["failed"]>;
	/** WSL's version, where `wsl` itself was asked. */
	readonly wsl: Fact<string>;
	/** Services of the swarm with the ports it publishes for them. */
	readonly services: Fact<readonly SwarmService[]>;
	readonly counters: ReadonlyMap<string, { readonly value: number; readonly at: Span }>;
	/** Listening sockets of the host. */
	readonly sockets: Fact<readonly ListeningSocket[]>;
	/** Listening sockets inside containers whose own listing was shown, by container name. */
	readonly containerSockets: Fact<
		ReadonlyMap<string, { readonly sockets: readonly ListeningSocket[]; readonly at: readonly Span[] }>
	>;
	readonly interfaces: Fact<readonly NetworkInterface[]>;
	readonly routes: Fact<readonly Route[]>;
	readonly policyRules: Fact<readonly PolicyRule[]>;
	readonly ufw: Fact<{
		readonly active: boolean;
		/** `deny`, `reject`, `allow`: what happens to packets for the host that no rule names; null without `verbose`. */
		readonly incoming: string | null;
		readonly routed: string | null;
		readonly rules: readonly string[];
	}>;
	readonly firewalld: Fact<{
		readonly running: boolean;
		readonly backend: string | null;
		readonly zones: readonly {
			readonly name: string;
			readonly interfaces: readonly string[];
			readonly target: string | null;
			readonly at: Span;
		}[];
	}>;
	/** Words that tell how services and packages are managed: init system, snap, WSL, appliance. */
	readonly operatingSystem: Fact<string>;
	readonly rootDir: Fact<string>;
	/** A systemd unit, journal or systemctl output was seen. */
	readonly systemd: Fact<boolean>;
	/** Lines that speak of an error and that no parser could read: they may hold what would change the answer. */
	readonly unreadErrors: readonly UnreadError[];
};

/** A service of a compose file, or a container as inspected. */
export type Unpublished = ComposeUnpublished;

/** A number and where it was read. */
export type Counted = { readonly value: number; readonly at: Span };

/** A line of some program that sounds like an error and that nobody could read. */
export type UnreadError = {
	readonly at: Span;
	/** It names something of packet filtering or of Docker's network, whatever it says of it. */
	readonly namesNetwork: boolean;
};
