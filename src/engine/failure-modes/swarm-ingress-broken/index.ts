import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure } from "../../facts/host-facts";
import type { Check, ModuleName } from "../../remedy/plan";
import { alerts, byHand, habits, modules } from "../../remedy/steps";
import { chainName, tableName } from "../../remedy/validate";

type Params = {
	readonly case: "ipvs" | "overlay" | "chain";
	/** The kernel was built without loadable modules: no package brings what it lacks. */
	readonly moduleless: boolean;
};

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
		const chain: readonly FoldedFailure[] = [
			...complaints(facts.failures, "chain-missing"),
			...complaints(facts.failures, "jump-target-missing"),
			...complaints(facts.failures, "chain-exists"),
		].filter(({ complaint, best }) => complaint.chain === "DOCKER-INGRESS" && best.fromDockerd);
		const all = [...ipvs, ...overlay, ...chain];
		const active = isKnownToBe(facts.docker.swarm, true);
		if (all.length === 0)
			return facts.docker.swarm.known && !facts.docker.swarm.value
				? absent("the host is in no swarm", placesOf(facts.docker.swarm))
				: facts.log.known
					? absent("nothing of the swarm’s network failed", placesOf(facts.log).slice(0, 1))
					: undecided("docker-info");
		const params: Params = {
			case: ipvs.length > 0 ? "ipvs" : overlay.length > 0 ? "overlay" : "chain",
			moduleless: facts.withoutModules.known,
		};
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
			return "A port that a service publishes leads to the ingress network, where the kernel’s IPVS spreads it over the tasks. This kernel has no IPVS: the service converges, its tasks run, one line of the log is all that reports it, and the port answers on no address.";
		if (params.case === "overlay")
			return "Tasks of a swarm hang on an overlay network, which is a VXLAN interface, and dockerd could not make that interface: the kernel lacks the module `vxlan`, an interface of an earlier run is left, or another program has the same VXLAN id.";
		return "The chain `DOCKER-INGRESS`, which leads to published service ports, is gone from the tables of this node. dockerd makes it when the node joins the ingress network, and not again while it runs.";
	},

	fix(params) {
		const names =
			params.case === "overlay"
				? modules("vxlan", "overlay", "br_netfilter")
				: modules("ip_vs", "ip_vs_rr", "xt_ipvs", "nf_conntrack");
		if (params.moduleless && params.case === "ipvs")
			return {
				summary: "Publish in host mode, which needs no IPVS, or boot a kernel that has it.",
				before: [],
				steps: [
					byHand(
						"The kernel was built without IPVS and without modules: no package brings it.",
						"Publish in host mode: `--publish mode=host,published=8080,target=80` in place of `-p 8080:80`. Then only nodes that run a task answer.",
						"Between nodes 2377/tcp, 7946/tcp and udp, and 4789/udp must be open.",
					),
				],
				after: [],
				instead: habits("iptables-false", "reinstall-docker"),
				proveFromOutside: "Open the service’s port on the address of each node that runs a task.",
			};
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
								why: "Small kernels, and Ubuntu for Raspberry Pi, keep these modules in an extra package.",
								risk: "low",
								interrupts: "nothing",
							},
							{
								action: { kind: "load-modules", modules: names, persist: true },
								why: "Only the modules that this kernel has are loaded.",
								risk: "low",
								interrupts: "nothing",
							},
							byHand(
								"The running tasks keep the network that they were started with.",
								"Start them anew, one service at a time: `docker service update --force NAME`.",
								...(params.case === "ipvs"
									? [
											"Where the kernel has no IPVS at all, publish in host mode, which needs none: `--publish mode=host,published=8080,target=80`. Then only nodes that run a task answer.",
										]
									: [
											"If the message says `file exists`: `ip -d link show type vxlan` names the interface that is left; a reboot of the node removes it.",
										]),
								"Between nodes 2377/tcp, 7946/tcp and udp, and 4789/udp must be open.",
							),
						],
			after: [...(params.case === "chain" ? INGRESS_CHAIN : names.slice(0, 1).map(loaded)), { kind: "daemon-running" }],
			instead: habits("iptables-false", "reinstall-docker"),
			proveFromOutside: "Open the service’s port on the address of each node.",
		};
	},

	prevent() {
		return {
			summary: "Watch the service’s port on every node.",
			before: [],
			steps: [
				byHand(
					"The routing mesh fails node by node, and a client behind a balancer sees one request in three fail.",
					"Probe the published port on the address of each node, not only on the balancer’s.",
				),
			],
			after: [],
			instead: [],
			keep: alerts("published-port"),
			proveFromOutside: null,
		};
	},
});

const loaded = (module: ModuleName): Check => ({ kind: "module-loaded", module });

const INGRESS_CHAIN: readonly Check[] = [tableName("nat")].flatMap((table) => {
	const chain = chainName("DOCKER-INGRESS");
	return table && chain ? [{ kind: "chain-exists" as const, family: 4 as const, table, chain }] : [];
});
