import { bansOf, banWords } from "../../diagnose/bans";
import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace, ruleWordsFirst } from "../../diagnose/main-trace";
import { deadProbes, pressingFailures, strayProbes } from "../../facts/engine-state";
import type { HostFacts } from "../../facts/host-facts";
import { alerts, byHand, habits } from "../../remedy/steps";

type Params = {
	readonly port: number;
	/** What drops without a rule, the reverse path filter, was shown to be off. */
	readonly settled: boolean;
};

export default failureMode<"outside-host", Params>({
	id: "outside-host",
	title: "The host’s path is whole: something before it stops the packet",
	effect: "The port is dead from outside only",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const trace = mainTrace(facts);
		if (!trace || trace.outcome === "unknown") return undecided("rule-set", "addresses", "sockets");
		if (trace.outcome !== "delivered")
			return absent(
				"the packet stops on this host",
				trace.steps.flatMap((step) => (step.state === "stopped" && step.at ? [step.at] : [])),
			);
		const strays = strayProbes(facts);
		const dead = deadProbes(facts).filter(
			(probe) =>
				(probe.outcome === "timed-out" || probe.outcome === "unreachable") &&
				!probe.fromContainer &&
				!strays.includes(probe),
		);
		if (dead.length === 0) return undecided("probe-outside");
		if (pressingFailures(facts).length > 0) return undecided("dockerd-log");
		const answered = facts.probes.filter((probe) => probe.outcome === "answered");
		const signs: Sign[] = [
			sign(
				`By the rules pasted here a packet from outside to port ${trace.flow.port} arrives at ${trace.translatedTo ?? "its destination"}`,
				trace.steps.flatMap((step) => (step.rule && step.at ? [step.at] : [])).slice(0, 4),
			),
			sign(
				"A try from outside gets no answer",
				dead.map((probe) => probe.at),
			),
		];
		if (answered.length > 0)
			signs.push(
				sign(
					"On the host it answers",
					answered.map((probe) => probe.at),
				),
			);
		const ban = bansOf(facts)[0];
		const settled = answered.length > 0 && sourcesAreNotChecked(facts) && ban === undefined;
		return {
			kind: "present",
			confidence: settled && nothingElseDrops(facts) ? "certain" : settled ? "likely" : "possible",
			params: { port: trace.flow.port, settled },
			signs,
			against: ban
				? [
						sign(`${ruleWordsFirst(ban.decision)} ${banWords(ban)}: whether the client is one of them was not shown`, [
							ban.at,
						]),
					]
				: [],
			ask:
				settled && nothingElseDrops(facts) ? [] : ["nft-rule-set", "sysctls", "routes", "probe-outside", "conntrack"],
		};
	},

	explain({ port, settled }) {
		const rest = settled
			? "What drops it stands before the host"
			: "Unless the reverse path filter or policy routing drops it, which no rule shows, what stops it stands before the host";
		return `Every rule that was pasted lets a packet to port ${port} through, to the container and back. ${rest}: a cloud security group, a provider’s firewall, a router, a VPN, or the client’s own network.`;
	},

	fix({ port }) {
		return {
			summary: "Prove that nothing arrives, then open the port where it is closed.",
			before: [],
			steps: [
				byHand(
					"Nothing on the host can repair this.",
					`Watch on the host while somebody tries: \`tcpdump -ni any tcp port ${port}\`. Silence means that the packet never came; a request that goes out again by the bridge means that the host is in it after all.`,
					"Cloud: look at the security group, network ACL or firewall rule of this machine for the host port.",
					"Home and office: port forwarding and the router’s firewall; behind carrier NAT nothing can come in.",
					"Try from a machine in the same subnet: if that works, the network between is it.",
				),
			],
			after: [],
			instead: habits("forward-accept", "disable-ufw", "disable-firewalld", "network-host"),
			proveFromOutside: "`tcpdump` shows the packet as it comes in, and the client gets an answer.",
		};
	},

	prevent() {
		return {
			summary: "Watch the port from outside.",
			before: [],
			steps: [
				byHand(
					"Nothing on the host sees what stops before it.",
					"Probe the published port from another network, and let the probe raise an alert.",
				),
			],
			after: [],
			instead: [],
			keep: alerts("published-port"),
			proveFromOutside: null,
		};
	},
});

/** The reverse path filter drops without a rule. It is not strict where the higher of `all` and the interface is not 1 (ip-sysctl.rst). */
function sourcesAreNotChecked(facts: HostFacts): boolean {
	const mode = (name: string) => facts.sysctls.get(`net.ipv4.conf.${name}.rp_filter`)?.value ?? null;
	const all = mode("all");
	if (all === null) return false;
	if (all === "2") return true;
	const outer = [...facts.sysctls.keys()]
		.map((key) => /^net\.ipv4\.conf\.([A-Za-z0-9_-]{1,15})\.rp_filter$/.exec(key)?.[1] ?? "all")
		.filter((name) => !/^(?:all|default|lo|docker.*|br-.*|veth.*)$/.test(name));
	return all === "0" && outer.every((name) => mode(name) !== "1");
}

/** Whatever drops without a rule of iptables was shown and is at rest: nft's own tables, forwarding, the connection table, routes. */
function nothingElseDrops(facts: HostFacts): boolean {
	const count = facts.sysctls.get("net.netfilter.nf_conntrack_count");
	const max = facts.sysctls.get("net.netfilter.nf_conntrack_max");
	const room = count !== undefined && max !== undefined && Number(count.value) < Number(max.value) * 0.9;
	const nft = facts.netfilter.native.some((one) => one.family === 4);
	return room && nft && facts.routes.known && facts.sysctls.get("net.ipv4.ip_forward")?.value === "1";
}
