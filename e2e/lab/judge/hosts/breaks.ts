import type { Draft, IptablesTable } from "../generate/draft";

/** What somebody did to a healthy host. `null`: it can't be done to this layout. */
export type Break = {
	readonly name: string;
	readonly change: (draft: Draft) => Draft | null;
	/** Commands on the host before the packets are sent, and what takes them back. */
	readonly before?: string;
	readonly after?: string;
};

const same = (draft: Draft) => draft;

/** ../domain's table of breaks (proxy on unless said), and the usual ones beside it. */
export const BREAKS: readonly Break[] = [
	{ name: "healthy", change: same },
	{ name: "iptables -t nat -F", change: (draft) => inTables(draft, "nat", flushed) },
	{ name: "iptables -t nat -F; -X", change: (draft) => inTables(draft, "nat", wiped) },
	{ name: "iptables -t nat -F DOCKER", change: (draft) => inTables(draft, "nat", without(/^-A DOCKER /)) },
	{ name: "iptables -t nat -F POSTROUTING", change: (draft) => inTables(draft, "nat", without(/^-A POSTROUTING /)) },
	{ name: "iptables -F", change: (draft) => inTables(draft, "filter", flushed) },
	{ name: "iptables -F; -X", change: (draft) => inTables(draft, "filter", wiped) },
	{ name: "iptables -F FORWARD", change: (draft) => inTables(draft, "filter", without(/^-A FORWARD /)) },
	{ name: "nft flush ruleset", change: () => ({ isOpen: false, ipsets: [], legacy: [], nft: [], native: [] }) },
	{
		name: "DROP in DOCKER-USER",
		change: (draft) => inTables(draft, "filter", first("DOCKER-USER", "-i eth0 -j DROP")),
	},
	{
		name: "DOCKER-USER lets one address in",
		change: (draft) => inTables(draft, "filter", first("DOCKER-USER", "! -s 192.168.56.22/32 -i eth0 -j DROP")),
	},
	{
		name: "DOCKER-USER by the port that was asked",
		change: (draft) =>
			inTables(
				draft,
				"filter",
				first(
					"DOCKER-USER",
					"-i eth0 -p tcp -m conntrack --ctorigdstport 8081 -j REJECT --reject-with icmp-port-unreachable",
				),
			),
	},
	{
		name: "REJECT on top of FORWARD",
		change: (draft) => inTables(draft, "filter", first("FORWARD", "-j REJECT --reject-with icmp-host-prohibited")),
	},
	{ name: "INPUT DROP", change: (draft) => inTables(draft, "filter", inputDrop) },
	{
		name: "INPUT DROP, nat flushed",
		change: (draft) =>
			chained(
				draft,
				(one) => inTables(one, "filter", inputDrop),
				(one) => inTables(one, "nat", wiped),
			),
	},
	{ name: "OUTPUT DROP but for answers", change: (draft) => inTables(draft, "filter", outputDrop) },
	{
		name: "an inet table whose forward policy is drop",
		change: (draft) => ({
			...draft,
			native: [
				...draft.native,
				{
					family: "inet",
					name: "filter",
					sets: [],
					chains: [{ name: "forward", base: "type filter hook forward priority filter; policy drop;", rules: [] }],
				},
			],
		}),
	},
	{
		name: "an inet table that accepts what is translated",
		change: (draft) => ({
			...draft,
			native: [
				...draft.native,
				{
					family: "inet",
					name: "filter",
					sets: [],
					chains: [
						{
							name: "forward",
							base: "type filter hook forward priority filter; policy drop;",
							rules: [
								"ct state vmap { established : accept, related : accept, invalid : drop }",
								'oifname "docker0" ct status dnat counter accept',
							],
						},
					],
				},
			],
		}),
	},
	{ name: "firewalld's filter_FORWARD", change: (draft) => ({ ...draft, native: [...draft.native, FIREWALLD] }) },
	{
		name: "FORWARD DROP left over in the other backend",
		change: (draft) => {
			const rest: IptablesTable[] = [{ name: "filter", chains: FILTER_DROP, rules: [] }];
			if (draft.native.length > 0 || draft.legacy.length > 0) return { ...draft, nft: rest };
			return { ...draft, legacy: rest };
		},
	},
	{ name: "DNAT leads to nobody", change: (draft) => replaced(draft, /172\.17\.0\.2(?=:80)/g, "172.17.0.99") },
	{
		name: "DNAT leads to another container",
		change: (draft) => replaced(draft, /172\.17\.0\.2(?=:80)/g, "172.18.0.2"),
	},
	{
		name: "DNAT leads to a bridge that is gone",
		change: (draft) => replaced(draft, /172\.17\.0\.2(?=:80)/g, "172.31.0.2"),
	},
	{
		name: "ip_forward 0",
		change: same,
		before: "sysctl -qw net.ipv4.ip_forward=0",
		after: "sysctl -qw net.ipv4.ip_forward=1",
	},
	{
		name: "eth0 does not forward",
		change: same,
		before: "sysctl -qw net.ipv4.conf.eth0.forwarding=0",
		after: "sysctl -qw net.ipv4.conf.eth0.forwarding=1",
	},
	{
		name: "no icc",
		change: (draft) =>
			inTables(draft, "filter", (table) => ({
				...table,
				rules: table.rules.map((rule) =>
					rule.replace(/^-A FORWARD -i docker0 -o docker0 -j ACCEPT$/, "-A FORWARD -i docker0 -o docker0 -j DROP"),
				),
			})),
	},
];

const FILTER_DROP = [
	{ name: "INPUT", policy: "ACCEPT" },
	{ name: "FORWARD", policy: "DROP" },
	{ name: "OUTPUT", policy: "ACCEPT" },
];

/** The gist of firewalld 1.3's rule set with the zones public (eth0) and docker (docker0). */
const FIREWALLD: Draft["native"][number] = {
	family: "inet",
	name: "firewalld",
	sets: [],
	chains: [
		{
			name: "filter_INPUT",
			base: "type filter hook input priority filter + 10; policy accept;",
			rules: [
				"ct state { established, related } accept",
				"ct status dnat accept",
				'iifname "lo" accept',
				"ct state invalid drop",
				'iifname "docker0" accept',
				"tcp dport 22 accept",
				"reject with icmpx admin-prohibited",
			],
		},
		{
			name: "filter_FORWARD",
			base: "type filter hook forward priority filter + 10; policy accept;",
			rules: [
				"ct state { established, related } accept",
				"ct status dnat accept",
				'iifname "lo" accept',
				"ct state invalid drop",
				'iifname "docker0" accept',
				"reject with icmpx admin-prohibited",
			],
		},
	],
};

/** Null where the layout has no such iptables table. */
function inTables(draft: Draft, name: string, change: (table: IptablesTable) => IptablesTable): Draft | null {
	const tables = [...draft.legacy, ...draft.nft];
	if (!tables.some((table) => table.name === name)) return null;
	const changed = (list: readonly IptablesTable[]) =>
		list.map((table) => (table.name === name ? change(table) : table));
	return { ...draft, legacy: changed(draft.legacy), nft: changed(draft.nft) };
}

function chained(draft: Draft, ...changes: readonly ((draft: Draft) => Draft | null)[]): Draft | null {
	return changes.reduce<Draft | null>((under, change) => under && change(under), draft);
}

function flushed(table: IptablesTable): IptablesTable {
	return { ...table, rules: [] };
}

function wiped(table: IptablesTable): IptablesTable {
	return { ...table, rules: [], chains: table.chains.filter((chain) => chain.policy !== "-") };
}

function without(pattern: RegExp): (table: IptablesTable) => IptablesTable {
	return (table) => ({ ...table, rules: table.rules.filter((rule) => !pattern.test(rule)) });
}

function first(chain: string, rule: string): (table: IptablesTable) => IptablesTable {
	return (table) => ({ ...table, rules: [`-A ${chain} ${rule}`, ...table.rules] });
}

function inputDrop(table: IptablesTable): IptablesTable {
	return {
		...table,
		chains: table.chains.map((chain) => (chain.name === "INPUT" ? { ...chain, policy: "DROP" } : chain)),
		rules: [
			"-A INPUT -i lo -j ACCEPT",
			"-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
			"-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
			...table.rules,
		],
	};
}

function outputDrop(table: IptablesTable): IptablesTable {
	return {
		...table,
		chains: table.chains.map((chain) => (chain.name === "OUTPUT" ? { ...chain, policy: "DROP" } : chain)),
		rules: ["-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", ...table.rules],
	};
}

function replaced(draft: Draft, pattern: RegExp, by: string): Draft {
	const tables = (list: readonly IptablesTable[]) =>
		list.map((table) =>
			table.name === "nat" ? { ...table, rules: table.rules.map((rule) => rule.replace(pattern, by)) } : table,
		);
	return {
		...draft,
		legacy: tables(draft.legacy),
		nft: tables(draft.nft),
		native: draft.native.map((table) => ({
			...table,
			chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map((rule) => rule.replace(pattern, by)) })),
		})),
	};
}
