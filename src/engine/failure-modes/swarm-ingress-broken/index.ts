import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, modules } from "../../remedy/steps";

type Params = { readonly case: "ipvs" | "overlay" | "chain" };

export default failureMode<"swarm-ingress-broken", Params>({
	id: "swarm-ingress-broken",
	title: "The swarm’s ingress network can’t carry published ports",
	effect: "Service ports are dead on every address",
	impact: "high",
	minutes: 15,
	explains: ["container-not-listening"],

	detect(facts) {
		const ipvs = complaints(facts.failures, "ipvs-missing");
		const overlay = complaints(facts.failures, "overlay-failed");
		const chain = complaints(facts.failures, "chain-missing").filter(
			({ complaint }) => complaint.chain === "DOCKER-INGRESS",
		);
		const all = [...ipvs, ...overlay, ...chain];
		const active = isKnownToBe(facts.docker.swarm, true);
		if (all.length === 0)
			return facts.docker.swarm.known && !facts.docker.swarm.value
				? absent("the host is in no swarm", placesOf(facts.docker.swarm))
				: facts.log.known
					? absent("nothing of the swarm’s network failed", placesOf(facts.log).slice(0, 1))
					: undecided("docker-info");
		const params: Params = { case: ipvs.length > 0 ? "ipvs" : overlay.length > 0 ? "overlay" : "chain" };
		const signs: Sign[] = [
			sign(
				params.case === "ipvs"
					? "The kernel has no IPVS, which spreads a published port over the tasks"
					: params.case === "overlay"
						? "The overlay network could not be made"
						: "The chain of the ingress ports is gone",
				placesOfFailures(all),
			),
		];
		if (active) signs.push(sign("The host is part of a swarm", placesOf(facts.docker.swarm)));
		// moby logs the missing IPVS at each swarm start, also where no service publishes through ingress.
		return {
			kind: "present",
			confidence: active ? "certain" : "likely",
			params,
			signs,
			...(active ? {} : { ask: ["docker-info" as const] }),
		};
	},

	explain(params) {
		if (params.case === "ipvs")
			return "A port published through the swarm goes to the ingress network, where IPVS spreads it over the tasks. The kernel has no IPVS: the service converges, nothing reports an error but one line of the log, and no address answers.";
		if (params.case === "overlay")
			return "The swarm’s overlay network needs VXLAN, and making it failed: the module is missing, an old interface is left, or another network uses the same id.";
		return "The rules for ingress ports (`DOCKER-INGRESS`) are gone from the tables. dockerd makes them when it starts.";
	},

	fix(params) {
		const names =
			params.case === "overlay"
				? modules("vxlan", "overlay", "br_netfilter")
				: modules("ip_vs", "ip_vs_rr", "xt_ipvs", "nf_conntrack");
		return {
			summary:
				params.case === "chain" ? "Restart dockerd on this node." : "Load the modules the swarm’s network needs.",
			before: [],
			steps:
				params.case === "chain"
					? [
							{
								action: { kind: "restart-docker" },
								why: "The tasks of this node are stopped and started again; drain the node first if it matters.",
								risk: "medium",
								interrupts: "containers-unless-live-restore",
							},
						]
					: [
							{
								action: { kind: "install-package", what: "kernel-modules" },
								why: "Minimal kernels keep these modules in an extra package.",
								risk: "low",
								interrupts: "nothing",
							},
							{
								action: { kind: "load-modules", modules: names, persist: true },
								why: "Only those that this kernel has.",
								risk: "low",
								interrupts: "nothing",
							},
							byHand(
								"The service must be programmed again.",
								"`docker service update --force NAME`",
								"Where the kernel has no IPVS at all, publish in host mode: `--publish mode=host,published=8080,target=80`.",
								"Between nodes 2377/tcp, 7946/tcp and udp and 4789/udp must be open.",
							),
						],
			after: [{ kind: "daemon-running" }],
			instead: habits("iptables-false", "reinstall-docker"),
			proveFromOutside: "Open the service’s port on the address of each node.",
		};
	},

	prevent: () => null,
});
