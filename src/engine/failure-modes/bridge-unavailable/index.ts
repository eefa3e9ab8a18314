import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes, publishing } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
import type { Check } from "../../remedy/plan";
import { byHand, habits, modules, restartDocker, startDocker } from "../../remedy/steps";
import { interfaceName } from "../../remedy/validate";

type Params = { readonly case: "missing" | "own" | "veth" | "half-made" | "down"; readonly bridge: string | null };

export default failureMode<"bridge-unavailable", Params>({
	id: "bridge-unavailable",
	title: "The bridge that containers need can’t be used",
	effect: "Containers do not start",
	impact: "high",
	minutes: 5,
	explains: [],

	effectHere: (params) =>
		params.case === "down" ? "Containers on the bridge reach nobody, and nobody reaches them" : null,

	detect(facts) {
		const gone = complaints(facts.failures, "bridge-missing");
		const veth = complaints(facts.failures, "veth-unsupported");
		const halfMade = complaints(facts.failures, "bridge-conflict").filter(
			({ complaint, best }) => complaint.reason === "same-name" && best.during === "daemon-start",
		);
		const link = valueOr(facts.interfaces, []).find((one) => one.name === "docker0");
		if (gone.length > 0) {
			const bridge = gone.find(({ complaint }) => complaint.bridge)?.complaint.bridge ?? null;
			// At its start dockerd makes docker0 itself; a bridge it misses there is one that its configuration names.
			const own = gone.some((one) => one.best.during === "daemon-start");
			const which = bridge ? `bridge \`${bridge}\`` : "bridge";
			const signs: Sign[] = [
				sign(
					own
						? `dockerd does not find the ${which} that it is told to use`
						: `Docker finds no ${which} to connect the container to`,
					placesOfFailures(gone),
				),
			];
			const names = [...valueOr(facts.interfaces, []), ...valueOr(facts.bridges, [])].map(({ name }) => name);
			const listed = bridge !== null && (facts.interfaces.known || facts.bridges.known);
			const there = listed && names.includes(bridge);
			if (listed && !there) {
				const [what, at] = facts.interfaces.known
					? ["interfaces", placesOf(facts.interfaces)]
					: ["bridges", placesOf(facts.bridges)];
				signs.push(sign(`The list of ${what} has no \`${bridge}\``, at.slice(0, 1)));
			}
			return {
				kind: "present",
				confidence: there ? "possible" : "certain",
				params: { case: own ? "own" : "missing", bridge },
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
		const down = bridgeDown(facts);
		if (down) {
			const dead = deadProbes(facts);
			return {
				kind: "present",
				confidence: dead.length > 0 && !down.idle ? "certain" : dead.length > 0 ? "likely" : "possible",
				params: { case: "down", bridge: down.name },
				signs: [
					sign(
						down.idle
							? `\`${down.name}\` is down, although a container that publishes a port runs`
							: `\`${down.name}\` lacks the flag \`UP\`, and containers hang on it`,
						[down.at],
					),
					...(dead.length > 0
						? [
								sign(
									"The port does not answer",
									dead.map((probe) => probe.at),
								),
							]
						: []),
				],
			};
		}
		if (link) return absent("`docker0` is there", [link.at]);
		return facts.docker.running.known || facts.log.known
			? absent("no bridge was missed", [...placesOf(facts.log), ...placesOf(facts.docker.running)].slice(0, 1))
			: undecided("addresses");
	},

	explain(params) {
		const name = params.bridge ? `\`${params.bridge}\`` : "The bridge";
		switch (params.case) {
			case "veth":
				return "Each container hangs on a pair of virtual interfaces, and this kernel can’t make one: it has no module `veth` for the release that runs. Usual after a kernel upgrade without a reboot, and where the kernel’s extra modules are a package of their own.";
			case "half-made":
				return "An earlier start of dockerd failed while it made `docker0`, and its network store kept the half-made bridge. Docker 26.1 does this: every later start fails on it, also after the first cause is repaired.";
			case "own":
				return `${name} is named in the configuration (\`bridge\` in daemon.json, or \`-b\`), and dockerd uses such a bridge but never makes it. Whatever makes it on this host did not, or made something that is no bridge.`;
			case "down":
				return `${name} was set down while dockerd ran (\`ip link set … down\`, NetworkManager, a network restart). The kernel took its routes away with it, so packets for its containers leave by the default route or not at all. No rule is missing.`;
			case "missing":
				return `${name} was deleted, or replaced by an interface that is no bridge, while dockerd ran. dockerd makes a bridge when it starts or when the network is made, and not again; containers that were on the bridge have lost their network.`;
		}
	},

	fix(params) {
		const bridge = interfaceName(params.bridge ?? "docker0");
		const exists: readonly Check[] = bridge ? [{ kind: "interface-exists", interface: bridge }] : [];
		switch (params.case) {
			case "veth":
				return {
					summary: "Boot the installed kernel, or install the modules of the running one.",
					before: [
						{
							check: { kind: "modules-of-running-kernel" },
							holds: true,
							otherwise: "/lib/modules has no folder for the running kernel: only a reboot helps.",
						},
					],
					steps: [
						{
							action: { kind: "install-package", what: "kernel-modules" },
							why: "Ubuntu for Raspberry Pi and small kernels keep `veth` in an extra package.",
							risk: "low",
							interrupts: "nothing",
						},
						{
							action: { kind: "load-modules", modules: modules("veth"), persist: false },
							why: "It loads by itself from then on; this shows at once whether it is there.",
							risk: "low",
							interrupts: "nothing",
						},
						byHand("dockerd need not be restarted.", "Start the container again."),
					],
					after: [{ kind: "modules-of-running-kernel" }, ...VETH],
					instead: habits("reinstall-docker", "depmod", "privileged"),
					proveFromOutside: null,
				};
			case "half-made":
				return {
					summary: "Move the network store aside, then start dockerd.",
					before: [],
					steps: [
						{
							action: { kind: "set-aside-network-store" },
							why: "dockerd makes a new one. User-defined networks are lost with the old one and must be made again.",
							risk: "high",
							interrupts: "docker-api",
						},
						...startDocker("dockerd makes docker0 and its rules as it starts."),
					],
					after: [{ kind: "daemon-running" }, ...exists],
					instead: habits("delete-docker-state", "create-bridge-by-hand"),
					proveFromOutside: null,
				};
			case "own":
				return {
					summary: "Make the bridge before dockerd starts, or let Docker use its own.",
					before: [],
					steps: [
						byHand(
							"Which of the two is yours to say.",
							`To keep ${params.bridge ? `\`${params.bridge}\`` : "the bridge"}: define it with an address in netplan, systemd-networkd, NetworkManager or /etc/network/interfaces, so that it is there before docker.service starts.`,
							"To let Docker use `docker0`: take `bridge` out of daemon.json, or `-b` out of the unit.",
						),
						...startDocker("dockerd looks for the bridge as it starts."),
					],
					after: [{ kind: "daemon-running" }],
					instead: habits("delete-daemon-json", "reinstall-docker"),
					proveFromOutside: null,
				};
			case "down":
				return {
					summary: "Set the bridge up again.",
					before: exists.map((check) => ({
						check,
						holds: true,
						otherwise: "The bridge is gone altogether: restart dockerd, which makes it.",
					})),
					steps: [
						byHand(
							"The kernel puts the bridge’s route back as it comes up; neither dockerd nor a container need be restarted.",
							`\`ip link set ${bridge ?? "docker0"} up\`, then \`ip route\` shows its subnet again.`,
							"If it goes down again, look for who does it: `journalctl -u NetworkManager -u systemd-networkd -u networking`.",
						),
					],
					after: [],
					instead: habits("create-bridge-by-hand", "reinstall-docker"),
					proveFromOutside: "Open the published port from another machine.",
				};
			case "missing":
				return {
					summary: "Let dockerd make the bridge again by a restart.",
					before: [],
					// No live-restore here: a container that runs on would stay attached to nothing.
					steps: [
						...restartDocker("dockerd makes its bridges, their addresses and rules as it starts."),
						byHand(
							"Containers that ran on over the restart, as with live-restore, are still attached to the bridge that is gone.",
							"Restart those that were on it: `docker restart NAME`.",
						),
					],
					after: [...exists, { kind: "daemon-running" }, { kind: "docker-chains-whole", table: "nat" }],
					instead: habits("create-bridge-by-hand", "restart-container"),
					proveFromOutside: "Start a container with a published port and open it from another machine.",
				};
		}
	},

	prevent(params) {
		if (params.case === "half-made") return null;
		const step =
			params.case === "veth"
				? byHand(
						"The gap between a kernel upgrade and the reboot is when this happens.",
						"Reboot with each kernel upgrade.",
						"Ubuntu for Raspberry Pi: keep `linux-modules-extra-raspi` installed.",
					)
				: byHand(
						"NetworkManager, systemd-networkd and clean-up scripts delete or take over interfaces that they do not know.",
						"NetworkManager: `unmanaged-devices=interface-name:docker0;interface-name:br-*;interface-name:veth*` under `[keyfile]` in a file in /etc/NetworkManager/conf.d.",
						"systemd-networkd: no `.network` file that matches `docker0`, `br-*` or `veth*`, as `Name=*` does.",
					);
		return {
			summary:
				params.case === "veth"
					? "Keep the kernel’s modules on the disk."
					: "Keep network managers away from Docker’s bridges.",
			before: [],
			steps: [step],
			after: [],
			keep: [params.case === "veth" ? { kind: "reboot-after-upgrade" } : { kind: "unmanaged-bridges" }],
			instead: [],
			proveFromOutside: null,
		};
	},
});

const VETH: readonly Check[] = modules("veth").map((module) => ({ kind: "module-loaded", module }));

/** A bridge of Docker's that somebody set down while a container's interface is connected to it. */
function bridgeDown(facts: HostFacts) {
	const interfaces = valueOr(facts.interfaces, []);
	const flagged = interfaces.find(
		({ name, up }) => up === false && OWN_BRIDGE.test(name) && interfaces.some((one) => one.master === name),
	);
	// `ip -br` has no flags. A bridge is DOWN there as well while nothing is connected to it; with a container on it that runs
	// and publishes a port, it was set down.
	const onDefault = publishing(facts).some(
		({ inspected }) => inspected === null || inspected.addresses.some(({ network }) => network === "bridge"),
	);
	return flagged ?? (onDefault ? interfaces.find(({ name, idle }) => idle === true && name === "docker0") : undefined);
}

const OWN_BRIDGE = /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/;
