import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Step } from "../../remedy/plan";
import { alerts, byHand, habits, modules } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";

type Params = {
	readonly max: number | null;
	/** It was full, and has room again. */
	readonly drained: boolean;
};

/** Four million places are over a gigabyte of kernel memory: beyond it, what fills the table is to be found first. */
const MOST = 4194304;

export default failureMode<"conntrack-full", Params>({
	id: "conntrack-full",
	title: "The connection tracking table is full",
	effect: "New connections fail now and then",
	impact: "high",
	minutes: 10,
	explains: ["outside-host"],

	detect(facts) {
		const said = complaints(facts.failures, "conntrack-full");
		const { dropped } = facts.conntrack;
		const count = facts.sysctls.get("net.netfilter.nf_conntrack_count") ?? shownCount(facts);
		const max = facts.sysctls.get("net.netfilter.nf_conntrack_max");
		const [used, limit] = [numberOf(count?.value), numberOf(max?.value)];
		const signs: Sign[] =
			said.length > 0
				? [sign("The kernel dropped packets because its connection table was full", placesOfFailures(said))]
				: [];
		if (dropped)
			signs.push(sign(`conntrack counts ${dropped.value} packets since boot that found no place`, [dropped.at]));
		if (count && max && used !== null && limit !== null && limit > 0) {
			const at = [count.at, max.at];
			if (used >= limit * 0.98) {
				signs.push(sign(`${used} of ${limit} places are taken`, at));
				return { kind: "present", confidence: "certain", params: { max: limit, drained: false }, signs };
			}
			if (signs.length === 0) return absent(`the connection table has room: ${used} of ${limit}`, at);
			const against = [sign(`At the moment ${used} of ${limit} places are taken`, at)];
			const confidence = said.length > 0 ? "likely" : "possible";
			return { kind: "present", confidence, params: { max: limit, drained: true }, signs, against };
		}
		if (said.length > 0) {
			const params = { max: limit, drained: false };
			return { kind: "present", confidence: "certain", params, signs, ask: ["conntrack"] };
		}
		// The counter runs since boot, and a helper's refusal counts too.
		if (dropped)
			return {
				kind: "present",
				confidence: "possible",
				params: { max: limit, drained: true },
				signs,
				ask: ["conntrack", "kernel-log"],
			};
		return undecided("kernel-log", "conntrack");
	},

	explain({ max, drained }) {
		const table = `Each connection takes a place in the kernel’s table${max === null ? "" : ` of ${max}`}, and a published port works only for connections that have one.`;
		return drained
			? `${table} The table was full when the kernel wrote these lines and has room again, so look at what happens at that hour: while it is full the first packet of each new connection is dropped, from and to containers alike.`
			: `${table} With no place free the kernel drops the first packet of new connections, from and to containers alike, while old ones go on.`;
	},

	fix({ max }) {
		const key = sysctlKey("net.netfilter.nf_conntrack_max");
		const wanted = Math.max((max ?? 131072) * 2, 262144);
		const value = wanted <= MOST ? sysctlValue(String(wanted)) : null;
		const raise: readonly Step[] =
			key && value
				? [
						{
							// systemd-sysctl runs at boot before dockerd loads nf_conntrack, and passes over keys that are not there yet.
							action: { kind: "load-modules", modules: modules("nf_conntrack"), persist: true },
							why: "The limit can be set at boot only once the module is there.",
							risk: "low",
							interrupts: "nothing",
						},
						{
							action: { kind: "set-sysctl", key, value, persist: true },
							why: "Takes effect at once; each place costs about 320 bytes of kernel memory.",
							risk: "low",
							interrupts: "nothing",
						},
					]
				: [];
		return {
			summary: value
				? `Raise the limit to ${value}, then find what fills the table.`
				: "Find what fills the table: the limit is high already.",
			before: [],
			steps: [
				...raise,
				byHand(
					"A flood fills any limit.",
					"Look at who has most: `conntrack -L 2>/dev/null | grep -oE 'src=[^ ]+' | sort | uniq -c | sort -rn | head`.",
					"Established TCP is kept for five days, UDP for up to two minutes: see `sysctl -a | grep nf_conntrack.*timeout`.",
					"kube-proxy sets the limit too, from `conntrack.maxPerCore`; where it runs, change it there.",
				),
			],
			after: key && value ? [{ kind: "sysctl-at-least", key, least: wanted }] : [],
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
					"Alert when `nf_conntrack_count` passes 80 % of `nf_conntrack_max` (node_exporter: `node_nf_conntrack_entries` and `node_nf_conntrack_entries_limit`).",
				),
			],
			after: [],
			keep: alerts("conntrack"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

/** What `conntrack -C` or the last line of `conntrack -L` says. */
function shownCount({ conntrack: { count } }: HostFacts) {
	return count ? { value: String(count.value), at: count.at } : undefined;
}

function numberOf(value: string | null | undefined): number | null {
	return value && /^\d{1,10}$/.test(value) ? Number(value) : null;
}
