import type { Plan } from "../../remedy/plan";
import { habits, rebuildRules } from "../../remedy/steps";
import { containerName } from "../../remedy/validate";

/** More restarts than this interrupt as much as a restart of dockerd, which live-restore softens. */
const FEW = 5;

/**
 * Chain and jumps stand and only the rules of ports are gone: a start of the container writes its rule again (tried on
 * dockerd 20.10, 26.1 and 28.5 after `iptables -t nat -F DOCKER`). dockerd is restarted only if that was not enough.
 */
export function rewritePorts(names: readonly string[]): Plan {
	const containers = names.flatMap((name) => containerName(name) ?? []);
	const single = containers.length === names.length && names.length > 0 && names.length <= FEW;
	const [reload, ...rest] = rebuildRules("dockerd writes the rule of every published port when it starts.");
	return {
		summary: single ? "Restart the containers whose rules are gone." : "Let dockerd write its rules again.",
		before: [
			{
				check: { kind: "daemon-running" },
				holds: true,
				otherwise: "dockerd is not running: its start is what fails, see its log.",
			},
		],
		steps: [
			...(reload ? [reload] : []),
			...(single
				? containers.map((container) => ({
						action: { kind: "restart-container" as const, container },
						why: "The chain is there, so the start of the container succeeds and writes the rule of its port.",
						risk: "low" as const,
						interrupts: "one-container" as const,
						unlessRepaired: true,
					}))
				: []),
			...rest,
		],
		after: [{ kind: "docker-chains-whole", table: "nat" }, { kind: "daemon-running" }],
		instead: habits("reload-docker", "flush-everything", "iptables-false"),
		proveFromOutside:
			"Open the published port. `curl localhost` on the host proves nothing: docker-proxy answers there without any rule.",
	};
}
