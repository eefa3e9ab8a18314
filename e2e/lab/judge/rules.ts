import type { NamedSet } from "../../../src/engine/netfilter/ruleset";
import type { Agent } from "./rig";

/** A rule set as text for the programs that load it. Empty text: nothing of that program. */
export type RuleTexts = {
	readonly ipsets: readonly { readonly command: string; readonly set: NamedSet }[];
	/** For iptables-legacy-restore. */
	readonly legacy: string;
	/** For iptables-nft-restore. */
	readonly nft: string;
	/** For `nft -f`. */
	readonly native: string;
};

/** No rules at all. */
export const NO_RULES: RuleTexts = { ipsets: [], legacy: "", nft: "", native: "" };

const EMPTY_TABLES = [
	["raw", ["PREROUTING", "OUTPUT"]],
	["mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]],
	["nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]],
	["filter", ["INPUT", "FORWARD", "OUTPUT"]],
] as const;

const EMPTY = EMPTY_TABLES.map(
	([table, chains]) => `*${table}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join("")}COMMIT\n`,
).join("");

/** Replaces whatever the host has by a rule set. Null when it is loaded, else what a program said. */
export async function loadRules(host: Agent, rules: RuleTexts): Promise<string | null> {
	await host.run("nft", ["flush", "ruleset"]);
	await host.run("iptables-legacy-restore", [], EMPTY);
	await host.run("ipset", ["destroy"]);
	const steps: readonly (readonly [string, readonly string[], string])[] = [
		["ipset", ["restore"], rules.ipsets.map(({ command }) => command).join("\n")],
		["iptables-legacy-restore", [], rules.legacy],
		["iptables-nft-restore", [], rules.nft],
		["nft", ["-f", "-"], rules.native],
	];
	for (const [program, args, input] of steps) {
		if (input === "") continue;
		const { status, stderr } = await host.run(program, args, `${input}\n`);
		if (status !== 0) return `${program}: ${stderr}`;
	}
	return null;
}
