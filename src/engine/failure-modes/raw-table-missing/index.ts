import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isAtLeast } from "../../facts/docker-facts";
import { publishing, whereRefusalShows } from "../../facts/engine-state";
import { placesOf, valueOr } from "../../facts/fact";
import { complaints, isIpv6Only, placesOfFailures } from "../../facts/failure-facts";
import type { HostFacts } from "../../facts/host-facts";
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
		if (raw.length === 0) return withoutRefusal(facts);
		const others = all.filter(({ complaint }) => complaint.table !== "raw");
		const signs: Sign[] = [sign("`iptables-legacy` finds no raw table in the kernel", placesOfFailures(raw))];
		const files = complaints(facts.failures, "module-missing").filter(
			({ complaint }) => complaint.module === "iptable_raw",
		);
		if (files.length > 0) signs.push(sign("modprobe finds no module `iptable_raw`", placesOfFailures(files)));
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
		return `Docker 28.0 and later protect containers by a rule in the raw table: up to 28.1 one for each published port, from 28.2 on one for each container, also for those that publish nothing. ${kernel ? `Kernel ${kernel}` : "This kernel"} has no raw table for \`iptables-legacy\`: the module \`iptable_raw\` is not loaded and could not be loaded. Docker refuses to start a container that it can’t protect.`;
	},

	fix() {
		return {
			summary: "Load the raw table; where the vendor’s kernel has none, decide whether Docker may do without.",
			before: [],
			steps: [
				{
					action: { kind: "load-modules", modules: modules("iptable_raw"), persist: true },
					why: "The first choice: nothing of Docker’s protection is lost. It does nothing where the kernel has no such module.",
					risk: "low",
					interrupts: "nothing",
				},
				byHand(
					"Only if the kernel has no such module, and only if you accept the price.",
					"Docker 28.0.2 and later: `systemctl edit docker`, add `[Service]` and `Environment=DOCKER_INSECURE_NO_IPTABLES_RAW=1`, then `systemctl restart docker`. Without systemd the variable belongs in the environment that starts dockerd.",
					"The price: machines on the same network can reach ports of containers that are not published, and ports published on 127.0.0.1.",
					"Where `iptables-nft -t raw -L -n` answers, use the nft backend instead: there the raw table needs no module. On Jetson this was tried and did not work.",
				),
			],
			after: tableIsUsable("raw"),
			instead: habits("downgrade-docker", "iptables-false", "modprobe-list"),
			proveFromOutside: "Start the container again and open its port from another machine.",
		};
	},

	prevent: () => null,
});

/** No refusal of the raw table was read: because there was none, or because the text that would tell was not pasted. */
function withoutRefusal(facts: HostFacts) {
	const { version } = facts.docker;
	if (version.known && !isAtLeast(version.value, 28))
		return absent(`Docker ${version.value.text} writes no rule to the raw table`, placesOf(version));
	const cut = complaints(facts.failures, "unrecognised").some((one) => one.best.fromDockerd);
	if (cut) return undecided("error-text", "dockerd-log");
	const runs = publishing(facts)[0];
	if (runs) return absent("a container with a published port runs, so its rules were taken", runs.at.slice(0, 1));
	const shown = whereRefusalShows(facts);
	return shown ? absent("the raw table was not refused", shown) : undecided("error-text", "dockerd-log");
}
