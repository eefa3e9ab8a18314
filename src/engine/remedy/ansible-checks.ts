import { literal, named, type Task } from "./ansible-text";
import type { Check, RuleAddress } from "./plan";
import { sysctlPath } from "./sysctl-path";
import { checkClaim, OPTIONS, programOf } from "./wording";

/** How a check is asked by Ansible: a command that changes nothing, and the Jinja condition on what it gave. */
type Question = {
	readonly argv: readonly string[] /** On the variable `answer`, which stands for the registered result. */;
	readonly holds: string;
};

const SUCCEEDS = "answer.rc == 0";

/**
 * Tasks that ask a check and stop the play with `otherwise` (or the claim) when it is not as expected. After the
 * repair it is asked again for some seconds, since dockerd and the containers come up in their own time.
 */
export function checkTasks(check: Check, label: string, expected: boolean, otherwise: string | null): readonly Task[] {
	const question = questionOf(check);
	const variable = `stackengine_${label}`;
	const holds = question.holds.replaceAll(/\banswer\b/g, variable);
	const after = otherwise === null;
	return [
		{
			name: named(`Ask whether ${checkClaim(check)}`),
			"ansible.builtin.command": { argv: question.argv },
			register: variable,
			changed_when: false,
			failed_when: false,
			check_mode: false,
			...(after ? { until: holds, retries: 8, delay: 2 } : {}),
		},
		{
			name: named(after ? `Prove that ${checkClaim(check)}` : "Stop when the host is not as the repair expects it"),
			"ansible.builtin.assert": {
				that: expected ? [holds] : [`not (${holds})`],
				fail_msg: literal(otherwise ?? `It is not so that ${checkClaim(check)}`),
				quiet: true,
			},
			// In check mode nothing was repaired, so there is nothing to prove.
			when: after ? "not ansible_check_mode" : "not (stackengine_whole | bool)",
		},
	];
}

/** Tasks that set `stackengine_whole`: does everything hold already? Without checks the answer is no. */
export function wholeTasks(after: readonly Check[], label: string, tries: number): readonly Task[] {
	const variables = after.map((_, index) => `stackengine_${label}_${index + 1}`);
	const asks = after.map((check, index): Task => {
		const variable = variables[index] ?? "";
		const holds = questionOf(check).holds.replaceAll(/\banswer\b/g, variable);
		return {
			name: named(`Look whether ${checkClaim(check)}`),
			"ansible.builtin.command": { argv: questionOf(check).argv },
			register: variable,
			changed_when: false,
			failed_when: false,
			check_mode: false,
			...(tries > 1 ? { until: holds, retries: tries, delay: 2 } : {}),
		};
	});
	const all = after.map(
		(check, index) => `(${questionOf(check).holds.replaceAll(/\banswer\b/g, variables[index] ?? "")})`,
	);
	const whole: Task = {
		name: "Note whether the host is whole already",
		"ansible.builtin.set_fact": { stackengine_whole: all.length === 0 ? false : `{{ ${all.join(" and ")} }}` },
	};
	return [...asks, whole];
}

/** Words of `iptables … -C CHAIN rule` and its kin. */
export function ruleArgv(verb: "-C" | "-D" | "-I", rule: RuleAddress): readonly string[] {
	const name = rule.family === 4 ? "iptables" : "ip6tables";
	const program = rule.backend === null ? name : programOf(rule.backend, rule.family);
	return [program, "-w", "5", "-t", rule.table, verb, rule.chain, ...rule.spec];
}

function questionOf(check: Check): Question {
	switch (check.kind) {
		case "chain-exists":
			return { argv: [...iptables(check.family), "-t", check.table, "-S", check.chain], holds: SUCCEEDS };
		case "jump-exists":
			return {
				argv: [...iptables(check.family), "-t", check.table, "-S", check.from],
				holds: `answer.rc == 0 and answer.stdout is search(' -[jg] ${check.to}(\\s|$)', multiline=true)`,
			};
		case "docker-chains-whole":
			return {
				argv: [...iptables(4), "-t", check.table, "-S"],
				holds:
					check.table === "nat"
						? "answer.rc == 0 and answer.stdout is search('-N DOCKER(\\s|$)') and answer.stdout is search('-A PREROUTING [^\\n]*-j DOCKER(\\s|$)') and answer.stdout is search('-A OUTPUT [^\\n]*-j DOCKER(\\s|$)')"
						: "answer.rc == 0 and answer.stdout is search('-N DOCKER(\\s|$)') and answer.stdout is search('-A FORWARD [^\\n]*-j DOCKER(-FORWARD)?(\\s|$)')",
			};
		case "table-usable":
			return { argv: [...iptables(check.family), "-t", check.table, "-S"], holds: SUCCEEDS };
		case "backend-is":
			return {
				argv: ["iptables", "-V"],
				holds: `answer.rc == 0 and ${check.backend === "legacy" ? "'nf_tables' not in answer.stdout" : "'nf_tables' in answer.stdout"}`,
			};
		case "no-docker-leftovers":
			return { argv: [`${programOf(check.backend)}-save`], holds: "answer.rc != 0 or ':DOCKER' not in answer.stdout" };
		case "lock-free":
			return { argv: ["flock", "-n", "/run/xtables.lock", "true"], holds: SUCCEEDS };
		case "program-present":
			return { argv: ["which", check.program], holds: SUCCEEDS };
		case "extension-usable":
			return {
				argv: [...iptables(4), /^[A-Z]/.test(check.extension) ? "-j" : "-m", check.extension, "--help"],
				holds:
					"'missing kernel module' not in answer.stderr and 'load match' not in answer.stderr and 'load target' not in answer.stderr",
			};
		case "modules-of-running-kernel":
			return { argv: ["test", "-d", "/lib/modules/{{ ansible_kernel }}"], holds: SUCCEEDS };
		case "module-loaded":
			return { argv: ["test", "-d", `/sys/module/${check.module.replaceAll("-", "_")}`], holds: SUCCEEDS };
		case "sysctl-is":
			return { argv: ["cat", sysctlPath(check.key)], holds: `answer.stdout.split() == '${check.value}'.split()` };
		case "sysctl-at-least":
			return {
				argv: ["cat", sysctlPath(check.key)],
				holds: `answer.rc == 0 and (answer.stdout | int) >= ${Math.trunc(check.least)}`,
			};
		case "daemon-running":
			return {
				argv: ["docker", "version", "--format", SERVER_VERSION],
				holds: "answer.rc == 0 and answer.stdout | length > 0",
			};
		case "daemon-config-valid":
			return {
				argv: ["dockerd", "--validate"],
				// Docker 20.10 and older do not know the flag, which says nothing about the file.
				holds: "answer.rc == 0 or 'unknown flag' in answer.stderr",
			};
		case "iptables-enabled":
			return {
				argv: ["grep", "-s", "-E", '"iptables"[[:space:]]*:[[:space:]]*false', "/etc/docker/daemon.json"],
				holds: "answer.rc != 0",
			};
		case "port-free":
			return {
				argv: ["ss", "-H", check.protocol === "tcp" ? "-lnt" : "-lnu", `sport = :${check.port}`],
				holds: "answer.rc == 0 and answer.stdout | length == 0",
			};
		case "port-published":
			return {
				argv: [...iptables(4), "-t", "nat", "-S"],
				holds: `answer.rc == 0 and answer.stdout is search('--dport ${check.port} [^\\n]*-j DNAT')`,
			};
		case "interface-exists":
			return { argv: ["test", "-e", `/sys/class/net/${check.interface}`], holds: SUCCEEDS };
		case "container-running":
			return {
				argv: ["docker", "inspect", "--type", "container", "--format", RUNNING, check.container],
				holds: "answer.stdout == 'true'",
			};
		case "rule-exists":
			return { argv: ruleArgv("-C", check), holds: SUCCEEDS };
		case "rule-absent":
			return { argv: ruleArgv("-C", check), holds: "answer.rc == 1" };
		case "forward-policy-is":
			return {
				argv: [...iptables(check.family), "-S", "FORWARD"],
				holds: `answer.rc == 0 and '-P FORWARD ${check.policy}' in answer.stdout`,
			};
		case "firewalld-running":
			return { argv: ["firewall-cmd", "--state"], holds: SUCCEEDS };
		case "option-set": {
			const { file, key, value } = OPTIONS[check.option];
			return { argv: ["grep", "-q", "-E", `^${key}="?${value}"?$`, file], holds: SUCCEEDS };
		}
		default:
			return check satisfies never;
	}
}

/** Go templates of docker inside Ansible's own template marks. */
export const SERVER_VERSION = "{{ '{{.Server.Version}}' }}";
const RUNNING = "{{ '{{.State.Running}}' }}";

const iptables = (family: 4 | 6): readonly string[] => [family === 4 ? "iptables" : "ip6tables", "-w", "5"];
