import type { HostFacts } from "../../facts/host-facts";
import type { Plan, Safeguard, Step } from "../../remedy/plan";
import { alerts, byHand, FIREWALL_UNITS, habits, setOption, startAfter } from "../../remedy/steps";
import type { Span } from "../../text/span";

type Culprit = {
	/** Sentence without a full stop. */
	readonly did: string;
	/** What keeps it from doing so again. */
	readonly cure: string;
	/** The same as steps and files, where it can be had so. */
	readonly steps?: readonly Step[];
	readonly keep?: readonly Safeguard[];
};

const NFTABLES_SERVICE =
	"nftables.service: take `flush ruleset` out of /etc/nftables.conf and declare only your own table there; its stop and restart flush everything too.";
const NETFILTER_PERSISTENT =
	"netfilter-persistent: remove Docker’s lines from /etc/iptables/rules.v4 and set `IPTABLES_RESTORE_NOFLUSH=yes` in /etc/default/netfilter-persistent.";
const FIREWALLD =
	"firewalld: let it start before dockerd, keep `FirewallBackend=nftables`, and remove direct rules; from firewalld 2.0 a reload then leaves Docker’s rules alone.";
const UFW =
	"ufw: set `MANAGE_BUILTINS=no` in /etc/default/ufw and take `*nat` blocks with `-F` out of /etc/ufw/before.rules and after.rules.";

const CULPRITS: ReadonlyMap<string, Culprit> = new Map([
	["firewalld-reloaded", { did: "A reload of firewalld flushed the nat table", cure: FIREWALLD }],
	["firewalld-started", { did: "firewalld flushed the nat table as it started", cure: FIREWALLD }],
	["firewalld-stopped", { did: "firewalld flushed the nat table as it stopped", cure: FIREWALLD }],
	[
		"nftables-service",
		{ did: "nftables.service flushed the nat table", cure: NFTABLES_SERVICE, keep: [{ kind: "own-nft-table" }] },
	],
	[
		"netfilter-persistent",
		{
			did: "netfilter-persistent restored a saved rule set over the nat table",
			cure: NETFILTER_PERSISTENT,
			steps: [setOption("netfilter-persistent-noflush", "A restore then adds its rules and leaves Docker’s alone.")],
			keep: [{ kind: "save-no-rules" }],
		},
	],
	[
		"ufw-reloaded",
		{
			did: "A reload of ufw flushed the nat table",
			cure: UFW,
			steps: [
				setOption(
					"ufw-manage-builtins-no",
					"ufw then leaves the chains of the kernel, and Docker’s jumps in them, alone.",
				),
			],
		},
	],
]);

/** `nft monitor` names the process, which no log does; the program is iptables even where a script runs it. */
const SEEN_DOING = /^(?:delete|destroy|flush) .{1,160} (by process \d{1,10}(?: \([^)]{1,40}\))?)$/;

const lastCulprit = (facts: HostFacts) =>
	facts.events.findLast((event) => SEEN_DOING.test(event.detail) || CULPRITS.has(event.kind)) ?? null;

/** Who flushed the table, as the logs tell it; null where they do not. */
export function culpritOf(facts: HostFacts): string | null {
	const event = lastCulprit(facts);
	if (!event) return null;
	const seen = SEEN_DOING.exec(event.detail)?.[1]?.replaceAll("`", "'");
	return seen ? `\`nft monitor\` saw it done ${seen}` : (CULPRITS.get(event.kind)?.did ?? null);
}

/** Where the logs tell it. */
export function culpritPlace(facts: HostFacts): Span | null {
	return lastCulprit(facts)?.at ?? null;
}

/** Keeps the flush from coming back: the culprit's own cure where it is known, otherwise the usual ones in turn. */
export function stopTheFlush(facts: HostFacts): Plan {
	const event = lastCulprit(facts);
	const culprit = event ? CULPRITS.get(event.kind) : undefined;
	const cure = culprit?.cure;
	return {
		summary: "Stop what flushes the nat table, or let dockerd start after it.",
		before: [],
		steps: [
			byHand(
				"The rules vanish again with the next flush.",
				...(cure
					? [cure]
					: [
							"Look for what ran when they went: `journalctl -u nftables -u netfilter-persistent -u firewalld -u ufw -n 50`, cron jobs, scripts with `iptables -t nat -F`.",
							NFTABLES_SERVICE,
							NETFILTER_PERSISTENT,
							UFW,
							FIREWALLD,
						]),
				"Your own rules for containers belong in `DOCKER-USER`, in the filter table.",
			),
			...(culprit?.steps ?? []),
			...startAfter(...FIREWALL_UNITS),
		],
		after: [],
		keep: [...(culprit?.keep ?? []), ...alerts("published-port")],
		instead: habits("flush-everything", "nft-flush-ruleset"),
		proveFromOutside: null,
	};
}
