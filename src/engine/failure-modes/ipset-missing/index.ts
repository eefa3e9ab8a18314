import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { whereStartShows } from "../../facts/engine-state";
import { placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, startDocker } from "../../remedy/steps";

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
		const only280 =
			version.known && version.value.major === 28 && version.value.minor === 0 && version.value.patch === 0;
		if (all.length === 0) {
			if (version.known && !only280)
				return absent(`Docker ${version.value.text} uses no ipset; only 28.0.0 does`, placesOf(version));
			const shown = whereStartShows(facts);
			return shown ? absent("no set of Docker’s was missed", shown) : undecided("dockerd-log");
		}
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
		return "Docker 28.0.0, and no other version, keeps its bridges in a set of the kernel (`docker-ext-bridges-v4`) and needs the modules `ip_set`, `ip_set_hash_net` and `xt_set` for it. One of them at least is not to be had in this kernel, so dockerd gives up as it starts. 28.0.1 went back to plain rules.";
	},

	fix() {
		return {
			summary: "Upgrade Docker to 28.0.1 or later.",
			before: [],
			steps: [
				{
					action: { kind: "install-package", what: "docker" },
					why: "From 28.0.1 on Docker needs no set. It still needs the raw table, which Jetson’s kernels lack as well.",
					risk: "medium",
					interrupts: "containers-unless-live-restore",
				},
				...startDocker("dockerd makes its rules as it starts."),
				byHand(
					"Only where the upgrade must wait, and only where the kernel has the modules after all.",
					"`modprobe -a ip_set ip_set_hash_net xt_set`, then start docker.",
				),
			],
			after: [{ kind: "daemon-running" }, { kind: "docker-chains-whole", table: "filter" }],
			instead: habits("downgrade-docker", "iptables-false", "modules-load-everywhere"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});
