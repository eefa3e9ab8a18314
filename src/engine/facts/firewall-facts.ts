import { known, unknown } from "./fact";
import type { HostFacts } from "./host-facts";
import { type Reading, readingsOf, whole } from "./reading";

/** What `ufw status` says. */
export function gatherUfw(readings: readonly Reading[]): HostFacts["ufw"] {
	for (const { parsed, artifact } of readingsOf(readings, "ufw-status")) {
		if (parsed.active)
			return known(
				{
					active: parsed.active.value,
					routed: parsed.defaults?.value.routed ?? null,
					rules: parsed.rules.map((rule) => rule.value),
				},
				whole(artifact),
			);
	}
	return unknown("firewalls");
}

/** What `firewall-cmd` says. */
export function gatherFirewalld(readings: readonly Reading[]): HostFacts["firewalld"] {
	for (const { parsed, artifact } of readingsOf(readings, "firewalld-state")) {
		if (parsed.running)
			return known(
				{ running: parsed.running.value, backend: parsed.backend?.value ?? null, zones: parsed.zones },
				whole(artifact),
			);
	}
	return unknown("firewalls");
}
