import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace } from "../../diagnose/main-trace";
import { deadProbes, pressingFailures } from "../../facts/engine-state";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import { alerts, byHand, habits } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";
import type { Span } from "../../text/span";

type Params = {
	/** Where the packets come in; null where nothing names it. */
	readonly interface: string | null;
	/** `rp_filter` was shown, and is strict there. */
	readonly strict: boolean;
	/** The source in the kernel's own line. */
	readonly source: string | null;
};

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
				sign(
					"The kernel dropped packets and logged them as martian: their source is not to be expected there",
					placesOfFailures(martians),
				),
			);
		if (counter && counter.value > 0)
			signs.push(sign(`The kernel’s reverse path filter dropped ${counter.value} packets`, [counter.at]));
		if (strict) signs.push(sign(`\`rp_filter\` is strict (1) on ${strict.name ?? "every interface"}`, [strict.at]));
		const dead = deadProbes(facts);
		if (dead.length > 0 && signs.length > 0)
			signs.push(
				sign(
					"The port does not answer",
					dead.map((probe) => probe.at),
				),
			);
		const named = martians.find(({ complaint }) => complaint.device)?.complaint;
		const params: Params = {
			interface: named?.device ?? strict?.name ?? null,
			strict: strict !== null,
			source: named?.source ?? null,
		};
		if (counter && counter.value > 0 && strict) {
			// It counts from boot on: where the port answers, what was dropped is history or another's packet.
			const answered = dead.length > 0 ? [] : facts.probes.filter(({ outcome }) => outcome === "answered");
			const against =
				answered.length > 0
					? [
							sign(
								"The port answers",
								answered.map((probe) => probe.at),
							),
						]
					: [];
			const confidence = dead.length > 0 ? "certain" : answered.length > 0 ? "possible" : "likely";
			return { kind: "present", confidence, params, signs, against };
		}
		const loose = looseEverywhere(facts);
		if (martians.length > 0) {
			const others = pressingFailures(facts);
			const against: Sign[] = [
				...(others.length > 0
					? [sign("Something else fails that this does not explain", placesOfFailures(others))]
					: []),
				...(loose
					? [
							sign("`rp_filter` is loose: it drops only a source that no route knows, or one of the host itself", [
								loose,
							]),
						]
					: []),
			];
			return {
				kind: "present",
				confidence: against.length > 0 ? "possible" : strict && dead.length > 0 ? "certain" : "likely",
				params,
				signs,
				against,
				ask: ["reverse-path", "routes"],
			};
		}
		if (loose) return absent("`rp_filter` is loose on every interface", [loose]);
		if (strict && counter && dead.length > 0)
			return absent("the kernel’s reverse path filter dropped no packet", [counter.at]);
		if (strict && dead.length > 0 && mainTrace(facts)?.outcome === "delivered" && facts.routes.known) {
			const uplinks = new Set(
				facts.routes.value.filter((route) => route.device && !isInner(route.device)).map((route) => route.device),
			);
			if (uplinks.size > 1) return { kind: "present", confidence: "possible", params, signs, ask: ["reverse-path"] };
			return absent("there is one way in and out, which strict `rp_filter` allows", facts.routes.at.slice(0, 1));
		}
		const off = offOnAll(facts);
		if (off) return absent("`rp_filter` is off on every interface shown", off);
		return undecided("reverse-path", "kernel-log");
	},

	explain({ interface: name, strict, source }) {
		const where = name ? `\`${name}\`` : "an interface";
		const who = source ? `from ${source}` : "";
		const what = ["The kernel drops packets", who, `that come in by ${where}`].filter((word) => word !== "").join(" ");
		return `${what}, because the way back to their source does not lead out there${strict ? " (`rp_filter` is 1, strict)" : ", as strict `rp_filter` (1) demands; loose (2) would drop them only if no route at all led back"}. With two uplinks, a VPN or overlapping routes that hits honest packets. They are lost before Docker’s accepts see them, and the kernel logs it only with \`log_martians\` on.`;
	},

	fix({ interface: name }) {
		// In a key the dot of `eth0.100` is written as a slash, as sysctl(8) prints it.
		const key = name ? sysctlKey(`net.ipv4.conf.${name.replaceAll(".", "/")}.rp_filter`) : null;
		const loose = sysctlValue("2");
		// The kernel takes the higher of `all` and the interface (ip-sysctl.rst), so 1 in `all` is outweighed by 2 here.
		return {
			summary: name
				? `Set the filter on ${name} to loose.`
				: "Set the filter to loose on the interface the packets come in by.",
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
					: [
							byHand(
								"Nothing in the paste names the interface.",
								"The kernel log names it with `log_martians` on: `martian source … on dev INTERFACE`.",
								"Then set `net.ipv4.conf.INTERFACE.rp_filter` to 2.",
							),
						]),
				byHand(
					"The routes are the deeper cause.",
					"See which interface an answer takes: `ip route get CLIENT_ADDRESS`.",
					"If a VPN or a second uplink should not have that route, remove it there.",
				),
			],
			after: key && loose ? [{ kind: "sysctl-is", key, value: loose }] : [],
			instead: habits("rp-filter-off"),
			proveFromOutside:
				"Open the port from the network that could not, and see that `nstat -asz TcpExtIPReversePathFilter` no longer counts.",
		};
	},

	prevent({ interface: name }) {
		return {
			summary: "Make the filter say what it drops.",
			before: [],
			steps: [
				byHand(
					"A dropped packet leaves nothing but a count in `nstat`.",
					`Log them while you change routes: \`sysctl -w net.ipv4.conf.all.log_martians=1\`${name ? `, and read \`dmesg\` for \`on dev ${name}\`` : ""}.`,
					"After a VPN or an uplink is added, ask `ip route get CLIENT_ADDRESS` once from each side.",
				),
			],
			after: [],
			keep: alerts("published-port"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

const isInner = (device: string) => /^(?:docker|br-|veth|lo$)/.test(device);

/** Own values of outer interfaces, by name. */
function ownValues(facts: HostFacts): readonly { readonly name: string; readonly value: number; readonly at: Span }[] {
	return [...facts.sysctls].flatMap(([key, { value, at }]) => {
		const name = /^net\.ipv4\.conf\.([A-Za-z0-9_/@-]{1,15})\.rp_filter$/.exec(key)?.[1]?.replaceAll("/", ".");
		if (!name || value === null || name === "all" || name === "default" || isInner(name)) return [];
		return [{ name, value: Number(value), at }];
	});
}

/** Where the effective mode, the higher of `all` and the interface's own, is strict; no name where only `all` was shown. */
function strictInterface(facts: HostFacts): { readonly name: string | null; readonly at: Span } | null {
	const all = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
	const own = ownValues(facts);
	const found = own.find(({ value }) => Math.max(value, Number(all?.value ?? 0)) === 1);
	if (found) return found;
	return all?.value === "1" && own.length === 0 ? { name: null, at: all.at } : null;
}

/** `all` at 2 outweighs every interface's own value. */
function looseEverywhere(facts: HostFacts): Span | null {
	const all = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
	return all?.value === "2" ? all.at : null;
}

/** Where `all` and each outer interface shown are not strict; null where only `all` was shown, which says too little. */
function offOnAll(facts: HostFacts): readonly Span[] | null {
	const all = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
	const own = ownValues(facts);
	return all && own.length > 0 && own.every(({ value }) => Math.max(value, Number(all.value ?? 0)) !== 1)
		? [all.at, ...own.map(({ at }) => at)].slice(0, 3)
		: null;
}
