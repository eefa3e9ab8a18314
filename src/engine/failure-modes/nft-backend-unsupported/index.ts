import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereStartShows } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import type { Check, Step } from "../../remedy/plan";
import { alerts, byHand, habits, startDocker } from "../../remedy/steps";

type Params = {
	readonly kernel: string | null;
	readonly version: string | null;
	readonly legacyWorks: boolean;
	readonly wsl: boolean;
};

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
		if (all.length === 0) {
			const shown = whereStartShows(facts);
			return shown
				? absent("the kernel did not refuse the nft backend as a whole", shown)
				: undecided("dockerd-log", "both-backends");
		}
		const legacy = facts.netfilter.tables.filter((table) => table.backend === "legacy" && table.family === "ip");
		const kernel = valueOr(facts.kernel, null);
		const version = all.find((one) => one.best.version)?.best.version ?? valueOr(facts.iptables.version, null);
		const params = { kernel, version, legacyWorks: legacy.length > 0, wsl: /microsoft/i.test(kernel ?? "") };
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
		const firstGeneration = version !== null && isFirstGeneration(version);
		// A kernel without its modules refuses nf_tables as a whole; this one made the chain and refuses a rule without extensions.
		const partial = unsupported.some(({ complaint }) => /no such file/i.test(complaint.errno));
		if (unsupported.length > 0 || tables.length > 0 || firstGeneration)
			return {
				kind: "present",
				confidence: facts.moduleReleases.known || firstGeneration || partial ? "likely" : "possible",
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
			version !== null && isFirstGeneration(version)
				? `iptables ${version} is of the first generation of the nft variant, which fails on rules that Docker needs.`
				: `${kernel ? `Kernel ${kernel}` : "This kernel"} has no nf_tables, or not the part that carries iptables’ rules (\`nft_compat\`).`;
		return `${which} dockerd uses the first \`iptables\` in its PATH, which is the nft variant here, and the kernel refuses what it asks for.${legacyWorks ? " The legacy variant works on the same kernel." : ""}`;
	},

	fix({ legacyWorks, wsl }) {
		return {
			summary: wsl
				? "Update the kernel of WSL, then start dockerd."
				: legacyWorks
					? "Use the legacy variant, which works on this kernel, then start dockerd."
					: "Give the kernel nf_tables, or use the legacy variant where only that works.",
			before: wsl
				? []
				: [
						{
							check: { kind: "modules-of-running-kernel" },
							holds: true,
							otherwise: "The running kernel’s modules are not on the disk: reboot first.",
						},
					],
			steps: [
				...(wsl ? [WSL] : legacyWorks ? [LEGACY] : [EITHER]),
				...startDocker("dockerd makes its chains as it starts, in the backend it finds then."),
			],
			after: [...(legacyWorks && !wsl ? [{ kind: "backend-is" as const, backend: "legacy" as const }] : []), RUNNING],
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
					"Kernels from 6.17 on are built without the legacy tables, so a host pinned to legacy fails at such an upgrade.",
					"After each kernel upgrade try `iptables-nft -t nat -L -n`. When it answers, select iptables-nft and restart docker.",
				),
			],
			after: [],
			keep: alerts("docker-down"),
			instead: [],
			proveFromOutside: null,
		};
	},
});

const RUNNING: Check = { kind: "daemon-running" };

const WSL: Step = byHand(
	"The kernel of WSL comes from Windows; those of 2021 can’t carry the nft variant, newer ones can.",
	"In Windows run `wsl --update`, then `wsl --shutdown`, and open the distribution again.",
	"Only where the kernel can’t be updated: `update-alternatives --set iptables /usr/sbin/iptables-legacy`, the same for ip6tables.",
);

const LEGACY: Step = {
	action: { kind: "select-backend", backend: "legacy" },
	why: "Here legacy was seen to work and nft was seen to fail; on nearly every other host it is the other way round.",
	risk: "medium",
	interrupts: "nothing",
};

const EITHER: Step = byHand(
	"Which of these helps depends on the kernel.",
	"Update the kernel, or install its extra modules for the release that `uname -r` prints.",
	"With iptables 1.8.0 to 1.8.2: upgrade iptables.",
	"Only if `iptables-legacy -L -n` answers and `iptables-nft -L -n` does not: select iptables-legacy.",
);

/** 1.8.0 to 1.8.2, whose nft variant fails on rules that the later ones write. */
function isFirstGeneration(version: string): boolean {
	return /^1\.8\.[0-2]$/.test(version);
}
