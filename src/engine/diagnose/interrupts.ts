import { isKnownToBe } from "../facts/fact";
import type { HostFacts } from "../facts/host-facts";
import type { Interrupts, Plan } from "../remedy/plan";

const ORDER: readonly Interrupts[] = [
	"nothing",
	"docker-api",
	"one-container",
	"containers-unless-live-restore",
	"host",
];

/** The worst a plan interrupts. */
export function worstInterrupt(plan: Plan): Interrupts {
	return plan.steps.reduce<Interrupts>(
		(worst, step) => (ORDER.indexOf(step.interrupts) > ORDER.indexOf(worst) ? step.interrupts : worst),
		"nothing",
	);
}

/** What a person reads beside the headline, with what is known of live-restore. */
export function interruptsPhrase(plan: Plan, facts: HostFacts): string {
	const worst = worstInterrupt(plan);
	switch (worst) {
		case "nothing":
			return "interrupts nothing";
		case "docker-api":
			return "containers keep running";
		case "one-container":
			return "restarts one container";
		case "containers-unless-live-restore":
			if (isKnownToBe(facts.docker.liveRestore, true)) return "containers keep running (live-restore is on)";
			if (switchesLiveRestoreOn(plan, facts)) return "containers keep running: live-restore is switched on first";
			return isKnownToBe(facts.docker.liveRestore, false)
				? "restarts every container"
				: "restarts containers unless live-restore is on";
		case "host":
			return "reboots the host";
		default:
			return worst satisfies never;
	}
}

/** dockerd takes live-restore up without a restart, but refuses it in a swarm; snap's dockerd reads no such key (docs: Live restore). */
function switchesLiveRestoreOn(plan: Plan, facts: HostFacts): boolean {
	if (!plan.steps.some((step) => step.action.kind === "enable-live-restore")) return false;
	return (
		isKnownToBe(facts.docker.swarm, false) && !(facts.rootDir.known && facts.rootDir.value.startsWith("/var/snap/"))
	);
}
