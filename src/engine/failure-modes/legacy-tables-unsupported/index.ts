import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereStartShows } from "../../facts/engine-state";
import { isKnownToBe, placesOf, valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import { alerts, byHand, habits, startDocker } from "../../remedy/steps";

type Params = {
	readonly kernel: string | null;
	readonly inContainer: boolean;
	/** What rests on the kernel's own word or on its line together with a second sign. */
	readonly sure: boolean;
	/** The nft backend printed tables on the same kernel. */
	readonly nftWorks: boolean;
};

export default failureMode<"legacy-tables-unsupported", Params>({
	id: "legacy-tables-unsupported",
	title: "The kernel has no legacy tables: only the nft backend can work here",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 5,
	explains: ["nat-module-missing", "raw-table-missing"],

	detect(facts) {
		const failures = complaints(facts.failures, "table-missing").filter(
			(one) => !isIpv6Only(one) && one.best.backend !== "nf_tables",
		);
		if (failures.length === 0) {
			if (isKnownToBe(facts.iptables.backend, "nf_tables"))
				return absent("`iptables` uses the nft backend", placesOf(facts.iptables.backend));
			const shown = whereStartShows(facts);
			return shown ? absent("the kernel refused no legacy table", shown) : undecided("iptables-version", "dockerd-log");
		}
		const kernel = valueOr(facts.kernel, null);
		const nftTables = facts.netfilter.tables.filter((table) => table.backend === "nf_tables");
		const nftWorks = nftTables.length > 0;
		const params: Params = {
			kernel,
			inContainer: /containerized/i.test(valueOr(facts.operatingSystem, "")),
			sure: false,
			nftWorks,
		};
		const sure: Params = { ...params, sure: true };
		const signs: Sign[] = [sign("`iptables-legacy` finds no table in the kernel", placesOfFailures(failures))];
		const filterAnswers = facts.netfilter.tables.some((table) => table.backend === "legacy" && table.family === "ip");
		if (filterAnswers)
			return absent("another legacy table answers, so the kernel has them", placesOf(facts.iptables.backend));
		const config =
			facts.kernelConfig.get("CONFIG_NETFILTER_XTABLES_LEGACY") ??
			facts.kernelConfig.get("CONFIG_IP_NF_IPTABLES_LEGACY");
		if (config?.value === "n")
			return {
				kind: "present",
				confidence: "certain",
				params: sure,
				signs: [...signs, sign("The kernel was built without legacy xtables", [config.at])],
			};
		if (config) return absent("the kernel was built with legacy xtables", [config.at]);
		const without = kernel !== null && lacksLegacyByDefault(kernel);
		if (without)
			signs.push(sign(`Kernel ${kernel} is of a line that has legacy tables switched off`, placesOf(facts.kernel)));
		const ipTables = complaints(facts.failures, "module-missing").filter(
			({ complaint }) => complaint.module === "ip_tables" && !complaint.directoryMissing,
		);
		if (ipTables.length > 0)
			signs.push(sign("There is no module `ip_tables` for this kernel", placesOfFailures(ipTables)));
		if (nftWorks)
			signs.push(sign("The nft backend answers on the same kernel", nftTables.map((table) => table.at).slice(0, 1)));
		const modulesThere =
			facts.kernel.known && facts.moduleReleases.known && facts.moduleReleases.value.includes(facts.kernel.value);
		if (without && (nftWorks || (modulesThere && ipTables.length > 0)))
			return { kind: "present", confidence: "certain", params: sure, signs };
		if (without || (ipTables.length > 0 && (nftWorks || modulesThere)))
			return { kind: "present", confidence: "likely", params, signs, ask: ["both-backends", "modules"] };
		if (ipTables.length > 0)
			return { kind: "present", confidence: "possible", params, signs, ask: ["both-backends", "modules"] };
		return undecided("both-backends", "modules");
	},

	explain({ kernel, inContainer, sure, nftWorks }) {
		const built = sure
			? `${kernel ? `Kernel ${kernel}` : "This kernel"} was built without the tables of iptables-legacy`
			: `${kernel ? `Kernel ${kernel}` : "This kernel"} gives iptables-legacy no table, as a kernel does that was built without them`;
		return `${built} (off by default from 6.17, absent on RHEL 10). Then no module can be loaded for them: there is none. The \`iptables\` that dockerd finds ${inContainer ? "in its image " : ""}is the legacy program; ${nftWorks ? "the nft variant works on the same kernel" : "the nft variant needs none of these tables"}.`;
	},

	fix({ inContainer }) {
		return {
			summary: "Let dockerd use iptables-nft.",
			before: [],
			steps: inContainer
				? [
						byHand(
							"The program comes from the image.",
							"Use a docker:dind image whose `iptables` is the nft variant, and unset DOCKER_IPTABLES_LEGACY.",
						),
					]
				: [
						{
							action: { kind: "install-package", what: "iptables" },
							why: "The package `iptables` of every current distribution holds the nft variant.",
							risk: "low",
							interrupts: "nothing",
						},
						{
							action: { kind: "select-backend", backend: "nf_tables" },
							why: "dockerd runs whatever `iptables` is first in its PATH.",
							risk: "low",
							interrupts: "nothing",
						},
						...startDocker("dockerd makes its chains as it starts, now through nft."),
					],
			after: [{ kind: "backend-is", backend: "nf_tables" }, { kind: "daemon-running" }],
			instead: habits("modprobe-list", "switch-to-legacy", "downgrade-docker", "iptables-false"),
			proveFromOutside: "Start a container with a published port and open it.",
		};
	},

	prevent() {
		return {
			summary: "Pin nothing to iptables-legacy.",
			before: [],
			steps: [
				byHand(
					"Images and playbooks that select the legacy program fail on every newer kernel.",
					"Remove `update-alternatives --set iptables …legacy` from playbooks and images.",
					"In images choose at run time: nft unless legacy rules are in use.",
				),
			],
			after: [],
			keep: alerts("docker-down"),
			instead: habits("switch-to-legacy"),
			proveFromOutside: null,
		};
	},
});

/** NETFILTER_XTABLES_LEGACY defaults to n from 6.17 (kernel commit 9fce66583f06); RHEL 10 (6.12) ships without. */
function lacksLegacyByDefault(kernel: string): boolean {
	const [major = 0, minor = 0] = kernel.split(".", 2).map((part) => Number.parseInt(part, 10));
	return major > 6 || (major === 6 && minor >= 17) || /\.el1\d\b|\.el1\d_/.test(kernel);
}
