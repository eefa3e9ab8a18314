import { formatAddress, parsePrefix, rangeOf } from "../netfilter/address";
import type { Backend } from "../netfilter/ruleset";
import type { Configuration } from "./docker-facts";
import { nativeRules } from "./docker-native";
import {
	type DockerRules,
	filterState,
	isDockerChain,
	type NatNeeds,
	type NeededPort,
	natState,
	type TableState,
} from "./docker-rules";
import { isLooping } from "./engine-state";
import { type Fact, isKnownToBe, valueOr } from "./fact";
import type { Container, HostFacts, NetfilterFacts } from "./host-facts";
import { otherBackend, tableOf } from "./netfilter-facts";

/** Ports and subnets that need rules: published by running containers on bridge networks. */
export function natNeeds(
	containers: Fact<readonly Container[]>,
	networks: HostFacts["networks"],
	interfaces: HostFacts["interfaces"],
	configuration: Configuration,
): NatNeeds {
	const ports: NeededPort[] = [];
	for (const container of valueOr(containers, [])) {
		// A container that restarts again and again has its rules only for moments.
		if ((container.state !== "running" && container.state !== "paused") || isLooping(container)) continue;
		if (container.inspected?.networkMode === "host") continue;
		const address = container.inspected?.addresses[0]?.address ?? null;
		for (const port of container.ports ?? []) {
			// [::] is served by ip6tables or by docker-proxy; the IPv4 entry beside it is what the nat table holds.
			if (port.hostAddress.includes(":")) continue;
			if (!ports.some((one) => one.hostPort === port.hostPort && one.protocol === port.protocol))
				ports.push({ ...port, container: container.name, address });
		}
	}
	const masquerade = configuration.setting("ip-masq");
	const bridges = valueOr(networks, []).filter(
		(network) => network.driver === "bridge" && network.internal !== true && network.subnets.length > 0,
	);
	const inspected = bridges.flatMap((network) => network.subnets.filter((subnet) => !subnet.includes(":")));
	const docker0 = valueOr(interfaces, []).find((one) => one.name === "docker0");
	const fromAddress = (docker0?.addresses ?? []).flatMap((text) => {
		const prefix = text.includes(":") ? null : parsePrefix(text);
		return prefix ? [`${formatAddress(rangeOf(prefix).from)}/${prefix.length}`] : [];
	});
	const subnets = inspected.length > 0 ? inspected : fromAddress;
	const off = isKnownToBe(masquerade, false);
	return {
		ports,
		subnets: off ? [] : [...new Set(subnets)],
		subnetsUnknown: !off && !networks.known && subnets.length === 0,
	};
}

/** Docker's part of each table of the backend in use, and what the other one holds of it. */
export function gatherRules(netfilter: NetfilterFacts, active: Fact<Backend>, needs: NatNeeds): DockerRules {
	const backend = active.known ? active.value : null;
	const state = (name: "nat" | "filter"): TableState => {
		const answer = tableOf(netfilter, backend, 4, name);
		if (answer.kind === "unknown") return { kind: "unknown" };
		const table = answer.kind === "shown" ? answer.table : null;
		const at = answer.kind === "shown" ? [answer.table.at] : answer.at;
		return name === "nat" ? natState(table, at, needs) : filterState(table, at, needs);
	};
	return {
		nat: state("nat"),
		filter: state("filter"),
		native: nativeRules(netfilter, needs),
		otherBackend: backend ? otherSide(netfilter, otherBackend(backend)) : null,
	};
}

function otherSide(netfilter: NetfilterFacts, backend: Backend): DockerRules["otherBackend"] {
	const tables = netfilter.tables.filter(
		(table) => table.backend === backend && table.family === "ip" && !table.native,
	);
	const listed = netfilter.listed.find((one) => one.backend === backend && one.family === 4);
	if (tables.length === 0 && !listed) return null;
	const chains = tables.flatMap((table) => table.chains.filter((chain) => isDockerChain(chain.name)));
	return {
		backend,
		chains,
		at: chains.length > 0 ? chains.map((chain) => chain.at) : listed ? listed.at : tables.map((table) => table.at),
	};
}
