import { absent, failureMode, type Sign, sign } from "../../diagnose/failure-mode";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import { byHand, habits, modules, tableIsUsable } from "../../remedy/steps";

type Params = { readonly kernel: string | null };

export default failureMode<"raw-table-missing", Params>({
	id: "raw-table-missing",
	title: "Docker 28 and later need the raw table, and this kernel has none",
	effect: "Containers do not start",
	impact: "high",
	minutes: 15,
	explains: [],

	detect(facts) {
		const all = complaints(facts.failures, "table-missing").filter((one) => !isIpv6Only(one));
		const raw = all.filter(({ complaint }) => complaint.table === "raw");
		if (raw.length === 0)
			return absent(
				"the raw table was not refused",
				[...placesOf(facts.log), ...placesOf(facts.docker.version)].slice(0, 1),
			);
		const others = all.filter(({ complaint }) => complaint.table !== "raw");
		const signs: Sign[] = [sign("`iptables-legacy` finds no raw table in the kernel", placesOfFailures(raw))];
		const params = { kernel: valueOr(facts.kernel, null) };
		if (others.length > 0)
			return {
				kind: "present",
				confidence: "possible",
				params,
				signs,
				against: [sign("Other tables are missing as well", placesOfFailures(others))],
				ask: ["both-backends", "modules"],
			};
		return {
			kind: "present",
			confidence: raw.some((one) => one.best.fromDockerd) ? "certain" : "possible",
			params,
			signs,
			...(raw.some((one) => one.best.fromDockerd) ? {} : { ask: ["dockerd-log" as const] }),
		};
	},

	explain({ kernel }) {
		return `Since 28.0 Docker writes a rule to the raw table for each container, so that nobody on the network reaches it past its published ports. ${kernel ? `Kernel ${kernel}` : "This kernel"} has no module \`iptable_raw\` (usual on Jetson and Synology), so the start is refused; from 28.2 on also for containers that publish nothing.`;
	},

	fix() {
		return {
			summary: "Load the raw table; where the vendor’s kernel has none, tell Docker to do without.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modules("iptable_raw"), persist: true },
					why: "The first choice: nothing of Docker’s protection is lost.",
					risk: "low",
					interrupts: "nothing",
				},
				byHand(
					"Only if the module does not exist for this kernel.",
					"Docker 28.0.2 and later: `systemctl edit docker`, add `[Service]` and `Environment=DOCKER_INSECURE_NO_IPTABLES_RAW=1`, then restart docker.",
					"The price: machines on the same network can reach container addresses directly, and ports published on 127.0.0.1 as well.",
					"On kernels where iptables-nft works, use it: there raw needs no module. It was tried on Jetson and did not work there.",
				),
			],
			after: tableIsUsable("raw"),
			instead: habits("downgrade-docker", "switch-to-legacy", "iptables-false"),
			proveFromOutside: null,
		};
	},

	prevent: () => null,
});
