import type { Draft } from "./draft";
import { iptablesTables } from "./iptables";
import { nativeTables } from "./native";
import type { Random } from "./random";
import { IPSETS } from "./vocabulary";

/** A rule set of one program or of several beside each other. */
export function randomDraft(random: Random, isOpen: boolean): Draft {
	const ipsets = random.chance(0.3) ? IPSETS : [];
	const kind = random.pick([
		"legacy",
		"legacy",
		"nft",
		"nft",
		"native",
		"native",
		"native",
		"both",
		"nft+native",
		"legacy+native",
	]);
	const has = (program: string) => (kind === "both" ? program !== "native" : kind.split("+").includes(program));
	return {
		isOpen,
		ipsets,
		legacy: has("legacy") ? iptablesTables(random, ipsets, isOpen) : [],
		nft: has("nft") ? iptablesTables(random, ipsets, isOpen) : [],
		native: has("native") ? nativeTables(random) : [],
	};
}
