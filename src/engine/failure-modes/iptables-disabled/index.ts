import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { deadProbes, publishing, whyNoChainsExpected } from "../../facts/engine-state";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { alerts, byHand, habits, restartDocker } from "../../remedy/steps";
import { daemonKey } from "../../remedy/validate";

type Params = { readonly inFile: boolean; readonly proxy: boolean | null };

export default failureMode<"iptables-disabled", Params>({
	id: "iptables-disabled",
	title: "Docker is told not to touch iptables",
	effect: "Published ports get no NAT",
	impact: "high",
	minutes: 5,
	explains: ["docker-chain-missing", "docker-filter-chain-missing", "forward-dropped", "local-path-blocked"],

	detect(facts) {
		const { iptablesEnabled, running, firewallBackend } = facts.docker;
		if (isKnownToBe(firewallBackend, "nftables") && !isKnownToBe(iptablesEnabled, false))
			return absent("Docker makes its rules in its own nftables tables", placesOf(firewallBackend));
		const elsewhere = whyNoChainsExpected(facts);
		if (elsewhere && !iptablesEnabled.known && isKnownToBe(running, true)) return absent(elsewhere.says, elsewhere.at);
		if (iptablesEnabled.known && iptablesEnabled.value)
			return absent("dockerd makes rules: iptables is not disabled", iptablesEnabled.at.slice(0, 1));
		const params: Params = {
			inFile: facts.docker.config.known && facts.docker.config.value.get("iptables") === false,
			proxy: facts.docker.userlandProxy.known ? facts.docker.userlandProxy.value : null,
		};
		if (iptablesEnabled.known) {
			const signs: Sign[] = [sign("The configuration says `iptables: false`", iptablesEnabled.at)];
			const { nat } = facts.rules;
			if (nat.kind === "shown" && !nat.anyDockerChain)
				signs.push(sign("The nat table holds nothing of Docker’s, and dockerd reports no error", nat.at));
			const dead = deadProbes(facts);
			if (dead.length > 0)
				signs.push(
					sign(
						"The published port does not answer",
						dead.map((probe) => probe.at),
					),
				);
			const stale = nat.kind === "shown" && nat.anyDockerChain;
			return stale
				? {
						kind: "present",
						confidence: "likely",
						params,
						signs,
						against: [sign("The nat table still holds chains of Docker’s, made before the setting", nat.at)],
					}
				: { kind: "present", confidence: "certain", params, signs };
		}
		const { nat, filter } = facts.rules;
		const bareFilter = filter.kind === "unknown" || !filter.anyDockerChain;
		if (nat.kind === "unknown" || nat.anyDockerChain || !bareFilter || !isKnownToBe(running, true))
			return undecided("daemon-json", "unit");
		if (publishing(facts).length === 0 && deadProbes(facts).length === 0) return undecided("daemon-json", "unit");
		return {
			kind: "present",
			confidence: "possible",
			params,
			signs: [
				sign("The tables hold nothing of Docker’s, and dockerd reports no error", [
					...nat.at,
					...(filter.kind === "shown" ? filter.at : []),
				]),
			],
			ask: ["daemon-json", "unit"],
		};
	},

	explain({ proxy }) {
		const left =
			proxy === false
				? "With the userland proxy off as well, nothing at all carries a connection to a container."
				: "Only docker-proxy carries connections then: the host’s INPUT rules decide, the container sees the bridge as its client, and containers have no way out.";
		return `With \`"iptables": false\` dockerd writes no rule: no DNAT for published ports, no MASQUERADE, no isolation. ${left}`;
	},

	fix({ inFile }) {
		const key = daemonKey("iptables");
		return {
			summary: "Remove the setting, then restart dockerd.",
			before: [],
			steps: [
				inFile && key
					? {
							action: { kind: "edit-daemon-json", set: [], remove: [key] },
							why: "The default is true. Other keys stay as they are.",
							risk: "low",
							interrupts: "nothing",
						}
					: byHand(
							"The setting stands in dockerd’s command line.",
							"Find it with `systemctl cat docker` or in /etc/default/docker, /etc/conf.d/docker.",
							"Take `--iptables=false` out; a flag and the same key in daemon.json together keep dockerd from starting.",
						),
				...restartDocker("The setting is read only when dockerd starts; then it makes its chains."),
			],
			after: [{ kind: "iptables-enabled" }, { kind: "docker-chains-whole", table: "nat" }, { kind: "daemon-running" }],
			instead: habits("ufw-forward-accept", "ufw-nat-block", "network-host"),
			proveFromOutside:
				"Open the published port. If ufw or another firewall was to filter containers, use `DOCKER-USER` for that.",
		};
	},

	prevent() {
		return {
			summary: "Filter published ports in DOCKER-USER instead of switching Docker’s rules off.",
			before: [],
			steps: [
				byHand(
					"The setting is often copied to keep Docker from bypassing ufw.",
					"Put your own rules into `DOCKER-USER`: dockerd jumps to it first and never touches what stands in it.",
					"Or publish on 127.0.0.1 and put a reverse proxy in front.",
					"CIS Docker Benchmark asks for iptables to be enabled (docker-bench-security check 2.4 or 2.3, by edition).",
				),
			],
			after: [],
			keep: [{ kind: "ufw-in-docker-user" }, ...alerts("published-port")],
			instead: habits("iptables-false"),
			proveFromOutside: null,
		};
	},
});
