import type { Sign } from "../../diagnose/failure-mode";
import { failureMode, sign, undecided } from "../../diagnose/failure-mode";
import { blockOf, mainTrace } from "../../diagnose/main-trace";
import { isWhole } from "../../facts/docker-rules";
import { deadProbes, pressingFailures, publishing } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";

export default failureMode<"healthy", { readonly whole: boolean }>({
	id: "healthy",
	title: "Nothing is wrong in what was pasted",
	effect: "Whole",
	impact: "none",
	minutes: null,
	explains: [],

	detect(facts) {
		const { docker, rules } = facts;
		if (deadProbes(facts).length > 0 || pressingFailures(facts).length > 0) return undecided("rule-set", "docker-ps");
		if (isKnownToBe(docker.running, false)) return undecided("dockerd-log", "docker-ps");
		const native = isKnownToBe(docker.firewallBackend, "nftables");
		const nat = isWhole(rules.nat);
		if (!docker.running.known || (!nat && !native)) return undecided("nat-table", "docker-info", "dockerd-log");
		if (native && rules.native?.some((one) => one.state === "missing") && publishing(facts).length > 0)
			return undecided("dockerd-log", "docker-ps");
		if (blockOf(mainTrace(facts))) return undecided("probe-outside");
		const signs: Sign[] = [sign("dockerd answers", placesOf(docker.running))];
		if (nat)
			signs.push(
				sign(
					"The nat table holds Docker’s chain, the jump to it and what each published port needs",
					rules.nat.kind === "shown" ? rules.nat.at : [],
				),
			);
		const ownTables = native && rules.native !== null;
		if (ownTables)
			signs.push(
				sign(
					"Docker’s own nftables table holds its base chains and what each published port needs",
					rules.native.flatMap((one) => one.at).slice(0, 2),
				),
			);
		if (isWhole(rules.filter))
			signs.push(
				sign(
					"The filter table holds Docker’s chains and the way to them",
					rules.filter.kind === "shown" ? rules.filter.at : [],
				),
			);
		if (facts.log.known)
			signs.push(
				sign(
					facts.failures.some((failure) => !failure.current)
						? "The log shows no error since dockerd last started"
						: `The log has no error in ${facts.log.value.lines} lines`,
					facts.log.at.slice(0, 1),
				),
			);
		const answered = facts.probes.filter((probe) => probe.outcome === "answered");
		if (answered.length > 0)
			signs.push(
				sign(
					"The port answers",
					answered.map((probe) => probe.at),
				),
			);
		const whole = ((nat && isWhole(rules.filter)) || ownTables) && facts.containers.known;
		// Text that nobody could read may hold the very error; only a path shown whole outweighs it.
		if (!whole && facts.unreadErrors.length > 0) return undecided("docker-ps", "rule-set");
		return {
			kind: "present",
			confidence: whole && answered.length > 0 && facts.unreadErrors.length === 0 ? "certain" : "likely",
			params: { whole },
			signs,
			ask: whole ? (answered.length > 0 ? [] : ["probe-outside"]) : ["rule-set", "docker-ps", "probe-outside"],
		};
	},

	explain({ whole }) {
		return whole
			? "dockerd runs, its rules are in place and nothing reports an error. If a port is dead all the same, the cause is outside of what was pasted: an upstream firewall, a security group, DNS, or the client."
			: "dockerd runs and what was pasted is in order. It does not show the whole path; the commands below would.";
	},

	fix: () => NOTHING,
	prevent: () => null,
});

const NOTHING = {
	summary: "Nothing to repair.",
	before: [],
	steps: [],
	after: [],
	instead: [],
	proveFromOutside: null,
};
