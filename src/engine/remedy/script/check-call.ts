import type { Check, RuleAddress } from "../plan";
import { type Shell, sh } from "../shell-quote";
import { sysctlPath } from "../sysctl-path";
import { OPTIONS } from "../wording";

/** How the script asks a check: the fragments it needs and the call. */
export type Call = { readonly needs: readonly string[]; readonly shell: Shell };

/** One call of a function of `checks.ts`. */
export function checkCall(check: Check): Call {
	switch (check.kind) {
		case "chain-exists":
			return call("check_chain_exists", check.family, check.table, check.chain);
		case "jump-exists":
			return call("check_jump_exists", check.family, check.table, check.from, check.to);
		case "docker-chains-whole":
			return call("check_docker_chains", check.table);
		case "table-usable":
			return call("check_table_usable", check.family, check.table);
		case "backend-is":
			return call("check_backend_is", check.backend);
		case "no-docker-leftovers":
			return call("check_no_leftovers", check.backend);
		case "lock-free":
			return call("check_lock_free");
		case "program-present":
			return call("check_program_present", check.program);
		case "extension-usable":
			return call("check_extension", check.extension);
		case "modules-of-running-kernel":
			return call("check_kernel_modules");
		case "module-loaded":
			return call("check_module_loaded", check.module);
		case "sysctl-is":
			return call("check_sysctl_is", sysctlPath(check.key), check.value);
		case "sysctl-at-least":
			return {
				needs: ["check_sysctl_is"],
				shell: sh`check_sysctl_at_least ${sysctlPath(check.key)} ${Math.trunc(check.least)}`,
			};
		case "daemon-running":
			return { needs: ["docker"], shell: sh`check_daemon_running` };
		case "daemon-config-valid":
			return call("check_daemon_config");
		case "iptables-enabled":
			return call("check_iptables_enabled");
		case "port-free":
			return call("check_port_free", check.port, check.protocol);
		case "port-published":
			return call("check_port_published", check.port);
		case "interface-exists":
			return call("check_interface_exists", check.interface);
		case "container-running":
			return call("check_container_running", check.container);
		case "rule-exists":
			return { needs: ["check_rule_exists"], shell: sh`check_rule_exists ${ruleArguments(check)}` };
		case "rule-absent":
			return { needs: ["check_rule_absent"], shell: sh`check_rule_absent ${ruleArguments(check)}` };
		case "forward-policy-is":
			return call("check_forward_policy", "any", check.family, check.policy);
		case "firewalld-running":
			return call("check_firewalld");
		case "option-set": {
			const { file, key, value } = OPTIONS[check.option];
			return call("check_option", file, key, value);
		}
		default:
			return check satisfies never;
	}
}

/** Backend, family, table, chain and the rule's words, as the functions of the script take them. */
export function ruleArguments(rule: RuleAddress): readonly string[] {
	return [rule.backend ?? "any", String(rule.family), rule.table, rule.chain, ...rule.spec];
}

function call(name: string, ...words: readonly (string | number)[]): Call {
	return {
		needs: [name],
		shell:
			words.length === 0 ? { kind: "shell", text: name } : sh`${{ kind: "shell", text: name }} ${words.map(String)}`,
	};
}
