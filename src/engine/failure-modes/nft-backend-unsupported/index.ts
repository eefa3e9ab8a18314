import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, startDocker } from "../../remedy/steps";

type Params = { readonly kernel: string | null; readonly version: string | null; readonly legacyWorks: boolean };

export default failureMode<"nft-backend-unsupported", Params>({
	id: "nft-backend-unsupported",
	title: "The nft backend can’t carry Docker’s rules on this kernel",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: ["nat-module-missing", "xt-extension-missing"],

	detect(facts) {
		const unsupported = complaints(facts.failures, "nft-unsupported");
		const tables = complaints(facts.failures, "table-add-refused");
		const rules = complaints(facts.failures, "rule-refused").filter(
			(one) =>
				one.best.backend !== "legacy" && /invalid argument|no such file|not supported/i.test(one.complaint.errno),
		);
		const all = [...unsupported, ...tables, ...rules];
		if (all.length === 0)
			return absent(
				"the kernel takes what the nft backend asks for",
				[...placesOf(facts.iptables.backend), ...placesOf(facts.log)].slice(0, 1),
			);
		const legacy = facts.netfilter.tables.filter((table) => table.backend === "legacy" && table.family === "ip");
		const kernel = valueOr(facts.kernel, null);
		const version = all.find((one) => one.best.version)?.best.version ?? valueOr(facts.iptables.version, null);
		const params = { kernel, version, legacyWorks: legacy.length > 0 };
		const signs: Sign[] = [sign("The kernel refused what `iptables-nft` asked for", placesOfFailures(all))];
		if (legacy.length > 0)
			signs.push(sign("The legacy backend answers on the same kernel", legacy.map((table) => table.at).slice(0, 1)));
		const modulesGone =
			facts.kernel.known && facts.moduleReleases.known && !facts.moduleReleases.value.includes(facts.kernel.value);
		if (modulesGone)
			return absent(
				"the modules of the running kernel are gone from the disk: no backend can load anything",
				facts.moduleReleases.known ? facts.moduleReleases.at : [],
			);
		const named = complaints(facts.failures, "extension-missing");
		if (named.length > 0 && unsupported.length === 0 && tables.length === 0)
			return absent("one extension is missing, not the backend", placesOfFailures(named));
		if (legacy.length > 0 && (unsupported.length > 0 || tables.length > 0))
			return { kind: "present", confidence: "certain", params, signs };
		const firstGeneration = version !== null && /^1\.8\.[0-2]$/.test(version);
		if (unsupported.length > 0 || tables.length > 0 || firstGeneration)
			return {
				kind: "present",
				confidence: facts.moduleReleases.known || firstGeneration ? "likely" : "possible",
				params,
				signs,
				ask: ["modules", "both-backends"],
			};
		return legacy.length > 0
			? { kind: "present", confidence: "likely", params, signs, ask: ["modules"] }
			: undecided("modules", "both-backends");
	},

	explain({ kernel, version, legacyWorks }) {
		const which =
			version !== null && /^1\.8\.[0-2]$/.test(version)
				? `iptables ${version} is of the first generation of the nft variant, which fails on rules that Docker needs.`
				: `${kernel ? `Kernel ${kernel}` : "This kernel"} has no nf_tables, or not the part that carries iptables’ extensions (\`nft_compat\`).`;
		return `${which} dockerd uses the \`iptables\` it finds, which is the nft variant here, and each rule is refused.${legacyWorks ? " The legacy variant works on the same kernel." : ""}`;
	},

	fix({ legacyWorks }) {
		return {
			summary: "Give the kernel nf_tables, or use the legacy variant where only that works.",
			before: [
				{
					check: { kind: "modules-of-running-kernel" },
					holds: true,
					otherwise: "The running kernel’s modules are not on the disk: reboot first.",
				},
			],
			steps: legacyWorks
				? [
						{
							action: { kind: "select-backend", backend: "legacy" },
							why: "Here the legacy backend was seen to work and the nft backend was seen to fail; on any other host this would be the wrong way round.",
							risk: "medium",
							interrupts: "nothing",
						},
						...startDocker("dockerd makes its chains as it starts."),
					]
				: [
						byHand(
							"Which of the two helps depends on the kernel.",
							"Update the kernel (WSL: `wsl --update`), or install its extra modules for `uname -r`.",
							"Upgrade iptables to 1.8.4 or later.",
							"Only if `iptables-legacy -L` works and `iptables-nft -L` does not: select iptables-legacy, then start docker.",
						),
						...startDocker("dockerd makes its chains as it starts."),
					],
			after: [{ kind: "daemon-running" }],
			instead: habits("iptables-false", "reinstall-docker", "modprobe-list"),
			proveFromOutside: "Start a container with a published port and open it from another machine.",
		};
	},

	prevent() {
		return {
			summary: "Go back to nft once the kernel can carry it.",
			before: [],
			steps: [
				byHand(
					"Newer kernels drop the legacy tables.",
					"After each kernel upgrade try `iptables-nft -t nat -L`; when it works, select iptables-nft and restart docker.",
				),
			],
			after: [],
			instead: [],
			proveFromOutside: null,
		};
	},
});
