import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { overlap, parsePrefix, rangeOf } from "../../netfilter/address";
import { byHand, habits } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Clash = {
	readonly subnet: string;
	readonly network: string;
	readonly other: string;
	readonly at: readonly Span[];
};
type Params = { readonly clash: Clash | null };

export default failureMode<"subnet-overlap", Params>({
	id: "subnet-overlap",
	title: "A Docker network’s subnet overlaps another network",
	effect: "A network can’t be made, or some addresses are unreachable",
	impact: "medium",
	minutes: 15,
	explains: ["forward-dropped", "outside-host"],

	detect(facts) {
		const said = [
			...complaints(facts.failures, "subnet-overlap"),
			...complaints(facts.failures, "bridge-conflict").filter(({ complaint }) => complaint.reason === "overlap"),
		];
		const clash = clashOf(facts);
		const signs: Sign[] = [];
		if (said.length > 0) signs.push(sign("Docker refused a subnet that overlaps another one", placesOfFailures(said)));
		if (clash)
			signs.push(sign(`The subnet ${clash.subnet} of network \`${clash.network}\` overlaps ${clash.other}`, clash.at));
		if (said.length > 0) return { kind: "present", confidence: "certain", params: { clash }, signs };
		if (clash) return { kind: "present", confidence: "likely", params: { clash }, signs };
		if (facts.networks.known && facts.routes.known)
			return absent(
				"no route of the host overlaps a Docker network",
				[...facts.networks.at, ...facts.routes.at].slice(0, 2),
			);
		return facts.docker.running.known
			? absent("no overlap was reported", placesOf(facts.docker.running))
			: undecided("docker-networks", "routes");
	},

	explain({ clash }) {
		return clash
			? `The subnet ${clash.subnet} of network \`${clash.network}\` and ${clash.other} cover the same addresses. The kernel sends a packet for them by the more specific of the two routes, so one side is never reached; and an answer to a client out of that range goes to the bridge instead of to the client.`
			: "The subnet that was asked for overlaps one that another network of Docker has. Two of Docker’s networks can’t share addresses, so it makes none.";
	},

	fix({ clash }) {
		return {
			summary: "Give the network another subnet.",
			before: [],
			steps: [
				byHand(
					"A subnet can’t be changed: the network must be made anew, and its containers get new addresses.",
					"See what is taken: `docker network inspect $(docker network ls -q) -f '{{.Name}} {{range .IPAM.Config}}{{.Subnet}} {{end}}'; ip route`.",
					clash?.network === "bridge"
						? "That network is docker0’s: set `bip` in daemon.json to an address with its prefix, such as `10.200.0.1/24`, and restart docker."
						: clash
							? `Remove and make network \`${clash.network}\` again with a free \`--subnet\` (compose: \`ipam.config\`).`
							: "Choose a free `--subnet` (compose: `ipam.config`), or leave it out and let Docker choose.",
				),
			],
			after: [],
			instead: habits("prune-networks", "delete-docker-state"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return {
			summary: "Keep Docker’s pools away from your own ranges.",
			before: [],
			steps: [
				byHand(
					"Docker avoids only the routes that exist when the network is made; a VPN may come up later.",
					'Set `"default-address-pools"` in daemon.json to a range that your networks and VPNs do not use.',
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** A route of the host by another device that overlaps a Docker network; the default route and the network's own are none. */
function clashOf(facts: HostFacts): Clash | null {
	for (const network of valueOr(facts.networks, [])) {
		for (const subnet of network.subnets) {
			const own = parsePrefix(subnet);
			if (!own || network.driver !== "bridge") continue;
			for (const route of valueOr(facts.routes, [])) {
				const prefix = parsePrefix(route.destination);
				if (
					!prefix ||
					prefix.length === 0 ||
					route.device === network.bridge ||
					route.device === null ||
					/^(?:docker|br-|lo$)/.test(route.device)
				)
					continue;
				if (prefix.length <= 8) continue;
				if (overlap(rangeOf(own), rangeOf(prefix)))
					return {
						subnet,
						network: network.name,
						other: `the route ${route.destination} by ${route.device}`,
						at: [network.at, route.at],
					};
			}
		}
	}
	return null;
}
