import { yaml } from "./ansible-text";
import { type Blank, labelled, MARK } from "./blanks";
import { admitRules, daemonJsonPath, MODULES_FILE } from "./commands";
import { dropInPath, dropInText } from "./drop-in";
import { safeguardFiles, safeguardSettings, safeguardTitle } from "./formats/safeguards";
import type { About, Action, Plan, Platform, Safeguard } from "./plan";
import { PYTHON_MERGE } from "./script/json-merge";
import { onePlainLine } from "./shell-quote";
import { sysctlFile } from "./sysctl-path";
import { actionTitle, OPTIONS, programOf } from "./wording";

/** What an action adds to user-data. `left` says why it has no place there. */
type Part = {
	readonly files?: readonly { readonly path: string; readonly content: string; readonly permissions: string }[];
	readonly packages?: readonly string[];
	readonly commands?: readonly (readonly string[])[];
	readonly left?: string;
};

/**
 * User-data for hosts that are built anew, so that they never get into this state: files, packages and commands that
 * last. Cloud-init runs once, at the first boot; what only mends a running host (restarts, rules in the kernel) is
 * named in a comment and left to the script. Passes `cloud-init schema`.
 */
export function renderCloudInit(made: Plan, platform: Platform, of: About, blanks: readonly Blank[] = []): string {
	const { plan, about } = labelled({ plan: made, about: of }, blanks);
	// User-data can ask nobody, so what needs a name that the report does not tell stays out.
	const parts = made.steps.map(({ action: blanked }, index) => {
		const action = plan.steps[index]?.action ?? blanked;
		const isOpen = blanks.length > 0 && MARK.test(JSON.stringify(blanked));
		const part: Part = isOpen ? { left: "it needs names that the report does not tell" } : partOf(action, platform);
		return { action, part };
	});
	const keeps = (plan.keep ?? []).map((safeguard) => ({ safeguard, part: keepPart(safeguard, platform) }));
	const all = [...parts, ...keeps].map(({ part }) => part);
	const files = [...new Map(all.flatMap(({ files: some }) => some ?? []).map((file) => [file.path, file])).values()];
	const packages = [...new Set(all.flatMap(({ packages: some }) => some ?? []))];
	const commands = all.flatMap(({ commands: some }) => some ?? []);
	const restarts = parts.some(({ action }) => NEEDS_RESTART.has(action.kind));
	const left = parts.flatMap(({ action, part }) =>
		part.left === undefined ? [] : [`#   ${onePlainLine(actionTitle(action))}: ${part.left}`],
	);
	const elsewhere = keeps.flatMap(({ safeguard, part }) =>
		part.left === undefined ? [] : [`#   ${onePlainLine(safeguardTitle(safeguard))}: ${part.left}`],
	);
	const config = {
		...(packages.length > 0 ? { package_update: true, packages } : {}),
		...(files.length > 0 ? { write_files: files.map((file) => ({ ...file, owner: "root:root" })) } : {}),
		...(commands.length > 0 || restarts ? { runcmd: [...commands, ...(restarts ? [RESTART] : [])] } : {}),
	};
	const empty = Object.keys(config).length === 0;
	const head = [
		"#cloud-config",
		`# ${onePlainLine(about.title)}`,
		`# ${onePlainLine(plan.summary)}`,
		"# Made by StackEngine, for hosts that are built anew: cloud-init reads it at the first boot only.",
		...(left.length > 0 ? ["# Not here, since it mends only a running host:", ...left] : []),
		...(elsewhere.length > 0 ? ["# Not here, since it has a file of its own:", ...elsewhere] : []),
		...(empty ? ["# Nothing in this repair lasts over a boot, so there is nothing for cloud-init to do."] : []),
	];
	// A document without keys would not be a mapping.
	return `${head.join("\n")}\n${empty ? "{}\n" : yaml(config)}`;
}

/** A safeguard of the plan. Files that are the person's own have a format of their own. */
function keepPart(safeguard: Safeguard, platform: Platform): Part {
	const files = safeguardFiles(safeguard, platform);
	const settings = safeguardSettings(safeguard, platform);
	if (files.length === 0 && settings.length === 0) return { left: KEEP_FORMAT[safeguard.kind] };
	return {
		files: files.map(({ path, content }) => ({ path, content, permissions: "0644" })),
		commands: settings.map(({ file, key, value }) => setInFile(file, key, value)),
	};
}

const KEEP_FORMAT: Readonly<Record<Safeguard["kind"], string>> = {
	"own-nft-table": "format nftables",
	"ufw-in-docker-user": "format ufw",
	alert: "format alerts",
	"unmanaged-bridges": "not on this host",
	"reboot-after-upgrade": "this host has no file for it that can be written",
	"save-no-rules": "not on this host",
};

/** Sets a key in its file, or adds it; where there is no such file the program that reads it is not there either. */
function setInFile(file: string, key: string, value: string): readonly string[] {
	return [
		"sh",
		"-c",
		'[ -e "$1" ] || exit 0; sed -i "s/^[# ]*$2 *=.*/$2=$3/" "$1"; grep -q "^$2=" "$1" || echo "$2=$3" >>"$1"',
		"sh",
		file,
		key,
		value,
	];
}

function partOf(action: Action, platform: Platform): Part {
	switch (action.kind) {
		case "restart-docker":
		case "start-docker":
			return { left: "dockerd starts with the host" };
		case "reload-firewalld":
		case "reload-ufw":
			return { left: "the firewall starts with the host" };
		case "restart-container":
		case "start-container":
		case "stop-container":
		case "start-stopped-containers":
			return { left: "a new host has no containers yet" };
		case "enable-live-restore":
			return {
				left: "it only softens a restart; decide it for all hosts, since live-restore and swarm exclude each other",
			};
		case "load-modules":
			return {
				files: [{ path: MODULES_FILE, content: `${action.modules.join("\n")}\n`, permissions: "0644" }],
				commands: [["modprobe", "-a", ...action.modules]],
			};
		case "set-sysctl":
			return {
				files: [{ path: sysctlFile(action.key), content: `${action.key} = ${action.value}\n`, permissions: "0644" }],
				commands: [["sysctl", "-w", `${action.key}=${action.value}`]],
			};
		case "edit-daemon-json":
			return mergeJson(
				platform,
				JSON.stringify(Object.fromEntries(action.set.map(({ key, value }) => [key, value]))),
				JSON.stringify(action.remove),
			);
		case "write-drop-in":
			return {
				files: [{ path: dropInPath(action), content: dropInText(action), permissions: "0644" }],
				commands: [["systemctl", "daemon-reload"]],
			};
		case "select-backend":
			return {
				packages: ["iptables"],
				commands: [
					["update-alternatives", "--set", "iptables", `/usr/sbin/${programOf(action.backend, 4)}`],
					["update-alternatives", "--set", "ip6tables", `/usr/sbin/${programOf(action.backend, 6)}`],
				],
			};
		case "install-package":
			return installPart(action.what, platform);
		case "set-option": {
			const { file, key, value } = OPTIONS[action.option];
			return { commands: [setInFile(file, key, value)] };
		}
		case "remove-docker-leftovers":
			return { left: "a new host has no leftovers" };
		case "reboot":
			return { left: "a new host boots the kernel that it has" };
		case "release-lock":
			return { left: "the lock is held by a process of this host" };
		case "delete-rule":
			return { left: "take the rule out of the file or program that makes it" };
		case "insert-rule":
		case "set-forward-policy":
			return { left: "rules in the kernel do not last; put it into the host's firewall files" };
		case "admit-in-nft-chain":
			return {
				left: `write these into the file that makes the table: ${admitRules(action)
					.toReversed()
					.map((words) => words.join(" "))
					.join("; ")}`,
			};
		case "release-from-zone":
			return { left: "a new host's zones are as the distribution made them" };
		case "set-aside-network-store":
			return { left: "a new host has no network store yet" };
		case "add-ip-rule":
			return { left: "put it into the network configuration (netplan, NetworkManager, networkd)" };
		case "show-port-owner":
			return { left: "reads only" };
		case "by-hand":
			return { left: "for a person" };
		default:
			return action satisfies never;
	}
}

/** cloud-init itself is Python, so python3 is there. The file may have been made by a package or another part. */
function mergeJson(platform: Platform, set: string, remove: string): Part {
	const path = platform.rootless ? "/etc/docker/daemon.json" : daemonJsonPath(platform);
	return {
		files: [{ path: MERGE_PROGRAM, content: PYTHON_MERGE.replace("sys.exit(3)", "sys.exit(0)"), permissions: "0755" }],
		commands: [
			["mkdir", "-p", path.slice(0, path.lastIndexOf("/"))],
			["python3", MERGE_PROGRAM, path, path, set, remove],
		],
	};
}

function installPart(what: "iptables" | "kernel-modules" | "docker", platform: Platform): Part {
	if (what === "iptables") return { packages: [platform.packages === "dnf" ? "iptables-nft" : "iptables"] };
	if (what === "docker")
		return { packages: [platform.packages === "apk" || platform.packages === "pacman" ? "docker" : "docker-ce"] };
	const script = {
		apt: 'apt-get install -y "linux-modules-extra-$(uname -r)"',
		dnf: 'dnf install -y "kernel-modules-extra-$(uname -r)"',
		yum: 'yum install -y "kernel-modules-extra-$(uname -r)"',
	};
	const manager = platform.packages === "dnf" || platform.packages === "yum" ? platform.packages : "apt";
	return { commands: [["sh", "-c", script[manager]]] };
}

const NEEDS_RESTART: ReadonlySet<Action["kind"]> = new Set([
	"enable-live-restore",
	"edit-daemon-json",
	"write-drop-in",
	"select-backend",
]);

const MERGE_PROGRAM = "/usr/local/sbin/stackengine-merge-daemon-json";

// try-restart: where Docker comes later, it finds everything in place when it first starts.
const RESTART: readonly string[] = ["systemctl", "try-restart", "docker.service"];
