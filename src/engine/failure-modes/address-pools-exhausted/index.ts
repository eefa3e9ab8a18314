import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereRefusalShows } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts, Route } from "../../facts/host-facts";
import { overlap, type Prefix, parsePrefix, rangeOf } from "../../netfilter/address";
import type { Step } from "../../remedy/plan";
import { byHand, habits } from "../../remedy/steps";
import { daemonKey, prefixText } from "../../remedy/validate";

type Params = {
	/** `network`: the subnet of one network has no address left; its pools are another matter. */
	readonly of: "pools" | "network";
	readonly networks: number | null;
	readonly ownPools: boolean;
	/** A wide route of the host, as a VPN sets it, that hides all or some of Docker’s built-in pools. */
	readonly covering: { readonly route: string; readonly all: boolean } | null;
};

export default failureMode<"address-pools-exhausted", Params>({
	id: "address-pools-exhausted",
	title: "Docker has no free subnet left for a new network",
	effect: "Creating a network fails",
	impact: "medium",
	minutes: 10,
	explains: [],

	detect(facts) {
		const said = complaints(facts.failures, "pools-exhausted");
		if (said.length === 0) {
			const shown = whereRefusalShows(facts);
			return shown ? absent("no network was refused for want of a subnet", shown) : undecided("error-text");
		}
		const bridges = valueOr(facts.networks, []).filter((network) => network.driver === "bridge");
		const ownPools = valueOr(facts.docker.config, new Map<string, unknown>()).has("default-address-pools");
		const of = said.every(({ complaint }) => complaint.of === "network") ? "network" : "pools";
		const signs: Sign[] = [
			sign(
				of === "network"
					? "Docker found no free address in the subnet of the network"
					: "Docker found no free subnet in its address pools",
				placesOfFailures(said),
			),
		];
		const wide = of === "pools" && !ownPools ? wideRoutes(facts) : [];
		if (wide.length > 0)
			signs.push(
				sign(
					`The route ${wide[0]?.destination ?? ""} covers addresses of Docker’s pools`,
					wide.map((route) => route.at),
				),
			);
		if (of === "pools" && bridges.length > 1)
			signs.push(sign(`${bridges.length} bridge networks exist`, bridges.map((network) => network.at).slice(0, 3)));
		if (ownPools) signs.push(sign("daemon.json sets pools of its own", placesOf(facts.docker.config)));
		return {
			kind: "present",
			confidence: "certain",
			params: {
				of,
				networks: facts.networks.known ? bridges.length : null,
				ownPools,
				covering: coveringOf(wide),
			},
			signs,
		};
	},

	headline: ({ of }) =>
		of === "network" ? "A Docker network has no free address left" : "Docker has no free subnet left for a new network",

	explain({ of, networks, ownPools, covering }) {
		if (of === "network")
			return "The subnet of this one network is full: each container on it takes an address for as long as it is attached, and the gateway takes one. Other networks, and the pools for new ones, are not concerned.";
		const taken =
			networks === null || networks < 2 ? "" : ` ${networks} bridge networks exist here and have taken theirs.`;
		const pools = ownPools
			? "here they are those that `default-address-pools` in daemon.json names"
			: "the built-in pools hold 31 of them, that of docker0 among them";
		const routes = covering
			? ` Docker also passes over every subnet that a route of the host covers, and the route ${covering.route} covers ${covering.all ? "all of them: the pools are not used up, they are hidden" : "many of them"}.`
			: " A subnet that a route of the host covers, such as a VPN’s, is passed over as well.";
		return `Each network takes a whole subnet out of Docker’s pools; ${pools}.${taken}${routes}`;
	},

	fix({ of, covering }) {
		const steps =
			of === "network"
				? [
						byHand(
							"Which containers may go is yours to say.",
							"See who has the addresses: `docker network inspect NETWORK`.",
							"Remove containers that are no longer needed, or make the network again with a wider `--subnet`; its containers must be attached to it anew.",
						),
					]
				: [
						...(covering
							? [
									byHand(
										"The route comes from the VPN, not from Docker.",
										"Make the network while the VPN is down, or name a subnet that the VPN does not need: `docker network create --subnet 10.200.1.0/24 NAME`. An explicit subnet is not checked against routes.",
									),
								]
							: []),
						byHand(
							"Which networks may go is yours to say.",
							"List those without containers: `docker network ls --filter dangling=true`.",
							"Remove them by name: `docker network rm NAME`. Networks of stopped services are in that list too, so look first.",
						),
						byHand(
							"More and smaller subnets need a restart of dockerd.",
							'In daemon.json add to `default-address-pools` a range that no route of yours uses, such as `{"base": "10.200.0.0/16", "size": 24}`: that is 256 networks. Keep the pools that stand there; once the key is set, the built-in ones are no longer used.',
							"Networks that exist keep their subnets.",
						),
					];
		return {
			summary:
				of === "network"
					? "Free addresses of the network, or make it again with a wider subnet."
					: "Remove networks that nobody uses, or give Docker more pools.",
			before: [],
			steps,
			after: [],
			instead: habits("prune-networks", "delete-docker-state"),
			proveFromOutside: null,
		};
	},

	prevent({ of }, facts) {
		return {
			summary: of === "network" ? "Size the network for its containers." : "Plan the pools.",
			before: [],
			steps: [
				of === "network"
					? byHand(
							"A subnet can’t be widened later.",
							"Choose `--subnet` for at least twice the containers that are to run on the network.",
						)
					: byHand(
							"CI jobs and compose projects leave networks behind.",
							"End projects with `docker compose down`, which removes their networks.",
							"Set `default-address-pools` with size 24 before the first network is made.",
						),
				...(of === "network" ? [] : morePools(facts)),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** Docker’s built-in pools (moby libnetwork/ipamutils): subnets of these ranges, and no others, go to networks that name none. */
const POOLS = ["172.16.0.0/12", "192.168.0.0/16"].flatMap((text) => parsePrefix(text) ?? []);

/** Routes as wide as a pool or wider, which hide every subnet in it; the default route hides none. */
function wideRoutes(facts: HostFacts): readonly Route[] {
	return valueOr(facts.routes, []).filter((route) => POOLS.some((pool) => hides(route, pool)));
}

function hides(route: Route, pool: Prefix): boolean {
	const prefix = parsePrefix(route.destination);
	if (prefix === null || prefix.length === 0 || prefix.length > pool.length) return false;
	return overlap(rangeOf(pool), rangeOf(prefix));
}

function coveringOf(wide: readonly Route[]): Params["covering"] {
	const [first] = wide;
	if (!first) return null;
	return {
		route: `${first.destination}${first.device ? ` by ${first.device}` : ""}`,
		all: POOLS.every((pool) => wide.some((route) => hides(route, pool))),
	};
}

/**
 * One more pool behind those that daemon.json names, or behind a start of the built-in ones (moby
 * daemon/libnetwork/ipamutils). Only where the file was shown: once the key is set the built-in pools are no longer used.
 */
function morePools(facts: HostFacts): readonly Step[] {
	const key = daemonKey("default-address-pools");
	if (key === null || !facts.docker.config.known) return [];
	const there = facts.docker.config.value.get(key);
	const named = Array.isArray(there) ? there.flatMap(poolOf) : [];
	if (Array.isArray(there) && named.length !== there.length) return [];
	// docker0 keeps its 172.17.0.0/16, which is the first that is free.
	const first = named.length > 0 ? named : [{ base: "172.17.0.0/16", size: 16 }];
	// Part of what the built-in pools hold anyway, in pieces of 254 addresses: 2048 networks.
	const more = named.length > 0 ? { base: "10.200.0.0/16", size: 24 } : { base: "172.24.0.0/13", size: 24 };
	if (named.some(({ base }) => base === more.base)) return [];
	return [
		{
			action: { kind: "edit-daemon-json", set: [{ key, value: [...first, more] }], remove: [] },
			why: "Smaller subnets make more networks; it counts for networks made after the next start of dockerd. Choose another range where a route of yours uses this one.",
			risk: "low",
			interrupts: "nothing",
		},
	];
}

function poolOf(value: unknown): readonly { readonly base: string; readonly size: number }[] {
	if (typeof value !== "object" || value === null || !("base" in value) || !("size" in value)) return [];
	const { base, size } = value;
	const prefix = typeof base === "string" ? prefixText(base) : null;
	return prefix !== null && typeof size === "number" && Number.isInteger(size) ? [{ base: prefix, size }] : [];
}
