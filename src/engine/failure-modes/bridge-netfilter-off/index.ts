import type { Sign as Reason } from "../../diagnose/failure-mode";
import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes, pressingFailures } from "../../facts/engine-state";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts, Probe } from "../../facts/host-facts";
import type { Step } from "../../remedy/plan";
import { habits, modules, startDocker } from "../../remedy/steps";
import { sysctlKey, sysctlValue } from "../../remedy/validate";

/** What needs bridged packets in iptables on this host. */
type Need = "icc" | "no-proxy";
type Params = {
	/** dockerd refused: to start, or to make one network. Null: it goes on, and the rules see nothing. */
	readonly refused: "start" | "network" | null;
	readonly need: Need | null;
	readonly loaded: boolean;
	/** Only Docker’s own warning tells that the switch is off: 0, or not there. */
	readonly told?: true;
};

export default failureMode<"bridge-netfilter-off", Params>({
	id: "bridge-netfilter-off",
	title: "Bridged packets bypass iptables, and here that matters",
	effect: "Docker does not start, or its rules do not hold between containers of one network",
	impact: "medium",
	minutes: 5,
	explains: [],

	headline: ({ refused }) =>
		refused === "start"
			? "dockerd does not start: the module br_netfilter is not loaded"
			: refused === "network"
				? "Docker refuses the network: the module br_netfilter is not loaded"
				: "Bridged packets bypass iptables, and here that matters",

	detect(facts) {
		const said = complaints(facts.failures, "bridge-netfilter-disabled");
		const fatal = said.filter(({ complaint }) => complaint.fatal);
		const needed = whyNeeded(facts);
		const need = needed?.need ?? null;
		if (fatal.length > 0) {
			const starts = fatal.some(({ best }) => best.during === "daemon-start");
			const signs = [sign("dockerd asked for the module br_netfilter and gave up", placesOfFailures(fatal))];
			if (needed) signs.push(needed.reason);
			const params: Params = { refused: starts ? "start" : "network", need, loaded: false };
			return { kind: "present", confidence: "certain", params, signs };
		}
		const key = facts.sysctls.get("net.bridge.bridge-nf-call-iptables");
		const off = key !== undefined && key.value !== "1";
		// docker info reads the switch when it is asked. Healthy hosts print the warning too, so it counts only where it matters.
		const warned = facts.failures.filter(({ complaint }) => complaint.kind === "bridge-netfilter-disabled");
		const hinted = !key && needed !== null ? warned : said;
		if (!off && (key || hinted.length === 0))
			return key ? absent("`net.bridge.bridge-nf-call-iptables` is 1", [key.at]) : undecided("sysctls");
		const where = off && key ? [key.at] : placesOfFailures(hinted);
		const { docker } = facts;
		if (!needed)
			return docker.config.known || docker.flags.known || docker.userlandProxy.known
				? absent(
						"bridged packets bypass iptables, which matters only with `icc: false`, without the userland proxy, or in a swarm",
						where,
					)
				: undecided("daemon-json");
		const loaded = key?.value !== null;
		const signs: Sign[] = [sign(offWords(key), where), needed.reason];
		const params: Params = { refused: null, need, loaded, ...(key ? {} : { told: true as const }) };
		const dead = deadProbes(facts);
		const fromSibling = dead.filter(mayBeFromContainer);
		const fromElsewhere = dead.filter((probe) => !mayBeFromContainer(probe));
		// Another fault of the network explains more, and the way from outside does not lead over the bridge alone.
		const others = pressingFailures(facts);
		const against: Sign[] = [
			...(others.length > 0 ? [sign("Something else fails that this does not explain", placesOfFailures(others))] : []),
			...(fromElsewhere.length > 0
				? [
						sign(
							"The port does not answer from outside of the bridge either, which this does not explain",
							fromElsewhere.map((probe) => probe.at),
						),
					]
				: []),
		];
		if (against.length > 0) return { kind: "present", confidence: "possible", params, signs, against };
		if (need === "icc") return { kind: "present", confidence: "likely", params, signs };
		if (fromSibling.length > 0)
			signs.push(
				sign(
					"A published port does not answer from a container of the same host",
					fromSibling.map((probe) => probe.at),
				),
			);
		if (fromSibling.length > 0)
			return { kind: "present", confidence: key ? "certain" : "likely", params, signs, ask: key ? [] : ["sysctls"] };
		// The warning alone is said on most hosts without the proxy, and nobody may miss anything.
		return { kind: "present", confidence: key ? "likely" : "possible", params, signs, ask: key ? [] : ["sysctls"] };
	},

	explain({ refused, need, loaded, told }) {
		const why = told
			? "Docker says that `bridge-nf-call-iptables` is disabled"
			: loaded
				? "`net.bridge.bridge-nf-call-iptables` is 0"
				: "the module `br_netfilter` is not loaded, and with it `net.bridge.bridge-nf-call-iptables` is missing";
		if (refused !== null) {
			const setting =
				need === "no-proxy"
					? "Without the userland proxy Docker (27.4 and later) needs"
					: need === "icc"
						? "With `icc: false` Docker needs"
						: "To keep containers of one bridge apart (`icc: false`), and from 27.4 on to run without the userland proxy, Docker needs";
			const result =
				refused === "start" ? "so dockerd refuses to start" : "so dockerd refuses to make this network; others work on";
			return `${setting} the kernel to show bridged packets to iptables. The module that does it, \`br_netfilter\`, is not loaded and dockerd could not load it, ${result}.`;
		}
		if (need === "icc")
			return `\`icc: false\` is a rule in FORWARD that drops what one container sends to another. Packets between containers of one bridge never come by it here: ${why}. So containers reach each other as if \`icc\` were true.`;
		return `Packets between containers of one bridge do not pass iptables here: ${why}. Without the userland proxy a container reaches a sibling’s published port by NAT alone. The answer goes straight back over the bridge, its source is not translated back, and the asking container throws it away.`;
	},

	fix({ refused, loaded }) {
		const key = sysctlKey("net.bridge.bridge-nf-call-iptables");
		const one = sysctlValue("1");
		const set: readonly Step[] =
			key && one
				? [
						{
							action: { kind: "set-sysctl", key, value: one, persist: true },
							why: loaded
								? "Something set it to 0; a file of our own sets it at each boot."
								: "In case something sets it to 0.",
							risk: "low",
							interrupts: "nothing",
						},
					]
				: [];
		return {
			summary: "Load br_netfilter and let bridged packets pass iptables.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modules("br_netfilter"), persist: true },
					why: loaded
						? "At boot the setting can be written only once the module is there."
						: "Loading it sets the switch to 1.",
					risk: "low",
					interrupts: "nothing",
				},
				...set,
				...(refused === "start" ? startDocker("dockerd checks for the module as it starts.") : []),
			],
			after: [
				...(key && one ? [{ kind: "sysctl-is" as const, key, value: one }] : []),
				...(refused === "start" ? [{ kind: "daemon-running" as const }] : []),
			],
			instead: refused ? habits("ignore-br-netfilter", "iptables-false") : [],
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});

function offWords(key: { readonly value: string | null } | undefined): string {
	if (key === undefined) return "Docker warns that `bridge-nf-call-iptables` is disabled";
	return key.value === null ? "br_netfilter is not loaded" : "`net.bridge.bridge-nf-call-iptables` is 0";
}

/** Typed in a container, as `docker exec` or the prompt shows, or a bare error of which nothing shows where it was typed. */
function mayBeFromContainer({ fromContainer, address, host }: Probe): boolean {
	return fromContainer === true || address === null || /(?:^|@)[0-9a-f]{12}$/.test(host ?? "");
}

function whyNeeded(facts: HostFacts): { readonly need: Need; readonly reason: Reason } | null {
	const { docker } = facts;
	const icc = valueOr(docker.config, new Map<string, unknown>()).get("icc") === false;
	const iccFlag = valueOr(docker.flags, new Map<string, string>()).get("icc") === "false";
	if (icc || iccFlag)
		return {
			need: "icc",
			reason: sign(
				"`icc` is false: Docker separates containers by rules",
				placesOf(icc ? docker.config : docker.flags),
			),
		};
	if (isKnownToBe(docker.userlandProxy, false))
		return {
			need: "no-proxy",
			reason: sign(
				"The userland proxy is off: containers reach each other’s published ports by NAT alone",
				placesOf(docker.userlandProxy),
			),
		};
	const apart = valueOr(facts.networks, []).filter(
		({ icc: open, bridge }) => open === false && bridge !== "docker_gwbridge",
	);
	return apart.length > 0
		? {
				need: "icc",
				reason: sign(
					"A network has `enable_icc` false: Docker separates its containers by rules",
					apart.map((network) => network.at),
				),
			}
		: null;
}
