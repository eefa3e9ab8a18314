import { placesOf, valueOr } from "../facts/fact";
import type { Container, HostFacts } from "../facts/host-facts";
import { tableOf } from "../facts/netfilter-facts";
import type { HostContainer, Shown, World } from "../packet-path/world";

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
		ipsets: null,
		interfaces: facts.interfaces.known
			? facts.interfaces.value.map(({ name, addresses, master }) => ({ name, addresses, master }))
			: null,
		routes: facts.routes.known
			? facts.routes.value
					.filter((route) => route.table === null || route.table === "main")
					.map(({ destination, via, device, source }) => ({ destination, via, device, source }))
			: null,
		bridges: valueOr(facts.networks, []).flatMap((network) =>
			network.bridge && network.subnets.length > 0
				? [{ name: network.bridge, subnets: network.subnets, gateway: network.gateways[0] ?? null }]
				: [],
		),
		containers: facts.containers.known
			? facts.containers.value.flatMap((container) => containerOf(container, facts))
			: null,
		sockets: facts.sockets.known
			? facts.sockets.value.map(({ protocol, address, port, process }) => ({ protocol, address, port, process }))
			: null,
		ipForward: forward?.value ? forward.value !== "0" : disabled ? false : null,
		sysctls: [...facts.sysctls].flatMap(([key, { value }]) => (value === null ? [] : [{ key, value }])),
		userlandProxy: valueOr(facts.docker.userlandProxy, null),
		externalInterface: null,
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

function containerOf(container: Container, facts: HostFacts): readonly HostContainer[] {
	const name = container.name ?? container.id;
	if (!name) return [];
	const listening = valueOr(facts.containerSockets, []).filter((socket) => socket.container === name);
	const seen = facts.containerSockets.known && (listening.length > 0 || placesOf(facts.containerSockets).length > 0);
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
				seen && container.state === "running"
					? listening.map(({ protocol, address, port }) => ({ protocol, address, port }))
					: null,
		},
	];
}
