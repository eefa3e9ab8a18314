import { dropInPath, dropInText } from "./drop-in";
import { INSTALL, PACKAGES, RELEASE } from "./packages";
import type { Action, Platform, RuleAddress } from "./plan";
import { shq, shqWords } from "./shell-quote";
import { sysctlFile } from "./sysctl-path";
import { OPTIONS, programOf } from "./wording";

/**
 * What a person would type for an action on this host: shown in the diff view, the runbook and the dry run. The script
 * itself does more (it asks, saves and checks); these lines alone are right as well.
 */
export function commandsFor(action: Action, platform: Platform): readonly string[] {
	switch (action.kind) {
		case "restart-docker":
			return [...forgetFailures(platform), service(platform, "restart")];
		case "start-docker":
			return [...forgetFailures(platform), service(platform, "start")];
		case "enable-live-restore":
			return [`# in ${daemonJsonPath(platform)}: "live-restore": true`, service(platform, "reload")];
		case "reload-firewalld":
			return ["firewall-cmd --reload"];
		case "reload-ufw":
			return ["ufw reload"];
		case "restart-container":
			return [`docker restart ${shq(action.container)}`];
		case "start-container":
			return [`docker start ${shq(action.container)}`];
		case "stop-container":
			return [`docker stop ${shq(action.container)}`];
		case "start-stopped-containers":
			return ["docker start CONTAINER   # each that ran before and does not run now"];
		case "load-modules":
			return [
				`modprobe -a ${shqWords(action.modules)}`,
				...(action.persist ? [`printf '%s\\n' ${shqWords(action.modules)} > ${MODULES_FILE}`] : []),
			];
		case "set-sysctl":
			return [
				`sysctl -w ${shq(`${action.key}=${action.value}`)}`,
				...(action.persist ? [`echo ${shq(`${action.key} = ${action.value}`)} > ${sysctlFile(action.key)}`] : []),
			];
		case "edit-daemon-json":
			return [
				...action.set.map(
					({ key, value }) => `# in ${daemonJsonPath(platform)}: ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
				),
				...action.remove.map((key) => `# in ${daemonJsonPath(platform)}: remove ${JSON.stringify(key)}`),
				`dockerd --validate --config-file=${daemonJsonPath(platform)}   # Docker 23 and later`,
			];
		case "write-drop-in":
			return [
				`# ${dropInPath(action)}`,
				...dropInText(action)
					.trimEnd()
					.split("\n")
					.map((line) => `#   ${line}`),
				"systemctl daemon-reload",
			];
		case "select-backend":
			return [4, 6].map((family) => {
				const name = family === 4 ? "iptables" : "ip6tables";
				return `update-alternatives --set ${name} /usr/sbin/${programOf(action.backend, family === 4 ? 4 : 6)}`;
			});
		case "remove-docker-leftovers":
			return [
				`${programOf(action.backend)}-save > leftovers.rules`,
				`${programOf(action.backend)} -w 5 -D FORWARD -j DOCKER-USER   # every jump to a chain of Docker's, by its number`,
				`${programOf(action.backend)} -w 5 -F DOCKER && ${programOf(action.backend)} -w 5 -X DOCKER   # each DOCKER* chain, in filter, nat and raw`,
			];
		case "install-package":
			return [installCommand(action.what, platform)];
		case "reboot":
			return [platform.appliance === "wsl" ? "wsl.exe --shutdown" : "shutdown -r +1"];
		case "release-lock":
			return ["fuser -v /run/xtables.lock", "iptables -w 5 -t nat -S >/dev/null && echo free"];
		case "delete-rule":
			return [ruleCommand("-D", action)];
		case "insert-rule":
			return [ruleCommand("-I", action)];
		case "set-forward-policy":
			return [`${program(action.backend, action.family)} -w 5 -P FORWARD ${action.policy}`];
		case "admit-in-nft-chain":
			return admitRules(action).map(
				(words) => `nft insert rule ${shqWords([action.family, action.table, action.chain])} ${words.join(" ")}`,
			);
		case "release-from-zone":
			return [
				`firewall-cmd --permanent --zone=${shq(action.zone)} --remove-interface=${shq(action.interface)}`,
				"firewall-cmd --reload",
			];
		case "set-option": {
			const { file, key, value } = OPTIONS[action.option];
			return [`sed -i 's/^#\\{0,1\\} *${key}=.*/${key}=${value}/' ${file}`, ...AFTER_OPTION[action.option]];
		}
		case "set-aside-network-store":
			return [service(platform, "stop"), "mv /var/lib/docker/network /var/lib/docker/network.aside"];
		case "add-ip-rule":
			return [`ip rule add from ${shq(action.from)} lookup ${shq(action.table)} priority ${action.priority}`];
		case "show-port-owner":
			return [
				`ss -H -lnp ${action.protocol === "tcp" ? "-t" : "-u"} 'sport = :${action.port}'`,
				`docker ps --filter publish=${action.port}`,
			];
		case "by-hand":
			return [];
		default:
			return action satisfies never;
	}
}

/** Where the daemon reads its file. Snap's and rootless daemons do not read /etc/docker. */
export function daemonJsonPath(platform: Platform): string {
	if (platform.rootless) return "~/.config/docker/daemon.json";
	if (isSnap(platform)) return "/var/snap/docker/current/config/daemon.json";
	return "/etc/docker/daemon.json";
}

/** One command that starts, stops, restarts or reloads dockerd. */
export function service(platform: Platform, verb: "start" | "stop" | "restart" | "reload"): string {
	if (isSnap(platform)) return verb === "reload" ? "snap restart --reload docker.dockerd" : `snap ${verb} docker`;
	if (platform.rootless) return `systemctl --user ${verb} docker`;
	switch (platform.services) {
		case "openrc":
			return verb === "reload" ? HUP : `rc-service docker ${verb}`;
		case "runit":
			return verb === "reload" ? "sv hup docker" : `sv ${verb} docker`;
		case "none":
			return verb === "reload" ? HUP : `service docker ${verb}`;
		default:
			return `systemctl ${verb} docker`;
	}
}

/** `-A PREROUTING …` words of the rules that let Docker through a foreign forward chain, last one first. */
export function admitRules(action: Extract<Action, { kind: "admit-in-nft-chain" }>): readonly (readonly string[])[] {
	// Inserted one above the other: established ends on top.
	return [
		["iifname", action.bridge, "accept"],
		["oifname", action.bridge, "ct", "status", "dnat", "accept"],
		["ct", "state", "established,related", "accept"],
	];
}

/** File that names modules for the next boot. */
export const MODULES_FILE = "/etc/modules-load.d/stackengine-docker.conf";

const HUP = 'kill -HUP "$(cat /run/docker.pid)"';

const AFTER_OPTION = {
	// `firewall-cmd --reload` keeps the old backend; only a restart of firewalld changes it.
	"firewalld-backend-nftables": ["systemctl restart firewalld"],
	"firewalld-strict-forward-ports-no": ["firewall-cmd --reload"],
	"ufw-manage-builtins-no": [],
	"netfilter-persistent-noflush": [],
} as const;

const isSnap = (platform: Platform): boolean => platform.services === "snap" || platform.appliance === "snap";

// After `Start request repeated too quickly` systemd refuses a start until the failures are forgotten.
function forgetFailures(platform: Platform): readonly string[] {
	const systemd = platform.services === "systemd" || platform.services === "unknown";
	return systemd && !platform.rootless && !isSnap(platform)
		? ["systemctl reset-failed docker.service docker.socket"]
		: [];
}

const program = (backend: RuleAddress["backend"], family: 4 | 6): string =>
	backend === null ? (family === 4 ? "iptables" : "ip6tables") : programOf(backend, family);

function ruleCommand(verb: "-D" | "-I", rule: RuleAddress): string {
	return `${program(rule.backend, rule.family)} -w 5 -t ${shq(rule.table)} ${verb} ${shq(rule.chain)} ${shqWords(rule.spec)}`;
}

/** Where a package of Debian's has another name than Ubuntu's or Docker's own. */
const APT_OTHERWISE: Readonly<Partial<Record<"iptables" | "kernel-modules" | "docker", string>>> = {
	"kernel-modules": 'Debian: linux-image-"$(uname -r)"',
	docker: "where Docker is Debian's or Ubuntu's own package: docker.io",
};

function installCommand(what: "iptables" | "kernel-modules" | "docker", platform: Platform): string {
	const manager = platform.packages === "unknown" ? "apt" : platform.packages;
	const names = PACKAGES[what][manager].map((name) => name.replace(RELEASE, '"$(uname -r)"'));
	const other = manager === "apt" ? APT_OTHERWISE[what] : undefined;
	return [...INSTALL[manager], ...names, ...(other === undefined ? [] : [`  # ${other}`])].join(" ");
}
