/**
 * What dockerd keeps in the raw table, to stop other machines of the LAN from reaching container addresses and ports that
 * are published on loopback. Without these rules published ports work all the same; no verdict is built on them.
 *
 *     28.0.1 – 28.1    -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -p tcp -m tcp --dport 80 -j DROP     one for each published port
 *     28.2 –           -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP                              one for each container
 *     28.0 –           -A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP         published on loopback
 *
 * Not for networks that are internal, routed or nat-unprotected, nor with `allow-direct-routing` or the environment variable
 * DOCKER_INSECURE_NO_IPTABLES_RAW. The nftables backend has the same rules in its own chain raw-PREROUTING.
 * Sources: moby integration/network/bridge/iptablesdoc and nftablesdoc at v28.0.0 to v29.7.2; dockerd 28.5.2 and 29.7.2.
 */
import { inRange, parseAddress } from "../netfilter/address";
import type { Rule, Table } from "../netfilter/ruleset";
import type { Span } from "../text/span";
import { isAtLeast } from "./docker-facts";
import { ruleOf } from "./docker-layout";
import { type Expectation, findChain } from "./docker-rules";
import { isLooping } from "./engine-state";
import { isKnownToBe, valueOr } from "./fact";
import type { Container, HostFacts } from "./host-facts";
import { tableOf } from "./netfilter-facts";

type Place = {
	readonly name: "raw" | "docker-bridges";
	readonly chain: string;
	readonly table: Table | null;
	readonly at: readonly Span[];
};

/** Rules of the raw table for what runs; empty where the table was not listed or this dockerd makes none. */
export function rawLayout(facts: HostFacts): readonly Expectation[] {
	const { version, rawSkipped } = facts.docker;
	if (!version.known || !isAtLeast(version.value, 28, 0, 1) || isKnownToBe(rawSkipped, true)) return [];
	const place = placeOf(facts);
	if (!place || place.table?.complete === false) return [];
	const chain = findChain(place.table, place.chain);
	const drop = (what: string, fits: (rule: Rule) => boolean) => {
		const rule = chain?.rules.find((one) => one.verdict.kind === "drop" && fits(one)) ?? null;
		return ruleOf(place, chain, place.chain, "drop", what, rule);
	};
	const perPort = !isAtLeast(version.value, 28, 2);
	return running(facts).flatMap((container) => {
		const ports = (container.ports ?? []).filter(({ hostAddress }) => !hostAddress.includes(":"));
		const onLoopback = ports.filter(({ hostAddress }) => hostAddress.startsWith("127."));
		const addresses = addressesOf(facts, container);
		return [
			...addresses.flatMap((address) =>
				perPort
					? ports.map(({ containerPort, protocol }) =>
							drop(`the rule that keeps other machines from ${address}:${containerPort}/${protocol}`, (rule) =>
								leadsTo(rule, address, containerPort),
							),
						)
					: [drop(`the rule that keeps other machines from ${address}`, (rule) => leadsTo(rule, address, null))],
			),
			...onLoopback.map(({ hostAddress, hostPort, protocol }) =>
				drop(`the rule that keeps other machines from ${hostAddress}:${hostPort}/${protocol}`, (rule) =>
					leadsTo(rule, hostAddress, hostPort),
				),
			),
		];
	});
}

function placeOf(facts: HostFacts): Place | null {
	if (isKnownToBe(facts.docker.firewallBackend, "nftables")) {
		const table = facts.netfilter.tables.find(
			(one) => one.native && one.family === "ip" && one.name === "docker-bridges",
		);
		// A table that is gone as a whole is told of by its own chains.
		return table ? { name: "docker-bridges", chain: "raw-PREROUTING", table, at: [table.at] } : null;
	}
	const { backend } = facts.iptables;
	const answer = tableOf(facts.netfilter, backend.known ? backend.value : null, 4, "raw");
	if (answer.kind === "unknown") return null;
	const shown = answer.kind === "shown" ? answer.table : null;
	return {
		name: "raw",
		chain: "PREROUTING",
		table: shown,
		at: answer.kind === "shown" ? [answer.table.at] : answer.at,
	};
}

const running = ({ containers }: HostFacts) =>
	valueOr(containers, []).filter((one) => one.state === "running" && !isLooping(one));

/** IPv4 addresses of a container on networks of which it is known that dockerd protects them. */
function addressesOf({ networks }: HostFacts, { inspected }: Container): readonly string[] {
	return (inspected?.addresses ?? []).flatMap(({ network: name, address }) => {
		if (address === "" || address.includes(":")) return [];
		const network = valueOr(networks, []).find((one) => one.name === name);
		const isProtected = network
			? network.driver === "bridge" && network.internal === false && (network.gatewayMode ?? "nat") === "nat"
			: name === "bridge";
		return isProtected ? [address] : [];
	});
}

/** Whether a rule takes every packet to an address, or to one port of it. */
function leadsTo({ matches }: Rule, text: string, port: number | null): boolean {
	const address = parseAddress(text);
	if (!address) return false;
	const toAddress = matches.some(
		(match) => match.kind === "daddr" && !match.negated && match.ranges.some((range) => inRange(range, address)),
	);
	const ports = matches.flatMap((match) => (match.kind === "dport" && !match.negated ? match.ranges : []));
	return toAddress && (port === null ? ports.length === 0 : ports.some((one) => one.from <= port && port <= one.to));
}
