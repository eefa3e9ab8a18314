import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereStartShows } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import type { Check, Step } from "../../remedy/plan";
import { alerts, byHand, habits, modules, startDocker } from "../../remedy/steps";
import { extensionName } from "../../remedy/validate";

type Params = {
	readonly extension: string | null;
	readonly missing: "kernel" | "library" | "unknown";
	readonly wsl: boolean;
};

export default failureMode<"xt-extension-missing", Params>({
	id: "xt-extension-missing",
	title: "An iptables extension that Docker’s rules need is missing",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const named = complaints(facts.failures, "extension-missing").filter((one) => !isIpv6Only(one));
		const refused = complaints(facts.failures, "rule-refused").filter((one) =>
			/no such file|not supported/i.test(one.complaint.errno),
		);
		const best = named.find((one) => one.best.fromDockerd) ?? named[0];
		const kernel = valueOr(facts.kernel, "");
		if (!best) {
			if (refused.length === 0) {
				const shown = whereStartShows(facts);
				return shown ? absent("every match and target that was asked for is there", shown) : undecided("dockerd-log");
			}
			return {
				kind: "present",
				confidence: "possible",
				params: { extension: null, missing: "kernel", wsl: /microsoft/i.test(kernel) },
				signs: [sign("The kernel refused a rule for want of something in it", placesOfFailures(refused))],
				ask: ["modules", "lsmod"],
			};
		}
		const { extension, missing } = best.complaint;
		const params: Params = { extension, missing, wsl: /microsoft/i.test(kernel) };
		const what = extension ? `\`${extension}\`` : "an extension";
		const signs: Sign[] = [
			sign(
				missing === "library"
					? `\`iptables\` has no library for ${what}`
					: missing === "kernel"
						? `The kernel does not know ${what}`
						: `${extension ? `The target ${what}` : "An extension"} is not to be had`,
				placesOfFailures(named),
			),
		];
		if (refused.length > 0) signs.push(sign("The rule that needs it was refused", placesOfFailures(refused)));
		const files = complaints(facts.failures, "module-missing").filter(
			({ complaint }) => extension !== null && complaint.module === moduleOf(extension),
		);
		if (files.length > 0) signs.push(sign("modprobe finds no module for it either", placesOfFailures(files)));
		const file = extension === null ? undefined : facts.moduleFiles.get(moduleOf(extension));
		if (file?.state === "file")
			signs.push(sign(`The file of \`${file.module}\` is on the disk: it is its loading that fails`, [file.at]));
		if (file?.state === "absent")
			signs.push(sign(`There is no \`${file.module}\` among the modules of this kernel`, [file.at]));
		if (missing === "library") return { kind: "present", confidence: "certain", params, signs };
		const stale =
			facts.kernel.known && facts.moduleReleases.known && !facts.moduleReleases.value.includes(facts.kernel.value);
		return {
			kind: "present",
			confidence: facts.moduleReleases.known && !stale ? "certain" : "likely",
			params,
			signs,
			ask: ["modules"],
		};
	},

	explain({ extension, missing, wsl }) {
		const what = extension ? `\`${extension}\`` : "An extension of iptables";
		const file = `\`libxt_${extension ?? "…"}.so\``;
		const module = `\`${extension ? moduleOf(extension) : "xt_…"}\``;
		const both = "Both backends need it, so switching between nft and legacy does not help.";
		switch (missing) {
			case "library":
				return `${what} is missing on the side of the program: its file ${file} is not in the folder of the xtables libraries, so \`iptables\` does not know the words of the rule. Every rule of Docker’s that uses it fails. ${both}`;
			case "kernel":
				return `${what} is missing in the kernel: \`iptables\` knows the rule, but the module ${module} is neither loaded nor loadable in the kernel that runs${wsl ? ", which under WSL is no package of the distribution" : ""}. ${both}`;
			case "unknown":
				return `${what} is missing, in the kernel (module ${module}) or on the side of the program (${file}); the message does not tell which. It is no chain, whatever the message calls it. ${both}`;
		}
	},

	fix({ extension, missing, wsl }, facts) {
		const name = extension ? extensionName(extension) : null;
		const usable: readonly Check[] = name ? [{ kind: "extension-usable", extension: name }] : [];
		const { version } = facts.docker;
		return {
			summary:
				missing === "library"
					? "Put the library of iptables back, then start dockerd."
					: wsl
						? "Give WSL a kernel that has the module, then start dockerd."
						: "Install the modules of this kernel, then start dockerd.",
			before: [],
			steps: [
				...(missing === "kernel" ? [] : [LIBRARIES]),
				...(missing === "library" ? [] : wsl ? [WSL] : kernelModules(extension)),
				...(version.known && version.value.major === 26 ? [HALF_MADE_BRIDGE] : []),
				...startDocker("dockerd makes its rules as it starts."),
			],
			after: [...usable, { kind: "daemon-running" }],
			instead: habits("switch-to-legacy", "iptables-false", "downgrade-docker", "modprobe-list"),
			proveFromOutside: "Start a container with a published port and open it from another machine.",
		};
	},

	prevent({ missing, wsl }) {
		const step =
			missing === "library"
				? byHand(
						"Stripped images and files copied by hand lose these libraries.",
						"In the build of the image run `iptables -m addrtype --help` and `iptables -j MASQUERADE --help`: both end with exit code 0 where the libraries are whole.",
					)
				: wsl
					? byHand(
							"A kernel of your own comes without the modules disk that WSL’s kernel has.",
							"Leave `kernel=` out of `.wslconfig`, or build the modules disk with the kernel and name it in `kernelModules=`.",
						)
					: byHand(
							"The extra package must match each new kernel.",
							"RHEL 10 and its rebuilds: install `kernel-modules-extra` without a version, so that it is upgraded with the kernel.",
							"Ubuntu: install the kernel’s metapackage (`linux-generic`, `linux-raspi`), which brings the modules with each kernel; for Raspberry Pi `linux-modules-extra-raspi` as well.",
						);
		return {
			summary:
				missing === "library" ? "Check the libraries in each image build." : "Let the modules follow the kernel.",
			before: [],
			steps: [step],
			after: [],
			keep: alerts("docker-down"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

const LIBRARIES: Step = {
	action: { kind: "install-package", what: "iptables" },
	why: "The libraries of the matches and targets come with iptables; a reinstall puts a missing one back.",
	risk: "low",
	interrupts: "nothing",
};

const WSL: Step = byHand(
	"The kernel of WSL comes from Windows, no package of the distribution changes it.",
	"In Windows run `wsl --update`, then `wsl --shutdown`, and open the distribution again.",
	"With a kernel of your own in `.wslconfig`: take it out, or add the modules disk that was built with it.",
);

/** dockerd 26.1 alone keeps a half-made docker0 after a start that failed (tried on 26.1.5). */
const HALF_MADE_BRIDGE: Step = byHand(
	"Docker 26.1 keeps a half-made bridge of the start that failed.",
	"If the start below fails with `networks have same bridge name`: `mv /var/lib/docker/network /var/lib/docker/network.bad`, then start docker again. User-defined networks are lost with it and must be made anew.",
);

function kernelModules(extension: string | null): readonly Step[] {
	return [
		{
			action: { kind: "install-package", what: "kernel-modules" },
			why: "RHEL 10, Ubuntu’s small kernels and Ubuntu on Raspberry Pi keep such modules in a package of their own.",
			risk: "low",
			interrupts: "nothing",
		},
		...(extension
			? [
					{
						action: { kind: "load-modules" as const, modules: modules(moduleOf(extension)), persist: false },
						why: "It loads by itself from then on; this only shows at once whether it is there.",
						risk: "low" as const,
						interrupts: "nothing" as const,
					},
				]
			: []),
	];
}

/** The kernel’s module of a match or target: net/netfilter and net/ipv4/netfilter of Linux 6.x. */
const MODULES: ReadonlyMap<string, string> = new Map([
	["DNAT", "xt_nat"],
	["SNAT", "xt_nat"],
	["REJECT", "ipt_REJECT"],
	["state", "xt_conntrack"],
	["tcp", "xt_tcpudp"],
	["udp", "xt_tcpudp"],
]);

function moduleOf(extension: string): string {
	return MODULES.get(extension) ?? `xt_${extension}`;
}
