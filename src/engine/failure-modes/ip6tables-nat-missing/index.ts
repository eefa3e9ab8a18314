import { absent, failureMode, type Sign, sign } from "../../diagnose/failure-mode";
import { failedStart } from "../../facts/engine-state";
import { placesOf } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, modules, startDocker, tableIsUsable } from "../../remedy/steps";

export default failureMode<"ip6tables-nat-missing", { readonly fatal: boolean }>({
	id: "ip6tables-nat-missing",
	title: "The kernel has no nat table for IPv6",
	effect: "dockerd does not start, or only warns",
	impact: "medium",
	minutes: 10,
	explains: [],

	detect(facts) {
		const missing = [
			...complaints(facts.failures, "table-missing"),
			...complaints(facts.failures, "chain-add-refused"),
		].filter((one) => isIpv6Only(one));
		const warned = complaints(facts.failures, "ip6tables-unusable");
		const fatal = missing.filter((one) => one.best.weight === "fatal" || one.best.during === "daemon-start");
		const ipv4 = failedStart(facts).some((one) => one.best.command?.program === "iptables");
		if (missing.length === 0 && warned.length === 0)
			return absent(
				"nothing failed for want of IPv6 tables",
				[...placesOf(facts.log), ...placesOf(facts.docker.version)].slice(0, 1),
			);
		if (ipv4) return absent("IPv4 fails as well, so IPv6 is not what stops it", placesOfFailures(failedStart(facts)));
		const signs: Sign[] = [
			sign("`ip6tables` finds no nat table in the kernel", placesOfFailures([...missing, ...warned])),
		];
		if (fatal.length > 0 && failedStart(facts).length > 0)
			return { kind: "present", confidence: "certain", params: { fatal: true }, signs };
		if (fatal.length > 0)
			return { kind: "present", confidence: "likely", params: { fatal: true }, signs, ask: ["dockerd-log"] };
		return {
			kind: "present",
			confidence: "possible",
			params: { fatal: false },
			signs,
			against: [
				sign(
					"dockerd only warns of it and goes on: IPv4 ports are not affected",
					placesOfFailures(warned.length > 0 ? warned : missing),
				),
			],
		};
	},

	explain({ fatal }) {
		return fatal
			? "`ip6tables` is on (the default from 27.0), and the kernel has no IPv6 nat table: `ip6table_nat` is not loaded and not loadable. dockerd gives up at its first IPv6 chain."
			: "The kernel has no IPv6 nat table. dockerd warns, skips IPv6 and publishes on IPv4 all the same: this does not explain a dead IPv4 port.";
	},

	fix() {
		return {
			summary: "Load the IPv6 nat table, or switch ip6tables off where no network uses IPv6.",
			before: [],
			steps: [
				{
					action: {
						kind: "load-modules",
						modules: modules("ip6_tables", "ip6table_nat", "ip6table_filter"),
						persist: true,
					},
					why: "Nothing else changes.",
					risk: "low",
					interrupts: "nothing",
				},
				...startDocker("dockerd makes its chains as it starts."),
				byHand(
					"Only if the kernel has no such module, and no container network uses IPv6.",
					'Set `"ip6tables": false` in /etc/docker/daemon.json and start docker.',
					"With IPv6 networks this leaves the containers’ IPv6 ports open to everyone: do not do it there.",
				),
			],
			after: [...tableIsUsable("nat", 6), { kind: "daemon-running" }],
			instead: habits("iptables-false", "modprobe-list"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});
