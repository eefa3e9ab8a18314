import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { dnatRulesFor } from "../../facts/docker-rules";
import { crashing, deadProbes } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import { formatAddress } from "../../netfilter/address";
import type { Rule, Table } from "../../netfilter/ruleset";
import type { Check } from "../../remedy/plan";
import { alerts, byHand, habits, rebuildRules, setOption } from "../../remedy/steps";
import { chainName, ruleWords as checkedWords, tableName } from "../../remedy/validate";

type Params = {
	readonly address: string;
	readonly port: number | null;
	/** The rule that names it, for the check that it is gone. */
	readonly rule: Rule;
	readonly table: Table;
	/** The right rule for the same port stands behind it. */
	readonly covers: boolean;
	/** False: that nobody has the address was concluded, not seen. */
	readonly seen: boolean;
};

export default failureMode<"dnat-target-stale", Params>({
	id: "dnat-target-stale",
	title: "A DNAT rule sends the port to an address that no container has",
	effect: "Published ports are dead from outside",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const { nat } = facts.rules;
		if (nat.kind === "unknown" || !nat.table) return undecided("nat-table", "docker-inspect");
		const { table } = nat;
		const addresses = containerAddresses(facts);
		if (!addresses) return twoTargets(table, facts) ?? noNeighbour(table, facts) ?? undecided("docker-inspect");
		const rules = table.chains.filter((chain) => chain.name === "DOCKER").flatMap((chain) => chain.rules);
		const stale = rules.filter((rule) => targetOf(rule) !== null && !addresses.has(targetOf(rule) ?? ""));
		// A container that comes and goes leaves its rule behind for moments: that is its own trouble, not the rule's.
		const restless = new Set(
			crashing(facts).flatMap((one) =>
				(one.inspected?.wantedPorts ?? one.ports ?? []).map((published) => published.hostPort),
			),
		);
		const worst = stale.find((rule) => isFirst(rule, rules) && !restless.has(portOf(rule) ?? -1));
		if (!worst) return absent("each DNAT rule names the address of a running container", nat.at);
		const address = targetOf(worst) ?? "";
		const port = portOf(worst);
		const dead = deadProbes(facts);
		const signs: Sign[] = [
			sign(`Rule ${worst.number} of \`DOCKER\` sends ${port === null ? "packets" : `port ${port}`} to ${address}`, [
				worst.at,
			]),
			sign("No running container has this address", placesOf(facts.containers).slice(0, 1)),
		];
		if (dead.length > 0)
			signs.push(
				sign(
					"The port does not answer",
					dead.map((probe) => probe.at),
				),
			);
		const covers = rules.some((one) => one.number > worst.number && portOf(one) === port && targetOf(one) !== address);
		return {
			kind: "present",
			confidence: dead.length > 0 ? "certain" : "likely",
			params: { address, port, rule: worst, table, covers, seen: true },
			signs,
		};
	},

	explain({ address, port, covers, seen }) {
		const none = seen ? "which no running container has" : "which, as it seems, no running container has";
		const order = covers ? " The rule stands before the right one, and the first that fits decides." : "";
		return `${port === null ? "A port" : `Port ${port}`} is translated to ${address}, ${none}.${order} dockerd takes the rule of a container away when the container stops, so this one was put back by something else: a saved rule set (netfilter-persistent, \`iptables-restore\`, rules.v4) that was stored while Docker ran and the container had that address.`;
	},

	fix({ rule, table }) {
		const chain = chainName("DOCKER");
		const nat = tableName("nat");
		// `iptables -L` without `-v` hides the interface, so that its words are not the rule's.
		const told = table.interfacesShown && rule.text.startsWith("-A DOCKER ");
		const spec = told ? checkedWords(rule.text.split(" ").slice(2)) : null;
		const gone: readonly Check[] =
			chain && nat && spec
				? [
						{
							kind: "rule-absent",
							backend: table.backend,
							family: table.family === "ip6" ? 6 : 4,
							table: nat,
							chain,
							spec,
						},
					]
				: [];
		return {
			summary: "Let dockerd write its rules again, and take Docker’s lines out of the saved rule set.",
			before: [
				{
					check: { kind: "daemon-running" },
					holds: true,
					otherwise: "dockerd is not running. Start it: it empties its own chains as it starts.",
				},
			],
			steps: [
				...rebuildRules("As it starts, dockerd empties its own chains and then adds a rule for each running container.")
					.filter((step) => step.action.kind !== "reload-firewalld")
					.map((step) => ({ ...step, unlessRepaired: false })),
				byHand(
					"The saved rules come back at the next boot or reload.",
					"Take every line that names a chain DOCKER… and Docker’s MASQUERADE rules out of /etc/iptables/rules.v4 (RHEL: /etc/sysconfig/iptables).",
					"Then set `IPTABLES_RESTORE_NOFLUSH=yes` in /etc/default/netfilter-persistent, so that loading the file leaves Docker’s rules alone.",
				),
			],
			// Docker's part is whole on this host all the while: without the rule's words no check tells before from after.
			after:
				gone.length > 0 ? [...gone, { kind: "docker-chains-whole", table: "nat" }, { kind: "daemon-running" }] : [],
			instead: habits("restart-container-stale", "flush-everything", "forward-accept"),
			proveFromOutside: "Open the published port from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Never save Docker’s rules.",
			before: [],
			steps: [
				setOption("netfilter-persistent-noflush", "A restore then adds its rules and leaves Docker’s alone."),
				byHand(
					"`netfilter-persistent save` and `iptables-save > rules.v4` store whatever is loaded, Docker’s rules with today’s addresses included; the package asks for it when it is installed.",
					"Write the file by hand, with your own rules only. A stopped dockerd leaves its rules loaded, so stopping it before saving is not enough.",
				),
			],
			after: [],
			keep: [{ kind: "save-no-rules" }, ...alerts("published-port")],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** Docker translates a host port to one container only: a second target for the same port was not written by the dockerd that runs. */
function twoTargets(table: Table, facts: HostFacts) {
	const dead = deadProbes(facts);
	const rules = table.chains
		.filter((chain) => chain.name === "DOCKER")
		.flatMap((chain) => chain.rules)
		.filter((rule) => targetOf(rule) !== null);
	for (const rule of rules) {
		const other = rules.find(
			(one) =>
				one.number > rule.number &&
				portOf(one) === portOf(rule) &&
				destinationOf(one) === destinationOf(rule) &&
				targetOf(one) !== targetOf(rule),
		);
		if (!other || dead.length === 0) continue;
		return {
			kind: "present" as const,
			confidence: "likely" as const,
			params: { address: targetOf(rule) ?? "", port: portOf(rule), rule, table, covers: true, seen: false },
			signs: [
				sign(
					`Two rules translate port ${portOf(rule) ?? "?"} to different containers; the first, to ${targetOf(rule)}, decides`,
					[rule.at, other.at],
				),
				sign(
					"The port does not answer",
					dead.map((probe) => probe.at),
				),
			],
			ask: ["docker-inspect" as const],
		};
	}
	return null;
}

/**
 * A client that is told "unreachable" after about three seconds has waited for ARP: the kernel asked three times, a
 * second each (net.ipv4.neigh.*.mcast_solicit and retrans_time_ms), and nobody on the bridge had the address.
 */
function noNeighbour(table: Table, facts: HostFacts) {
	const late = deadProbes(facts).filter(
		(probe) => probe.outcome === "unreachable" && probe.seconds !== null && probe.seconds > 2 && probe.seconds < 4,
	);
	const probe = late.find((one) => one.port !== null && dnatRulesFor(table, one.port, "tcp").length > 0);
	const rule = probe?.port ? dnatRulesFor(table, probe.port, "tcp")[0]?.rule : undefined;
	if (!probe || !rule) return null;
	return {
		kind: "present" as const,
		confidence: "likely" as const,
		params: { address: targetOf(rule) ?? "", port: probe.port, rule, table, covers: false, seen: false },
		signs: [
			sign(`Port ${probe.port} is translated to ${targetOf(rule)}`, [rule.at]),
			sign(
				"The client was told “unreachable” only after three seconds: nobody on the bridge has that address",
				late.map((one) => one.at),
			),
		],
		ask: ["docker-inspect" as const],
	};
}

const destinationOf = (rule: Rule) =>
	JSON.stringify(
		rule.matches.flatMap((match) => (match.kind === "daddr" || match.kind === "protocol" ? [match] : [])),
		(_, value) => (typeof value === "bigint" ? value.toString() : value),
	);

function targetOf(rule: Rule): string | null {
	if (rule.verdict.kind !== "dnat" || !rule.verdict.to.address) return null;
	return formatAddress(rule.verdict.to.address.from);
}

const portOf = (rule: Rule) =>
	rule.matches.flatMap((match) => (match.kind === "dport" ? match.ranges : []))[0]?.from ?? null;

/** A stale rule behind the right one for the same port never sees a packet. */
function isFirst(rule: Rule, rules: readonly Rule[]): boolean {
	const port = portOf(rule);
	return rules.find((other) => targetOf(other) !== null && portOf(other) === port) === rule;
}

/** Addresses of running containers; null where not every running container's address was shown. */
function containerAddresses(facts: HostFacts): ReadonlySet<string> | null {
	const networks = valueOr(facts.networks, []).flatMap((network) =>
		network.containers.map((one) => one.address.split("/")[0] ?? ""),
	);
	const running = valueOr(facts.containers, []).filter((one) => one.state === "running");
	if (!facts.containers.known) return networks.length > 0 ? new Set(networks) : null;
	// A container whose state was not shown may run, and one without an address in sight may have this one.
	const open = valueOr(facts.containers, []).filter((one) => one.state === null || one.state === "running");
	if (open.some((one) => !one.inspected) && networks.length === 0) return null;
	return new Set([
		...networks,
		...running.flatMap((one) => one.inspected?.addresses.map((address) => address.address) ?? []),
	]);
}
