import type { Heard } from "./complaint-rule";
import type { Activity, Complaint } from "./failure";
import type { Situation } from "./failure-weight";

/** What was being done when it failed, by the wrappings that each layer of Docker put around the message. */
export function activityOf(heard: Heard, complaint: Complaint, situation: Situation): Activity {
	const { lower, command } = heard;
	if (/booting up from persistent state|failed to reserve existing port mapping/.test(lower)) return "network-restore";
	if (
		/failed to start daemon|error starting daemon|error initializing network controller|creating default ['"]?bridge|unable to configure the docker daemon|supports xlock|register ['"]?bridge['"]? driver/.test(
			lower,
		)
	)
		return "daemon-start";
	if (complaint.kind === "config-invalid" || complaint.kind === "unit-invalid" || complaint.kind === "start-limit-hit")
		return "daemon-start";
	if (/failed to create endpoint/.test(lower)) return "endpoint-create";
	if (
		/programming external connectivity|cannot (?:re)?start|failed to set up container networking|\/containers\/[^ ]{1,80}\/(?:re)?start|failed to allocate and map port/.test(
			lower,
		)
	)
		return "container-start";
	if (
		/failed to setup ip tables|failed to program (?:nat|filter) chain|\/networks\/create|failed to create network|could not create network/.test(
			lower,
		) ||
		["pools-exhausted", "subnet-overlap", "bridge-conflict"].includes(complaint.kind)
	)
		return "network-create";
	if (
		/failed to create (?:nat|filter)|tables not found|find ip6?tables|enableiptable is disabled|docker-user/.test(lower)
	)
		return "daemon-start";
	const operation = command?.operation ?? null;
	if (situation.typed || !situation.fromDockerd) {
		if (operation === "-L" || operation === "-S") return "listing";
		if (["rules-file-refused", "rule-absent"].includes(complaint.kind) && !situation.typed) return "firewall-start";
	}
	if (
		operation === "-D" ||
		operation === "-F" ||
		operation === "-X" ||
		/unable to disable|failed to (?:remove|delete)|deleting nftables/.test(lower)
	)
		return "clean-up";
	if (
		situation.fromDockerd &&
		/^docker: |oci runtime|docker run|port-allocated|address-in-use/.test(`${lower} ${complaint.kind}`)
	)
		return "container-start";
	return "unknown";
}

// `on endpoint web (3f2a…)`, `Cannot restart container web: `, `bridge name br-1 while booting up`.
const SUBJECT =
	/(?:on endpoint|create endpoint|for endpoint|(?:re)?start container|(?:re)?start service) ['"]?([\w.<>-]{1,128})/i;
const NETWORK =
	/(?:bridge name|on network|creat(?:e|ing) network|creating default) ['"]?([\w.<>-]{1,64})['"]?(?: network|[ :]|$)/i;

/** Container, endpoint, service or network that the message names; null when it names none. */
export function subjectOf(heard: Heard): string | null {
	return (SUBJECT.exec(heard.plain) ?? NETWORK.exec(heard.plain))?.[1] ?? null;
}
