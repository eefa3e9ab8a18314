import type { Sign as Reason } from "../../diagnose/failure-mode";
import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes, pressingFailures } from "../../facts/engine-state";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { habits, modules, startDocker } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";

type Params = { readonly fatal: boolean };

export default failureMode<"bridge-netfilter-off", Params>({
	id: "bridge-netfilter-off",
	title: "Bridged packets bypass iptables, and here that matters",
	effect: "Containers do not reach each other by a published port",
	impact: "medium",
	minutes: 5,
	explains: [],

	detect(facts) {
		const said = complaints(facts.failures, "bridge-netfilter-disabled");
		const fatal = said.filter(({ complaint }) => complaint.fatal);
		if (fatal.length > 0)
			return {
				kind: "present",
				confidence: "certain",
				params: { fatal: true },
				signs: [sign("dockerd can’t separate containers without the module br_netfilter", placesOfFailures(fatal))],
			};
		const key = facts.sysctls.get("net.bridge.bridge-nf-call-iptables");
		const off = key !== undefined && key.value !== "1";
		if (!off && said.length === 0)
			return key ? absent("`net.bridge.bridge-nf-call-iptables` is 1", [key.at]) : undecided("sysctls");
		const needed = whyNeeded(facts);
		const where = off && key ? [key.at] : placesOfFailures(said);
		if (!needed)
			return absent(
				"bridged packets bypass iptables, which matters only with `icc: false`, without the userland proxy, or in a swarm",
				where,
			);
		const signs: Sign[] = [
			sign(key?.value === null ? "br_netfilter is not loaded" : "`net.bridge.bridge-nf-call-iptables` is 0", where),
			needed,
		];
		const probes = deadProbes(facts);
		// The path from outside does not cross the bridge's own filter; another fault of the network explains more.
		const others = pressingFailures(facts);
		if (others.length > 0)
			return {
				kind: "present",
				confidence: "possible",
				params: { fatal: false },
				signs,
				against: [sign("Something else fails that this does not explain", placesOfFailures(others))],
			};
		if (probes.length > 0)
			signs.push(
				sign(
					"A published port does not answer from a container of the same host",
					probes.map((probe) => probe.at),
				),
			);
		return { kind: "present", confidence: probes.length > 0 ? "certain" : "likely", params: { fatal: false }, signs };
	},

	explain({ fatal }) {
		return fatal
			? "With `icc: false` Docker keeps containers of one bridge apart by rules, and the kernel shows bridged packets to iptables only with the module `br_netfilter`. It is not loaded, so dockerd refuses to start."
			: "Packets between containers of one bridge do not pass iptables here (`bridge-nf-call-iptables` is 0). Without the userland proxy a container reaches a sibling’s published port by NAT; the answer then goes straight back over the bridge, is never translated, and is thrown away.";
	},

	fix({ fatal }) {
		const key = sysctlKey("net.bridge.bridge-nf-call-iptables");
		const one = sysctlValue("1");
		return {
			summary: "Load br_netfilter and let bridged packets pass iptables.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modules("br_netfilter"), persist: true },
					why: "Loading it sets the switch to 1.",
					risk: "low",
					interrupts: "nothing",
				},
				...(key && one
					? [
							{
								action: { kind: "set-sysctl" as const, key, value: one, persist: true },
								why: "In case something set it to 0 afterwards.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
						]
					: []),
				...(fatal ? startDocker("dockerd checks for the module as it starts.") : []),
			],
			after: [
				...(key && one ? [{ kind: "sysctl-is" as const, key, value: one }] : []),
				...(fatal ? [{ kind: "daemon-running" as const }] : []),
			],
			instead: habits("iptables-false", "network-host"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});

function whyNeeded(facts: HostFacts): Reason | null {
	const config = valueOr(facts.docker.config, new Map<string, unknown>());
	if (config.get("icc") === false)
		return sign("`icc` is false: Docker separates containers by rules", placesOf(facts.docker.config));
	if (isKnownToBe(facts.docker.userlandProxy, false))
		return sign(
			"The userland proxy is off: containers reach each other’s published ports by NAT alone",
			placesOf(facts.docker.userlandProxy),
		);
	return null;
}
