import { INTERRUPTION, STOP_TIMEOUT } from "./interruption";
import type { Action, Check, FirewallOption, Interrupts, Precondition, RuleAddress, Step } from "./plan";

/** What each part of a plan is called, in every format. Code inside sentences stands between back-ticks. */

/** What a step does, as an order: `Restart dockerd`. */
export function actionTitle(action: Action): string {
	switch (action.kind) {
		case "restart-docker":
			return "Restart dockerd";
		case "start-docker":
			return "Start dockerd";
		case "enable-live-restore":
			return "Switch live-restore on without a restart";
		case "reload-firewalld":
			return "Reload firewalld, where it runs";
		case "reload-ufw":
			return "Reload ufw, where it is active";
		case "restart-container":
			return `Restart the container \`${action.container}\``;
		case "start-container":
			return `Start the container \`${action.container}\``;
		case "stop-container":
			return `Stop the container \`${action.container}\``;
		case "start-stopped-containers":
			return "Start again the containers that ran before";
		case "load-modules":
			return `Load ${action.modules.map((name) => `\`${name}\``).join(", ")}${action.persist ? ", now and at each boot" : ""}`;
		case "set-sysctl":
			return `Set \`${action.key}\` to ${action.value}${action.persist ? ", now and at each boot" : ""}`;
		case "edit-daemon-json": {
			const set = action.set.map(({ key, value }) => `set \`${key}\` to \`${JSON.stringify(value)}\``);
			const removed = action.remove.map((key) => `remove \`${key}\``);
			return `In daemon.json ${[...set, ...removed].join(", ")}`;
		}
		case "write-drop-in":
			return `Write the drop-in \`${action.name}.conf\` of ${action.unit}`;
		case "select-backend":
			return `Make \`${programOf(action.backend)}\` the host's iptables`;
		case "remove-docker-leftovers":
			return `Remove Docker's leftovers from the ${action.backend} tables`;
		case "install-package":
			return PACKAGE_TITLES[action.what];
		case "reboot":
			return "Reboot the host";
		case "release-lock":
			return "Find who holds the xtables lock and wait for it";
		case "delete-rule":
			return `Delete one rule of \`${action.chain}\` in table ${action.table}`;
		case "insert-rule":
			return `Insert one rule at the head of \`${action.chain}\` in table ${action.table}`;
		case "set-forward-policy":
			return `Set the policy of FORWARD to ${action.policy}`;
		case "admit-in-nft-chain":
			return `Admit Docker's traffic of \`${action.bridge}\` in the nft chain \`${action.family} ${action.table} ${action.chain}\``;
		case "release-from-zone":
			return `Take \`${action.interface}\` out of the firewalld zone \`${action.zone}\``;
		case "set-option":
			return `Set \`${OPTIONS[action.option].key}=${OPTIONS[action.option].value}\` in \`${OPTIONS[action.option].file}\``;
		case "set-aside-network-store":
			return "Move Docker's network store aside";
		case "add-ip-rule":
			return `Look up \`${action.from}\` in routing table \`${action.table}\``;
		case "show-port-owner":
			return `Show who has port ${action.port}/${action.protocol}`;
		case "by-hand":
			return "By hand";
		default:
			return action satisfies never;
	}
}

/** How a step is taken back, or what of it cannot be; one sentence. */
export function undoSentence(action: Action): string {
	switch (action.kind) {
		case "restart-docker":
		case "start-docker":
			return "A start of dockerd cannot be taken back; nothing on disk changes by it.";
		case "enable-live-restore":
		case "edit-daemon-json":
			return "The saved daemon.json is put back if nobody changed it since; a restart of dockerd applies it.";
		case "reload-firewalld":
		case "reload-ufw":
			return "A reload cannot be taken back; it reads the files as they are.";
		case "restart-container":
			return "A restart cannot be taken back; the container runs as before.";
		case "start-container":
			return "The container is stopped again if this started it.";
		case "stop-container":
			return "The container is started again if this stopped it.";
		case "start-stopped-containers":
			return "Not taken back: these containers ran before.";
		case "load-modules":
			return "Modules that this loaded are removed if nothing uses them; the file for the next boot goes.";
		case "set-sysctl":
			return "The earlier value is written back; the file for the next boot goes.";
		case "write-drop-in":
			return "The earlier drop-in is put back, or the file goes; a restart of dockerd applies it.";
		case "select-backend":
			return "The earlier alternative is selected again; dockerd is not restarted, and what it wrote with the other backend meanwhile stays there.";
		case "remove-docker-leftovers":
			return "The saved tables of that backend are put back if nobody changed them since.";
		case "install-package":
			return "The package stays installed; the name is recorded, so that it can be removed by hand.";
		case "reboot":
			return "A reboot cannot be taken back; until it begins `shutdown -c` calls it off.";
		case "release-lock":
			return "Nothing to take back: it waits for the holder.";
		case "delete-rule":
			return "The rule is inserted again at its old place.";
		case "insert-rule":
			return "The rule is deleted.";
		case "set-forward-policy":
			return "The earlier policy is set again.";
		case "admit-in-nft-chain":
			return "The rules are deleted by the comment that they carry.";
		case "release-from-zone":
			return "The interface is put into its zone again and firewalld is reloaded.";
		case "set-option":
			return "The saved file is put back if nobody changed it since.";
		case "set-aside-network-store":
			return "The store is moved back while dockerd is stopped.";
		case "add-ip-rule":
			return "The rule is deleted.";
		case "show-port-owner":
			return "Reads only.";
		case "by-hand":
			return "By hand.";
		default:
			return action satisfies never;
	}
}

/** A check as a claim that is true or not: `chain DOCKER exists in table nat`. */
export function checkClaim(check: Check): string {
	return claims(check)[0];
}

/** A precondition as what must be so: the claim, or its contrary. */
export function preconditionSentence({ check, holds }: Precondition): string {
	return claims(check)[holds ? 0 : 1];
}

/** The claim and its contrary. */
function claims(check: Check): readonly [string, string] {
	switch (check.kind) {
		case "chain-exists": {
			const chain = `chain \`${check.chain}\``;
			const where = `table ${check.table}${ofFamily(check.family)}`;
			return [`${chain} exists in ${where}`, `${chain} is missing in ${where}`];
		}
		case "jump-exists": {
			const where = `in table ${check.table}${ofFamily(check.family)}`;
			return [
				`\`${check.from}\` jumps to \`${check.to}\` ${where}`,
				`the jump from \`${check.from}\` to \`${check.to}\` is missing ${where}`,
			];
		}
		case "docker-chains-whole":
			return [
				`Docker's chains and jumps in table ${check.table} are whole`,
				`something of Docker's chains and jumps in table ${check.table} is missing`,
			];
		case "table-usable":
			return [
				`table ${check.table} can be used${ofFamily(check.family)}`,
				`table ${check.table} cannot be used${ofFamily(check.family)}`,
			];
		case "backend-is":
			return [`iptables uses the ${check.backend} backend`, `iptables does not use the ${check.backend} backend`];
		case "no-docker-leftovers":
			return [
				`the ${check.backend} tables hold no chain of Docker's`,
				`the ${check.backend} tables hold chains of Docker's`,
			];
		case "lock-free":
			return ["nobody holds the xtables lock", "something holds the xtables lock"];
		case "program-present":
			return [`the program \`${check.program}\` is there`, `the program \`${check.program}\` is missing`];
		case "extension-usable":
			return [`iptables can use \`${check.extension}\``, `iptables cannot use \`${check.extension}\``];
		case "modules-of-running-kernel":
			return ["the modules of the running kernel are on disk", "the modules of the running kernel are not on disk"];
		case "module-loaded":
			return [`the module \`${check.module}\` is loaded or built in`, `the module \`${check.module}\` is not loaded`];
		case "sysctl-is":
			return [`\`${check.key}\` is ${check.value}`, `\`${check.key}\` is not ${check.value}`];
		case "sysctl-at-least":
			return [`\`${check.key}\` is at least ${check.least}`, `\`${check.key}\` is below ${check.least}`];
		case "daemon-running":
			return ["dockerd answers", "dockerd does not answer"];
		case "daemon-config-valid":
			return ["dockerd accepts its configuration file", "dockerd does not accept its configuration file"];
		case "iptables-enabled":
			return [
				"dockerd makes rules (iptables is not switched off)",
				"dockerd is told to make no rules (iptables is false)",
			];
		case "port-free":
			return [
				`nothing listens on port ${check.port}/${check.protocol}`,
				`something listens on port ${check.port}/${check.protocol}`,
			];
		case "port-published":
			return [`a DNAT rule for port ${check.port} is in place`, `there is no DNAT rule for port ${check.port}`];
		case "interface-exists":
			return [`the interface \`${check.interface}\` exists`, `the interface \`${check.interface}\` is missing`];
		case "container-running":
			return [`the container \`${check.container}\` runs`, `the container \`${check.container}\` does not run`];
		case "rule-exists":
			return [`the rule \`${ruleText(check)}\` is there`, `the rule \`${ruleText(check)}\` is not there`];
		case "rule-absent":
			return [`the rule \`${ruleText(check)}\` is not there`, `the rule \`${ruleText(check)}\` is there`];
		case "forward-policy-is": {
			const where = ofFamily(check.family);
			return [
				`the policy of FORWARD is ${check.policy}${where}`,
				`the policy of FORWARD is not ${check.policy}${where}`,
			];
		}
		case "firewalld-running":
			return ["firewalld runs", "firewalld does not run"];
		case "option-set": {
			const { file, key, value } = OPTIONS[check.option];
			return [`\`${file}\` says \`${key}=${value}\``, `\`${file}\` does not say \`${key}=${value}\``];
		}
		default:
			return check satisfies never;
	}
}

/** What a step interrupts and for how long, as a phrase. */
export function interruptsPhrase(interrupts: Interrupts): string {
	switch (interrupts) {
		case "nothing":
			return "nothing";
		case "docker-api":
			return `docker commands for about ${INTERRUPTION.dockerCommands} s; containers keep running`;
		case "containers-unless-live-restore":
			return `every container for about ${INTERRUPTION.restart} s, up to ${INTERRUPTION.restartWithDeafContainer} s where one ignores SIGTERM; with live-restore only the ports, for about ${INTERRUPTION.restartWithLiveRestore} s`;
		case "one-container":
			return `one container for about ${INTERRUPTION.container} s, ${STOP_TIMEOUT} s more where it ignores SIGTERM`;
		case "host":
			return "the whole host";
		default:
			return interrupts satisfies never;
	}
}

/** Where a firewall's setting lives and what a repair makes of it. */
export const OPTIONS: Readonly<
	Record<FirewallOption, { readonly file: string; readonly key: string; readonly value: string }>
> = {
	"firewalld-backend-nftables": { file: "/etc/firewalld/firewalld.conf", key: "FirewallBackend", value: "nftables" },
	"firewalld-strict-forward-ports-no": {
		file: "/etc/firewalld/firewalld.conf",
		key: "StrictForwardPorts",
		value: "no",
	},
	"ufw-manage-builtins-no": { file: "/etc/default/ufw", key: "MANAGE_BUILTINS", value: "no" },
	"netfilter-persistent-noflush": {
		file: "/etc/default/netfilter-persistent",
		key: "IPTABLES_RESTORE_NOFLUSH",
		value: "yes",
	},
};

/** The program of a backend as Debian and Fedora name it. */
export function programOf(backend: "nf_tables" | "legacy", family: 4 | 6 = 4): string {
	return `${family === 4 ? "iptables" : "ip6tables"}-${backend === "nf_tables" ? "nft" : "legacy"}`;
}

/** A rule as a person would type it after `iptables`. */
export function ruleText(rule: RuleAddress): string {
	return `-t ${rule.table} ${rule.chain} ${rule.spec.join(" ")}`;
}

/**
 * Skipped once the host is whole. The containers that a restart stopped are always started again: by then the host is
 * whole, and the step itself passes over those that run.
 */
export function skippedWhenRepaired(step: Step): boolean {
	return step.unlessRepaired === true && step.action.kind !== "start-stopped-containers";
}

/** Can this step close the SSH session that it is run from? Then the script arms an automatic undo first. */
export function canCutOff(action: Action): boolean {
	switch (action.kind) {
		case "delete-rule":
		case "insert-rule":
		case "select-backend":
		case "set-forward-policy":
		case "admit-in-nft-chain":
		case "add-ip-rule":
			return true;
		default:
			return false;
	}
}

const PACKAGE_TITLES = {
	iptables: "Install the package that brings iptables",
	"kernel-modules": "Install the extra modules of the running kernel",
	docker: "Install Docker's own programs again",
} as const;

const ofFamily = (family: 4 | 6): string => (family === 6 ? " (IPv6)" : "");
