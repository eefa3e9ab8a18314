import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";

type Params = { readonly max: number | null };

export default failureMode<"conntrack-full", Params>({
	id: "conntrack-full",
	title: "The connection tracking table is full",
	effect: "New connections fail now and then",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const said = complaints(facts.failures, "conntrack-full");
		const count = facts.sysctls.get("net.netfilter.nf_conntrack_count");
		const max = facts.sysctls.get("net.netfilter.nf_conntrack_max");
		const [used, limit] = [Number(count?.value ?? Number.NaN), Number(max?.value ?? Number.NaN)];
		const params = { max: Number.isFinite(limit) ? limit : null };
		const signs: Sign[] =
			said.length > 0
				? [sign("The kernel dropped packets because its connection table was full", placesOfFailures(said))]
				: [];
		if (count && max && used >= limit * 0.98 && limit > 0) {
			signs.push(sign(`${used} of ${limit} places are taken`, [count.at, max.at]));
			return { kind: "present", confidence: "certain", params, signs };
		}
		if (said.length > 0)
			return count && max
				? {
						kind: "present",
						confidence: "likely",
						params,
						signs,
						against: [sign(`At the moment ${used} of ${limit} places are taken`, [count.at, max.at])],
					}
				: { kind: "present", confidence: "certain", params, signs, ask: ["conntrack"] };
		if (count && max) return absent(`the connection table has room: ${used} of ${limit}`, [count.at, max.at]);
		return undecided("kernel-log", "conntrack");
	},

	explain({ max }) {
		return `Each connection takes a place in the kernel’s table${max === null ? "" : ` of ${max}`}, and every translated one needs it. With no place free the kernel drops the first packet of new connections, from and to containers alike, while old ones go on.`;
	},

	fix({ max }) {
		const key = sysctlKey("net.netfilter.nf_conntrack_max");
		const wanted = Math.min(Math.max((max ?? 131072) * 2, 262144), 4194304);
		const value = sysctlValue(String(wanted));
		return {
			summary: "Raise the limit, then find what fills it.",
			before: [],
			steps: [
				...(key && value
					? [
							{
								action: { kind: "set-sysctl" as const, key, value, persist: true },
								why: "Takes effect at once; each place costs about 320 bytes of kernel memory.",
								risk: "low" as const,
								interrupts: "nothing" as const,
							},
						]
					: []),
				byHand(
					"A flood fills any limit.",
					"Look at who has most: `conntrack -L 2>/dev/null | awk '{print $5}' | sort | uniq -c | sort -rn | head`.",
					"UDP and half-closed TCP live long: see `net.netfilter.nf_conntrack_udp_timeout` and `…tcp_timeout_established`.",
				),
			],
			after: key ? [{ kind: "sysctl-at-least", key, least: wanted }] : [],
			instead: habits("flush-conntrack"),
			proveFromOutside: "Open the published port from another machine several times in a row.",
		};
	},

	prevent() {
		return {
			summary: "Watch the fill level.",
			before: [],
			steps: [
				byHand(
					"The limit is reached again as traffic grows.",
					"Alert when nf_conntrack_count passes 80 % of nf_conntrack_max (node_exporter: node_nf_conntrack_entries).",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});
