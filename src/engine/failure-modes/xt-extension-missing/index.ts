import { absent, failureMode, type Sign, sign } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import type { Check, Step } from "../../remedy/plan";
import { byHand, habits, modules, startDocker } from "../../remedy/steps";
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
			if (refused.length === 0)
				return absent(
					"every match and target that was asked for is there",
					[...placesOf(facts.log), ...placesOf(facts.docker.running)].slice(0, 1),
				);
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
				missing === "library" ? `\`iptables\` can’t load its library for ${what}` : `The kernel does not know ${what}`,
				placesOfFailures(named),
			),
		];
		if (refused.length > 0) signs.push(sign("The rule that needs it was refused", placesOfFailures(refused)));
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

	explain({ extension, missing }) {
		const what = extension ? `\`${extension}\`` : "One extension";
		return missing === "library"
			? `${what} is missing on the side of the program: its file (\`libxt_${extension ?? "…"}.so\`) is not in the xtables folder, so \`iptables\` can’t even say what it wants. Every rule of Docker’s that uses it fails, in both backends.`
			: `${what} is missing in the kernel: the module (\`xt_${extension ?? "…"}\`) is not loaded and not installed for this kernel. Both backends need it, so switching the backend does not help.`;
	},

	fix({ extension, missing, wsl }) {
		const name = extension ? extensionName(extension) : null;
		const usable: readonly Check[] = name ? [{ kind: "extension-usable", extension: name }] : [];
		const library: Step = {
			action: { kind: "install-package", what: "iptables" },
			why: "The libraries belong to the package of iptables.",
			risk: "low",
			interrupts: "nothing",
		};
		const kernel: readonly Step[] = wsl
			? [
					byHand(
						"The kernel of WSL comes from Windows.",
						"Run `wsl --update`, then `wsl --shutdown` in Windows.",
						"A kernel of your own needs the matching modules disk.",
					),
				]
			: [
					{
						action: { kind: "install-package", what: "kernel-modules" },
						why: "RHEL 10 and minimal Ubuntu kernels keep xt_* in a package of their own.",
						risk: "low",
						interrupts: "nothing",
					},
					...(extension
						? [
								{
									action: { kind: "load-modules" as const, modules: modules(`xt_${extension}`), persist: false },
									why: "It loads by itself from then on; this shows at once whether it is there.",
									risk: "low" as const,
									interrupts: "nothing" as const,
								},
							]
						: []),
				];
		return {
			summary:
				missing === "library"
					? "Put the library back, then start dockerd."
					: "Install the modules of this kernel, then start dockerd.",
			before: [],
			steps: [...(missing === "library" ? [library] : kernel), ...startDocker("dockerd makes its rules as it starts.")],
			after: [...usable, { kind: "daemon-running" }],
			instead: habits("switch-to-legacy", "iptables-false", "downgrade-docker", "modprobe-list"),
			proveFromOutside: "Start a container with a published port and open it from another machine.",
		};
	},

	prevent({ missing }) {
		return missing === "library"
			? {
					summary: "Check the program after each image build.",
					before: [],
					steps: [
						byHand("Stripped images lose these files.", "In images: run `iptables -m addrtype --help` in the build."),
					],
					after: [],
					instead: [],
					proveFromOutside: null,
				}
			: {
					summary: "Let the extra modules follow the kernel.",
					before: [],
					steps: [
						byHand(
							"The extra package must match each new kernel.",
							"RHEL 10: install `kernel-modules-extra`, not a version of it.",
							"Ubuntu: keep `linux-modules-extra-…` or the `linux-generic` kernel.",
						),
					],
					after: [],
					instead: [],
					proveFromOutside: null,
				};
	},
});
