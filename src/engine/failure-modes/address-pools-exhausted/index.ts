import { absent, failureMode, type Sign, sign } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits } from "../../remedy/steps";

type Params = { readonly networks: number | null; readonly ownPools: boolean };

export default failureMode<"address-pools-exhausted", Params>({
	id: "address-pools-exhausted",
	title: "Docker has no free subnet left for a new network",
	effect: "Creating a network fails",
	impact: "medium",
	minutes: 10,
	explains: [],

	detect(facts) {
		const said = complaints(facts.failures, "pools-exhausted");
		if (said.length === 0)
			return absent(
				"no network was refused for want of a subnet",
				[...placesOf(facts.log), ...placesOf(facts.docker.version)].slice(0, 1),
			);
		const bridges = valueOr(facts.networks, []).filter((network) => network.driver === "bridge");
		const ownPools = valueOr(facts.docker.config, new Map<string, unknown>()).has("default-address-pools");
		const signs: Sign[] = [sign("Docker found no free subnet in its address pools", placesOfFailures(said))];
		if (bridges.length > 0)
			signs.push(sign(`${bridges.length} bridge networks exist`, bridges.map((network) => network.at).slice(0, 3)));
		if (ownPools) signs.push(sign("daemon.json sets pools of its own", placesOf(facts.docker.config)));
		return {
			kind: "present",
			confidence: "certain",
			params: { networks: facts.networks.known ? bridges.length : null, ownPools },
			signs,
		};
	},

	explain({ networks, ownPools }) {
		return `Each network takes a whole subnet from Docker’s pools${ownPools ? ", which daemon.json makes small here" : "; the built-in ones hold about 30"}. ${networks === null ? "All are taken" : `${networks} bridge networks take theirs`}, or routes of the host (a VPN) cover what is left.`;
	},

	fix() {
		return {
			summary: "Remove networks that nobody uses, or add pools.",
			before: [],
			steps: [
				byHand(
					"Which networks may go is yours to say.",
					"List those without containers: `docker network ls --filter dangling=true`.",
					"Remove by name: `docker network rm NAME`. Networks of stopped services count as unused, so look first.",
				),
				byHand(
					"More and smaller subnets need a restart of dockerd.",
					'Add to /etc/docker/daemon.json: `"default-address-pools": [{"base": "10.200.0.0/16", "size": 24}]`, a range that no route of yours uses. That is 256 networks.',
					"Existing networks keep their subnets.",
				),
			],
			after: [],
			instead: habits("prune-networks", "delete-docker-state"),
			proveFromOutside: null,
		};
	},

	prevent() {
		return {
			summary: "Plan the pools.",
			before: [],
			steps: [
				byHand(
					"CI jobs and compose projects leave networks behind.",
					"End them with `docker compose down`.",
					"Set `default-address-pools` with size 24 before the first network is made.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});
