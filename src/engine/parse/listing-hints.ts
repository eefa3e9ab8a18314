import type { Backend } from "../netfilter/ruleset";
import type { Artifact } from "../text/evidence";

/**
 * What the command line or the file name says about a listing: `iptables -t nat -nvL DOCKER`, `ip6tables-legacy-save`,
 * `nft -j list table ip nat`, `iptables-nat-L-DOCKER.txt`. A command shown by a prompt is proof, a file name is a hint.
 */
export type ListingHints = {
	readonly from: "command" | "name" | null;
	readonly family: "ip" | "ip6" | null;
	readonly backend: Backend | null;
	/** As -t names it; `filter` only where a command left -t out. */
	readonly table: string | null;
	/** A chain was asked for by name. */
	readonly chain: string | null;
	/** Everything there is was asked for: `iptables-save` without -t, `nft list ruleset`. */
	readonly everything: boolean;
	/** A pipe may have taken lines away. */
	readonly filtered: boolean;
};

const NOTHING: ListingHints = {
	from: null,
	family: null,
	backend: null,
	table: null,
	chain: null,
	everything: false,
	filtered: false,
};

/** Reads the command if one was shown, else the name of the artifact. */
export function listingHints(artifact: Artifact): ListingHints {
	if (artifact.command !== undefined) return fromCommand(artifact.command.slice(0, 2048)) ?? NOTHING;
	const name = artifact.name.slice(0, 256);
	// `iptables -t nat -L` as a name is a command that somebody wrote above the listing.
	const asCommand = /\s-{1,2}\w|\s list /.test(name) ? fromCommand(name) : null;
	return asCommand ? { ...asCommand, from: "name" } : (fromFileName(name) ?? NOTHING);
}

const PROGRAM = /(?:^|[\s/('"])(ip6?tables|xtables|nft)(-nft|-legacy)?(-save)?(?=[\s'")|;]|$)/;

/** Programs that hand on every line they get. */
const HARMLESS_PIPE = /^\s*(?:sudo\s+)?(?:cat|less|more|most|tee|nl|pbcopy|xclip|curl|nc|pastebinit)\b/;

function fromCommand(command: string): ListingHints | null {
	const found = PROGRAM.exec(command);
	if (!found) return null;
	const [before = "", ...pipes] = command.slice(found.index + found[0].length).split("|", 9);
	const filtered = pipes.some((pipe) => !HARMLESS_PIPE.test(pipe));
	// What follows `;` or `&&` is another command.
	const words = (before.split(/;|&&/, 1)[0] ?? "").split(/\s+/).filter((word) => word !== "");
	const common = { ...NOTHING, from: "command" as const, filtered };
	if (found[1] === "nft") return nftCommand(words, common);
	const family = found[1] === "ip6tables" ? "ip6" : "ip";
	const backend = found[2] === "-nft" ? "nf_tables" : found[2] === "-legacy" ? "legacy" : null;
	const { table, chain } = tableAndChain(words);
	const save = found[3] === "-save";
	return {
		...common,
		family,
		backend,
		table: table ?? (save ? null : "filter"),
		chain,
		everything: save && !table && !filtered,
	};
}

function nftCommand(words: readonly string[], common: ListingHints): ListingHints {
	const at = words.indexOf("list");
	const what = words[at + 1];
	const families = words.filter((word) => word === "ip" || word === "ip6");
	const family = families[0] === "ip" || families[0] === "ip6" ? families[0] : null;
	const everything = at >= 0 && what === "ruleset" && !common.filtered;
	const chain = at >= 0 && what === "chain" ? (words.at(-1) ?? null) : null;
	return { ...common, backend: "nf_tables", family, everything, chain };
}

function tableAndChain(words: readonly string[]): { readonly table: string | null; readonly chain: string | null } {
	let table: string | null = null;
	let chain: string | null = null;
	for (const [index, word] of words.entries()) {
		const next = words[index + 1] ?? "";
		const glued = /^(?:-t|--table=)(\w{1,16})$/.exec(word);
		if (glued) table = glued[1] ?? null;
		else if (word === "-t" || word === "--table" || /^-[a-zA-Z]{1,5}t$/.test(word)) table = next;
		// The chain follows -L or -S, also at the end of a cluster of flags (`-nvL DOCKER`).
		else if (/^(?:-[a-zA-Z]{0,6}[LS][a-zA-Z]{0,6}|--list|--list-rules)$/.test(word) && /^[^-\d>|&<]/.test(next)) {
			if (/[LS]$|^--/.test(word)) chain = next;
		}
	}
	return { table, chain };
}

const TABLES = new Set(["filter", "nat", "mangle", "raw", "security"]);

/** `iptables-nat-L-DOCKER.txt`, `ip6tables-legacy-save`, `nft-list-ruleset.txt`. */
function fromFileName(name: string): ListingHints | null {
	const words = name.replace(/\.\w{1,5}$/, "").split(/[^A-Za-z0-9]+/);
	const lower = words.map((word) => word.toLowerCase());
	const program = lower.find((word) => word === "iptables" || word === "ip6tables" || word === "nft");
	if (!program) return null;
	// A name without an ending may be our own word for the kind of text, which says nothing of what was asked for.
	const isFile = /\.\w{1,5}$/.test(name);
	const table = lower.find((word) => TABLES.has(word)) ?? null;
	const listing = words.findIndex((word) => /^[LS]n?v?x?$|^[nvx]{1,3}[LS]$/.test(word));
	const chain = listing >= 0 ? words.slice(listing + 1).join("-") || null : null;
	const common = { ...NOTHING, from: "name" as const, table, chain };
	if (program === "nft") {
		return {
			...common,
			backend: "nf_tables",
			table: null,
			chain: null,
			everything: isFile && lower.includes("ruleset"),
		};
	}
	return {
		...common,
		// `iptables` in a name may well mean both.
		family: program === "ip6tables" ? "ip6" : null,
		backend: lower.includes("legacy") ? "legacy" : lower.includes("nft") ? "nf_tables" : null,
		everything: isFile && lower.includes("save") && !table,
	};
}
