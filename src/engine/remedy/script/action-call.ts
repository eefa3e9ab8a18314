import { dropInPath, dropInText } from "../drop-in";
import { PACKAGES } from "../packages";
import type { Action, PackageManager } from "../plan";
import { forTerminal, lines, type Shell, sh } from "../shell-quote";
import { sysctlFile, sysctlPath } from "../sysctl-path";
import { OPTIONS } from "../wording";
import { ruleArguments } from "./check-call";

/** How the script does an action, sees that it is done, and takes it back. */
export type ActionCall = {
	readonly needs: readonly string[];
	/** Leaves yes or no in `answer`, `prose` for what only says something; null for what has no lasting state (restarts). */
	readonly settled: Shell | null;
	readonly change: Shell;
	/** Null: nothing can or need be taken back. */
	readonly revert: Shell | null;
};

/** The calls of one step; `n` is its number from 1. */
export function actionCall(action: Action, n: number): ActionCall {
	switch (action.kind) {
		case "restart-docker":
			return pulse("restart-docker", sh`change_restart_docker`);
		case "start-docker":
			return pulse("start-docker", sh`change_start_docker`);
		case "enable-live-restore":
			return {
				needs: ["live-restore", "scratch"],
				// Not counted among what is still to do: it only softens the restart after it.
				settled: null,
				change: sh`change_live_restore ${n}`,
				revert: sh`revert_live_restore ${n}`,
			};
		case "reload-firewalld":
			return { ...pulse("reload-firewalld", sh`change_reload_firewalld`), needs: ["reload-firewalld", "repaired"] };
		case "reload-ufw":
			return pulse("reload-ufw", sh`change_reload_ufw`);
		case "restart-container":
			return pulse("restart-container", sh`change_restart_container ${n} ${action.container}`);
		case "start-container":
		case "stop-container": {
			const verb = action.kind === "start-container" ? "start" : "stop";
			return {
				needs: ["container"],
				settled: sh`
					check_container_running ${action.container}
					${verb === "stop" ? sh`case "$answer" in yes) answer=no ;; no) answer=yes ;; *) ;; esac` : sh`:`}
				`,
				change: sh`change_container ${n} ${verb} ${action.container}`,
				revert: sh`revert_container ${n} ${action.container}`,
			};
		}
		case "start-stopped-containers":
			return pulse("start-stopped", sh`change_start_stopped`);
		case "load-modules": {
			const persist = action.persist ? "yes" : "no";
			return {
				needs: ["modules"],
				settled: sh`settled_modules ${persist} ${action.modules}`,
				change: sh`change_modules ${n} ${persist} ${action.modules}`,
				revert: sh`revert_modules ${n}`,
			};
		}
		case "set-sysctl": {
			const file = sysctlPath(action.key);
			const line = `${action.key} = ${action.value}`;
			const boot = action.persist ? sysctlFile(action.key) : "";
			return {
				needs: ["sysctl"],
				settled: sh`settled_sysctl ${file} ${action.value} ${line} ${boot}`,
				change: sh`change_sysctl ${n} ${file} ${action.value} ${line} ${boot}`,
				revert: sh`revert_sysctl ${n} ${file} ${action.value}`,
			};
		}
		case "edit-daemon-json": {
			const set = JSON.stringify(Object.fromEntries(action.set.map(({ key, value }) => [key, value])));
			const remove = JSON.stringify(action.remove);
			return {
				needs: ["edit-daemon-json", "scratch"],
				settled: sh`settled_daemon_json ${set} ${remove}`,
				change: sh`change_daemon_json ${n} ${set} ${remove} ${action.set.map(({ key }) => key)}`,
				revert: sh`revert_daemon_json ${n}`,
			};
		}
		case "write-drop-in": {
			const text = dropInText(action).trimEnd().split("\n");
			return {
				needs: ["drop-in", "scratch"],
				settled: sh`settled_drop_in ${dropInPath(action)} ${text}`,
				change: sh`change_drop_in ${n} ${dropInPath(action)} ${text}`,
				revert: sh`revert_drop_in ${n}`,
			};
		}
		case "select-backend":
			return {
				needs: ["backend"],
				settled: sh`settled_backend ${action.backend}`,
				change: sh`change_backend ${n} ${action.backend}`,
				revert: sh`revert_backend ${n}`,
			};
		case "remove-docker-leftovers":
			return {
				needs: ["leftovers"],
				settled: sh`settled_leftovers ${action.backend}`,
				change: sh`change_leftovers ${n} ${action.backend}`,
				revert: sh`revert_leftovers ${n} ${action.backend}`,
			};
		case "install-package":
			return {
				needs: ["package"],
				// A package may be installed and lack a file (libxt_addrtype.so): only the checks of the end tell.
				settled: null,
				change: sh`install_package ${n} ${action.what} ${MANAGERS.flatMap((manager) => PACKAGES[action.what][manager])}`,
				revert: sh`revert_package ${n}`,
			};
		case "reboot":
			return pulse("reboot", sh`change_reboot`);
		case "release-lock":
			return { needs: ["lock", "confirm"], settled: sh`check_lock_free`, change: sh`change_lock`, revert: null };
		case "delete-rule":
			return {
				needs: ["rule"],
				settled: sh`check_rule_absent ${ruleArguments(action)}`,
				change: sh`change_delete_rule ${n} ${ruleArguments(action)}`,
				revert: sh`revert_delete_rule ${n} ${ruleArguments(action)}`,
			};
		case "insert-rule":
			return {
				needs: ["rule"],
				settled: sh`check_rule_exists ${ruleArguments(action)}`,
				change: sh`change_insert_rule ${n} ${ruleArguments(action)}`,
				revert: sh`revert_insert_rule ${n} ${ruleArguments(action)}`,
			};
		case "set-forward-policy": {
			const words = [action.backend ?? "any", String(action.family), action.policy];
			return {
				needs: ["forward-policy"],
				settled: sh`check_forward_policy ${words}`,
				change: sh`change_forward_policy ${n} ${words}`,
				revert: sh`revert_forward_policy ${n} ${words}`,
			};
		}
		case "admit-in-nft-chain": {
			const words = [action.family, action.table, action.chain, action.bridge];
			return {
				needs: ["nft-admit"],
				settled: sh`settled_nft_admit ${words}`,
				change: sh`change_nft_admit ${n} ${words}`,
				revert: sh`revert_nft_admit ${n} ${words}`,
			};
		}
		case "release-from-zone":
			return {
				needs: ["zone"],
				settled: sh`settled_zone ${action.zone} ${action.interface}`,
				change: sh`change_zone ${n} ${action.zone} ${action.interface}`,
				revert: sh`revert_zone ${n} ${action.zone} ${action.interface}`,
			};
		case "set-option": {
			const { file, key, value } = OPTIONS[action.option];
			return {
				needs: ["option"],
				settled: sh`settled_option ${file} ${key} ${value}`,
				change: sh`change_option ${n} ${file} ${key} ${value}`,
				revert: sh`revert_option ${n} ${key}`,
			};
		}
		case "set-aside-network-store":
			return {
				needs: ["network-store"],
				settled: null,
				change: sh`change_network_store ${n}`,
				revert: sh`revert_network_store ${n}`,
			};
		case "add-ip-rule": {
			const family = action.from.includes(":") ? "6" : "4";
			const words = [family, action.from, action.table, String(Math.trunc(action.priority))];
			return {
				needs: ["ip-rule"],
				settled: sh`settled_ip_rule ${words.slice(0, 3)}`,
				change: sh`change_ip_rule ${n} ${words}`,
				revert: sh`revert_ip_rule ${n} ${words}`,
			};
		}
		case "show-port-owner":
			return prose("port-owner", sh`change_port_owner ${action.port} ${action.protocol}`);
		case "by-hand":
			return prose(
				"say",
				lines(
					action.instructions.length === 0
						? [sh`:`]
						: action.instructions.map((text) => sh`say ${`  - ${forTerminal(text)}`}`),
				),
			);
		default:
			return action satisfies never;
	}
}

const MANAGERS: readonly Exclude<PackageManager, "unknown">[] = ["apt", "dnf", "yum", "apk", "pacman", "zypper"];

const prose = (name: string, change: Shell): ActionCall => ({
	...pulse(name, change),
	settled: sh`answer=prose`,
});
const pulse = (name: string, change: Shell): ActionCall => ({ needs: [name], settled: null, change, revert: null });
