import { absent, failureMode, type Sign, sign } from "../../diagnose/failure-mode";
import { isAtLeast } from "../../facts/docker-facts";
import { placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { habits, modules, restartDocker } from "../../remedy/steps";

export default failureMode<"ipset-missing", { readonly only280: boolean }>({
	id: "ipset-missing",
	title: "Docker 28.0.0 needs ipset, and this kernel has none",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 10,
	explains: [],

	detect(facts) {
		const all = [
			...complaints(facts.failures, "ipset-unsupported"),
			...complaints(facts.failures, "set-missing").filter(
				({ complaint }) => complaint.set === null || complaint.set.startsWith("docker-"),
			),
		].filter((one) => one.best.fromDockerd);
		const { version } = facts.docker;
		if (all.length === 0)
			return absent(
				version.known && isAtLeast(version.value, 28, 0, 1)
					? "this version of Docker uses no ipset"
					: "no set was missed",
				[...placesOf(version), ...placesOf(facts.log)].slice(0, 1),
			);
		const only280 =
			version.known && version.value.major === 28 && version.value.minor === 0 && version.value.patch === 0;
		const signs: Sign[] = [sign("dockerd could not make or use the set of its bridges", placesOfFailures(all))];
		if (only280) signs.push(sign("This is 28.0.0, the one version that uses sets", placesOf(version)));
		return {
			kind: "present",
			confidence: only280 || !version.known ? "certain" : "likely",
			params: { only280 },
			signs,
		};
	},

	explain() {
		return "Docker 28.0.0 alone keeps its bridges in a set (`docker-ext-bridges-v4`) and needs the modules `ip_set`, `ip_set_hash_net` and `xt_set`. They are not in this kernel. 28.0.1 went back to plain rules.";
	},

	fix() {
		return {
			summary: "Upgrade Docker to 28.0.1 or later.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modules("ip_set", "ip_set_hash_net", "xt_set"), persist: false },
					why: "Bridges the time until the upgrade, where the kernel has them.",
					risk: "low",
					interrupts: "nothing",
				},
				{
					action: { kind: "install-package", what: "docker" },
					why: "From 28.0.1 on Docker needs no set.",
					risk: "medium",
					interrupts: "containers-unless-live-restore",
				},
				...restartDocker("dockerd makes its rules as it starts."),
			],
			after: [{ kind: "daemon-running" }, { kind: "docker-chains-whole", table: "filter" }],
			instead: habits("downgrade-docker", "iptables-false"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});
