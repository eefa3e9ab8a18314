import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { listWords, whereStartShows } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import { alerts, byHand, habits } from "../../remedy/steps";

type Params = {
	readonly running: string | null;
	/** Null where /lib/modules was not listed. */ readonly installed: readonly string[] | null;
};

export default failureMode<"kernel-modules-stale", Params>({
	id: "kernel-modules-stale",
	title: "The running kernel’s modules are no longer on the disk",
	effect: "dockerd or its containers do not start",
	impact: "high",
	minutes: 10,
	explains: [
		"nat-module-missing",
		"nft-backend-unsupported",
		"xt-extension-missing",
		"bridge-unavailable",
		"bridge-netfilter-off",
		"legacy-tables-unsupported",
		"ip6tables-nat-missing",
		"raw-table-missing",
	],

	detect(facts) {
		const { kernel, moduleReleases } = facts;
		const modules = complaints(facts.failures, "module-missing");
		// A container has no /lib/modules at all, whatever its host has: only the folder of a release that is missing tells.
		const gone = modules.filter(({ complaint }) => complaint.directoryMissing && complaint.kernel !== null);
		const running = kernel.known
			? kernel.value
			: (modules.find(({ complaint }) => complaint.kernel)?.complaint.kernel ?? null);
		const params = { running, installed: moduleReleases.known ? moduleReleases.value : null };
		const trouble = kernelTrouble(facts);
		if (facts.withoutModules.known)
			return absent("the kernel was built without loadable modules: none can be missing", facts.withoutModules.at);
		if (kernel.known && moduleReleases.known) {
			if (moduleReleases.value.includes(kernel.value))
				return absent(`/lib/modules holds the modules of the running kernel ${kernel.value}`, moduleReleases.at);
			const signs: Sign[] = [
				sign(
					`The kernel that runs is ${kernel.value}; /lib/modules holds only ${moduleReleases.value.join(", ") || "nothing"}`,
					[...placesOf(kernel), ...moduleReleases.at],
				),
			];
			if (trouble.length > 0) signs.push(sign("The kernel refused what needs a module", placesOfFailures(trouble)));
			return { kind: "present", confidence: trouble.length > 0 ? "certain" : "likely", params, signs };
		}
		const ownFile = [...facts.moduleFiles.values()].find(
			({ state, release }) => state === "file" && release !== null && kernel.known && release === kernel.value,
		);
		if (ownFile) return absent(`a module of the running kernel is on the disk: \`${ownFile.module}\``, [ownFile.at]);
		// A kernel with everything built in (WSL2, Firecracker, many clouds) has no files for modprobe to find.
		const refused = trouble.filter(({ complaint }) => complaint.kind !== "module-missing");
		if (refused.length === 0 && isKnownToBe(facts.docker.running, true) && facts.rules.nat.kind === "shown")
			return absent(
				"dockerd runs and the kernel has a nat table: what modprobe does not find is built in",
				placesOf(facts.docker.running),
			);
		const { packagedKernels } = facts;
		if (kernel.known && packagedKernels.known && refused.length > 0 && !packagedKernels.value.includes(kernel.value))
			return {
				kind: "present",
				confidence: "likely",
				params,
				signs: [
					sign(`The kernel that runs is ${kernel.value}; packages hold only ${packagedKernels.value.join(", ")}`, [
						...placesOf(kernel),
						...packagedKernels.at,
					]),
					sign("The kernel refused what needs a module", placesOfFailures(refused)),
				],
				ask: ["modules"],
			};
		if (gone.length > 0)
			return {
				kind: "present",
				confidence: "likely",
				params,
				signs: [sign("modprobe found no folder for the running kernel", placesOfFailures(gone))],
				ask: ["modules"],
			};
		// Modules that every distribution builds, missing together, are not missing one by one.
		const common = new Set(
			modules.filter(({ complaint }) => COMMON.has(complaint.module)).map(({ complaint }) => complaint.module),
		);
		// Without its modules a kernel has no nf_tables at all; one that took a chain and refuses each rule has another flaw.
		const unsupported = complaints(facts.failures, "nft-unsupported").filter(
			({ complaint }) => !/no such file/i.test(complaint.errno),
		);
		if (common.size >= 2 || (common.size >= 1 && unsupported.length > 0)) {
			return {
				kind: "present",
				confidence: "likely",
				params,
				signs: [
					sign(`modprobe finds none of ${[...common].join(", ")} for the running kernel`, placesOfFailures(modules)),
				],
				ask: ["modules"],
			};
		}
		// One module that modprobe did not find is a warning of many healthy daemons (br_netfilter, in containers above all).
		const pressing = modules.some(({ best }) => best.weight === "fatal" || best.weight === "error");
		if (unsupported.length > 0 || (common.size === 1 && pressing)) {
			return {
				kind: "present",
				confidence: "possible",
				params,
				signs: [
					sign(
						"The kernel does not know what every stock kernel has as a module",
						placesOfFailures([...unsupported, ...modules]),
					),
				],
				ask: ["modules"],
			};
		}
		const shown = whereStartShows(facts);
		return trouble.length > 0 || !shown ? undecided("modules") : absent("nothing failed for want of a module", shown);
	},

	explain({ running, installed }) {
		const then =
			"As a rule a kernel upgrade removed the running kernel’s modules before the machine was rebooted. What was not loaded by then can’t be loaded any more, nf_tables, NAT and veth among it.";
		if (running && installed)
			return `Kernel ${running} runs, but /lib/modules holds ${installed.length > 0 ? `only ${listWords(installed)}` : "no modules at all"}. ${then}`;
		if (running) return `Kernel ${running} runs, and modprobe does not find its modules under /lib/modules. ${then}`;
		return "The kernel lacks what every stock kernel has as a module. That is how a host looks between a kernel upgrade and the reboot, when the running kernel’s modules are gone from the disk; a kernel built without them looks the same. `uname -r` and `ls /lib/modules` tell.";
	},

	fix() {
		return {
			summary: "Reboot into the kernel that is installed.",
			before: [
				{
					check: { kind: "modules-of-running-kernel" },
					holds: false,
					otherwise: "The modules of the running kernel are there: a reboot would change nothing.",
				},
			],
			steps: [
				{
					action: { kind: "reboot" },
					why: "Only the installed kernel has modules to load.",
					risk: "high",
					interrupts: "host",
				},
			],
			after: [{ kind: "modules-of-running-kernel" }, { kind: "daemon-running" }],
			instead: habits("depmod", "reinstall-docker", "switch-to-legacy"),
			proveFromOutside: "After the boot, open a published port.",
		};
	},

	prevent() {
		return {
			summary: "Reboot with each kernel upgrade.",
			before: [],
			steps: [
				byHand(
					"The gap between the upgrade and the reboot is when this happens.",
					"Debian, Ubuntu: let `unattended-upgrades` reboot, or watch /var/run/reboot-required.",
					"Arch: keep the running kernel’s modules until the reboot with the package `kernel-modules-hook`.",
					"RHEL, Fedora: `dnf needs-restarting -r` tells.",
				),
			],
			after: [],
			keep: [{ kind: "reboot-after-upgrade" }, ...alerts("reboot-required")],
			instead: [],
			proveFromOutside: null,
		};
	},
});

const COMMON = new Set([
	"bridge",
	"br_netfilter",
	"nf_nat",
	"nf_tables",
	"nft_compat",
	"ip_tables",
	"iptable_nat",
	"iptable_filter",
	"xt_conntrack",
	"xt_addrtype",
	"xt_MASQUERADE",
	"overlay",
	"veth",
	"nf_conntrack",
	"nf_conntrack_netlink",
]);

function kernelTrouble(facts: HostFacts): readonly FoldedFailure[] {
	return [
		...complaints(facts.failures, "table-missing"),
		...complaints(facts.failures, "nft-unsupported"),
		...complaints(facts.failures, "extension-missing"),
		...complaints(facts.failures, "chain-add-refused"),
		...complaints(facts.failures, "table-add-refused"),
		...complaints(facts.failures, "rule-refused"),
		...complaints(facts.failures, "veth-unsupported"),
		...complaints(facts.failures, "module-missing"),
	];
}
