import type { Span } from "../text/span";
import type { AddressRange } from "./address";

/** Vocabulary of netfilter as nft(8), iptables(8) and iptables-extensions(8) use it. */

export type Family = "ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev";
/** As `iptables -V` prints it. */
export type Backend = "nf_tables" | "legacy";
export type Hook = "ingress" | "prerouting" | "input" | "forward" | "output" | "postrouting";
export type ChainType = "filter" | "nat" | "route";
export type Policy = "accept" | "drop";

/** What registers a chain with the kernel. Priorities: raw -300, mangle -150, dstnat -100, filter 0, security 50, srcnat 100. */
export type BaseChain = {
	readonly type: ChainType;
	readonly hook: Hook;
	readonly priority: number;
	/** Null where the listing did not show it. */
	readonly policy: Policy | null;
};

export type PortRange = { readonly from: number; readonly to: number };

/** A condition of a rule. `unknown` is a condition we could not read: it neither matches nor fails. */
export type Match =
	| {
			readonly kind: "iif" | "oif" /** `+` at the end is a wildcard, as iptables prints it. */;
			readonly names: readonly string[];
			readonly negated: boolean;
	  }
	| { readonly kind: "saddr" | "daddr"; readonly ranges: readonly AddressRange[]; readonly negated: boolean }
	| {
			readonly kind: "protocol" /** tcp, udp, icmp, ipv6-icmp, sctp, … or a number. */;
			readonly protocols: readonly string[];
			readonly negated: boolean;
	  }
	| { readonly kind: "sport" | "dport"; readonly ranges: readonly PortRange[]; readonly negated: boolean }
	/** Source or destination port: `-m multiport --ports`. */
	| { readonly kind: "port"; readonly ranges: readonly PortRange[]; readonly negated: boolean }
	| {
			readonly kind: "ctstate" /** Lower case: new, established, related, invalid, untracked, dnat, snat. */;
			readonly states: readonly string[];
			readonly negated: boolean;
	  }
	| { readonly kind: "ctstatus"; readonly statuses: readonly string[]; readonly negated: boolean }
	| { readonly kind: "ctorigdport"; readonly ranges: readonly PortRange[]; readonly negated: boolean }
	| { readonly kind: "ctorigdst" | "ctorigsrc"; readonly ranges: readonly AddressRange[]; readonly negated: boolean }
	| { readonly kind: "ctdir"; readonly direction: "original" | "reply"; readonly negated: boolean }
	| {
			readonly kind: "addrtype";
			readonly side: "src" | "dst" /** Lower case: local, unicast, broadcast, multicast… */;
			readonly types: readonly string[];
			readonly negated: boolean /** `--limit-iface-in`, `--limit-iface-out`: asked of that interface's own addresses. */;
			readonly limitedTo?: "in" | "out";
	  }
	| { readonly kind: "mark" | "connmark"; readonly value: number; readonly mask: number; readonly negated: boolean }
	/** An ipset, or a set of nft. There `key` is the expression that is looked up (`ip daddr . tcp dport`), and `sides` holds its parts that have a side. */
	| {
			readonly kind: "set";
			readonly set: string;
			readonly sides: readonly ("src" | "dst")[];
			readonly negated: boolean;
			readonly key?: string;
	  }
	| { readonly kind: "family"; readonly family: "ip" | "ip6"; readonly negated: boolean }
	| {
			readonly kind: "tcpflags" /** Lower case: fin, syn, rst, psh, ack, urg. */;
			readonly mask: readonly string[];
			readonly set: readonly string[];
			readonly negated: boolean;
	  }
	/** Numbers, whatever the listing called them: `8`, `3/4` (type and code), `135,136` for any of them, `any`. */
	| { readonly kind: "icmptype"; readonly type: string; readonly negated: boolean }
	/**
	 * A condition read exactly, on something a Flow does not say: `ip6 hoplimit`, `rt type`, `meta skuid`, `rpfilter`,
	 * `physdev`, `meta pkttype`. `extension` is iptables' name of it, `field` nft's; `text` is as the listing says it, in
	 * `-m` form where iptables has one.
	 */
	| {
			readonly kind: "field";
			readonly extension: string;
			readonly field: string;
			readonly value: string;
			readonly negated: boolean;
			readonly text: string;
	  }
	/** limit, hashlimit, recent, statistic, time, quota…: matches some packets and not others. */
	| { readonly kind: "sometimes"; readonly extension: string; readonly text: string }
	| { readonly kind: "unknown"; readonly extension: string; readonly text: string };

/** What a rule does besides its verdict. */
export type Effect =
	| {
			readonly kind: "mark" | "connmark";
			readonly text: string;
			/** New mark: `(old & keep) ^ flip`, as xt_MARK counts. Absent where it depends on more than the old mark. */
			readonly set?: { readonly keep: number; readonly flip: number };
	  }
	| { readonly kind: "notrack" }
	| { readonly kind: "log"; readonly text: string }
	| { readonly kind: "other"; readonly text: string };

/** Translation target; null parts are kept from the packet. */
export type NatTarget = {
	readonly address: AddressRange | null;
	readonly port: PortRange | null;
	readonly text: string;
};

/** What happens to a packet that meets all matches. `continue` is a rule without a verdict (LOG, MARK, a bare counter). */
export type Verdict =
	| { readonly kind: "accept" | "drop" | "return" | "continue" | "queue" }
	| { readonly kind: "reject"; readonly with: string | null }
	| { readonly kind: "jump" | "goto"; readonly chain: string }
	| { readonly kind: "dnat" | "snat" | "masquerade" | "redirect"; readonly to: NatTarget }
	| {
			readonly kind: "vmap" /** nft expression the map is asked with. */;
			readonly key: string;
			readonly map: string;
			readonly elements: readonly VerdictMapElement[] | null;
	  }
	| { readonly kind: "unknown"; readonly target: string };

export type VerdictMapElement = { readonly key: string; readonly verdict: Verdict };

/** Packets and bytes; rounded where the listing rounds (`12K`). */
export type Counters = { readonly packets: number; readonly bytes: number };

/** One word of a rule as iptables-save prints it. An empty word stands for a doubled blank. */
export type Word = { readonly text: string /** Stood in double quotes. */; readonly quoted: boolean };

export type Rule = {
	/** From 1, in its chain. */
	readonly number: number;
	/** One canonical line: `-A DOCKER ! -i docker0 -p tcp …` for iptables, nft's own text for nft. */
	readonly text: string;
	readonly matches: readonly Match[];
	readonly effects: readonly Effect[];
	readonly verdict: Verdict;
	readonly comment: string | null;
	readonly counters: Counters | null;
	/** What followed `-A CHAIN` in iptables-save and -S; absent for other listings. `print.ts` prints from it. */
	readonly words?: readonly Word[];
	readonly at: Span;
};

export type Chain = {
	readonly name: string;
	readonly base: BaseChain | null;
	readonly rules: readonly Rule[];
	/** `(N references)` of `iptables -L`; null where not shown. */
	readonly references: number | null;
	/** Of the policy; absent where not shown. */
	readonly counters?: Counters;
	readonly at: Span;
};

/** Named set or map of nft, or an ipset. `elements` is null where they were not shown. */
export type NamedSet = {
	readonly name: string;
	readonly type: string;
	readonly elements: readonly string[] | null;
	/** For verdict maps. */
	readonly verdicts: readonly VerdictMapElement[] | null;
	readonly at: Span;
};

export type Table = {
	readonly family: Family;
	/** `unknown` when an `iptables -L` neither names its table nor shows enough to tell. */
	readonly name: string;
	/** Null where the output does not say which backend it came from. */
	readonly backend: Backend | null;
	/** True for a table of the nft program itself, false for one made by any iptables. */
	readonly native: boolean;
	/** False when only some chains were asked for (`-L DOCKER`) or the paste was cut off: a chain not shown may exist. */
	readonly complete: boolean;
	/** False for `iptables -L` without `-v`: a rule may have -i/-o conditions that were not printed. */
	readonly interfacesShown: boolean;
	readonly chains: readonly Chain[];
	readonly sets: readonly NamedSet[];
	readonly at: Span;
};

/** Hook, type and priority of an iptables built-in chain; null for a user chain. Source: iptables(8), xtables in the kernel (net/ipv4/netfilter/iptable_*.c). */
export function builtinBase(table: string, chain: string, policy: Policy | null): BaseChain | null {
	const hook = BUILTIN_HOOKS.get(chain);
	// The names are pasted text: `constructor` is a property of every object.
	const chains = Object.hasOwn(TABLE_HOOKS, table) ? TABLE_HOOKS[table] : undefined;
	if (!hook || !chains?.includes(chain)) return null;
	if (table === "nat") {
		const source = chain === "INPUT" || chain === "POSTROUTING";
		return { type: "nat", hook, priority: source ? 100 : -100, policy };
	}
	const type = table === "mangle" && chain === "OUTPUT" ? "route" : "filter";
	return { type, hook, priority: PRIORITIES.get(table) ?? 0, policy };
}

const BUILTIN_HOOKS: ReadonlyMap<string, Hook> = new Map([
	["PREROUTING", "prerouting"],
	["INPUT", "input"],
	["FORWARD", "forward"],
	["OUTPUT", "output"],
	["POSTROUTING", "postrouting"],
]);

/** The built-in chains of each iptables table. */
export const TABLE_HOOKS: Readonly<Record<string, readonly string[]>> = {
	filter: ["INPUT", "FORWARD", "OUTPUT"],
	nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
	mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
	raw: ["PREROUTING", "OUTPUT"],
	security: ["INPUT", "FORWARD", "OUTPUT"],
};

const PRIORITIES: ReadonlyMap<string, number> = new Map([
	["raw", -300],
	["mangle", -150],
	["filter", 0],
	["security", 50],
]);
