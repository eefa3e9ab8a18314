import { yaml } from "../ansible-text";
import { HABITS, type HabitId } from "../habits";
import type { Plan } from "../plan";
import { onePlainLine } from "../shell-quote";
import { headOf, type Printed } from "./format";

/**
 * Commands that lead to the failure, as patterns over the text of scripts, plays and user-data. RE2's syntax (OPA) and
 * Python's (Checkov) read them alike: no look-around, no back-reference.
 */
export const FORBIDDEN: Readonly<Partial<Record<HabitId, { readonly pattern: string; readonly says: string }>>> = {
	"flush-everything": {
		pattern:
			"ip6?tables(-nft|-legacy)?( +-(w|-wait)( +[0-9]+)?| +-t +[a-z]+)* +(-F|-X|--flush|--delete-chain)( *$| *[;&|\\n]| +-t )",
		says: "flushes a whole table: Docker's chains go with it, and dockerd does not notice",
	},
	"nft-flush-ruleset": {
		pattern: "flush +ruleset",
		says: "flushes every table, Docker's too: replace your own table only",
	},
	"switch-to-legacy": {
		pattern: "iptables-legacy( *$| *[\"'\\n;&|])",
		says: "selects iptables-legacy, which newer kernels cannot serve",
	},
	"flush-docker-user": {
		pattern: "(-F|--flush) +DOCKER-USER",
		says: "empties DOCKER-USER: what others put there to protect containers goes",
	},
	"create-chain-by-hand": {
		pattern: "(-N|--new-chain) +DOCKER( *$| *[;&|\\n])",
		says: "makes Docker's chain by hand: starts then succeed and ports stay dead",
	},
	"disable-firewalld": {
		pattern: "systemctl +(disable|mask|stop)( +--now)? +firewalld",
		says: "switches the host's firewall off",
	},
	"disable-ufw": { pattern: "ufw +(--force +)?disable", says: "switches the host's firewall off" },
	"disable-ufw-that-blocks": { pattern: "ufw +(--force +)?disable", says: "switches the host's firewall off" },
	"forward-accept": {
		pattern: "-P +FORWARD +ACCEPT",
		says: "lets every host on the network through this one",
	},
	"ufw-forward-accept": {
		pattern: "DEFAULT_FORWARD_POLICY=.?ACCEPT",
		says: "lets every host on the network through this one",
	},
	"trusted-zone": {
		pattern: "--zone[= ]trusted +--(add|change)-interface[= ](docker0|br-)",
		says: "puts Docker's bridge into another zone than Docker's own",
	},
	"chmod-socket": {
		pattern: "chmod +(-R +)?[0-7]*[2367] +(/var)?/run/docker\\.sock",
		says: "makes every local user root",
	},
	"delete-lock-file": { pattern: "rm +(-f +)?/run/xtables\\.lock", says: "takes the lock from whoever holds it" },
	"delete-daemon-json": {
		pattern: "rm +(-f +)?/etc/docker/daemon\\.json",
		says: "deletes the settings of dockerd",
	},
	"delete-docker-state": {
		pattern: "rm +-[rf]+ +/var/lib/docker( *$| *[/;&|\\n])",
		says: "deletes images, volumes and networks",
	},
	"rp-filter-off": { pattern: "rp_filter *= *0", says: "switches the reverse path filter off" },
	"flush-conntrack": { pattern: "conntrack +-F", says: "cuts every translated connection of the host" },
};

/** Keys of daemon.json that must not, or must, have a value. */
type KeyRule =
	| { readonly key: string; readonly refuse: "false"; readonly says: string }
	| { readonly key: string; readonly refuse: "any"; readonly says: string };

type Rule = { readonly id: HabitId; readonly pattern: string; readonly says: string };

/** Patterns for what this plan advises against; each pattern once. */
export function forbiddenIn(plan: Plan): readonly Rule[] {
	const wrong = new Set(plan.instead.map(({ command }) => command));
	const rules = (Object.keys(FORBIDDEN) as HabitId[]).flatMap((id): readonly Rule[] => {
		const rule = FORBIDDEN[id];
		return rule && wrong.has(HABITS[id].command) ? [{ id, ...rule }] : [];
	});
	return [...new Map(rules.map((rule) => [rule.pattern, rule])).values()];
}

/** Rules over the keys of daemon.json: what the plan takes out is refused, and so is switching the rules off. */
function keyRules(plan: Plan): readonly KeyRule[] {
	const removed = plan.steps.flatMap(({ action }) => (action.kind === "edit-daemon-json" ? action.remove : []));
	const off =
		removed.includes("iptables" as never) ||
		plan.instead.some(({ command }) => command === HABITS["iptables-false"].command)
			? [
					{
						key: "iptables",
						refuse: "false" as const,
						says: "switches Docker's own rules off: no published port works without them",
					},
				]
			: [];
	const invented = plan.instead.some(({ command }) => command === HABITS["daemon-json-wait"].command)
		? [
				{
					key: "iptables-wait",
					refuse: "any" as const,
					says: "is no key of daemon.json: dockerd does not start with it",
				},
			]
		: [];
	return [...off, ...invented];
}

/**
 * Rego v1 for `conftest test` over daemon.json, plays, workflows and user-data: any text or list of words anywhere in
 * the document. Null where the plan advises against nothing that a document could hold.
 */
export function renderRego(of: Printed): string | null {
	const rules = forbiddenIn(of.plan);
	const keys = keyRules(of.plan);
	if (rules.length === 0 && keys.length === 0) return null;
	const text = [
		...headOf(
			of,
			"As policy/docker.rego, then: conftest test daemon.json playbook.yml user-data.yaml",
			"Words of an argv list are read with one blank between them.",
		),
		"package main",
		"",
		"import rego.v1",
	];
	for (const { key, refuse, says } of keys) {
		text.push(
			"",
			"deny contains msg if {",
			refuse === "false" ? `\tinput[${rego(key)}] == false` : `\t_ := input[${rego(key)}]`,
			`\tmsg := ${rego(`daemon.json: "${key}"${refuse === "false" ? ": false" : ""} ${says}`)}`,
			"}",
		);
	}
	if (rules.length > 0) {
		text.push(
			"",
			"# What is said to people is no command.",
			"is_prose(path) if {",
			"\tsome key in path",
			'\tkey in {"name", "msg", "fail_msg", "description"}',
			"}",
			"",
			"# Every text of the document, and every list of words as one text.",
			"texts contains text if {",
			"\twalk(input, [path, text])",
			"\tis_string(text)",
			"\tnot is_prose(path)",
			"}",
			"",
			"texts contains text if {",
			"\twalk(input, [path, words])",
			"\tnot is_prose(path)",
			"\tis_array(words)",
			"\tcount(words) > 0",
			"\tevery word in words {",
			"\t\tis_string(word)",
			"\t}",
			'\ttext := concat(" ", words)',
			"}",
		);
	}
	for (const { pattern, says } of rules) {
		text.push(
			"",
			"deny contains msg if {",
			"\tsome text in texts",
			`\tregex.match(${rego(pattern)}, text)`,
			`\tmsg := sprintf(${rego(`%q ${says}`)}, [text])`,
			"}",
		);
	}
	return `${text.join("\n")}\n`;
}

// A string of Rego is one of JSON.
const rego = (text: string): string => JSON.stringify(onePlainLine(text));

/**
 * A custom policy for Checkov's Ansible framework: `operator: not_regex_match` is Python's re.match over the text of
 * the module, so the pattern stands behind `(?s).*`. A plain command is `__self__`, else `cmd`; of
 * an `argv` list it sees no text, Conftest does.
 */
export function renderCheckov(of: Printed): string | null {
	const rules = forbiddenIn(of.plan);
	if (rules.length === 0) return null;
	const value = `(?s).*(${rules.map(({ pattern }) => pattern).join("|")})`;
	const attribute = (name: string, of: string) => ({
		cond_type: "attribute",
		resource_types: MODULES.map((module) => `tasks.${module}`),
		attribute: name,
		operator: "not_regex_match",
		value: of,
	});
	const policy = {
		metadata: {
			id: "CKV2_STACKENGINE_1",
			name: `No task does what leads to: ${onePlainLine(of.about.title)}`,
			category: "NETWORKING",
		},
		definition: {
			and: [attribute("__self__", value), attribute("cmd", value)],
		},
	};
	const head = headOf(
		of,
		"checkov --framework ansible --external-checks-dir . --check CKV2_STACKENGINE_1 --directory playbooks",
		"It reads commands, not argv lists; the policy for Conftest reads both.",
		...rules.map(({ says }) => `It refuses what ${says}.`),
	);
	return `${head.join("\n")}\n${yaml(policy)}`;
}

const MODULES = ["ansible.builtin.command", "command", "ansible.builtin.shell", "shell", "ansible.builtin.raw", "raw"];
