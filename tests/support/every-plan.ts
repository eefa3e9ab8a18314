import type { About, Action, Check, Plan, Platform, Precondition, Step } from "../../src/engine/remedy/plan";
import { UNKNOWN_PLATFORM } from "../../src/engine/remedy/plan";
import * as make from "../../src/engine/remedy/validate";

/** Unwraps a checked value in a test; a sample that is refused is a mistake of the test. */
export function good<T>(value: T | null): T {
	if (value === null) throw new Error("sample refused by validate.ts");
	return value;
}

const nat = good(make.tableName("nat"));
const filter = good(make.tableName("filter"));
const docker = good(make.chainName("DOCKER"));
const words = good(make.ruleWords(["!", "-i", "docker0", "-p", "tcp", "-m", "tcp", "--dport", "8080", "-j", "DROP"]));

/** One of every kind: the type makes a missing kind an error. */
export const EVERY_ACTION: { readonly [Kind in Action["kind"]]: Action } = {
	"restart-docker": { kind: "restart-docker" },
	"start-docker": { kind: "start-docker" },
	"enable-live-restore": { kind: "enable-live-restore" },
	"reload-firewalld": { kind: "reload-firewalld" },
	"reload-ufw": { kind: "reload-ufw" },
	"restart-container": { kind: "restart-container", container: good(make.containerName("web")) },
	"start-container": { kind: "start-container", container: good(make.containerName("web")) },
	"stop-container": { kind: "stop-container", container: good(make.containerName("web_2.old")) },
	"start-stopped-containers": { kind: "start-stopped-containers" },
	"load-modules": {
		kind: "load-modules",
		modules: [good(make.moduleName("iptable_nat")), good(make.moduleName("xt_addrtype"))],
		persist: true,
	},
	"set-sysctl": {
		kind: "set-sysctl",
		key: good(make.sysctlKey("net.ipv4.ip_forward")),
		value: good(make.sysctlValue("1")),
		persist: true,
	},
	"edit-daemon-json": {
		kind: "edit-daemon-json",
		set: [{ key: good(make.daemonKey("default-address-pools")), value: [{ base: "10.10.0.0/16", size: 24 }] }],
		remove: [good(make.daemonKey("iptables"))],
	},
	"write-drop-in": {
		kind: "write-drop-in",
		unit: "docker.service",
		name: good(make.dropInName("50-stackengine-raw")),
		settings: [
			{ section: "Unit", key: "After", value: good(make.unitValue("nftables.service")) },
			{ section: "Service", key: "Environment", value: good(make.unitValue("DOCKER_INSECURE_NO_IPTABLES_RAW=1")) },
			{ section: "Service", key: "ExecStart", value: good(make.unitValue("")) },
			{
				section: "Service",
				key: "ExecStart",
				value: good(make.unitValue("/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock")),
			},
		],
	},
	"select-backend": { kind: "select-backend", backend: "nf_tables" },
	"remove-docker-leftovers": { kind: "remove-docker-leftovers", backend: "legacy" },
	"install-package": { kind: "install-package", what: "kernel-modules" },
	reboot: { kind: "reboot" },
	"release-lock": { kind: "release-lock" },
	"delete-rule": {
		kind: "delete-rule",
		backend: null,
		family: 4,
		table: filter,
		chain: good(make.chainName("FORWARD")),
		spec: words,
	},
	"insert-rule": {
		kind: "insert-rule",
		backend: "legacy",
		family: 6,
		table: filter,
		chain: good(make.chainName("DOCKER-USER")),
		spec: words,
	},
	"set-forward-policy": { kind: "set-forward-policy", backend: null, family: 4, policy: "ACCEPT" },
	"admit-in-nft-chain": {
		kind: "admit-in-nft-chain",
		family: "inet",
		table: good(make.tableName("filter")),
		chain: good(make.chainName("forward")),
		bridge: good(make.interfaceName("docker0")),
	},
	"release-from-zone": {
		kind: "release-from-zone",
		zone: good(make.zoneName("trusted")),
		interface: good(make.interfaceName("docker0")),
	},
	"set-option": { kind: "set-option", option: "ufw-manage-builtins-no" },
	"set-aside-network-store": { kind: "set-aside-network-store" },
	"add-ip-rule": {
		kind: "add-ip-rule",
		from: good(make.prefixText("172.17.0.0/16")),
		table: good(make.routeTable("uplink2")),
		priority: 1000,
	},
	"show-port-owner": { kind: "show-port-owner", port: good(make.port(8080)), protocol: "tcp" },
	"by-hand": {
		kind: "by-hand",
		instructions: ["Open port 8080 in the provider's security group.", "Ask `who` runs the cron job."],
	},
};

/** One of every kind. */
export const EVERY_CHECK: { readonly [Kind in Check["kind"]]: Check } = {
	"chain-exists": { kind: "chain-exists", family: 4, table: nat, chain: docker },
	"jump-exists": { kind: "jump-exists", family: 6, table: nat, from: good(make.chainName("PREROUTING")), to: docker },
	"docker-chains-whole": { kind: "docker-chains-whole", table: "nat" },
	"table-usable": { kind: "table-usable", table: nat, family: 4 },
	"backend-is": { kind: "backend-is", backend: "nf_tables" },
	"no-docker-leftovers": { kind: "no-docker-leftovers", backend: "legacy" },
	"lock-free": { kind: "lock-free" },
	"program-present": { kind: "program-present", program: "docker-proxy" },
	"extension-usable": { kind: "extension-usable", extension: good(make.extensionName("addrtype")) },
	"modules-of-running-kernel": { kind: "modules-of-running-kernel" },
	"module-loaded": { kind: "module-loaded", module: good(make.moduleName("br_netfilter")) },
	"sysctl-is": {
		kind: "sysctl-is",
		key: good(make.sysctlKey("net.ipv4.ip_forward")),
		value: good(make.sysctlValue("1")),
	},
	"sysctl-at-least": {
		kind: "sysctl-at-least",
		key: good(make.sysctlKey("net.netfilter.nf_conntrack_max")),
		least: 262144,
	},
	"daemon-running": { kind: "daemon-running" },
	"daemon-config-valid": { kind: "daemon-config-valid" },
	"iptables-enabled": { kind: "iptables-enabled" },
	"port-free": { kind: "port-free", port: good(make.port(8080)), protocol: "udp" },
	"port-published": { kind: "port-published", port: good(make.port(8080)) },
	"interface-exists": { kind: "interface-exists", interface: good(make.interfaceName("docker0")) },
	"container-running": { kind: "container-running", container: good(make.containerName("web")) },
	"rule-exists": {
		kind: "rule-exists",
		backend: null,
		family: 4,
		table: filter,
		chain: good(make.chainName("FORWARD")),
		spec: words,
	},
	"rule-absent": { kind: "rule-absent", backend: "nf_tables", family: 4, table: filter, chain: docker, spec: words },
	"forward-policy-is": { kind: "forward-policy-is", family: 4, policy: "ACCEPT" },
	"firewalld-running": { kind: "firewalld-running" },
	"option-set": { kind: "option-set", option: "firewalld-backend-nftables" },
};

/** A step around an action. */
export function step(action: Action, more: Partial<Step> = {}): Step {
	return {
		action,
		why: "It's what `the lab` showed: $HOME stays a word.",
		risk: "low",
		interrupts: "nothing",
		...more,
	};
}

/** A plan around steps and checks. */
export function plan(steps: readonly Step[], after: readonly Check[] = [], before: readonly Precondition[] = []): Plan {
	return {
		summary: "Puts things right.",
		before,
		steps,
		after,
		instead: [{ command: "iptables -t nat -N DOCKER", wrong: "No jumps: the port stays dead." }],
		proveFromOutside: "`curl http://HOST:8080/` answers, and its address shows in the container's log.",
	};
}

/** Every action and every check in one plan. */
export const WHOLE_PLAN: Plan = plan(
	Object.values(EVERY_ACTION).map((action) => step(action)),
	Object.values(EVERY_CHECK),
	Object.values(EVERY_CHECK).map((check, index) => ({
		check,
		holds: index % 2 === 0,
		otherwise: `Check ${index} says otherwise.`,
	})),
);

export const ABOUT: About = {
	failure: "docker-chain-missing",
	title: "Docker's nat chain was flushed while dockerd was running",
};

export const PLATFORMS: readonly Platform[] = [
	UNKNOWN_PLATFORM,
	{ services: "systemd", packages: "apt", rootless: false, liveRestore: true, swarm: false, appliance: null },
	{ services: "openrc", packages: "apk", rootless: false, liveRestore: false, swarm: true, appliance: null },
	{ services: "snap", packages: "apt", rootless: false, liveRestore: null, swarm: null, appliance: "snap" },
	{ services: "systemd", packages: "dnf", rootless: true, liveRestore: null, swarm: null, appliance: null },
	{ services: "runit", packages: "pacman", rootless: false, liveRestore: null, swarm: null, appliance: "container" },
	{ services: "none", packages: "zypper", rootless: false, liveRestore: null, swarm: null, appliance: "wsl" },
	{ services: "unknown", packages: "yum", rootless: false, liveRestore: null, swarm: null, appliance: "synology" },
	{
		services: "unknown",
		packages: "unknown",
		rootless: false,
		liveRestore: null,
		swarm: null,
		appliance: "docker-desktop",
	},
];
