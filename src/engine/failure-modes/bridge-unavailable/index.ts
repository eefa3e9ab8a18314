import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, rebuildRules, restartDocker } from "../../remedy/steps";
import { interfaceName } from "../../remedy/validate";

type Params = { readonly case: "missing" | "veth" | "half-made"; readonly bridge: string | null };

export default failureMode<"bridge-unavailable", Params>({
	id: "bridge-unavailable",
	title: "The bridge that containers need can’t be used",
	effect: "Containers do not start",
	impact: "high",
	minutes: 5,
	explains: [],

	detect(facts) {
		const gone = complaints(facts.failures, "bridge-missing");
		const veth = complaints(facts.failures, "veth-unsupported");
		const halfMade = complaints(facts.failures, "bridge-conflict");
		const link = valueOr(facts.interfaces, []).find((one) => one.name === "docker0");
		if (gone.length > 0) {
			const bridge = gone.find(({ complaint }) => complaint.bridge)?.complaint.bridge ?? null;
			const signs: Sign[] = [
				sign(
					`Docker finds no bridge ${bridge ? `\`${bridge}\`` : ""} to connect the container to`,
					placesOfFailures(gone),
				),
			];
			const listed = bridge !== null && facts.interfaces.known;
			const there = listed && valueOr(facts.interfaces, []).some((one) => one.name === bridge);
			if (listed && !there)
				signs.push(sign(`The list of interfaces has no \`${bridge}\``, placesOf(facts.interfaces).slice(0, 1)));
			return {
				kind: "present",
				confidence: there ? "possible" : "certain",
				params: { case: "missing", bridge },
				signs,
			};
		}
		if (veth.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params: { case: "veth", bridge: null },
				signs: [sign("The kernel can’t make a veth pair: it lacks the module", placesOfFailures(veth))],
				ask: ["modules"],
			};
		if (halfMade.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params: { case: "half-made", bridge: "docker0" },
				signs: [
					sign("Docker’s network store holds a bridge from a start that failed half-way", placesOfFailures(halfMade)),
				],
			};
		if (link) return absent("`docker0` is there", [link.at]);
		return facts.docker.running.known || facts.log.known
			? absent("no bridge was missed", [...placesOf(facts.log), ...placesOf(facts.docker.running)].slice(0, 1))
			: undecided("addresses");
	},

	explain(params) {
		const name = params.bridge ? `\`${params.bridge}\`` : "The bridge";
		if (params.case === "veth")
			return "Each container hangs on a pair of virtual interfaces, and this kernel can’t make one: the module `veth` is not there for the running kernel. Usual after a kernel upgrade without a reboot, or without the kernel’s extra modules.";
		if (params.case === "half-made")
			return "A start of dockerd failed half-way through making docker0, and its network store kept the half-made bridge. Docker 26.1 does this: after the first cause is repaired every start still fails.";
		return `${name} was deleted under the running dockerd. dockerd makes bridges when it starts or when a network is made, and not again.`;
	},

	fix(params) {
		const bridge = interfaceName(params.bridge ?? "docker0");
		if (params.case === "veth")
			return {
				summary: "Boot the installed kernel, or install the modules of the running one.",
				before: [],
				steps: [
					{
						action: { kind: "install-package", what: "kernel-modules" },
						why: "Minimal and Raspberry Pi kernels keep veth in an extra package.",
						risk: "low",
						interrupts: "nothing",
					},
					byHand(
						"If /lib/modules has no folder for `uname -r`, only a reboot helps.",
						"Compare `uname -r` with `ls /lib/modules`; reboot when they differ.",
					),
				],
				after: [{ kind: "modules-of-running-kernel" }],
				instead: habits("reinstall-docker", "depmod"),
				proveFromOutside: null,
			};
		if (params.case === "half-made")
			return {
				summary: "Move the half-made network store aside, then start dockerd.",
				before: [],
				steps: [
					{
						action: { kind: "set-aside-network-store" },
						why: "dockerd makes a new one. User-defined networks are lost and must be made again.",
						risk: "high",
						interrupts: "docker-api",
					},
					...restartDocker("dockerd makes docker0 and the networks as it starts."),
				],
				after: [{ kind: "daemon-running" }],
				instead: habits("delete-docker-state", "create-bridge-by-hand"),
				proveFromOutside: null,
			};
		return {
			summary: "Let dockerd make the bridge again.",
			before: [],
			steps: rebuildRules("dockerd makes its bridges, their addresses and rules as it starts.").filter(
				(step) => step.action.kind !== "reload-firewalld",
			),
			after: [
				...(bridge ? [{ kind: "interface-exists" as const, interface: bridge }] : []),
				{ kind: "daemon-running" },
				{ kind: "docker-chains-whole", table: "nat" },
			],
			instead: habits("create-bridge-by-hand", "restart-container"),
			proveFromOutside: "Start a container with a published port and open it from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Keep network managers away from Docker’s bridges.",
			before: [],
			steps: [
				byHand(
					"NetworkManager, systemd-networkd and clean-up scripts delete or take over what they do not know.",
					"NetworkManager: `unmanaged-devices=interface-name:docker0;interface-name:br-*;interface-name:veth*` in a file under /etc/NetworkManager/conf.d.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});
