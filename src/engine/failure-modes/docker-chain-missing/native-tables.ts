import { type Sign, sign } from "../../diagnose/failure-mode";
import type { Expectation } from "../../facts/docker-rules";
import { listWords, publishing } from "../../facts/engine-state";
import { isKnownToBe } from "../../facts/fact";
import type { HostFacts } from "../../facts/host-facts";
import type { Plan } from "../../remedy/plan";
import { habits, restartDocker } from "../../remedy/steps";

/** What Docker's nftables backend lost, of a dockerd that runs and uses it; null where nothing is missing or it was not shown. */
export function nativeLoss(facts: HostFacts): readonly Expectation[] | null {
	const { rules, docker } = facts;
	if (!isKnownToBe(docker.firewallBackend, "nftables") || isKnownToBe(docker.running, false)) return null;
	// Without a running container nothing is lost yet, and a paste of the tables alone may come from another time.
	if (publishing(facts).length === 0) return null;
	const gone = rules.native?.filter((one) => one.state === "missing") ?? [];
	return gone.length > 0 ? gone : null;
}

/** What the listing lacks, at most three signs. */
export function nativeSigns(gone: readonly Expectation[]): readonly Sign[] {
	return gone.slice(0, 3).map((one) => sign(`Table \`ip docker-bridges\` lacks ${one.what}`, one.at.slice(0, 1)));
}

/** Sentences about the loss. */
export function explainNativeLoss(gone: readonly Expectation[]): string {
	const words = gone.map((one) => one.what);
	const shown = words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more`] : words;
	return `Docker’s nftables backend keeps its rules in the tables \`docker-bridges\`, and that of IPv4 lacks ${listWords(shown)}. Something flushed the ruleset after dockerd had made it (\`nft flush ruleset\`, a reload of nftables.service). dockerd does not notice and logs nothing: a container that starts later brings back only the chains it touches, without the base chains that lead to them. docker-proxy may still answer, so a port can look alive.`;
}

/** A start of dockerd makes the tables whole again; nothing less does. */
export function remakeNativeTables(): Plan {
	return {
		summary: "Let dockerd make its tables again.",
		before: [
			{
				check: { kind: "daemon-running" },
				holds: true,
				otherwise: "dockerd is not running: its start is what fails, see its log.",
			},
		],
		steps: [
			{
				action: { kind: "enable-live-restore" },
				why: "With live-restore the containers keep running while dockerd restarts.",
				risk: "low",
				interrupts: "nothing",
			},
			...restartDocker("Only the start of dockerd makes both tables with all their base chains and maps."),
		],
		after: [{ kind: "daemon-running" }],
		instead: habits("restart-container-unreached", "reload-docker", "flush-everything", "iptables-false"),
		proveFromOutside:
			"Open the published port. `curl localhost` on the host proves nothing: docker-proxy answers there without any rule.",
	};
}
