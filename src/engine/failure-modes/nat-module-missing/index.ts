import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { listWords, whereStartShows } from "../../facts/engine-state";
import { valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import type { FoldedFailure, HostFacts } from "../../facts/host-facts";
import type { Backend } from "../../netfilter/ruleset";
import type { ModuleName, Step } from "../../remedy/plan";
import { alerts, byHand, habits, modules, startDocker, tableIsUsable } from "../../remedy/steps";

type Params = { readonly backend: Backend | null; readonly inContainer: boolean };

export default failureMode<"nat-module-missing", Params>({
	id: "nat-module-missing",
	title: "The kernel’s nat table is not there: its module is not loaded",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const failures = natFailures(facts);
		const { nat } = facts.rules;
		if (failures.length === 0) {
			if (nat.kind === "shown" && nat.table) return absent("the nat table answers", nat.at);
			if (complaints(facts.failures, "nft-unsupported").length > 0) return undecided("modules", "lsmod");
			const shown = whereStartShows(facts);
			return shown
				? absent("dockerd reports no nat table that it could not have", shown)
				: undecided("nat-table", "dockerd-log");
		}
		const backend = failures.find((one) => one.best.backend)?.best.backend ?? valueOr(facts.iptables.backend, null);
		const params = { backend, inContainer: /containerized/i.test(valueOr(facts.operatingSystem, "")) };
		const signs: Sign[] = [
			sign(
				backend === "nf_tables"
					? "The kernel refused the nat chain of `iptables-nft`: it has no nat for it"
					: "`iptables-legacy` finds no nat table in the kernel",
				placesOfFailures(failures),
			),
		];
		const unloaded = [
			...complaints(facts.failures, "module-missing"),
			...complaints(facts.failures, "module-refused"),
		].filter(({ complaint }) => /^(?:ip_tables|iptable_nat|nf_nat|nft_chain_nat|nf_tables)$/.test(complaint.module));
		if (unloaded.length > 0)
			signs.push(
				sign(
					`\`modprobe\` can’t load ${listWords([...new Set(unloaded.map(({ complaint }) => `\`${complaint.module}\``))])}`,
					placesOfFailures(unloaded),
				),
			);
		const othersFail = complaints(facts.failures, "table-missing").some(
			({ complaint, best }) =>
				complaint.table !== "nat" && best.backend !== "nf_tables" && best.command?.program !== "ip6tables",
		);
		const filterWorks = facts.rules.filter.kind === "shown" && facts.rules.filter.table !== null;
		if (filterWorks)
			signs.push(
				sign(
					"The filter table answers: only nat is missing",
					facts.rules.filter.kind === "shown" ? facts.rules.filter.at : [],
				),
			);
		const file = moduleFile(facts, backend);
		if (file) signs.push(sign(file.says, [file.at]));
		const modulesPresent =
			facts.kernel.known && facts.moduleReleases.known && facts.moduleReleases.value.includes(facts.kernel.value);
		if (modulesPresent)
			signs.push(
				sign(
					"The modules of the running kernel are installed; the one for nat is not among those that load",
					facts.moduleReleases.known ? facts.moduleReleases.at : [],
				),
			);
		if (filterWorks && (modulesPresent || file?.loadable))
			return { kind: "present", confidence: "certain", params, signs };
		if (othersFail)
			return { kind: "present", confidence: "possible", params, signs, ask: ["modules", "both-backends"] };
		return { kind: "present", confidence: "likely", params, signs, ask: ["modules", "both-backends", "module-files"] };
	},

	explain({ backend, inContainer }) {
		const module = backend === "nf_tables" ? "`nft_chain_nat`" : "`iptable_nat`";
		return `dockerd makes chain \`DOCKER\` in the nat table first of all, and the kernel has no nat table: ${module} is neither loaded nor loadable. ${inContainer ? "dockerd runs in a container here, which can’t load modules: they must be loaded on the host." : "Either the module is not installed for this kernel, or loading it is blocked, as it is inside a container."}`;
	},

	fix({ backend, inContainer }) {
		const load: Step = {
			action: { kind: "load-modules", modules: modulesOf(backend), persist: true },
			why: "Only the modules that this kernel has are loaded; built-in ones count as loaded.",
			risk: "low",
			interrupts: "nothing",
		};
		const install: Step = {
			action: { kind: "install-package", what: "kernel-modules" },
			why: "Minimal and cloud kernels keep these modules in a package of their own.",
			risk: "low",
			interrupts: "nothing",
		};
		return {
			summary: inContainer
				? "Load the modules on the host of this container."
				: "Load the nat modules, then start dockerd.",
			before: [
				{
					check: { kind: "modules-of-running-kernel" },
					holds: true,
					otherwise: "The running kernel’s modules are not on the disk: reboot first.",
				},
			],
			steps: inContainer
				? [
						byHand(
							"A container can’t load modules of the host’s kernel.",
							"Run this script on the host, not in the container.",
						),
					]
				: [install, load, ...startDocker("dockerd makes its chains as it starts.")],
			after: [...tableIsUsable("nat"), { kind: "daemon-running" }],
			instead: habits(
				"modprobe-list",
				"iptables-false",
				"reinstall-docker",
				...(backend === "nf_tables" ? ["switch-to-legacy" as const] : []),
			),
			proveFromOutside: null,
		};
	},

	prevent({ backend }) {
		return {
			summary: "Load the modules at each boot, where they do not load by themselves.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modulesOf(backend), persist: true },
					why: "Written down for the next boot, only those that exist: a missing name makes the boot’s module service fail.",
					risk: "low",
					interrupts: "nothing",
				},
			],
			after: [],
			keep: alerts("docker-down"),
			instead: habits("modules-load-everywhere"),
			proveFromOutside: null,
		};
	},
});

/** Failures that say: no nat table for IPv4. */
function natFailures(facts: HostFacts): readonly FoldedFailure[] {
	const legacy = complaints(facts.failures, "table-missing").filter(({ complaint }) => complaint.table === "nat");
	const nft = complaints(facts.failures, "chain-add-refused").filter(
		({ complaint, best }) => /no such file/i.test(complaint.errno) && (best.command?.table ?? "nat") === "nat",
	);
	return [...legacy, ...nft].filter((failure) => !isIpv6Only(failure));
}

const LEGACY = ["ip_tables", "iptable_filter", "iptable_nat", "xt_addrtype", "xt_conntrack", "xt_MASQUERADE"];
const NFT = ["nf_tables", "nft_compat", "nft_chain_nat", "xt_addrtype", "xt_conntrack", "xt_MASQUERADE"];

/** What find, modules.builtin or modinfo tell of the module that makes the table. */
function moduleFile(facts: HostFacts, backend: Backend | null) {
	const wanted = backend === "nf_tables" ? ["nft_chain_nat"] : ["iptable_nat", ...(backend ? [] : ["nft_chain_nat"])];
	const file = wanted.map((name) => facts.moduleFiles.get(name)).find((one) => one !== undefined);
	if (!file || file.state === "builtin") return null;
	const release = valueOr(facts.kernel, null);
	const other = file.release !== null && release !== null && file.release !== release;
	if (file.state === "file" && other) return null;
	return file.state === "file"
		? {
				says: `The file of \`${file.module}\` is on the disk: it is its loading that fails`,
				at: file.at,
				loadable: true,
			}
		: { says: `There is no \`${file.module}\` among the modules of this kernel`, at: file.at, loadable: false };
}

function modulesOf(backend: Backend | null): readonly ModuleName[] {
	return modules(...(backend === "nf_tables" ? NFT : backend === "legacy" ? LEGACY : [...NFT, ...LEGACY]));
}
