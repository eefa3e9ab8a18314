import { ruleArgv, SERVER_VERSION } from "./ansible-checks";
import { literal, named, type Task } from "./ansible-text";
import { admitRules, daemonJsonPath, MODULES_FILE } from "./commands";
import { dropInPath, dropInText } from "./drop-in";
import { safeguardFiles, safeguardSettings } from "./formats/safeguards";
import { PACKAGES, RELEASE } from "./packages";
import type { Action, JsonValue, Plan, Platform, RuleAddress, Safeguard } from "./plan";
import { sysctlFile, sysctlPath } from "./sysctl-path";
import { actionTitle, OPTIONS, programOf, skippedWhenRepaired } from "./wording";

/** Tasks of one step (`index` from 0), with the condition under which it is needed. */
export function actionTasks(plan: Plan, index: number, platform: Platform): readonly Task[] {
	const step = plan.steps[index];
	if (step === undefined) return [];
	const { tasks, pulse } = tasksOf(step.action, index + 1, platform);
	const conditions = [
		...(skippedWhenRepaired(step) ? ["not (stackengine_whole | bool)"] : []),
		// A restart counts only when something is wrong or something was changed for it to read.
		...(pulse && !skippedWhenRepaired(step) ? [neededFor(plan, index)] : []),
	];
	return conditions.length === 0
		? tasks
		: tasks.map((task) => ({ ...task, when: [...conditions, ...conditionsOf(task)] }));
}

/** Files of a safeguard. Settings go into files that another program owns, only where that program is. */
export function keepTasks(safeguard: Safeguard, platform: Platform): readonly Task[] {
	return [
		...safeguardFiles(safeguard, platform).flatMap(({ path, content, title }) => {
			const folder = path.slice(0, path.lastIndexOf("/"));
			const variable = `stackengine_folder_${folder.replaceAll(/[^a-z0-9]+/gi, "_")}`;
			return [
				{ name: named(`Look for ${folder}`), "ansible.builtin.stat": { path: folder }, register: variable },
				{ ...fileTask(`${title}: ${path}`, path, content), when: `${variable}.stat.exists` },
			];
		}),
		...safeguardSettings(safeguard, platform).flatMap(({ file, key, value }) => {
			const variable = `stackengine_file_${file.replaceAll(/[^a-z0-9]+/gi, "_")}`;
			return [
				{ name: named(`Look for ${file}`), "ansible.builtin.stat": { path: file }, register: variable },
				{
					name: named(`Set ${key} in ${file}`),
					"ansible.builtin.lineinfile": {
						path: file,
						regexp: `^[#\\s]*${key}\\s*=`,
						line: `${key}=${value}`,
						backup: true,
					},
					when: `${variable}.stat.exists`,
				},
			];
		}),
	];
}

type Tasks = {
	readonly tasks: readonly Task[] /** Restarts and reloads: no state of their own. */;
	readonly pulse: boolean;
};

function tasksOf(action: Action, n: number, platform: Platform): Tasks {
	const title = named(actionTitle(action));
	const result = `stackengine_step_${n}`;
	const state = (...tasks: readonly Task[]): Tasks => ({ tasks, pulse: false });
	const pulse = (...tasks: readonly Task[]): Tasks => ({ tasks, pulse: true });
	switch (action.kind) {
		case "restart-docker":
			return pulse(...forgetFailures(platform), serviceTask(title, "restarted", platform), waitTask());
		case "start-docker":
			return pulse(...forgetFailures(platform), serviceTask(title, "started", platform), waitTask());
		case "enable-live-restore":
			return state(
				question(
					"Ask dockerd for live-restore and swarm",
					["docker", "info", "--format", LIVE_RESTORE],
					`${result}_info`,
				),
				...daemonJsonTasks(title, result, { "live-restore": true }, [], platform).map((task) => ({
					...task,
					when: [`${result}_info.stdout == 'false inactive'`, ...conditionsOf(task)],
				})),
				{
					// By its signal: init scripts know no reload.
					...command("Let dockerd read live-restore", ["pkill", "-HUP", "-x", "dockerd"]),
					when: `${result} is changed and not ansible_check_mode`,
				},
			);
		case "reload-firewalld":
			return pulse(
				question("Ask whether firewalld runs", ["firewall-cmd", "--state"], `${result}_state`),
				command(title, ["firewall-cmd", "--reload"], { when: `${result}_state.rc == 0` }),
			);
		case "reload-ufw":
			return pulse(
				question("Ask whether ufw is active", ["ufw", "status"], `${result}_state`),
				command(title, ["ufw", "reload"], { when: `'Status: active' in ${result}_state.stdout` }),
			);
		case "restart-container":
			return pulse(command(title, ["docker", "restart", action.container]));
		case "start-container":
		case "stop-container": {
			const verb = action.kind === "start-container" ? "start" : "stop";
			return state(
				question(
					"Ask whether the container runs",
					["docker", "inspect", "--format", RUNNING, action.container],
					`${result}_runs`,
				),
				command(title, ["docker", verb, action.container], { when: `${result}_runs.stdout == '${verb === "stop"}'` }),
			);
		}
		case "start-stopped-containers":
			return state(
				question("Ask which containers run now", ["docker", "ps", "--quiet", "--no-trunc"], `${result}_now`),
				command(title, ["docker", "start", "{{ item }}"], {
					loop: `{{ stackengine_running.stdout_lines | default([]) | difference(${result}_now.stdout_lines) }}`,
				}),
			);
		case "load-modules":
			return state(
				{
					...command(title, ["modprobe", "--first-time", "{{ item }}"], { loop: action.modules }),
					register: result,
					changed_when: `${result}.rc == 0`,
					// Loaded already, or built in; the proof at the end says whether it is enough.
					failed_when: false,
				},
				...(action.persist
					? [fileTask("Load the modules at each boot", MODULES_FILE, `${action.modules.join("\n")}\n`)]
					: []),
			);
		case "set-sysctl":
			return state(
				...(action.persist
					? [fileTask(`Keep ${action.key} at each boot`, sysctlFile(action.key), `${action.key} = ${action.value}\n`)]
					: []),
				question(`Read ${action.key}`, ["cat", sysctlPath(action.key)], `${result}_now`),
				command(title, ["sysctl", "-w", `${action.key}=${action.value}`], {
					register: result,
					when: `${result}_now.stdout.split() != '${action.value}'.split()`,
				}),
			);
		case "edit-daemon-json":
			return state(
				...daemonJsonTasks(
					title,
					result,
					Object.fromEntries(action.set.map(({ key, value }) => [key, value])),
					action.remove,
					platform,
				),
			);
		case "write-drop-in":
			return state(
				{
					name: "Make the folder for drop-ins",
					"ansible.builtin.file": { path: `/etc/systemd/system/${action.unit}.d`, state: "directory", mode: "0755" },
					when: SYSTEMD,
				},
				{ ...fileTask(title, dropInPath(action), dropInText(action)), register: result, when: SYSTEMD },
				{
					name: "Let systemd read its units again",
					"ansible.builtin.systemd": { daemon_reload: true },
					when: SYSTEMD,
				},
			);
		case "select-backend":
			return state(
				question("Ask which backend is in use", ["iptables", "-V"], `${result}_now`),
				command(title, ["update-alternatives", "--set", "{{ item.name }}", "{{ item.path }}"], {
					loop: [
						{ name: "iptables", path: `/usr/sbin/${programOf(action.backend, 4)}` },
						{ name: "ip6tables", path: `/usr/sbin/${programOf(action.backend, 6)}` },
					],
					register: result,
					when: `'${action.backend}' not in ${result}_now.stdout`,
				}),
			);
		case "remove-docker-leftovers":
			return state({
				name: title,
				"ansible.builtin.shell": { cmd: leftoversScript(action.backend), executable: "/bin/sh" },
				register: result,
				changed_when: `'removed' in ${result}.stdout`,
			});
		case "install-package":
			return state({
				name: title,
				"ansible.builtin.package": {
					name: "{{ stackengine_packages[ansible_pkg_mgr] | default('iptables') }}",
					state: "present",
				},
				vars: { stackengine_packages: packageNames(action.what) },
				register: result,
			});
		case "reboot":
			return pulse({ name: title, "ansible.builtin.reboot": {} });
		case "release-lock":
			return state({
				...command(title, ["flock", "-w", "60", "/run/xtables.lock", "true"], {}),
				changed_when: false,
			});
		case "delete-rule":
		case "insert-rule":
			return state(
				question("Ask whether the rule is there", ruleArgv("-C", action), `${result}_there`),
				command(title, ruleArgv(action.kind === "delete-rule" ? "-D" : "-I", action), {
					register: result,
					when: `${result}_there.rc ${action.kind === "delete-rule" ? "==" : "!="} 0`,
				}),
			);
		case "set-forward-policy":
			return state(
				question("Read the policy of FORWARD", policyArgv(action, ["-S", "FORWARD"]), `${result}_now`),
				command(title, policyArgv(action, ["-P", "FORWARD", action.policy]), {
					register: result,
					when: `'-P FORWARD ${action.policy}' not in ${result}_now.stdout`,
				}),
			);
		case "admit-in-nft-chain":
			return state(
				question(
					"Read the chain",
					["nft", "list", "chain", action.family, action.table, action.chain],
					`${result}_now`,
				),
				...admitRules(action).map((words) =>
					command(
						title,
						[
							"nft",
							"insert",
							"rule",
							action.family,
							action.table,
							action.chain,
							...words,
							"comment",
							`"stackengine-${action.bridge}"`,
						],
						{ when: `'stackengine-${action.bridge}' not in ${result}_now.stdout` },
					),
				),
			);
		case "release-from-zone":
			return state(
				question(
					"Ask whether the zone holds the interface",
					["firewall-cmd", "--permanent", `--zone=${action.zone}`, `--query-interface=${action.interface}`],
					`${result}_there`,
				),
				command(
					title,
					["firewall-cmd", "--permanent", `--zone=${action.zone}`, `--remove-interface=${action.interface}`],
					{
						register: result,
						when: `${result}_there.rc == 0`,
					},
				),
				command("Let firewalld read its zones again", ["firewall-cmd", "--reload"], {
					when: `${result}_there.rc == 0`,
				}),
			);
		case "set-option": {
			const { file, key, value } = OPTIONS[action.option];
			const there = `${result}_file.stat.exists`;
			return state(
				{ name: named(`Look for ${file}`), "ansible.builtin.stat": { path: file }, register: `${result}_file` },
				{
					name: title,
					"ansible.builtin.lineinfile": { path: file, regexp: `^#?\\s*${key}=`, line: `${key}=${value}`, backup: true },
					register: result,
					when: there,
				},
				...(file.startsWith("/etc/firewalld/")
					? [
							{
								name: "Let firewalld read its file again",
								"ansible.builtin.service": { name: "firewalld", state: "restarted" },
								when: [there, `${result} is changed and not ansible_check_mode`],
							},
						]
					: []),
			);
		}
		case "set-aside-network-store":
			return state(
				serviceTask("Stop dockerd", "stopped", platform),
				command(
					title,
					["mv", "/var/lib/docker/network", "/var/lib/docker/network.{{ ansible_date_time.iso8601_basic_short }}"],
					{
						register: result,
					},
				),
			);
		case "add-ip-rule": {
			const family = action.from.includes(":") ? "-6" : "-4";
			const words = ["from", action.from, "lookup", action.table];
			return state(
				question("Read the routing rules", ["ip", family, "rule", "show"], `${result}_now`),
				command(title, ["ip", family, "rule", "add", ...words, "priority", String(Math.trunc(action.priority))], {
					register: result,
					when: `'${words.join(" ")}' not in ${result}_now.stdout`,
				}),
			);
		}
		case "show-port-owner":
			return state(
				question(title, ["ss", "-H", action.protocol === "tcp" ? "-lntp" : "-lnup", `sport = :${action.port}`], result),
				{ name: "Say who it is", "ansible.builtin.debug": { var: `${result}.stdout_lines` } },
			);
		case "by-hand":
			return state({
				name: "Say what is left to do by hand",
				"ansible.builtin.debug": { msg: action.instructions.map(literal) },
			});
		default:
			return action satisfies never;
	}
}

/** A command that changes something. In check mode Ansible passes over it. */
function command(name: string, argv: readonly string[], more: Task = {}): Task {
	return { name: named(name), "ansible.builtin.command": { argv }, changed_when: true, ...more };
}

/** A command that only reads. */
function question(name: string, argv: readonly string[], register: string): Task {
	return {
		name: named(name),
		"ansible.builtin.command": { argv },
		register,
		changed_when: false,
		failed_when: false,
		check_mode: false,
	};
}

function fileTask(name: string, dest: string, content: string): Task {
	return {
		name: named(name),
		"ansible.builtin.copy": { dest, content, owner: "root", group: "root", mode: "0644", backup: true },
	};
}

function serviceTask(name: string, state: "started" | "stopped" | "restarted", platform: Platform): Task {
	if (platform.rootless)
		return { name: named(name), "ansible.builtin.systemd": { name: "docker", state, scope: "user" } };
	if (platform.services === "snap" || platform.appliance === "snap") {
		const verb = state === "started" ? "start" : state === "stopped" ? "stop" : "restart";
		return command(name, ["snap", verb, "docker"]);
	}
	return { name: named(name), "ansible.builtin.service": { name: "docker", state } };
}

function forgetFailures(platform: Platform): readonly Task[] {
	if (platform.rootless || platform.services === "snap" || platform.appliance === "snap") return [];
	return [
		{
			name: "Forget failed starts, after which systemd refuses another",
			"ansible.builtin.command": { argv: ["systemctl", "reset-failed", "docker.service", "docker.socket"] },
			changed_when: false,
			failed_when: false,
			when: SYSTEMD,
			// No module does this; ansible-lint before 6.14 does not know that.
			tags: ["skip_ansible_lint"],
		},
	];
}

function waitTask(): Task {
	return {
		name: "Wait until dockerd answers",
		"ansible.builtin.command": { argv: ["docker", "version", "--format", SERVER_VERSION] },
		register: "stackengine_answer",
		until: "stackengine_answer.rc == 0",
		retries: 30,
		delay: 2,
		changed_when: false,
	};
}

/** Reads, merges and writes daemon.json; dockerd 23 and later looks at the new file before it is put in place. */
function daemonJsonTasks(
	title: string,
	result: string,
	set: { readonly [key: string]: JsonValue },
	remove: readonly string[],
	platform: Platform,
): readonly Task[] {
	const path = daemonJsonPath(platform).replace("~", "{{ ansible_user_dir }}");
	const old = `(${result}_file.content | default('e30K') | b64decode | trim | default('{}', true) | from_json)`;
	const merged = `${old} | combine(stackengine_set) | dict2items | rejectattr('key', 'in', stackengine_remove) | items2dict`;
	return [
		{
			name: "Read daemon.json",
			"ansible.builtin.slurp": { src: path },
			register: `${result}_file`,
			failed_when: false,
		},
		question("Ask for the version of dockerd", ["dockerd", "--version"], `${result}_version`),
		{
			name: title,
			"ansible.builtin.copy": {
				dest: path,
				content: `{{ ${merged} | to_nice_json(indent=2, sort_keys=false) }}\n`,
				mode: "0644",
				backup: true,
				validate: `{{ 'dockerd --validate --config-file=%s' if (${result}_version.stdout | regex_search('[0-9]+') | default('0', true) | int) >= 23 else omit }}`,
			},
			vars: { stackengine_set: untemplated(set), stackengine_remove: remove },
			register: result,
			when: [`${old} != (${merged})`],
		},
	];
}

/** A value in which Ansible finds no template of its own. */
function untemplated(value: JsonValue): JsonValue {
	if (typeof value === "string") return value.replaceAll(/\{[{%#]/g, "{{ '$&' }}");
	if (Array.isArray(value)) return value.map(untemplated);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, untemplated(inner)]));
}

function policyArgv(
	action: { readonly backend: RuleAddress["backend"]; readonly family: 4 | 6 },
	words: readonly string[],
): readonly string[] {
	const name = action.family === 4 ? "iptables" : "ip6tables";
	return [action.backend === null ? name : programOf(action.backend, action.family), "-w", "5", ...words];
}

function packageNames(what: "iptables" | "kernel-modules" | "docker"): {
	readonly [manager: string]: readonly string[];
} {
	return Object.fromEntries(
		Object.entries(PACKAGES[what]).map(([manager, names]) => [
			manager,
			names.map((name) => name.replace(RELEASE, "{{ ansible_kernel }}")),
		]),
	);
}

// The script does more (it saves, and judges the policy of FORWARD); a play for many hosts touches only Docker's names.
function leftoversScript(backend: "nf_tables" | "legacy"): string {
	return `set -eu
for program in ${programOf(backend, 4)} ${programOf(backend, 6)}; do
  command -v "$program" >/dev/null || continue
  for table in filter nat raw; do
    "$program-save" -t "$table" 2>/dev/null | grep -q '^:DOCKER' || continue
    rules=$("$program" -w 5 -t "$table" -S)
    printf '%s\\n' "$rules" | awk '/^-A / { n[$2]++; if ($2 !~ /^DOCKER/ && $0 ~ / -[jg] DOCKER(-[A-Z0-9-]+)?$/) print n[$2], $2 }' | sort -rn |
      while read -r number chain; do "$program" -w 5 -t "$table" -D "$chain" "$number"; done
    chains=$(printf '%s\\n' "$rules" | awk '/^-N DOCKER(-[A-Z0-9-]+)?$/ { print $2 }')
    for chain in $chains; do "$program" -w 5 -t "$table" -F "$chain"; done
    for chain in $chains; do "$program" -w 5 -t "$table" -X "$chain"; done
    echo "removed from $table"
  done
done
`;
}

/** Nothing is wrong and nothing was changed: then a restart has no reason. */
function neededFor(plan: Plan, index: number): string {
	const results = plan.steps
		.slice(0, index)
		.flatMap((step, at) => (RECORDED.has(step.action.kind) ? [`stackengine_step_${at + 1} | default({})`] : []));
	const changed = results.length === 0 ? "" : ` or [${results.join(", ")}] | select('changed') | list | length > 0`;
	return `not (stackengine_whole | bool)${changed}`;
}

const RECORDED: ReadonlySet<Action["kind"]> = new Set([
	"edit-daemon-json",
	"write-drop-in",
	"select-backend",
	"load-modules",
	"install-package",
	"set-option",
	"set-aside-network-store",
]);

function conditionsOf(task: Task): readonly unknown[] {
	const when = task["when"];
	return when === undefined ? [] : Array.isArray(when) ? when : [when];
}

const LIVE_RESTORE = "{{ '{{.LiveRestoreEnabled}} {{.Swarm.LocalNodeState}}' }}";
const RUNNING = "{{ '{{.State.Running}}' }}";

const SYSTEMD = "ansible_service_mgr == 'systemd'";
