import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { failedStart, whereStartShows } from "../../facts/engine-state";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import { byHand, habits, modules, startDocker, tableIsUsable } from "../../remedy/steps";

type Params = { readonly stops: "dockerd" | "container" | "unknown" };

export default failureMode<"ip6tables-nat-missing", Params>({
	id: "ip6tables-nat-missing",
	title: "The kernel has no nat table for IPv6",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const missing = [
			...complaints(facts.failures, "table-missing"),
			...complaints(facts.failures, "chain-add-refused"),
		].filter((one) => isIpv6Only(one));
		const start = failedStart(facts);
		if (missing.length === 0) {
			const skipped = skippedIpv6(facts);
			if (skipped.length > 0)
				return absent("dockerd only warned that it skips IPv6, and went on with IPv4", placesOfFailures(skipped));
			const shown = whereStartShows(facts);
			return shown ? absent("nothing failed for want of IPv6 tables", shown) : undecided("dockerd-log");
		}
		if (start.some((one) => one.best.command?.program === "iptables"))
			return absent("IPv4 fails as well, so IPv6 is not what stops it", placesOfFailures(start));
		const signs: Sign[] = [sign("`ip6tables` finds no nat table in the kernel", placesOfFailures(missing))];
		if (missing.some((one) => start.includes(one)))
			return { kind: "present", confidence: "certain", params: { stops: "dockerd" }, signs };
		return missing.some((one) => one.best.fromDockerd)
			? { kind: "present", confidence: "likely", params: { stops: "container" }, signs, ask: ["dockerd-log"] }
			: { kind: "present", confidence: "possible", params: { stops: "unknown" }, signs, ask: ["dockerd-log"] };
	},

	explain({ stops }) {
		const what =
			"The kernel has no IPv6 nat table: the module `ip6table_nat` is not loaded and could not be loaded. IPv4 has its own table, and nothing is wrong with that one.";
		if (stops === "dockerd")
			return `${what} dockerd was told to use \`ip6tables\` and gave up at its first IPv6 chain, so no container runs. Docker 27.0 and later only warn and go on with IPv4.`;
		if (stops === "container")
			return `${what} dockerd could not write an IPv6 rule that a container or a network asked for.`;
		return `${what} Whether dockerd needs it, only its log tells: Docker 27.0 and later skip IPv6 with a warning and publish on IPv4 all the same.`;
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
					why: "The first choice: nothing else changes. Only the modules that this kernel has are loaded.",
					risk: "low",
					interrupts: "nothing",
				},
				byHand(
					"Only if the kernel has no such module, and no container network uses IPv6.",
					'Set `"ip6tables": false` in daemon.json before the start below.',
					"With IPv6 networks this leaves every IPv6 port of the containers open to everyone: do not do it there.",
				),
				...startDocker("dockerd makes its chains as it starts."),
			],
			after: [...tableIsUsable("nat", 6), { kind: "daemon-running" }],
			instead: habits("iptables-false", "modprobe-list"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});

/** Docker 27.0 and later, whose `ip6tables is enabled, but cannot set up ip6tables chains` is a warning on a whole host. */
function skippedIpv6({ failures }: HostFacts): readonly FoldedFailure[] {
	return failures.filter(
		(one) =>
			one.current &&
			(one.complaint.kind === "ip6tables-unusable" || (one.complaint.kind === "table-missing" && isIpv6Only(one))),
	);
}
