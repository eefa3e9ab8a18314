import { valueOr } from "../facts/fact";
import type { Container, HostFacts, Route } from "../facts/host-facts";
import { tableOf } from "../facts/netfilter-facts";
import { type AddressRange, formatAddress } from "../netfilter/address";
import type { HostContainer, HostRoute, Shown, World } from "../packet-path/world";

/** The part of a host's facts that decides where a packet goes. */
export function worldOf(facts: HostFacts): World {
	const backend = valueOr(facts.iptables.backend, null);
	const forward = facts.sysctls.get("net.ipv4.ip_forward");
	const disabled = facts.failures.some(
		(failure) => failure.current && failure.complaint.kind === "forwarding-disabled" && failure.complaint.family === 4,
	);
	return {
		tables: facts.netfilter.tables,
		shown: shownPrograms(facts),
		ipsets: facts.ipsets.known ? facts.ipsets.value : null,
		interfaces: facts.interfaces.known
			? facts.interfaces.value.map(({ name, addresses, master }) => ({ name, addresses, master }))
			: null,
		routes: facts.routes.known
			? facts.routes.value.filter((route) => route.table === null || route.table === "main").map(hostRoute)
			: null,
		otherTables: otherTables(facts),
		policy: policyOf(facts),
		bridges: bridgesOf(facts),
		containers: facts.containers.known
			? facts.containers.value.flatMap((container) => containerOf(container, facts))
			: null,
		sockets: facts.sockets.known
			? facts.sockets.value.map(({ protocol, address, port, process }) => ({ protocol, address, port, process }))
			: null,
		ipForward: forward?.value ? forward.value !== "0" : disabled ? false : null,
		sysctls: [...facts.sysctls].flatMap(([key, { value }]) => (value === null ? [] : [{ key, value }])),
		userlandProxy: valueOr(facts.docker.userlandProxy, null),
		externalInterface: facts.interfaces.known || facts.routes.known ? null : outerInterfaceOf(facts),
		clientAddress: null,
	};

	function shownPrograms({ netfilter }: HostFacts): readonly Shown[] {
		const shown: Shown[] = netfilter.listed.map(({ backend: program, family }) => ({
			program,
			family: family === 4 ? "ip" : "ip6",
		}));
		// `nft list ruleset` shows the native tables together with those of iptables-nft.
		for (const one of netfilter.native) shown.push({ program: "native", family: one.family === 4 ? "ip" : "ip6" });
		// A host whose one backend was listed table by table is as good as listed where nat and filter are there.
		if (
			backend &&
			shown.length === 0 &&
			["nat", "filter"].every((name) => tableOf(netfilter, backend, 4, name).kind === "shown")
		)
			shown.push({ program: backend, family: "ip" });
		return shown;
	}
}

/**
 * Docker's bridges: as listed, else as the MASQUERADE rules of the nat table name them. `-L` without `-v` hides the
 * bridge's name, not its subnet, and a subnet is enough to tell that a packet goes to a container.
 */
function bridgesOf(facts: HostFacts): World["bridges"] {
	if (facts.networks.known) {
		return facts.networks.value.flatMap((network) =>
			network.bridge && network.subnets.length > 0
				? [
						{
							name: network.bridge,
							subnets: network.subnets,
							gateway: network.gateways[0] ?? null,
							network: network.name,
						},
					]
				: [],
		);
	}
	if (facts.interfaces.known || facts.rules.nat.kind === "unknown") return [];
	const rules = (facts.rules.nat.table?.chains ?? [])
		.filter((chain) => chain.name === "POSTROUTING")
		.flatMap((chain) => chain.rules);
	return rules
		.filter((rule) => rule.verdict.kind === "masquerade")
		.flatMap((rule, index) => {
			const sources = rule.matches.flatMap((match) => (match.kind === "saddr" && !match.negated ? match.ranges : []));
			const subnets = sources.flatMap((range) => prefixOf(range) ?? []);
			const bridge = rule.matches.find((match) => match.kind === "oif" && match.negated);
			const name =
				bridge?.kind === "oif" ? (bridge.names[0] ?? "docker0") : index === 0 ? "docker0" : `bridge ${index + 1}`;
			return subnets.length > 0 && !rule.matches.some((match) => match.kind === "daddr")
				? [{ name, subnets, gateway: null }]
				: [];
		});
}

/** Names that the way out usually has: Ethernet and wireless, by the kernel and by systemd (systemd.net-naming-scheme(7)). */
const OUTER = /^(?:eth\d|en[opsxa]\w|wl|bond\d|team\d|venet)[\w.-]{0,12}$/;

/** Where neither interfaces nor routes were shown, the only such name that the rules mention. */
function outerInterfaceOf({ netfilter }: HostFacts): string | null {
	const names = new Set(
		netfilter.tables.flatMap((table) =>
			table.chains.flatMap((chain) =>
				chain.rules.flatMap((rule) =>
					rule.matches.flatMap((match) => (match.kind === "iif" || match.kind === "oif" ? match.names : [])),
				),
			),
		),
	);
	const outer = [...names].filter((name) => OUTER.test(name));
	return outer.length === 1 ? (outer[0] ?? null) : null;
}

function containerOf(container: Container, facts: HostFacts): readonly HostContainer[] {
	const name = container.name ?? container.id;
	if (!name) return [];
	const listed = facts.containerSockets.known ? facts.containerSockets.value.get(name) : undefined;
	return [
		{
			name,
			running: container.state === "running",
			addresses: container.inspected ? container.inspected.addresses.map((one) => one.address) : null,
			published: (container.ports ?? []).map(({ hostAddress, hostPort, containerPort, protocol }) => ({
				hostAddress,
				hostPort,
				containerPort,
				protocol,
			})),
			listening:
				listed && container.state === "running"
					? listed.sockets.map(({ protocol, address, port }) => ({ protocol, address, port }))
					: null,
		},
	];
}

/** A range as a prefix, where it is one: aligned and a power of two long. */
function prefixOf({ from, to }: AddressRange): string | null {
	const size = to.value - from.value + 1n;
	const host = size.toString(2).length - 1;
	if (size !== 1n << BigInt(host) || from.value % size !== 0n) return null;
	return `${formatAddress(from)}/${(from.family === 4 ? 32 : 128) - host}`;
}

function hostRoute({ type, destination, via, device, source }: Route): HostRoute {
	return { destination, via, device, source, ...(type === "unicast" ? {} : { type }) };
}

/** Routes of tables that rules have to name: all but main, and local, which is the host's own addresses. */
function otherTables({ routes }: HostFacts): World["otherTables"] {
	const tables = new Map<string, HostRoute[]>();
	for (const route of routes.known ? routes.value : []) {
		if (route.table === null || ["main", "254", "local", "255"].includes(route.table)) continue;
		const found = tables.get(route.table) ?? [];
		tables.set(route.table, found);
		if (["unicast", "unreachable", "blackhole", "prohibit", "throw"].includes(route.type)) found.push(hostRoute(route));
	}
	return [...tables].map(([name, of]) => ({ name, routes: of }));
}

/** The rules between the kernel's own: 0 asks the host's addresses, 32766 main, 32767 default (ip-rule(8)). */
function policyOf({ policyRules }: HostFacts): World["policy"] {
	if (!policyRules.known) return null;
	return policyRules.value
		.toSorted((a, b) => a.priority - b.priority)
		.filter(({ table, text }) => !/^from all lookup (?:local|main|default)$/.test(text) && table !== "local")
		.map(({ table, text }) => ({ table, text }));
}
