import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace } from "../../diagnose/main-trace";
import { deadProbes } from "../../facts/engine-state";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { byHand, habits } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";
import type { Span } from "../../text/span";

type Params = { readonly interface: string };

export default failureMode<"rp-filter-or-martian", Params>({
	id: "rp-filter-or-martian",
	title: "The reverse path filter drops packets that come in by another interface than their answer would take",
	effect: "The port is dead from some networks",
	impact: "medium",
	minutes: 10,
	explains: ["outside-host"],

	detect(facts) {
		const martians = complaints(facts.failures, "martian-source");
		const counter = facts.counters.get("TcpExtIPReversePathFilter");
		const strict = strictInterface(facts);
		const signs: Sign[] = [];
		if (martians.length > 0)
			signs.push(
				sign("The kernel logged packets whose source belongs to another interface", placesOfFailures(martians)),
			);
		if (counter && counter.value > 0)
			signs.push(sign(`The kernel’s reverse path filter dropped ${counter.value} packets`, [counter.at]));
		if (strict) signs.push(sign(`\`rp_filter\` is strict (1) on ${strict.name}`, [strict.at]));
		const dead = deadProbes(facts);
		if (dead.length > 0 && signs.length > 0)
			signs.push(
				sign(
					"The port does not answer",
					dead.map((probe) => probe.at),
				),
			);
		const params = {
			interface: martians.find(({ complaint }) => complaint.device)?.complaint.device ?? strict?.name ?? "eth0",
		};
		if (counter && counter.value > 0 && strict)
			return { kind: "present", confidence: dead.length > 0 ? "certain" : "likely", params, signs };
		if (martians.length > 0)
			return {
				kind: "present",
				confidence: strict && dead.length > 0 ? "certain" : "likely",
				params,
				signs,
				ask: ["sysctls", "routes"],
			};
		if (strict && dead.length > 0 && mainTrace(facts)?.outcome === "delivered" && facts.routes.known) {
			const uplinks = new Set(
				facts.routes.value
					.filter((route) => route.device && !/^(?:docker|br-|veth|lo$)/.test(route.device))
					.map((route) => route.device),
			);
			if (uplinks.size > 1) return { kind: "present", confidence: "possible", params, signs, ask: ["kernel-log"] };
		}
		const all = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
		if (all && !strict) return absent("`rp_filter` is not strict", [all.at]);
		return undecided("sysctls", "kernel-log");
	},

	explain({ interface: name }) {
		return `With \`rp_filter\` at 1 the kernel drops a packet on \`${name}\` when its answer would leave by another interface. On a host with two uplinks, a VPN or overlapping routes that hits honest packets: they vanish before any rule sees them, and nothing is logged unless \`log_martians\` is on.`;
	},

	fix({ interface: name }) {
		const key = sysctlKey(`net.ipv4.conf.${name}.rp_filter`);
		const all = sysctlKey("net.ipv4.conf.all.rp_filter");
		const loose = sysctlValue("2");
		// The kernel takes the higher of `all` and the interface (ip-sysctl.rst), so 1 in `all` is outweighed by 2 here.
		return {
			summary: `Set the filter on ${name} to loose.`,
			before: [],
			steps: [
				...(key && loose
					? [
							{
								action: { kind: "set-sysctl" as const, key, value: loose, persist: true },
								why: "Loose mode still drops sources that no route knows; the higher value of `all` and the interface counts.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
						]
					: []),
				byHand(
					"The routes are the deeper cause.",
					"See which interface an answer takes: `ip route get CLIENT_ADDRESS`.",
					"If a VPN or a second uplink should not have that route, remove it there.",
				),
			],
			after: key && all && loose ? [{ kind: "sysctl-is", key, value: loose }] : [],
			instead: habits("rp-filter-off", "forward-accept"),
			proveFromOutside:
				"Open the port from the network that could not, and see that `nstat -az TcpExtIPReversePathFilter` no longer counts.",
		};
	},

	prevent: () => null,
});

/** The first outer interface whose effective mode is strict: the higher of `all` and its own value is 1. */
function strictInterface(facts: HostFacts): { readonly name: string; readonly at: Span } | null {
	const all = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
	for (const [key, { value, at }] of facts.sysctls) {
		const name = /^net\.ipv4\.conf\.([A-Za-z0-9_-]{1,15})\.rp_filter$/.exec(key)?.[1];
		if (!name || name === "all" || name === "default" || name === "lo" || /^(?:docker|br-|veth)/.test(name)) continue;
		const effective = Math.max(Number(value ?? 0), Number(all?.value ?? 0));
		if (effective === 1) return { name, at };
	}
	return null;
}
