import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { mainTrace } from "../../diagnose/main-trace";
import { deadProbes, pressingFailures } from "../../facts/engine-state";
import { byHand, habits } from "../../remedy/steps";

export default failureMode<"outside-host", { readonly port: number }>({
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
		const dead = deadProbes(facts).filter((probe) => probe.outcome === "timed-out" || probe.outcome === "unreachable");
		if (dead.length === 0) return undecided("probe-outside");
		if (pressingFailures(facts).length > 0) return undecided("dockerd-log");
		const answered = facts.probes.filter((probe) => probe.outcome === "answered");
		const signs: Sign[] = [
			sign(
				`By the rules pasted here a packet from outside to port ${trace.flow.port} arrives at ${trace.translatedTo ?? "its destination"}`,
				trace.steps.flatMap((step) => step.at ?? []).slice(0, 2),
			),
			sign(
				"Yet the port does not answer from there",
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
		// The reverse path filter and policy routing drop without a rule: only their own counters and lists rule them out.
		const reverse = facts.sysctls.get("net.ipv4.conf.all.rp_filter");
		const settled =
			answered.length > 0 &&
			reverse !== undefined &&
			reverse.value !== "1" &&
			facts.sysctls.get("net.ipv4.conf.eth0.rp_filter")?.value !== "1";
		return {
			kind: "present",
			confidence: settled ? "likely" : "possible",
			params: { port: trace.flow.port },
			signs,
			ask: settled ? [] : ["sysctls", "routes", "probe-outside"],
		};
	},

	explain({ port }) {
		return `Each rule that was pasted lets the packet to port ${port} through, to the container and back. What drops it stands before the host: a cloud security group, a provider’s firewall, a router, a VPN, or the client’s own network.`;
	},

	fix({ port }) {
		return {
			summary: "Prove that nothing arrives, then open the port where it is closed.",
			before: [],
			steps: [
				byHand(
					"The host can’t repair this.",
					`Watch on the host while somebody tries: \`tcpdump -ni any tcp port ${port}\`. Silence means that the packet never came.`,
					"Cloud: look at the security group, network ACL or firewall rule of this machine for the host port.",
					"Home and office: port forwarding and the router’s firewall; behind carrier NAT nothing can come in.",
					"Try from a machine in the same subnet: if that works, the network between is it.",
				),
			],
			after: [],
			instead: habits("forward-accept", "disable-ufw", "disable-firewalld", "network-host"),
			proveFromOutside: "tcpdump shows the packet arriving, and the client gets an answer.",
		};
	},

	prevent: () => null,
});
