import { absent, failureMode, type Sign, sign, undecided } from "../../diagnose/failure-mode";
import { isKnownToBe, placesOf } from "../../facts/fact";
import { complaints, placesOfFailures } from "../../facts/failure-facts";
import { alerts, byHand, habits, startDocker } from "../../remedy/steps";

type Params = { readonly onlyTyped: boolean; readonly program: "iptables" | "nft" };

export default failureMode<"iptables-binary-missing", Params>({
	id: "iptables-binary-missing",
	title: "There is no iptables program where dockerd looks for it",
	effect: "dockerd does not start",
	impact: "high",
	minutes: 5,
	explains: ["docker-chain-missing", "docker-filter-chain-missing"],

	headline: ({ program }) => `There is no ${program} program where dockerd looks for it`,

	detect(facts) {
		const gone = complaints(facts.failures, "program-missing").filter(
			({ complaint }) => complaint.program === "iptables" || complaint.program === "nft",
		);
		const dockers = gone.filter((one) => one.best.fromDockerd);
		if (dockers.length > 0) {
			const program = dockers.every(({ complaint }) => complaint.program === "nft") ? "nft" : "iptables";
			const signs: Sign[] = [sign(`dockerd found no \`${program}\` in its PATH`, placesOfFailures(dockers))];
			return { kind: "present", confidence: "certain", params: { onlyTyped: false, program }, signs };
		}
		const typed = gone.filter(({ complaint }) => complaint.program === "iptables");
		if (typed.length > 0 && !isKnownToBe(facts.docker.running, true)) {
			return {
				kind: "present",
				confidence: "possible",
				params: { onlyTyped: true, program: "iptables" },
				signs: [
					sign(
						"The shell found no `iptables`; a user’s PATH may lack /usr/sbin, dockerd’s has it",
						placesOfFailures(typed),
					),
				],
				ask: ["dockerd-log", "path-of-iptables"],
			};
		}
		if (facts.iptables.version.known) return absent("`iptables` is there", facts.iptables.version.at.slice(0, 1));
		if (facts.rules.nat.kind === "shown") return absent("`iptables` printed a table", facts.rules.nat.at);
		return facts.log.known
			? absent("dockerd found its `iptables`", placesOf(facts.log).slice(0, 1))
			: undecided("dockerd-log");
	},

	explain({ onlyTyped, program }) {
		if (program === "nft")
			return "With `firewall-backend` set to `nftables`, dockerd runs the program `nft` for its rules. It looked in its own PATH, not in yours, found none, and gave up before it made a single chain.";
		return onlyTyped
			? "The shell did not find `iptables`. Without it dockerd can’t start either, unless its own PATH differs."
			: "dockerd runs the program `iptables` for every rule. It looked in its own PATH, not in yours, found none, and gave up before it made a single chain.";
	},

	fix({ program }) {
		if (program === "nft")
			return {
				summary: "Install nftables, then start dockerd.",
				before: [
					{
						check: { kind: "program-present", program: "nft" },
						holds: false,
						otherwise: "`nft` is there: look at dockerd’s PATH with `systemctl show docker -p Environment`.",
					},
				],
				steps: [
					byHand(
						"dockerd’s nftables backend needs the program `nft`.",
						"Install the distribution’s package `nftables`; it is called so everywhere.",
						'Or take `"firewall-backend": "nftables"` out of daemon.json: then dockerd uses iptables again.',
					),
					...startDocker("dockerd looks for the program when it starts."),
				],
				after: [{ kind: "daemon-running" }],
				instead: habits("iptables-false", "reinstall-docker"),
				proveFromOutside: "Start a container with a published port and open it.",
			};
		return {
			summary: "Install iptables, then start dockerd.",
			before: [
				{
					check: { kind: "program-present", program: "iptables" },
					holds: false,
					otherwise: "`iptables` is there: look at dockerd’s PATH with `systemctl show docker -p Environment`.",
				},
			],
			steps: [
				{
					action: { kind: "install-package", what: "iptables" },
					why: "The distribution’s package holds the nft variant, which works on every current kernel.",
					risk: "low",
					interrupts: "nothing",
				},
				...startDocker("dockerd looks for the program when it starts."),
			],
			after: [{ kind: "program-present", program: "iptables" }, { kind: "daemon-running" }],
			instead: habits("iptables-false", "reinstall-docker"),
			proveFromOutside: "Start a container with a published port and open it.",
		};
	},

	prevent() {
		return {
			summary: "Keep the package from being removed.",
			before: [],
			steps: [
				byHand(
					"Docker’s packages depend on it; it goes missing in own images, beside a Docker from static binaries, and after forced removals.",
					"Install it by its name, so that no clean-up takes it for a leftover (`apt-mark manual iptables`).",
					"In images: install `iptables` beside dockerd and check `iptables --version` in the build.",
				),
			],
			after: [],
			keep: alerts("docker-down"),
			instead: [],
			proveFromOutside: null,
		};
	},
});
