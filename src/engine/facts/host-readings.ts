/**
 * Which readings speak of the host itself. What was printed in a container or another network namespace, what a settings
 * file says, and what another machine printed looks the same and means something else: `docker exec web sysctl
 * net.ipv4.ip_forward`, `cat /etc/iptables/rules.v4`, a prompt of the router next to one of the Docker host.
 */
import type { Artifact, ArtifactKind } from "../text/evidence";
import type { Reading } from "./reading";

/** What each network namespace has of its own. */
const NAMESPACED: ReadonlySet<ArtifactKind> = new Set([
	"iptables-list",
	"iptables-save",
	"nft-ruleset",
	"sysctl",
	"ip-addr",
	"ip-route",
	"ip-rule",
	"nstat",
]);
const RULES: ReadonlySet<ArtifactKind> = new Set(["iptables-list", "iptables-save", "nft-ruleset"]);
const DOCKERS: ReadonlySet<ArtifactKind> = new Set(["docker-info", "docker-ps", "docker-inspect", "docker-error"]);

/** The readings of the Docker host, with those left out that only look like it. */
export function hostReadings(readings: readonly Reading[]): readonly Reading[] {
	const host = dockerHost(readings);
	return readings.filter(({ artifact }, index) => {
		if (whyNotOfHost(artifact, readings[index - 1]?.artifact) !== null) return false;
		const other = NAMESPACED.has(artifact.kind) ? shortName(artifact.host) : null;
		return host === null || other === null || other === host;
	});
}

/** Why an artifact says nothing of the host's present state, as a remark on it; null where it may. `before` stands above it. */
export function whyNotOfHost(artifact: Artifact, before: Artifact | undefined): string | null {
	if (artifact.kind === "daemon-json" && isProposal(artifact, before))
		return "Proposed in the text above it, not shown to be this host’s file";
	const command = artifact.command ?? "";
	if (NAMESPACED.has(artifact.kind) && (IN_CONTAINER.test(command) || CONTAINER_ID.test(artifact.host ?? "")))
		return isOnHostNetwork(command) ? null : "Printed in a container: these are its own, not the host’s";
	if (NAMESPACED.has(artifact.kind) && IN_NAMESPACE.test(command))
		return "Printed in another network namespace: these are its own, not the host’s";
	if (RULES.has(artifact.kind) && (READS_SETTINGS.test(command) || SETTINGS_FILE.test(artifact.name)))
		return "A file of rules, not what is loaded: the kernel may hold others";
	return null;
}

const IN_CONTAINER =
	/^(?:\S{0,40}\/)?(?:docker(?:-compose| compose| container)?|podman|nerdctl|kubectl|crictl) (?:-\S+ ){0,4}(?:exec|run)\s/;
/** The prompt of a shell in a container names it by its id. */
const CONTAINER_ID = /^[0-9a-f]{12}$/;
const IN_NAMESPACE = /^(?:ip netns exec\s|nsenter\s.{0,200}(?:--net=\/|-n\/|(?:-t|--target)[= ]?(?!1\b)\S))/;
const READS_SETTINGS =
	/^(?:cat|less|more|head|tail|grep|zcat|bat|vi|vim|nano|sed)\s.{0,200}\/etc\/(?:iptables|ufw|sysconfig|nftables|netfilter)\b/;
const SETTINGS_FILE = /(?:^|\/)(?:rules\.v[46]|(?:before6?|after6?|user6?)\.rules|nftables\.conf|ip6?tables\.rules)$/;

/** What introduces a file that somebody could write, in answers, articles and questions about them. */
const PROPOSES =
	/\b(?:you|one|we|i|they) (?:can|could|should|may|might|must|need to|have to|will need)\b|\bshould (?:i|we)\b|\b(?:suggest|recommend|propos|advi[cs])\w{0,6}\b|\b(?:workaround|solution|option \d|alternatively|instead|for example|example|e\.g\.|such as|don.?t|do not|never|avoid|something like|try(?:ing)? (?:to|adding|setting|putting|with|this))\b|^[\W\d_]{0,12}(?:then |next |now |please |just |simply |first |step \d{1,2}[:.)]? ){0,3}(?:set|add|put|create|write|edit|change|use|insert|paste|configure|disable|update)\b/i;
/** What says that it is there already, whatever else the line says. */
const OWNS =
	/\b(?:my|our|current(?:ly)?|existing|here(?:'s|’s| is| are)|contents? of|contains|looks like|reads)\b|\b(?:i|we)(?:'ve|’ve| have| had)? (?:already )?(?:set|added|put|use|used|have|had|tried|changed|edited|ran|run|wrote|created|configured)\b/i;

/** A daemon.json that no command printed and no file holds, under a line that only proposes it. */
function isProposal({ command, source }: Artifact, before: Artifact | undefined): boolean {
	if (command !== undefined || before?.kind !== "unrecognised" || before.source !== source) return false;
	const above = before.lines.findLast(({ text }) => /\S/.test(text))?.text.slice(0, 400) ?? "";
	return PROPOSES.test(above) && !OWNS.test(above);
}

/** `docker run --network host …`, and a container that shares the host's namespaces by `nsenter -t 1`. */
function isOnHostNetwork(command: string): boolean {
	return /\s--net(?:work)?[= ]host\b/.test(command) || /\bnsenter\s.{0,200}(?:-t|--target)[= ]?1\b/.test(command);
}

/** The one machine at whose prompts docker was asked; null where that is not known or several were. */
function dockerHost(readings: readonly Reading[]): string | null {
	const names = new Set(
		readings.flatMap(({ artifact }) => (DOCKERS.has(artifact.kind) ? (shortName(artifact.host) ?? []) : [])),
	);
	const [only] = names;
	return names.size === 1 && only !== undefined ? only : null;
}

/** `Docker01.example.org` as `docker01`: prompts show the short name, other programs the long one. */
function shortName(host: string | undefined): string | null {
	return host ? (host.toLowerCase().split(".", 1)[0] ?? null) : null;
}
